"""Where satellites are at the epoch of their elements: the point below, height and speed."""

from dataclasses import dataclass

import numpy as np

from spacex.orbits.elements import Array, semi_major_axis_km
from spacex.sources.sample.elements import Elements, Instants
from spacex.units import EARTH_MU_KM3_S2, EARTH_RADIUS_KM

_FLATTENING = 1 / 298.257223563
"""Of the WGS 84 ellipsoid."""

_J2000 = np.datetime64("2000-01-01T12:00:00", "us")


@dataclass(frozen=True)
class Subpoints:
    """Positions over the WGS 84 ellipsoid.

    Attributes:
        latitude_deg: geodetic latitude, north positive.
        longitude_deg: east positive, from -180 to 180.
        height_km: height over the ellipsoid.
        speed_km_s: speed relative to the stars.
    """

    latitude_deg: Array
    longitude_deg: Array
    height_km: Array
    speed_km_s: Array


def subpoints(elements: Elements) -> Subpoints:
    """Positions at epoch on Kepler orbits: within about 20 km of what SGP4 tells."""
    a = semi_major_axis_km(elements.mean_motion)
    e = elements.eccentricity
    anomaly = _true_anomaly_rad(elements)
    radius = a * (1 - e**2) / (1 + e * np.cos(anomaly))
    phase = np.radians(elements.arg_of_pericenter_deg) + anomaly
    inclination = np.radians(elements.inclination_deg)
    declination = np.arcsin(np.sin(inclination) * np.sin(phase))
    from_node = np.arctan2(np.cos(inclination) * np.sin(phase), np.cos(phase))
    longitude = np.degrees(from_node) + elements.raan_deg - _sidereal_deg(elements.epoch)
    latitude, height = _geodetic(radius * np.cos(declination), radius * np.sin(declination))
    speed = np.sqrt(EARTH_MU_KM3_S2 * (2 / radius - 1 / a))
    return Subpoints(latitude, (longitude + 180) % 360 - 180, height, speed)


def _true_anomaly_rad(elements: Elements) -> Array:
    """The equation of the centre to e²; what is left out is below 1e-8 for e below 0.001."""
    m, e = np.radians(elements.mean_anomaly_deg), elements.eccentricity
    return np.asarray(m + 2 * e * np.sin(m) + 1.25 * e**2 * np.sin(2 * m))


def _sidereal_deg(instant: Instants) -> Array:
    """Greenwich mean sidereal time, deg (IAU 1982, without the terms of higher order)."""
    days = (instant - _J2000) / np.timedelta64(1, "D")
    return np.asarray((280.46061837 + 360.98564736629 * days) % 360)


def _geodetic(rho: Array, z: Array) -> tuple[Array, Array]:
    """Geodetic latitude, deg, and height, km; rho is from the axis, z from the equator's plane.

    Bowring's closed formula (1976); its error is below a millimetre in low orbits.
    """
    a, b = EARTH_RADIUS_KM, EARTH_RADIUS_KM * (1 - _FLATTENING)
    reduced = np.arctan2(z * a, rho * b)
    rise = z + (a**2 - b**2) / b * np.sin(reduced) ** 3
    run = rho - (a**2 - b**2) / a * np.cos(reduced) ** 3
    latitude = np.arctan2(rise, run)
    sin = np.sin(latitude)
    height = rho * np.cos(latitude) + z * sin - a * np.sqrt(1 - (1 - (b / a) ** 2) * sin**2)
    return np.degrees(latitude), height
