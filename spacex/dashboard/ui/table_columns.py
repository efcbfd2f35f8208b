"""Columns of tables: how a value becomes a cell, and rows become a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from spacex.dashboard.ui.formatting import format_instant, format_number, shorten
from spacex.dashboard.ui.markup import Node, tag

Row = Mapping[str, Any]

STACKED, PAIRED = "stacks", "stacks paired"
"""CSS classes of tables whose rows are blocks on narrow screens."""

LONG_TEXT = 36
"""Longest text that does not need a wide, wrapping cell, in characters."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        label: its heading.
        cell: returns the cell of a row.
        sort: the field to sort by; empty if the column cannot be sorted.
        is_number: whether to align right, in tabular figures.
    """

    label: str
    cell: Callable[[Row], Node]
    sort: str = ""
    is_number: bool = False


def text(name: str, label: str) -> Column:
    """Return a column of text."""
    return Column(label, lambda row: shorten(row[name]), name)


def number(name: str, label: str, digits: int = 0) -> Column:
    """Return a column of numbers with thousands separators.

    Args:
        name: the field.
        label: the heading.
        digits: number of decimals.
    """
    return Column(label, lambda row: format_number(row[name], digits), name, is_number=True)


def day(name: str, label: str) -> Column:
    """Return a column of dates; instants are shown by their date."""
    return Column(label, lambda row: tag("time", shorten(row[name])[:10]), name)


def instant(name: str, label: str) -> Column:
    """Return a column of instants in UTC, to the minute."""
    return Column(label, lambda row: tag("time", format_instant(row[name])), name)


def badge(name: str, label: str) -> Column:
    """Return a column of states, each with a shape and a colour (see style.css)."""
    return Column(
        label,
        lambda row: tag("span", str(row[name]), class_="state", data_state=str(row[name])),
        name,
    )


def links(label: str, **names: str) -> Column:
    """Return a column of web links by their text: `links("More", Webcast="webcast_url")`."""

    def cell(row: Row) -> Node:
        return tag("span", *(link(row[n], words) for words, n in names.items()), class_="links")

    return Column(label, cell)


def link(url: object, words: str) -> Node | None:
    """Return a link that opens a new tab; None unless the value is an HTTP URL."""
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        return None
    return tag("a", words, href=url, target="_blank", rel="noopener noreferrer")


def table(
    rows: pd.DataFrame,
    columns: Sequence[Column],
    caption: str,
    *headings: Node,
    stack: str = "",
) -> Node:
    """Return a table that scrolls sideways on narrow screens, or is stacked there.

    Args:
        rows: one row for each row of the table.
        columns: from left to right.
        caption: caption for assistive technology.
        headings: the header cells; by default the columns' labels.
        stack: how rows are blocks on narrow screens, where each cell has its label: `STACKED`, one
            cell below the other, or `PAIRED`, two side by side; empty if the table is scrolled.
    """
    headings = headings or tuple(heading(column) for column in columns)
    body = table_rows(rows, columns, stack=stack)
    content = tag(
        "table", tag("caption", caption), tag("thead", tag("tr", *headings)), tag("tbody", *body)
    )
    kind = f"scroll {stack}" if stack else "scroll"
    return tag("div", content, class_=kind, tabindex="0", role="region", aria_label=caption)


def table_rows(rows: pd.DataFrame, columns: Sequence[Column], *, stack: str = "") -> list[Node]:
    """Return the rows of a table.

    Args:
        rows: one row for each row of the table.
        columns: from left to right.
        stack: see `table`.
    """
    return [
        tag("tr", *(_cell(column, row, is_labelled=bool(stack)) for column in columns))
        for row in _records(rows)
    ]


def heading(column: Column, *children: Node, order: str | None = None) -> Node:
    """Return the header cell of a column.

    Args:
        column: the column.
        children: the content; by default the column's label.
        order: the value of `aria-sort`.
    """
    content = children or (column.label,)
    kind = "number" if column.is_number else None
    return tag("th", *content, scope="col", class_=kind, aria_sort=order)


def _cell(column: Column, row: Row, *, is_labelled: bool) -> Node:
    content = column.cell(row)
    is_long = isinstance(content, str) and len(content) > LONG_TEXT
    kind = "number" if column.is_number else "long" if is_long else None
    return tag("td", content, class_=kind, data_label=column.label if is_labelled else None)


def _records(rows: pd.DataFrame) -> list[Row]:
    names = [str(name) for name in rows.columns]
    return [dict(zip(names, row, strict=True)) for row in rows.itertuples(index=False, name=None)]
