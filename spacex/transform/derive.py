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
from spacex.schema.catalogue import DECAYED_FATES


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


def _catalogue(frame: pd.DataFrame) -> pd.DataFrame:
    """Add which objects are Starlink satellites, and which are decayed.

    A decay date is kept only if the object came down: the date of another fate has another meaning.
    """
    designator = frame["launch_designator"]
    is_orbital = designator.isna() | designator.str.fullmatch(r"\d{4}-\d{3}").eq(other=True)
    name = frame["object_name"].str.upper()
    is_named = name.str.startswith(("STARLINK", "TINTIN")) & ~name.str.endswith(" DEB")
    is_payload = frame["object_type"].isin(("payload", "unknown"))
    came_down = frame["fate"].isin(DECAYED_FATES) | frame["fate"].isna()
    decay = {name: frame[name].where(came_down) for name in _DECAY}
    is_decayed = frame["fate"].isin(DECAYED_FATES) | frame["operational_status"].eq("decayed")
    return frame.assign(
        **decay,
        is_starlink=(is_orbital & is_named & is_payload).astype("boolean"),
        is_decayed=(is_decayed | decay["decay_date"].notna()).astype("boolean"),
    )


_DECAY = ("decay_date", "decay_precision", "decay_is_uncertain")
_DERIVE: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "starlink_elements": _orbit,
    "catalogue_objects": _catalogue,
}
