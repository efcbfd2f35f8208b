"""The constraints of a table hold in SQLite and in its frame: both reject the same rows."""

import sqlite3
from collections.abc import Iterator

import pandas as pd
import pytest

from spacex.schema import SCHEMA_VERSION, TABLES, Column, Kind, Table
from spacex.schema.constraints import DTYPES, Violation, violations
from spacex.schema.ddl import create_table
from spacex.warehouse.insert import insert_records
from tests.example_rows import EXAMPLES, Row, empty_database, example_row

MALFORMED = {
    Kind.URL: "javascript:alert(1)",
    Kind.DATE: "19.01.2020",
    Kind.UTC: "2020-01-19 15:30:00",
    Kind.EPOCH: "2020-01-19T15:30:00Z",
    Kind.BOOLEAN: 2,
}
each_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


@pytest.fixture(scope="module")
def empty() -> Iterator[sqlite3.Connection]:
    with empty_database() as connection:
        yield connection


def sqlite_error(connection: sqlite3.Connection, table: Table, *rows: Row) -> str:
    """Insert rows, and roll back; return SQLite's error, or an empty string."""
    connection.execute("BEGIN")
    try:
        insert_records(connection, table, rows)
    except sqlite3.IntegrityError as error:
        return str(error)
    finally:
        connection.execute("ROLLBACK")
    return ""


def frame_violations(table: Table, *rows: Row) -> list[Violation]:
    """Return the violations in a frame of these rows."""
    values = {name: [row[name] for row in rows] for name in table.column_names}
    frame = pd.DataFrame(
        {c.name: pd.Series(values[c.name], dtype=DTYPES[c.kind]) for c in table.columns}
    )
    return violations(table, frame)


def out_of_range(column: Column) -> Iterator[object]:
    """Return values outside the limits of a column."""
    if column.values:  # noqa: PD011 - not a frame
        yield "no such value" if column.kind is Kind.TEXT else 99
    if column.minimum is not None:
        yield type(EXAMPLES[column.kind])(column.minimum - 1)
    if column.maximum is not None:
        yield type(EXAMPLES[column.kind])(column.maximum + 1)


@each_table
def test_table_is_strict_and_has_its_columns_and_key(
    empty: sqlite3.Connection, table: Table
) -> None:
    statement = create_table(table)
    assert statement.endswith(") STRICT, WITHOUT ROWID")
    (stored,) = empty.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table.name,))
    assert stored == (statement,)
    info = empty.execute(f"PRAGMA table_info({table.name})").fetchall()
    assert [(name, kind, bool(notnull)) for _, name, kind, notnull, *_ in info] == [
        (c.name, c.kind.storage, c.required) for c in table.columns
    ]
    keys = sorted((position, name) for _, name, _, _, _, position in info if position)
    assert tuple(name for _, name in keys) == table.key


@each_table
def test_valid_row_is_accepted(empty: sqlite3.Connection, table: Table) -> None:
    assert sqlite_error(empty, table, example_row(table.name)) == ""
    assert frame_violations(table, example_row(table.name)) == []


@each_table
def test_duplicate_key_is_rejected(empty: sqlite3.Connection, table: Table) -> None:
    row = example_row(table.name)
    assert "UNIQUE constraint failed" in sqlite_error(empty, table, row, row)
    reason = f"duplicate: an earlier row has the same {', '.join(table.key)}"
    assert frame_violations(table, row, row) == [(1, "", reason)]


@each_table
def test_null_is_rejected_in_required_columns_only(empty: sqlite3.Connection, table: Table) -> None:
    rows = {name: example_row(table.name, **{name: None}) for name in table.column_names}
    required = [column.name for column in table.columns if column.required]
    assert [name for name, row in rows.items() if sqlite_error(empty, table, row)] == required
    found = frame_violations(table, *rows.values())
    nulls = [
        name for _, name, reason in found if reason == "is null, which the column does not allow"
    ]
    assert nulls == required


@each_table
def test_value_out_of_range_is_rejected(empty: sqlite3.Connection, table: Table) -> None:
    cases = [(c.name, value) for c in table.columns for value in out_of_range(c)]
    rows = [example_row(table.name, **{name: value}) for name, value in cases]
    for case, row in zip(cases, rows, strict=True):
        assert "CHECK constraint failed" in sqlite_error(empty, table, row), case
    every = frame_violations(table, example_row(table.name), *rows)
    found = {(index, name) for index, name, _ in every if name}
    assert found == {(position, name) for position, (name, _) in enumerate(cases, start=1)}


@each_table
def test_malformed_value_is_rejected_by_sqlite(empty: sqlite3.Connection, table: Table) -> None:
    """Transform writes these formats itself, so its frames are not checked for them."""
    for column in table.columns:
        if column.kind in MALFORMED:
            row = example_row(table.name, **{column.name: MALFORMED[column.kind]})
            assert "CHECK constraint failed" in sqlite_error(empty, table, row), column.name


@each_table
def test_value_of_another_type_is_rejected_by_sqlite(
    empty: sqlite3.Connection, table: Table
) -> None:
    for name in table.column_names:
        row = example_row(table.name, **{name: b"bytes"})
        assert "cannot store BLOB" in sqlite_error(empty, table, row), name


@pytest.mark.parametrize(
    ("child", "parent"), [(t.name, t.parent) for t in TABLES.values() if t.parent]
)
def test_row_without_parent_is_rejected(empty: sqlite3.Connection, child: str, parent: str) -> None:
    empty.execute("PRAGMA foreign_keys = ON")
    try:
        assert "FOREIGN KEY" in sqlite_error(empty, TABLES[child], example_row(child))
    finally:
        empty.execute("PRAGMA foreign_keys = OFF")
    (found,) = {row[2] for row in empty.execute(f"PRAGMA foreign_key_list({child})")}
    assert found == parent


def test_database_has_the_schema_version(empty: sqlite3.Connection) -> None:
    assert empty.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
