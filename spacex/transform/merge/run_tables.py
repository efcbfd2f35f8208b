"""The tables of one run while they are fused, by name and source."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from spacex.schema import TABLES
from spacex.sources import SOURCES
from spacex.transform import TidyTable


class Tables:
    """The tables of a run, each source's own."""

    def __init__(self, tables: Sequence[TidyTable]) -> None:
        self._tables = {(each.table.name, each.source): each for each in tables}

    def archive(self, name: str) -> TidyTable | None:
        """The table as a source that is an archive has it; None if the run has none."""
        return self._of(name, is_live=False)

    def living(self, name: str) -> TidyTable | None:
        """The table as a source that tells of today has it; None if the run has none."""
        return self._of(name, is_live=True)

    def pair(self, name: str) -> tuple[TidyTable, TidyTable] | None:
        """The table of the archive and that of the living source, where the run has both."""
        archive, living = self.archive(name), self.living(name)
        return (archive, living) if archive and living else None

    def each(self, name: str) -> list[TidyTable]:
        """The table of every source that has it."""
        return [table for table in (self.archive(name), self.living(name)) if table]

    def put(self, table: TidyTable) -> None:
        """Set the table of a source."""
        self._tables[table.table.name, table.source] = table

    def set_frame(self, table: TidyTable, frame: pd.DataFrame) -> None:
        """Set the rows of a table where none of them has given way."""
        self.put(replace(table, frame=frame))

    def ordered(self) -> list[TidyTable]:
        """All of them, in the order of their declarations."""
        places = {name: place for place, name in enumerate(TABLES)}
        return sorted(self._tables.values(), key=lambda each: places[each.table.name])

    def _of(self, name: str, *, is_live: bool) -> TidyTable | None:
        for (table, source), tidy in self._tables.items():
            if table == name and SOURCES[source].is_live == is_live:
                return tidy
        return None


def filled(
    preferred: pd.DataFrame, other: pd.DataFrame, key: str, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """The preferred rows, with what they leave empty taken from the other's rows of the same key.

    Args:
        preferred: rows, with unique keys.
        other: rows, with unique keys; those of other keys are not used.
        key: name of the key column.
        columns: columns that may be filled; all if None.
    """
    names = [name for name in (columns or preferred.columns) if name not in {key, "source"}]
    donors = other.set_index(key).reindex(preferred[key])
    result = preferred.copy()
    for name in names:
        gaps = result[name].isna().to_numpy() & donors[name].notna().to_numpy()
        if gaps.any():
            result.loc[gaps, name] = donors[name].to_numpy()[gaps]
    return result


def either(values: "pd.Series[Any]", others: "pd.Series[Any]") -> "pd.Series[Any]":
    """The values, and where there are none, the others of the same rows."""
    return values.fillna(others.astype(values.dtype))
