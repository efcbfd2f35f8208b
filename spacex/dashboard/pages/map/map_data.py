"""The datasets of the map at one instant."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.dashboard.pages.fleet_model import Fleet


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
