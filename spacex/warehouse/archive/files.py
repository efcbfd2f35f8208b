"""Write the files of the archive, and name them in the database."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from spacex.errors import DataError
from spacex.files import disk_full, is_full, sync, write_error
from spacex.schema.history import HISTORY_FILES
from spacex.warehouse.archive import FOLDER, archive_root
from spacex.warehouse.archive.engine import ROW_GROUP, engine
from spacex.warehouse.digest import sha256

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MONTH_LENGTH = len("2026-11")
_SCRATCH = ".scratch"
"""Folder of what does not fit into memory while files are written."""


@dataclass(frozen=True)
class Writer:
    """What a load or import writes the archive with.

    Attributes:
        connection: the database being loaded, in its transaction.
        duck: the engine.
        database: the published database.
        run: ID of the run or import.
    """

    connection: sqlite3.Connection
    duck: "DuckDBPyConnection"
    database: Path
    run: str


@contextmanager
def writer(connection: sqlite3.Connection, database: Path, run: str) -> Iterator[Writer]:
    """Open an engine to write the archive with.

    Args:
        connection: the database being loaded, in its transaction.
        database: the published database.
        run: ID of the run or import.

    Raises:
        DatabaseError: a file of the archive is missing or damaged, or cannot be written.
    """
    scratch = archive_root(database) / FOLDER / _SCRATCH
    shutil.rmtree(scratch, ignore_errors=True)  # of a killed process: only one at a time writes
    try:
        scratch.mkdir(parents=True)  # DuckDB makes no parents
        with engine(scratch) as duck:
            yield Writer(connection, duck, database, run)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


class ArchiveFile(NamedTuple):
    """A file of the archive: its row of `history_files`."""

    path: str
    sha256: str
    row_count: int
    first_epoch_utc: str
    last_epoch_utc: str
    source: str
    run: str

    @property
    def month(self) -> str:
        """The month of its element sets, such as 2026-11."""
        return self.first_epoch_utc[:MONTH_LENGTH]


def named_files(connection: sqlite3.Connection) -> list[ArchiveFile]:
    """Return the files that a database names, oldest first."""
    names = ", ".join(HISTORY_FILES.column_names)
    rows = connection.execute(
        f"SELECT {names} FROM main.{HISTORY_FILES.name} ORDER BY first_epoch_utc, path"
    )
    return [ArchiveFile(*row) for row in rows]


def write_files(to: Writer, sql: str) -> list[ArchiveFile]:
    """Write element sets to files, one for each month and source, and sync them to disk.

    Args:
        to: the archive.
        sql: SELECT of the sets, with the columns of files.

    Raises:
        StorageError: a file cannot be written.
    """
    root = archive_root(to.database)
    months = to.duck.execute(
        f"""SELECT strftime(epoch_utc, '%Y-%m') AS month, source, count(*),
                   strftime(min(epoch_utc), '%Y-%m-%dT%H:%M:%S.%fZ'),
                   strftime(max(epoch_utc), '%Y-%m-%dT%H:%M:%S.%fZ')
            FROM ({sql}) GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    found = list[ArchiveFile]()
    for month, source, rows, first, last in months:
        one = f"""SELECT * FROM ({sql}) WHERE source = '{source}'
                  AND epoch_utc >= TIMESTAMP '{month}-01'
                  AND epoch_utc < TIMESTAMP '{month}-01' + INTERVAL 1 MONTH
                  ORDER BY norad_cat_id, epoch_utc"""
        file = _written(to.duck, one, root / FOLDER / "elements" / f"month={month}", rows)
        path = file.relative_to(root).as_posix()
        found.append(ArchiveFile(path, file.stem, rows, first, last, source, to.run))
    return found


def name_files(
    connection: sqlite3.Connection,
    new: Iterable[ArchiveFile],
    replaced: Iterable[ArchiveFile] = (),
) -> None:
    """Name new files in a database, in place of others.

    Args:
        connection: the database being loaded.
        new: files that are on disk.
        replaced: files that are no longer named.
    """
    connection.executemany(
        f"DELETE FROM main.{HISTORY_FILES.name} WHERE path = ?", ((each.path,) for each in replaced)
    )
    places = ", ".join("?" * len(HISTORY_FILES.columns))
    connection.executemany(f"INSERT INTO main.{HISTORY_FILES.name} VALUES ({places})", new)


def parquet(database: Path | str, files: Iterable[ArchiveFile], options: str = "") -> str:
    """Return the table of the element sets in files, as SQL of DuckDB.

    Args:
        database: the published database.
        files: at least one file.
        options: further arguments of `read_parquet`.
    """
    root = archive_root(database)
    paths = ", ".join("'" + f"{root / each.path}".replace("'", "''") + "'" for each in files)
    return f"read_parquet([{paths}]{options}, hive_partitioning = false)"


def _written(duck: "DuckDBPyConnection", sql: str, folder: Path, rows: int) -> Path:
    """Write one file under its digest; return its path.

    Args:
        duck: the engine.
        sql: SELECT of its element sets, in their order.
        folder: the folder of its month.
        rows: the number of sets.

    Raises:
        DataError: not all sets were written.
        StorageError: the file cannot be written.
    """
    temporary = None
    try:
        _make(folder)
        handle, name = tempfile.mkstemp(dir=folder, prefix="sets.", suffix=".tmp")
        os.close(handle)
        temporary = Path(name)
        quoted = name.replace("'", "''")
        (count,) = duck.execute(
            f"COPY ({sql}) TO '{quoted}' "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
        ).fetchone() or (0,)
        if count != rows:
            raise DataError(
                f"Only {count:,} of {rows:,} element sets were written to {folder}.",
                remedy="The published database is unchanged. Please report this.",
            )
        temporary.chmod(0o644)
        sync(temporary)
        file = folder / f"{sha256(temporary)}.parquet"
        temporary.replace(file)  # in place of the same content, whose time of change is renewed
        sync(folder)
    except OSError as error:
        raise disk_full(folder) if is_full(error) else write_error(folder, error) from None
    else:
        return file
    finally:
        if temporary:
            temporary.unlink(missing_ok=True)


def _make(folder: Path) -> None:
    """Make a folder and its missing parents, with their names on disk."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in missing:
        sync(each.parent)
