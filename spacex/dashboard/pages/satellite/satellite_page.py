"""The page Satellite: one satellite, its orbit, where it is and what becomes of it."""

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from spacex.dashboard.pages.fleet_filters import INSTANT, SATELLITE, fleet_if_any, instant_of
from spacex.dashboard.pages.fleet_model import NOT_IN_ORBIT, STATUS_RULES, Fleet
from spacex.dashboard.pages.satellite.satellite_charts import altitude
from spacex.dashboard.ui.controls import button, form, search_input
from spacex.dashboard.ui.formatting import format_instant, shorten
from spacex.dashboard.ui.key_figures import key_figure, key_figures
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.panels import ChartPanel, MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import Column, table, text
from spacex.dashboard.ui.view import View
from spacex.orbits.propagation import age_warning
from spacex.orbits.status import Status
from spacex.schema import TABLES
from spacex.schema.starlink import UNLISTED

SUGGESTIONS = 8
ELEMENTS = (
    "epoch_utc",
    "mean_motion_rev_per_day",
    "period_min",
    "semi_major_axis_km",
    "perigee_altitude_km",
    "apogee_altitude_km",
    "eccentricity",
    "inclination_deg",
    "raan_deg",
    "arg_of_pericenter_deg",
    "mean_anomaly_deg",
    "bstar",
)
NO_FLEET = "The database holds no orbital elements: there is no satellite to show."
FIND = "find"


def row_of(view: View, fleet: Fleet) -> int:
    """The place of the satellite chosen; at first, of one that is operational."""
    operational = np.flatnonzero(fleet.catalogue["status"] == Status.OPERATIONAL)
    example = int(operational[0]) if len(operational) else 0
    return fleet.numbers.get(view[SATELLITE.name], example)


def found(view: View, fleet: Fleet) -> list[str]:
    """The labels of the satellites that match what is searched for, those that begin so first."""
    wanted = view[FIND].strip().casefold()
    matching = [each for each in fleet.labels if wanted in each.casefold()] if wanted else []
    return sorted(matching, key=lambda each: not each.casefold().startswith(wanted))


def finder(view: View) -> list[Node]:
    """The box to search in, and what matches."""
    fleet = fleet_if_any(view.database.path)
    if fleet is None:
        return [tag("p", NO_FLEET)]
    matching = found(view, fleet)
    return [
        form("Find", search_input("Find a satellite", FIND, view[FIND], "name or NORAD id")),
        _suggestions(matching[:SUGGESTIONS]),
        tag("p", _how_many(view, len(matching)), class_="note", role="status"),
    ]


def summary(view: View) -> list[Node]:
    """Who it is, where it is, and what it is doing."""
    fleet = fleet_if_any(view.database.path)
    if fleet is None:
        return []
    row, at = row_of(view, fleet), instant_of(view, fleet)
    one = fleet.catalogue.iloc[row]
    warning = age_warning(fleet.elements.select(np.array([row])), at)
    return [
        tag("h3", fleet.labels[row]),
        key_figures(*_figures(fleet, row, at)),
        tag(
            "p",
            f"Designator {shorten(one['object_id'])}. ",
            STATUS_RULES[one["status"]],
            class_="note",
        ),
        *([tag("p", warning, class_="warning", role="status")] if warning else []),
        _to_map(str(fleet.elements.norad_cat_id[row])),
    ]


def elements(view: View) -> list[Node]:
    """Its orbital elements, with their units and what they mean."""
    fleet = fleet_if_any(view.database.path)
    if fleet is None:
        return []
    one = fleet.catalogue.iloc[row_of(view, fleet)]
    columns = {column.name: column for column in TABLES["starlink_elements"].columns}
    rows = pd.DataFrame(
        [
            (columns[name].description, _value(one[name]), columns[name].unit or "", name)
            for name in ELEMENTS
        ],
        columns=["meaning", "value", "unit", "name"],
    )
    return [tag("h3", "Orbital elements"), table(rows, ELEMENT_COLUMNS, "Orbital elements")]


