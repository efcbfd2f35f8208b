"""Satellites in sight, against counts of propagated satellites and conservation of area."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from spacex.orbits.coverage import cap_radius_rad, in_sight
from spacex.orbits.earth import earth_fixed_km, on_earth_km
from spacex.orbits.place import Place
from spacex.orbits.propagation import propagate
from tests.orbits.fleets import EPOCH, shell

Array = NDArray[np.float64]

FLEET = shell(planes=36, each=20)
MODEL_ERROR = 0.03
"""Error of circular orbits of the mean altitude, and of the few places and instants."""


@cache
def fleet_positions() -> Array:
    """Return Earth-fixed positions of the fleet over a revolution; shape (720, 40, 3)."""
    when = EPOCH + np.arange(40) * np.timedelta64(143, "s")
    return earth_fixed_km(propagate(FLEET, when).position_km, when)


def in_sight_of(latitude: ArrayLike, *shells: ArrayLike, min_elevation_deg: float = 25.0) -> Array:
    """Call `in_sight` with numbers or lists in place of arrays."""
    return in_sight(*map(np.atleast_1d, (latitude, *shells)), min_elevation_deg)


@pytest.mark.parametrize("latitude", [0.0, 30.0, 48.0, 55.0])
@pytest.mark.parametrize("min_elevation", [10.0, 25.0])
def test_in_sight_matches_propagated_satellites(latitude, min_elevation):
    positions = fleet_positions()
    places = [Place(latitude, longitude) for longitude in range(-180, 180, 15)]
    counts = [(place.look(positions).elevation_deg >= min_elevation).sum() / 40 for place in places]
    found = in_sight_of(latitude, 53.05, 547.0, 720, min_elevation_deg=min_elevation)
    assert found == pytest.approx([np.mean(counts)], rel=MODEL_ERROR)


@pytest.mark.parametrize("latitude", [-58.0, 0.0, 35.0, 53.0])
@pytest.mark.parametrize("inclination", [43.0, 97.6])
def test_in_sight_matches_satellites_drawn_at_random(latitude, inclination):
    """A Monte-Carlo of circular orbits, with the vertical of the ellipsoid: within 2 %."""
    random, number, altitude = np.random.default_rng(21), 1_000_000, 550.0
    u, longitude = random.uniform(0, 2 * np.pi, (2, number))
    y = np.arcsin(np.sin(np.radians(inclination)) * np.sin(u))
    flat = np.cos(y)
    unit = np.stack((flat * np.cos(longitude), flat * np.sin(longitude), np.sin(y)), axis=1)
    look = Place(latitude, 0.0).look(unit * (6378.137 + altitude))
    share = (look.elevation_deg >= 25).mean()
    error = np.sqrt(share / number)
    found = in_sight_of(latitude, inclination, altitude, 1)[0]
    assert found == pytest.approx(share, rel=0.02, abs=3 * error)


@given(st.floats(0, 90), st.floats(300, 2000), st.floats(0, 80))
def test_mean_over_the_earth_is_the_area_of_the_cap(inclination, altitude, elevation):
    latitude = np.linspace(-89.5, 89.5, 180)
    seen = in_sight_of(latitude, inclination, altitude, 1, min_elevation_deg=elevation)
    area = np.cos(np.radians(latitude))
    cap = (1 - np.cos(cap_radius_rad(altitude, elevation))) / 2
    assert (seen * area).sum() / area.sum() == pytest.approx(cap, rel=0.1, abs=1e-3)


def test_shells_add_up():
    latitude = [0.0, 45.0]
    apart = in_sight_of(latitude, 53.0, 550.0, 100) + in_sight_of(latitude, 70.0, 570.0, 50)
    both = in_sight_of(latitude, [53.0, 70.0], [550.0, 570.0], [100, 50])
    assert both == pytest.approx(apart)


def test_none_in_sight_out_of_reach():
    assert in_sight_of([-80.0, 80.0, 90.0], 43.0, 559.0, 9).tolist() == [0, 0, 0]


def test_reach_ends_where_the_cap_of_the_northernmost_satellite_ends():
    latitude = np.arange(70, 72, 0.01)
    ground = on_earth_km(latitude, 0.0)
    cap = cap_radius_rad(550.0, 25, np.linalg.norm(ground, axis=-1))
    geocentric = np.arctan2(ground[:, 2], np.hypot(ground[:, 0], ground[:, 1]))
    reached = geocentric < np.radians(62.8) + cap
    assert 0 < reached.sum() < len(latitude)
    seen = in_sight_of(latitude, 62.8, 550.0, 1) > 0
    assert abs(seen.sum() - reached.sum()) <= 3  # 0.03°: the cap is that of a sphere


def test_cap_radius_of_the_horizon():
    # From 550 km the horizon is 2,705 km away along the ground, a well-known 23 deg.
    assert np.degrees(cap_radius_rad(550.0, 0)) == pytest.approx(22.99, abs=0.01)
    assert cap_radius_rad(550.0, 90) == pytest.approx(0, abs=1e-12)
