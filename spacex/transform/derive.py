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
from spacex.sources import CELESTRAK
from spacex.transform.catalogue_date import date_rows


def derive(table: str, frame: pd.DataFrame, observed_utc: str = "") -> pd.DataFrame:
    """Return the frame with the derived columns of its table, if it has any.

    Args:
        table: the name of the table.
        frame: its rows.
        observed_utc: instant of the response; empty if it is unknown.
    """
    return _DERIVE[table](frame, observed_utc) if table in _DERIVE else frame


@np.errstate(all="ignore")  # impossible orbits give NaN and are rejected
def _orbit(frame: pd.DataFrame, _observed_utc: str) -> pd.DataFrame:
    semi_major_axis = semi_major_axis_km(frame["mean_motion_rev_per_day"].to_numpy())
    eccentricity = frame["eccentricity"].to_numpy()
    return frame.assign(
        semi_major_axis_km=semi_major_axis,
        perigee_altitude_km=perigee_altitude_km(semi_major_axis, eccentricity),
        apogee_altitude_km=apogee_altitude_km(semi_major_axis, eccentricity),
        period_min=period_min(frame["mean_motion_rev_per_day"].to_numpy()),
    )


def _catalogue(frame: pd.DataFrame, retrieved_utc: str) -> pd.DataFrame:
    """Add the date of the catalogue, which objects are Starlink satellites, and which are decayed.

    A decay date is kept only if the object came down: the date of another fate has another meaning.
    A date of after the catalogue is a prediction, and the object not decayed, unless that holds for
    more than one date and 1 % of them: then the clock of this machine was wrong.
    """
    designator = frame["launch_designator"]
    is_orbital = designator.isna() | designator.str.fullmatch(r"\d{4}-\d{3}").eq(other=True)
    name = frame["object_name"].str.upper()
    is_named = name.str.startswith(("STARLINK", "TINTIN")) & ~name.str.endswith(" DEB")
    is_payload = frame["object_type"].isin(("payload", "unknown"))
    came_down = frame["fate"].isin(DECAYED_FATES) | frame["fate"].isna()
    decay = {name: frame[name].where(came_down) for name in _DECAY}
    is_decayed = frame["fate"].isin(DECAYED_FATES) | frame["operational_status"].eq("decayed")
    observed = date_rows(frame.assign(**decay), retrieved_utc)
    is_ahead = decay["decay_date"].gt(observed.str[:_DATE_LENGTH]).eq(other=True)
    is_ahead &= is_ahead.sum() <= max(1, _LATE_SHARE * decay["decay_date"].notna().sum())
    return frame.assign(
        **decay,
        observed_utc=observed,
        version=_version(frame),
        is_starlink=frame["is_starlink"].fillna(is_orbital & is_named & is_payload),
        is_decayed=((is_decayed | decay["decay_date"].notna()) & ~is_ahead).astype("boolean"),
    )


def _version(frame: pd.DataFrame) -> "pd.Series[str]":
    """Return the version of each object: as the source says, or by its bus, group and name.

    GCAT has one bus for the first generation, whose versions its groups tell apart; of an object
    of another group, it tells only the bus.
    """
    bus, group = frame["bus"], frame["group_name"].fillna("")
    version = frame["version"].fillna(bus.map(VERSION_OF_BUS).fillna(bus))
    is_first = bus.eq(FIRST_GENERATION_BUS)
    for version_of_group, pattern in FIRST_GENERATION.items():
        version = version.mask(is_first & group.str.match(pattern), version_of_group)
    return version.mask(_is_direct_to_cell(frame) & version.isna(), DIRECT_TO_CELL)


def _is_direct_to_cell(frame: pd.DataFrame) -> "pd.Series[bool]":
    return frame["object_name"].str.contains("[DTC]", regex=False).eq(other=True)


def _starlink(frame: pd.DataFrame, observed_utc: str) -> pd.DataFrame:
    """Add which satellites serve telephones, and which are decayed by the day of the response.

    In GP lists, only a readable date is a decay, and a later one is a prediction.
    """
    date = frame["decay_date"]
    is_past = date.le(observed_utc[:_DATE_LENGTH] or _LAST_DAY).eq(other=True) | frame["source"].ne(
        CELESTRAK.name
    )
    return frame.assign(
        is_direct_to_cell=_is_direct_to_cell(frame).astype("boolean"),
        is_decayed=frame["is_decayed"] & is_past,
        decay_date=date.where(is_past),
        unconfirmed_decay_date=date.mask(is_past),
    )


DIRECT_TO_CELL = "V2 mini direct to cell"
VERSION_OF_BUS = {
    "Starlink V2M": "V2 mini",
    "Starlink V2MO": "V2 mini optimized",
    "Starlink V2MD": DIRECT_TO_CELL,
}
FIRST_GENERATION_BUS = "Starlink"
FIRST_GENERATION = {
    "prototype": "Microsat|Tintin",
    "v0.9": "Starlink V0.9",
    "v1.0": "Starlink V1.0",
    "v1.5": "Starlink (Group|V1.5)",
}
"""Version → pattern of `group_name`."""
_DECAY = ("decay_date", "decay_precision", "decay_is_uncertain")
_DATE_LENGTH = len("2026-11-01")
_LAST_DAY = "9999-12-31"
_LATE_SHARE = 0.01
_DERIVE: dict[str, Callable[[pd.DataFrame, str], pd.DataFrame]] = {
    "starlink": _starlink,
    "starlink_elements": _orbit,
    "catalogue_objects": _catalogue,
}
