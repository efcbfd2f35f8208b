"""What the map shows at one instant, as the rows of its datasets."""

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
NOTHING = pd.DataFrame({"type": [], "geometry": []})


def names(fleet: Fleet, rows: NDArray[np.intp]) -> pd.DataFrame:
    """Who these satellites are."""
    return pd.DataFrame(
        {
            "norad_cat_id": fleet.elements.norad_cat_id[rows],
            "name": np.array(fleet.labels, object)[rows],
        }
    )


def points(fleet: Fleet, rows: NDArray[np.intp], at: np.datetime64) -> pd.DataFrame:
    """The points below these satellites; NaN where SGP4 fails."""
    where = fleet.positions(at)
    return pd.DataFrame(
        {
            "longitude_deg": where.longitude_deg[rows].round(2),
            "latitude_deg": where.latitude_deg[rows].round(2),
        }
    )


def night(at: np.datetime64) -> pd.DataFrame:
    """The half of the Earth where it is night."""
    line = terminator(at, NIGHT_POINTS)[["longitude_deg", "latitude_deg"]].round(2)
    declination, _ = subsolar_point(at)
    ring = line.to_numpy().tolist()
    ring = ring if declination[0] > 0 else ring[::-1]  # a ring has its inside to the right
    return shape({"type": "Polygon", "coordinates": [ring]})


def track(fleet: Fleet, row: int, at: np.datetime64) -> pd.DataFrame:
    """The line a satellite draws on the ground in its next revolution; empty if SGP4 fails."""
    one = fleet.elements.select(np.array([row]))
    minutes = MINUTES_PER_DAY / float(one.mean_motion_rev_per_day[0])
    try:
        line = ground_track(one, at, at + np.timedelta64(round(minutes * 60), "s"), 60)
    except DataError:
        return NOTHING
    lines: list[Any] = [
        part[["longitude_deg", "latitude_deg"]].round(2).to_numpy().tolist()
        for _, part in line.groupby("segment")
    ]
    return shape({"type": "MultiLineString", "coordinates": lines})
