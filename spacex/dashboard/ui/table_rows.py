"""The rows of a long table: searched, sorted, and a few at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from spacex.dashboard.ui.cells import Column
from spacex.dashboard.ui.view import View

SHOWN = 15
"""Rows shown at a time."""


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What a table shows, and how it can be searched and sorted.

    Attributes:
        name: of the table, in the address.
        select: the rows, as a SELECT in which `{chosen}` stands for what the filters choose.
        columns: from left to right.
        search: the columns that are searched.
        order: the column sorted by at first; with a leading `-`, the greatest first.
    """

    name: str
    select: str
    columns: Sequence[Column]
    search: Sequence[str]
    order: str

    def key(self, what: str) -> str:
        """The name in the address of the table's `search`, `sort` or first `row`."""
        return f"{self.name}_{what}"

    def total(self, view: View) -> int:
        """How many rows match."""
        matches, texts = self._matches(view)
        sql = f"SELECT count(*) AS total FROM ({self.select}) WHERE {matches}"  # noqa: S608  # ours
        return int(view.rows(sql, *texts)["total"].iloc[0])

    def start(self, view: View, total: int) -> int:
        """The place of the first row shown, whatever the address says."""
        wanted = view[self.key("row")]
        last = max(0, (total - 1) // SHOWN * SHOWN)
        return min(int(wanted) // SHOWN * SHOWN, last) if wanted.isdecimal() else 0

    def shown(self, view: View, start: int) -> pd.DataFrame:
        """The rows shown, from that place on."""
        matches, texts = self._matches(view)
        sort = self.sort(view)
        direction = "DESC" if sort.startswith("-") else "ASC"
        sql = f"""SELECT * FROM ({self.select}) WHERE {matches}
                  ORDER BY {sort.removeprefix("-")} {direction} NULLS LAST LIMIT ? OFFSET ?"""  # noqa: S608  # ours
        return view.rows(sql, *texts, SHOWN, start)

    def sort(self, view: View) -> str:
        """The column to sort by: only one that the table has, whatever the address says."""
        sort = view[self.key("sort")]
        known = {column.sort for column in self.columns} - {""}
        return sort if sort.removeprefix("-") in known else self.order

    def _matches(self, view: View) -> tuple[str, list[str]]:
        words = view[self.key("search")]
        if not words:
            return "TRUE", []
        for special in ("\\", "%", "_"):
            words = words.replace(special, f"\\{special}")
        tests = [f"{column} LIKE ? ESCAPE '\\'" for column in self.search]
        return f"({' OR '.join(tests)})", [f"%{words}%"] * len(tests)
