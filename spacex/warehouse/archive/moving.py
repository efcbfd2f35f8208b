"""Move element sets from the database to files of the archive, and back.

Functions take the connection to the database being loaded, in its transaction.
"""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd

from spacex.errors import SettingsError
from spacex.orbits.reentry import WINDOW_DAYS
from spacex.schema.ddl import create_indexes
from spacex.schema.starlink import STARLINK_ELEMENTS
from spacex.transform.derive import derive
from spacex.units import utc_now
from spacex.warehouse.archive import EXTRA, PACKAGE, is_available
from spacex.warehouse.archive.compaction import compact, rewrite
from spacex.warehouse.archive.engine import KEY, STORED, as_texts, declared, from_texts
from spacex.warehouse.archive.files import (
    MONTH_LENGTH,
    ArchiveFile,
    Writer,
    name_files,
    named_files,
    parquet,
    write_files,
    writer,
)
from spacex.warehouse.fleet import LIVE
from spacex.warehouse.insert import insert_frame
from spacex.warehouse.renumbering import change_again, changed_numbers

_KEY = ", ".join(KEY)
_RETURNED_TABLE = replace(STARLINK_ELEMENTS, name="temp.returned")
_LEAST_UNUSED = 2_000
"""Pages of 4 KiB that a database may have unused."""
_AT_ONCE = 100_000
"""Rows that are in memory at once, as Python's values."""
_CUTOFF = "SELECT date(max(observed_utc), ?) FROM main._observations"
_OLD = f"""
    CREATE TEMP TABLE old_sets AS
    SELECT e.epoch_utc, e.norad_cat_id, e.source FROM main.starlink_elements e
           LEFT JOIN main.starlink s ON s.norad_cat_id = e.norad_cat_id
    WHERE e.epoch_utc < ? AND e.source IN ({LIVE})
          AND (s.epoch_utc, s.source) IS NOT (e.epoch_utc, e.source)
          AND NOT (coalesce(s.is_listed, 0) AND s.source = e.source
                   AND e.epoch_utc >= date(s.epoch_utc, '-{WINDOW_DAYS + 2:.0f} days'))
          AND EXISTS (SELECT 1 FROM main.starlink_elements n
                      WHERE n.norad_cat_id = e.norad_cat_id AND n.epoch_utc > e.epoch_utc
                            AND n.source = e.source)"""
_MOVED = f"""SELECT {", ".join(f"e.{column.name}" for column in STORED)}
             FROM temp.old_sets o CROSS JOIN main.starlink_elements e USING ({_KEY})"""
_STAGED = f"""
    CREATE TEMP TABLE sought AS
    SELECT {_KEY} FROM staging.starlink_elements WHERE epoch_utc <= ?
    EXCEPT SELECT {", ".join(f"m.{name}" for name in KEY)}
           FROM staging.starlink_elements s CROSS JOIN main.starlink_elements m USING ({_KEY})
           WHERE s.epoch_utc <= ?"""
_IMPORTED = f"""
    DELETE FROM main.starlink_elements WHERE ({_KEY}) IN (
        SELECT {", ".join(f"m.{name}" for name in KEY)}
        FROM staging.starlink_elements s CROSS JOIN main.starlink_elements m USING ({_KEY})
        WHERE m.observed_utc IS NULL AND s.observed_utc NOT NULL)"""
_RETURNED = f"""
    INSERT INTO main.starlink_elements SELECT * FROM temp.returned WHERE true
    ON CONFLICT ({_KEY}) DO UPDATE SET observed_utc = excluded.observed_utc
    WHERE excluded.observed_utc < starlink_elements.observed_utc
          AND excluded.creation_utc IS starlink_elements.creation_utc"""


def move_old_sets(
    connection: sqlite3.Connection, database: Path, hot_days: int, run_id: str
) -> int:
    """Move the element sets older than the hot window to files; return their number.

    Nothing is moved if the package that writes files is missing.

    Args:
        connection: the database being loaded.
        database: the published database.
        hot_days: length of the window, d.
        run_id: the run.

    Raises:
        StorageError: a file cannot be written.
        DatabaseError: a file of the archive is missing or damaged.
    """
    for statement in create_indexes():  # the first load has none yet
        connection.execute(statement)
    (cutoff,) = connection.execute(_CUTOFF, (f"-{hot_days} days",)).fetchone()
    if cutoff is None or not is_available():
        return 0
    connection.execute("DROP TABLE IF EXISTS temp.old_sets")
    connection.execute(_OLD, (cutoff,))
    (count,) = connection.execute("SELECT count(*) FROM temp.old_sets").fetchone()
    if not count:
        return 0
    with writer(connection, database, run_id) as to:
        _take_out_known(to)
        to.duck.execute(f"CREATE TABLE moved ({declared()})")
        for rows in pd.read_sql_query(_MOVED, connection, chunksize=_AT_ONCE):
            to.duck.register("rows", rows)
            to.duck.execute(f"INSERT INTO moved SELECT {from_texts()} FROM rows")
            to.duck.unregister("rows")
        name_files(connection, write_files(to, "SELECT * FROM moved"))
        connection.execute(
            f"DELETE FROM main.starlink_elements WHERE ({_KEY}) IN (SELECT {_KEY} FROM old_sets)"
        )
        compact(to, before=cutoff[:MONTH_LENGTH])
    connection.execute("DROP TABLE temp.old_sets")
    return int(count)


