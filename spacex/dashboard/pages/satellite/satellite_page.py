"""The page Satellite: one satellite and its life, as the report tells it."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import altair as alt
import numpy as np
import pandas as pd

from spacex.analysis.articles import satellite as report
from spacex.analysis.articles.words import NBSP, day
from spacex.analysis.error_laws import MEANING, error_text, is_beyond_use
from spacex.dashboard.pages.earth_layers import night, track
from spacex.dashboard.pages.fleet_filters import INSTANT, not_of_today, selected_instant
from spacex.dashboard.pages.fleet_model import STATUS_RULES
from spacex.dashboard.pages.fleet_motion import expected_errors, place_of, track_words
from spacex.dashboard.pages.life_panels import columns, finder, report_table, summary
from spacex.dashboard.pages.satellite.satellite_charts import beside_launch, track_map
from spacex.dashboard.pages.satellite.satellite_data import (
    PASS_DAYS,
    SATELLITE,
    beside_mates,
    find,
    neighbours,
    next_passes,
    read_mates,
    read_satellite,
    row_in_orbit,
    selected,
)
from spacex.dashboard.pages.search import LAUNCHES, SATELLITES, life_query
from spacex.dashboard.pages.visitor_place import (
    PLACE,
    PLACE_SETTINGS,
    ZONE,
    visitor_place,
    with_place,
)
from spacex.dashboard.ui.controls import form, locate_button, text_input
from spacex.dashboard.ui.formatting import format_instant, is_missing, shorten
from spacex.dashboard.ui.markup import ActionHandler, Node, tag
from spacex.dashboard.ui.page import Page, Panel, Subject
from spacex.dashboard.ui.page_links import OPEN, opens, page_link
from spacex.dashboard.ui.panels import ChartPanel, MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import PAIRED, Column, Row, table, text
from spacex.dashboard.ui.table_panels import PagedFramePanel
from spacex.dashboard.ui.view import View
from spacex.errors import SettingsError
from spacex.notebook.weather_strip import HOW_TO_READ
from spacex.orbits.cities import CITIES, City
from spacex.orbits.place import compass
from spacex.orbits.propagation import age_warning
from spacex.schema.starlink import STARLINK_ELEMENTS

LOCATE = "locate"
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
NO_PLACE = "Enter your place to see when it passes."


def satellite_summary(view: View) -> list[Node]:
    """Return the report in sentences, the key figures, the rule of its status and links."""
    found = selected(view)
    number = view[SATELLITE]
    flight = found.record.get("launch_designator") or found.record.get("launch")
    name = found.record.get("launch") or flight
    in_orbit = row_in_orbit(view)
    links = [
        page_link(f"Its launch: {name}", life_query(LAUNCHES, flight)) if flight else None,
        page_link("On the globe", f"page=globe&satellite={number}") if in_orbit else None,
    ]
    rule = STATUS_RULES.get(str(found.record.get("orbit_status")))
    status = f"{found.record.get('orbit_status')}: {rule}" if rule and in_orbit else ""
    return [
        *summary(found.title, found, *links),
        *([tag("p", f"{status[0].upper()}{status[1:]}", class_="note")] if status else []),
    ]


def ground_track(view: View) -> dict[str, pd.DataFrame]:
    """Return the rows of the map: where it is, its next revolution and the night."""
    if (found := row_in_orbit(view)) is None:
        return {}
    fleet, row = found
    at = selected_instant(view, fleet)
    longitude, latitude, _ = place_of(fleet, row, at)
    here = {"name": [fleet.labels[row]], "longitude_deg": [longitude], "latitude_deg": [latitude]}
    return {
        "night": night(at),
        "track": track(fleet, row, at),
        "marked": pd.DataFrame(here),
    }


def where(view: View) -> str:
    """Return the instant and place of the map, and how far to trust them."""
    if (found := row_in_orbit(view)) is None:
        return ""
    fleet, row = found
    at = selected_instant(view, fleet)
    longitude, latitude, height_km = place_of(fleet, row, at)
    if not np.isfinite(latitude):
        return "SGP4 fails for its elements, so its position is not known."
    place = f"{abs(latitude):.1f}°{NBSP}{'NS'[int(latitude < 0)]}, {abs(longitude):.1f}°{NBSP}"
    error = expected_errors(fleet, np.array([row]), at).iloc[0]
    told = (
        f"{format_instant(at)} UTC: over {place}{'EW'[int(longitude < 0)]}, "
        f"{height_km:,.0f}{NBSP}km high{_of_error(error)}. "
    )
    old = age_warning(fleet.elements.select(np.array([row])), at)
    return " ".join(filter(None, (told.strip(), track_words(fleet, row, at), old)))


def altitude(view: View) -> alt.TopLevelSpec:
    """Return its altitude over time beside those of its launch."""
    found = selected(view)
    return beside_launch(found.elements, read_mates(view), found.weather)


def facts(view: View) -> list[Node]:
    """Return what is known of it, each with its source."""
    return report_table("What is known of it", selected(view).facts, report.NO_SATELLITE)


def plane(view: View) -> list[Node]:
    """Return its neighbours in its plane."""
    found = neighbours(view)
    if not found.told:
        return []
    title = "Neighbours in its plane"
    linked = {"satellite": _neighbour(view)}
    rows = found.rows.drop(columns="number", errors="ignore")
    shown = columns(rows, linked) if len(rows) else []
    listed = [table(found.rows, shown, title, stack=PAIRED)] if shown else []
    note = "Ahead along the orbit, at the newest epoch of the shell; negative is behind."
    below = [tag("p", note, class_="note")] if listed else []
    return [tag("h3", title), tag("p", found.told, class_="finding"), *listed, *below]


def passes(view: View) -> list[Node]:
    """Return the form of the visitor's place, and the next pass over it."""
    if row_in_orbit(view) is None:
        return []
    entry = text_input(
        "Your place", PLACE, view[PLACE], "Berlin, or 52.5, 13.4", suggestions=list(CITIES)
    )
    asked = form("Your place", entry, locate_button("Use my location", LOCATE))
    return [tag("h3", "Next pass over your place"), asked, *_next_pass(view)]


