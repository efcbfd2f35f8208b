"""Example rows of every table, and an in-memory database to put them in."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from spacex.schema import TABLES, Column, Kind
from spacex.schema.shared import MAX_CATALOGUE_NUMBER
from spacex.warehouse.connection import create
from spacex.warehouse.fleet import ranges
from spacex.warehouse.insert import insert_records

EXAMPLES = {
    Kind.TEXT: "x",
    Kind.URL: "https://example.org",
    Kind.DATE: "2020-01-01",
    Kind.UTC: "2020-01-01T00:00:00Z",
    Kind.EPOCH: "2020-01-01T00:00:00.000000Z",
    Kind.INTEGER: 1,
    Kind.BOOLEAN: 0,
    Kind.REAL: 1.0,
}
Row = dict[str, object]


@contextmanager
def empty_database() -> Iterator[sqlite3.Connection]:
    """Open an in-memory database with every table."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        create(connection)
        yield connection


def example_row(table: str, /, **values: object) -> Row:
    """Return a row that satisfies every constraint, with some values replaced."""
    return {c.name: _example(c) for c in TABLES[table].columns} | values


def _example(column: Column) -> object:
    value = next(iter(column.values), EXAMPLES[column.kind])
    if column.name.endswith("semi_major_axis_km"):  # also the published one, which has no limits
        return 7000.0
    return column.form.partition(",")[0] or value


def insert_row(connection: sqlite3.Connection, table: str, /, **values: object) -> None:
    """Insert an example row with some values replaced."""
    insert_records(connection, TABLES[table], [example_row(table, **values)])


def insert_list(
    connection: sqlite3.Connection, instant: str, count: int, largest: int = MAX_CATALOGUE_NUMBER
) -> None:
    """Insert a GP list with satellites from 1 on; its instant is also its digest.

    Args:
        connection: the database.
        instant: when it was observed.
        count: the number of satellites.
        largest: the largest catalogue number that the list can hold.
    """
    common = {"run_id": instant, "source": "celestrak"}
    insert_row(
        connection,
        "_observations",
        **common,
        observed_utc=instant,
        retrieved_utc=instant,
        satellite_count=count,
        max_norad_cat_id=largest,
        listed=json.dumps(ranges(range(1, count + 1))),
    )
    checked = dict.fromkeys(("retrieved_utc", "checked_utc"), instant)
    insert_row(connection, "_snapshots", **common, **checked, sha256=instant)