def release_space(connection: sqlite3.Connection) -> None:
    """Make a database smaller of which most is unused, as after the first move of many sets.

    Args:
        connection: the database being loaded, outside a transaction.
    """
    (unused,) = connection.execute("PRAGMA main.freelist_count").fetchone()
    (pages,) = connection.execute("PRAGMA main.page_count").fetchone()
    if unused > max(_LEAST_UNUSED, pages // 2):
        connection.execute("VACUUM main")


def hot_since(connection: sqlite3.Connection, hot_days: int) -> str:
    """Return the first day of the hot window, by the newest GP list or, without one, by now."""
    (day,) = connection.execute(_CUTOFF, (f"-{hot_days} days",)).fetchone()
    return day or f"{utc_now() - timedelta(days=hot_days):%Y-%m-%d}"


def take_out_staged(connection: sqlite3.Connection, database: Path, run_id: str) -> None:
    """Take the staged element sets out of the archive, so that a load can compare them.

    A set of a GP list replaces an imported one, which no list had: it tells when it was observed.

    Args:
        connection: the database being loaded, with the staging database.
        database: the published database.
        run_id: the run.

    Raises:
        StorageError, DatabaseError: as `move_old_sets`.
    """
    connection.execute(_IMPORTED)
    files = named_files(connection)
    if not files or not is_available():
        return
    newest = max(each.last_epoch_utc for each in files)
    connection.execute("DROP TABLE IF EXISTS temp.sought")
    connection.execute(_STAGED, (newest, newest))
    sought = connection.execute(f"SELECT {_KEY} FROM temp.sought").fetchall()
    connection.execute("DROP TABLE temp.sought")
    if not sought:
        return
    keys = pd.DataFrame(sought, columns=[*KEY])
    files = _between(files, keys["epoch_utc"].min(), keys["epoch_utc"].max())
    if not files:
        return
    with writer(connection, database, run_id) as to:
        _seek(to, keys)
        _take_out(to, files, _IS_SOUGHT, of_lists=True)


def renumber_archived(connection: sqlite3.Connection, database: Path, run_id: str) -> None:
    """Take the sets of satellites to which this load gave another number out of the archive.

    Args:
        connection: the database being loaded.
        database: the published database.
        run_id: the run.

    Raises:
        SettingsError: the package that reads files is missing.
        StorageError, DatabaseError: as `move_old_sets`.
    """
    files, changes = named_files(connection), changed_numbers(connection)
    if not files or not changes:
        return
    require_package("Satellites got other catalogue numbers, and the archive has sets of them")
    numbers = sorted({old for _, old, _ in changes})
    with writer(connection, database, run_id) as to:
        if _take_out(to, files, f"a.norad_cat_id IN ({', '.join(map(str, numbers))})"):
            change_again(connection, changes)


def require_package(why: str) -> None:
    """Check that the package that reads and writes files is installed.

    Raises:
        SettingsError: it is missing.
    """
    if not is_available():
        raise SettingsError(
            f"{why}, but the package {PACKAGE} is not installed.",
            remedy=f"Install it with the extra `{EXTRA}`: pip install 'spacex-insights[{EXTRA}]'.",
        )


_IS_SOUGHT = f"({', '.join(f'a.{name}' for name in KEY)}) IN (SELECT {_KEY} FROM sought)"


def _take_out_known(to: Writer) -> None:
    """Take those of `old_sets` out of the archive that are in it, so that no set is there twice."""
    oldest, newest = to.connection.execute(
        "SELECT min(epoch_utc), max(epoch_utc) FROM temp.old_sets"
    ).fetchone()
    if files := _between(named_files(to.connection), oldest, newest):
        _seek(to, pd.read_sql_query(f"SELECT {_KEY} FROM temp.old_sets", to.connection))
        _take_out(to, files, _IS_SOUGHT)
        to.duck.execute("DROP TABLE sought")


def _between(files: list[ArchiveFile], oldest: str, newest: str) -> list[ArchiveFile]:
    return [f for f in files if f.first_epoch_utc <= newest and f.last_epoch_utc >= oldest]


def _seek(to: Writer, keys: pd.DataFrame) -> None:
    """Fill the table `sought` with keys of element sets."""
    to.duck.register("rows", keys)
    to.duck.execute(
        """CREATE TABLE sought AS SELECT CAST(epoch_utc AS TIMESTAMP) AS epoch_utc,
                  CAST(norad_cat_id AS BIGINT) AS norad_cat_id, source FROM rows"""
    )
    to.duck.unregister("rows")


def _take_out(to: Writer, files: list[ArchiveFile], which: str, *, of_lists: bool = False) -> bool:
    """Move element sets from files back to `starlink_elements`; return whether there were any.

    Args:
        to: the archive.
        files: the files that may have them, at least one.
        which: condition on the sets `a`, as SQL.
        of_lists: whether imported sets are left out, which no GP list had.
    """
    source = parquet(to.database, files, ", filename = true")
    found = to.duck.execute(f"SELECT DISTINCT filename FROM {source} a WHERE {which}").fetchall()
    names = {Path(name).name for (name,) in found}
    touched = [each for each in files if Path(each.path).name in names]
    if not touched:
        return False
    listed = "AND a.observed_utc IS NOT NULL" if of_lists else ""
    sets = f"{parquet(to.database, touched)} a WHERE {which} {listed}"
    _insert_back(to.connection, to.duck.execute(f"SELECT {as_texts()} FROM {sets}").df())
    rewrite(to, touched, without=which)
    return True


def _insert_back(connection: sqlite3.Connection, sets: pd.DataFrame) -> None:
    connection.execute("DROP TABLE IF EXISTS temp.returned")
    connection.execute("CREATE TEMP TABLE returned AS SELECT * FROM main.starlink_elements LIMIT 0")
    with_derived = derive(STARLINK_ELEMENTS.name, sets)[[*STARLINK_ELEMENTS.column_names]]
    insert_frame(connection, _RETURNED_TABLE, with_derived)
    connection.execute(_RETURNED)
    connection.execute("DROP TABLE temp.returned")
