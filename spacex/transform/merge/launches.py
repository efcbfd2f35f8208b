"""Merge the launches of two sources.

Launches match if the archive names the live source's ID, or if both have the same site and the same
UTC date, exact to the day. The archive's row has precedence if it has an outcome; otherwise the
live source's row has, because the archive never updated its upcoming launches. The archive's ID is
kept, because payloads and satellites refer to it. Boosters come from the source of the launch.
"""

import pandas as pd

from spacex.schema import TABLES
from spacex.transform import TidyTable
from spacex.transform.merge.run_tables import RunTables, coalesce, fill_gaps

_EXACT_TO_THE_DAY = {"day", "hour", "minute", "second"}


def merge_launches(run: RunTables) -> None:
    """Merge the launches of a run under one ID each, and their boosters."""
    _add_designators(run)
    for table in run.all_of("launches"):
        run.set(_launch_sources(table, table.frame))
    if not (pair := run.pair("launches")):
        return
    archive, live = pair
    ids = _match(archive.frame, live.frame)
    renamed = live.frame.assign(launch_id=live.frame["launch_id"].replace(ids))
    live_ids = archive.frame["launch_id"].map({ours: theirs for theirs, ours in ids.items()})
    known = archive.frame.assign(
        launch_library_id=coalesce(archive.frame["launch_library_id"], live_ids)
    )
    has_outcome = known["success"].notna() & ~known["is_upcoming"]
    is_superseded = known["launch_id"].isin(renamed["launch_id"]) & ~has_outcome
    is_duplicate = renamed["launch_id"].isin(known["launch_id"][~is_superseded])
    run.set(archive.keep(fill_gaps(known[~is_superseded], renamed, "launch_id")))
    run.set(live.keep(fill_gaps(renamed[~is_duplicate], known, "launch_id")))
    run.set(_launch_sources(live, renamed))
    _merge_cores(run, ids, set(known["launch_id"][is_superseded]))


def _launch_sources(launches: TidyTable, renamed: pd.DataFrame) -> TidyTable:
    """Return the `launch_sources` of a source: its launches, renamed to the merged IDs."""
    table = TABLES["launch_sources"]
    rows = renamed.assign(source_launch_id=launches.frame["launch_id"])
    frame = rows[list(table.column_names)]
    return TidyTable(table, launches.endpoint, launches.source, frame, len(frame), [])


def _merge_cores(run: RunTables, ids: dict[str, str], superseded: set[str]) -> None:
    """Replace the boosters of superseded launches by those of the live source, if it has any.

    `ids` maps the live source's launch IDs to the archive's, as `superseded` has them.
    """
    if not (pair := run.pair("launch_cores")):
        return
    archive, live = pair
    renamed = live.frame.assign(launch_id=live.frame["launch_id"].replace(ids))
    is_replaced = archive.frame["launch_id"].isin(set(renamed["launch_id"]) & superseded)
    is_duplicate = renamed["launch_id"].isin(set(ids.values()) - superseded)
    run.set(archive.keep(archive.frame[~is_replaced]))
    run.set(live.keep(renamed[~is_duplicate]))


def _match(archive: pd.DataFrame, live: pd.DataFrame) -> dict[str, str]:
    """Return the live source's launch ID → the archive's, for matching launches."""
    named = archive.dropna(subset=["launch_library_id"])
    ids = dict(zip(named["launch_library_id"], named["launch_id"], strict=True))
    ids = {theirs: ours for theirs, ours in ids.items() if theirs in set(live["launch_id"])}
    ours = _unique_days(archive[~archive["launch_id"].isin(ids.values())])
    theirs = _unique_days(live[~live["launch_id"].isin(ids.keys())])
    pairs = theirs.merge(ours, on=["day", "launchpad_id"], suffixes=("", "_archive"))
    return ids | dict(zip(pairs["launch_id"], pairs["launch_id_archive"], strict=True))


def _unique_days(launches: pd.DataFrame) -> pd.DataFrame:
    """Return date and site of the launches with an exact date that share it with no other."""
    exact = launches[launches["date_precision"].isin(_EXACT_TO_THE_DAY)]
    days = exact[["launch_id", "launchpad_id"]].assign(day=exact["date_utc"].str[:10])
    return days.drop_duplicates(["day", "launchpad_id"], keep=False)


def _add_designators(run: RunTables) -> None:
    """Take the designators of the archive's launches from its satellites."""
    launches, satellites = run.archive("launches"), run.archive("starlink")
    if launches and satellites:
        found = launches.frame["launch_id"].map(designators(satellites))
        known = coalesce(launches.frame["launch_designator"], found)
        run.set_frame(launches, launches.frame.assign(launch_designator=known))


def designators(satellites: TidyTable) -> "pd.Series[str]":
    """Return the designator by launch ID, from the satellites that name their launch."""
    named = satellites.frame.dropna(subset=["launch_id"])
    rows = named.assign(designator=launch_designator(named)).dropna(subset=["designator"])
    return rows.groupby("launch_id")["designator"].first()


def launch_designator(satellites: pd.DataFrame) -> "pd.Series[str]":
    """Return the launch designator of each satellite: `2022-010` for 2022-010A."""
    return satellites["object_id"].str.extract(r"^(\d{4}-\d{3})", expand=False)
