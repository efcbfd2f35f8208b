from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacex.units import utc_instant, utc_now, utc_text

KWAJALEIN = timezone(timedelta(hours=12))
SPUTNIK = datetime(1957, 10, 4, tzinfo=UTC)
OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.builds(
    lambda microseconds, zone: (SPUTNIK + timedelta(microseconds=microseconds)).astimezone(zone),
    st.integers(0, 200 * 365 * 86_400_000_000),
    OFFSETS,
)


@given(INSTANTS)
def test_instant_survives_a_round_trip(instant: datetime) -> None:
    assert utc_instant(utc_text(instant, "microseconds")) == instant


@pytest.mark.parametrize(
    ("instant", "timespec", "text"),
    [
        (datetime(2020, 1, 19, 15, 30, 0, 999_999, UTC), "seconds", "2020-01-19T15:30:00Z"),
        (datetime(2020, 1, 19, 15, 30, tzinfo=UTC), "microseconds", "2020-01-19T15:30:00.000000Z"),
        (datetime(2006, 3, 25, 10, 30, tzinfo=KWAJALEIN), "seconds", "2006-03-24T22:30:00Z"),
    ],
)
def test_instant_is_formatted_in_utc(instant: datetime, timespec: str, text: str) -> None:
    assert utc_text(instant, timespec) == text


@pytest.mark.parametrize("text", ["", "yesterday", "2020-13-01", "2020-02-30T00:00:00Z"])
def test_invalid_text_raises_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"Invalid isoformat|month|day"):
        utc_instant(text)


def test_now_is_in_utc() -> None:
    assert utc_now().utcoffset() == timedelta(0)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-10:00"])
def test_an_instant_that_utc_cannot_hold_is_invalid(text):
    with pytest.raises(ValueError, match="out of range in UTC"):
        utc_instant(text)
