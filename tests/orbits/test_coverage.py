"""Against counts of propagated satellites, and by what has to be conserved."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacex.errors import SettingsError
from spacex.orbits.coverage import (
    cap_radius_rad,
    in_sight,
    satellites_by_latitude,
    share_of_time,
)
from spacex.orbits.earth import earth_fixed_km, geodetic
from spacex.orbits.place import Place
from spacex.orbits.propagation import propagate
from tests.orbits.fleets import EPOCH, shell

POLE_TO_POLE = np.arange(-90.0, 91.0, 10.0)
FLEET = shell(planes=36, each=20)
SKETCH_SHARE = 0.03
"""The vertical of a sphere, and circles of the mean altitude."""


def over_the_earth(instants=40):
    """The fleet at many instants of a revolution, Earth-fixed; shape (720, 40, 3)."""
    when = EPOCH + np.arange(instants) * np.timedelta64(143, "s")
    return earth_fixed_km(propagate(FLEET, when).position_km, when)


def test_shares_are_those_of_propagated_satellites():
    latitude = geodetic(over_the_earth()).latitude_deg
    counted = np.histogram(latitude, POLE_TO_POLE)[0] / latitude.size
    assert share_of_time(53.05, POLE_TO_POLE)[0] == pytest.approx(counted, abs=0.002)


def test_an_orbit_is_most_of_its_time_near_its_highest_latitudes():
    share = share_of_time(53.0, POLE_TO_POLE)[0]
    assert (share[[0, 1, 2, 15, 16, 17]] == 0).all()
    assert (np.diff(share[9:14]) > 0).all()
    assert share[14] > share[12]  # though it is reached to 53 deg alone


@given(st.lists(st.floats(0, 180), min_size=1, max_size=5))
def test_all_time_is_spent_somewhere(inclination):
    share = share_of_time(np.array(inclination), POLE_TO_POLE)
    assert share.shape == (len(inclination), 18)
    assert share.sum(axis=1) == pytest.approx(1)
    assert (share >= 0).all()
    assert share == pytest.approx(share[:, ::-1], abs=1e-9)


@given(st.floats(0, 180))
def test_a_retrograde_orbit_covers_what_its_mirror_does(inclination):
    mirrored = share_of_time(180 - inclination, POLE_TO_POLE)
    assert share_of_time(inclination, POLE_TO_POLE) == pytest.approx(mirrored, abs=1e-6)


def test_a_polar_orbit_crosses_all_latitudes_evenly():
    assert share_of_time(90.0, POLE_TO_POLE)[0] == pytest.approx(1 / 18, rel=0.01)


def test_an_equatorial_orbit_is_over_the_equator():
    assert share_of_time(0.0, np.array([-90.0, -1.0, 1.0, 90.0])).tolist() == [[0, 1, 0]]


def test_satellites_are_counted_over_each_band():
    inclination = np.array([53.0] * 100 + [97.6] * 10)
    counted = satellites_by_latitude(inclination, POLE_TO_POLE)
    assert counted.sum() == pytest.approx(110)
    assert counted[0] == pytest.approx(10 * share_of_time(97.6, POLE_TO_POLE)[0, 0])


@pytest.mark.parametrize("latitude", [0.0, 30.0, 48.0, 55.0])
@pytest.mark.parametrize("min_elevation", [10.0, 25.0])
def test_satellites_in_sight_are_those_that_are_propagated(latitude, min_elevation):
    positions = over_the_earth()
    places = [Place(latitude, longitude) for longitude in range(-180, 180, 15)]
    counts = [(place.look(positions).elevation_deg >= min_elevation).sum() / 40 for place in places]
    found = in_sight(
        np.array([latitude]), np.array([53.05]), np.array([547.0]), np.array([720]), min_elevation
    )
    assert found == pytest.approx([np.mean(counts)], rel=SKETCH_SHARE)


@given(st.floats(0, 90), st.floats(300, 2000), st.floats(0, 80))
def test_over_all_places_each_satellite_is_in_sight_of_its_cap(inclination, altitude, elevation):
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


def test_beyond_the_reach_of_a_shell_none_is_in_sight():
    far = in_sight(
        np.array([-80.0, 80.0, 90.0]), np.array([43.0]), np.array([559.0]), np.array([9])
    )
    assert far.tolist() == [0, 0, 0]


def test_the_cap_is_that_of_the_horizon():
    # From 550 km the horizon is 2,705 km away along the ground, a well-known 23 deg.
    assert np.degrees(cap_radius_rad(550.0, 0)) == pytest.approx(22.99, abs=0.01)
    assert cap_radius_rad(550.0, 90) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("edges", [[0.0], [10.0, 0.0], [0.0, 0.0], [-91.0, 0.0], [0.0, np.nan]])
def test_bands_that_do_not_rise_are_refused(edges):
    with pytest.raises(SettingsError, match="do not rise"):
        share_of_time(53.0, np.array(edges))
