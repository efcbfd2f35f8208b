"""The page Changes: what is new since the last answers, or since a date, and what it adds up to."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from spacex.analysis import history, queries
from spacex.dashboard.pages.changes import changes_charts as charts
from spacex.dashboard.ui.chart_widget import selectable
from spacex.dashboard.ui.database import Database
from spacex.dashboard.ui.filters import Choice, Condition
from spacex.dashboard.ui.formatting import (
    MISSING,
    format_instant,
    format_number,
    is_missing,
    shorten,
)
from spacex.dashboard.ui.key_figures import key_figure, key_figures
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.panels import ChartPanel, MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import Column, Row, instant, number, text
from spacex.dashboard.ui.table_panels import FullTablePanel, PagedTablePanel
from spacex.dashboard.ui.table_query import TableQuery
from spacex.dashboard.ui.view import View
from spacex.notebook.charts import category_bars
from spacex.sources import titles

LAST = "the answers before"
CLIMBING = 20
"""Launches whose climb is shown: the latest ones."""
LISTED = 12
"""Launches whose new satellites are listed: the latest ones."""


@dataclass(frozen=True)
class Since(Choice):
    """The instant after which changes count; at first, that of each service's answer before."""

    def options(self, database: Database) -> tuple[str, ...]:
        """See `Filter`: instants of answers that newer ones were compared with, newest first."""
        sql = "SELECT DISTINCT since_utc FROM v_changes ORDER BY 1 DESC"
        return (LAST, *database.query(sql)["since_utc"])

    def validate(self, value: str, options: Sequence[str]) -> str:
        """See `Filter`."""
        return value if value in options else LAST

    def condition(self, value: str) -> Condition:
        """See `Filter`."""
        return (history.IN_NEWEST_SNAPSHOT, ()) if value == LAST else ("observed_utc > ?", (value,))

    def control(self, value: str, options: Sequence[str]) -> Node:
        """See `Filter`."""
        return super().control("" if value == LAST else value, options[1:])


SINCE = Since("since", "Since", "since_utc", all_label=LAST)
KIND = Choice("kind", "Kind", "kind", table="v_changes", all_label="All kinds")
SOURCE = Choice("source", "Source", "source", table="v_changes", all_label="All sources")

COUNTED = {
    "new satellite": ("new", "New satellites", "listed for the first time"),
    "unlisted": ("unlisted", "Unlisted", "no longer listed: presumed re-entered"),
    "orbit status": ("status", "Orbit status", "satellites whose orbit status changed"),
    "shell": ("shell", "Shell", "satellites that changed shell"),
    "flown": ("flown", "Launches flown", "planned before"),
    "corrected": ("corrected", "Corrected", "values told otherwise than before"),
}
"""Kind of change → its key, what it is called, and what it means."""


def since(view: View) -> str:
    """The instant chosen; empty if it is that of each service's answer before."""
    return "" if view[SINCE.name] == LAST else view[SINCE.name]


def found(view: View, exclude: str = "") -> pd.DataFrame:
    """The changes chosen."""
    rows = history.changes(view.database.path, since(view))
    for each in (KIND, SOURCE):
        if view[each.name] and each.name != exclude:
            rows = rows[rows[each.name] == view[each.name]]
    return rows


def figures(view: View) -> Sequence[Node]:
    """How many there are of each kind, and between which answers."""
    count = found(view)["kind"].value_counts()
    parts = [
        key_figure(label, format_number(int(count.get(kind, 0))), note, key)
        for kind, (key, label, note) in COUNTED.items()
    ]
    return [key_figures(*parts), *(tag("p", line, class_="note") for line in compared(view))]


def compared(view: View) -> list[str]:
    """For each service, the answers that are compared, or that nothing is known to have changed."""
    counts = history.change_counts(view.database.path, since(view)).groupby("source")
    spans = counts.agg({"since_utc": "min", "observed_utc": "max"})
    ages = queries.freshness(view.database.path).set_index("source")["retrieved_utc"]
    lines = []
    for source, retrieved_utc in zip(ages.index.astype(str), ages, strict=True):
        if source in spans.index:
            first, last = (format_instant(spans.loc[source, end]) for end in spans.columns)
            told = f"{first} compared with {last}, UTC."
        else:
            told = (
                f"its newest answer is of {format_instant(retrieved_utc)} UTC; no change is known."
            )
        lines.append(f"{titles(source)}: {told}")
    return lines


def by_kind(view: View) -> alt.Chart:
    """Changes by kind."""
    rows = found(view, KIND.name).groupby(["kind", "source"]).size().reset_index(name="changes")
    return selectable(category_bars(rows, "kind", "changes", "source"), "kind")


def fleet(view: View) -> alt.Chart:
    """Satellites in each list of what is in orbit."""
    return charts.satellites_listed(history.gp_lists(view.database.path))


def moves(view: View) -> alt.Chart:
    """Satellites that came and went with each list."""
    return charts.listing_changes(history.gp_lists(view.database.path))


def climbs(view: View) -> alt.TopLevelSpec:
    """The altitudes of the latest launches, list by list."""
    return charts.launch_altitudes(history.latest_launch_altitudes(view.database.path, CLIMBING))


def new_by_launch(view: View) -> pd.DataFrame:
    """New satellites of the latest launches."""
    rows = history.new_satellites_by_launch(view.database.path, since(view))
    return rows.sort_values("launch_designator", ascending=False).head(LISTED)


def panels(state: State) -> Sequence[Panel]:
    """The panels of the page."""
    return (
        MarkupPanel(figures),
        ChartPanel(
            "By kind",
            by_kind,
            "Each service is compared with itself. Click a bar to see that kind alone.",
            selects=("kind", KIND, state),
        ),
        FullTablePanel(
            f"New satellites of the latest {LISTED} launches",
            new_by_launch,
            NEW_BY_LAUNCH_COLUMNS,
            "None.",
            wide=False,
        ),
        PagedTablePanel("What changed", CHANGE_ROWS, state),
        ChartPanel("Satellites listed", fleet, "One dot a list of what is in orbit, all dates."),
        ChartPanel(
            "Came and went",
            moves,
            "From each list to the next. Where long lies between two, much may have come and gone "
            "unseen.",
        ),
        ChartPanel(
            f"How the latest {CLIMBING} launches climb",
            climbs,
            "Median mean altitude of each launch's satellites, in each list that has some of them.",
            wide=True,
        ),
    )


def _change(row: Row) -> Node:
    """The old value and the new one, as far as there are any."""
    values = [row[name] for name in ("old_value", "new_value")]
    return " → ".join(shorten(value) for value in values if not is_missing(value)) or MISSING


NEW_BY_LAUNCH_COLUMNS = (
    text("launch_designator", "Designator"),
    text("launch", "Launch"),
    number("satellites", "Satellites"),
)
CHANGE_ROWS = TableQuery(
    name="changes",
    select="SELECT * FROM v_changes WHERE {filters}",
    columns=(
        instant("observed_utc", "Seen (UTC)"),
        text("kind", "Kind"),
        text("name", "Name"),
        text("launch_designator", "Designator"),
        text("column_name", "Value"),
        Column("From → to", _change),
        text("source", "Source"),
    ),
    search=("name", "launch_designator", "old_value", "new_value"),
    order="-observed_utc",
)

PAGE = Page(
    name="changes",
    title="Changes",
    lead="What is new since the last answers of the services, or since a date: satellites that "
    "came and went, launches flown, values corrected.",
    filters=(SINCE, KIND, SOURCE),
    panels=panels,
)
