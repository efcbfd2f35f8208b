"""Keep imported element sets when a database is built again: no snapshot has them."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pandas as pd

from spacex.errors import DatabaseError
from spacex.warehouse.archive import FOLDER, archive_root
from spacex.warehouse.archive.collection import paths_named_by
from spacex.warehouse.archive.engine import STORED, from_texts
from spacex.warehouse.archive.files import Writer, writer
from spacex.warehouse.archive.importing import add_incoming
from spacex.warehouse.archive.incoming import begin
from spacex.warehouse.archive.moving import hot_since, require_package
from spacex.warehouse.connection import connect_readonly
from spacex.warehouse.publish import publishing

_NAMES = ", ".join(column.name for column in STORED)
_IMPORTED = f"""SELECT {_NAMES} FROM starlink_elements
                WHERE observed_utc IS NULL AND source = 'celestrak'"""


def carry_imports(old: Path, new: Path, hot_days: int) -> int:
    """Add the imported sets of a database to one that was built from the snapshots.

    Args:
        old: the published database; if it cannot be read, all files beside it count.
        new: the other one, which is published there if there are imported sets.
        hot_days: length of the hot window, d.

    Returns:
        The number of sets that were added.

    Raises:
        SettingsError: the package that reads files is missing.
        StorageError: a file cannot be written.
        DatabaseError: a file of the archive is missing or damaged.
    """
    if not new.exists():
        return 0
    paths, hot = _files(old), _hot(old)
    if not paths and hot.empty:
        return 0
    require_package("The database may have imported element sets in its archive")
    with publishing(new, lock_timeout_s=0) as connection:
        connection.execute("BEGIN")
        with writer(connection, old, "import-kept") as to:
            begin(to)
            added = _added(to, paths, hot, hot_days)
        connection.execute("COMMIT")
    return added


def _added(to: Writer, paths: list[Path], hot: pd.DataFrame, hot_days: int) -> int:
    if paths:
        listed = ", ".join("'" + f"{path}".replace("'", "''") + "'" for path in paths)
        to.duck.execute(
            f"""INSERT INTO incoming SELECT {_NAMES}
                FROM read_parquet([{listed}], hive_partitioning = false)
                WHERE observed_utc IS NULL"""
        )
    if len(hot):
        to.duck.register("rows", hot)
        to.duck.execute(f"INSERT INTO incoming SELECT {from_texts()} FROM rows")
        to.duck.unregister("rows")
    return add_incoming(to, hot_since(to.connection, hot_days))


def _files(old: Path) -> list[Path]:
    """Return the files that a database names and that are there."""
    root = archive_root(old)
    try:
        named = [root / name for name in paths_named_by(old)] if old.exists() else []
    except (DatabaseError, sqlite3.Error):
        named = sorted((root / FOLDER).glob("elements/*/*.parquet"))
    return [path for path in named if path.is_file()]


def _hot(old: Path) -> pd.DataFrame:
    """Return the imported sets in a database; none if it cannot be read."""
    if old.is_file():
        with (
            suppress(sqlite3.Error, DatabaseError, pd.errors.DatabaseError),
            closing(connect_readonly(old)) as connection,
        ):
            return pd.read_sql_query(_IMPORTED, connection)
    return pd.DataFrame()
