"""Frames with the types that the schema declares."""

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
    columns = [_typed(values) for _, values in frame.items()]
    result = type(frame)(pd.concat(columns, axis=1)) if columns else frame.copy()
    names = (str(name) for name in frame.columns)
    result.attrs = dict(frame.attrs)
    result.attrs["units"] = {name: declared()[name].unit for name in names if _has_unit(name)}
    return result


def _has_unit(name: str) -> bool:
    return name in declared() and bool(declared()[name].unit)


def _typed(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return a column with its declared type; as it is if its content is of another type."""
    column = declared().get(str(values.name))
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
