"""Merge the launches of several sources into one row each, attribute by attribute.

`match_launches` finds the launches that are the same. The merged launch has the ID of the first
source in the order of `SOURCES`: the archive, to which payloads and satellites refer, then Launch
Library. Its row comes from the first source with an outcome; the others fill its gaps. The archive
therefore keeps its names and links, and never decides about launches it has not seen fly.

What is a matter of fact comes from the source with precedence, whatever the row:

- date: the most precise one; of equal precision, by the precedence of facts;
- outcome, site, rocket and designator: Launch Library, GCAT, the archive;
- class: GCAT, the archive, Launch Library, which does not tell a loss on the pad;
- boosters and their flight numbers: as the outcome; landings fill in.

A source that has a launch as flown precedes one that has it as upcoming. `launch_sources` keeps
what each source reports.
"""

from collections.abc import Sequence

import pandas as pd

from spacex.schema import TABLES
from spacex.schema.launches import PRECISIONS
from spacex.transform import TidyTable
from spacex.transform.merge.launch_cores import booster_texts, merge_cores
from spacex.transform.merge.launch_matching import match_launches
from spacex.transform.merge.run_tables import RunTables, coalesce, rank

FACTS = ("launchlibrary", "gcat", "spacexdata")
"""Sources by the precedence of what they report."""
CLASSES = ("gcat", "spacexdata", "launchlibrary")
"""Sources by the precedence of their launch classes."""
_OF_UPCOMING = ("status", "is_tbd", "is_net", "window_s")
"""Columns that describe a plan; a flown launch has them only from a source with its flight."""
_SAME_TIME = pd.Timedelta(minutes=15)
_SUBORBITAL_ORBIT = "SO"
"""The archive's code of a suborbital flight."""


def merge_launches(run: RunTables) -> None:
    """Merge the launches of a run under one ID each, and their boosters."""
    reported = {table.source: table.frame["launch_designator"] for table in run.all_of("launches")}
    _describe_archive(run)
    tables = run.all_of("launches")
    if not tables:
        return
    ids = _common_ids(tables)
    every = pd.concat(
        [
            table.frame.assign(
                source_launch_id=table.frame["launch_id"],
                launch_id=table.frame["launch_id"].replace(ids[table.source]),
                boosters=booster_texts(run, table),
            )
            for table in tables
        ],
        ignore_index=True,
    )
    for table in tables:
        own = every[every["source"] == table.source]
        designator = reported[table.source].set_axis(own.index)
        run.set(_launch_sources(table, own.assign(launch_designator=designator)))
    merged = _merged(every)
    for table in tables:
        kept = merged[merged["source"] == table.source]
        run.set(table.keep(kept[list(table.table.column_names)]))
    merge_cores(run, ids, every, FACTS)


def _common_ids(tables: Sequence[TidyTable]) -> dict[str, dict[str, str]]:
    """Return source → ID of a launch → the merged ID, for launches that have another ID there."""
    known = tables[0].frame
    ids: dict[str, dict[str, str]] = {tables[0].source: {}}
    for table in tables[1:]:
        ids[table.source] = match_launches(known, table.frame)
        is_new = ~table.frame["launch_id"].isin(ids[table.source])
        known = pd.concat([known, table.frame[is_new]], ignore_index=True)
    return ids


def _launch_sources(launches: TidyTable, rows: pd.DataFrame) -> TidyTable:
    """Return the `launch_sources` of a source: its launches under the merged IDs."""
    table = TABLES["launch_sources"]
    frame = rows[list(table.column_names)]
    return TidyTable(table, launches.endpoint, launches.source, frame, len(frame), [])


def _merged(every: pd.DataFrame) -> pd.DataFrame:
    """Return one row per launch from the rows of all sources."""
    is_flown = ~every.groupby("launch_id")["is_upcoming"].transform("min")
    is_stale = every["is_upcoming"] & is_flown
    rows = every.assign(
        is_stale=is_stale,
        lacks_outcome=every["is_upcoming"] | every["success"].isna(),
        coarseness=_coarseness(every["date_precision"]),
    )
    for name in _OF_UPCOMING:
        rows[name] = rows[name].mask(is_stale)
    rows["date_source"] = rows["source"]
    by_facts = rows.assign(rank=rank(rows["source"], FACTS))
    facts = _first(by_facts, ["is_stale", "rank"])
    dates = by_facts.sort_values(["is_stale", "coarseness", "rank"], kind="stable")
    dates = dates.drop_duplicates("launch_id").set_index("launch_id")
    classes = _first(rows.assign(rank=rank(rows["source"], CLASSES)), ["rank"])
    merged = _first(rows, ["lacks_outcome", "is_stale"])
    own_date = pd.to_datetime(merged["date_utc"], utc=True)
    for name in ("date_utc", "date_precision", "date_source"):
        merged[name] = dates[name]
    for name in ("success", "is_upcoming", "launchpad_id", "rocket_id", "launch_designator"):
        merged[name] = facts[name]
    merged["launch_class"] = classes["launch_class"]
    has_moved = (pd.to_datetime(merged["date_utc"], utc=True) - own_date).abs() > _SAME_TIME
    merged["date_local"] = merged["date_local"].mask(has_moved)
    return merged.reset_index()


def _coarseness(precisions: "pd.Series[str]") -> "pd.Series[float]":
    """Return numbers that grow with the coarseness of dates; a missing one counts as coarsest."""
    places = precisions.map(PRECISIONS.index, na_action="ignore")
    return -places.astype(float).fillna(-1)  # of no rows, they would be texts


def _first(rows: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Return the first value of each column that is not null, by launch, in an order of rows."""
    groups = rows.sort_values(order, kind="stable").groupby("launch_id", sort=False)
    return groups.first()


def _describe_archive(run: RunTables) -> None:
    """Add the designators and classes of the archive's launches.

    The designator is that of its satellites. A failure before liftoff is a loss on the pad; a
    payload of a suborbital flight makes the launch suborbital.
    """
    launches, failures = run.archive("launches"), run.archive("launch_failures")
    if launches is None:
        return
    frame = launches.frame
    if satellites := run.archive("starlink"):
        found = frame["launch_id"].map(designators(satellites))
        frame = frame.assign(launch_designator=coalesce(frame["launch_designator"], found))
    classes = pd.Series("orbital", frame.index, frame["launch_class"].dtype)
    if payloads := run.archive("payloads"):
        is_suborbital = payloads.frame["orbit"].eq(_SUBORBITAL_ORBIT).fillna(value=False)
        flights = payloads.frame["launch_id"][is_suborbital]
        classes = classes.mask(frame["launch_id"].isin(flights), "suborbital")
    if failures:
        lost = failures.frame["launch_id"][failures.frame["time_s"] < 0]
        classes = classes.mask(frame["launch_id"].isin(lost), "pad loss")
    run.set_frame(launches, frame.assign(launch_class=classes))


def designators(satellites: TidyTable) -> "pd.Series[str]":
    """Return the designator by launch ID, from the satellites that name their launch."""
    named = satellites.frame.dropna(subset=["launch_id"])
    rows = named.assign(designator=launch_designator(named)).dropna(subset=["designator"])
    return rows.groupby("launch_id")["designator"].first()


def launch_designator(satellites: pd.DataFrame) -> "pd.Series[str]":
    """Return the launch designator of each satellite: `2022-010` for 2022-010A."""
    return satellites["object_id"].str.extract(r"^(\d{4}-\d{3})", expand=False)
