"""The page Booster: one booster and its flights, as the report tells it."""

from collections.abc import Sequence
from urllib.parse import urlencode

import altair as alt
import pandas as pd

from spacex.analysis.articles import booster as report
from spacex.dashboard.pages.life_panels import columns, drawn, finder, remembered, summary
from spacex.dashboard.pages.search import BOOSTERS, LAUNCHES, life_query
from spacex.dashboard.ui.formatting import is_missing, shorten
from spacex.dashboard.ui.markup import Node
from spacex.dashboard.ui.page import Page, Panel, Subject
from spacex.dashboard.ui.page_links import opens, page_link
from spacex.dashboard.ui.panels import ChartPanel, MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import Column, Row
from spacex.dashboard.ui.table_panels import PagedFramePanel
from spacex.dashboard.ui.view import View
from spacex.notebook import article_charts

read_booster = remembered(report.booster)


def selected(view: View) -> report.Booster:
    """Return the report on the selected booster."""
    return read_booster(view.database.path, view[BOOSTER.name])


def booster_summary(view: View) -> list[Node]:
    """Return the report in sentences, the key figures and a link to all boosters."""
    found = selected(view)
    all_of_them = urlencode({"page": "boosters", "booster": found.serial})
    more = page_link("Its flights beside those of others", all_of_them) if found.serial else None
    return summary(found.serial, found, more)


def turnarounds(view: View) -> alt.TopLevelSpec:
    """Return the days between its flights, over those of all boosters."""
    found = selected(view)
    return article_charts.turnarounds(found.fleet, found.serial, found.gaps)


def counts(view: View) -> alt.TopLevelSpec:
    """Return the number of boosters by flights."""
    found = selected(view)
    return drawn(article_charts.flights_per_booster(found.counts, found.serial))


def flights(view: View) -> pd.DataFrame:
    """Return its flights for a table, newest first, with the keys of the launches."""
    found = selected(view)
    keys = found.flown["launch_designator"].fillna(found.flown["launch"])
    return found.flights.assign(key=keys.iloc[::-1])


def panels(state: State) -> Sequence[Panel]:
    """Return the panels of the page."""
    return (
        finder(BOOSTERS, state),
        MarkupPanel(booster_summary, opens(state)),
        ChartPanel(
            "Turnarounds beside those of all boosters",
            turnarounds,
            "Days from the flight before, if a source covers all the time between, on a "
            "logarithmic scale.",
            nothing=lambda view: None if selected(view).serial else "",
        ),
        ChartPanel(
            "Boosters by flights",
            counts,
            "At least: a flight number may be higher than the flights known. Orange: this one.",
            nothing=lambda view: None if selected(view).serial else "",
        ),
        PagedFramePanel("Its flights", "flights", flights, COLUMNS, state),
    )


def _launch(row: Row) -> Node:
    if is_missing(row["key"]):
        return shorten(row["launch"])
    return page_link(shorten(row["launch"]), life_query(LAUNCHES, row["key"]))


def _columns() -> list[Column]:
    numbers = {"flight": "Int64", "since_the_flight_before_days": "Int64"}
    told = ["date", "launch", "flight", "outcome", "landing_on", "since_the_flight_before_days"]
    return columns(pd.DataFrame(columns=told).astype(numbers), {"launch": _launch})


COLUMNS = _columns()

BOOSTER = Subject("booster", "Booster", remembered(report.find_booster), lambda _, serial: serial)

PAGE = Page(
    name="booster",
    title="Booster",
    lead="One booster: its flights, its landings and the time between two flights.",
    filters=(),
    panels=panels,
    subject=BOOSTER,
    under="boosters",
)
