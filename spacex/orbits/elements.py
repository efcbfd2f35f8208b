"""Mean orbital elements, and what follows from them without propagation.

All functions take scalars or NumPy arrays of shapes that broadcast together, return an array of
that shape, and check nothing: what is not a number stays so, and elements are checked where they
enter, in `spacex.orbits.element_sets`. Altitudes are of the mean elements, over the equatorial
radius: they differ from the height over the ellipsoid at an instant by up to about 30 km.

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
    """Semi-major axis, km, by Kepler's third law: a = (mu/n²)^(1/3)."""
    n_rad_s = np.asarray(mean_motion_rev_per_day) * 2 * np.pi / SECONDS_PER_DAY
    return np.asarray((EARTH_MU_KM3_S2 / n_rad_s**2) ** (1 / 3))


def perigee_altitude_km(semi_major_axis_km: Array | float, eccentricity: Array | float) -> Array:
    """Altitude of perigee over the equatorial radius, km: a(1 - e) - RE."""
    return np.asarray(semi_major_axis_km * (1 - eccentricity) - EARTH_RADIUS_KM)


def apogee_altitude_km(semi_major_axis_km: Array | float, eccentricity: Array | float) -> Array:
    """Altitude of apogee over the equatorial radius, km: a(1 + e) - RE."""
    return np.asarray(semi_major_axis_km * (1 + eccentricity) - EARTH_RADIUS_KM)


def period_min(mean_motion_rev_per_day: Array | float) -> Array:
    """Orbital period, min."""
    return np.asarray(MINUTES_PER_DAY / mean_motion_rev_per_day)


def altitude_rate_km_per_day(
    mean_motion_rev_per_day: Array | float, mean_motion_dot: Array | float
) -> Array:
    """Rate of the mean altitude, km/d, positive when climbing: da/dt = -(2/3)(a/n)(dn/dt).

    It follows from Kepler's third law. `mean_motion_dot` is half the rate of the mean motion,
    rev/d², as element sets give it: dn/dt is twice that.
    """
    relative_rate = 2 * np.asarray(mean_motion_dot) / mean_motion_rev_per_day
    return np.asarray(-2 / 3 * semi_major_axis_km(mean_motion_rev_per_day) * relative_rate)


def raan_rate_deg_per_day(
    semi_major_axis_km: Array | float, eccentricity: Array | float, inclination_deg: Array | float
) -> Array:
    """Precession of the ascending node, deg/d, eastward positive: -(3/2) J2 (RE/p)² n cos i."""
    cosine = np.cos(np.radians(inclination_deg))
    return np.asarray(-2 * _oblateness_deg_per_day(semi_major_axis_km, eccentricity) * cosine)


def arg_of_pericenter_rate_deg_per_day(
    semi_major_axis_km: Array | float, eccentricity: Array | float, inclination_deg: Array | float
) -> Array:
    """Rotation of the perigee in its plane, deg/d: (3/4) J2 (RE/p)² n (5 cos² i - 1)."""
    cosine = np.cos(np.radians(inclination_deg))
    oblateness = _oblateness_deg_per_day(semi_major_axis_km, eccentricity)
    return np.asarray(oblateness * (5 * cosine**2 - 1))


def raan_at_deg(
    raan_deg: Array,
    epoch_utc: Instants,
    at_utc: Instants | np.datetime64,
    rate_deg_per_day: Array | float,
) -> Array:
    """Right ascension of the ascending node brought from its epoch to another instant.

    Planes can be told apart only at one common instant: in a day the nodes of a 53° shell move
    by 4.5°, as far as from one plane to the next.

    Args:
        raan_deg: right ascension at the epoch, deg.
        epoch_utc: the epoch of each element set.
        at_utc: the instant asked for; one, or one for each.
        rate_deg_per_day: from `raan_rate_deg_per_day`.

    Returns:
        Right ascension, deg, from 0 to 360.
    """
    return np.asarray((raan_deg + rate_deg_per_day * ((at_utc - epoch_utc) / _DAY)) % 360)


def _oblateness_deg_per_day(
    semi_major_axis_km: Array | float, eccentricity: Array | float
) -> Array:
    """(3/4) J2 (RE/p)² n, deg/d: the factor common to both secular rates."""
    semi_latus_rectum = semi_major_axis_km * (1 - np.asarray(eccentricity) ** 2)
    n_rad_s = np.sqrt(EARTH_MU_KM3_S2 / np.asarray(semi_major_axis_km) ** 3)
    factor = 0.75 * EARTH_J2 * (EARTH_RADIUS_KM / semi_latus_rectum) ** 2
    return np.asarray(np.degrees(factor * n_rad_s) * SECONDS_PER_DAY)
