"""The page Satellite: one satellite, its orbit, position and altitude history."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from spacex.analysis.articles.words import loss_day
from spacex.dashboard.pages.fleet_filters import INSTANT, SATELLITE, selected_instant
from spacex.dashboard.pages.fleet_model import STATUS_RULES, Fleet, read_fleet
from spacex.dashboard.pages.satellite.satellite_charts import altitude
from spacex.dashboard.ui.controls import button, form, search_input
from spacex.dashboard.ui.formatting import format_instant, shorten
from spacex.dashboard.ui.key_figures import key_figure, key_figures
from spacex.dashboard.ui.markup import ActionHandler, Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.panels import ChartPanel, MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import Column, table, text
from spacex.dashboard.ui.view import View
from spacex.orbits.propagation import age_warning
from spacex.orbits.status import Status
from spacex.schema.starlink import STARLINK_ELEMENTS, UNLISTED

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
NO_FLEET = "The database contains no orbital elements, so there is no satellite to show."
FIND = "find"


def selected_row(view: View, fleet: Fleet) -> int:
    """Return the row of the selected satellite; by default, of an operational one."""
    operational = np.flatnonzero(fleet.catalogue["status"] == Status.OPERATIONAL)
    default = int(operational[0]) if len(operational) else 0
    return fleet.rows.get(view[SATELLITE.name], default)


def matching_labels(view: View, fleet: Fleet) -> list[str]:
    """Return the labels that contain the search text, those that start with it first."""
    wanted = view[FIND].strip().casefold()
    labels = [label for label in fleet.labels if wanted in label.casefold()] if wanted else []
    return sorted(labels, key=lambda label: not label.casefold().startswith(wanted))


def finder(view: View) -> list[Node]:
    """Return the search form and the matching satellites."""
    fleet = read_fleet(view.database.path)
    if fleet is None:
        return [tag("p", NO_FLEET)]
    labels = matching_labels(view, fleet)
    return [
        form("Find", search_input("Find a satellite", FIND, view[FIND], "name or NORAD id")),
        _suggestions(labels[:SUGGESTIONS]),
        tag("p", _result(view, len(labels)), class_="note", role="status"),
    ]


def summary(view: View) -> list[Node]:
    """Return the satellite's name, key figures, status rule and a link to the map."""
    fleet = read_fleet(view.database.path)
    if fleet is None:
        return []
    row, at = selected_row(view, fleet), selected_instant(view, fleet)
    satellite = fleet.catalogue.iloc[row]
    warning = age_warning(fleet.elements.select(np.array([row])), at)
    return [
        tag("h3", fleet.labels[row]),
        key_figures(*_figures(fleet, row, at)),
        tag(
            "p",
            f"Designator {shorten(satellite['object_id'])}. ",
            STATUS_RULES[satellite["status"]],
            class_="note",
        ),
        *([tag("p", warning, class_="warning", role="status")] if warning else []),
        _map_link(str(fleet.elements.norad_cat_id[row])),
    ]


def elements(view: View) -> list[Node]:
    """Return its orbital elements, with their descriptions and units."""
    fleet = read_fleet(view.database.path)
    if fleet is None:
        return []
    satellite = fleet.catalogue.iloc[selected_row(view, fleet)]
    columns = [STARLINK_ELEMENTS.column(name) for name in ELEMENTS]
    rows = pd.DataFrame(
        [(each.description, _value(satellite[each.name]), each.unit) for each in columns],
        columns=["meaning", "value", "unit"],
    )
    return [tag("h3", "Orbital elements"), table(rows, ELEMENT_COLUMNS, "Orbital elements")]


def history(view: View) -> alt.TopLevelSpec:
    """Return its altitude at every stored epoch."""
    fleet = read_fleet(view.database.path)
    number = -1 if fleet is None else int(fleet.elements.norad_cat_id[selected_row(view, fleet)])
    rows = view.query(
        """SELECT epoch_utc, perigee_altitude_km, apogee_altitude_km FROM starlink_elements
           WHERE norad_cat_id = ? ORDER BY epoch_utc""",
        number,
    )
    return altitude(rows)


def panels(state: State) -> Sequence[Panel]:
    """Return the panels of the page."""
    return (
        MarkupPanel(finder, _on_action(state)),
        MarkupPanel(summary, _on_action(state)),
        MarkupPanel(elements, wide=False),
        ChartPanel(
            "Altitude over time",
            history,
            "At each loaded epoch of its elements; each run may add one. Time without elements is "
            "hatched.",
        ),
    )


def _on_action(state: State) -> ActionHandler:
    def act(action: str, value: str) -> None:
        if action == FIND:
            state.change({FIND: value})
        elif action == SATELLITE.name:
            state.change({SATELLITE.name: value, FIND: ""})
        elif action == "map":
            state.change({"page": "map", SATELLITE.name: value})

    return act


def _map_link(number: str) -> Node:
    words = "Show it on the map, with its ground track"
    href = f"?page=map&satellite={number}"
    return tag("p", tag("a", words, href=href, data_action="map", data_value=number))


def _suggestions(labels: Sequence[str]) -> Node:
    numbers = [label.rpartition(" (")[2].removesuffix(")") for label in labels]
    items = [
        tag("li", button(label, SATELLITE.name, number))
        for label, number in zip(labels, numbers, strict=True)
    ]
    return tag("ul", *items, class_="suggestions", aria_label="Satellites found")


def _result(view: View, count: int) -> str:
    if not view[FIND].strip():
        return "Enter part of its name, such as 1007, or its NORAD id."
    return f"{count:,} found." if count else "No satellite matches."


def _figures(fleet: Fleet, row: int, at: np.datetime64) -> list[Node]:
    satellite, positions = fleet.catalogue.iloc[row], fleet.positions(at)
    latitude, longitude = positions.latitude_deg[row], positions.longitude_deg[row]
    is_known = bool(np.isfinite(latitude))
    place = f"{latitude:.2f}°, {longitude:.2f}°" if is_known else "unknown"
    height = f"{positions.height_km[row]:.0f} km above the ellipsoid" if is_known else "SGP4 fails"
    return [
        key_figure("Status", str(satellite["status"]), str(satellite["shell"]), "status"),
        key_figure(f"Above, {format_instant(at)} UTC", place, height, "place"),
        key_figure(
            "Launched", shorten(satellite["launched"]), shorten(satellite["launch"]), "launched"
        ),
        _end(satellite),
        key_figure("Version", shorten(satellite["version"]), "as named by the source", "version"),
    ]


def _end(satellite: "pd.Series[Any]") -> Node:
    """Return when the satellite decayed, or since when it is unlisted, which is not a decay."""
    status, until = str(satellite["status"]), satellite["until_date"]
    last_known = satellite["last_known_date"]
    if status == UNLISTED:
        note = f"first GP list without it; last known on {shorten(last_known)}; no decay date"
        return key_figure("Unlisted since", shorten(until), note, "unlisted")
    if status == Status.DECAYED and pd.notna(last_known):
        return key_figure("Re-entered", loss_day(last_known, until), "no exact date", "decayed")
    note = "" if status == Status.DECAYED else "in orbit"
    return key_figure("Re-entered", shorten(until), note, "decayed")


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
    lead="One satellite: its orbit, position, status and altitude history.",
    filters=(INSTANT,),
    panels=panels,
)
