"""The declared types, limits and key of a table, checked in its frame."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from spacex.schema.column import Column, Kind, Table

DTYPES: dict[Kind, Any] = {
    kind: pd.api.types.pandas_dtype(name)
    for kind, name in {
        Kind.TEXT: "str",
        Kind.URL: "str",
        Kind.DATE: "str",
        Kind.UTC: "str",
        Kind.EPOCH: "str",
        Kind.INTEGER: "Int64",
        Kind.BOOLEAN: "boolean",
        Kind.REAL: "float64",
    }.items()
}
"""Pandas dtype of each kind of column."""

BooleanArray = npt.NDArray[np.bool_]

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
    declared = [(each.name, DTYPES[each.kind]) for each in table.columns]
    if list(frame.dtypes.items()) != declared:
        msg = f"The frame of {table.name} lacks its declared columns: {frame.dtypes.to_dict()}"
        raise TypeError(msg)
    found: list[Violation] = []
    if is_unique:
        keys = frame[[*table.key]].dropna()
        reason = f"duplicate: an earlier row has the same {', '.join(table.key)}"
        found += [(position, "", reason) for position in keys.index[keys.duplicated()]]
    for column in table.columns:
        for reason, is_violated in _checks(column, frame[column.name].array):
            if is_violated.any():
                found += [(position, column.name, reason) for position in frame.index[is_violated]]
    return found


def _checks(column: Column, values: Any) -> Iterator[tuple[str, BooleanArray]]:
    """Yield the reason of each check of a column, and which values of its array violate it."""
    if column.required:
        yield "is null, which the column does not allow", np.asarray(values.isna())
    if column.values:  # noqa: PD011 - not a frame
        allowed = ", ".join(map(str, column.values))
        is_allowed = values.isin(column.values) | values.isna()
        yield f"is not one of the allowed values: {allowed}", ~np.asarray(is_allowed)
    if column.pattern:
        has_form = pd.Series(values).str.fullmatch(column.pattern).eq(other=True) | values.isna()
        yield f"does not have the form {column.form}", ~has_form.to_numpy(bool)
    if column.minimum is not None:
        is_below = values < column.minimum
        yield f"is below {column.minimum:g} {column.unit}".rstrip(), _known(is_below)
    if column.maximum is not None:
        is_above = values > column.maximum
        yield f"is above {column.maximum:g} {column.unit}".rstrip(), _known(is_above)


def _known(compared: Any) -> BooleanArray:
    """Return where a comparison of an array is true; with null it is not."""
    return np.asarray(compared.to_numpy(bool, na_value=False))
