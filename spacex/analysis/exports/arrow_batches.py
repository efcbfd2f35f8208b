"""The rows of a table as Arrow batches, with the types that the schema declares."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa

from spacex.analysis.exports.exported_table import Export, Table
from spacex.errors import DataError
from spacex.schema import Column, Kind

_ROWS = 50_000
"""Rows of a batch: a few days of the fleet, about 100 MB while it is converted."""

_INSTANT = pa.timestamp("us", "UTC")
_CATEGORY = pa.dictionary(pa.int8(), pa.string(), ordered=True)
_TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.URL: pa.string(),
    Kind.DATE: pa.date32(),
    Kind.UTC: _INSTANT,
    Kind.EPOCH: _INSTANT,
    Kind.INTEGER: pa.int64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.REAL: pa.float64(),
}
_STORED: dict[str, pa.DataType] = {
    "TEXT": pa.string(),
    "INTEGER": pa.int64(),
    "REAL": pa.float64(),
}
"""Types of the values in SQLite."""


def is_category(column: Column) -> bool:
    """Return whether a column is text with declared values, in their order."""
    return column.kind is Kind.TEXT and bool(column.values)


def arrow_schema(table: Table, metadata: dict[str, str]) -> pa.Schema:
    """Return the types of the columns, with units and descriptions as metadata of the fields."""
    return pa.schema([_field(column) for column in table.columns], metadata=metadata)


def _field(column: Column) -> pa.Field:
    about = {"description": column.description, "unit": column.unit}
    kind = _CATEGORY if is_category(column) else _TYPES[column.kind]
    known = {name: text for name, text in about.items() if text}
    return pa.field(column.name, kind, nullable=not column.required, metadata=known)


def batches(export: Export, table: Table, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a table in batches.

    Args:
        export: the database.
        table: the table.
        schema: that of `arrow_schema`.

    Raises:
        DataError: a value is not of the declared type.
    """
    rows_of_table = export.rows(table)
    while rows := [*islice(rows_of_table, _ROWS)]:
        columns = zip(table.columns, zip(*rows, strict=True), strict=True)
        arrays = [_array(table, column, values) for column, values in columns]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(table: Table, column: Column, values: Sequence[Any]) -> pa.Array:
    try:
        stored = pa.array(values, _STORED[column.kind.storage])
        return (
            _category(stored, column) if is_category(column) else stored.cast(_TYPES[column.kind])
        )
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise DataError(
            f"A value of {table.name}.{column.name} is not valid ({error}).",
            "Export CSV, which keeps it as it is, and please report this.",
        ) from None


def _category(texts: pa.Array, column: Column) -> pa.Array:
    """Return texts as a category.

    Raises:
        ArrowInvalid: one is none of the declared values.
    """
    values = pa.array(column.values, pa.string())
    places = texts.dictionary_encode()
    order = {each: place for place, each in enumerate(column.values)}
    try:
        moved = pa.array([order[each] for each in places.dictionary.to_pylist()], pa.int8())
    except KeyError as error:
        raise pa.ArrowInvalid(f"{error} is none of {', '.join(map(str, column.values))}") from None
    return pa.DictionaryArray.from_arrays(moved.take(places.indices), values, ordered=True)
