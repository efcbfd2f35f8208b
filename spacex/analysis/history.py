"""The fleet on a date, and the changes between GP lists.

The fleet on a date is that of the newest GP list at that date, with the elements known then. Before
the first GP list the fleet is unknown, which is an error.

Every function raises `DatabaseError` if the database is missing or unreadable.
"""

import json
import warnings
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from spacex.analysis.queries import query
from spacex.errors import DataError, QueryError
from spacex.extract.as_of import Date, as_of_utc, is_date
from spacex.schema.shared import MAX_CATALOGUE_NUMBER
from spacex.schema.starlink import STARLINK_ELEMENTS
from spacex.settings import command
from spacex.units import counted, utc_instant
from spacex.warehouse.archive import EXTRA, PACKAGE, is_available
from spacex.warehouse.archive.files import named_files
from spacex.warehouse.archive.reading import Selection, read_sets, unreadable
from spacex.warehouse.coverage import LONGEST_GAP_DAYS
from spacex.warehouse.fleet import LIST_COLUMNS, LIVE, known_numbers
from spacex.warehouse.kept_connection import reading_for
from spacex.warehouse.renumbering import RENUMBERINGS, Renumbering

IN_NEWEST_SNAPSHOT = """(source, observed_utc) IN (
    SELECT source, max(retrieved_utc) FROM _snapshots GROUP BY source, endpoint)"""
"""SQL condition: the change was observed in the newest snapshot of its service."""
Seen = Mapping[tuple[str, str], str]
"""Source and endpoint → instant of the newest snapshot that a reader has seen."""
_UNSEEN = f"""
    WITH seen AS (SELECT json_extract(value, '$[0]') AS seen_source,
                         json_extract(value, '$[1]') AS endpoint,
                         json_extract(value, '$[2]') AS seen_utc FROM json_each(?))
    SELECT v_changes.* FROM v_changes LEFT JOIN seen
        ON seen_source = source AND endpoint = iif(table_name = 'starlink', 'starlink', 'launches')
    WHERE iif(seen_utc IS NULL, {IN_NEWEST_SNAPSHOT}, observed_utc > seen_utc)
    ORDER BY observed_utc DESC, kind, name"""
_IMPORT = command("import-snapshots", "FOLDER")
_RECENT_DAYS = 5
NO_ARCHIVE = (
    f"The database keeps all element sets, as the package {PACKAGE} of the extra `{EXTRA}` is not "
    "installed."
)
"""What is said if nothing can be moved to the archive."""
_DENSE_LISTS = 10
_DENSE_GAP_DAYS = 10.0
"""A history with fewer GP lists, or longer gaps, gets a caveat."""


def gp_lists(database: Path | str) -> pd.DataFrame:
    """Return the GP lists, oldest first: the columns of `v_observations`."""
    return query(database, "SELECT * FROM v_observations ORDER BY observed_utc")


def history_caveat(gp_lists: pd.DataFrame) -> str:
    """Return a caveat for a history with few GP lists or long gaps; empty if there is none.

    Args:
        gp_lists: the result of `gp_lists`.
    """
    if gp_lists.empty:
        return f"No GP list is loaded. Run `{_IMPORT}` to load older ones."
    first, last = (instant[:10] for instant in gp_lists["observed_utc"].iloc[[0, -1]])
    if len(gp_lists) == 1:
        return f"Only one GP list is loaded, of {first}. A comparison needs two."
    gap = pd.to_datetime(gp_lists["observed_utc"]).diff().max() / pd.Timedelta(days=1)
    if len(gp_lists) >= _DENSE_LISTS and gap <= _DENSE_GAP_DAYS:
        return ""
    return (
        f"{len(gp_lists)} GP lists are loaded, of {first} to {last}, up to {gap:,.0f} d apart. "
        "Satellites listed only between two of them are missing, and changes are dated to the gap."
    )


def elements(
    database: Path | str,
    *,
    satellites: Collection[int] | None = None,
    since: Date = "",
    until: Date = "",
    columns: Sequence[str] = (),
) -> pd.DataFrame:
    """Return element sets of the whole history: of the database, and of the archive if it has one.

    Args:
        database: the database.
        satellites: catalogue numbers; None: all satellites.
        since: the first epoch, a date or an instant; empty: the first of all.
        until: the last epoch, a date, meaning its end, or an instant; empty: the last of all.
        columns: columns of `starlink_elements`; empty: all.

    Returns:
        One row per element set, by catalogue number and epoch. If files of the archive cannot be
        read here, a warning says so, and the sets of the hot window are returned.

    Raises:
        SettingsError: a date is invalid.
        QueryError: `starlink_elements` has no such column.
        DatabaseError: a file of the archive is damaged.
    """
    if unknown := [name for name in columns if name not in STARLINK_ELEMENTS.column_names]:
        raise QueryError(
            f"There is no column {unknown[0]!r} of starlink_elements.",
            f"Its columns are {', '.join(STARLINK_ELEMENTS.column_names)}.",
        )
    return _sets(
        database,
        Selection(
            satellites=satellites,
            since_utc=_limit(since, first=True),
            until_utc=_limit(until, first=False),
            columns=tuple(columns),
        ),
    )


