"""The slots of a shell: each satellite's plane, and its position along it, at one instant."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from spacex.dashboard.pages.fleet_model import Fleet
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array, arg_of_pericenter_rate_deg_per_day
from spacex.orbits.planes import Planes, find_planes

_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, eq=False)
class Slots:
    """The satellites in orbit of one shell.

    Attributes:
        planes: the orbital planes found.
        satellites: one row each: `norad_cat_id`, `raan_deg` and `latitude_argument_deg`, both at
            the instant of the planes.
    """

    planes: Planes
    satellites: pd.DataFrame


@lru_cache(maxsize=64)
def find_slots(fleet: Fleet, shell: str) -> Slots | None:
    """Return the slots of a shell; None if none of its satellites is in orbit."""
    is_member = fleet.is_in_orbit & (fleet.catalogue["shell"] == shell).to_numpy()
    if not is_member.any():
        return None
    elements = fleet.elements.select(is_member)
    planes = find_planes(elements)
    satellites = pd.DataFrame(
        {
            "norad_cat_id": elements.norad_cat_id,
            "raan_deg": planes.raan_deg,
            "latitude_argument_deg": latitude_argument_deg(elements, planes.at_utc),
        }
    )
    return Slots(planes, satellites)


def latitude_argument_deg(elements: ElementSets, at_utc: np.datetime64) -> Array:
    """Return each satellite's mean argument of latitude, deg from its ascending node.

    The argument of perigee plus the mean anomaly, propagated with the mean motion, its rate, and
    the J2 rotation of the perigee. In near-circular orbits, mean and true anomaly agree.
    """
    days = (at_utc - elements.epoch_utc) / _DAY
    revolutions = elements.mean_motion_rev_per_day * days + elements.mean_motion_dot * days**2
    rotation = arg_of_pericenter_rate_deg_per_day(
        elements.semi_major_axis_km, elements.eccentricity, elements.inclination_deg
    )
    at_epoch = elements.arg_of_pericenter_deg + elements.mean_anomaly_deg
    return np.asarray((at_epoch + 360 * revolutions + rotation * days) % 360)
