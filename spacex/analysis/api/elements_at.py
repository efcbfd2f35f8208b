"""The element sets that positions at an instant are computed from: those known at the time."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd

from spacex.analysis import history
from spacex.analysis.api.fleet_on_date import fleet_on_date
from spacex.analysis.api.fleet_positions import shown_instant
from spacex.analysis.queries import query
from spacex.errors import DataError
from spacex.orbits.instants import When, instant
from spacex.units import utc_instant

WITH_ELEMENTS = "SELECT * FROM v_starlink WHERE mean_motion_rev_per_day IS NOT NULL"
"""SQL: the satellites with elements, and their newest ones."""
IN_ORBIT = "catalogue_status = 'in orbit' ORDER BY norad_cat_id"
"""SQL condition and order: the satellites in orbit, by number."""
_EPOCHS = """SELECT epoch_utc, NOT is_decayed AND unlisted_since_utc IS NULL AS is_in_orbit
             FROM starlink WHERE epoch_utc IS NOT NULL"""


def fleet_elements(database: Path, at: When | None) -> pd.DataFrame:
    """Return the satellites in orbit with their elements: rows of `v_starlink`.

    Args:
        database: the database.
        at: the instant to predict; None: the newest elements. Before the newest GP list, the fleet
            and its elements are those of the list before. If there is none, they are the newest
            elements of the satellites of now that had been launched.

    Raises:
        DataError: none of them had been launched.
    """
    newest = query(database, f"{WITH_ELEMENTS} AND {IN_ORBIT}")
    if at is None:
        return newest
    when = _text(at)
    lists = history.gp_lists(database)["observed_utc"]
    if not lists.empty and when < lists.max():
        with suppress(DataError):  # no list is so old, or near enough
            return fleet_on_date(database, utc_instant(when))
    is_later = newest["launch_date"] > when[:10]
    launched = newest[~is_later.fillna(value=False)].reset_index(drop=True)
    if launched.empty and not newest.empty:
        raise DataError(f"No satellite is known to have been launched by {when[:10]}.")
    return launched


def fleet_instant(database: Path, at: When | None) -> np.datetime64:
    """Return an instant; if None, that at which the fleet is shown: see `shown_instant`."""
    if at is not None:
        return instant(at)
    epochs = query(database, _EPOCHS)
    in_orbit = epochs[epochs["is_in_orbit"] == 1]
    return shown_instant((in_orbit if len(in_orbit) else epochs)["epoch_utc"])


def satellite_elements(database: Path, norad_cat_id: int, at: When | None) -> pd.DataFrame:
    """Return one satellite with its elements: its row of `v_starlink`, or no row if it has none.

    Args:
        database: the database.
        norad_cat_id: its catalogue number.
        at: the instant to predict; None: the newest elements. Otherwise they are the newest ones
            whose epoch is not after it, or the oldest.
    """
    newest = query(database, f"{WITH_ELEMENTS} AND norad_cat_id = ?", [norad_cat_id])
    if at is None or newest.empty or newest["epoch_utc"].iloc[0] <= _text(at):
        return newest
    sets = history.elements(database, satellites=[norad_cat_id])
    known = sets[sets["epoch_utc"] <= _text(at)]
    chosen = (known.tail(1) if len(known) else sets.head(1)).reset_index(drop=True)
    own = newest.columns.intersection(sets.columns)
    return newest.assign(**{name: chosen[name] for name in own})


def _text(at: When) -> str:
    """Return an instant as the database writes it."""
    return f"{instant(at)}Z"
