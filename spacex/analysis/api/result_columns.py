"""The declared columns that the columns of a statement's result are taken from."""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import cache

from spacex.analysis.queries import Parameters, bindable
from spacex.schema import TABLES, Column
from spacex.schema.ddl import create_table
from spacex.schema.view_columns import declared
from spacex.warehouse.views import VIEWS, apply_views

_COMPOUND = re.compile(r"COMPOUND|UNION|EXCEPT|INTERSECT|RECURSIVE")
"""The words for several SELECTs in one in SQLite's plan of a statement."""


def result_columns(sql: str, parameters: Parameters) -> Sequence[Column | None]:
    """Return the declared column that each column of a result is taken from, None if computed.

    SQLite finds them in an empty database, in which the type of each column is its name. The type
    of a column of a view is that of the column that it is taken from, and a computed one has none.
    A view has no parameters, so the statement is traced first, with their values in its text.

    Args:
        sql: a SELECT statement.
        parameters: the values bound to it.

    Returns:
        The columns; empty if the statement is no SELECT, such as a PRAGMA, or combines several, as
        with UNION, whose columns can differ.
    """
    with closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(_tables())
        traced = _with_values(empty, sql, parameters)
        try:
            empty.execute(f"CREATE TEMP VIEW _result AS {traced}")
            found = empty.execute("PRAGMA temp.table_info(_result)").fetchall()
            plan = empty.execute("EXPLAIN QUERY PLAN SELECT * FROM _result").fetchall()
        except sqlite3.Error:
            return ()
    if any(_COMPOUND.search(step) for *_, step in plan):
        return ()
    return [declared().get(kind) for _, _, kind, *_ in found]


def _with_values(empty: sqlite3.Connection, sql: str, parameters: Parameters) -> str:
    """Return a statement with the values of its parameters, without running it to its end."""
    traced: list[str] = []
    empty.set_trace_callback(traced.append)
    empty.set_progress_handler(lambda: 1, 1)  # interrupts it
    try:
        empty.execute(sql, bindable(parameters))
    except sqlite3.Error:
        pass
    finally:
        empty.set_trace_callback(None)
        empty.set_progress_handler(None, 1)
    return "".join(traced[:1])


@cache
def _tables() -> str:
    """Return the SQL of tables with the names and columns of all tables and views."""
    with closing(sqlite3.connect(":memory:")) as database:
        for table in TABLES.values():
            database.execute(create_table(table))
        apply_views(database)
        return "".join(_table(database, name) for name in (*TABLES, *VIEWS))


def _table(database: sqlite3.Connection, name: str) -> str:
    columns = database.execute(f"SELECT * FROM {name} LIMIT 0").description
    typed = ", ".join(f'"{column}" "{column}"' for column, *_ in columns)
    return f"CREATE TABLE {name} ({typed});"
