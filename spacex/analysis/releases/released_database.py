"""The database of a release: as published, without the rows that may not be passed on."""

import shutil
import sqlite3
from pathlib import Path

from spacex.analysis.releases.release_manifest import LeftOut
from spacex.analysis.withheld import WITHHELD
from spacex.errors import DatabaseError
from spacex.settings import command
from spacex.warehouse.connection import integrity, writing
from spacex.warehouse.digest import is_recorded, published_digest, reset_change_counter, sha256
from spacex.warehouse.row_checksum import record_rows


def copy_database(database: Path, copy: Path, known_as: Path) -> tuple[LeftOut, ...]:
    """Copy the published database, and remove the rows that may not be passed on.

    A copy from which nothing is removed is that of the published file, byte by byte.

    Args:
        database: the published database.
        copy: the file to write.
        known_as: its path in the release, for messages.

    Returns:
        The rows that were removed.

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
        if left_out := tuple(_remove(connection)):
            connection.execute("VACUUM")
            record_rows(connection)
            if problems := integrity(connection, with_history=True):
                raise DatabaseError(f"{known_as} is corrupt: {problems[0]}.", "Check the disk.")
    if left_out:
        reset_change_counter(copy)
    return left_out


def _remove(connection: sqlite3.Connection) -> list[LeftOut]:
    """Remove the rows that may not be passed on; return what was removed."""
    removed = []
    for each in WITHHELD:
        done = connection.execute(f"DELETE FROM {each.table} WHERE {each.condition}")
        if done.rowcount:
            left_out = LeftOut(table=each.table, row_count=done.rowcount, reason=each.reason)
            removed.append(left_out)
    return removed
