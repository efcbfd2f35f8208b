"""The Sun against worked examples and the almanac."""

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from spacex.errors import SettingsError
from spacex.orbits.earth import earth_fixed_km, gmst_rad
from spacex.orbits.instants import instants
from spacex.orbits.place import Place
from spacex.orbits.sun import (
    is_dark_sky,
    is_sunlit,
    phase_angle_deg,
    subsolar_point,
    sun_direction,
    sun_elevation_deg,
    terminator,
)

FORMULA_DEG = 0.01
SOLSTICE = "2022-12-21T21:48:00Z"


def angle_deg(a: ArrayLike, b: ArrayLike) -> float:
    return np.degrees(np.arccos(np.clip(np.dot(a, b), -1, 1)))


def test_sun_direction_matches_vallado():
    # Vallado, example 5-1: 2006-04-02 00:00, in the mean equator and equinox of date.
    there = np.array([0.9771945, 0.1924424, 0.0834308])
    assert angle_deg(sun_direction("2006-04-02")[0], there / np.linalg.norm(there)) < FORMULA_DEG


def test_sun_direction_matches_meeus():
    # Meeus, Astronomical Algorithms, example 25.a: 1992-10-13 00:00 TD.
    ascension, declination = np.radians(198.38083), np.radians(-7.78507)
    equator = np.cos(declination) * np.array([np.cos(ascension), np.sin(ascension)])
    there = np.array([*equator, np.sin(declination)])
    assert angle_deg(sun_direction("1992-10-13")[0], there) < FORMULA_DEG


@pytest.mark.parametrize(
    ("when", "declination"),
    [
        ("2022-03-20T15:33:00Z", 0.0),
        ("2022-06-21T09:14:00Z", 23.436),
        ("2022-09-23T01:04:00Z", 0.0),
        (SOLSTICE, -23.436),
    ],
)
def test_seasons_match_the_almanac(when, declination):
    assert subsolar_point(when)[0] == pytest.approx(declination, abs=FORMULA_DEG)


@pytest.mark.parametrize(
    ("when", "equation_of_time_min"), [("2022-11-03T12:00Z", 16.45), ("2022-02-11T12:00Z", -14.22)]
)
def test_noon_matches_the_equation_of_time(when, equation_of_time_min):
    assert subsolar_point(when)[1] == pytest.approx(-equation_of_time_min / 4, abs=0.02)


def test_sun_is_at_the_zenith_of_the_subsolar_point():
    latitude, longitude = subsolar_point(SOLSTICE)
    there = Place(float(latitude[0]), float(longitude[0]))
    assert sun_elevation_deg(there, SOLSTICE) == pytest.approx(90, abs=1e-4)


@pytest.mark.parametrize(("latitude", "elevation"), [(90, -23.436), (-90, 23.436)])
def test_one_pole_is_dark_at_the_solstice(latitude, elevation):
    pole = Place(latitude, 0)
    assert sun_elevation_deg(pole, SOLSTICE) == pytest.approx(elevation, abs=FORMULA_DEG)
    assert is_dark_sky(pole, SOLSTICE).tolist() == [latitude > 0]


def test_sky_is_dark_after_civil_twilight():
    # At Greenwich on 2022-11-07 the Sun set at 16:22, and civil twilight ended at 16:56.
    greenwich = Place(51.48, 0.0)
    assert is_dark_sky(greenwich, "2022-11-07T16:54:00Z").tolist() == [False]
    assert is_dark_sky(greenwich, "2022-11-07T16:59:00Z").tolist() == [True]


def test_shadow_is_behind_the_earth_only():
    sun = sun_direction(SOLSTICE)[0]
    beside = np.cross(sun, [0.0, 0.0, 1.0])
    beside /= np.linalg.norm(beside)
    edge = [-2000 * sun + radius_km * beside for radius_km in (6378, 6379)]
    positions = np.array([7000 * sun, -7000 * sun, *edge, np.full(3, np.nan)])
    lit = is_sunlit(positions[:, None, :], SOLSTICE)
    assert lit[:, 0].tolist() == [True, False, False, True, False]


@pytest.mark.parametrize("when", ["2022-03-20T15:33:00Z", "2022-11-07T03:00:00Z", SOLSTICE])
def test_sun_is_on_the_horizon_along_the_terminator(when):
    line = terminator(when, points=25)
    assert line["longitude_deg"].iloc[[0, -1]].tolist() == [-180, 180]
    assert line["latitude_deg"].abs().max() <= 90
    places = [Place(row.latitude_deg, row.longitude_deg) for row in line.itertuples()]
    elevations = [sun_elevation_deg(place, when)[0] for place in places]
    assert elevations == pytest.approx([0] * len(places), abs=1e-6)


def test_terminator_needs_one_instant():
    with pytest.raises(SettingsError, match="2 instants were given"):
        terminator(np.array(["2022-11-07", "2022-11-08"], "datetime64[us]"))


@given(st.datetimes(datetime(1990, 1, 1), datetime(2050, 1, 1)))  # noqa: DTZ001
def test_sun_direction_is_a_unit_vector(when):
    assert np.linalg.norm(sun_direction(when)[0]) == pytest.approx(1, abs=1e-6)


def test_subsolar_point_over_a_year():
    year = instants("2022-01-01") + np.arange(0, 365, 5) * np.timedelta64(1, "D")
    latitude, longitude = subsolar_point(year)
    assert np.abs(latitude).max() == pytest.approx(23.44, abs=0.02)
    assert np.abs(np.abs(longitude) - 180).max() < 4.2  # at midnight, by the equation of time
    assert gmst_rad(year).shape == longitude.shape


def test_the_phase_angle_overhead_is_what_the_sun_lacks_to_the_nadir() -> None:
    """Over a place with the Sun 18° below the horizon it is 72°."""
    place = Place(52.52, 13.41)
    when = instants("2026-08-22T17:00") + np.arange(0, 14_400, 1).astype("timedelta64[s]")
    elevation = sun_elevation_deg(place, when)
    overhead = np.broadcast_to(place.position_km + 550 * place.axes[2], (len(when), 3))
    phase = phase_angle_deg(place, overhead, when)
    assert phase == pytest.approx(90 + elevation)
    assert abs(phase - 72).min() < 0.01


def test_the_phase_angle_is_0_with_the_sun_behind_and_180_against_it() -> None:
    place, when = Place(0, 0), instants("2026-08-22T17:00")
    sun = earth_fixed_km(sun_direction(when), when)
    behind, against = (place.position_km - sign * 500 * sun for sign in (1, -1))
    assert phase_angle_deg(place, behind, when) == pytest.approx([0], abs=1e-5)
    assert phase_angle_deg(place, against, when) == pytest.approx([180])


def test_rounding_never_makes_a_phase_angle_unknown() -> None:
    """The cosine of two opposite directions may come out a little below -1."""
    place, when = Place(0, 0), instants("2026-08-22") + np.arange(1_000).astype("timedelta64[m]")
    sun = earth_fixed_km(sun_direction(when), when)
    against = place.position_km + 500 * sun
    line = place.position_km - against
    assert (np.sum(line * sun, axis=1) < -np.linalg.norm(line, axis=1)).any()
    assert phase_angle_deg(place, against, when) == pytest.approx(180 * np.ones(1_000))
