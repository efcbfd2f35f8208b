"""Merge the satellites of two sources by catalogue number, and link them to their launches.

The GP list has precedence, because it is newer. The archive fills its gaps (version, launch, owner)
except for positions, which belong to another instant. A satellite that the archive reports as
decayed keeps the archive's row. Satellites are linked to launches by the launch designator.
"""

import pandas as pd

from spacex.transform.merge.launches import designators, launch_designator
from spacex.transform.merge.run_tables import RunTables, coalesce, fill_gaps

_POSITION = ("latitude_deg", "longitude_deg", "height_km", "velocity_km_s")


def merge_satellites(run: RunTables) -> None:
    """Merge the satellites of a run, and link them to their launches."""
    if pair := run.pair("starlink"):
        archive, live = pair
        decayed = archive.frame["norad_cat_id"][archive.frame["is_decayed"]]
        listed = live.frame[~live.frame["norad_cat_id"].isin(decayed)]
        columns = [name for name in listed.columns if name not in _POSITION]
        run.set(live.keep(fill_gaps(listed, archive.frame, "norad_cat_id", columns)))
        is_listed = archive.frame["norad_cat_id"].isin(listed["norad_cat_id"])
        run.set(archive.keep(archive.frame[~is_listed]))
    launches = _launches(run)
    for table in run.all_of("starlink"):
        designator = launch_designator(table.frame)
        launch = launches.reindex(designator)
        linked = table.frame.assign(launch_designator=designator)
        for column in ("launch_id", "launch_date"):
            linked[column] = coalesce(linked[column], launch[column].set_axis(linked.index))
        run.set_frame(table, linked)


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
