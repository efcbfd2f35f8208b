"""Satellites that two sources tell of, as one.

They are the same where their catalogue numbers are. The list of what is in orbit now is preferred:
it is newer. The archive fills what that list does not tell: version, launch, owner. It does not
fill positions, which are of another instant. Where the archive says that a satellite has
re-entered, its row stands: that does not pass.

A satellite's launch is the one whose designator its own begins with.
"""

import pandas as pd

from spacex.transform.merge.launches import designator, designators
from spacex.transform.merge.run_tables import Tables, either, filled

_POSITION = ("latitude_deg", "longitude_deg", "height_km", "velocity_km_s")


def merge_satellites(run: Tables) -> None:
    """Leave each satellite of a run one row, and join it to its launch."""
    if both := run.pair("starlink"):
        archive, living = both
        decayed = archive.frame["norad_cat_id"][archive.frame["is_decayed"]]
        listed = living.frame[~living.frame["norad_cat_id"].isin(decayed)]
        columns = [name for name in listed.columns if name not in _POSITION]
        run.put(living.keep(filled(listed, archive.frame, "norad_cat_id", columns)))
        is_duplicate = archive.frame["norad_cat_id"].isin(listed["norad_cat_id"])
        run.put(archive.keep(archive.frame[~is_duplicate]))
    launches = _launches(run)
    for table in run.each("starlink"):
        named = designator(table.frame)
        found = launches.reindex(named)
        joined = table.frame.assign(launch_designator=named)
        for column in ("launch_id", "launch_date"):
            joined[column] = either(joined[column], found[column].set_axis(joined.index))
        run.set_frame(table, joined)


def _launches(run: Tables) -> pd.DataFrame:
    """Designator → launch id and day, by the launches and the satellites that name theirs."""
    parts = [
        table.frame.assign(launch_date=table.frame["date_utc"].str[:10])
        for table in run.each("launches")
    ]
    if satellites := run.archive("starlink"):
        known = satellites.frame.drop_duplicates("launch_id")
        named = designators(satellites)
        parts.append(known.assign(launch_designator=known["launch_id"].map(named)))
    columns = ["launch_designator", "launch_id", "launch_date"]
    every = pd.concat([part[columns] for part in parts] or [pd.DataFrame(columns=columns)])
    unique = every.dropna(subset=["launch_designator"]).drop_duplicates("launch_designator")
    return unique.set_index("launch_designator")
