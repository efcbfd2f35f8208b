"""The declared types, limits and key of a table, checked in its frame."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

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

Violation = tuple[int, str, str]
"""Position of a row (its index), column at fault or "" for the whole row, and the reason."""


def violations(table: Table, frame: pd.DataFrame, *, is_unique: bool = True) -> list[Violation]:
    """Return what violates the declaration of a table: duplicate keys, then values by column.

    Args:
        table: the table.
        frame: its rows.
        is_unique: whether the key must be unique.

    Raises:
        TypeError: the frame has other columns or dtypes than the table.
    """
    declared = [(each.name, pd.api.types.pandas_dtype(DTYPES[each.kind])) for each in table.columns]
    if list(frame.dtypes.items()) != declared:
        msg = f"The frame of {table.name} lacks its declared columns: {frame.dtypes.to_dict()}"
        raise TypeError(msg)
    found: list[Violation] = []
    if is_unique:
        keys = frame[[*table.key]].dropna()
        reason = f"duplicate: an earlier row has the same {', '.join(table.key)}"
        found += [(position, "", reason) for position in keys.index[keys.duplicated()]]
    for column in table.columns:
        for reason, checked in _checks(column, frame[column.name]):
            is_violated = checked.to_numpy(bool, na_value=False)
            if is_violated.any():
                found += [(position, column.name, reason) for position in frame.index[is_violated]]
    return found


def _checks(column: Column, values: "pd.Series[Any]") -> Iterator[tuple[str, "pd.Series[Any]"]]:
    """Yield the reason of each check of a column, and which values violate it (not null)."""
    if column.required:
        yield "is null, which the column does not allow", values.isna()
    if column.values:  # noqa: PD011 - not a frame
        allowed = ", ".join(map(str, column.values))
        yield (
            f"is not one of the allowed values: {allowed}",
            ~(values.isin(column.values) | values.isna()),
        )
    if column.minimum is not None:
        yield f"is below {column.minimum:g} {column.unit}".rstrip(), values < column.minimum
    if column.maximum is not None:
        yield f"is above {column.maximum:g} {column.unit}".rstrip(), values > column.maximum
