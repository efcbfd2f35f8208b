"""Rows of one table of one source with the same key: duplicates, or contradictions.

Equal rows are duplicates. Of rows that differ, nothing tells which one is right, so that none is
loaded.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from spacex.schema import Table
from spacex.schema.constraints import Violation
from spacex.units import counted

CONTRADICTING = "contradicting records"
EXISTENCE = "is_decayed"
"""The column whose contradictions leave open whether an object is in orbit."""
_MAX_VALUES = 3


def repeated_rows(table: Table, frame: pd.DataFrame) -> tuple["pd.Index[int]", list[Violation]]:
    """Return the rows whose complete key is that of another row.

    Returns:
        The positions of those that equal an earlier row; and the others, which differ from each
        other.
    """
    key = [*table.key]
    repeated = frame[frame.duplicated(key, keep=False) & frame[key].notna().all(axis="columns")]
    is_duplicate = repeated.duplicated()
    distinct = repeated[~is_duplicate]
    groups = distinct[distinct.duplicated(key, keep=False)].groupby(key, sort=False)
    differing = [each for _, rows in groups for each in _differences(table, rows)]
    return repeated.index[is_duplicate], differing


def _differences(table: Table, rows: pd.DataFrame) -> Iterator[Violation]:
    differ = [name for name in rows if len(rows[name].unique()) > 1]
    differ.sort(key=lambda name: name != EXISTENCE)
    first = str(differ[0])
    reason = f"{CONTRADICTING} of {_name(table, rows)}: {first} is {_values(rows[first])}"
    if others := len(differ) - 1:
        reason += f"; {counted(others, 'other column')} {'differs' if others == 1 else 'differ'}"
    column = "" if first in table.optional_columns else first
    yield from ((position, column, reason) for position in rows.index)


def _name(table: Table, rows: pd.DataFrame) -> str:
    """Return the catalogue number of rows with one key, or else their key."""
    row = rows.iloc[0]
    number = row.get("norad_cat_id")
    key: Sequence[str] = [str(row[name]) for name in table.key if name != "source"]
    return "/".join(key) if number is None or pd.isna(number) else str(number)


def _values(column: "pd.Series[Any]") -> str:
    distinct = ["null" if pd.isna(value) else str(value) for value in column.unique()]
    more = ["…"] if len(distinct) > _MAX_VALUES else []
    return " or ".join([*distinct[:_MAX_VALUES], *more])
