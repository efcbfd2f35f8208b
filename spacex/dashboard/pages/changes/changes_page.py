"""The page Changes: changes since the previous response of each service, or since a date."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from spacex.analysis import history, queries
from spacex.analysis.feeds import FEEDS
from spacex.analysis.feeds.omm_files import LEFT_OUT
from spacex.analysis.findings import change_findings as findings
from spacex.analysis.source_coverage import pauses
from spacex.analysis.space_weather import weather_days
from spacex.analysis.withheld import ELEMENT_SETS
from spacex.dashboard.app.feed_urls import feed_url
from spacex.dashboard.pages.changes import changes_charts
from spacex.dashboard.pages.search import SATELLITES, life_query
from spacex.dashboard.ui.chart_widget import selectable, told
from spacex.dashboard.ui.controls import dropdown
from spacex.dashboard.ui.database import Database
from spacex.dashboard.ui.filters import Choice, Condition
from spacex.dashboard.ui.formatting import MISSING, format_instant, is_missing, shorten
from spacex.dashboard.ui.key_figures import key_figure, key_figures
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.page_links import page_link
from spacex.dashboard.ui.panels import ChartPanel, MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import Column, Row, instant, number, text
from spacex.dashboard.ui.table_panels import FullTablePanel, PagedTablePanel
from spacex.dashboard.ui.table_query import TableQuery
from spacex.dashboard.ui.view import View
from spacex.notebook.charts import category_bars
from spacex.notebook.show import label_and_unit
from spacex.notebook.weather_strip import HOW_TO_READ
from spacex.sources import SOURCES, short_title, titles

PREVIOUS = "the previous response"
CHARTED_LAUNCHES = 20
"""Latest launches whose altitudes are charted."""
LISTED_LAUNCHES = 12
"""Latest launches whose new satellites are listed."""


@dataclass(frozen=True)
class Since(Choice):
    """The instant after which changes count; by default, each service's previous response."""

    def options(self, database: Database) -> tuple[str, ...]:
        """See `Filter`; the options are the instants of compared responses, newest first."""
        sql = "SELECT DISTINCT since_utc FROM v_changes ORDER BY 1 DESC"
        return (PREVIOUS, *database.query(sql)["since_utc"])

    def validate(self, value: str, options: Sequence[str]) -> str:
        """See `Filter`."""
        return value if value in options else PREVIOUS

    def condition(self, value: str) -> Condition:
        """See `Filter`."""
        if value == PREVIOUS:
            return history.IN_NEWEST_SNAPSHOT, ()
        return "observed_utc > ?", (value,)

    def control(self, value: str, options: Sequence[str]) -> Node:
        """See `Filter`."""
        offered = {each: f"{format_instant(each)} UTC" for each in options[1:]}
        chosen = "" if value == PREVIOUS else value
        return dropdown(self.label, self.name, chosen, {"": self.all_label} | offered)


@dataclass(frozen=True)
class SourceChoice(Choice):
    """A source, by its name, offered by its title."""

    def control(self, value: str, options: Sequence[str]) -> Node:
        """See `Filter`."""
        offered = {each: _title(each) for each in options}
        return dropdown(self.label, self.name, value, {"": self.all_label} | offered)


def _title(source: object) -> str:
    """Return the title of a source; the name of one that is not known."""
    return short_title(str(source)) if source in SOURCES else shorten(source)


SINCE = Since("since", "Since", "since_utc", all_label=PREVIOUS)
KIND = Choice("kind", "Kind", "kind", table="v_changes", all_label="All kinds")
SOURCE = SourceChoice("source", "Source", "source", table="v_changes", all_label="All sources")

