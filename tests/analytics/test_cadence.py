"""Exact Poisson intervals, against the tables of Garwood (1936) and Pearson and Hartley."""

import pytest

from spacex.analytics.cadence import launch_rate, rate
from spacex.errors import SettingsError

TABLE = {
    0: (0, 3.689),
    1: (0.0253, 5.572),
    5: (1.623, 11.668),
    10: (4.795, 18.390),
    100: (81.36, 121.63),
}


@pytest.mark.parametrize(("count", "ends"), TABLE.items())
def test_the_interval_is_that_of_the_tables(count, ends):
    found = rate(count, 1)
    assert (found.low_per_year, found.high_per_year) == pytest.approx(ends, abs=6e-3)


def test_a_rate_is_events_over_time():
    found = rate(50, 0.5)
    assert found.per_year == 100
    assert found.low_per_year < 100 < found.high_per_year


def test_more_confidence_is_a_wider_interval():
    narrow, wide = rate(10, 1, 0.9), rate(10, 1, 0.99)
    assert wide.low_per_year < narrow.low_per_year < narrow.high_per_year < wide.high_per_year


@pytest.mark.parametrize(("count", "years"), [(-1, 1), (1, 0), (1, -1)])
def test_no_period_no_rate(count, years):
    with pytest.raises(SettingsError):
        rate(count, years)


def test_the_launches_of_a_year_are_those_known(recorded_settings):
    """SpaceX launched 31 times in 2021, by every account."""
    found = launch_rate(recorded_settings.database, "2021-01-01T00:00:00Z", "2022-01-01T00:00:00Z")
    assert found.count == 31
    assert found.per_year == pytest.approx(31.0, abs=0.03)
