"""Compute the derived columns of a table."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from spacex.orbits.elements import (
    apogee_altitude_km,
    perigee_altitude_km,
    period_min,
    semi_major_axis_km,
)


def derive(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the derived columns of its table, if it has any."""
    return _DERIVE[table](frame) if table in _DERIVE else frame


@np.errstate(all="ignore")  # impossible orbits give NaN and are rejected
def _orbit(frame: pd.DataFrame) -> pd.DataFrame:
    semi_major_axis = semi_major_axis_km(frame["mean_motion_rev_per_day"].to_numpy())
    eccentricity = frame["eccentricity"].to_numpy()
    return frame.assign(
        semi_major_axis_km=semi_major_axis,
        perigee_altitude_km=perigee_altitude_km(semi_major_axis, eccentricity),
        apogee_altitude_km=apogee_altitude_km(semi_major_axis, eccentricity),
        period_min=period_min(frame["mean_motion_rev_per_day"].to_numpy()),
    )


_DERIVE: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {"starlink_elements": _orbit}
