"""The page Boosters: landings, reuse and turnaround."""

from collections.abc import Sequence
from itertools import starmap

import altair as alt
import pandas as pd

from spacex.analysis.booster_flights import FLIGHTS
from spacex.analysis.booster_records import (
    SHOWN_FLIGHTS,
    booster_survival,
    coverage_end,
    falcon_flights,
    landing_streaks,
    streak_text,
    survival_text,
)
from spacex.analysis.findings import booster_findings as findings
from spacex.analysis.intervals import percent, wilson_text
from spacex.analysis.source_coverage import covered, gaps, year_gaps
from spacex.dashboard.pages.boosters import boosters_charts
from spacex.dashboard.pages.boosters.boosters_data import BOOSTER, LANDING, flights
from spacex.dashboard.pages.launch_filters import PAD, ROCKET, YEARS
from spacex.dashboard.pages.life_panels import finder
from spacex.dashboard.pages.search import BOOSTERS, life_query
from spacex.dashboard.ui.chart_widget import selectable, told
from spacex.dashboard.ui.filters import ColumnFilter
from spacex.dashboard.ui.formatting import MISSING, format_number, shorten
from spacex.dashboard.ui.key_figures import key_figure, key_figures
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.page_links import page_link
from spacex.dashboard.ui.panels import ChartPanel, MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import Column, Row, day, number, text
from spacex.dashboard.ui.table_panels import FullTablePanel, PagedTablePanel
from spacex.dashboard.ui.table_query import TableQuery
from spacex.dashboard.ui.view import View
from spacex.notebook.charts import landings_by_year as landings_chart
from spacex.warehouse.coverage import LANDINGS, LAUNCHES

NONE_FLOWN = (
    "No flight of a booster matches the filters. Where no source covers the time, none is known."
)


def figures(view: View) -> Sequence[Node]:
    """Return the key figures of the selected flights."""
    found = flights(
        view,
        """SELECT count(*) AS flown, count(DISTINCT core_id) AS boosters,
                  coalesce(sum(landing_attempt), 0) AS tried,
                  coalesce(sum(outcome = 'landed'), 0) AS made,
                  coalesce(sum(outcome = 'expended'), 0) AS expended,
                  coalesce(sum(outcome = 'lost'), 0) AS lost,
                  coalesce(sum(outcome = 'unknown'), 0) AS unknown,
                  coalesce(sum(is_reused), 0) AS reused, count(is_reused) AS numbered,
                  max(flight) AS most
           FROM flight WHERE {filters}""",
    ).iloc[0]
    turnaround_d = flights(view, "SELECT turnaround_d FROM flight WHERE {filters}").median().iloc[0]
    if not found["flown"]:
        return [tag("p", NONE_FLOWN)]
    flown, tried, made = int(found["flown"]), int(found["tried"]), int(found["made"])
    reused, numbered = int(found["reused"]), int(found["numbered"])
    landed = f"{percent(made, tried)}; {wilson_text(made, tried)}" if tried else "no known attempt"
    used = f"{percent(reused, numbered)} of flights"
    if numbered < flown:
        used += f"; not known of {format_number(flown - numbered)}"
    turnaround = f"{format_number(turnaround_d)} d"
    is_known = tried or not found["unknown"]
    tries, landings = (format_number(n) if is_known else MISSING for n in (tried, made))
    words = {"expended": "expended", "lost": "lost with the launch", "unknown": "not recorded"}
    others = [f"{format_number(found[n])} {word}" for n, word in words.items() if found[n]]
    rows = (
        ("Flights of boosters", format_number(flown), "three per Falcon Heavy", "flights"),
        ("Boosters", format_number(found["boosters"]), "in these flights", "boosters"),
        ("Landings tried", tries, ", ".join(others) or "every flight", "tried"),
        ("Landed", landings, landed, "made"),
        ("Flown before", format_number(reused) if numbered else MISSING, used, "reused"),
        ("Highest flight", format_number(found["most"]), "of one booster", "most"),
        ("Turnaround", turnaround, "median, flight to flight", "turnaround"),
    )
    return [key_figures(*starmap(key_figure, rows))]


