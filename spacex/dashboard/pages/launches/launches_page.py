"""The page Launches: launches by year, rocket and pad, success rate and payload mass."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import starmap

import altair as alt
import pandas as pd

from spacex.analysis.findings import launch_findings as findings
from spacex.analysis.intervals import percent, wilson_text
from spacex.analysis.source_coverage import FIRST_YEAR, covered, gaps, year_gaps, year_span
from spacex.dashboard.pages.launch_filters import PAD, ROCKET, YEARS
from spacex.dashboard.pages.launches import launches_charts
from spacex.dashboard.pages.life_panels import finder
from spacex.dashboard.pages.search import LAUNCHES as LAUNCH_KIND
from spacex.dashboard.pages.search import life_query
from spacex.dashboard.ui.chart_widget import selectable, told
from spacex.dashboard.ui.filters import Choice
from spacex.dashboard.ui.formatting import MISSING, format_number, is_missing, shorten
from spacex.dashboard.ui.key_figures import key_figure, key_figures
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.page_links import page_link
from spacex.dashboard.ui.panels import ChartPanel, MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import Column, Row, badge, links, number, text
from spacex.dashboard.ui.table_panels import PagedTablePanel
from spacex.dashboard.ui.table_query import TableQuery
from spacex.dashboard.ui.view import View
from spacex.notebook import charts
from spacex.notebook.chart_style import NOT_FLOWN, OUTCOMES
from spacex.units import counted
from spacex.warehouse.coverage import LAUNCHES, MASSES

OUTCOME = Choice("outcome", "Outcome", "outcome", "v_launches", all_label="All outcomes")

CLASS = Choice("class", "Class", "launch_class", "v_launches", all_label="All classes")

NONE_FLOWN = "No flown launch matches the filters. Where no source covers the time, none is known."


def figures(view: View) -> Sequence[Node]:
    """Return the key figures of the selected launches."""
    found = view.query(
        """SELECT coalesce(sum(launch_class = 'orbital'), 0) AS orbital,
                  coalesce(sum(launch_class IS NOT 'orbital'), 0) AS others,
                  coalesce(sum(launch_class = 'orbital' AND outcome = 'success'), 0) AS succeeded,
                  coalesce(sum(launch_class = 'orbital' AND outcome = 'failure'), 0) AS failed,
                  sum(payload_mass_kg) / 1000 AS mass_t,
                  coalesce(sum(payloads_of_unknown_mass), 0) AS unweighed,
                  coalesce(sum(payload_mass_kg IS NULL AND NOT payloads_of_unknown_mass), 0)
                      AS unlisted
           FROM v_launches WHERE {filters} AND is_flown"""
    ).iloc[0]
    if not found["orbital"] + found["others"]:
        return [tag("p", NONE_FLOWN)]
    succeeded, known = int(found["succeeded"]), int(found["succeeded"] + found["failed"])
    succeeded_text, failed_text, success = MISSING, MISSING, "no known outcome"
    if known or not found["orbital"]:
        succeeded_text, failed_text = format_number(succeeded), format_number(found["failed"])
    if known:
        success = f"{percent(succeeded, known)}; {wilson_text(succeeded, known)}"
    mass = MISSING if is_missing(found["mass_t"]) else f"{format_number(found['mass_t'])} t"
    others = f"besides {format_number(found['others'])} suborbital, pad losses or of unknown class"
    excluded = (
        f"without {counted(int(found['unweighed']), 'payload')} of unknown mass and "
        f"{counted(int(found['unlisted']), 'launch', 'launches')} of unknown payload"
    )
    rows = (
        ("Orbital launches", format_number(found["orbital"]), others, "launches"),
        ("Succeeded", succeeded_text, success, "succeeded"),
        ("Failed", failed_text, "orbital launches", "failed"),
        ("Payload mass", mass, excluded, "mass"),
    )
    return [key_figures(*starmap(key_figure, rows))]


def by_year(view: View) -> alt.TopLevelSpec:
    """Return the launches of each year by outcome, with the years that no source covers."""
    rows = view.query(
        """SELECT year, outcome, count(*) AS launches FROM v_launches WHERE {filters}
           GROUP BY year, outcome""",
        exclude=YEARS.name,
    )
    path = view.database.path
    chart = charts.launches_by_year(rows, year_gaps(path), lambda bars: selectable(bars, "year"))
    return told(chart, findings.busiest_year(_flown(rows), covered(path, LAUNCHES)))


def by_column(view: View, choice: Choice) -> alt.Chart:
    """Return the launches by outcome and the column of a filter."""
    column = choice.column
    rows = view.query(
        f"""SELECT coalesce({column}, 'unknown') AS {column}, outcome, count(*) AS launches
            FROM v_launches WHERE {{filters}} GROUP BY {column}, outcome""",  # noqa: S608  # declared names
        exclude=choice.name,
    )
    bars = charts.category_bars(rows, column, "launches", "outcome", OUTCOMES)
    return told(selectable(bars, column), findings.most_flown(_flown(rows), column))


def cumulative(view: View) -> alt.TopLevelSpec:
    """Return the launches up to each day by rocket."""
    rows = view.query(
        """SELECT date_utc, name, coalesce(rocket, 'unknown') AS rocket,
                  count(*) OVER (PARTITION BY rocket ORDER BY date_utc) AS launches
           FROM v_launches WHERE {filters} AND is_flown"""
    )
    counted_from = pd.Series([_selected_from(view)])
    known = gaps(covered(view.database.path, LAUNCHES), pd.concat([counted_from, rows["date_utc"]]))
    finding = findings.launches_so_far(rows, is_least=not known.empty)
    return told(launches_charts.cumulative(rows, known), finding)


def rolling_success(view: View) -> alt.TopLevelSpec:
    """Return the rolling success rate."""
    rows = view.query(
        """SELECT date_utc, name, outcome = 'success' AS success FROM v_launches
           WHERE {filters} AND launch_class = 'orbital' AND outcome IN ('success', 'failure')"""
    )
    known = gaps(covered(view.database.path, LAUNCHES), rows["date_utc"])
    finding = findings.latest_successes(rows, launches_charts.WINDOW)
    return told(launches_charts.rolling_success(rows, known), finding)


def mass(view: View) -> alt.TopLevelSpec:
    """Return the payload mass of each year by rocket."""
    rows = view.query(
        """SELECT year, coalesce(rocket, 'unknown') AS rocket,
                  sum(payload_mass_kg) / 1000 AS mass_t
           FROM v_launches WHERE {filters} AND is_flown AND payload_mass_kg IS NOT NULL
           GROUP BY year, rocket"""
    )
    chart = launches_charts.mass(rows, year_gaps(view.database.path, MASSES))
    return told(chart, findings.most_mass(rows))


def _flown(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[~rows["outcome"].isin(NOT_FLOWN)]


def _selected_from(view: View) -> str:
    """Return the start of the selected years; of all years if none are selected."""
    years = YEARS.selected_values(view[YEARS.name])
    return year_span(int(years[0]) if years else FIRST_YEAR)[0]


def panels(state: State) -> Sequence[Panel]:
    """Return the panels of the page."""
    return (
        finder(LAUNCH_KIND, state),
        MarkupPanel(figures),
        ChartPanel(
            "Launches by year and outcome",
            by_year,
            "Suborbital launches and losses on the pad included. Planned launches are announced; "
            "overdue ones were, and are not recorded as flown; superseded ones were by an archive, "
            "and another source has no such launch. Years that no source covers, or only in part, "
            "are hatched. Click a bar to filter by its year.",
            wide=True,
            selects=("year", YEARS, state),
        ),
        ChartPanel(
            "By rocket",
            lambda view: by_column(view, ROCKET),
            "Click a bar to filter by its rocket.",
            selects=("rocket", ROCKET, state),
        ),
        ChartPanel(
            "By launch pad",
            lambda view: by_column(view, PAD),
            "Click a bar to filter by its pad.",
            selects=("launchpad", PAD, state),
        ),
        ChartPanel(
            "Launches so far",
            cumulative,
            "Launches known to have flown, failures included. Time that no source covers is "
            "hatched; after it, more may have flown than are counted.",
        ),
        ChartPanel(
            f"Success rate of the latest {launches_charts.WINDOW} launches",
            rolling_success,
            "Orbital launches only. The band is the 95 % confidence interval of the rate. After "
            "time that no source covers, the latest launches are counted anew.",
        ),
        ChartPanel(
            "Payload mass by year",
            mass,
            "Payloads of unknown mass and launches without a list of payloads are excluded, so the "
            "true mass is larger. Years whose payloads no source covers entirely are hatched.",
            wide=True,
        ),
        PagedTablePanel("Selected launches", ROWS, state),
    )


def _mission(row: Row) -> Node:
    key = row["name"] if is_missing(row["launch_designator"]) else row["launch_designator"]
    return page_link(shorten(row["name"]), life_query(LAUNCH_KIND, key))


ROWS = TableQuery(
    name="launches",
    select="""SELECT *, iif(is_flown AND date_text LIKE substr(date_utc, 1, 10) || '%',
                         substr(date_utc, 1, 10), date_text) AS date_shown,
                     iif(is_flown, julianday(date_utc), -julianday(date_until_utc)) AS position
              FROM v_launches WHERE {filters}""",
    columns=(
        replace(text("date_shown", "Date"), sort="date_until_utc"),
        Column("Mission", _mission, "name"),
        text("rocket", "Rocket"),
        text("launchpad", "Pad"),
        text("launch_class", "Class"),
        badge("outcome", "Outcome"),
        number("payload_mass_kg", "Payload (kg)"),
        links("More", Webcast="webcast_url", Article="article_url", Wikipedia="wikipedia_url"),
    ),
    search=("name", "rocket", "launchpad", "region"),
    order="-position",  # flown ones, newest first; then planned ones, next first
)

PAGE = Page(
    name="launches",
    title="Launches",
    lead="Every recorded launch: its date, pad, rocket and outcome.",
    filters=(YEARS, ROCKET, PAD, CLASS, OUTCOME),
    panels=panels,
)
