"""The datasets of the map at one instant."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.dashboard.pages.fleet_model import Fleet
from spacex.dashboard.pages.map.map_charts import shape
from spacex.errors import DataError
from spacex.orbits.sun import subsolar_point, terminator
from spacex.orbits.track import ground_track
from spacex.units import MINUTES_PER_DAY

NIGHT_POINTS = 121
NO_SHAPE = pd.DataFrame({"type": [], "geometry": []})


def names(fleet: Fleet, rows: NDArray[np.intp]) -> pd.DataFrame:
    """Return the number and name of each of these satellites."""
    return pd.DataFrame(
        {
            "norad_cat_id": fleet.elements.norad_cat_id[rows],
            "name": np.array(fleet.labels, object)[rows],
        }
    )


def points(fleet: Fleet, rows: NDArray[np.intp], at: np.datetime64) -> pd.DataFrame:
    """Return the subsatellite point of each of these satellites; NaN where SGP4 fails.

    Args:
        fleet: the fleet.
        rows: rows of the satellites in it.
        at: the instant, UTC.
    """
    positions = fleet.positions(at)
    return pd.DataFrame(
        {
            "longitude_deg": positions.longitude_deg[rows].round(2),
            "latitude_deg": positions.latitude_deg[rows].round(2),
        }
    )


def night(at: np.datetime64) -> pd.DataFrame:
    """Return the night side of the Earth as a shape."""
    edge = terminator(at, NIGHT_POINTS)[["longitude_deg", "latitude_deg"]].round(2)
    declination, _ = subsolar_point(at)
    ring = edge.to_numpy().tolist()
    ring = ring if declination[0] > 0 else ring[::-1]  # a ring is clockwise around its inside
    return shape({"type": "Polygon", "coordinates": [ring]})


def track(fleet: Fleet, row: int, at: np.datetime64) -> pd.DataFrame:
    """Return the ground track of a satellite's next revolution; empty if SGP4 fails.

    Args:
        fleet: the fleet.
        row: row of the satellite in it.
        at: the instant at which the track begins, UTC.
    """
    satellite = fleet.elements.select(np.array([row]))
    minutes = MINUTES_PER_DAY / float(satellite.mean_motion_rev_per_day[0])
    try:
        track = ground_track(satellite, at, at + np.timedelta64(round(minutes * 60), "s"), 60)
    except DataError:
        return NO_SHAPE
    lines: list[Any] = [
        part[["longitude_deg", "latitude_deg"]].round(2).to_numpy().tolist()
        for _, part in track.groupby("segment")
    ]
    return shape({"type": "MultiLineString", "coordinates": lines})
