"""Panels of the page Fleet about shells: altitude and inclination, slots, and a table."""

import altair as alt
import pandas as pd

from spacex.analysis.findings import fleet_findings as findings
from spacex.dashboard.pages.fleet import shell_charts
from spacex.dashboard.pages.fleet.fleet_data import SHELL, count_satellites, in_orbit, selected
from spacex.dashboard.pages.fleet_model import NO_SHELL_NAME, read_fleet
from spacex.dashboard.pages.shell_slots import find_slots
from spacex.dashboard.ui.chart_widget import told
from spacex.dashboard.ui.table_columns import instant, number, text
from spacex.dashboard.ui.view import View
from spacex.orbits.planes import OCCUPIED_FROM, Planes

CELL_DEG, CELL_KM = 0.02, 2.0
"""Size of the cells in which satellites are one disc."""

NO_SHELLS = "None: too few satellites share an altitude."


def altitudes(view: View) -> alt.TopLevelSpec:
    """Return the satellites in orbit by altitude and inclination, with the shells."""
    satellites = in_orbit(selected(view, SHELL.name)).dropna(subset="altitude_km")
    cells = satellites.assign(
        inclination_deg=_round_to(satellites["inclination_deg"], CELL_DEG),
        mean_altitude_km=_round_to(satellites["altitude_km"], CELL_KM),
    )
    counts = count_satellites(cells, "inclination_deg", "mean_altitude_km", "shell", "status")
    found = _shells(satellites)
    finding = findings.largest_shell(found, len(satellites))
    return told(shell_charts.altitudes(counts, found), finding)


def slots(view: View) -> alt.TopLevelSpec:
    """Return the slots of the selected satellites in the shell that most of them are in."""
    satellites = selected(view)
    shell = _largest_shell(satellites)
    fleet = read_fleet(view.database.path)
    found = find_slots(fleet, shell) if fleet else None
    if found is None:
        no_planes = pd.DataFrame({"raan_deg": []})
        return shell_charts.slots(pd.DataFrame(columns=SLOT_COLUMNS), no_planes, shell)
    names = satellites[["norad_cat_id", "object_name", "status"]]
    rows = found.satellites.merge(names, on="norad_cat_id")
    planes = found.planes.frame()
    occupied = planes.loc[planes["is_occupied"], ["raan_deg"]]
    chart = shell_charts.slots(rows[SLOT_COLUMNS], occupied, shell)
    return told(chart, findings.planes(shell, len(rows), len(occupied)))


def shells(view: View) -> pd.DataFrame:
    """Return the shells of the selected satellites, with the planes of all their satellites."""
    found = _shells(in_orbit(selected(view)))
    fleet = read_fleet(view.database.path)
    each_slots = [find_slots(fleet, shell) for shell in found["shell"]] if fleet else []
    planes = [slots.planes for slots in each_slots if slots]
    return found.assign(
        planes=pd.array([each.count or None for each in planes], "Int64"),
        occupied=pd.array(
            [int(each.is_occupied.sum()) if each.count else None for each in planes], "Int64"
        ),
        layout=[_layout(each) for each in planes],
        concentration=[each.concentration for each in planes],
        raw_concentration=[each.raw_concentration for each in planes],
        at=[str(each.at_utc) for each in planes],
    )


def _shells(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each shell of these satellites."""
    inside = frame[frame["shell"] != NO_SHELL_NAME]
    return inside.groupby("shell", as_index=False).agg(
        inclination_deg=("inclination_deg", "median"),
        mean_altitude_km=("altitude_km", "median"),
        satellites=("shell", "size"),
    )


def _layout(planes: Planes) -> str:
    if planes.count == 0:
        return "unresolved"
    return "certain" if planes.is_certain else "uncertain"


def _largest_shell(frame: pd.DataFrame) -> str:
    """Return the shell that most of these satellites are in; `NO_SHELL_NAME` if none is."""
    inside = in_orbit(frame)["shell"]
    common = inside[inside != NO_SHELL_NAME].mode()
    return str(common.iloc[0]) if len(common) else NO_SHELL_NAME


def _round_to(values: pd.Series, size: float) -> pd.Series:
    return (values.astype(float) / size).round() * size


SLOT_COLUMNS = ["raan_deg", "latitude_argument_deg", "object_name", "status"]
COLUMNS = (
    text("shell", "Shell"),
    number("inclination_deg", "Inclination (deg)", 2),
    number("mean_altitude_km", "Mean altitude (km)", 1),
    number("satellites", "Satellites"),
    number("planes", "Planes found"),
    number("occupied", f"Occupied ({OCCUPIED_FROM}+ satellites)"),
    text("layout", "Their number is"),
    number("concentration", "Node concentration", 3),
    number("raw_concentration", "As stored", 3),
    instant("at", "At (UTC)"),
)
