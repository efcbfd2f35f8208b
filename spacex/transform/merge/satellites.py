"""Merge the satellites of two sources by catalogue number, and link them to their launches.

The GP list has precedence, because it is newer. The archive fills its gaps (version, launch, owner)
except for positions and epochs, which belong to another instant. A satellite that the archive
reports as decayed keeps the archive's row, unless the list has elements of after its decay.
Satellites are linked to launches by the launch designator, and to their newest valid element set by
its epoch.
"""

import pandas as pd

from spacex.orbits.element_sets import EPOCH_LEAD_DAYS
from spacex.transform import TidyTable
from spacex.transform.merge.launches import designators, launch_designator
from spacex.transform.merge.run_tables import RunTables, coalesce, fill_gaps

_OF_AN_INSTANT = ("latitude_deg", "longitude_deg", "height_km", "velocity_km_s", "epoch_utc")


def merge_satellites(run: RunTables) -> None:
    """Merge the satellites of a run, and link them to their launches and element sets."""
    if pair := run.pair("starlink"):
        archive, live = pair
        listed = live.frame[~live.frame["norad_cat_id"].isin(_decayed(run, archive, live))]
        columns = [name for name in listed.columns if name not in {*_OF_AN_INSTANT, "decay_date"}]
        run.set(live.keep(fill_gaps(listed, archive.frame, "norad_cat_id", columns)))
        is_listed = archive.frame["norad_cat_id"].isin(listed["norad_cat_id"])
        run.set(archive.keep(archive.frame[~is_listed]))
    launches = _launches(run)
    for table in run.all_of("starlink"):
        designator = launch_designator(table.frame)
        launch = launches.reindex(designator)
        linked = table.frame.assign(launch_designator=designator, epoch_utc=_epochs(run, table))
        for column in ("launch_id", "launch_date"):
            linked[column] = coalesce(linked[column], launch[column].set_axis(linked.index))
        run.set_frame(table, linked)


def _decayed(run: RunTables, archive: TidyTable, live: TidyTable) -> "pd.Series[int]":
    """Return the satellites that the archive reports as decayed, without later elements."""
    decayed = archive.frame[archive.frame["is_decayed"]]
    newest = _epochs(run, live).set_axis(live.frame["norad_cat_id"])
    epoch = pd.to_datetime(decayed["norad_cat_id"].map(newest), format="ISO8601", utc=True)
    is_over = pd.to_datetime(decayed["decay_date"], utc=True) + pd.Timedelta(days=1)
    is_observed = epoch - pd.Timedelta(days=EPOCH_LEAD_DAYS) >= is_over
    return decayed["norad_cat_id"][~is_observed]


def _epochs(run: RunTables, satellites: TidyTable) -> "pd.Series[str]":
    """Return the epoch of the newest valid element set of each satellite; null if it has none."""
    elements = next(
        each for each in run.all_of("starlink_elements") if each.source == satellites.source
    )
    by_epoch = elements.frame.sort_values("epoch_utc")  # much faster than to group texts
    last = by_epoch.drop_duplicates("norad_cat_id", keep="last")
    newest = last.set_index("norad_cat_id")["epoch_utc"]
    epochs: pd.Series[str] = satellites.frame["norad_cat_id"].map(newest).astype("str")
    return epochs


def _launches(run: RunTables) -> pd.DataFrame:
    """Return launch ID and date by designator, from the launches and the archive's satellites."""
    parts = [
        table.frame.assign(launch_date=table.frame["date_utc"].str[:10])
        for table in run.all_of("launches")
    ]
    if satellites := run.archive("starlink"):
        launched = satellites.frame.drop_duplicates("launch_id")
        known = launched["launch_id"].map(designators(satellites))
        parts.append(launched.assign(launch_designator=known))
    columns = ["launch_designator", "launch_id", "launch_date"]
    every = pd.concat([part[columns] for part in parts] or [pd.DataFrame(columns=columns)])
    unique = every.dropna(subset=["launch_designator"]).drop_duplicates("launch_designator")
    return unique.set_index("launch_designator")
