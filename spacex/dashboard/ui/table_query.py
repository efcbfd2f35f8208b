"""The query behind a long table: searched, sorted and paged in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from spacex.dashboard.ui.page_settings import Setting, one_of, row_number
from spacex.dashboard.ui.table_columns import Column
from spacex.dashboard.ui.view import View

PAGE_ROWS = 15
"""Rows shown at a time."""


@dataclass(frozen=True, kw_only=True)
class TableQuery:
    """What a long table shows.

    Attributes:
        name: prefix of the table's names in the URL query.
        select: the rows, as a SELECT with `{filters}` for the filters' condition.
        columns: from left to right.
        search: the fields to search.
        order: the fields to sort by at first; a leading `-` sorts descending.
    """

    name: str
    select: str
    columns: Sequence[Column]
    search: Sequence[str]
    order: str

    def key(self, setting: str) -> str:
        """Return the name in the URL query of the table's `search`, `sort` or first `row`."""
        return f"{self.name}_{setting}"

    @property
    def settings(self) -> tuple[Setting, ...]:
        """What the table has in the URL query."""
        known = {column.sort for column in self.columns} - {""}
        orders = {self.order, *known, *(f"-{each}" for each in known)}
        return (
            Setting(self.key("search"), "search", lambda _, __: True),
            one_of(self.key("sort"), "order", orders),
            row_number(self.key("row")),
        )

    def total(self, view: View) -> int:
        """Return the number of matching rows."""
        matches, texts = self._matches(view)
        sql = f"SELECT count(*) AS total FROM ({self.select}) WHERE {matches}"  # noqa: S608  # declared
        return int(view.query(sql, *texts)["total"].iloc[0])

    def start(self, view: View, total: int) -> int:
        """Return the offset of the first row shown, valid for any URL query."""
        return first_row(view[self.key("row")], total, PAGE_ROWS)

    def rows(self, view: View, start: int, count: int = PAGE_ROWS) -> pd.DataFrame:
        """Return the rows of one page of the table.

        Args:
            view: the view.
            start: the offset of the first row.
            count: the number of rows.
        """
        matches, texts = self._matches(view)
        sort = self.sort(view)
        direction = "DESC" if sort.startswith("-") else "ASC"
        sql = f"""SELECT * FROM ({self.select}) WHERE {matches}
                  ORDER BY {sort.removeprefix("-")} {direction} NULLS LAST LIMIT ? OFFSET ?"""  # noqa: S608  # declared
        return view.query(sql, *texts, count, start)

    def sort(self, view: View) -> str:
        """Return the field to sort by, valid for any URL query."""
        sort = view[self.key("sort")]
        known = {column.sort for column in self.columns} - {""}
        return sort if sort.removeprefix("-") in known else self.order

    def _matches(self, view: View) -> tuple[str, list[str]]:
        text = view[self.key("search")]
        if not text:
            return "TRUE", []
        for special in ("\\", "%", "_"):
            text = text.replace(special, f"\\{special}")
        tests = [f"{field} LIKE ? ESCAPE '\\'" for field in self.search]
        return f"({' OR '.join(tests)})", [f"%{text}%"] * len(tests)


def first_row(wanted: str, total: int, size: int) -> int:
    """Return the offset of the first row of a page, valid for any text of a URL query.

    Args:
        wanted: the offset of a row of the page.
        total: the number of rows.
        size: the number of rows of a page.

    >>> first_row("27", 100, 10), first_row("999", 25, 10), first_row("-1", 25, 10)
    (20, 20, 0)
    """
    last = max(0, (total - 1) // size * size)
    return min(int(wanted) // size * size, last) if wanted.isdecimal() else 0
