"""The database of a release: as published, without the rows that may not be passed on."""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from spacex.analysis.releases.release_manifest import LeftOut
from spacex.analysis.withheld import ELEMENT_SETS, WITHHELD
from spacex.errors import DatabaseError
from spacex.schema.history import HISTORY_FILES
from spacex.settings import command
from spacex.warehouse.archive.engine import reader
from spacex.warehouse.archive.files import ArchiveFile, named_files, parquet
from spacex.warehouse.archive.moving import require_package
from spacex.warehouse.connection import integrity, writing
from spacex.warehouse.digest import is_recorded, published_digest, reset_change_counter, sha256
from spacex.warehouse.row_checksum import record_rows

_IN_TABLES = "names of files whose element sets are in the tables of this release"


def copy_database(
    database: Path, copy: Path, known_as: Path
) -> tuple[tuple[LeftOut, ...], tuple[ArchiveFile, ...]]:
    """Copy the published database, and remove the rows that may not be passed on.

    A copy from which nothing is removed is that of the published file, byte by byte. The files of
    the archive are not part of a release: their element sets are in its tables, and the copy names
    none of them.

    Args:
        database: the published database.
        copy: the file to write.
        known_as: its path in the release, for messages.

    Returns:
        The rows that were removed, and the files that the published database names.

    Raises:
        DatabaseError: the database differs from the one that was published.
        StorageError: the copy cannot be written.
    """
    recorded = published_digest(database)
    with database.open("rb") as file, copy.open("wb") as target:  # of one version
        shutil.copyfileobj(file, target)
    copied = sha256(copy)  # a run may have replaced it meanwhile
    if recorded and copied != recorded and not is_recorded(database, copied):
        raise DatabaseError(
            f"The database {database} is not the one that was published.",
            f"`{command('verify')}` says what is wrong with it, and what to do.",
        )
    with writing(copy, known_as) as connection:
        files = tuple(named_files(connection))
        if left_out := (*_remove(connection), *_of_archive(connection, database, files)):
            connection.execute("VACUUM")
            record_rows(connection)
            if problems := integrity(connection, with_history=True):
                raise DatabaseError(f"{known_as} is corrupt: {problems[0]}.", "Check the disk.")
    if left_out:
        reset_change_counter(copy)
    return left_out, files


def _of_archive(
    connection: sqlite3.Connection, database: Path, files: Sequence[ArchiveFile]
) -> Iterator[LeftOut]:
    """Let the copy name no files; yield this, and the number of sets that may not be passed on.

    Args:
        connection: the copy.
        database: the published database.
        files: the files that it names.
    """
    if not files:
        return
    require_package("Most element sets are in the archive")
    with reader() as duck:
        sql = f"SELECT count(*) FROM {parquet(database, files)} WHERE {ELEMENT_SETS.condition}"
        (count,) = duck.execute(sql).fetchone() or (0,)
    if count:
        yield LeftOut(table=ELEMENT_SETS.table, row_count=count, reason=ELEMENT_SETS.reason)
    connection.execute(f"DELETE FROM {HISTORY_FILES.name}")
    yield LeftOut(table=HISTORY_FILES.name, row_count=len(files), reason=_IN_TABLES)


def _remove(connection: sqlite3.Connection) -> list[LeftOut]:
    """Remove the rows that may not be passed on; return what was removed."""
    removed = []
    for each in WITHHELD:
        done = connection.execute(f"DELETE FROM {each.table} WHERE {each.condition}")
        if done.rowcount:
            left_out = LeftOut(table=each.table, row_count=done.rowcount, reason=each.reason)
            removed.append(left_out)
    return removed
