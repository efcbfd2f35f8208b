"""The tables of one run during the merge, by name and source."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from spacex.schema import TABLES
from spacex.sources import SOURCES
from spacex.transform import TidyTable


class RunTables:
    """The tables of one run, one per table name and source."""

    def __init__(self, tables: Sequence[TidyTable]) -> None:
        self._tables = {(each.table.name, each.source): each for each in tables}

    def archive(self, name: str) -> TidyTable | None:
        """Return the archive's table of that name, or None if the run has none."""
        return self._find(name, is_live=False)

    def live(self, name: str) -> TidyTable | None:
        """Return the live source's table of that name, or None if the run has none."""
        return self._find(name, is_live=True)

    def pair(self, name: str) -> tuple[TidyTable, TidyTable] | None:
        """Return the archive's and the live source's table, or None if the run lacks one."""
        archive, live = self.archive(name), self.live(name)
        return (archive, live) if archive and live else None

    def get(self, name: str, source: str) -> TidyTable | None:
        """Return the table of that name and source, or None if the run has none."""
        return self._tables.get((name, source))

    def all_of(self, name: str) -> list[TidyTable]:
        """Return the tables of that name, in the order in which `SOURCES` lists their sources."""
        found = ((name, source) for source in SOURCES)
        return [self._tables[key] for key in found if key in self._tables]

    def set(self, table: TidyTable) -> None:
        """Replace the table of a source."""
        self._tables[table.table.name, table.source] = table

    def set_frame(self, table: TidyTable, frame: pd.DataFrame) -> None:
        """Replace the values of a table; no row is superseded."""
        self.set(replace(table, frame=frame))

    def ordered(self) -> list[TidyTable]:
        """Return all tables, in the order of their declarations."""
        order = list(TABLES)
        return sorted(self._tables.values(), key=lambda each: order.index(each.table.name))

    def _find(self, name: str, *, is_live: bool) -> TidyTable | None:
        for (table, source), tidy in self._tables.items():
            if table == name and SOURCES[source].is_live == is_live:
                return tidy
        return None


def fill_gaps(
    rows: pd.DataFrame, other: pd.DataFrame, key: str, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """Fill the nulls of rows from the other frame's rows with the same key.

    Args:
        rows: the rows to fill; keys are unique.
        other: the rows to fill from; keys are unique.
        key: name of the key column.
        columns: names of the columns to fill; all if None.
    """
    names = [name for name in (columns or rows.columns) if name not in {key, "source"}]
    donors = other.set_index(key).reindex(rows[key])
    result = rows.copy()
    for name in names:
        gaps = result[name].isna().to_numpy() & donors[name].notna().to_numpy()
        if gaps.any():
            result.loc[gaps, name] = donors[name].to_numpy()[gaps]
    return result


def coalesce(values: "pd.Series[Any]", others: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return the values, with nulls replaced by the other values of the same rows."""
    return values.fillna(others.astype(values.dtype))


def rank(sources: "pd.Series[str]", precedence: Sequence[str]) -> "pd.Series[int]":
    """Return the position of each source in an order of precedence; unknown ones come last."""
    order = {source: position for position, source in enumerate(precedence)}
    return sources.map(order).fillna(len(order)).astype("int64")
