"""The page Passes: satellites that pass over a place, their times and directions."""

from collections.abc import Sequence

import altair as alt

from spacex.dashboard.pages.fleet_filters import INSTANT, SATELLITE, SHELL, STATUS
from spacex.dashboard.pages.fleet_model import read_fleet
from spacex.dashboard.pages.passes import passes_charts
from spacex.dashboard.pages.passes.passes_data import (
    LABELS,
    PATHS,
    PassQuery,
    find_passes_for,
    paths,
)
from spacex.dashboard.ui.controls import dropdown, form, text_input
from spacex.dashboard.ui.formatting import format_instant, format_number
from spacex.dashboard.ui.markup import ActionHandler, Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.panels import ChartPanel, MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import Column, Row, badge, number, text
from spacex.dashboard.ui.table_panels import FullTablePanel
from spacex.dashboard.ui.view import View
from spacex.orbits.cities import CITIES
from spacex.orbits.place import compass
from spacex.orbits.propagation import age_warning
from spacex.units import counted

ONLY = {"": "All passes", "visible": "Visible passes only"}
ELSEWHERE = "elsewhere"
TIMELINE_COLUMNS = ["rise_utc", "set_utc", "culmination_elevation_deg", "sight", "pass"]


def controls(view: View) -> list[Node]:
    """Return the search form, notes and a summary of the result."""
    result, query = find_passes_for(view), PassQuery.from_view(view)
    values = {
        "lat": query.latitude_deg,
        "lon": query.longitude_deg,
        "above": query.min_elevation_deg,
        "hours": query.hours,
    }
    cities = {**{name: name for name in CITIES}, ELSEWHERE: "Another place"}
    return [
        form(
            "Place and duration",
            dropdown("City", "city", _city(query), cities),
            *(
                text_input(LABELS[name], name, view[name] or f"{value:g}", "")
                for name, value in values.items()
            ),
            dropdown("Show", "only", "visible" if query.is_visible_only else "", ONLY),
        ),
        *(tag("p", note, class_="warning", role="status") for note in result.notes),
        tag("p", _summary(view), class_="lead", role="status", data_figure="found"),
    ]


def sky(view: View) -> alt.TopLevelSpec:
    """Return the paths of the next passes over the sky."""
    result = find_passes_for(view)
    culminations = result.passes.head(PATHS).rename(
        columns={
            "culmination_azimuth_deg": "azimuth_deg",
            "culmination_elevation_deg": "elevation_deg",
        }
    )[["azimuth_deg", "elevation_deg", "pass", "sight"]]
    return passes_charts.sky(paths(view, result), culminations)


def panels(state: State) -> Sequence[Panel]:
    """Return the panels of the page."""
    return (
        MarkupPanel(controls, _on_action(state)),
        ChartPanel(
            f"The next {PATHS} passes over the sky",
            sky,
            "The centre is the zenith, the rim the horizon. North is up and east is left, as seen "
            "from below. Dots mark the highest points.",
        ),
        ChartPanel(
            "Times and elevations",
            lambda view: passes_charts.timeline(find_passes_for(view).passes[TIMELINE_COLUMNS]),
            "In a visible pass, the satellite is sunlit and the Sun over 6° below the horizon.",
        ),
        FullTablePanel("Passes", lambda view: find_passes_for(view).passes, COLUMNS, "None."),
    )


def _on_action(state: State) -> ActionHandler:
    def act(action: str, value: str) -> None:
        if action == "city" and value in CITIES:
            city = CITIES[value]
            state.change({"lat": str(city.latitude_deg), "lon": str(city.longitude_deg)})
        elif action == "only" or action in LABELS:
            state.change({action: value})

    return act


def _city(query: PassQuery) -> str:
    place = (query.latitude_deg, query.longitude_deg)
    at = {(city.latitude_deg, city.longitude_deg): name for name, city in CITIES.items()}
    return at.get(place, ELSEWHERE)


def _summary(view: View) -> str:
    """Return the number of passes found, and a warning if the elements are old."""
    result, fleet = find_passes_for(view), read_fleet(view.database.path)
    if fleet is None or not result.satellites:
        return ""
    kind = "visible pass" if view["only"] == "visible" else "pass"
    return (
        f"{counted(result.total, kind, f'{kind}es')} of {counted(result.satellites, 'satellite')} "
        f"within {result.hours:.1f} hours from {format_instant(result.start)} UTC. "
        f"{age_warning(fleet.in_orbit, result.start)}"
    )


def _event(instant: str, azimuth: str, label: str, *, has_date: bool = False) -> Column:
    """Return a column of instants, with the satellite's direction at that time."""

    def cell(row: Row) -> Node:
        direction = f" · {format_number(row[azimuth])}° {compass(row[azimuth])}"
        clock = str(row[instant])[:19] if has_date else str(row[instant])[11:19]
        return tag("span", tag("time", clock), direction)

    return Column(label, cell)


COLUMNS = (
    text("name", "Satellite"),
    _event("rise_utc", "rise_azimuth_deg", "Rises (UTC, azimuth)", has_date=True),
    _event("culmination_utc", "culmination_azimuth_deg", "Highest"),
    number("culmination_elevation_deg", "Elevation (°)"),
    number("culmination_range_km", "Distance (km)"),
    _event("set_utc", "set_azimuth_deg", "Sets"),
    badge("sight", "Visibility"),
)

PAGE = Page(
    name="passes",
    title="Passes",
    lead="The satellites that pass over a place: when they rise, and where to look for them.",
    filters=(SHELL, STATUS, SATELLITE, INSTANT),
    panels=panels,
)