def landings_by_year(view: View) -> alt.TopLevelSpec:
    """Return the landings of each year, made by type or missed."""
    rows = flights(
        view,
        """SELECT year, landing AS landing_type, count(*) AS attempts,
                  sum(landing_success) AS landings
           FROM flight WHERE {filters} AND landing_attempt GROUP BY year, landing""",
        exclude=YEARS.name,
    )
    path = view.database.path
    chart = landings_chart(rows, year_gaps(path, LANDINGS), lambda bars: selectable(bars, "year"))
    return told(chart, findings.most_landings(rows, covered(path, LANDINGS)))


def landings_by(view: View, by: ColumnFilter) -> pd.DataFrame:
    """Return the landings `made` and `tried` for each value of a filter's column."""
    return flights(
        view,
        f"""SELECT {by.column}, sum(coalesce(landing_success, FALSE)) AS made, count(*) AS tried
            FROM flight WHERE {{filters}} AND landing_attempt GROUP BY {by.column}""",  # noqa: S608  # declared names
        exclude=by.name,
    )


def success_by_year(view: View) -> alt.TopLevelSpec:
    """Return the landing success rate of each year."""
    rows, path = landings_by(view, YEARS), view.database.path
    chart = boosters_charts.success_by_year(rows, year_gaps(path, LANDINGS))
    return told(chart, findings.newest_landings(rows, covered(path, LANDINGS)))


def success_by_type(view: View) -> alt.TopLevelSpec:
    """Return the landing success rate by type."""
    rows = landings_by(view, LANDING)
    return told(boosters_charts.success_by_type(rows), findings.landings_by_type(rows))


def reuse(view: View) -> alt.TopLevelSpec:
    """Return the share of flights on used boosters, by year."""
    rows = flights(
        view,
        """SELECT year, count(*) AS flights, coalesce(sum(is_reused), 0) AS reused
           FROM flight WHERE {filters} AND is_reused IS NOT NULL GROUP BY year""",
        exclude=YEARS.name,
    )
    path = view.database.path
    chart = boosters_charts.reuse(rows, year_gaps(path, LAUNCHES))
    return told(chart, findings.newest_reuse(rows, covered(path, LAUNCHES)))


def flights_per_booster(view: View) -> alt.Chart:
    """Return the number of boosters by their recorded flights."""
    rows = flights(
        view,
        """, booster AS (SELECT count(*) AS flights, max(flight) AS highest FROM flight
                         WHERE {filters} AND core_id IS NOT NULL GROUP BY core_id)
           SELECT flights, count(*) AS boosters, coalesce(sum(highest > flights), 0) AS flew_more
           FROM booster GROUP BY flights""",
    )
    return told(boosters_charts.flights_per_booster(rows), findings.most_flights(rows))


def turnaround(view: View) -> alt.TopLevelSpec:
    """Return the days between two flights of a booster, over time."""
    rows = flights(
        view,
        """SELECT date_utc, launch, booster, flight, turnaround_d FROM flight
           WHERE {filters} AND turnaround_d IS NOT NULL""",
        exclude=BOOSTER.name,
    )
    known = gaps(covered(view.database.path, LAUNCHES), rows["date_utc"])
    return told(boosters_charts.turnaround(rows, known), findings.turnaround(rows))


def records(view: View) -> Sequence[Node]:
    """Return the longest landings in a row, and the share of boosters in service."""
    database = view.database.path
    known, end = falcon_flights(database), coverage_end(database)
    said = [streak_text(landing_streaks(known, end)), survival_text(booster_survival(known, end))]
    title = tag("h3", "Landings in a row, and boosters in service")
    return [title, *(tag("p", each, class_="finding") for each in said if each)]


def in_service(view: View) -> pd.DataFrame:
    """Return the share of boosters in service after some numbers of flights."""
    database = view.database.path
    found = booster_survival(falcon_flights(database), coverage_end(database))
    rows = found[found["flights"].isin(SHOWN_FLIGHTS)]
    low, high, least, most = (
        rows[name].map("{:.0%}".format, na_action="ignore").fillna("unknown")
        for name in ("share_low", "share_high", "low", "high")
    )
    return rows.assign(share=low + " to " + high, interval=least + " to " + most)