def elements(view: View) -> list[Node]:
    """Return its newest orbital elements, with their descriptions and units."""
    if (found := row_in_orbit(view)) is None:
        return []
    fleet, row = found
    satellite = fleet.catalogue.iloc[row]
    declared = [STARLINK_ELEMENTS.column(name) for name in ELEMENTS]
    rows = pd.DataFrame(
        [(each.description, _value(satellite[each.name]), each.unit) for each in declared],
        columns=["meaning", "value", "unit"],
    )
    return [
        tag("h3", "Orbital elements"),
        table(rows, ELEMENT_COLUMNS, "Orbital elements", stack=PAIRED),
    ]


def panels(state: State) -> Sequence[Panel]:
    """Return the panels of the page."""
    return (
        finder(SATELLITES, state, with_place),
        MarkupPanel(satellite_summary, opens(state)),
        ChartPanel(
            "Altitude beside its launch",
            altitude,
            "Blue: at each loaded epoch of its elements; each run may add one. Grey: the median of "
            "its launch in each GP list, and the 10th and 90th percentiles. Time without elements "
            f"of it is hatched. {HOW_TO_READ}",
            finding=beside_mates,
            nothing=_no_altitude,
        ),
        MarkupPanel(facts, wide=False),
        ChartPanel(
            "Where it is",
            lambda _: track_map(),
            "Ring: the point below it. Dashed line: its next revolution. Dark area: night.",
            finding=where,
            rows=ground_track,
            nothing=lambda view: None if row_in_orbit(view) else "",
        ),
        MarkupPanel(passes, _on_place(state), wide=False),
        MarkupPanel(plane, opens(state), wide=False),
        MarkupPanel(elements, wide=False),
        PagedFramePanel("What changed", "events", _events, EVENT_COLUMNS, state),
    )


def _no_altitude(view: View) -> str | None:
    found = selected(view)
    if not found.record:
        return ""
    return report.NO_HISTORY if len(found.elements) + len(read_mates(view)) < 2 else None


def _past(view: View) -> list[Node]:
    """Return a warning if the elements are too old for the present."""
    found = row_in_orbit(view)
    said = not_of_today(view, found[0]) if found else ""
    return [tag("p", said, role="status", class_="warning")] if said else []


