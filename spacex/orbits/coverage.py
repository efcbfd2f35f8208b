"""How satellites spread over latitudes: what share of time, how many, and how many in sight.

All of it follows from circular orbits without propagation. On one, the geocentric latitude y is
sin y = sin i sin u, and the argument of latitude u grows evenly. So a satellite spends below y the
share 1/2 + arcsin(sin y / sin i) / pi of its time: most near the highest latitudes it reaches.
Over months longitudes even out, and so do they at once over the satellites of a full shell.

Latitudes asked for are geodetic, of the ground. The latitudes below a satellite and below a place
are turned into geocentric ones on the ellipsoid, which errs by less than 0.02° in low orbit.
"""

import numpy as np

from spacex.errors import SettingsError
from spacex.orbits.earth import EARTH_FLATTENING, on_earth_km
from spacex.orbits.elements import Array
from spacex.units import EARTH_RADIUS_KM

TERMINAL_ELEVATION_DEG = 25.0
"""What the terminals of the first shells were licensed for."""

_STEPS = 720
"""Arguments of latitude that a revolution is summed over, which errs by 0.1 %."""


def share_of_time(inclination_deg: Array | float, edges_deg: Array) -> Array:
    """The share of time that satellites spend over each of some bands of latitude.

    Args:
        inclination_deg: from 0 to 180; shape (n,), or one.
        edges_deg: the b + 1 edges of the bands, rising, from -90 to 90.

    Returns:
        Shape (n, b), of rows that sum to 1 if the bands reach from pole to pole; (1, b) for one.

    Raises:
        SettingsError: the edges do not rise, or are beyond the poles.
    """
    _require_edges(edges_deg)
    edges = np.sin(_geocentric_rad(edges_deg))
    reach = np.sin(np.radians(np.atleast_1d(inclination_deg)))[:, None]
    highest = np.maximum(reach, np.finfo(np.float64).tiny)  # an orbit over the equator has none
    below = 0.5 + np.arcsin(np.clip(edges / highest, -1, 1)) / np.pi
    return np.asarray(np.diff(below, axis=1))


def satellites_by_latitude(inclination_deg: Array, edges_deg: Array) -> Array:
    """How many satellites are over each band of latitude, on average.

    Args:
        inclination_deg: of each satellite; shape (n,).
        edges_deg: the b + 1 edges of the bands, rising, from -90 to 90.

    Returns:
        Shape (b,); it sums to n if the bands reach from pole to pole.

    Raises:
        SettingsError: the edges do not rise, or are beyond the poles.
    """
    return np.asarray(share_of_time(inclination_deg, edges_deg).sum(axis=0))


def in_sight(
    latitude_deg: Array,
    inclination_deg: Array,
    altitude_km: Array,
    satellites: Array,
    min_elevation_deg: float = TERMINAL_ELEVATION_DEG,
) -> Array:
    """How many satellites of some shells stand above an elevation, on average, by latitude.

    A satellite is in sight of the cap of angular radius arccos(cos el / (1 + h/R)) - el below it.
    Where it is at latitude y, a place at latitude x is in its cap for differences of longitude up
    to d with cos d = (cos cap - sin x sin y) / (cos x cos y), the share d/pi of all. That share is
    summed over a revolution. The vertical is that of a sphere, and orbits are circles of the mean
    altitude: it errs by up to 3 %, and by more where satellites only just come in sight.

    Args:
        latitude_deg: of the places, geodetic; shape (b,).
        inclination_deg: of the shells; shape (k,).
        altitude_km: of the shells; shape (k,).
        satellites: how many each shell has; shape (k,).
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
    """Angular radius of the cap of the Earth that sees a satellite above an elevation.

    Args:
        altitude_km: over the equatorial radius.
        min_elevation_deg: from 0 to 90.
        ground_radius_km: how far the places that see it are from the Earth's centre.
    """
    elevation = np.radians(min_elevation_deg)
    ratio = ground_radius_km / (EARTH_RADIUS_KM + np.asarray(altitude_km))
    return np.asarray(np.arccos(ratio * np.cos(elevation)) - elevation)


def _geocentric_rad(latitude_deg: Array) -> Array:
    """Geocentric latitudes of places on the ellipsoid: tan y = (1 - f)² tan(geodetic)."""
    latitude = np.radians(latitude_deg)
    return np.arctan2((1 - EARTH_FLATTENING) ** 2 * np.sin(latitude), np.cos(latitude))


def _require_edges(edges_deg: Array) -> None:
    if len(edges_deg) < 2 or not (np.diff(edges_deg) > 0).all() or np.abs(edges_deg).max() > 90:
        raise SettingsError(
            "The edges of latitude bands do not rise from one to the next between the poles.",
            remedy="Give at least two, from -90 to 90, in rising order.",
        )
