"""What a database was built from: its newest snapshot, and its GP lists."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from spacex.sources import CELESTRAK
from spacex.warehouse.connection import reading

_NEWEST = """SELECT max(retrieved_utc) FROM _snapshots JOIN _runs USING (run_id)
             WHERE NOT is_simulated"""
_LISTS = "SELECT retrieved_utc FROM _observations WHERE source = ?"
_COUNTS = """SELECT retrieved_utc, rows_in, rows_loaded, rows_rejected, rows_duplicate,
                    rows_out_of_scope
             FROM _snapshots s JOIN _counts c USING (run_id, source)
             WHERE source = ? AND table_name = 'starlink_elements'"""


@dataclass(frozen=True)
class Loaded:
    """What a database was built from.

    Attributes:
        newest_utc: instant of its newest snapshot; empty if it has none, or only the sample.
        lists: instants of the responses of its GP lists.
        is_simulated: whether it holds the sample.
    """

    newest_utc: str = ""
    lists: frozenset[str] = frozenset()
    is_simulated: bool = False


def loaded(database: Path) -> Loaded:
    """Return what a database was built from; nothing if it is missing.

    Raises:
        DatabaseError: it is damaged or has another schema version.
    """
    if not database.exists():
        return Loaded()
    with reading(database) as connection:
        lists = connection.execute(_LISTS, (CELESTRAK.name,)).fetchall()
        simulated = connection.execute("SELECT 1 FROM _runs WHERE is_simulated LIMIT 1").fetchone()
        return Loaded(
            newest_snapshot(connection),
            frozenset(instant for (instant,) in lists),
            is_simulated=simulated is not None,
        )


def newest_snapshot(connection: sqlite3.Connection) -> str:
    """Return the instant of the newest snapshot that a database was built from, or nothing."""
    (newest,) = connection.execute(_NEWEST).fetchone()
    return newest or ""


def element_counts(database: Path) -> dict[str, tuple[int, ...]]:
    """Return the numbers of the records of each GP list in a database, by its instant.

    Each is the number of all records, and of those loaded, rejected, duplicate and out of scope.

    Raises:
        DatabaseError: the database is damaged or has another schema version.
    """
    if not database.exists():
        return {}
    with reading(database) as connection:
        rows = connection.execute(_COUNTS, (CELESTRAK.name,)).fetchall()
    return {instant: tuple(counts) for instant, *counts in rows}
