"""Where satellites are at the epoch of their elements: the point below, height and speed."""

from dataclasses import dataclass

import numpy as np

from spacex.orbits.earth import earth_fixed_km, geodetic
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array
from spacex.orbits.propagation import at_epoch
from spacex.sources.sample.elements import Elements


@dataclass(frozen=True)
class Subpoints:
    """Positions over the WGS 84 ellipsoid.

    Attributes:
        latitude_deg: geodetic latitude, north positive.
        longitude_deg: east positive, from -180 to below 180.
        height_km: height over the ellipsoid.
        speed_km_s: speed relative to the stars.
    """

    latitude_deg: Array
    longitude_deg: Array
    height_km: Array
    speed_km_s: Array


def subpoints(elements: Elements) -> Subpoints:
    """Positions at epoch, as SGP4 tells them."""
    states = at_epoch(_element_sets(elements))
    where = geodetic(earth_fixed_km(states.position_km, states.instants))
    speed = np.linalg.norm(states.velocity_km_s, axis=-1)
    columns = (where.latitude_deg, where.longitude_deg, where.height_km, speed)
    return Subpoints(*(column[:, 0] for column in columns))


def _element_sets(elements: Elements) -> ElementSets:
    """The simulated elements as those of a fleet, numbered by their place in it."""
    size = len(elements.epoch)
    return ElementSets(
        norad_cat_id=np.arange(size),
        epoch_utc=elements.epoch,
        mean_motion_rev_per_day=elements.mean_motion,
        eccentricity=elements.eccentricity,
        inclination_deg=elements.inclination_deg,
        raan_deg=elements.raan_deg,
        arg_of_pericenter_deg=elements.arg_of_pericenter_deg,
        mean_anomaly_deg=elements.mean_anomaly_deg,
        bstar=elements.bstar,
        mean_motion_dot=elements.mean_motion_dot,
        mean_motion_ddot=np.zeros(size),
    )
