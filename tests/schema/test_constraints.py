"""The rules of a table, as SQLite and as pandera hold them: both refuse the same rows."""

import sqlite3
from contextlib import closing

import pandas as pd
import pandera.errors
import pytest

from spacex.schema import SCHEMA_VERSION, TABLES, Kind
from spacex.schema.ddl import create_all, create_table
from spacex.schema.frame_schema import DTYPES, frame_schema

GOOD = {
    Kind.TEXT: "a",
    Kind.URL: "https://example.org/a",
    Kind.DATE: "2020-01-19",
    Kind.UTC: "2020-01-19T15:30:00Z",
    Kind.EPOCH: "2020-01-19T15:30:00.000000Z",
    Kind.INTEGER: 2,
    Kind.BOOLEAN: 1,
    Kind.REAL: 0.5,
}
SAME_KEY = "multiple_fields_uniqueness"
each_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


@pytest.fixture(scope="module")
def empty():
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statement in create_all():
            connection.execute(statement)
        yield connection


def good_row(table):
    """A row that no rule is against."""
    return {column.name: next(iter(known(column)), GOOD[column.kind]) for column in table.columns}


def known(column):
    return column.values  # noqa: PD011 - not a frame


def refused_by_sqlite(connection, table, *rows):
    places = ", ".join("?" * len(table.columns))
    connection.execute("BEGIN")
    try:
        for row in rows:
            connection.execute(
                f"INSERT INTO {table.name} VALUES ({places})",  # noqa: S608
                list(row.values()),
            )
    except sqlite3.IntegrityError as error:
        return str(error)
    finally:
        connection.execute("ROLLBACK")
    return ""


def refused_by_pandera(table, *rows):
    """Place in the rows and column of each value refused, with the rule."""
    values = {name: [row[name] for row in rows] for name in table.column_names}
    frame = pd.DataFrame(
        {c.name: pd.Series(values[c.name], dtype=DTYPES[c.kind]) for c in table.columns}
    )
    try:
        frame_schema(table).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        failures = errors.failure_cases
        return set(zip(failures["index"], failures["column"], failures["check"], strict=True))
    return set()


@each_table
def test_tables_are_strict_and_keyed(empty, table):
    statement = create_table(table)
    assert statement.endswith(") STRICT, WITHOUT ROWID")
    (stored,) = empty.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table.name,))
    assert stored == (statement,)
    info = empty.execute(f"PRAGMA table_info({table.name})").fetchall()
    assert [(name, kind, bool(notnull)) for _, name, kind, notnull, *_ in info] == [
        (c.name, c.kind.storage, c.required) for c in table.columns
    ]
    keys = sorted((place, name) for _, name, _, _, _, place in info if place)
    assert tuple(name for _, name in keys) == table.key


@each_table
def test_a_good_row_is_taken_by_both(empty, table):
    assert refused_by_sqlite(empty, table, good_row(table)) == ""
    assert refused_by_pandera(table, good_row(table)) == set()


@each_table
def test_the_same_key_twice_is_refused_by_both(empty, table):
    row = good_row(table)
    assert "UNIQUE constraint failed" in refused_by_sqlite(empty, table, row, row)
    refused = {(1, name, SAME_KEY) for name in table.key}
    assert refused_by_pandera(table, row, row) == refused


@each_table
def test_null_is_refused_by_both_or_by_none(empty, table):
    rows = [{**good_row(table), name: None} for name in table.column_names]
    required = [column.name for column in table.columns if column.required]
    by_sqlite = [bool(refused_by_sqlite(empty, table, row)) for row in rows]
    assert [name for name, is_refused in zip(rows[0], by_sqlite, strict=True) if is_refused] == (
        required
    )
    refused = refused_by_pandera(table, *rows)
    assert {name for _, name, rule in refused if rule == "not_nullable"} == set(required)


def beyond(column):
    """Values beyond the column's limits."""
    if known(column):
        yield "no such value" if column.kind is Kind.TEXT else 99
    if column.minimum is not None:
        yield type(GOOD[column.kind])(column.minimum - 1)
    if column.maximum is not None:
        yield type(GOOD[column.kind])(column.maximum + 1)


@each_table
def test_a_value_beyond_the_limits_is_refused_by_both(empty, table):
    cases = [(c.name, value) for c in table.columns for value in beyond(c)]
    rows = [{**good_row(table), name: value} for name, value in cases]
    for case, row in zip(cases, rows, strict=True):
        assert "CHECK constraint failed" in refused_by_sqlite(empty, table, row), case
    refused = refused_by_pandera(table, good_row(table), *rows)
    by_value = {(place, name) for place, name, rule in refused if rule != SAME_KEY}
    assert by_value == {(place, name) for place, (name, _) in enumerate(cases, start=1)}


MALFORMED = {
    Kind.URL: "javascript:alert(1)",
    Kind.DATE: "19.01.2020",
    Kind.UTC: "2020-01-19 15:30:00",
    Kind.EPOCH: "2020-01-19T15:30:00Z",
    Kind.BOOLEAN: 2,
}


@each_table
def test_a_malformed_value_is_refused_by_sqlite(empty, table):
    """Transform writes these forms itself, so that pandera need not look at them again."""
    for column in table.columns:
        if column.kind in MALFORMED:
            row = {**good_row(table), column.name: MALFORMED[column.kind]}
            assert "CHECK constraint failed" in refused_by_sqlite(empty, table, row), column.name


@each_table
def test_a_value_of_another_type_is_refused_by_sqlite(empty, table):
    for name in table.column_names:
        row = {**good_row(table), name: b"bytes"}
        assert "cannot store BLOB" in refused_by_sqlite(empty, table, row), name


@pytest.mark.parametrize(
    ("child", "parent"), [(t.name, t.parent) for t in TABLES.values() if t.parent]
)
def test_a_row_without_its_parent_is_refused(empty, child, parent):
    empty.execute("PRAGMA foreign_keys = ON")
    try:
        assert "FOREIGN KEY" in refused_by_sqlite(empty, TABLES[child], good_row(TABLES[child]))
    finally:
        empty.execute("PRAGMA foreign_keys = OFF")
    (found,) = {row[2] for row in empty.execute(f"PRAGMA foreign_key_list({child})")}
    assert found == parent


def test_a_database_knows_its_schema_version(empty):
    assert empty.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
