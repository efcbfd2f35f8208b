"""Any table of the database as a CSV file."""

import csv
import os
from pathlib import Path
from typing import TextIO

from spacex.dashboard.ui.assets import SERVED
from spacex.errors import DatabaseError
from spacex.schema import TABLES
from spacex.warehouse.connection import reading
from spacex.warehouse.views import VIEWS, describe

PATH = "dashboard/tables"
"""Where the server serves the files, below the page's address."""

DOWNLOADS: dict[str, str] = {
    **{name: table.description for name, table in TABLES.items()},
    **{name: describe(name) for name in VIEWS},
}
"""Name of each table and view → what a row of it is."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def address(name: str) -> str | None:
    """The address of a table's file, relative to the page; None where no server serves it."""
    return f"{PATH}/{name}.csv" if SERVED in os.environ else None


def write_csv(database: Path, name: str, file: TextIO) -> None:
    """Write a table with its column names; nothing stands for NULL.

    A text that a spreadsheet would take for a formula is written with an apostrophe before it.

    Raises:
        DatabaseError: there is no such table, or no database, or it cannot be read.
    """
    if name not in DOWNLOADS:
        raise DatabaseError(f"There is no table {name}.", remedy="The page Data lists them all.")
    with reading(database) as connection:
        rows = connection.execute(f"SELECT * FROM {name}")  # noqa: S608  # a declared name
        writer = csv.writer(file)
        writer.writerow([column[0] for column in rows.description])
        writer.writerows([_harmless(value) for value in row] for row in rows)


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
