"""Position of the Sun, sunlight on satellites, and night on the ground.

The position follows the low-precision formula of the Astronomical Almanac (section C), accurate to
0.01° from 1950 to 2050. Its frame, mean equator and equinox of date, is within 0.005° of TEME.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.orbits.earth import earth_fixed_km, gmst_rad, wrapped_deg
from spacex.orbits.elements import Array
from spacex.orbits.instants import When, days_since_j2000, instant, instants
from spacex.orbits.place import Place
from spacex.units import EARTH_RADIUS_KM

DARK_SKY_BELOW_DEG = -6.0
"""Elevation of the Sun at the end of civil twilight."""


def sun_direction(when: When) -> Array:
    """Return unit vectors from the Earth to the Sun in TEME; shape (m, 3)."""
    days = days_since_j2000(instants(when))
    anomaly = np.radians(357.528 + 0.9856003 * days)
    mean_longitude = 280.460 + 0.9856474 * days
    longitude = np.radians(mean_longitude + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    obliquity = np.radians(23.439 - 0.0000004 * days)
    x, in_plane = np.cos(longitude), np.sin(longitude)
    return np.stack((x, np.cos(obliquity) * in_plane, np.sin(obliquity) * in_plane), axis=-1)


def is_sunlit(teme_km: Array, when: When) -> NDArray[np.bool_]:
    """Return whether satellites are in sunlight.

    The shadow is a cylinder with the equatorial radius. In low orbit, the penumbra lasts about 8 s
    on either side, and the flattening shifts the edge by up to 3 s in most orbits.

    Args:
        teme_km: positions in TEME, km; shape (..., m, 3).
        when: their instants, UTC; shape (m,).

    Returns:
        Shape (..., m); False if the position is NaN.
    """
    along = np.sum(teme_km * sun_direction(when), axis=-1)
    across2 = np.sum(teme_km**2, axis=-1) - along**2
    return np.asarray((along > 0) | (across2 > EARTH_RADIUS_KM**2))


def sun_elevation_deg(place: Place, when: When) -> Array:
    """Return the elevation of the Sun's centre at a place, without refraction; shape (m,).

    The parallax is neglected; it is at most 0.0025°.
    """
    sun = earth_fixed_km(sun_direction(when), when)
    return np.asarray(np.degrees(np.arcsin(np.clip(sun @ place.axes[2], -1, 1))))


def is_dark_sky(place: Place, when: When) -> NDArray[np.bool_]:
    """Return whether the Sun is more than 6° below the horizon of a place; shape (m,)."""
    return np.asarray(sun_elevation_deg(place, when) < DARK_SKY_BELOW_DEG)


def phase_angle_deg(place: Place, earth_fixed: Array, when: When) -> Array:
    """Return the angles at satellites between the Sun and an observer.

    Args:
        place: the observer.
        earth_fixed: Earth-fixed positions, km; shape (m, 3).
        when: their instants, UTC; shape (m,).

    Returns:
        Shape (m,): 0 if the Sun is behind the observer, 180 if it is behind the satellite.
    """
    line = place.position_km - earth_fixed
    sun = earth_fixed_km(sun_direction(when), when)
    cosine = np.sum(line * sun, axis=-1) / np.linalg.norm(line, axis=-1)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def subsolar_point(when: When) -> tuple[Array, Array]:
    """Return latitude and longitude, deg, of the places with the Sun at the zenith; shapes (m,)."""
    x, y, z = sun_direction(when).T
    longitude = np.degrees(np.arctan2(y, x) - gmst_rad(when))
    return np.degrees(np.arcsin(z)), wrapped_deg(longitude)


def terminator(when: When, points: int = 361) -> pd.DataFrame:
    """Return the line on which the Sun's centre is on the horizon, from west to east.

    On it, tan(latitude) = -cos(hour angle) / tan(declination). Night is north of it while the
    declination is southern, and south of it while northern.

    Args:
        when: the instant, UTC.
        points: number of points.

    Returns:
        `longitude_deg`, from -180 to 180, and `latitude_deg`.
    """
    declination, sun_longitude = subsolar_point(instant(when))
    longitude = np.linspace(-180, 180, points)
    hour_angle = np.radians(longitude - sun_longitude)
    sign = np.copysign(1.0, declination)  # keeps the latitude within 90 deg
    rise = -np.cos(hour_angle) * np.cos(np.radians(declination)) * sign
    run = np.abs(np.sin(np.radians(declination)))
    latitude = np.degrees(np.arctan2(rise, run))
    return pd.DataFrame({"longitude_deg": longitude, "latitude_deg": latitude})
