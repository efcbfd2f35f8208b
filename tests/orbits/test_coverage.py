"""Satellites in sight, against counts of propagated satellites and conservation of area."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacex.orbits.coverage import cap_radius_rad, in_sight
from spacex.orbits.earth import earth_fixed_km
from spacex.orbits.place import Place
from spacex.orbits.propagation import propagate
from tests.orbits.fleets import EPOCH, shell

FLEET = shell(planes=36, each=20)
MODEL_ERROR = 0.03
"""Error of a spherical vertical and circular orbits."""


def fleet_positions(instants=40):
    """Return Earth-fixed positions of the fleet over a revolution; shape (720, 40, 3)."""
    when = EPOCH + np.arange(instants) * np.timedelta64(143, "s")
    return earth_fixed_km(propagate(FLEET, when).position_km, when)


@pytest.mark.parametrize("latitude", [0.0, 30.0, 48.0, 55.0])
@pytest.mark.parametrize("min_elevation", [10.0, 25.0])
def test_in_sight_matches_propagated_satellites(latitude, min_elevation):
    positions = fleet_positions()
    places = [Place(latitude, longitude) for longitude in range(-180, 180, 15)]
    counts = [(place.look(positions).elevation_deg >= min_elevation).sum() / 40 for place in places]
    found = in_sight(
        np.array([latitude]), np.array([53.05]), np.array([547.0]), np.array([720]), min_elevation
    )
    assert found == pytest.approx([np.mean(counts)], rel=MODEL_ERROR)


@given(st.floats(0, 90), st.floats(300, 2000), st.floats(0, 80))
def test_mean_over_the_earth_is_the_area_of_the_cap(inclination, altitude, elevation):
    latitude = np.linspace(-89.5, 89.5, 180)
    seen = in_sight(
        latitude, np.array([inclination]), np.array([altitude]), np.array([1]), elevation
    )
    area = np.cos(np.radians(latitude))
    cap = (1 - np.cos(cap_radius_rad(altitude, elevation))) / 2
    assert (seen * area).sum() / area.sum() == pytest.approx(cap, rel=0.1, abs=1e-3)


def test_shells_add_up():
    latitude = np.array([0.0, 45.0])
    one = in_sight(latitude, np.array([53.0]), np.array([550.0]), np.array([100]))
    other = in_sight(latitude, np.array([70.0]), np.array([570.0]), np.array([50]))
    both = in_sight(latitude, np.array([53.0, 70.0]), np.array([550.0, 570.0]), np.array([100, 50]))
    assert both == pytest.approx(one + other)


def test_none_in_sight_out_of_reach():
    far = in_sight(
        np.array([-80.0, 80.0, 90.0]), np.array([43.0]), np.array([559.0]), np.array([9])
    )
    assert far.tolist() == [0, 0, 0]


def test_cap_radius_of_the_horizon():
    # From 550 km the horizon is 2,705 km away along the ground, a well-known 23 deg.
    assert np.degrees(cap_radius_rad(550.0, 0)) == pytest.approx(22.99, abs=0.01)
    assert cap_radius_rad(550.0, 90) == pytest.approx(0, abs=1e-12)