COUNTED = {
    "new satellite": ("starlink", "new", "New satellites", "listed for the first time"),
    "unlisted": ("starlink", "unlisted", "Unlisted", "no longer listed: decayed, or not seen"),
    "orbit status": ("starlink", "status", "Orbit status", "satellites whose orbit status changed"),
    "shell": ("starlink", "shell", "Shell", "satellites that changed shell"),
    "flown": ("launches", "flown", "Launches flown", "planned before"),
    "corrected": ("launches", "corrected", "Corrected", "values that differ from before"),
}
"""Endpoint, key, label and note of the key figure for each kind of change."""
NOT_COMPARED = "no two responses to compare"


def since(view: View) -> str:
    """Return the selected instant; empty for each service's previous response."""
    return "" if view[SINCE.name] == PREVIOUS else view[SINCE.name]


def selected(view: View, exclude: str = "") -> pd.DataFrame:
    """Return the changes that the filters select, ignoring one of them by name."""
    rows = history.changes(view.database.path, since(view))
    for each in (KIND, SOURCE):
        if view[each.name] and each.name != exclude:
            rows = rows[rows[each.name] == view[each.name]]
    return rows


def figures(view: View) -> Sequence[Node]:
    """Return the number of changes of each kind, and the responses compared."""
    count = selected(view)["kind"].value_counts()
    known = history.compared_endpoints(view.database.path)
    figures = [
        key_figure(label, f"{count.get(kind, 0):,}", note, key)
        if endpoint in known
        else key_figure(label, MISSING, NOT_COMPARED, key)
        for kind, (endpoint, key, label, note) in COUNTED.items()
    ]
    return [key_figures(*figures), *(tag("p", line, class_="note") for line in compared(view))]


def compared(view: View) -> list[str]:
    """Return one sentence per service about the responses compared."""
    counts = history.change_counts(view.database.path, since(view)).groupby("source")
    spans = counts.agg({"since_utc": "min", "observed_utc": "max"})
    ages = queries.view(view.database.path, "v_sources").set_index("source")["retrieved_utc"]
    lines = []
    for source, retrieved_utc in zip(ages.index.astype(str), ages, strict=True):
        if source in spans.index:
            first, last = (format_instant(spans.loc[source, end]) for end in spans.columns)
            text = f"{first} compared with {last} UTC."
        else:
            text = f"no known change; latest response {format_instant(retrieved_utc)} UTC."
        lines.append(f"{titles(source)}: {text}")
    return lines


def by_kind(view: View) -> alt.Chart:
    """Return the changes by kind."""
    counts = selected(view, KIND.name).groupby(["kind", "source"]).size()
    rows = counts.reset_index(name="changes")
    rows["source"] = rows["source"].map(_title)
    bars = selectable(category_bars(rows, "kind", "changes", "source"), "kind")
    return told(bars, findings.most_changes(rows))


def satellites_listed(view: View) -> alt.TopLevelSpec:
    """Return the number of satellites in each GP list."""
    lists = history.gp_lists(view.database.path)
    return told(changes_charts.satellites_listed(lists), findings.listed_now(lists))


def listing_changes(view: View) -> alt.TopLevelSpec:
    """Return the newly listed and unlisted satellites of each GP list."""
    lists = history.gp_lists(view.database.path)
    finding = findings.newly_listed(lists, pauses(lists["observed_utc"]))
    return told(changes_charts.listing_changes(lists), finding)


def launch_altitudes(view: View) -> alt.TopLevelSpec:
    """Return the median altitudes of the latest launches over time."""
    altitudes = history.latest_launch_altitudes(view.database.path, CHARTED_LAUNCHES)
    chart = changes_charts.launch_altitudes(altitudes, weather_days(view.database.path))
    return told(chart, findings.climbs(altitudes))


def new_by_launch(view: View) -> pd.DataFrame:
    """Return the new satellites of the latest launches."""
    rows = history.new_satellites_by_launch(view.database.path, since(view))
    return rows.sort_values("launch_designator", ascending=False).head(LISTED_LAUNCHES)


