"""The page Passes: which satellites pass over a place, when, and where to look."""

from collections.abc import Callable, Sequence

import altair as alt
import pandas as pd

from spacex.dashboard.pages.fleet_filters import INSTANT, SATELLITE, SHELL, STATUS, fleet_if_any
from spacex.dashboard.pages.passes import passes_charts as charts
from spacex.dashboard.pages.passes.passes_data import (
    CITIES,
    HOME,
    HOURS,
    LABELS,
    PATHS,
    PassQuery,
    find_passes_for,
    paths,
)
from spacex.dashboard.ui.controls import dropdown, form, text_input
from spacex.dashboard.ui.formatting import format_instant, format_number
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.panels import ChartPanel, MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import Column, Row, badge, text
from spacex.dashboard.ui.table_panels import FullTablePanel
from spacex.dashboard.ui.view import View
from spacex.orbits.passes import MIN_ELEVATION_DEG
from spacex.orbits.propagation import age_warning

ONLY = {"": "All passes", "visible": "Only visible ones"}
ELSEWHERE = "elsewhere"


def controls(view: View) -> list[Node]:
    """What is asked, and in short what was found."""
    result, query = find_passes_for(view), PassQuery.from_view(view)
    latitude, longitude = CITIES[HOME]
    fields = {
        "lat": view["lat"] or str(latitude),
        "lon": view["lon"] or str(longitude),
        "above": view["above"] or f"{MIN_ELEVATION_DEG:g}",
        "hours": view["hours"] or f"{HOURS:g}",
    }
    cities = {**{name: name for name in CITIES}, ELSEWHERE: "Another place"}
    return [
        form(
            "Place and span",
            dropdown("City", "city", _city(query), cities),
            *(text_input(LABELS[name], name, value, "") for name, value in fields.items()),
            dropdown("Show", "only", "visible" if query.is_visible_only else "", ONLY),
        ),
        *(tag("p", note, class_="warning", role="status") for note in result.notes),
        tag("p", _found(view), class_="lead", role="status", data_figure="found"),
    ]


def sky(view: View) -> alt.TopLevelSpec:
    """The paths of the next passes over the sky."""
    result = find_passes_for(view)
    lines = paths(view, result)
    ends = result.passes.head(PATHS).rename(
        columns={
            "culmination_azimuth_deg": "azimuth_deg",
            "culmination_elevation_deg": "elevation_deg",
        }
    )[["azimuth_deg", "elevation_deg", "pass", "sight"]]
    return charts.sky(lines, ends)


def timeline(view: View) -> alt.TopLevelSpec:
    """When the passes are, and how high they get."""
    columns = ["rise_utc", "set_utc", "culmination_elevation_deg", "sight", "pass"]
    return charts.timeline(find_passes_for(view).passes[columns])


def passes(view: View) -> pd.DataFrame:
    """The passes found."""
    return find_passes_for(view).passes


def panels(state: State) -> Sequence[Panel]:
    """The panels of the page."""
    return (
        MarkupPanel(controls, _act_on(state)),
        ChartPanel(
            f"The next {PATHS} passes over the sky",
            sky,
            "The middle is overhead, the rim the horizon; north is up and east is left, as when "
            "one lies on the back. The dot is the highest point.",
        ),
        ChartPanel(
            "When, and how high",
            timeline,
            "One is visible if it is in sunlight while the Sun is 6° below the horizon here.",
        ),
        FullTablePanel("Passes", passes, COLUMNS, "There is none."),
    )


def _act_on(state: State) -> Callable[[str, str], None]:
    def act(action: str, value: str) -> None:
        if action == "city" and value in CITIES:
            latitude, longitude = CITIES[value]
            state.change({"lat": str(latitude), "lon": str(longitude)})
        elif action == "only" or action in LABELS:
            state.change({action: value})

    return act


def _city(query: PassQuery) -> str:
    place = (query.latitude_deg, query.longitude_deg)
    return next((name for name, at in CITIES.items() if at == place), ELSEWHERE)


def _found(view: View) -> str:
    """In one sentence, what was found; or how far the elements are from their epoch."""
    result, fleet = find_passes_for(view), fleet_if_any(view.database.path)
    if fleet is None or not result.satellites:
        return ""
    kind = "visible passes" if view["only"] == "visible" else "passes"
    return (
        f"{result.total:,} {kind} of {result.satellites:,} satellites within {result.hours:.1f} "
        f"hours from {format_instant(result.start)} UTC. {age_warning(fleet.aloft, result.start)}"
    )


def _at(instant: str, azimuth: str, label: str, *, is_whole: bool = False) -> Column:
    """An instant, with its day if whole, and the direction then."""

    def cell(row: Row) -> Node:
        direction = f" · {format_number(row[azimuth])}° {_compass(row[azimuth])}"
        clock = str(row[instant])[:19] if is_whole else str(row[instant])[11:19]
        return tag("span", tag("time", clock), direction)

    return Column(label, cell)


def _compass(azimuth_deg: float) -> str:
    names = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
    return names[round(azimuth_deg / 45) % len(names)]


COLUMNS = (
    text("name", "Satellite"),
    _at("rise_utc", "rise_azimuth_deg", "Rises (UTC, azimuth)", is_whole=True),
    _at("culmination_utc", "culmination_azimuth_deg", "Highest"),
    Column(
        "Elevation (°)", lambda r: format_number(r["culmination_elevation_deg"]), is_number=True
    ),
    Column("Distance (km)", lambda r: format_number(r["culmination_range_km"]), is_number=True),
    _at("set_utc", "set_azimuth_deg", "Sets"),
    badge("sight", "Seen"),
)

PAGE = Page(
    name="passes",
    title="Passes",
    lead="Which satellites pass over a place, when, and where in the sky to look for them.",
    filters=(SHELL, STATUS, SATELLITE, INSTANT),
    panels=panels,
)
