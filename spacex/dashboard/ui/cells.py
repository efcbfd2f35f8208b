"""The columns of tables on the page: how a value becomes a cell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from spacex.dashboard.ui.markup import Node, tag

Row = Mapping[str, Any]

NOTHING = "–"
"""Stands where a table has no value."""

LONG_TEXT = 36
"""Longest text that is given a cell as wide as itself, in characters."""

LONGEST_TEXT = 300
"""Longest text shown in a cell, in characters."""


@dataclass(frozen=True)
class Column:
    """One column of a table on the page.

    Attributes:
        label: its heading.
        cell: makes a cell from a row.
        sort: the column of the rows it is sorted by; it cannot be sorted by if empty.
        is_number: set to the right, in figures of one width.
    """

    label: str
    cell: Callable[[Row], Node]
    sort: str = ""
    is_number: bool = False


def text(name: str, label: str) -> Column:
    """A text."""
    return Column(label, lambda row: shortened(row[name]), name)


def number(name: str, label: str, digits: int = 0) -> Column:
    """A number, with thousands set apart."""
    return Column(label, lambda row: grouped(row[name], digits), name, is_number=True)


def day(name: str, label: str) -> Column:
    """The day of a date or an instant."""
    return Column(label, lambda row: tag("time", shortened(row[name])[:10]), name)


def instant(name: str, label: str) -> Column:
    """An instant in UTC, to the minute."""
    return Column(label, lambda row: tag("time", moment(row[name])), name)


def badge(name: str, label: str) -> Column:
    """One of a few states, marked by shape and colour, in words."""
    return Column(
        label,
        lambda row: tag("span", str(row[name]), class_="state", data_state=str(row[name])),
        name,
    )


def links(label: str, **names: str) -> Column:
    """The web addresses of a row, each under a word: `links("More", Webcast="webcast_url")`."""

    def cell(row: Row) -> Node:
        return tag("span", *(link(row[n], word) for word, n in names.items()), class_="links")

    return Column(label, cell)


def link(address: object, words: str) -> Node | None:
    """A link that leaves the dashboard in a tab of its own; nothing if it is no web address."""
    is_web = isinstance(address, str) and address.startswith(("https://", "http://"))
    if not is_web:
        return None
    return tag("a", words, href=str(address), target="_blank", rel="noopener noreferrer")


def shortened(value: object) -> str:
    """A value as text, cut where it is too long for a cell."""
    if is_nothing(value):
        return NOTHING
    words = str(value)
    return words if len(words) <= LONGEST_TEXT else f"{words[:LONGEST_TEXT]}…"


def grouped(value: Any, digits: int = 0) -> str:
    """A number for people: `1,330,837`."""
    return NOTHING if is_nothing(value) else f"{value:,.{digits}f}"


def moment(value: object) -> str:
    """An instant for people: `2022-10-05 16:00`."""
    return NOTHING if is_nothing(value) else str(value)[:16].replace("T", " ")


def is_nothing(value: object) -> bool:
    """Whether the database has no value here."""
    return value is None or value is pd.NA or value != value  # noqa: PLR0124  # NaN


def table(rows: pd.DataFrame, columns: Sequence[Column], caption: str, *heads: Node) -> Node:
    """A table that scrolls by itself where the page is narrower.

    Args:
        rows: one row for each of the table's.
        columns: from left to right.
        caption: what it is, for those who do not see it.
        heads: the headings; the columns' labels if none are given.
    """
    headings = heads or tuple(heading(column) for column in columns)
    body = [tag("tr", *(_cell(column, row) for column in columns)) for row in _records(rows)]
    content = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *headings)),
        tag("tbody", *body),
    )
    return tag("div", content, class_="scroll", tabindex="0", role="region", aria_label=caption)


def heading(column: Column, *children: Node, order: str | None = None) -> Node:
    """The heading of a column, with its label if nothing else is given, and how it is sorted."""
    label = children or (column.label,)
    kind = "number" if column.is_number else None
    return tag("th", *label, scope="col", class_=kind, aria_sort=order)


def _cell(column: Column, row: Row) -> Node:
    content = column.cell(row)
    is_long = isinstance(content, str) and len(content) > LONG_TEXT
    kind = "number" if column.is_number else "long" if is_long else None
    return tag("td", content, class_=kind)


def _records(rows: pd.DataFrame) -> list[Row]:
    names = [str(name) for name in rows.columns]
    return [dict(zip(names, row, strict=True)) for row in rows.itertuples(index=False, name=None)]
