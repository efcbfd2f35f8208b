"""How fast satellites sink, and in which year those that do were launched.

The rate follows from the elements: da/dt = -(2/3)(a/n)(dn/dt), with dn/dt twice the published
`mean_motion_dot` (`spacex.orbits.elements`). It is that of a fit over the days before the epoch:
thrust is in it as well as drag, so a satellite that is driven down looks like one that falls.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.analysis.history import fleet_on
from spacex.analysis.queries import query
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.shells import STEADY_KM_PER_DAY, find_shells
from spacex.orbits.status import RAISING_FOR_DAYS, Status, find_status


def rates(elements: ElementSets, launch_date: "pd.Series[str]") -> pd.DataFrame:
    """Altitude, rate and age of each satellite.

    Args:
        elements: one element set per satellite, n of them.
        launch_date: days of launch in the same order, null where not known; length n.

    Returns:
        `norad_cat_id`, `altitude_km`, `rate_km_per_day` (negative when sinking), `age_days`.
    """
    launched = pd.to_datetime(launch_date).to_numpy("datetime64[us]")
    return pd.DataFrame(
        {
            "norad_cat_id": elements.norad_cat_id,
            "altitude_km": elements.altitude_km,
            "rate_km_per_day": elements.altitude_rate_km_per_day,
            "age_days": (elements.epoch_utc - launched) / np.timedelta64(1, "D"),
        }
    )


def by_launch_year(database: Path, date: str) -> pd.DataFrame:
    """The satellites listed on a date by the year of their launch: how many sink, and how fast.

    Those sink that lose more than shells do in a magnetic storm. Those that are still being raised
    are none of them: launched within 240 days, not in their shell, and if they sink, of a launch
    most of which is not in its shell either.

    Returns:
        `launch_year` (null where it is not known), `unlisted` (known, and no longer on the list),
        `satellites` (on the list), and of these `raising`, `sinking`, `sinking_pct` (of those that
        are not raising) and `median_rate_km_per_day` of the sinking.

    Raises:
        SettingsError, DataError, DatabaseError: as `spacex.analysis.history.fleet_on`.
    """
    fleet = fleet_on(database, date)
    known = query(
        database,
        """SELECT norad_cat_id, from_date, until_date, CAST(
               substr(coalesce(launch_designator, launch_date), 1, 4) AS INTEGER) AS launch_year
           FROM v_starlink""",
    )
    listed = fleet.merge(known, how="left", on="norad_cat_id")
    elements = ElementSets.from_frame(listed)
    sinking, raising = fates(elements, listed["from_date"], listed["launch_designator"])
    rate = pd.Series(elements.altitude_rate_km_per_day)
    found = (
        listed.assign(raising=raising, sinking=sinking, rate=rate.where(sinking))
        .groupby("launch_year", dropna=False, as_index=False)
        .agg(
            satellites=("norad_cat_id", "size"),
            raising=("raising", "sum"),
            sinking=("sinking", "sum"),
            median_rate_km_per_day=("rate", "median"),
        )
    )
    raised = found["satellites"] - found["raising"]
    found.insert(4, "sinking_pct", 100 * found["sinking"] / raised.where(raised > 0))
    found.insert(1, "unlisted", _unlisted(known, fleet, found["launch_year"]))
    return found.astype({"launch_year": "Int64"})


def fates(
    elements: ElementSets, launched: "pd.Series[str]", launch: "pd.Series[str]"
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each satellite sinks, and whether it is still being raised.

    Args:
        elements: one element set per satellite, n of them.
        launched: days of launch in the same order, null where not known; length n.
        launch: what tells launches apart, such as their designators; length n.
    """
    day = pd.to_datetime(launched).to_numpy("datetime64[us]")
    is_new = (elements.epoch_utc - day) / np.timedelta64(1, "D") <= RAISING_FOR_DAYS
    in_place = find_status(elements, find_shells(elements)) == Status.OPERATIONAL
    share_in_place = pd.Series(in_place, launch.index).groupby(launch).transform("mean")
    is_on_its_way = is_new & ~share_in_place.ge(0.5).to_numpy()
    sinks = (elements.altitude_rate_km_per_day < -STEADY_KM_PER_DAY) & ~is_on_its_way
    return sinks, is_new & ~in_place & ~sinks


def _unlisted(
    known: pd.DataFrame, fleet: pd.DataFrame, years: "pd.Series[float]"
) -> "pd.Series[int]":
    """How many satellites launched in each of the years had left the list by its day."""
    day = fleet.attrs["observed_utc"][: len("2025-05-18")]
    is_unlisted = ~known["norad_cat_id"].isin(fleet["norad_cat_id"]) & (known["until_date"] <= day)
    return years.map(known["launch_year"][is_unlisted].value_counts()).fillna(0).astype(int)
