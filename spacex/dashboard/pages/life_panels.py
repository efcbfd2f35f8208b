"""What the pages of one launch, booster and satellite share: the words and tables of reports."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import starmap
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import pandas as pd
from IPython.display import HTML

from spacex.analysis.verdict import SIMULATED
from spacex.dashboard.pages.search import BOOSTERS, LAUNCHES, SATELLITES, find, hint
from spacex.dashboard.ui.controls import Option
from spacex.dashboard.ui.finder import FinderPanel
from spacex.dashboard.ui.formatting import MISSING, format_number, is_missing, shorten
from spacex.dashboard.ui.key_figures import key_figure, key_figures
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import PAIRED, Column, Row, table
from spacex.dashboard.ui.view import View
from spacex.files import Fingerprint, fingerprint
from spacex.notebook.chart_style import Drawing
from spacex.notebook.show import label_and_unit

T = TypeVar("T")

_UNIT = re.compile(r"(km|kg|°), (.*)")
_DIGITS = 1
FINDERS = {
    SATELLITES: "Find a satellite",
    LAUNCHES: "Find a launch",
    BOOSTERS: "Find a booster",
}
"""The label of each search."""


class Article(Protocol):
    """A report on one thing."""

    @property
    def headline(self) -> list[str]:
        """The report in some sentences."""

    @property
    def figures(self) -> dict[str, object]:
        """The key figures."""

    @property
    def limits(self) -> list[str]:
        """What the sources do not tell."""


def remembered(read: Callable[[Path, str], T]) -> Callable[[Path, str], T]:
    """Return a function that reads something of a database once, until the database changes."""

    @lru_cache(maxsize=4)
    def known(database: Path, _fingerprint: Fingerprint | None, which: str) -> T:
        return read(database, which)

    return lambda database, which: known(database, fingerprint(database), which)


def finder(
    kind: str, state: State, completed: Callable[[View, str], str] = lambda _, query: query
) -> FinderPanel:
    """Return the search of the satellites, launches or boosters.

    Args:
        kind: one of those of `search`.
        state: the visitor's state.
        completed: returns the URL query of what was found with what else a view keeps.
    """

    def offer(view: View, text: str) -> list[Option]:
        found = find(view.database, text, kind)
        return [each._replace(value=completed(view, each.value)) for each in found]

    return FinderPanel(FINDERS[kind], lambda view: hint(view.database, kind), offer, state)


def summary(title: str, found: Article, *links: Node | None) -> list[Node]:
    """Return a report in sentences, its key figures and what is not known.

    Args:
        title: what it is about.
        found: the report.
        links: more about it.
    """
    said = [tag("p", each) for each in found.headline if each != SIMULATED]
    unsaid = found.limits
    limits = tag("ul", *(tag("li", each) for each in unsaid))
    shown = [each for each in links if each is not None]
    unknown = tag("details", tag("summary", "What is not known"), limits)
    return [
        tag("h3", shorten(title)),
        tag("div", *said, class_="sentences"),
        *([tag("p", *shown, class_="links")] if shown else []),
        *([key_figures(*starmap(_figure, found.figures.items()))] if found.figures else []),
        *([unknown] if unsaid else []),
    ]


def columns(
    frame: pd.DataFrame, links: Mapping[str, Callable[[Row], Node]] | None = None
) -> list[Column]:
    """Return the columns of a table of a report, headed as in the report.

    Args:
        frame: the table.
        links: column → its cell for a row, in place of the value as text.
    """
    return [_column(str(name), frame, (links or {}).get(str(name))) for name in frame.columns]


def report_table(
    title: str,
    frame: pd.DataFrame,
    empty: str,
    links: Mapping[str, Callable[[Row], Node]] | None = None,
) -> list[Node]:
    """Return a table of a report with its title.

    Args:
        title: what it lists.
        frame: its rows.
        empty: what to say if there are none.
        links: see `columns`.
    """
    if frame.empty:
        return [tag("h3", title), tag("p", empty)] if empty else []
    return [tag("h3", title), table(frame, columns(frame, links), title, stack=PAIRED)]


def drawn(chart: Drawing | HTML) -> Drawing:
    """Return the chart of a report that has one.

    Raises:
        TypeError: it has a text in place of the chart.
    """
    if isinstance(chart, HTML):
        raise TypeError("The report has a text in place of the chart.")
    return chart


def _figure(name: str, value: object) -> Node:
    """Return a key figure of a report; its unit stands by the number."""
    unit, what = found.groups() if (found := _UNIT.match(name)) else ("", name)
    shown = _text(value)
    gap = "" if unit == "°" else "\N{NO-BREAK SPACE}"
    number = f"{shown}{gap}{unit}" if unit and shown != MISSING else shown
    return key_figure(f"{what[:1].upper()}{what[1:]}", number, "")


def _column(name: str, frame: pd.DataFrame, cell: Callable[[Row], Node] | None) -> Column:
    label, unit = label_and_unit(name)
    heading = f"{label} ({unit})" if unit else label
    is_number = pd.api.types.is_numeric_dtype(frame[name])
    return Column(heading, cell or (lambda row: _text(row[name])), is_number=is_number)


def _text(value: Any) -> str:
    if is_missing(value) or isinstance(value, str):
        return shorten(value)
    if isinstance(value, float | np.floating):
        digits = 0 if float(value).is_integer() else _DIGITS
        return format_number(value, digits)
    return format_number(value) if isinstance(value, int | np.integer) else str(value)
