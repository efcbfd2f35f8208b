"""The findings of data that are older than those in use, as a mirror or a cache sends them."""

import sqlite3

OLDER_LIST = "older GP list"
OLDER_CATALOGUE = "older catalogue"
OLDER_LAUNCHES = "older list of launches"

ADVICE = dict.fromkeys(
    (OLDER_LIST, OLDER_CATALOGUE, OLDER_LAUNCHES),
    "Run again later. If the service keeps sending it, look at its address in the settings: a "
    "mirror or a cache may be in the way.",
)
"""Finding → what to do about it."""


def rejected_records(connection: sqlite3.Connection, source: str, table: str) -> int:
    """Return how many staged records of a source are rejected.

    Args:
        connection: the database.
        source: the source.
        table: the table that they are of.
    """
    (count,) = connection.execute(
        """SELECT coalesce(sum(rows_rejected), 0) FROM staging._counts
           WHERE source = ? AND table_name = ?""",
        (source, table),
    ).fetchone()
    return int(count)
