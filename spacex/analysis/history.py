"""The fleet as it was on a date, and what changed since: what the history of lists tells.

The fleet on a date is that of the newest list got by then, with the elements known by then: nothing
that came later is used. Where no list had been got, the fleet is not empty but unknown, which is an
error.
"""

import json
from pathlib import Path

import pandas as pd

from spacex.analysis.queries import query
from spacex.errors import DataError
from spacex.extract.as_of import as_of_utc

LATEST = """(source, observed_utc) IN (
    SELECT source, max(retrieved_utc) FROM _snapshots GROUP BY source)"""
"""In SQL: a change was seen in the newest answer of its service."""
_MANY = 10
_LONG_DAYS = 10.0
"""Fewer lists, or lists further apart, tell little of what went on between them."""


def observations(database: Path) -> pd.DataFrame:
    """The lists of what is in orbit, oldest first: how many satellites, how many came and went.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    return query(database, "SELECT * FROM v_observations ORDER BY observed_utc")


def shortcoming(lists: pd.DataFrame) -> str:
    """What a reader must know of a history with few lists, or with long gaps; else nothing.

    Args:
        lists: as from `observations`.
    """
    if lists.empty:
        return "No list of what is in orbit is loaded: spacex import-snapshots loads some."
    first, last = (day[: len("2025-05-18")] for day in lists["observed_utc"].iloc[[0, -1]])
    if len(lists) == 1:
        return f"Only one list is loaded, of {first}: there is nothing to compare it with yet."
    gap = pd.to_datetime(lists["observed_utc"]).diff().max() / pd.Timedelta(days=1)
    if len(lists) >= _MANY and gap <= _LONG_DAYS:
        return ""
    return (
        f"{len(lists)} lists are loaded, of {first} to {last}, up to {gap:,.0f} d apart: "
        "what came and went between two of them was not seen, and changes are dated no closer."
    )


def fleet_on(database: Path, date: str) -> pd.DataFrame:
    """The satellites listed on a date, with the elements known then.

    Args:
        database: the database.
        date: a date, which stands for its end, or an instant.

    Returns:
        A row per satellite listed, by catalogue number: the columns of `starlink_elements`,
        `object_name` and `launch_designator`. `observed_utc` of the list is in `attrs`.

    Raises:
        SettingsError: it is no date.
        DataError: no list had been got by then.
        DatabaseError: there is no database, or it cannot be read.
    """
    listed = _list_on(database, as_of_utc(date))
    numbers = pd.Series(members(listed["listed"]), name="norad_cat_id")
    known = query(
        database,
        """SELECT e.*, s.object_name, s.launch_designator
           FROM starlink_elements e LEFT JOIN starlink s USING (norad_cat_id)
           WHERE e.source = ? AND e.epoch_utc BETWEEN ? AND ? AND e.observed_utc <= ?
           ORDER BY norad_cat_id, epoch_utc""",
        (
            listed["source"],
            listed["oldest_epoch_utc"],
            listed["newest_epoch_utc"],
            listed["observed_utc"],
        ),
    )
    newest = known.drop_duplicates("norad_cat_id", keep="last")
    fleet = newest[newest["norad_cat_id"].isin(numbers)].reset_index(drop=True)
    fleet.attrs["observed_utc"] = listed["observed_utc"]
    return fleet


def members(listed: str) -> list[int]:
    """The catalogue numbers of a list, as `_observations` keeps them.

    >>> members("[[44713,44715],[44718,44718]]")
    [44713, 44714, 44715, 44718]
    """
    return [number for first, last in json.loads(listed) for number in range(first, last + 1)]


def compare(database: Path, earlier: str, later: str) -> pd.DataFrame:
    """Which satellites came and went between two dates, by plain comparison of the two lists.

    Returns:
        `norad_cat_id`, `object_name`, `launch_designator` and `change`, which is `newly_listed` or
        `newly_unlisted`.

    Raises:
        SettingsError, DataError, DatabaseError: as `fleet_on`.
    """
    before, after = (
        set(members(_list_on(database, as_of_utc(d))["listed"])) for d in (earlier, later)
    )
    changed = pd.DataFrame(
        [(number, "newly_listed") for number in sorted(after - before)]
        + [(number, "newly_unlisted") for number in sorted(before - after)],
        columns=["norad_cat_id", "change"],
    )
    names = query(database, "SELECT norad_cat_id, object_name, launch_designator FROM starlink")
    return changed.merge(names, how="left", on="norad_cat_id")


def changes(database: Path, since: str = "") -> pd.DataFrame:
    """What changed since a date, newest first; since the last answers, if no date is given.

    Raises:
        SettingsError: it is no date.
        DatabaseError: there is no database, or it cannot be read.
    """
    if since:
        return query(
            database,
            "SELECT * FROM v_changes WHERE observed_utc > ? ORDER BY observed_utc DESC, kind, name",
            (as_of_utc(since),),
        )
    return query(
        database,
        f"SELECT * FROM v_changes WHERE {LATEST} ORDER BY kind, name",
    )


def change_counts(database: Path, since: str = "") -> pd.DataFrame:
    """How many things of each kind changed, by source, with the answers compared.

    Raises:
        SettingsError, DatabaseError: as `changes`.
    """
    found = changes(database, since)
    groups = found.groupby(["source", "kind"], as_index=False)
    return groups.agg(
        since_utc=("since_utc", "min"),
        observed_utc=("observed_utc", "max"),
        changes=("kind", "size"),
    )


def new_by_launch(database: Path, since: str = "") -> pd.DataFrame:
    """New satellites by launch: `launch_designator`, `launch`, `satellites`, most first.

    Raises:
        SettingsError, DatabaseError: as `changes`.
    """
    found = changes(database, since)
    new = found[found["kind"] == "new satellite"]
    counts = new.groupby("launch_designator", dropna=False).size().reset_index(name="satellites")
    launches = query(
        database,
        "SELECT launch_designator, name AS launch FROM launches WHERE launch_designator NOT NULL",
    )
    return counts.merge(launches, how="left", on="launch_designator").sort_values(
        "satellites", ascending=False
    )


def latest_launch_altitudes(database: Path, count: int) -> pd.DataFrame:
    """The latest launches that several lists have satellites of, list by list.

    Returns:
        The columns of `v_launch_altitudes`; none of more than `count` launches.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    return query(
        database,
        """SELECT * FROM v_launch_altitudes WHERE launch_designator IN (
               SELECT launch_designator FROM _launch_altitudes GROUP BY 1 HAVING count(*) > 1
               ORDER BY 1 DESC LIMIT ?)
           ORDER BY launch_designator, observed_utc""",
        (count,),
    )


def freshness(database: Path) -> pd.DataFrame:
    """Each service, when its data were last known to be current, and their age in days.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    return query(
        database,
        """SELECT source, checked_utc, retrieved_utc,
                  round(julianday('now') - julianday(checked_utc), 2) AS age_days
           FROM v_sources ORDER BY source""",
    )


def _list_on(database: Path, instant: str) -> "pd.Series[str]":
    found = query(
        database,
        """SELECT * FROM _observations WHERE observed_utc <= ?
           ORDER BY observed_utc DESC LIMIT 1""",
        (instant,),
    )
    if found.empty:
        raise DataError(
            f"No list of what is in orbit had been got by {instant}: the fleet of then is unknown.",
            remedy="Choose a later date, or load older lists: spacex import-snapshots.",
        )
    return found.iloc[0]
