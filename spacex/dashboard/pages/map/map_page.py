"""The page Map: where the satellites are, over the world or round the globe."""

from collections.abc import Sequence

import pandas as pd

from spacex.dashboard.pages.fleet_filters import (
    INSTANT,
    SATELLITE,
    SHELL,
    STATUS,
    VERSION,
    chosen_of,
    fleet_if_any,
)
from spacex.dashboard.pages.map.map_panel import MapPanel
from spacex.dashboard.ui.formatting import format_number, shorten
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import Column, number
from spacex.dashboard.ui.table_panels import FullTablePanel
from spacex.dashboard.ui.view import View


def by_shell(view: View) -> pd.DataFrame:
    """The satellites chosen, by shell and status."""
    fleet = fleet_if_any(view.database.path)
    if fleet is None:
        return pd.DataFrame()
    chosen = fleet.catalogue[chosen_of(view, fleet)]
    rows = chosen.groupby(["shell", "status"]).agg(
        satellites=("norad_cat_id", "size"), inclination_deg=("inclination_deg", "median")
    )
    return rows.reset_index().sort_values("satellites", ascending=False)


def panels(state: State) -> Sequence[Panel]:
    """The panels of the page."""
    return (
        MapPanel(state),
        FullTablePanel(
            "The satellites shown, by shell and status", by_shell, COLUMNS, "None is shown."
        ),
    )


COLUMNS = (
    Column("Shell", lambda row: shorten(row["shell"])),
    Column("Status", lambda row: shorten(row["status"])),
    Column("Satellites", lambda row: format_number(row["satellites"]), is_number=True),
    number("inclination_deg", "Median inclination (°)", 2),
)

PAGE = Page(
    name="map",
    title="Map",
    lead="Where the satellites are, by day and by night. Move the time, or let it run; choose a "
    "satellite to see its track.",
    filters=(SHELL, STATUS, VERSION, SATELLITE, INSTANT),
    panels=panels,
)
