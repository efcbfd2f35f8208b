"""Conversion between SGP4's TEME frame, the Earth-fixed frame and the WGS 84 ellipsoid.

Two small rotations are neglected. Both are small compared with SGP4's own error, about 1 km at the
epoch:

- UT1 - UTC, below 0.9 s, or 0.45 km eastward in low orbit over the equator. Since 2020 it has been
  below 0.2 s, or 0.1 km.
- Polar motion, below 0.6", or 20 m.
"""

from dataclasses import dataclass

import numpy as np

from spacex.orbits.elements import Array
from spacex.orbits.instants import When, days_since_j2000, instants
from spacex.units import EARTH_RADIUS_KM, SECONDS_PER_DAY

EARTH_FLATTENING = 1 / 298.257223563
"""Flattening of the WGS 84 ellipsoid."""

EARTH_ROTATION_RAD_S = 1.002737909350795 * 2 * np.pi / SECONDS_PER_DAY
"""Rate of Greenwich mean sidereal time; its relative change in a century is below 1e-12."""

_E2 = EARTH_FLATTENING * (2 - EARTH_FLATTENING)
"""Square of the ellipsoid's eccentricity."""

_DAYS_PER_CENTURY = 36525.0


@dataclass(frozen=True, eq=False)
class Geodetic:
    """Positions over the WGS 84 ellipsoid; all arrays have the same shape.

    Attributes:
        latitude_deg: geodetic latitude, north positive.
        longitude_deg: from -180 to below 180, east positive.
        height_km: height over the ellipsoid.
    """

    latitude_deg: Array
    longitude_deg: Array
    height_km: Array


def gmst_rad(when: When) -> Array:
    """Return Greenwich mean sidereal time, rad, from 0 to 2 pi; shape (m,).

    The IAU 1982 expression (Aoki et al., Astronomy and Astrophysics 105, 1982), which defines
    SGP4's frame (AIAA 2006-6753, appendix C).
    """
    centuries = days_since_j2000(instants(when)) / _DAYS_PER_CENTURY
    rate = 876600 * 3600 + 8640184.812866
    gmst_s = 67310.54841 + (rate + (0.093104 - 6.2e-6 * centuries) * centuries) * centuries
    return np.asarray(gmst_s % SECONDS_PER_DAY * (2 * np.pi / SECONDS_PER_DAY))


def earth_fixed_km(teme_km: Array, when: When) -> Array:
    """Rotate positions from TEME to the Earth-fixed frame.

    Args:
        teme_km: positions in TEME, km; shape (..., m, 3).
        when: their instants, UTC; shape (m,).

    Returns:
        Positions with x towards longitude 0 on the equator and z towards the north pole, km; same
        shape.
    """
    return _turned(teme_km, gmst_rad(when))


def earth_fixed_velocity_km_s(teme_km_s: Array, earth_fixed_km: Array, when: When) -> Array:
    """Rotate velocities from TEME to the Earth-fixed frame and subtract the frame's rotation.

    Args:
        teme_km_s: velocities in TEME, km/s; shape (..., m, 3).
        earth_fixed_km: Earth-fixed positions, km; same shape.
        when: their instants, UTC; shape (m,).

    Returns:
        Velocities relative to the ground, km/s; same shape.
    """
    velocity = _turned(teme_km_s, gmst_rad(when))
    velocity[..., 0] += EARTH_ROTATION_RAD_S * earth_fixed_km[..., 1]
    velocity[..., 1] -= EARTH_ROTATION_RAD_S * earth_fixed_km[..., 0]
    return velocity


def teme_km(earth_fixed_km: Array, when: When) -> Array:
    """Rotate Earth-fixed positions to TEME; the inverse of `earth_fixed_km`."""
    return _turned(earth_fixed_km, -gmst_rad(when))


def geodetic(earth_fixed_km: Array) -> Geodetic:
    """Return the latitude, longitude and height of Earth-fixed positions.

    Two iterations of Bowring's formula (Survey Review 23, 1976) are exact to a micrometre from
    100 km below the ellipsoid to beyond geostationary orbit. The longitude of a pole is 0.

    Args:
        earth_fixed_km: shape (..., 3), km.

    Returns:
        Arrays of shape (...); NaN if the position is.
    """
    x, y, z = earth_fixed_km[..., 0], earth_fixed_km[..., 1], earth_fixed_km[..., 2]
    from_axis = np.hypot(x, y)
    latitude = np.arctan2(z, (1 - _E2) * from_axis)
    for _ in range(2):
        reduced = np.arctan2((1 - EARTH_FLATTENING) * np.sin(latitude), np.cos(latitude))
        rise = z + _E2 / (1 - EARTH_FLATTENING) * EARTH_RADIUS_KM * np.sin(reduced) ** 3
        latitude = np.arctan2(rise, from_axis - _E2 * EARTH_RADIUS_KM * np.cos(reduced) ** 3)
    sine = np.sin(latitude)
    root = np.sqrt(1 - _E2 * sine**2)
    height = from_axis * np.cos(latitude) + z * sine - EARTH_RADIUS_KM * root
    return Geodetic(np.degrees(latitude), wrapped_deg(np.degrees(np.arctan2(y, x))), height)


def on_earth_km(
    latitude_deg: Array | float, longitude_deg: Array | float, height_km: Array | float = 0.0
) -> Array:
    """Return the Earth-fixed positions of places; the inverse of `geodetic`.

    Args:
        latitude_deg: geodetic latitude; all arguments broadcast to shape (...).
        longitude_deg: east positive.
        height_km: height over the ellipsoid.

    Returns:
        Shape (..., 3), km.
    """
    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    normal = EARTH_RADIUS_KM / np.sqrt(1 - _E2 * np.sin(latitude) ** 2)
    from_axis = (normal + height_km) * np.cos(latitude)
    z = (normal * (1 - _E2) + height_km) * np.sin(latitude)
    x, y = from_axis * np.cos(longitude), from_axis * np.sin(longitude)
    return np.stack(np.broadcast_arrays(x, y, z), axis=-1)


def wrapped_deg(longitude_deg: Array) -> Array:
    """Wrap longitudes to the range from -180 to below 180."""
    return np.asarray((longitude_deg + 180) % 360 - 180)


def _turned(vectors: Array, angle_rad: Array) -> Array:
    """Return vectors of shape (..., m, 3) in axes rotated eastward about the pole."""
    cosine, sine = np.cos(angle_rad), np.sin(angle_rad)
    turned = np.empty_like(vectors)
    turned[..., 0] = cosine * vectors[..., 0] + sine * vectors[..., 1]
    turned[..., 1] = cosine * vectors[..., 1] - sine * vectors[..., 0]
    turned[..., 2] = vectors[..., 2]
    return turned
