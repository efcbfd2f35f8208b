"""The checksum of the rows that were published, in the header of the database.

SQLite reserves the header's `application_id` for its applications. It tells a change of the
published rows by another program from one of that program's own tables, which runs keep.
"""

import sqlite3
from collections.abc import Collection, Iterator
from zlib import crc32

import msgspec

from spacex.schema import TABLES

_NEWEST_ROWS = 10_000
"""Number of newest rows of a history that are included, so that the time of a load does not grow
with it."""


def record_rows(connection: sqlite3.Connection) -> None:
    """Write the checksum of the rows of a database that is to be published."""
    connection.execute(f"PRAGMA application_id = {_checksum(connection)}")


def has_other_rows(connection: sqlite3.Connection) -> bool:
    """Return whether a database has other rows than were published, as far as is recorded."""
    (recorded,) = connection.execute("PRAGMA application_id").fetchone()
    return recorded not in {0, _checksum(connection)}


def _checksum(connection: sqlite3.Connection) -> int:
    """Return a checksum that is not zero: a positive number of 31 bits."""
    checksum = 0
    for part in row_parts(connection):
        checksum = crc32(part, checksum)
    return checksum >> 1 or 1


def row_parts(
    connection: sqlite3.Connection, without: Collection[str] = frozenset()
) -> Iterator[bytes]:
    """Yield the rows of every table; of a history, their number and the newest of them.

    Args:
        connection: the database.
        without: columns that are left out; rows that are equal without them are one.
    """
    encoder = msgspec.msgpack.Encoder()
    for table in TABLES.values():
        names = [f'"{name}"' for name in table.column_names if name not in without]
        is_whole = len(names) == len(table.column_names)
        order = ", ".join(f"{name} DESC" for name in (table.key if is_whole else names))
        limit = f"LIMIT {_NEWEST_ROWS}" if table.keeps_history else ""
        sql = f"SELECT {'' if is_whole else 'DISTINCT'} {', '.join(names)} FROM main.{table.name}"
        count = connection.execute(f"SELECT count(*) FROM ({sql})").fetchone()
        yield encoder.encode((table.name, *count))
        rows = connection.execute(f"{sql} ORDER BY {order} {limit}")
        while batch := rows.fetchmany(1_000):
            yield encoder.encode(batch)
