"""The satellites as the page Fleet chooses among them: all there ever were, those gone too."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from spacex.dashboard.pages.fleet_filters import FleetChoice, fleet_if_any
from spacex.dashboard.pages.fleet_model import NOT_IN_ORBIT, Fleet
from spacex.dashboard.ui.database import Database
from spacex.dashboard.ui.filters import NO_CONDITION, ColumnFilter, Condition, Range
from spacex.dashboard.ui.view import View
from spacex.notebook.charts import launch_labels

COLUMNS = (
    "norad_cat_id",
    "object_name",
    "version",
    "launch_date",
    "from_date",
    "until_date",
    "year",
    "launch_designator",
    "launch",
    "launch_label",
    "status",
    "shell",
    "inclination_deg",
    "altitude_km",
)


@dataclass(frozen=True)
class CatalogueChoice(FleetChoice):
    """One value of a column of the catalogue, out of all that occur."""

    def options(self, database: Database) -> tuple[str, ...]:
        """See `Filter`."""
        return tuple(sorted(satellites(database.path)[self.column].unique()))


@dataclass(frozen=True)
class CatalogueRange(Range):
    """A span of whole numbers in a column of the catalogue."""

    def options(self, database: Database) -> tuple[str, ...]:
        """See `Filter`."""
        return tuple(map(str, sorted(satellites(database.path)[self.column].unique())))

    def condition(self, value: str) -> Condition:
        """See `Filter`."""
        del value
        return NO_CONDITION


LAUNCHED = CatalogueRange("launched", "Launched", "year")
VERSION = CatalogueChoice("version", "Version", "version", all_label="All versions")
STATUS = CatalogueChoice("status", "Status", "status", all_label="All, decayed and unlisted too")
SHELL = CatalogueChoice("shell", "Shell", "shell", all_label="All shells, and none")
LAUNCH = CatalogueChoice("launch", "Launch", "launch_label", all_label="All launches")
FILTERS: tuple[ColumnFilter, ...] = (LAUNCHED, VERSION, STATUS, SHELL, LAUNCH)


def satellites(database: Path) -> pd.DataFrame:
    """One row for each satellite whose elements are known, with the COLUMNS; there may be none.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    fleet = fleet_if_any(database)
    return pd.DataFrame(columns=list(COLUMNS)) if fleet is None else _satellites(fleet)


def chosen(view: View, exclude: str = "") -> pd.DataFrame:
    """The satellites the filters choose; a chart one picks by leaves out its own filter."""
    found = satellites(view.database.path)
    for each in FILTERS:
        value = view[each.name]
        if value and each.name != exclude:
            found = found[found[each.column].astype(str).isin(each.selected_values(value))]
    return found


def in_orbit(frame: pd.DataFrame) -> pd.DataFrame:
    """Those of the satellites that are neither decayed nor gone."""
    return frame[~frame["status"].isin(NOT_IN_ORBIT)]


def daily_counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the satellites launched and in orbit after each change, as `v_fleet_growth` does."""
    changes = pd.DataFrame(
        {
            "launched": frame["from_date"].value_counts(),
            "lost": frame["until_date"].value_counts(),
        }
    )
    sums = changes.fillna(0).astype(int).sort_index().cumsum()
    sums["in_orbit"] = sums["launched"] - sums["lost"]
    return sums.rename_axis("day").reset_index()


def launch_counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return each launch's satellites in orbit and lost, as `v_fleet_by_launch` does."""
    is_lost = frame["status"].isin(NOT_IN_ORBIT)
    groups = frame.assign(in_orbit=~is_lost, decayed=is_lost).groupby(
        ["launch_designator", "launch"], as_index=False, dropna=False
    )
    return groups[["in_orbit", "decayed"]].sum()


@lru_cache(maxsize=1)
def _satellites(fleet: Fleet) -> pd.DataFrame:
    known = fleet.catalogue
    full = known.assign(
        altitude_km=fleet.elements.altitude_km,
        year=known["from_date"].str[:4].astype(int),
        launch_label=launch_labels(known),
    )
    return full[list(COLUMNS)]
