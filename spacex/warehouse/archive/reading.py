"""Read element sets from the database and the archive together."""

import heapq
import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pandas as pd

from spacex.schema.starlink import STARLINK_ELEMENTS
from spacex.transform.derive import derive
from spacex.warehouse.archive import EXTRA, PACKAGE, archive_root, is_available
from spacex.warehouse.archive.engine import DERIVED, KEY, STORED, as_texts, instant, reader
from spacex.warehouse.archive.files import ArchiveFile, named_files, parquet
from spacex.warehouse.insert import values_of

ORDER = ("norad_cat_id", "epoch_utc", "source")
_OF_DERIVED = ("mean_motion_rev_per_day", "eccentricity")
"""What derived columns are computed from."""
_FEW = 1_000
"""Most catalogue numbers that a condition names one by one."""


@dataclass(frozen=True)
class Selection:
    """Which element sets to read.

    Attributes:
        satellites: their catalogue numbers; None: all.
        since_utc: the oldest epoch; empty: no limit.
        until_utc: the newest epoch; empty: no limit.
        source: their source; empty: any.
        known_utc: the last instant at which they were observed, so that imported ones do not
            count; empty: any.
        columns: the columns of `starlink_elements`; empty: all.
        newest_only: whether to read only the newest of each satellite.
    """

    satellites: Collection[int] | None = None
    since_utc: str = ""
    until_utc: str = ""
    source: str = ""
    known_utc: str = ""
    columns: tuple[str, ...] = ()
    newest_only: bool = False


def read_sets(
    connection: sqlite3.Connection, database: Path | str, which: Selection
) -> tuple[pd.DataFrame, str]:
    """Return element sets by catalogue number and epoch, and what is missing of them.

    Args:
        connection: the published database, opened for reading.
        database: its path.
        which: the sets to read.

    Returns:
        The sets, with the types of a query of the database; and a sentence if files of the archive
        cannot be read here, in which case they lack: empty otherwise.

    Raises:
        DatabaseError: a file of the archive is damaged.
    """
    hot = _from_database(connection, which)
    files = [each for each in named_files(connection) if _may_have(each, which)]
    problem = unreadable(database, files)
    if not files or problem:
        return _finished([hot], which), problem
    return _finished([_from_files(database, files, which), hot], which), ""


def unreadable(database: Path | str, files: Sequence[ArchiveFile]) -> str:
    """Return why files of the archive cannot be read here, as a sentence; empty if they can.

    Args:
        database: the published database.
        files: the files.
    """
    if not files:
        return ""
    sets = sum(each.row_count for each in files)
    lacking = f"{sets:,} older element sets are in the archive and are left out"
    if not is_available():
        return f"{lacking}: the package {PACKAGE} of the extra `{EXTRA}` is not installed here."
    root = archive_root(database)
    if missing := [each.path for each in files if not (root / each.path).is_file()]:
        return f"{lacking}: {missing[0]} is not in {root}."
    return ""


