"""Quantities derived from mean orbital elements without propagation.

All functions broadcast scalars and arrays, propagate NaN and check nothing;
`spacex.orbits.element_sets` validates elements. Mean altitudes are over the equatorial radius and
differ from the instantaneous height over the ellipsoid by up to about 30 km.

Secular rates are those of the Earth's oblateness to first order in J2 (Vallado, Fundamentals of
Astrodynamics and Applications, 4th edition, section 9.6).
"""

import numpy as np
from numpy.typing import NDArray

from spacex.units import (
    EARTH_J2,
    EARTH_MU_KM3_S2,
    EARTH_RADIUS_KM,
    MINUTES_PER_DAY,
    SECONDS_PER_DAY,
)

Array = NDArray[np.float64]
Instants = NDArray[np.datetime64]

_DAY = np.timedelta64(1, "D")


def semi_major_axis_km(mean_motion_rev_per_day: Array | float) -> Array:
    """Return the semi-major axis, km, by Kepler's third law: a = (mu/n²)^(1/3)."""
    n_rad_s = np.asarray(mean_motion_rev_per_day) * 2 * np.pi / SECONDS_PER_DAY
    return np.asarray((EARTH_MU_KM3_S2 / n_rad_s**2) ** (1 / 3))


def perigee_altitude_km(semi_major_axis_km: Array | float, eccentricity: Array | float) -> Array:
    """Return the altitude of perigee over the equatorial radius, km: a(1 - e) - RE."""
    return np.asarray(semi_major_axis_km * (1 - eccentricity) - EARTH_RADIUS_KM)


def apogee_altitude_km(semi_major_axis_km: Array | float, eccentricity: Array | float) -> Array:
    """Return the altitude of apogee over the equatorial radius, km: a(1 + e) - RE."""
    return np.asarray(semi_major_axis_km * (1 + eccentricity) - EARTH_RADIUS_KM)


def period_min(mean_motion_rev_per_day: Array | float) -> Array:
    """Return the orbital period, min."""
    return np.asarray(MINUTES_PER_DAY / mean_motion_rev_per_day)


def altitude_rate_km_per_day(
    mean_motion_rev_per_day: Array | float, mean_motion_dot: Array | float
) -> Array:
    """Return the rate of the mean altitude, km/d, positive if climbing: -(2/3)(a/n)(dn/dt).

    This is the derivative of Kepler's third law. `mean_motion_dot`, rev/d², is half of dn/dt, as
    published in element sets.
    """
    relative_rate = 2 * np.asarray(mean_motion_dot) / mean_motion_rev_per_day
    return np.asarray(-2 / 3 * semi_major_axis_km(mean_motion_rev_per_day) * relative_rate)


def raan_rate_deg_per_day(
    semi_major_axis_km: Array | float, eccentricity: Array | float, inclination_deg: Array | float
) -> Array:
    """Return the nodal precession, deg/d, positive eastward: -(3/2) J2 (RE/p)² n cos i.

    Args:
        semi_major_axis_km: semi-major axis, km.
        eccentricity: from 0 to below 1.
        inclination_deg: inclination, deg.
    """
    cosine = np.cos(np.radians(inclination_deg))
    return np.asarray(-2 * _oblateness_deg_per_day(semi_major_axis_km, eccentricity) * cosine)


def arg_of_pericenter_rate_deg_per_day(
    semi_major_axis_km: Array | float, eccentricity: Array | float, inclination_deg: Array | float
) -> Array:
    """Return the apsidal rotation, deg/d: (3/4) J2 (RE/p)² n (5 cos² i - 1).

    Args:
        semi_major_axis_km: semi-major axis, km.
        eccentricity: from 0 to below 1.
        inclination_deg: inclination, deg.
    """
    cosine = np.cos(np.radians(inclination_deg))
    oblateness = _oblateness_deg_per_day(semi_major_axis_km, eccentricity)
    return np.asarray(oblateness * (5 * cosine**2 - 1))


def raan_at_deg(
    raan_deg: Array,
    epoch_utc: Instants,
    at_utc: Instants | np.datetime64,
    rate_deg_per_day: Array | float,
) -> Array:
    """Precess the right ascension of the ascending node from its epoch to another instant.

    Planes can be compared only at a common instant: the nodes of a 53° shell move by 4.5° per day,
    about the spacing of its planes.

    Args:
        raan_deg: right ascension at the epoch, deg.
        epoch_utc: the epoch of each element set.
        at_utc: one target instant, or one per element set.
        rate_deg_per_day: from `raan_rate_deg_per_day`.

    Returns:
        Right ascension, deg, from 0 to 360.
    """
    return np.asarray((raan_deg + rate_deg_per_day * ((at_utc - epoch_utc) / _DAY)) % 360)


def _oblateness_deg_per_day(
    semi_major_axis_km: Array | float, eccentricity: Array | float
) -> Array:
    """Return (3/4) J2 (RE/p)² n, deg/d, the common factor of both secular rates."""
    semi_latus_rectum = semi_major_axis_km * (1 - np.asarray(eccentricity) ** 2)
    n_rad_s = np.sqrt(EARTH_MU_KM3_S2 / np.asarray(semi_major_axis_km) ** 3)
    factor = 0.75 * EARTH_J2 * (EARTH_RADIUS_KM / semi_latus_rectum) ** 2
    return np.asarray(np.degrees(factor * n_rad_s) * SECONDS_PER_DAY)