def panels(state: State) -> Sequence[Panel]:
    """Return the panels of the page."""
    return (
        MarkupPanel(figures),
        ChartPanel(
            "By kind",
            by_kind,
            "Each service is compared with its own responses. Click a bar to filter by its kind.",
            selects=("kind", KIND, state),
        ),
        FullTablePanel(
            f"New satellites of the latest {LISTED_LAUNCHES} launches",
            new_by_launch,
            NEW_BY_LAUNCH_COLUMNS,
            "None.",
            wide=False,
        ),
        PagedTablePanel("What changed", CHANGE_ROWS, state),
        ChartPanel(
            "Satellites listed",
            satellites_listed,
            "One dot per GP list, all dates. Gaps between the lists are hatched.",
        ),
        ChartPanel(
            "Newly listed and unlisted",
            listing_changes,
            "Between consecutive GP lists. Changes over a gap between the lists are pale and as "
            "wide as the gap, because their days are not known; satellites listed only in it are "
            "missing.",
        ),
        ChartPanel(
            f"Altitudes of the latest {CHARTED_LAUNCHES} launches",
            launch_altitudes,
            "Median mean altitude of each launch's satellites in each GP list. Gaps between the "
            f"lists are hatched. {HOW_TO_READ}",
            wide=True,
        ),
        MarkupPanel(subscribe),
    )


def subscribe(view: View) -> Sequence[Node]:
    """Return links to the feeds, and what is left out of them; nothing without the server."""
    urls = {name: feed_url(name) for name in FEEDS}
    links = [
        tag("li", tag("a", FEEDS[name].title, href=url), f" ({_form(name)}): {FEEDS[name].about}")
        for name, url in urls.items()
        if url
    ]
    if not links:
        return []
    (withheld,) = view.database.query(LEFT_OUT)["satellites"]
    notes = [f"Left out of the orbits: {withheld:,} {ELEMENT_SETS.reason}."] if withheld else []
    return [
        tag("h3", "Subscribe"),
        tag("p", "Each run writes these files as far as they changed.", class_="note"),
        tag("ul", *links),
        *(tag("p", note, class_="note") for note in notes),
    ]


def _form(name: str) -> str:
    return {"atom": "Atom", "ics": "calendar"}.get(name.rpartition(".")[2], "OMM")


def _change(row: Row) -> Node:
    """Return the old and the new value, whichever exist."""
    values = [row[name] for name in ("old_value", "new_value")]
    return " → ".join(shorten(value) for value in values if not is_missing(value)) or MISSING


def _name(row: Row) -> Node:
    """Return the name of what changed, as a link to its page if it is a satellite."""
    if row["table_name"] != "starlink" or is_missing(row["name"]):
        return shorten(row["name"])
    return page_link(shorten(row["name"]), life_query(SATELLITES, row["row_key"]))


def _value(row: Row) -> Node:
    """Return the name of the value that changed, in words, with its unit."""
    if is_missing(row["column_name"]):
        return MISSING
    label, unit = label_and_unit(shorten(row["column_name"]))
    return f"{label}, {unit}" if unit else label


NEW_BY_LAUNCH_COLUMNS = (
    text("launch_designator", "Designator"),
    text("launch", "Launch"),
    number("satellites", "Satellites"),
)
CHANGE_ROWS = TableQuery(
    name="changes",
    select="SELECT * FROM v_changes WHERE {filters}",
    columns=(
        instant("observed_utc", "Observed (UTC)"),
        text("kind", "Kind"),
        Column("Name", _name, "name"),
        text("launch_designator", "Designator"),
        Column("Value", _value, "column_name"),
        Column("From → to", _change),
        Column("Source", lambda row: _title(row["source"]), "source"),
    ),
    search=("name", "launch_designator", "old_value", "new_value"),
    order="-observed_utc",
)

PAGE = Page(
    name="changes",
    title="Changes",
    lead="Changes since the previous response of each service, or since a date: satellites newly "
    "listed and unlisted, launches flown, values corrected.",
    filters=(SINCE, KIND, SOURCE),
    panels=panels,
)
