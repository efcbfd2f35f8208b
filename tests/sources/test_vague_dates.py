"""Vague dates: what is known of a date, and nothing more."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacex.sources.vague_dates import PRECISIONS, VagueDate, vague_date

DATES = {
    "2020s": (datetime(2020, 1, 1, tzinfo=UTC), "decade"),
    "2022": (datetime(2022, 1, 1, tzinfo=UTC), "year"),
    "2022 Q3": (datetime(2022, 7, 1, tzinfo=UTC), "quarter"),
    "2022 Feb": (datetime(2022, 2, 1, tzinfo=UTC), "month"),
    "2022 Feb  5": (datetime(2022, 2, 5, tzinfo=UTC), "day"),
    "2022 Feb 15": (datetime(2022, 2, 15, tzinfo=UTC), "day"),
    "2022 Feb  5 18h": (datetime(2022, 2, 5, 18, tzinfo=UTC), "hour"),
    "2022 Feb  5 1822": (datetime(2022, 2, 5, 18, 22, tzinfo=UTC), "minute"),
    "2025 Nov 28 2104:26": (datetime(2025, 11, 28, 21, 4, 26, tzinfo=UTC), "second"),
    "2025 Nov 28 2104:26.31": (datetime(2025, 11, 28, 21, 4, 26, tzinfo=UTC), "second"),
}


@pytest.mark.parametrize("mark", ["", "?"])
@pytest.mark.parametrize("text", DATES)
def test_a_date_has_its_precision(text, mark):
    assert vague_date(text + mark) == VagueDate(*DATES[text], is_uncertain=mark == "?")


@pytest.mark.parametrize("text", ["", "-", "soon", "2022 Fev", "2022 Feb 30", "2022-02-05", "202"])
def test_other_texts_are_errors(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the mapping adds the message
        vague_date(text)


INSTANTS = st.datetimes(
    datetime.fromisoformat("1957-01-01"),
    datetime.fromisoformat("2099-12-31"),
    timezones=st.just(UTC),
)


@given(INSTANTS, st.sampled_from(PRECISIONS[3:]))
def test_a_formatted_date_is_read_again(instant, precision):
    month = f"{instant:%Y %b}"
    day = f"{month} {instant.day:2d}"
    forms = {
        "month": (month, instant.replace(day=1, hour=0, minute=0, second=0)),
        "day": (day, instant.replace(hour=0, minute=0, second=0)),
        "hour": (f"{day} {instant:%H}h", instant.replace(minute=0, second=0)),
        "minute": (f"{day} {instant:%H%M}", instant.replace(second=0)),
        "second": (f"{day} {instant:%H%M:%S}", instant),
    }
    text, start = forms[precision]
    assert vague_date(text) == VagueDate(
        start.replace(microsecond=0), precision, is_uncertain=False
    )
