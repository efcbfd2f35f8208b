"""Mean number of satellites in sight of a place, by latitude.

Orbits are circles, without propagation. The argument of latitude u grows evenly and gives the
geocentric latitude y by sin y = sin i sin u. Over the satellites of a full shell, longitudes are
uniform.

Latitudes of places are geodetic. Latitudes of satellites are those of their ground points, within
0.02° in low orbit.
"""

import numpy as np

from spacex.orbits.earth import on_earth_km
from spacex.orbits.elements import Array
from spacex.units import EARTH_RADIUS_KM

TERMINAL_ELEVATION_DEG = 25.0
"""Lowest elevation licensed for the user terminals of the first shells."""

_STEPS = 720
"""Arguments of latitude in the sum over a revolution; its error is 0.1 %."""
_TINY_KM = 1e-6


def in_sight(
    latitude_deg: Array,
    inclination_deg: Array,
    altitude_km: Array,
    satellites: Array,
    min_elevation_deg: float = TERMINAL_ELEVATION_DEG,
) -> Array:
    """Return the mean number of satellites above an elevation, by latitude.

    With the satellite at latitude y, its elevation over a place falls with the difference of their
    longitudes d. It is el where (r - p)·n = |r - p| sin el, with r the satellite, p the place and n
    its vertical on the ellipsoid: a quadratic equation in cos d. The share d/pi is averaged over a
    revolution. The orbit is a circle of the mean altitude, so the error is up to 3 %, and larger
    where satellites barely come in sight.

    Args:
        latitude_deg: geodetic latitudes of the places; shape (b,).
        inclination_deg: inclinations of the shells; shape (k,).
        altitude_km: mean altitudes of the shells; shape (k,).
        satellites: satellites of each shell; shape (k,).
        min_elevation_deg: from 0 to 90.

    Returns:
        Shape (b,).
    """
    u = (np.arange(_STEPS) + 0.5) * 2 * np.pi / _STEPS
    sin_y = np.sin(np.radians(inclination_deg))[:, None] * np.sin(u)
    radius = EARTH_RADIUS_KM + np.asarray(altitude_km, np.float64)[:, None]
    share = np.array(
        [
            (_half_width_rad(each, sin_y, radius, min_elevation_deg) / np.pi).mean(axis=1)
            for each in np.asarray(latitude_deg, np.float64)
        ]
    )
    return np.asarray(share @ np.asarray(satellites, np.float64))


def _half_width_rad(latitude_deg: float, sin_y: Array, radius_km: Array, elevation: float) -> Array:
    """Return the greatest difference of longitudes at which satellites are in sight, 0 if never.

    Args:
        latitude_deg: of the place.
        sin_y: sines of the latitudes of the satellites; shape (k, u).
        radius_km: their distances from the Earth's centre; shape (k, 1).
        elevation: the least elevation, degrees.
    """
    place = on_earth_km(latitude_deg, 0.0)
    up = np.radians(latitude_deg)
    across, along = radius_km * np.sqrt(1 - sin_y**2), radius_km * sin_y
    # (a + b c)² = s² (e - f c) with c = cos d, on the side where a + b c is positive
    a = along * np.sin(up) - (place[0] * np.cos(up) + place[2] * np.sin(up))
    b = np.maximum(across * np.cos(up), _TINY_KM)
    s2 = np.sin(np.radians(elevation)) ** 2
    e = radius_km**2 + place @ place - 2 * along * place[2]
    f = 2 * across * place[0]
    half, rest = b * a + s2 * f / 2, a**2 - s2 * e
    root = np.sqrt(np.maximum(half**2 - b**2 * rest, 0.0))
    return np.asarray(np.arccos(np.clip((root - half) / b**2, -1, 1)))


def cap_radius_rad(
    altitude_km: Array | float,
    min_elevation_deg: float,
    ground_radius_km: Array | float = EARTH_RADIUS_KM,
) -> Array:
    """Return the angular radius, rad, of the cap from which a satellite is above an elevation.

    Args:
        altitude_km: over the equatorial radius.
        min_elevation_deg: from 0 to 90.
        ground_radius_km: distance of the ground from the Earth's centre.
    """
    elevation = np.radians(min_elevation_deg)
    ratio = ground_radius_km / (EARTH_RADIUS_KM + np.asarray(altitude_km))
    return np.asarray(np.arccos(ratio * np.cos(elevation)) - elevation)
