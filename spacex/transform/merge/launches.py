"""Launches that two sources tell of, as one.

They are the same where the archive names the other's id; else where they are of the same day, in
UTC, from the same site, and both dates are exact to the day. The archive's row is preferred where
it has recorded an outcome: it was written at the time and has not moved since. Else the living
source's is: the archive's "upcoming" launches never left that state. The archive's id is kept, so
that payloads and satellites find their launch. A launch's boosters come from where its row does.
"""

import pandas as pd

from spacex.schema import TABLES
from spacex.transform import TidyTable
from spacex.transform.merge.run_tables import Tables, either, filled

_EXACT = {"day", "hour", "minute", "second"}


def merge_launches(run: Tables) -> None:
    """Leave each launch of a run one row, under one id, and its boosters with it."""
    _add_designators(run)
    for table in run.each("launches"):
        run.put(_as_stated(table, table.frame))
    if not (both := run.pair("launches")):
        return
    archive, living = both
    ids = _same(archive.frame, living.frame)
    renamed = living.frame.assign(launch_id=living.frame["launch_id"].replace(ids))
    others = archive.frame["launch_id"].map({kept: other for other, kept in ids.items()})
    known = archive.frame.assign(
        launch_library_id=either(archive.frame["launch_library_id"], others)
    )
    has_outcome = known["success"].notna() & ~known["is_upcoming"]
    gives_way = known["launch_id"].isin(renamed["launch_id"]) & ~has_outcome
    is_duplicate = renamed["launch_id"].isin(known["launch_id"][~gives_way])
    run.put(archive.keep(filled(known[~gives_way], renamed, "launch_id")))
    run.put(living.keep(filled(renamed[~is_duplicate], known, "launch_id")))
    run.put(_as_stated(living, renamed))
    _merge_cores(run, ids, set(known["launch_id"][gives_way]))


def _as_stated(launches: TidyTable, renamed: pd.DataFrame) -> TidyTable:
    """The rows of `launch_sources`: a source's launches before any gives way.

    Args:
        launches: the source's launches, under its own ids.
        renamed: the same rows, under the ids they have in the end.
    """
    table = TABLES["launch_sources"]
    told = renamed.assign(source_launch_id=launches.frame["launch_id"])
    frame = told[list(table.column_names)]
    return TidyTable(table, launches.endpoint, launches.source, frame, len(frame), [])


def _merge_cores(run: Tables, ids: dict[str, str], taken_over: set[str]) -> None:
    """Boosters of the launches whose row the living source gives are its own, if it has them."""
    if not (both := run.pair("launch_cores")):
        return
    archive, living = both
    renamed = living.frame.assign(launch_id=living.frame["launch_id"].replace(ids))
    has_own = set(renamed["launch_id"]) & taken_over
    stays = ~archive.frame["launch_id"].isin(has_own)
    is_duplicate = renamed["launch_id"].isin(set(ids.values()) - taken_over)
    run.put(archive.keep(archive.frame[stays]))
    run.put(living.keep(renamed[~is_duplicate]))


def _same(archive: pd.DataFrame, living: pd.DataFrame) -> dict[str, str]:
    """The living source's id → the archive's, for launches that are the same."""
    named = archive.dropna(subset=["launch_library_id"])
    ids = dict(zip(named["launch_library_id"], named["launch_id"], strict=True))
    ids = {other: kept for other, kept in ids.items() if other in set(living["launch_id"])}
    rest = _days(archive[~archive["launch_id"].isin(ids.values())])
    others = _days(living[~living["launch_id"].isin(ids.keys())])
    pairs = others.merge(rest, on=["day", "launchpad_id"], suffixes=("", "_archive"))
    return ids | dict(zip(pairs["launch_id"], pairs["launch_id_archive"], strict=True))


def _days(launches: pd.DataFrame) -> pd.DataFrame:
    """Day and site of the launches whose day is exact; of several on one day, none."""
    exact = launches[launches["date_precision"].isin(_EXACT)]
    days = exact[["launch_id", "launchpad_id"]].assign(day=exact["date_utc"].str[:10])
    return days.drop_duplicates(["day", "launchpad_id"], keep=False)


def _add_designators(run: Tables) -> None:
    """The archive's launches get their designator from its satellites, which name their launch."""
    launches, satellites = run.archive("launches"), run.archive("starlink")
    if launches and satellites:
        found = designators(satellites)
        known = launches.frame["launch_designator"]
        named = either(known, launches.frame["launch_id"].map(found))
        run.set_frame(launches, launches.frame.assign(launch_designator=named))


def designators(satellites: TidyTable) -> "pd.Series[str]":
    """Launch id → designator, by the satellites that name their launch."""
    named = satellites.frame.dropna(subset=["launch_id"])
    by_launch = named.assign(designator=designator(named)).dropna(subset=["designator"])
    return by_launch.groupby("launch_id")["designator"].first()


def designator(satellites: pd.DataFrame) -> "pd.Series[str]":
    """Year and number of each satellite's launch: `2022-010` of 2022-010A."""
    return satellites["object_id"].str.extract(r"^(\d{4}-\d{3})", expand=False)
