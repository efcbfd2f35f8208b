"""Where the satellites of a shell stand: in which plane, and how far along it, at one instant."""

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
    """The satellites of one shell that are in orbit.

    Attributes:
        planes: the planes they form.
        satellites: one row for each: `norad_cat_id`, `raan_deg` and `latitude_argument_deg`, both
            at the instant of the planes.
    """

    planes: Planes
    satellites: pd.DataFrame


@lru_cache(maxsize=64)
def slots_of(fleet: Fleet, shell: str) -> Slots | None:
    """The slots of the shell of that name; None if none of its satellites is in orbit."""
    members = fleet.is_aloft & (fleet.catalogue["shell"] == shell).to_numpy()
    if not members.any():
        return None
    elements = fleet.elements.select(members)
    planes = find_planes(elements)
    places = pd.DataFrame(
        {
            "norad_cat_id": elements.norad_cat_id,
            "raan_deg": planes.raan_deg,
            "latitude_argument_deg": latitude_argument_deg(elements, planes.at_utc),
        }
    )
    return Slots(planes, places)


def latitude_argument_deg(elements: ElementSets, at_utc: np.datetime64) -> Array:
    """How far past its ascending node each satellite is along its orbit, on average, deg.

    The argument of perigee and the mean anomaly, brought to the instant by the mean motion, its
    rate, and the rotation of perigee by J2. Orbits this round make mean and true anomaly the same.
    """
    days = (at_utc - elements.epoch_utc) / _DAY
    turns = elements.mean_motion_rev_per_day * days + elements.mean_motion_dot * days**2
    rotation = arg_of_pericenter_rate_deg_per_day(
        elements.semi_major_axis_km, elements.eccentricity, elements.inclination_deg
    )
    at_epoch = elements.arg_of_pericenter_deg + elements.mean_anomaly_deg
    return np.asarray((at_epoch + 360 * turns + rotation * days) % 360)
