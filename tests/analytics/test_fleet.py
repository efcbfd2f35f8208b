"""Raising, decay, occupancy and renewal on fleets whose figures follow from how they are made."""

import math

import numpy as np
import pandas as pd
import pytest

from spacex.analytics.decay import rates as decay_rates
from spacex.analytics.occupancy import occupancy
from spacex.analytics.raising import climb_rate_km_per_day
from spacex.analytics.renewal import rates as renewal_rates
from tests.orbits.fleets import element_sets, joined, mean_motion, shell


def test_a_launch_that_climbs_evenly_climbs_at_that_rate():
    days = np.arange(0.0, 100, 5)
    altitude = np.minimum(300 + 4.5 * days, 550)
    assert climb_rate_km_per_day(days, altitude) == pytest.approx(4.5)


@pytest.mark.parametrize(
    "altitude", [[], [550.0], [300.0, 550.0], [550.0, 550.0, 549.0], [500.0, 400.0, 300.0]]
)
def test_what_is_not_seen_to_climb_has_no_rate(altitude):
    days = np.arange(float(len(altitude)))
    assert math.isnan(climb_rate_km_per_day(days, np.array(altitude)))


def test_the_rate_of_decay_is_the_derivative_of_keplers_law():
    """Two mean motions a day apart, and the altitudes they have."""
    n, change = 15.5, 0.002
    fleet = element_sets(mean_motion_rev_per_day=n, mean_motion_dot=change / 2)
    found = decay_rates(fleet, pd.Series(["2020-11-07"])).iloc[0]

    def axis(motion):
        return (398600.4418 / (motion * 2 * math.pi / 86400) ** 2) ** (1 / 3)

    assert found["rate_km_per_day"] == pytest.approx(axis(n + change / 2) - axis(n - change / 2))
    assert found["rate_km_per_day"] < 0
    assert found["age_days"] == 730


def test_an_unknown_launch_has_no_age():
    found = decay_rates(element_sets(), pd.Series([None], dtype="str"))
    assert found["age_days"].isna().all()


def test_planes_are_counted_with_their_satellites():
    full = shell(planes=72, each=22)
    thin = full.select(~np.isin(full.norad_cat_id, 50_001 + np.arange(11)))  # half of one plane
    other = shell(planes=36, each=20, altitude_km=570, inclination_deg=70.0)
    found = occupancy(joined(thin, other))
    assert found["satellites"].tolist() == [72 * 22 - 11, 720]
    assert found["planes"].tolist() == found["occupied_planes"].tolist() == [72, 36]
    assert found[["fewest", "most"]].to_numpy().tolist() == [[11, 22], [20, 20]]
    assert found["mean_fill"].tolist() == pytest.approx([(71 + 0.5) / 72, 1])


def test_a_fleet_in_no_shell_has_no_planes():
    lone = element_sets(mean_motion_rev_per_day=mean_motion(np.array([300.0, 700.0])))
    assert occupancy(lone).empty


def test_renewal_is_a_share_of_the_fleet_in_a_year():
    year = ("2025-01-01T00:00:00Z", "2026-01-01T06:00:00Z")  # 365.25 days
    found = renewal_rates(year, (900, 1100), (300, 100))
    assert (found.mean_fleet, found.came_per_year, found.went_per_year) == (1000, 0.3, 0.1)
