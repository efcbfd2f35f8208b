"""Filters of the pages about satellites; they select from the fleet, not in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.dashboard.pages.fleet_model import Fleet, read_fleet, read_satellites
from spacex.dashboard.ui.controls import text_input
from spacex.dashboard.ui.database import Database
from spacex.dashboard.ui.filters import Choice, ColumnFilter, Filter, Range
from spacex.dashboard.ui.formatting import format_instant
from spacex.dashboard.ui.markup import Node
from spacex.dashboard.ui.view import View
from spacex.orbits.instants import instant


@dataclass(frozen=True)
class FleetChoice(Choice):
    """One value of a catalogue column.

    Attributes:
        in_orbit_only: whether to offer only the values of satellites in orbit.
    """

    in_orbit_only: bool = True

    def options(self, database: Database) -> tuple[str, ...]:
        """See `Filter`."""
        return _values(database, self.column, in_orbit_only=self.in_orbit_only)


@dataclass(frozen=True)
class LaunchChoice(FleetChoice):
    """A launch, by its label; its designator, with which the label begins, stands for it."""

    def validate(self, value: str, options: Sequence[str]) -> str:
        """See `Filter`."""
        named = (each for each in options if value and each.startswith(f"{value} "))
        return super().validate(value, options) or next(named, "")


@dataclass(frozen=True)
class FleetRange(Range):
    """A range of whole numbers in a catalogue column."""

    def options(self, database: Database) -> tuple[str, ...]:
        """See `Filter`."""
        return _values(database, self.column)


def _values(database: Database, column: str, *, in_orbit_only: bool = False) -> tuple[str, ...]:
    """Return the distinct values of a column of all satellites, or of those on the map, sorted."""
    if in_orbit_only:
        fleet = read_fleet(database.path)
        values = fleet.catalogue[column][fleet.is_in_orbit] if fleet else pd.Series([], dtype=str)
    else:
        values = read_satellites(database.path)[column].dropna()
    return tuple(map(str, sorted(values.unique())))


@dataclass(frozen=True)
class SatelliteFilter(Filter):
    """One satellite, entered by name or NORAD id; the value is its NORAD id."""

    def options(self, database: Database) -> tuple[str, ...]:
        """See `Filter`; each option is a name with the NORAD id in brackets."""
        fleet = read_fleet(database.path)
        return () if fleet is None else fleet.labels

    def validate(self, value: str, options: Sequence[str]) -> str:
        """See `Filter`."""
        return _ids(tuple(options)).get(value.strip().casefold(), "")

    def control(self, value: str, options: Sequence[str]) -> Node:
        """See `Filter`."""
        label = next((option for option in options if option.endswith(f"({value})")), "")
        return text_input(self.label, self.name, label, "name or NORAD id", kind="search")


@lru_cache(maxsize=1)
def _ids(labels: tuple[str, ...]) -> dict[str, str]:
    """Return the NORAD id by lower-case label, name and NORAD id."""
    ids: dict[str, str] = {}
    for label in reversed(labels):  # the first satellite of a name wins
        name, _, number = label.removesuffix(")").rpartition(" (")
        ids |= {name.casefold(): number, label.casefold(): number, number: number}
    return ids


@dataclass(frozen=True)
class InstantFilter(Filter):
    """The instant shown, UTC, to the minute."""

    def options(self, database: Database) -> tuple[str, ...]:
        """See `Filter`; the only option is the default."""
        fleet = read_fleet(database.path)
        return () if fleet is None else (str(fleet.display_instant()),)

    def validate(self, value: str, options: Sequence[str]) -> str:
        """See `Filter`."""
        del options
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            return ""
        is_valid = at.tzinfo is None and 1958 <= at.year < 2100
        return f"{at:%Y-%m-%dT%H:%M}" if is_valid else ""

    def control(self, value: str, options: Sequence[str]) -> Node:
        """See `Filter`."""
        return text_input(self.label, self.name, value or options[0], "", kind="datetime-local")


SHELL = FleetChoice("shell", "Shell", "shell", all_label="All shells")
STATUS = FleetChoice("status", "Status", "status", all_label="All in orbit")
VERSION = FleetChoice("version", "Version", "version", all_label="All versions")
LAUNCH = LaunchChoice("launch", "Launch", "launch_label", all_label="All launches")
SATELLITE = SatelliteFilter("satellite", "Satellite")
INSTANT = InstantFilter("at", "Instant (UTC)")


def selected_instant(view: View, fleet: Fleet) -> np.datetime64:
    """Return the selected instant, or the fleet's default."""
    return instant(view[INSTANT.name] or fleet.display_instant())


def not_of_today(view: View, fleet: Fleet) -> str:
    """Return a sentence if the elements are too old for the present, so that the past is shown."""
    if view[INSTANT.name] or fleet.is_of_present:
        return ""
    newest = str(fleet.in_orbit.epoch_utc.max())[:10]
    return (
        f"The newest elements are of {newest}, too old for the present: this is as of "
        f"{format_instant(fleet.display_instant())} UTC, not of today."
    )


def select_satellites(view: View, catalogue: pd.DataFrame, exclude: str = "") -> NDArray[np.bool_]:
    """Return whether the page's filters select each satellite of a catalogue.

    Args:
        view: the view.
        catalogue: rows of `Fleet.catalogue` or of `read_satellites`.
        exclude: name of a filter to ignore; a chart that sets a filter must not obey it.

    Returns:
        Shape (rows,).
    """
    is_selected = np.ones(len(catalogue), np.bool_)
    for each in view.filters:
        value = view[each.name]
        if isinstance(each, ColumnFilter) and value and each.name != exclude:
            texts = catalogue[each.column].astype(str)
            is_selected &= texts.isin(each.selected_values(value)).to_numpy()
    return is_selected


def selected_in_orbit(view: View, fleet: Fleet) -> NDArray[np.bool_]:
    """Return whether each satellite is in orbit and selected by the filters; shape (n,)."""
    return fleet.is_in_orbit & select_satellites(view, fleet.catalogue)
