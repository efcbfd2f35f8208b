"""The page Map: the positions of the satellites, on a flat map or a globe."""

from collections.abc import Sequence

import pandas as pd

from spacex.dashboard.pages.fleet_filters import (
    INSTANT,
    SATELLITE,
    SHELL,
    STATUS,
    VERSION,
    selected_in_orbit,
)
from spacex.dashboard.pages.fleet_model import read_fleet
from spacex.dashboard.pages.map.map_panel import MapPanel
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import number, text
from spacex.dashboard.ui.table_panels import FullTablePanel
from spacex.dashboard.ui.view import View


def by_shell(view: View) -> pd.DataFrame:
    """Return the selected satellites by shell and status."""
    fleet = read_fleet(view.database.path)
    if fleet is None:
        return pd.DataFrame()
    selected = fleet.catalogue[selected_in_orbit(view, fleet)]
    rows = selected.groupby(["shell", "status"]).agg(
        satellites=("norad_cat_id", "size"), inclination_deg=("inclination_deg", "median")
    )
    return rows.reset_index().sort_values("satellites", ascending=False)


def panels(state: State) -> Sequence[Panel]:
    """Return the panels of the page."""
    return (
        MapPanel(state),
        FullTablePanel("Satellites shown, by shell and status", by_shell, COLUMNS, "None."),
    )


COLUMNS = (
    text("shell", "Shell"),
    text("status", "Status"),
    number("satellites", "Satellites"),
    number("inclination_deg", "Median inclination (°)", 2),
)

PAGE = Page(
    name="map",
    title="Map",
    lead="The positions of the satellites, by day and by night. Move the time slider or play an "
    "animation; select a satellite to see its ground track.",
    filters=(SHELL, STATUS, VERSION, SATELLITE, INSTANT),
    panels=panels,
)