def panels(state: State) -> Sequence[Panel]:
    """Return the panels of the page."""
    return (
        finder(BOOSTERS, state),
        MarkupPanel(figures),
        ChartPanel(
            "Landings by year",
            landings_by_year,
            "Landed on a drone ship, on land or softly in the water, or missed. Years whose "
            "landings no source covers, or only in part, are hatched. "
            "Click a bar to filter by its year.",
            selects=("year", YEARS, state),
        ),
        ChartPanel(
            "Landing success rate by year",
            success_by_year,
            "The bars are 95 % confidence intervals. Years whose landings no source covers, or "
            "only in part, are hatched. Click a dot to filter by its year.",
            selects=("year", YEARS, state),
        ),
        ChartPanel(
            "Landing success rate by type",
            success_by_type,
            "With 95 % confidence intervals. Click a dot to filter by its type of landing.",
            selects=("landing", LANDING, state),
        ),
        ChartPanel(
            "Recorded flights per booster",
            flights_per_booster,
            "How many of the selected flights a source has recorded of each booster. This is not "
            "its flight number, which is higher if flights are not recorded or not selected: the "
            "table has both. Boosters lost early have few flights.",
        ),
        ChartPanel(
            "Flights on used boosters",
            reuse,
            "Each of a Falcon Heavy's three boosters counts. Years whose launches no source "
            "covers, or only in part, are hatched. Click a bar to filter by its year.",
            selects=("year", YEARS, state),
        ),
        ChartPanel(
            "Turnaround",
            turnaround,
            "Days from one flight of a booster to its next, on a logarithmic scale; the line is "
            f"the median of the latest {boosters_charts.WINDOW}. Click a dot to filter by its "
            "booster.",
            selects=("booster", BOOSTER, state),
        ),
        MarkupPanel(records),
        FullTablePanel(
            "Boosters in service after a number of flights, of block 5",
            in_service,
            IN_SERVICE,
            "No flight of these boosters is known.",
            wide=False,
        ),
        PagedTablePanel("Boosters of the selected flights", ROWS, state),
    )


def _serial(row: Row) -> Node:
    name = shorten(row["serial"])
    return page_link(name, life_query(BOOSTERS, row["serial"])) if row["has_serial"] else name


IN_SERVICE = (
    number("flights", "Flights"),
    number("at_risk", "Boosters that flew so often"),
    text("share", "Share in service"),
    text("interval", "Interval of 95 %"),
)
_LISTED = """
    SELECT booster AS serial, k.serial IS NOT NULL AS has_serial, k.block,
           coalesce(k.status, 'unknown') AS status, k.last_update,
           count(*) AS flights, max(flight) AS highest, sum(landing_attempt) AS tried,
           sum(landing_attempt AND landing_success) AS made, sum(outcome = 'unknown') AS unknown,
           min(turnaround_d) AS quickest_d, max(date_utc) AS last_flight_utc
    FROM flight LEFT JOIN cores k USING (core_id)
    WHERE {filters} AND core_id IS NOT NULL GROUP BY core_id"""
ROWS = TableQuery(
    name="boosters",
    select=f"{FLIGHTS} {_LISTED}",
    columns=(
        Column("Booster", _serial, "serial"),
        number("block", "Block"),
        text("status", "Status"),
        number("flights", "Recorded flights"),
        number("highest", "Highest flight number"),
        number("tried", "Landings tried"),
        number("made", "Landed"),
        number("unknown", "Not recorded"),
        number("quickest_d", "Quickest turnaround (d)"),
        day("last_flight_utc", "Last flight"),
        text("last_update", "Latest remark of the source"),
    ),
    search=("serial", "block", "status", "last_update"),
    order="-flights",
)

PAGE = Page(
    name="boosters",
    title="Boosters",
    lead="The first stages: their landings, their reuse and the time between two flights.",
    filters=(YEARS, ROCKET, PAD, LANDING, BOOSTER),
    panels=panels,
)
