"""The satellites as the page Fleet chooses among them: all there ever were, decayed ones too."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from spacex.dashboard.filters import Condition, Filter, Span
from spacex.dashboard.fleet import Fleet
from spacex.dashboard.fleet_filters import EVERYTHING, FleetChoice, fleet_if_any
from spacex.dashboard.view import View
from spacex.orbits.status import Status

COLUMNS = (
    "norad_cat_id",
    "object_name",
    "version",
    "launch_date",
    "decay_date",
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
STATUS = CatalogueChoice("status", "Status", "status", every="All, decayed too")
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
    """Those of the satellites that have not decayed."""
    return frame[frame["status"] != Status.DECAYED]


@lru_cache(maxsize=1)
def _satellites(fleet: Fleet) -> pd.DataFrame:
    known = fleet.catalogue
    launch = known["launch"].fillna(known["object_id"].str[:8])  # the designator of the launch
    full = known.assign(
        altitude_km=fleet.elements.altitude_km,
        year=known["launch_date"].str[:4].astype(int),
        batch=known["launch_date"] + " " + launch,
    )
    return full[list(COLUMNS)]
