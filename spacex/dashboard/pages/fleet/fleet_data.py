"""The satellites of the page Fleet, decayed and unlisted ones included, and its filters."""

import pandas as pd

from spacex.dashboard.pages.fleet_filters import FleetChoice, FleetRange, select_satellites
from spacex.dashboard.pages.fleet_model import NOT_IN_ORBIT, read_satellites
from spacex.dashboard.ui.filters import ColumnFilter
from spacex.dashboard.ui.view import View
from spacex.orbits.status import Status
from spacex.schema.starlink import UNLISTED


def _choice(name: str, label: str, column: str, all_label: str) -> FleetChoice:
    return FleetChoice(name, label, column, all_label=all_label, in_orbit_only=False)


LAUNCHED = FleetRange("launched", "Launched", "year")
VERSION = _choice("version", "Version", "version", "All versions")
STATUS = _choice("status", "Status", "status", "All, with decayed and unlisted")
SHELL = _choice("shell", "Shell", "shell", "All, in a shell or not")
LAUNCH = _choice("launch", "Launch", "launch_label", "All launches")
_LAUNCH_KEY = ["launch_designator", "catalogued"]

FILTERS: tuple[ColumnFilter, ...] = (LAUNCHED, VERSION, STATUS, SHELL, LAUNCH)


def selected(view: View, exclude: str = "") -> pd.DataFrame:
    """Return the satellites that the filters select, ignoring one of them by name."""
    satellites = read_satellites(view.database.path)
    return satellites[select_satellites(view, satellites, exclude)]


def in_orbit(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the satellites that are neither decayed nor unlisted."""
    return frame[~frame["status"].isin(NOT_IN_ORBIT)]


def count_satellites(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return the number of `satellites` for each combination of these columns."""
    return frame.groupby(list(columns)).size().reset_index(name="satellites")


def launch_counts(frame: pd.DataFrame, launches: pd.DataFrame) -> pd.DataFrame:
    """Count the satellites of each launch: in orbit, unlisted, decayed, launched and so on.

    Args:
        frame: satellites.
        launches: `v_fleet_by_launch`. What it has as launched and never catalogued is missing for
            launches of which not all catalogued satellites are in the frame.
    """
    status = frame["status"]
    groups = frame.assign(
        in_orbit=~status.isin(NOT_IN_ORBIT),
        unlisted=status.eq(UNLISTED),
        decayed=status.eq(Status.DECAYED),
    ).groupby(["launch_designator", "launch"], as_index=False, dropna=False)
    counts = groups[["in_orbit", "unlisted", "decayed"]].sum()
    counts["catalogued"] = counts[["in_orbit", "unlisted", "decayed"]].sum(axis=1)
    for fate in ("unlisted", "decayed"):
        unknown = launches.loc[launches[fate].isna(), "launch_designator"]
        is_unknown = counts[fate].eq(0) & counts["launch_designator"].isin(unknown)
        counts[fate] = counts[fate].astype("Int64").mask(is_unknown)
    whole = launches[[*_LAUNCH_KEY, "launched", "never_catalogued"]].dropna()
    text = {"launch_designator": "str"}  # also if every designator is missing
    return counts.astype(text).merge(whole.astype(text), how="left", on=_LAUNCH_KEY)
