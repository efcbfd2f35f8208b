"""Directions against skyfield."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skyfield.api import load, wgs84

from spacex.errors import SettingsError
from spacex.orbits.earth import on_earth_km
from spacex.orbits.place import Place

ANGLE_DEG = 1e-3
DISTANCE_KM = 1e-3


@pytest.mark.parametrize(
    ("place", "target"),
    [
        (Place(52.5, 13.4), (54.0, 20.0, 547.0)),
        (Place(-33.9, 151.2, 0.1), (-40.0, 149.0, 540.0)),
        (Place(69.6, 18.9), (53.0, 25.0, 570.0)),
        (Place(0.0, 179.9), (1.0, -178.0, 350.0)),
        (Place(28.5, 279.5), (20.0, -90.0, 560.0)),
    ],
)
def test_directions_match_skyfield(place, target):
    time = load.timescale(builtin=True).utc(2022, 11, 7)
    observer = wgs84.latlon(place.latitude_deg, place.longitude_deg, place.height_km * 1000)
    there = wgs84.latlon(*target[:2], elevation_m=target[2] * 1000)
    elevation, azimuth, distance = (there - observer).at(time).altaz()
    look = place.look(on_earth_km(*target))
    assert look.elevation_deg == pytest.approx(elevation.degrees, abs=ANGLE_DEG)
    assert look.azimuth_deg == pytest.approx(azimuth.degrees, abs=ANGLE_DEG)
    assert look.range_km == pytest.approx(distance.km, abs=DISTANCE_KM)


@given(st.floats(-90, 90), st.floats(-180, 360), st.floats(-1, 100), st.floats(1, 40_000))
def test_point_above_is_at_the_zenith(latitude, longitude, height, above):
    look = Place(latitude, longitude, height).look(on_earth_km(latitude, longitude, height + above))
    assert look.elevation_deg == pytest.approx(90, abs=1e-4)
    assert look.range_km == pytest.approx(above, abs=1e-6)


@given(st.floats(-89, 89), st.floats(-180, 180))
def test_axes_are_orthonormal(latitude, longitude):
    axes = Place(latitude, longitude).axes
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(axes) == pytest.approx(1)


@pytest.mark.parametrize(
    ("coordinates", "name"),
    [
        ((90.1, 0), "latitude_deg"),
        ((-90.1, 0), "latitude_deg"),
        ((float("nan"), 0), "latitude_deg"),
        ((0, 360.1), "longitude_deg"),
        ((0, -180.1), "longitude_deg"),
        ((0, 0, 101), "height_km"),
        ((0, 0, 547_000), "height_km"),
    ],
)
def test_invalid_coordinates_raise(coordinates, name):
    with pytest.raises(SettingsError, match=rf"{name} of a place is .*\. Give a value from"):
        Place(*coordinates)
