from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sgp4.api import jday

from spacex.errors import SettingsError
from spacex.orbits.instants import (
    after,
    bounds,
    days_since_j2000,
    instant,
    instants,
    julian_date,
    seconds,
    seconds_since,
    span,
)

MIDNIGHT = np.datetime64("2022-11-07T00:00:00", "us")
MICROSECOND_DAYS = 1e-6 / 86400


@pytest.mark.parametrize(
    "when",
    [
        "2022-11-07",
        "2022-11-07T00:00:00Z",
        "2022-11-06T19:00:00-05:00",
        datetime(2022, 11, 7),  # noqa: DTZ001 - a naive one is UTC
        datetime(2022, 11, 7, tzinfo=UTC),
        datetime(2022, 11, 7, 2, tzinfo=timezone(timedelta(hours=2))),
        np.datetime64("2022-11-07"),
        np.array(["2022-11-07"], "datetime64[ns]"),
    ],
)
def test_instant_formats(when):
    assert instants(when).tolist() == [MIDNIGHT.item()]
    assert instant(when) == MIDNIGHT


TEXTS = ["soon", "2022-13-01", ""]
MISSING = [np.datetime64("NaT"), np.array([], "datetime64[us]"), np.array([MIDNIGHT, "NaT"])]


@pytest.mark.parametrize(
    ("when", "message"),
    [
        *((text, r"is not an instant\. Write it as 2022") for text in TEXTS),
        *((missing, "An instant is missing") for missing in MISSING),
        (np.array([MIDNIGHT, MIDNIGHT]), "2 instants were given"),
    ],
)
def test_invalid_instant_raises(when, message):
    with pytest.raises(SettingsError, match=message):
        instant(when)


@pytest.mark.parametrize("end", ["2022-11-07", "2022-11-06"])
def test_backward_span_raises(end):
    with pytest.raises(SettingsError, match=r"is not after the start .* Give a later end"):
        bounds("2022-11-07", end)
    with pytest.raises(SettingsError, match="is not after the start"):
        span("2022-11-07", end, 60)


@pytest.mark.parametrize("step_s", [0, -1, float("nan")])
def test_non_positive_step_raises(step_s):
    with pytest.raises(SettingsError, match="The step is"):
        span("2022-11-07", "2022-11-08", step_s)


@given(st.integers(1, 10_000), st.integers(1, 1000))
def test_span_has_both_ends_and_regular_steps(length_s, step_s):
    when = seconds_since(MIDNIGHT, span(MIDNIGHT, MIDNIGHT + seconds(length_s), step_s))
    assert (when[0], when[-1]) == (0, length_s)
    assert set(np.diff(when)[:-1]) <= {step_s}
    assert 0 < np.diff(when)[-1] <= step_s


@given(st.integers(-(10**15), 10**15))
def test_seconds_have_microsecond_resolution(elapsed_us):
    when = MIDNIGHT + np.timedelta64(elapsed_us, "us")
    assert after(MIDNIGHT, seconds_since(MIDNIGHT, np.array([when])))[0] == when


def test_after_nan_is_nat():
    assert np.isnat(after(MIDNIGHT, np.array([np.nan]))).tolist() == [True]


@given(st.datetimes(datetime(1957, 10, 4), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_julian_dates_match_the_calendar(moment):
    day, fraction = julian_date(instants(moment))
    at = moment.second + moment.microsecond / 1e6
    expected = sum(jday(moment.year, moment.month, moment.day, moment.hour, moment.minute, at))
    assert 0 <= fraction[0] < 1
    assert day[0] + fraction[0] == pytest.approx(expected, abs=1000 * MICROSECOND_DAYS)


def test_days_since_j2000_start_at_noon():
    assert days_since_j2000(instants("2000-01-01T12:00:00Z")).tolist() == [0]
    assert days_since_j2000(instants("2000-01-03T00:00:00Z")).tolist() == [1.5]
