"""How fast satellites sink, and how old they are when they do.

The rate follows from the elements: da/dt = -(2/3)(a/n)(dn/dt), with dn/dt twice the published
`mean_motion_dot` (`spacex.orbits.elements`). It is that of a fit over the days before the epoch:
thrust is in it as well as drag, so a satellite that is driven down looks like one that falls.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from spacex.history import fleet_on
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.shells import STEADY_KM_PER_DAY
from spacex.queries import query

_AGE_YEARS = 365.25


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


def by_age(database: Path, date: str) -> pd.DataFrame:
    """The satellites listed on a date by age in years: how many, how many sink, and how fast.

    Those sink that lose more than shells do in a magnetic storm.

    Returns:
        `age_years` (null where the launch is not known), `satellites`, `sinking`, and
        `median_rate_km_per_day` of the sinking.

    Raises:
        SettingsError, DataError, DatabaseError: as `spacex.history.fleet_on`.
    """
    fleet = fleet_on(database, date)
    known = query(database, "SELECT norad_cat_id, launch_date FROM starlink")
    launched = fleet[["norad_cat_id"]].merge(known, how="left", on="norad_cat_id")["launch_date"]
    found = rates(ElementSets.from_frame(fleet), launched)
    found["age_years"] = np.floor(found["age_days"] / _AGE_YEARS)
    found["sinking_rate"] = found["rate_km_per_day"].where(
        found["rate_km_per_day"] < -STEADY_KM_PER_DAY
    )
    return found.groupby("age_years", dropna=False, as_index=False).agg(
        satellites=("norad_cat_id", "size"),
        sinking=("sinking_rate", "count"),
        median_rate_km_per_day=("sinking_rate", "median"),
    )
