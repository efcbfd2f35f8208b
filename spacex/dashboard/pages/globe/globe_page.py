"""The page Globe: the satellites in motion, on a globe or a flat map."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from spacex.analysis.error_laws import error_text
from spacex.dashboard.pages.fleet_filters import (
    INSTANT,
    LAUNCH,
    SATELLITE,
    SHELL,
    STATUS,
    VERSION,
    selected_instant,
)
from spacex.dashboard.pages.fleet_globe import shown_rows
from spacex.dashboard.pages.fleet_model import STATUS_RULES, read_fleet
from spacex.dashboard.pages.fleet_motion import expected_errors, place_of, track_words
from spacex.dashboard.pages.globe.globe_panel import GlobePanel, look_of
from spacex.dashboard.pages.search import SATELLITES, life_query
from spacex.dashboard.ui.formatting import format_instant, shorten
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.page_links import opens, page_link
from spacex.dashboard.ui.panels import MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import number, text
from spacex.dashboard.ui.table_panels import FullTablePanel
from spacex.dashboard.ui.view import View
from spacex.orbits.coverage import TERMINAL_ELEVATION_DEG


def chosen(view: View) -> list[Node]:
    """Return what is known of the chosen satellite, and the way to its page."""
    fleet = read_fleet(view.database.path)
    row = fleet.rows.get(view[SATELLITE.name]) if fleet else None
    if fleet is None or row is None:
        return []
    found, at = fleet.catalogue.iloc[row], selected_instant(view, fleet)
    longitude, latitude, height_km = place_of(fleet, row, at)
    place = (
        f"{format_instant(at)} UTC: over {abs(latitude):.1f}° {'NS'[latitude < 0]}, "
        f"{abs(longitude):.1f}° {'EW'[longitude < 0]}, {height_km:,.0f} km high."
        if latitude == latitude  # noqa: PLR0124  # not NaN
        else "SGP4 fails for its elements, so its position is not known."
    )
    status = str(found["status"])
    error_km = expected_errors(fleet, np.array([row]), at)["error_km"].iloc[0]
    error = "" if np.isnan(error_km) else f" Expected error: {error_text(error_km)}."
    launch = shorten(found["launch_label"])
    return [
        tag("h3", shorten(fleet.labels[row])),
        tag("p", f"{status[0].upper()}{status[1:]}: {STATUS_RULES.get(status, '')}"),
        tag(
            "p",
            f"Shell: {shorten(found['shell'])}. Version: {shorten(found['version'])}. "
            f"Launch: {launch}.",
        ),
        tag("p", f"{place} Elements of {format_instant(found['epoch_utc'])} UTC.{error}"),
        tag("p", page_link("Its whole life", life_query(SATELLITES, view[SATELLITE.name]))),
        tag(
            "p",
            "Dashed line: its next revolution over the ground. Circle: the places that see it more "
            f"than {TERMINAL_ELEVATION_DEG:.0f}° above the horizon, where it serves users. "
            f"{track_words(fleet, row, at)}",
            class_="note",
        ),
    ]


def by_shell(view: View) -> pd.DataFrame:
    """Return the satellites on the globe by shell and status."""
    fleet = read_fleet(view.database.path)
    if fleet is None or not fleet.is_in_orbit.any():
        return pd.DataFrame()
    shown = fleet.catalogue.iloc[shown_rows(fleet, look_of(view, fleet))]
    counts = shown.groupby(["shell", "status"]).size().reset_index(name="satellites")
    return counts.sort_values("satellites", ascending=False)


def panels(state: State) -> Sequence[Panel]:
    """Return the panels of the page."""
    return (
        GlobePanel(state),
        MarkupPanel(chosen, opens(state)),
        FullTablePanel("Satellites shown, by shell and status", by_shell, COLUMNS, "None."),
    )


COLUMNS = (
    text("shell", "Shell"),
    text("status", "Status"),
    number("satellites", "Satellites"),
)

PAGE = Page(
    name="globe",
    title="Globe",
    lead="Every satellite in orbit, moving, by day and by night. Choose one by a click or by its "
    "name to see its ground track and whom it serves.",
    filters=(SHELL, STATUS, VERSION, LAUNCH, SATELLITE, INSTANT),
    panels=panels,
    folds_filters=True,
    looks=("turn", "tilt", "zoom"),
)