def history(view: View) -> alt.TopLevelSpec:
    """Its altitude at every epoch the database keeps."""
    fleet = fleet_if_any(view.database.path)
    number = -1 if fleet is None else int(fleet.elements.norad_cat_id[row_of(view, fleet)])
    rows = view.query(
        """SELECT epoch_utc, perigee_altitude_km, apogee_altitude_km FROM starlink_elements
           WHERE norad_cat_id = ? ORDER BY epoch_utc""",
        number,
    )
    return altitude(rows)


def panels(state: State) -> Sequence[Panel]:
    """The panels of the page."""
    return (
        MarkupPanel(finder, _chosen_in(state)),
        MarkupPanel(summary, _to_map_in(state)),
        MarkupPanel(elements, wide=False),
        ChartPanel(
            "Altitude over time",
            history,
            "At each epoch of its elements that has been loaded: the history grows with every run.",
        ),
    )


def _chosen_in(state: State) -> Callable[[str, str], None]:
    def act(action: str, value: str) -> None:
        if action == FIND:
            state.change({FIND: value})
        elif action == SATELLITE.name:
            state.change({SATELLITE.name: value, FIND: ""})

    return act


def _to_map_in(state: State) -> Callable[[str, str], None]:
    def act(action: str, value: str) -> None:
        if action == "map":
            state.change({"page": "map", SATELLITE.name: value})

    return act


def _to_map(number: str) -> Node:
    words = "Show it on the map, with its ground track"
    href = f"?page=map&satellite={number}"
    return tag("p", tag("a", words, href=href, data_action="map", data_value=number))


def _suggestions(labels: Sequence[str]) -> Node:
    numbers = [label.rpartition(" (")[2].removesuffix(")") for label in labels]
    entries = [
        tag("li", button(label, SATELLITE.name, number))
        for label, number in zip(labels, numbers, strict=True)
    ]
    return tag("ul", *entries, class_="suggestions", aria_label="Satellites found")


def _how_many(view: View, count: int) -> str:
    if not view[FIND].strip():
        return "Type a part of its name, such as 1007, or its catalogue number."
    return f"{count:,} found." if count else "No satellite has that in its name or number."


def _figures(fleet: Fleet, row: int, at: np.datetime64) -> list[Node]:
    one, where = fleet.catalogue.iloc[row], fleet.positions(at)
    latitude, longitude = where.latitude_deg[row], where.longitude_deg[row]
    is_known = bool(np.isfinite(latitude))
    place = f"{latitude:.2f}°, {longitude:.2f}°" if is_known else "not known"
    height = f"{where.height_km[row]:.0f} km over the ellipsoid" if is_known else "SGP4 fails here"
    until = one["until_date"]
    return [
        key_figure("Status", str(one["status"]), str(one["shell"]), "status"),
        key_figure(f"Above, {format_instant(at)} UTC", place, height, "place"),
        key_figure("Launched", shorten(one["launched"]), shorten(one["launch"]), "launched"),
        key_figure("Re-entered", shorten(until), _end(one["status"]), "decayed"),
        key_figure("Version", shorten(one["version"]), "the source's term", "version"),
    ]


def _end(status: str) -> str:
    if status not in NOT_IN_ORBIT:
        return "still in orbit"
    return "presumed, by the first list without it" if status == UNLISTED else ""


def _value(value: Any) -> str:
    return f"{value:.7g}" if isinstance(value, float) else shorten(value)


ELEMENT_COLUMNS = (
    text("meaning", "Element"),
    Column("Value", lambda row: str(row["value"]), is_number=True),
    text("unit", "Unit"),
)

PAGE = Page(
    name="satellite",
    title="Satellite",
    lead="One satellite: its orbit, where it is, what it is doing, and what became of it.",
    filters=(INSTANT,),
    panels=panels,
)
