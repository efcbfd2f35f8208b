"""Mean number of satellites in sight of a place, by latitude.

Orbits are circles, without propagation. The argument of latitude u grows evenly and gives the
geocentric latitude y by sin y = sin i sin u. Over the satellites of a full shell, longitudes are
uniform.

Latitudes of places are geodetic. Latitudes of satellites are those of their ground points, within
0.02° in low orbit.
"""

import numpy as np

from spacex.orbits.earth import EARTH_FLATTENING, on_earth_km
from spacex.orbits.elements import Array
from spacex.units import EARTH_RADIUS_KM

TERMINAL_ELEVATION_DEG = 25.0
"""Lowest elevation licensed for the user terminals of the first shells."""

_STEPS = 720
"""Arguments of latitude in the sum over a revolution; its error is 0.1 %."""


def in_sight(
    latitude_deg: Array,
    inclination_deg: Array,
    altitude_km: Array,
    satellites: Array,
    min_elevation_deg: float = TERMINAL_ELEVATION_DEG,
) -> Array:
    """Return the mean number of satellites above an elevation, by latitude.

    A satellite is in sight from the cap of angular radius arccos(cos el / (1 + h/R)) - el below it.
    With the satellite at latitude y, a place at latitude x is in the cap for longitude differences
    up to d, where cos d = (cos cap - sin x sin y) / (cos x cos y). The share d/pi is averaged over
    a revolution. The vertical is that of a sphere and the orbit a circle of the mean altitude, so
    the error is up to 3 %, and larger where satellites barely come in sight.

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
    x = _geocentric_rad(latitude_deg)[:, None, None]
    radius = np.linalg.norm(on_earth_km(latitude_deg, 0.0), axis=-1)[:, None]
    cap = np.cos(cap_radius_rad(altitude_km, min_elevation_deg, radius))[:, :, None]
    cosines = np.maximum(np.cos(x) * np.sqrt(1 - sin_y**2), np.finfo(np.float64).tiny)
    half_width = np.arccos(np.clip((cap - np.sin(x) * sin_y) / cosines, -1, 1))
    return np.asarray((half_width / np.pi).mean(axis=2) @ np.asarray(satellites, np.float64))


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


def _geocentric_rad(latitude_deg: Array) -> Array:
    """Return geocentric latitudes, rad, on the ellipsoid: tan y = (1 - f)² tan(geodetic)."""
    latitude = np.radians(latitude_deg)
    return np.arctan2((1 - EARTH_FLATTENING) ** 2 * np.sin(latitude), np.cos(latitude))
