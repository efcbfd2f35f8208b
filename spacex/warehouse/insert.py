"""Rows into tables."""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from spacex.schema import Table


def insert_frame(connection: sqlite3.Connection, table: Table, frame: pd.DataFrame) -> None:
    """Insert a frame that has the table's columns in order."""
    places = ", ".join("?" * len(table.columns))
    connection.executemany(f"INSERT INTO {table.name} VALUES ({places})", _values(frame))


def insert_records(
    connection: sqlite3.Connection, table: Table, rows: Iterable[dict[str, Any]]
) -> None:
    """Insert rows that name each of the table's columns."""
    places = ", ".join(f":{name}" for name in table.column_names)
    connection.executemany(f"INSERT INTO {table.name} VALUES ({places})", rows)


def _values(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """A frame's rows as Python values, None for what is missing."""
    columns = (frame[name].astype(object) for name in frame.columns)
    return zip(*(column.where(column.notna(), None).to_list() for column in columns), strict=True)