def archive_sentence(database: Path | str) -> str:
    """Return what the archive has, or why it has nothing or cannot be read; empty if it is empty.

    Args:
        database: the database.
    """
    with reading_for(database) as connection:
        files = named_files(connection)
    if not files:
        return "" if is_available() else NO_ARCHIVE
    sets = sum(each.row_count for each in files)
    first, last = files[0].first_epoch_utc, max(each.last_epoch_utc for each in files)
    return unreadable(database, files) or (
        f"{counted(sets, 'older element set')} in {counted(len(files), 'file')} of the archive, of "
        f"{first[:10]} to {last[:10]}"
    )


def _limit(date: Date, *, first: bool) -> str:
    """Return the first or the last epoch of a date or an instant; empty if there is none."""
    if not date:
        return ""
    utc = as_of_utc(date)
    if first and is_date(date):
        return utc[: len("2026-11-01")]
    return f"{utc.removesuffix('Z')}.{'000000' if first else '999999'}Z"


def _sets(database: Path | str, which: Selection) -> pd.DataFrame:
    """Return element sets; warn if files of the archive cannot be read here."""
    with reading_for(database) as connection:
        found, lacking = read_sets(connection, database, which)
    if lacking:
        warnings.warn(lacking, stacklevel=3)
    return found


def fleet_on(database: Path | str, date: Date) -> pd.DataFrame:
    """Return the satellites listed on a date, with the elements known then.

    If the format of the newest list cannot hold a number, the list before it counts.

    Args:
        database: the database.
        date: a date, meaning its end, or an instant.

    Returns:
        One row per listed satellite, by its catalogue number of now: the columns of
        `starlink_elements`, `object_name` and `launch_designator`. `attrs["observed_utc"]` is the
        instant of the list.

    Raises:
        SettingsError: the date is invalid.
        DataError: there is no GP list at that date, or of the LONGEST_GAP_DAYS before it.
    """
    lists = _gp_lists_on(database, date)
    gp_list = lists.iloc[0]
    _require_recent(str(gp_list["observed_utc"]), as_of_utc(date))
    numbers = _numbers(database, lists)
    newest = _newest_sets(database, gp_list, lists, numbers)
    names = query(database, "SELECT norad_cat_id, object_name, launch_designator FROM starlink")
    fleet = newest.merge(names, how="left", on="norad_cat_id")
    fleet.attrs["observed_utc"] = gp_list["observed_utc"]
    return fleet


def _newest_sets(
    database: Path | str, gp_list: "pd.Series[Any]", lists: pd.DataFrame, numbers: set[int]
) -> pd.DataFrame:
    """Return the newest set of each satellite that was known with a GP list.

    Nearly all are of the days before the list, so that the older ones are read for few satellites.

    Args:
        database: the database.
        gp_list: the list.
        lists: the list, and older ones that can hold more numbers.
        numbers: the satellites.
    """
    oldest, last = lists["oldest_epoch_utc"].min(), lists["newest_epoch_utc"].max()
    recent = max(oldest, f"{pd.Timestamp(last) - pd.Timedelta(days=_RECENT_DAYS):%Y-%m-%d}")
    known = {"source": gp_list["source"], "known_utc": gp_list["observed_utc"]}
    newest = _sets(database, Selection(since_utc=recent, until_utc=last, newest_only=True, **known))
    newest = newest[newest["norad_cat_id"].isin(numbers)]
    older = numbers.difference(newest["norad_cat_id"])
    if older and oldest < recent:
        which = Selection(
            satellites=older, since_utc=oldest, until_utc=recent, newest_only=True, **known
        )
        rest = _sets(database, which)
        newest = pd.concat([newest, rest]).sort_values("norad_cat_id") if len(rest) else newest
    return newest.reset_index(drop=True)


def compare(database: Path | str, earlier: Date, later: Date) -> pd.DataFrame:
    """Compare the GP lists of two dates, as far as lists of both dates can hold the numbers.

    Args:
        database: the database.
        earlier: a date or an instant.
        later: a date or an instant.

    Returns:
        One row per difference: `norad_cat_id`, `object_name`, `launch_designator`, and `change`,
        which is `newly_listed` or `newly_unlisted`.

    Raises:
        SettingsError, DataError: as `fleet_on`.
    """
    lists = [_gp_lists_on(database, date) for date in (earlier, later)]
    largest = min(int(each["max_norad_cat_id"].max()) for each in lists)
    before, after = (_numbers(database, each, largest) for each in lists)
    differences = pd.DataFrame(
        [(number, "newly_listed") for number in sorted(after - before)]
        + [(number, "newly_unlisted") for number in sorted(before - after)],
        columns=["norad_cat_id", "change"],
    )
    names = query(database, "SELECT norad_cat_id, object_name, launch_designator FROM starlink")
    return differences.merge(names, how="left", on="norad_cat_id")


