"""Panels of tables: a short one that shows all its rows, a long one to search and leaf through."""

from collections.abc import Callable, Sequence

import pandas as pd

from spacex.dashboard.ui.cells import Column, heading, table
from spacex.dashboard.ui.markup import Markup, Node, tag
from spacex.dashboard.ui.page import TextPanel, boxed
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_rows import SHOWN, Rows
from spacex.dashboard.ui.view import View


class TablePanel(TextPanel):
    """A table of all its rows, for tables that are short by nature.

    Args:
        title: what is listed.
        rows: asks for the rows.
        columns: from left to right.
        nothing: what is said when there are no rows.
        wide: whether it takes a whole row of the page.
    """

    def __init__(
        self,
        title: str,
        rows: Callable[[View], pd.DataFrame],
        columns: Sequence[Column],
        nothing: str = "Nothing.",
        *,
        wide: bool = True,
    ) -> None:
        def draw(view: View) -> list[Node]:
            found = rows(view)
            content = tag("p", nothing) if found.empty else table(found, columns, title)
            return [tag("h3", title), content]

        super().__init__(draw, wide=wide)


class Table:
    """A table to search, sort and leaf through.

    Search, order and place stand in the state, so that they stand in the address, too.

    Args:
        title: what a row is.
        rows: what is shown.
        state: what the visitor has chosen.
    """

    def __init__(self, title: str, rows: Rows, state: State) -> None:
        self._title, self._rows, self._state = title, rows, state
        self._markup = Markup(act=self._act)
        self.widget = boxed(self._markup, kind="words", wide=True)

    def show(self, view: View) -> None:
        """Show what is chosen now."""
        rows = self._rows
        total = rows.total(view)
        start = rows.start(view, total)
        heads = [_heading(column, rows.sort(view)) for column in rows.columns]
        self._markup.show(
            tag("h3", self._title),
            tag("div", self._search(view), *_steps(start, total), class_="bar"),
            table(rows.shown(view, start), rows.columns, self._title, *heads),
        )

    def _search(self, view: View) -> Node:
        box = tag(
            "input",
            type="search",
            value=view[self._rows.key("search")],
            data_action="search",
            placeholder=", ".join(self._rows.search).replace("_", " "),
            maxlength="100",
        )
        return tag("label", tag("span", "Search", class_="name"), box, class_="field")

    def _act(self, action: str, value: str) -> None:
        if action not in {"search", "sort", "row"}:
            return
        from_the_top = {} if action == "row" else {self._rows.key("row"): ""}
        self._state.change({**from_the_top, self._rows.key(action): value})


def _steps(start: int, total: int) -> list[Node]:
    """Which rows are shown, and the way to those before and after."""
    end = min(start + SHOWN, total)
    place = f"{start + 1:,}–{end:,} of {total:,}" if total else "No row matches."
    return [
        tag("span", place, class_="place", role="status"),
        _step("Previous", start - SHOWN, is_possible=start > 0),
        _step("Next", end, is_possible=end < total),
    ]


def _step(label: str, row: int, *, is_possible: bool) -> Node:
    value = str(row) if row > 0 else ""
    return tag(
        "button",
        label,
        type="button",
        data_action="row",
        data_value=value,
        disabled=not is_possible,
    )


def _heading(column: Column, sort: str) -> Node:
    """A heading that sorts by its column: upwards at first, numbers downwards."""
    if not column.sort:
        return heading(column)
    is_up, is_down = sort == column.sort, sort == f"-{column.sort}"
    then = f"-{column.sort}" if is_up or (column.is_number and not is_down) else column.sort
    arrow = tag(
        "span", "▲" if is_up else "▼" if is_down else "", class_="arrow", aria_hidden="true"
    )
    button = tag("button", column.label, arrow, type="button", data_action="sort", data_value=then)
    return heading(
        column, button, order="ascending" if is_up else "descending" if is_down else None
    )
