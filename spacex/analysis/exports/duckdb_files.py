"""Tables in one database of DuckDB, with their description and origin as comments."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from spacex.analysis.exports.arrow_batches import arrow_schema, batches, is_category
from spacex.analysis.exports.exported_table import (
    Export,
    Resource,
    Table,
    all_or,
    table_of,
)
from spacex.errors import StorageError
from spacex.schema import Column, Kind
from spacex.schema.ddl import literals

FILE = "spacex.duckdb"
_TYPES = {
    Kind.TEXT: "VARCHAR",
    Kind.URL: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.UTC: "TIMESTAMPTZ",
    Kind.EPOCH: "TIMESTAMPTZ",
    Kind.INTEGER: "BIGINT",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.REAL: "DOUBLE",
}

chosen = all_or


def file_name(_name: str) -> str:
    """Return the name of the database, which has all tables and views."""
    return FILE


def write(export: Export, names: Sequence[str]) -> Iterator[Resource]:
    """Write the tables and views as tables of a database."""
    tables = tuple(table_of(export.connection, name) for name in names)
    with export.writing(FILE) as file:
        _write(export, tables, file)
    yield Resource(file, "spacex", tables)


def _write(export: Export, tables: Sequence[Table], file: Path) -> None:
    try:
        with duckdb.connect(file) as database:
            database.begin()
            for table in tables:
                _write_table(export, table, database)
            database.commit()
    except duckdb.Error as error:
        raise StorageError(
            f"{export.folder / FILE} cannot be written ({error}).",
            "Check the free space of the disk and memory.",
        ) from None


def _write_table(export: Export, table: Table, database: duckdb.DuckDBPyConnection) -> None:
    database.execute(f"CREATE TABLE {table.name} ({', '.join(map(_declared, table.columns))})")
    for batch in batches(export, table, arrow_schema(table, {})):
        database.register("batch", pa.Table.from_batches([batch]))
        database.execute(f"INSERT INTO {table.name} SELECT * FROM batch")
        database.unregister("batch")
    origin = [f"{name}: {text}" for name, text in export.origin(table).items()]
    comment = "\n".join([table.description, *origin])
    database.execute(f"COMMENT ON TABLE {table.name} IS {literals([comment])}")
    for column in table.columns:
        unit = f" [{column.unit}]" if column.unit else ""
        text = literals([f"{column.description}{unit}"])
        database.execute(f'COMMENT ON COLUMN {table.name}."{column.name}" IS {text}')


def _declared(column: Column) -> str:
    kind = f"ENUM({literals(column.values)})" if is_category(column) else _TYPES[column.kind]
    return f'"{column.name}" {kind}{" NOT NULL" if column.required else ""}'
