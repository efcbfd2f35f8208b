"""Generated element sets: one satellite of the first shell, and whole shells."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spacex.orbits.element_sets import ElementSets
from spacex.units import EARTH_MU_KM3_S2, EARTH_RADIUS_KM

EPOCH = np.datetime64("2022-11-07T00:00:00", "us")

ONE = {
    "norad_cat_id": 44713,
    "epoch_utc": EPOCH,
    "mean_motion_rev_per_day": 15.06,
    "eccentricity": 0.00015,
    "inclination_deg": 53.05,
    "raan_deg": 120.0,
    "arg_of_pericenter_deg": 80.0,
    "mean_anomaly_deg": 30.0,
    "bstar": 1e-5,
    "mean_motion_dot": 0.0,
    "mean_motion_ddot": 0.0,
}


def element_sets(**columns: Any) -> ElementSets:
    """Return element sets with the given columns, broadcast; the rest as in `ONE`."""
    values = np.broadcast_arrays(*(np.atleast_1d(value) for value in (ONE | columns).values()))
    types = {"norad_cat_id": np.int64, "epoch_utc": "datetime64[us]"}
    return ElementSets(
        **{
            name: value.astype(types.get(name, np.float64))
            for name, value in zip(ONE | columns, values, strict=True)
        }
    )


def mean_motion(altitude_km: ArrayLike) -> NDArray[np.float64]:
    """Return the mean motion, rev/d, at a mean altitude, by Kepler's third law."""
    axis = EARTH_RADIUS_KM + np.asarray(altitude_km)
    return np.sqrt(EARTH_MU_KM3_S2 / axis**3) * 86400 / (2 * np.pi)


def shell(
    planes: int = 72,
    each: int = 22,
    altitude_km: float = 547,
    first_raan_deg: float = 3,
    **columns: Any,
) -> ElementSets:
    """Return a shell of evenly spaced planes and satellites, by default at one epoch."""
    plane, place = np.divmod(np.arange(planes * each), each)
    return element_sets(
        **{
            "norad_cat_id": 50001 + np.arange(planes * each),
            "mean_motion_rev_per_day": mean_motion(altitude_km),
            "raan_deg": (first_raan_deg + plane * 360 / planes) % 360,
            "mean_anomaly_deg": (place * 360 / each + plane * 7.0) % 360,
        }
        | columns
    )


def joined(*fleets: ElementSets) -> ElementSets:
    """Join several fleets."""
    return ElementSets(
        **{name: np.concatenate([getattr(each, name) for each in fleets]) for name in ONE}
    )
