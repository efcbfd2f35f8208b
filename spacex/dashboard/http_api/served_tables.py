"""The tables and views that the API serves, and their columns, by their declarations."""

import sqlite3
from contextlib import closing
from functools import cache

from spacex.analysis.exports.exported_table import Table, table_of
from spacex.schema import TABLES
from spacex.warehouse.connection import create
from spacex.warehouse.views import VIEWS, apply_views


@cache
def served_tables() -> dict[str, Table]:
    """Return every table and view by its name, those of the data first."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        create(connection)
        apply_views(connection)
        return {name: table_of(connection, name) for name in (*TABLES, *VIEWS)}
