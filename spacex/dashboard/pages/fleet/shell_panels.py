"""The part of the page Fleet about shells: where they are, and how their planes are filled."""

import altair as alt
import pandas as pd

from spacex.dashboard.pages.fleet import shell_charts as charts
from spacex.dashboard.pages.fleet.fleet_data import SHELL, chosen, in_orbit
from spacex.dashboard.pages.fleet.shell_slots import slots_of
from spacex.dashboard.pages.fleet_filters import fleet_if_any
from spacex.dashboard.pages.fleet_model import NO_SHELL_NAME
from spacex.dashboard.ui.table_columns import number, text
from spacex.dashboard.ui.view import View

CELL_DEG, CELL_KM = 0.02, 2.0
"""Satellites nearer to each other than this are one dot."""

NOTHING = "None: too few satellites keep one altitude."


def altitudes(view: View) -> alt.TopLevelSpec:
    """Where the satellites in orbit are, in cells, with the shells marked."""
    found = in_orbit(chosen(view, SHELL.name))
    cells = found.assign(
        inclination_deg=_cell(found["inclination_deg"], CELL_DEG),
        mean_altitude_km=_cell(found["altitude_km"], CELL_KM),
    )
    by = ["inclination_deg", "mean_altitude_km", "shell", "status"]
    rows = cells.groupby(by, as_index=False).size().rename(columns={"size": "satellites"})
    return charts.altitudes(rows, _shells(found))


def slots(view: View) -> alt.TopLevelSpec:
    """The satellites chosen of one shell, by plane and place along it."""
    found = chosen(view)
    shell = _shown(found)
    fleet = fleet_if_any(view.database.path)
    its = slots_of(fleet, shell) if fleet else None
    if its is None:
        return charts.slots(
            pd.DataFrame(columns=SLOT_COLUMNS), pd.DataFrame({"raan_deg": []}), shell
        )
    names = found[["norad_cat_id", "object_name", "status"]]
    rows = its.satellites.merge(names, on="norad_cat_id")
    return charts.slots(rows[SLOT_COLUMNS], its.planes.frame()[["raan_deg"]], shell)


def listed(view: View) -> pd.DataFrame:
    """The shells of the satellites chosen, with the planes of all their satellites."""
    shells = _shells(in_orbit(chosen(view)))
    fleet = fleet_if_any(view.database.path)
    its = [slots_of(fleet, shell) for shell in shells["shell"]] if fleet else []
    planes = [each.planes for each in its if each]
    return shells.assign(
        planes=pd.array([each.count or None for each in planes], "Int64"),
        concentration=[each.concentration for each in planes],
        raw_concentration=[each.raw_concentration for each in planes],
        at=[str(each.at_utc)[:16].replace("T", " ") for each in planes],
    )


def _shells(frame: pd.DataFrame) -> pd.DataFrame:
    """One row for each shell these satellites are in."""
    inside = frame[frame["shell"] != NO_SHELL_NAME]
    return inside.groupby("shell", as_index=False).agg(
        inclination_deg=("inclination_deg", "median"),
        mean_altitude_km=("altitude_km", "median"),
        satellites=("shell", "size"),
    )


def _shown(frame: pd.DataFrame) -> str:
    """The name of the shell that most of these satellites are in; of none if none is in one."""
    inside = in_orbit(frame)["shell"]
    common = inside[inside != NO_SHELL_NAME].mode()
    return str(common.iloc[0]) if len(common) else NO_SHELL_NAME


def _cell(values: pd.Series, size: float) -> pd.Series:
    return (values.astype(float) / size).round() * size


SLOT_COLUMNS = ["raan_deg", "latitude_argument_deg", "object_name", "status"]
COLUMNS = (
    text("shell", "Shell"),
    number("inclination_deg", "Inclination (deg)", 2),
    number("mean_altitude_km", "Mean altitude (km)", 1),
    number("satellites", "Satellites"),
    number("planes", "Planes found"),
    number("concentration", "Concentration of nodes", 3),
    number("raw_concentration", "Without the drift", 3),
    text("at", "At (UTC)"),
)
