"""The SQL that creates the tables."""

from collections.abc import Iterable, Iterator

from spacex.schema import SCHEMA_VERSION, TABLES
from spacex.schema.column import Column, Kind, Table


def create_table(table: Table) -> str:
    """Return the CREATE TABLE statement of a table.

    Tables are WITHOUT ROWID, because SQLite replaces NULL in an INTEGER PRIMARY KEY by a new rowid.
    """
    lines = [*map(_column, table.columns), f"PRIMARY KEY ({', '.join(table.key)})", *_parent(table)]
    body = ",\n    ".join(lines)
    return f"CREATE TABLE {table.name} (\n    {body}\n) STRICT, WITHOUT ROWID"


def create_indexes() -> Iterator[str]:
    """Return the statements that create the indexes a database lacks."""
    for table in TABLES.values():
        if table.index:
            columns = ", ".join(table.index)
            yield f"CREATE INDEX IF NOT EXISTS {table.name}_index ON {table.name} ({columns})"


def create_all() -> Iterator[str]:
    """Return the statements that create an empty database with the current schema version."""
    for table in TABLES.values():
        yield create_table(table)
    yield f"PRAGMA user_version = {SCHEMA_VERSION}"


def literals(values: Iterable[str | int]) -> str:
    """Return values as SQL, separated by commas.

    >>> literals(["satcat", 7])
    "'satcat', 7"
    """
    return ", ".join(map(_literal, values))


def _column(column: Column) -> str:
    parts = [column.name, column.kind.storage]
    if column.required:
        parts.append("NOT NULL")
    parts += [f"CHECK ({condition})" for condition in _conditions(column)]
    return " ".join(parts)


def _conditions(column: Column) -> Iterator[str]:
    allowed = (0, 1) if column.kind is Kind.BOOLEAN else column.values
    if allowed:
        yield f"{column.name} IN ({literals(allowed)})"
    if column.minimum is not None:
        yield f"{column.name} >= {column.minimum}"
    if column.maximum is not None:
        yield f"{column.name} <= {column.maximum}"
    if column.kind.glob:
        yield f"{column.name} GLOB '{column.kind.glob}'"


def _literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _parent(table: Table) -> Iterator[str]:
    if table.parent:
        key = ", ".join(TABLES[table.parent].key)
        yield f"FOREIGN KEY ({key}) REFERENCES {table.parent} ({key})"
