"""The satellites as the page Fleet chooses among them: all there ever were, those gone too."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from spacex.dashboard.pages.fleet_filters import EVERYTHING, FleetChoice, fleet_if_any
from spacex.dashboard.pages.fleet_model import NOT_IN_ORBIT, UNKNOWN, Fleet
from spacex.dashboard.ui.filters import Condition, Filter, Span
from spacex.dashboard.ui.view import View

COLUMNS = (
    "norad_cat_id",
    "object_name",
    "version",
    "launch_date",
    "from_date",
    "until_date",
    "year",
    "batch",
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
BATCH = CatalogueChoice("batch", "Batch", "batch", every="All batches")
FILTERS: tuple[Filter, ...] = (LAUNCHED, VERSION, STATUS, SHELL, BATCH)


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


@lru_cache(maxsize=1)
def _satellites(fleet: Fleet) -> pd.DataFrame:
    known = fleet.catalogue
    designator = known["launch_designator"].fillna(UNKNOWN)
    full = known.assign(
        altitude_km=fleet.elements.altitude_km,
        year=known["from_date"].str[:4].astype(int),
        batch=(designator + " " + known["launch"].fillna("")).str.rstrip(),
    )
    return full[list(COLUMNS)]
