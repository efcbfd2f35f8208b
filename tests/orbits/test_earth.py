"""Frames against Vallado's worked examples, AIAA 2006-6753 and skyfield."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skyfield.api import load, wgs84
from skyfield.framelib import itrs
from skyfield.sgp4lib import TEME

from spacex.orbits.earth import (
    EARTH_ROTATION_RAD_S,
    earth_fixed_km,
    earth_fixed_velocity_km_s,
    geodetic,
    gmst_rad,
    on_earth_km,
    teme_km,
    wrapped_deg,
)
from spacex.orbits.instants import after, instants, seconds

MILLIMETRE_KM = 1e-6
ONE_CENTIMETRE_KM = 1e-5
TEN_METRES_KM = 0.01
PRINTED_DEG = 1e-6

# AIAA 2006-6753, appendix C: one state on 2004-04-06, before polar motion.
AIAA_UTC = "2004-04-06T07:51:28.386009Z"
AIAA_UT1 = instants(AIAA_UTC) + seconds(-0.4399619)
AIAA_TEME_KM = np.array([[5094.18016210, 6127.64465950, 6380.34453270]])
AIAA_TEME_KM_S = np.array([[-4.746131487, 0.785818041, 5.531931288]])
AIAA_EARTH_FIXED_KM = [-1033.47503130, 7901.30558560, 6380.34453270]
AIAA_EARTH_FIXED_KM_S = [-3.225632747, -2.872442511, 5.531931288]


def test_gmst_matches_vallado():
    # Vallado, example 3-5: 1992-08-20 12:14 UT1.
    assert np.degrees(gmst_rad("1992-08-20T12:14:00Z")) == pytest.approx(152.578787810, abs=1e-6)


def test_rotation_rate_is_the_rate_of_gmst():
    first, later = gmst_rad(np.array(["2022-11-07T00:00", "2022-11-07T01:00"], "datetime64[us]"))
    assert (later - first) / 3600 == pytest.approx(EARTH_ROTATION_RAD_S, rel=1e-9)


def test_earth_fixed_state_matches_the_paper():
    fixed = earth_fixed_km(AIAA_TEME_KM, AIAA_UT1)
    velocity = earth_fixed_velocity_km_s(AIAA_TEME_KM_S, fixed, AIAA_UT1)
    assert fixed[0] == pytest.approx(AIAA_EARTH_FIXED_KM, abs=ONE_CENTIMETRE_KM)
    assert velocity[0] == pytest.approx(AIAA_EARTH_FIXED_KM_S, abs=MILLIMETRE_KM)


def test_geodetic_matches_vallado():
    # Vallado, example 3-3.
    place = geodetic(np.array([6524.834, 6862.875, 6448.296]))
    assert place.latitude_deg == pytest.approx(34.352496, abs=PRINTED_DEG)
    assert place.longitude_deg == pytest.approx(46.4464, abs=1e-4)
    assert place.height_km == pytest.approx(5085.22, abs=0.005)


def test_positions_match_skyfield():
    timescale = load.timescale(builtin=True)
    when = instants("2022-11-07T06:00:00Z")
    time = timescale.utc(2022, 11, 7, 6)
    latitude = np.array([-82.0, -53.1, 0.0, 12.3, 53.1, 82.0])
    longitude = np.array([-179.9, -74.0, 0.0, 100.0, 151.2, 179.9])
    for one in zip(latitude, longitude, strict=True):
        position = wgs84.latlon(*one, elevation_m=547_000).at(time)
        in_teme = position.frame_xyz(TEME).km[None, :]
        ground = geodetic(earth_fixed_km(in_teme, when + seconds(time.dut1)))
        ours = on_earth_km(ground.latitude_deg, ground.longitude_deg, ground.height_km)
        theirs = wgs84.geographic_position_of(position)
        assert np.linalg.norm(ours - position.frame_xyz(itrs).km) < TEN_METRES_KM
        assert ground.height_km[0] == pytest.approx(theirs.elevation.km, abs=TEN_METRES_KM)
        assert ground.latitude_deg[0] == pytest.approx(theirs.latitude.degrees, abs=1e-4)


def test_neglecting_ut1_stays_within_the_documented_error():
    turned = earth_fixed_km(AIAA_TEME_KM, AIAA_UTC) - AIAA_EARTH_FIXED_KM
    assert np.linalg.norm(turned) < 0.9 * EARTH_ROTATION_RAD_S * np.linalg.norm(AIAA_TEME_KM)


latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180, exclude_max=True)
heights = st.floats(-100, 36_000)


@given(latitudes, longitudes, heights)
def test_geodetic_round_trip(latitude, longitude, height):
    position = on_earth_km(latitude, longitude, height)
    place = geodetic(position)
    back = on_earth_km(place.latitude_deg, place.longitude_deg, place.height_km)
    assert np.linalg.norm(back - position) < MILLIMETRE_KM
    assert place.latitude_deg == pytest.approx(latitude, abs=1e-7)
    assert place.height_km == pytest.approx(height, abs=MILLIMETRE_KM)


@given(longitudes, st.floats(-1e7, 1e7))
def test_teme_round_trip(longitude, elapsed_s):
    when = after(np.datetime64("2022-11-07", "us"), np.array([elapsed_s]))
    position = on_earth_km(np.array([30.0]), np.array([longitude]), 547.0)
    there_and_back = earth_fixed_km(teme_km(position, when), when)
    assert there_and_back[0] == pytest.approx(position[0], abs=MILLIMETRE_KM)


def test_velocity_is_the_derivative_of_position():
    when = instants(AIAA_UTC)
    position = earth_fixed_km(AIAA_TEME_KM, when)
    velocity = earth_fixed_velocity_km_s(AIAA_TEME_KM_S, position, when)
    step_s = 0.1
    later = after(when[0], np.array([step_s]))
    moved = earth_fixed_km(AIAA_TEME_KM + step_s * AIAA_TEME_KM_S, later)
    assert (moved - position)[0] / step_s == pytest.approx(velocity[0], abs=1e-3)


@given(st.floats(-1e6, 1e6))
def test_longitudes_are_wrapped(longitude):
    wrapped = wrapped_deg(np.array([longitude]))[0]
    assert -180 <= wrapped < 180
    assert abs((wrapped - longitude + 180) % 360 - 180) < 1e-6


@pytest.mark.parametrize(
    ("longitude", "wrapped"), [(180, -180), (-180, -180), (359, -1), (540, -180), (0, 0)]
)
def test_antimeridian_is_minus_180(longitude, wrapped):
    assert wrapped_deg(np.array([longitude])) == wrapped


@pytest.mark.parametrize(("z", "latitude"), [(7000.0, 90), (-7000.0, -90)])
def test_longitude_of_the_poles_is_zero(z, latitude):
    pole = geodetic(np.array([0.0, 0.0, z]))
    assert (pole.latitude_deg, pole.longitude_deg) == (latitude, 0)
    assert pole.height_km == pytest.approx(7000 - 6356.752314245, abs=MILLIMETRE_KM)


def test_nan_positions_stay_nan():
    place = geodetic(np.full((2, 3), np.nan))
    assert np.isnan(place.latitude_deg).all()
    assert np.isnan(place.height_km).all()
