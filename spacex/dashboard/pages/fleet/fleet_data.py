"""The satellites as the page Fleet chooses among them: all there ever were, those gone too."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from spacex.dashboard.pages.fleet_filters import EVERYTHING, FleetChoice, fleet_if_any
from spacex.dashboard.pages.fleet_model import NOT_IN_ORBIT, Fleet
from spacex.dashboard.ui.filters import Condition, Filter, Span
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

    def options(self, database: Path) -> tuple[str, ...]:
        """See `Filter`."""
        return tuple(sorted(satellites(database)[self.column].unique()))


@dataclass(frozen=True)
class CatalogueSpan(Span):
    """A span of whole numbers in a column of the catalogue."""

    def options(self, database: Path) -> tuple[str, ...]:
        """See `Filter`."""
        return tuple(map(str, sorted(satellites(database)[self.column].unique())))

    def condition(self, value: str) -> Condition:
        """See `Filter`."""
        del value
        return EVERYTHING


LAUNCHED = CatalogueSpan("launched", "Launched", "year")
VERSION = CatalogueChoice("version", "Version", "version", every="All versions")
STATUS = CatalogueChoice("status", "Status", "status", every="All, decayed and unlisted too")
SHELL = CatalogueChoice("shell", "Shell", "shell", every="All shells, and none")
LAUNCH = CatalogueChoice("launch", "Launch", "launch_label", every="All launches")
FILTERS: tuple[Filter, ...] = (LAUNCHED, VERSION, STATUS, SHELL, LAUNCH)


def satellites(database: Path) -> pd.DataFrame:
    """One row for each satellite whose elements are known, with the COLUMNS; there may be none.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    fleet = fleet_if_any(database)
    return pd.DataFrame(columns=list(COLUMNS)) if fleet is None else _satellites(fleet)


def chosen(view: View, ignoring: str = "") -> pd.DataFrame:
    """The satellites the filters choose; a chart one picks by leaves out its own filter."""
    found = satellites(view.database)
    for each in FILTERS:
        value = view[each.name]
        if value and each.name != ignoring:
            found = found[found[each.column].astype(str).isin(each.lit(value))]
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
