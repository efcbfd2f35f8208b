"""Tables and views of the database as CSV files."""

import csv
import os
import re
from pathlib import Path
from typing import TextIO

from spacex.dashboard.ui.assets import VERSION_VARIABLE
from spacex.errors import DatabaseError
from spacex.schema import TABLES
from spacex.warehouse.connection import reading
from spacex.warehouse.views import VIEWS, describe

PATH = "dashboard/tables"
"""URL path of the files, relative to the page."""

DOWNLOADS: dict[str, str] = {
    **{name: table.description for name, table in TABLES.items()},
    **{name: describe(name) for name in VIEWS},
}
"""Name of each table and view → what one of its rows is."""

_FORMULA = re.compile(r"[\t\r\n]|[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]")  # noqa: RUF001
"""Matches text that a spreadsheet may run, including leading characters that it ignores."""


def download_url(name: str) -> str | None:
    """Return the URL of a table's file, relative to the page; None without the server."""
    return f"{PATH}/{name}.csv" if VERSION_VARIABLE in os.environ else None


def write_csv(database: Path, name: str, file: TextIO) -> None:
    """Write a table or view as CSV with a header row; NULL becomes an empty field.

    Text that a spreadsheet would run as a formula gets a leading apostrophe.

    Args:
        database: the database.
        name: the table or view.
        file: receives the text.

    Raises:
        DatabaseError: the table or the database does not exist, or cannot be read.
    """
    if name not in DOWNLOADS:
        raise DatabaseError(f"There is no table {name}.", remedy="The page Data lists all tables.")
    with reading(database) as connection:
        rows = connection.execute(f"SELECT * FROM {name}")  # noqa: S608  # a declared name
        writer = csv.writer(file)
        writer.writerow([column[0] for column in rows.description])
        writer.writerows([_escape(value) for value in row] for row in rows)


def _escape(value: object) -> object:
    is_formula = isinstance(value, str) and _FORMULA.match(value)
    return f"'{value}" if is_formula else value
