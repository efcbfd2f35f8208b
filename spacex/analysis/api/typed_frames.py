"""Frames with the types that the schema declares."""

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from spacex.schema import Column, Kind
from spacex.schema.view_columns import declared

Frame = TypeVar("Frame", bound=pd.DataFrame)
TEXT = pd.Series([""]).dtype
_DTYPES: dict[Kind, Any] = {
    Kind.INTEGER: pd.Int64Dtype(),
    Kind.BOOLEAN: pd.BooleanDtype(),
    Kind.REAL: np.dtype(float),
}
_TEXTS = {
    Column(Kind.DATE, "date", ""): re.compile(r"\d{4}-\d\d-\d\d"),
    Column(Kind.UTC, "utc", ""): re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z"),
}
"""Column of a kind that computed text can have → the form of its values in the database."""


def typed(frame: Frame) -> Frame:
    """Return a frame whose columns have the types that the schema declares for their names.

    Instants have the time zone UTC, and dates are of type datetime64. Whole numbers are Int64 and
    flags boolean, which both have missing values. Text with declared values is an ordered category,
    in the order of the declaration. Columns that no table or view has, or that contain something
    else, stay as they are.

    Returns:
        The frame; `attrs["units"]` has the unit of each column with one.

    >>> typed(pd.DataFrame({"is_flown": [1, None], "year": [2026, None]})).dtypes.to_list()
    [BooleanDtype, Int64Dtype()]
    """
    return _frame(frame, [declared().get(str(name)) for name in frame.columns])


def typed_result(frame: pd.DataFrame, columns: Sequence[Column | None]) -> pd.DataFrame:
    """Return the result of a statement, typed by the columns that it is taken from.

    A computed column has the type of its values, whatever its name. Text of which every value is an
    instant or a date in the form of the database is one.

    Args:
        frame: the rows.
        columns: those of `result_columns`.

    Returns:
        The frame; `attrs["units"]` as that of `typed`, or by name for a computed column.
    """
    pairs = zip_longest((values for _, values in frame.items()), columns)
    found = [column or _kind_of_text(values) for values, column in pairs]
    result = _frame(frame, found)
    result.attrs["units"] = typed(frame.head(0)).attrs["units"] | result.attrs["units"]
    return result


def _frame(frame: Frame, columns: Sequence[Column | None]) -> Frame:
    """Return a frame with the types of columns, which stand beside its own ones."""
    series = [
        _typed(values, column) for (_, values), column in zip(frame.items(), columns, strict=True)
    ]
    result = type(frame)(pd.concat(series, axis=1)) if series else frame.copy()
    result.attrs = dict(frame.attrs)
    named = zip(map(str, frame.columns), columns, strict=True)
    result.attrs["units"] = {name: each.unit for name, each in named if each and each.unit}
    return result


def _kind_of_text(values: "pd.Series[Any]") -> Column | None:
    """Return a column of instants or dates if every known value has their form, else None."""
    texts = values.dropna()
    for column, form in _TEXTS.items():
        if len(texts) and all(isinstance(each, str) and form.fullmatch(each) for each in texts):
            return column
    return None


def _typed(values: "pd.Series[Any]", column: Column | None) -> "pd.Series[Any]":
    """Return a column with its declared type; as it is if its content is of another type."""
    if column is None:
        return values
    try:
        return _converted(values, column)
    except (ValueError, TypeError, OverflowError):
        return values


def _converted(values: "pd.Series[Any]", column: Column) -> "pd.Series[Any]":
    if column.kind in {Kind.UTC, Kind.EPOCH}:
        return pd.to_datetime(values, utc=True, format="ISO8601").dt.as_unit("us")
    if column.kind is Kind.DATE:
        return pd.to_datetime(values, format="%Y-%m-%d").dt.as_unit("s")
    if dtype := _DTYPES.get(column.kind):
        return values.astype(dtype)
    if column.values and values.dropna().isin(column.values).all():
        return values.astype(pd.CategoricalDtype([*column.values], ordered=True))
    return values.astype(TEXT) if values.isna().all() else values