def _next_pass(view: View) -> list[Node]:
    """Return the next pass over the visitor's place in sentences."""
    if not view[PLACE].strip():
        return [tag("p", NO_PLACE)]
    try:
        place = visitor_place(view[PLACE], view[ZONE])
    except SettingsError as error:
        return [tag("p", f"{error.message} {error.remedy}", role="status", class_="warning")]
    found = next_passes(view, place)
    name = place.unique_name or f"{place.latitude_deg:g}, {place.longitude_deg:g}"
    if found.empty:
        never = f"It does not pass over {name} in the next {PASS_DAYS} days."
        return [*_past(view), tag("p", never)]
    if is_beyond_use(found["error_km"].iloc[0]):
        useless = error_text(found["error_km"].iloc[0])
        return [*_past(view), tag("p", f"Its next pass is not told: it is {useless}.")]
    first, seen = found.iloc[0], found[found["is_visible"]]
    said = [f"It next passes over {name} {_pass(first, place)}."]
    if first["is_visible"]:
        said.append(f"It is then in sunlight and a dark sky{_of_magnitude(first)}.")
    if seen.empty:
        said.append(f"In the next {PASS_DAYS} days none of its passes can be seen: {_UNSEEN}.")
    elif seen.index[0] != found.index[0]:
        best = seen.iloc[0]
        said.append(
            f"Its next pass in sunlight and a dark sky is {_pass(best, place)}"
            f"{_of_magnitude(best)}."
        )
    query = {"page": "sky", SATELLITE: view[SATELLITE], PLACE: view[PLACE], ZONE: view[ZONE]}
    query = {key: each for key, each in {**query, "when": "day", "only": "all"}.items() if each}
    return [
        *_past(view),
        tag("div", *(tag("p", each) for each in said), class_="sentences", data_figure="pass"),
        tag("p", MEANING, class_="note"),
        tag("p", page_link("All its passes of the next 24 hours", urlencode(query))),
    ]


_UNSEEN = "the satellite is in the Earth's shadow or the sky is not dark"


def _pass(row: "pd.Series[Any]", place: City) -> str:
    """Return when and where a pass is highest."""
    when = row["culmination_utc"].tz_convert(place.time_zone)
    towards = compass(row["culmination_azimuth_deg"])
    return (
        f"on {day(f'{when:%Y-%m-%d}')} at {when:%H:%M} ({place.time_zone}), "
        f"{row['culmination_elevation_deg']:.0f}° high in the {towards}{_of_error(row)}"
    )


def _of_error(prediction: "pd.Series[Any]") -> str:
    return f", expected error {error_text(prediction['error_km'], prediction['error_s'])}"


def _of_magnitude(row: "pd.Series[Any]") -> str:
    magnitude = row["magnitude"]
    return "" if is_missing(magnitude) else f", of magnitude {magnitude:.1f}{NBSP}±{NBSP}1"


def _on_place(state: State) -> ActionHandler:
    def act(action: str, value: str) -> None:
        if action == PLACE:
            state.change({PLACE: value, ZONE: ""})
        elif action == LOCATE:
            at, _, zone = value.rpartition(" ")
            state.change({PLACE: at, ZONE: zone})
        elif action == OPEN:
            state.read(value)

    return act


def _neighbour(view: View) -> Callable[[Row], Node]:
    """Return the cell of a neighbour: a link, but for the satellite itself."""

    def cell(row: Row) -> Node:
        if row["number"] == view[SATELLITE]:
            return tag("b", shorten(row["satellite"]))
        query = with_place(view, life_query(SATELLITES, row["number"]))
        return page_link(shorten(row["satellite"]), query)

    return cell


def _events(view: View) -> pd.DataFrame:
    return selected(view).events


def _value(value: Any) -> str:
    return f"{value:.7g}" if isinstance(value, float) else shorten(value)


EVENT_COLUMNS = columns(
    pd.DataFrame(columns=["seen_on", "after", "change", "of", "before", "since_then"], dtype=str)
)
ELEMENT_COLUMNS = (
    text("meaning", "Element"),
    Column("Value", lambda row: str(row["value"]), is_number=True),
    text("unit", "Unit"),
)

PAGE = Page(
    name="satellite",
    title="Satellite",
    lead="One satellite: its launch, its orbit over time, where it is, and what became of it.",
    filters=(INSTANT,),
    panels=panels,
    folds_filters=True,
    subject=Subject(
        SATELLITE,
        "Satellite",
        find,
        lambda database, key: read_satellite(database, key).title,
    ),
    under="fleet",
    settings=PLACE_SETTINGS,
)
