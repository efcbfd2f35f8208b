"""Tables as Parquet, with their description and origin in the metadata of the file."""

import json
from collections.abc import Iterator, Sequence

from pyarrow.parquet import ParquetWriter

from spacex.analysis.exports.arrow_batches import arrow_schema, batches
from spacex.analysis.exports.exported_table import (
    Export,
    Resource,
    Table,
    all_or,
    table_of,
)
from spacex.schema import Kind

_OF_PANDAS = {Kind.INTEGER: ("int64", "Int64"), Kind.BOOLEAN: ("bool", "boolean")}
"""Types of columns that are of another type in pandas, if values are missing."""
_ABOUT = {"type": "file", "mediatype": "application/vnd.apache.parquet"}
"""Frictionless cannot compare the digest of Parquet that it reads as a table."""

chosen = all_or


def file_name(name: str) -> str:
    """Return the name of the file of a table or view."""
    return f"{name}.parquet"


def write(export: Export, names: Sequence[str]) -> Iterator[Resource]:
    """Write a Parquet file for each table or view."""
    for name in names:
        table = table_of(export.connection, name)
        schema = arrow_schema(table, _metadata(export, table))
        with (
            export.writing(file_name(name)) as file,
            file.open("wb") as content,
            ParquetWriter(content, schema, compression="zstd") as writer,
        ):
            for batch in batches(export, table, schema):
                writer.write_batch(batch)
        yield Resource(file, name, (table,), _ABOUT)


def _metadata(export: Export, table: Table) -> dict[str, str]:
    about = {"name": table.name, "description": table.description}
    return about | export.origin(table) | {"pandas": json.dumps(_of_pandas(table))}


def _of_pandas(table: Table) -> dict[str, object]:
    """Return the metadata by which pandas reads nullable columns as such."""
    found = [
        (each.name, *_OF_PANDAS[each.kind]) for each in table.columns if each.kind in _OF_PANDAS
    ]
    columns = [
        {
            "name": name,
            "field_name": name,
            "pandas_type": kind,
            "numpy_type": dtype,
            "metadata": None,
        }
        for name, kind, dtype in found
    ]
    return {"index_columns": [], "column_indexes": [], "columns": columns}