def changes(database: Path | str, since: Date | Seen = "") -> pd.DataFrame:
    """Return the changes since a date, newest first; by default those of the newest snapshots.

    A date includes the changes of that day; an instant those after it. Instead, `since` may be what
    a reader has seen: of an endpoint that is not in it, the changes of the newest snapshot are
    returned.

    Raises:
        SettingsError: the date is invalid.
    """
    if isinstance(since, Mapping):
        return query(database, _UNSEEN, [json.dumps([[*of, utc] for of, utc in since.items()])])
    if since not in {"", None}:
        utc = as_of_utc(since)
        after = "observed_utc >= substr(?, 1, 10)" if is_date(since) else "observed_utc > ?"
        sql = f"SELECT * FROM v_changes WHERE {after} ORDER BY observed_utc DESC, kind, name"
        return query(database, sql, (utc,))
    return query(
        database, f"SELECT * FROM v_changes WHERE {IN_NEWEST_SNAPSHOT} ORDER BY kind, name"
    )


def change_counts(database: Path | str, since: Date | Seen = "") -> pd.DataFrame:
    """Count the changes by `source` and `kind`, with the span of the compared snapshots.

    Raises:
        SettingsError: the date is invalid.
    """
    groups = changes(database, since).groupby(["source", "kind"], as_index=False)
    return groups.agg(
        since_utc=("since_utc", "min"),
        observed_utc=("observed_utc", "max"),
        changes=("kind", "size"),
    )


def compared_endpoints(database: Path | str) -> set[str]:
    """Return the endpoints with two responses to compare; the others have no known changes."""
    found = query(
        database,
        f"""SELECT 'starlink' AS endpoint FROM _observations GROUP BY source HAVING count(*) > 1
            UNION SELECT endpoint FROM _snapshots
            WHERE endpoint = 'launches' AND source IN ({LIVE})
            GROUP BY source HAVING count(DISTINCT checked_utc) > 1""",
    )
    return set(found["endpoint"])


def new_satellites_by_launch(database: Path | str, since: Date | Seen = "") -> pd.DataFrame:
    """Count new satellites: `launch_designator`, `launch`, `satellites`, most first.

    Raises:
        SettingsError: the date is invalid.
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


def latest_launch_altitudes(database: Path | str, count: int) -> pd.DataFrame:
    """Return the `v_launch_altitudes` of the latest launches found in several GP lists.

    Args:
        database: the database.
        count: maximum number of launches.
    """
    return query(
        database,
        """SELECT * FROM v_launch_altitudes WHERE launch_designator IN (
               SELECT launch_designator FROM _launch_altitudes GROUP BY 1 HAVING count(*) > 1
               ORDER BY 1 DESC LIMIT ?)
           ORDER BY launch_designator, observed_utc""",
        (count,),
    )


def _gp_lists_on(database: Path | str, date: Date) -> pd.DataFrame:
    """Return the GP list on a date, and older ones that can hold more numbers, newest first."""
    instant = as_of_utc(date)
    found = query(
        database,
        """SELECT * FROM _observations
           WHERE observed_utc <= ?1 AND observed_utc >= coalesce(
               (SELECT max(observed_utc) FROM _observations
                WHERE observed_utc <= ?1 AND max_norad_cat_id = ?2), '')
           ORDER BY observed_utc DESC""",
        (instant, MAX_CATALOGUE_NUMBER),
    )
    if found.empty:
        has_later = not query(database, "SELECT 1 FROM _observations LIMIT 1").empty
        raise DataError(
            f"The fleet on {instant} is unknown: there is no GP list"
            f"{' from before that instant' if has_later else ''}.",
            remedy=f"{'Choose a later date, or run' if has_later else 'Run'} `{_IMPORT}` to load "
            f"{'older' if has_later else 'dated'} GP lists.",
        )
    return found[found["max_norad_cat_id"].cummax().diff().fillna(1) > 0]


def _require_recent(observed_utc: str, instant: str) -> None:
    """Raise DataError if a GP list is too old to be the fleet at an instant."""
    if utc_instant(instant) - utc_instant(observed_utc) > timedelta(LONGEST_GAP_DAYS):
        raise DataError(
            f"The fleet on {instant} is unknown: the newest GP list before it, of {observed_utc}, "
            f"is more than {LONGEST_GAP_DAYS} days older.",
            remedy=f"Choose {observed_utc[:10]}, or run `{_IMPORT}` to load more GP lists.",
        )


def _numbers(
    database: Path | str, lists: pd.DataFrame, largest: int = MAX_CATALOGUE_NUMBER
) -> set[int]:
    """Return the catalogue numbers of now of the satellites in GP lists."""
    renumbered = query(database, RENUMBERINGS).itertuples(index=False, name=None)
    columns = (lists[name] for name in LIST_COLUMNS.split(", "))
    return known_numbers(
        zip(*columns, strict=True), largest, [Renumbering(*each) for each in renumbered]
    )
