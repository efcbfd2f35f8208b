"""Panels of tables: short ones shown in full, long ones searched, sorted and paged."""

from collections.abc import Callable, Sequence

import pandas as pd

from spacex.dashboard.ui.controls import button, search_input
from spacex.dashboard.ui.markup import Markup, Node, tag
from spacex.dashboard.ui.page_links import OPEN
from spacex.dashboard.ui.page_settings import row_number
from spacex.dashboard.ui.panels import MarkupPanel, panel_box
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import PAIRED, Column, heading, table, table_rows
from spacex.dashboard.ui.table_query import PAGE_ROWS, TableQuery, first_row
from spacex.dashboard.ui.view import View


class FullTablePanel(MarkupPanel):
    """A short table, shown in full.

    Args:
        title: what the table lists.
        rows: returns the rows for a view.
        columns: from left to right.
        empty: text to show if there are no rows.
        wide: whether the panel spans the page.
        stack: see `table`.
    """

    def __init__(
        self,
        title: str,
        rows: Callable[[View], pd.DataFrame],
        columns: Sequence[Column],
        empty: str = "Nothing.",
        *,
        wide: bool = True,
        stack: str = PAIRED,
    ) -> None:
        def draw(view: View) -> list[Node]:
            found = rows(view)
            if found.empty:
                return [tag("h3", title), tag("p", empty)]
            return [tag("h3", title), table(found, columns, title, stack=stack)]

        super().__init__(draw, wide=wide)


class PagedTablePanel:
    """A long table to search, sort and page through.

    Attributes:
        settings: what it has in the URL query.
    """

    def __init__(self, title: str, query: TableQuery, state: State) -> None:
        self._title, self._query, self._state = title, query, state
        self.settings = query.settings
        self._markup = Markup(on_action=self._act)
        self.widget = panel_box(self._markup, wide=True)

    def show(self, view: View) -> None:
        """See `Panel`."""
        query = self._query
        total = query.total(view)
        start = query.start(view, total)
        self._markup.rows = lambda: table_rows(
            query.rows(view, 0, total), query.columns, stack=PAIRED
        )
        hint = ", ".join(query.search).replace("_", " ")
        headings = [_sort_heading(column, query.sort(view)) for column in query.columns]
        self._markup.show(
            tag("h3", self._title),
            tag(
                "div",
                search_input("Search", "search", view[query.key("search")], hint),
                *pager(start, total, PAGE_ROWS),
                class_="bar",
            ),
            table(query.rows(view, start), query.columns, self._title, *headings, stack=PAIRED),
        )

    def _act(self, action: str, value: str) -> None:
        if action == OPEN:
            self._state.read(value)
        if action not in {"search", "sort", "row"}:
            return
        first_page = {} if action == "row" else {self._query.key("row"): ""}
        self._state.change({**first_page, self._query.key(action): value})


class PagedFramePanel(MarkupPanel):
    """A table of some rows that are at hand, shown page by page; absent if it has none.

    Args:
        title: what the table lists.
        name: prefix of the table's name in the URL query.
        rows: returns the rows for a view.
        columns: from left to right.
        state: the visitor's state.
        wide: whether the panel spans the page.

    Attributes:
        settings: what it has in the URL query.
    """

    def __init__(
        self,
        title: str,
        name: str,
        rows: Callable[[View], pd.DataFrame],
        columns: Sequence[Column],
        state: State,
        *,
        wide: bool = True,
    ) -> None:
        key = f"{name}_row"
        self.settings = (row_number(key),)

        def draw(view: View) -> list[Node]:
            found = rows(view)
            if found.empty:
                return []
            self._markup.rows = lambda: table_rows(found, columns, stack=PAIRED)
            start = first_row(view[key], len(found), PAGE_ROWS)
            shown = found.iloc[start : start + PAGE_ROWS]
            turn = tag("div", *pager(start, len(found), PAGE_ROWS), class_="bar")
            listed = table(shown, columns, title, stack=PAIRED)
            return [tag("h3", title), *([turn] if len(found) > PAGE_ROWS else []), listed]

        def act(action: str, value: str) -> None:
            if action == OPEN:
                state.read(value)
            elif action == "row":
                state.change({key: value})

        super().__init__(draw, act, wide=wide)


def pager(start: int, total: int, size: int) -> list[Node]:
    """Return the range of rows shown, and buttons to the previous and the next page.

    Args:
        start: the offset of the first row shown.
        total: the number of rows.
        size: the number of rows of a page.
    """
    end, previous = min(start + size, total), start - size
    place = f"{start + 1:,}–{end:,} of {total:,}" if total else "No row matches."
    return [
        tag("span", place, class_="place", role="status"),
        button("Previous", "row", str(previous) if previous > 0 else "", is_disabled=start == 0),
        button("Next", "row", str(end), is_disabled=end >= total),
    ]


def _sort_heading(column: Column, sort: str) -> Node:
    """Return a heading that sorts by its column: text ascending first, numbers descending."""
    if not column.sort:
        return heading(column)
    is_up, is_down = sort == column.sort, sort == f"-{column.sort}"
    then = f"-{column.sort}" if is_up or (column.is_number and not is_down) else column.sort
    symbol, order = ("▲", "ascending") if is_up else ("▼", "descending") if is_down else ("", None)
    arrow = tag("span", symbol, class_="arrow", aria_hidden="true")
    return heading(column, button(tag("span", column.label, arrow), "sort", then), order=order)
