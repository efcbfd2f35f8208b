"""Insert frames and records into tables."""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from spacex.schema import Table


def insert_frame(connection: sqlite3.Connection, table: Table, frame: pd.DataFrame) -> None:
    """Insert the rows of a frame that has the table's columns in order.

    Args:
        connection: the database.
        table: the table.
        frame: its rows.
    """
    places = ", ".join("?" * len(table.columns))
    connection.executemany(f"INSERT INTO {table.name} VALUES ({places})", values_of(frame))


def insert_records(
    connection: sqlite3.Connection, table: Table, rows: Iterable[dict[str, Any]]
) -> None:
    """Insert rows given as dictionaries with a value for each of the table's columns.

    Args:
        connection: the database.
        table: the table.
        rows: column → value, for each row.
    """
    places = ", ".join(f":{name}" for name in table.column_names)
    connection.executemany(f"INSERT INTO {table.name} VALUES ({places})", rows)


def values_of(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a frame as Python values, with None for missing values."""
    return zip(*(_objects(frame[name]) for name in frame.columns), strict=True)


def _objects(column: "pd.Series[Any]") -> list[Any]:
    values = column.to_numpy(object, copy=True)
    values[column.isna().to_numpy()] = None
    return list(values)
