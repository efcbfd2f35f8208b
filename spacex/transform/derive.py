"""Columns computed here rather than read from a source."""

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
    """The frame with the columns that are computed for its table; the frame itself for others."""
    return _DERIVE[table](frame) if table in _DERIVE else frame


@np.errstate(all="ignore")  # an impossible orbit gives no number, and its row is refused for it
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
