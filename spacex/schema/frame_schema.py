"""Pandera schemas of the tables' frames."""

from collections.abc import Iterator
from functools import cache

import pandera.pandas as pa

from spacex.schema.column import Column, Kind, Table

DTYPES = {
    Kind.TEXT: "str",
    Kind.URL: "str",
    Kind.DATE: "str",
    Kind.UTC: "str",
    Kind.EPOCH: "str",
    Kind.INTEGER: "Int64",
    Kind.BOOLEAN: "boolean",
    Kind.REAL: "float64",
}
"""Pandas dtype of each kind of column."""


@cache
def frame_schema(table: Table, *, is_unique: bool = True) -> pa.DataFrameSchema:
    """Return the pandera schema of a table: column order, dtypes, limits and key.

    Args:
        table: the table.
        is_unique: whether the key must be unique.
    """
    return pa.DataFrameSchema(
        {column.name: _column(column) for column in table.columns},
        unique=list(table.key) if is_unique else None,
        report_duplicates="exclude_first",
        strict=True,
        ordered=True,
    )


def _column(column: Column) -> pa.Column:
    return pa.Column(
        DTYPES[column.kind], checks=list(_checks(column)), nullable=not column.required
    )


def _checks(column: Column) -> Iterator[pa.Check]:
    if column.values:
        allowed = ", ".join(map(str, column.values))
        yield pa.Check.isin(column.values, error=f"is not one of the allowed values: {allowed}")
    if column.minimum is not None:
        error = f"is below {column.minimum:g} {column.unit}".rstrip()
        yield pa.Check.ge(column.minimum, error=error)
    if column.maximum is not None:
        error = f"is above {column.maximum:g} {column.unit}".rstrip()
        yield pa.Check.le(column.maximum, error=error)
