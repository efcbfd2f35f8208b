"""Merge the boosters of launches that several sources have.

Which boosters flew, and their flight numbers, come from the source with precedence that identifies
them; the other sources fill in the landing. A launch with one booster has one, whatever its sources
call it.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from spacex.transform import TidyTable
from spacex.transform.merge.run_tables import RunTables, rank

_FLIGHT = ["core_id", "flight", "is_reused"]


def booster_texts(run: RunTables, launches: TidyTable) -> "pd.Series[str]":
    """Return the boosters of each launch of a source, `B1033.1, B1025.2`, if they have a serial."""
    cores = run.get("launch_cores", launches.source)
    names = _serials(run)
    if cores is None:
        return pd.Series(pd.NA, launches.frame.index, launches.frame["name"].dtype)
    flown = cores.frame[cores.frame["core_id"].isin(list(names))].dropna(subset=["flight"])
    texts = flown["core_id"].map(names) + "." + flown["flight"].astype("string")
    every = texts.sort_values().groupby(flown["launch_id"]).agg(", ".join)
    return launches.frame["launch_id"].map(every).astype(launches.frame["name"].dtype)


def merge_cores(
    run: RunTables,
    ids: Mapping[str, Mapping[str, str]],
    launches: pd.DataFrame,
    precedence: Sequence[str],
) -> None:
    """Leave one row per booster of a launch.

    Args:
        run: the tables of the run, with the merged launches.
        ids: source → ID of a launch → the merged ID.
        launches: the launches of all sources under the merged IDs.
        precedence: names of the sources.
    """
    tables = run.all_of("launch_cores")
    if not tables:
        return
    every = _judged(tables, ids, launches, precedence)
    leading = every.sort_values(["is_stale", "is_unknown", "rank"], kind="stable")
    leader = leading.drop_duplicates("launch_id").set_index("launch_id")["source"]
    is_leading = every["source"] == every["launch_id"].map(leader)
    slot = ["launch_id", "slot"]
    wanted = every[is_leading].set_index(slot)
    matching = every[every.set_index(slot).index.isin(wanted.index)]
    groups = matching.sort_values(["lacks_outcome", "is_stale", "position"], kind="stable")
    merged = groups.groupby(slot, sort=False).first()
    merged["core_index"] = wanted["core_index"]
    identified = wanted["core_id"].notna()
    for name in _FLIGHT:
        own = wanted[name].reindex(merged.index)
        merged[name] = own.where(identified.reindex(merged.index), merged[name])
    rows = merged.reset_index()
    for table in tables:
        kept = rows[rows["source"] == table.source]
        run.set(table.keep(kept[list(table.table.column_names)]))


def _judged(
    tables: Sequence[TidyTable],
    ids: Mapping[str, Mapping[str, str]],
    launches: pd.DataFrame,
    precedence: Sequence[str],
) -> pd.DataFrame:
    """Return the boosters of all sources under the merged IDs, with what ranks them."""
    frames = [
        table.frame.assign(
            launch_id=table.frame["launch_id"].replace(ids.get(table.source, {})),
            source=table.source,
            position=position,
        )
        for position, table in enumerate(tables)
    ]
    every = pd.concat(frames, ignore_index=True)
    keys = ["launch_id", "source"]
    flown = launches.set_index(keys)[["is_upcoming", "success"]]
    every = every.join(flown, on=keys)
    every["rank"] = rank(every["source"], precedence)
    every["is_stale"] = every["is_upcoming"] & ~every.groupby("launch_id")["is_upcoming"].transform(
        "min"
    )
    every["lacks_outcome"] = every["is_upcoming"] | every["success"].isna()
    every["is_unknown"] = every["core_id"].isna()
    return every.assign(slot=_slots(every))


def _slots(cores: pd.DataFrame) -> "pd.Series[str]":
    """Return what a booster of a launch is called in all sources."""
    number = cores.groupby(["launch_id", "source"])["core_index"].transform("size")
    most = number.groupby(cores["launch_id"]).transform("max")
    unknown = "unknown " + cores["core_index"].astype("string")
    return cores["core_id"].astype("string").fillna(unknown).where(most > 1, "only")


def _serials(run: RunTables) -> dict[str, str]:
    """Return core ID → serial number."""
    serials: dict[str, str] = {}
    for table in run.all_of("cores"):
        serials |= dict(zip(table.frame["core_id"], table.frame["serial"], strict=True))
    return serials
