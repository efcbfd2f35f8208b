"""Derived elements against Space-Track, real satellites and textbooks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacex.orbits import elements
from spacex.units import EARTH_RADIUS_KM
from tests.orbits.fleets import mean_motion

SPACE_TRACK_RADIUS_KM = 6378.135
PRINTED_KM = 0.001
PRINTED_MIN = 0.001

SECOND_ORDER_DEG_PER_DAY = 0.02
"""Contribution of J2 squared and J4 to the nodal precession in low orbit."""


def test_derived_elements_match_space_track(published):
    axis = elements.semi_major_axis_km(published["mean_motion_rev_per_day"].to_numpy())
    eccentricity = published["eccentricity"].to_numpy()
    over = EARTH_RADIUS_KM - SPACE_TRACK_RADIUS_KM
    perigee = elements.perigee_altitude_km(axis, eccentricity) + over
    apogee = elements.apogee_altitude_km(axis, eccentricity) + over
    period = elements.period_min(published["mean_motion_rev_per_day"].to_numpy())
    assert len(published) == 1791
    assert np.abs(axis - published["SEMIMAJOR_AXIS"]).max() <= PRINTED_KM
    assert np.abs(perigee - published["PERIAPSIS"]).max() <= PRINTED_KM
    assert np.abs(apogee - published["APOAPSIS"]).max() <= PRINTED_KM
    assert np.abs(period - published["PERIOD"]).max() <= PRINTED_MIN


def test_nodal_precession_matches_a_week_of_real_satellites(celestrak):
    before, after = celestrak("2025-05-18"), celestrak("2025-05-25")
    _, first, second = np.intersect1d(before.norad_cat_id, after.norad_cat_id, return_indices=True)
    before, after = before.select(first), after.select(second)
    days = (after.epoch_utc - before.epoch_utc) / np.timedelta64(1, "D")
    is_steady = np.abs(after.semi_major_axis_km - before.semi_major_axis_km) < 0.1
    shape = before.semi_major_axis_km, before.eccentricity, before.inclination_deg
    rate = elements.raan_rate_deg_per_day(*shape)
    expected = elements.raan_at_deg(before.raan_deg, before.epoch_utc, after.epoch_utc, rate)
    off = (after.raan_deg - expected + 180) % 360 - 180
    seen = is_steady & (days > 5)
    assert np.count_nonzero(seen) > 5000
    assert np.abs(np.median(off[seen] / days[seen])) < SECOND_ORDER_DEG_PER_DAY
    assert np.percentile(np.abs(off[seen] / days[seen]), 99) < SECOND_ORDER_DEG_PER_DAY


def test_node_of_the_first_shell_precesses_by_4_49_deg_per_day():
    axis = elements.semi_major_axis_km(mean_motion(547.2))
    assert elements.raan_rate_deg_per_day(axis, 0.00015, 53.05) == pytest.approx(-4.49, abs=0.005)


def test_sun_synchronous_orbit_follows_the_sun():
    # Vallado, chapter 11: at 800 km a circular orbit is sun-synchronous at 98.6 deg.
    rate = elements.raan_rate_deg_per_day(EARTH_RADIUS_KM + 800, 0, 98.6)
    assert rate == pytest.approx(360 / 365.2421897, abs=0.001)


@pytest.mark.parametrize("inclination", [63.4349, 116.5651])
def test_perigee_is_fixed_at_the_critical_inclination(inclination):
    rate = elements.arg_of_pericenter_rate_deg_per_day(26554.0, 0.72, inclination)
    assert rate == pytest.approx(0, abs=1e-5)


def test_apsidal_rotation_of_an_equatorial_orbit():
    # (3/4) J2 (RE/p)^2 n (5 cos^2 i - 1) by hand, at the equator: four times (3/4) J2 n.
    rate = elements.arg_of_pericenter_rate_deg_per_day(EARTH_RADIUS_KM, 0, 0)
    assert rate == pytest.approx(3 * 1.08262668e-3 * 360 * mean_motion(0), rel=1e-9)


@given(st.floats(11, 16.5), st.floats(-0.01, 0.01))
def test_altitude_falls_as_mean_motion_grows(motion, dot):
    step_days = 1e-3
    moved = elements.semi_major_axis_km(motion + 2 * dot * step_days)
    slope = (moved - elements.semi_major_axis_km(motion)) / step_days
    rate = elements.altitude_rate_km_per_day(motion, dot)
    assert rate == pytest.approx(slope, rel=1e-4, abs=1e-6)


@given(st.floats(0, 360), st.floats(-10, 10), st.integers(-10_000, 10_000))
def test_precession_is_reversible(raan, rate, hours):
    epoch = np.array(["2022-11-07"], "datetime64[us]")
    later = epoch + np.timedelta64(hours, "h")
    moved = elements.raan_at_deg(np.array([raan]), epoch, later, rate)
    back = elements.raan_at_deg(moved, later, epoch, rate)
    assert 0 <= moved[0] <= 360
    assert abs((back[0] - raan + 180) % 360 - 180) < 1e-6