def every_row(
    connection: sqlite3.Connection,
    database: Path | str,
    files: Sequence[ArchiveFile],
    without: str = "false",
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of `starlink_elements` and of files, in the order of its key.

    Args:
        connection: a database, opened for reading.
        database: the published database, beside which the files are.
        files: the files, oldest first.
        without: condition on sets of files that are left out, as SQL.

    Raises:
        DatabaseError: a file is missing or damaged.
    """
    names = STARLINK_ELEMENTS.column_names
    key = ", ".join(KEY)
    places = [names.index(name) for name in KEY]
    hot = connection.execute(f"SELECT {', '.join(names)} FROM starlink_elements ORDER BY {key}")
    cold = _rows_of_files(database, files, without)
    return heapq.merge(cold, hot, key=itemgetter(*places))


def _rows_of_files(
    database: Path | str, files: Sequence[ArchiveFile], without: str
) -> Iterator[tuple[Any, ...]]:
    for _, of_month in groupby(files, key=lambda each: each.month):
        sql = f"""SELECT {as_texts()} FROM (
                      SELECT * FROM {parquet(database, of_month)}
                      WHERE ({without}) IS NOT TRUE ORDER BY {", ".join(KEY)})"""
        with reader() as duck:
            frame = derive(STARLINK_ELEMENTS.name, duck.execute(sql).df())
        yield from values_of(frame[[*STARLINK_ELEMENTS.column_names]])


def _may_have(file: ArchiveFile, which: Selection) -> bool:
    return (
        file.last_epoch_utc >= which.since_utc
        and file.first_epoch_utc <= (which.until_utc or "9")
        and which.source in {"", file.source}
    )


def _read(which: Selection) -> list[str]:
    """Return the stored columns to read."""
    chosen = {*which.columns, *ORDER}
    if not which.columns or chosen & {*DERIVED}:
        chosen |= {*_OF_DERIVED}
    return [c.name for c in STORED if not which.columns or c.name in chosen]


def _from_database(connection: sqlite3.Connection, which: Selection) -> pd.DataFrame:
    names = which.columns or STARLINK_ELEMENTS.column_names
    chosen = [n for n in STARLINK_ELEMENTS.column_names if n in {*names, *ORDER}]
    conditions, values = ["true"], list[Any]()
    if which.satellites is not None:
        conditions.append("norad_cat_id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(sorted(map(int, which.satellites))))
    limits = {
        "epoch_utc >= ?": which.since_utc,
        "epoch_utc <= ?": which.until_utc,
        "source = ?": which.source,
        "observed_utc <= ?": which.known_utc,
    }
    conditions += [condition for condition, value in limits.items() if value]
    values += [value for value in limits.values() if value]
    sql = f"""SELECT {", ".join(chosen)} FROM starlink_elements
              WHERE {" AND ".join(conditions)} ORDER BY {", ".join(ORDER)}"""
    return pd.read_sql_query(sql, connection, params=values)


def _from_files(
    database: Path | str, files: Sequence[ArchiveFile], which: Selection
) -> pd.DataFrame:
    conditions = ["true"]
    if which.satellites is not None:
        conditions.append(_is_one_of(which.satellites))
    if which.since_utc:
        conditions.append(f"epoch_utc >= {instant(which.since_utc)}")
    if which.until_utc:
        conditions.append(f"epoch_utc <= {instant(which.until_utc)}")
    if which.known_utc:
        conditions.append(f"observed_utc <= {instant(which.known_utc)}")
    newest = (
        "QUALIFY row_number() OVER (PARTITION BY norad_cat_id ORDER BY epoch_utc DESC) = 1"
        if which.newest_only
        else ""
    )
    sql = f"""SELECT {as_texts(_read(which))} FROM (
                  SELECT * FROM {parquet(database, files)}
                  WHERE {" AND ".join(conditions)} {newest})"""
    with reader() as duck:
        return duck.execute(sql).df()


def _is_one_of(satellites: Collection[int]) -> str:
    """Return a condition on the catalogue number that skips groups of rows by their statistics."""
    numbers = sorted(map(int, satellites))
    if not numbers:
        return "false"
    named = ", ".join(map(str, numbers))
    if len(numbers) == 1:
        return f"norad_cat_id = {named}"
    if len(numbers) <= _FEW:
        return f"norad_cat_id IN ({named})"
    return f"norad_cat_id BETWEEN {numbers[0]} AND {numbers[-1]} AND norad_cat_id IN ({named})"


def _finished(parts: list[pd.DataFrame], which: Selection) -> pd.DataFrame:
    """Return the element sets of all parts in order, with the types of a query of the database."""
    names = which.columns or STARLINK_ELEMENTS.column_names
    cold, hot = parts[0], parts[-1]
    if len(parts) > 1 and len(cold):
        if {*names} & {*DERIVED}:
            cold = derive(STARLINK_ELEMENTS.name, cold)
        cold = _as_queried(cold, [*hot.columns])
        hot = pd.concat([cold, hot], ignore_index=True) if len(hot) else cold
        hot = hot.sort_values([*ORDER], kind="stable", ignore_index=True)
        for name in hot.columns[hot.isna().all()] if len(hot) else ():
            hot[name] = pd.Series([None] * len(hot), dtype=object)
    if which.newest_only:
        hot = hot.drop_duplicates("norad_cat_id", keep="last", ignore_index=True)
    return hot[[*names]]


def _as_queried(cold: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return columns of sets of files in the types of a query."""
    texts = pd.Series(["text"]).dtype
    found = {}
    for name in names:
        values = cold[name]
        if pd.api.types.is_integer_dtype(values.dtype) and values.isna().any():
            values = values.astype("float64")
        elif pd.api.types.is_integer_dtype(values.dtype):
            values = values.astype("int64")
        elif not pd.api.types.is_numeric_dtype(values.dtype):
            values = values.astype(texts)
        found[name] = values
    return pd.DataFrame(found)
