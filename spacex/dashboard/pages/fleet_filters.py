"""Filters of the pages about satellites: by what the fleet's elements tell, and the instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spacex.dashboard.pages.fleet_model import Fleet, fleet_of
from spacex.dashboard.ui.controls import text_input
from spacex.dashboard.ui.database import Database
from spacex.dashboard.ui.filters import NO_CONDITION, Choice, Condition, Filter
from spacex.dashboard.ui.markup import Node
from spacex.dashboard.ui.view import View
from spacex.errors import DataError
from spacex.orbits.instants import instant


def fleet_if_any(database: Path) -> Fleet | None:
    """The fleet; None if the database has no elements that can be used.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    try:
        return fleet_of(database)
    except DataError:
        return None


@dataclass(frozen=True)
class FleetChoice(Choice):
    """One value of a column of the fleet's catalogue, out of those that occur in orbit."""

    def options(self, database: Database) -> tuple[str, ...]:
        """See `Filter`."""
        fleet = fleet_if_any(database.path)
        if fleet is None:
            return ()
        return tuple(sorted(fleet.catalogue.loc[fleet.is_aloft, self.column].unique()))

    def condition(self, value: str) -> Condition:
        """See `Filter`."""
        del value
        return NO_CONDITION


@dataclass(frozen=True)
class Satellite(Filter):
    """One satellite, by its name or its number; the value is its number."""

    def options(self, database: Database) -> tuple[str, ...]:
        """The name of each, with its number in brackets."""
        fleet = fleet_if_any(database.path)
        return () if fleet is None else fleet.labels

    def validate(self, value: str, options: Sequence[str]) -> str:
        """See `Filter`."""
        return _numbers(tuple(options)).get(value.strip().casefold(), "")

    def control(self, value: str, options: Sequence[str]) -> Node:
        """See `Filter`."""
        label = next((each for each in options if each.endswith(f"({value})")), "")
        return text_input(self.label, self.name, label, "name or NORAD id", kind="search")


@lru_cache(maxsize=1)
def _numbers(labels: tuple[str, ...]) -> dict[str, str]:
    """The number that each label means, and each name, and each number, in small letters."""
    found: dict[str, str] = {}
    for label in reversed(labels):  # of one name, the first counts
        name, _, number = label.removesuffix(")").rpartition(" (")
        found |= {name.casefold(): number, label.casefold(): number, number: number}
    return found


@dataclass(frozen=True)
class Instant(Filter):
    """The instant shown, UTC, to the minute; by default the fleet's own."""

    def options(self, database: Database) -> tuple[str, ...]:
        """The default alone."""
        fleet = fleet_if_any(database.path)
        return () if fleet is None else (str(fleet.display_instant()),)

    def validate(self, value: str, options: Sequence[str]) -> str:
        """See `Filter`."""
        del options
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            return ""
        is_sensible = at.tzinfo is None and 1958 <= at.year < 2100
        return f"{at:%Y-%m-%dT%H:%M}" if is_sensible else ""

    def control(self, value: str, options: Sequence[str]) -> Node:
        """See `Filter`."""
        return text_input(self.label, self.name, value or options[0], "", kind="datetime-local")


SHELL = FleetChoice("shell", "Shell", "shell", all_label="All shells")
STATUS = FleetChoice("status", "Status", "status", all_label="All in orbit")
VERSION = FleetChoice("version", "Version", "version", all_label="All versions")
SATELLITE = Satellite("satellite", "Satellite")
INSTANT = Instant("at", "Instant (UTC)")


def instant_of(view: View, fleet: Fleet) -> np.datetime64:
    """The instant chosen, or the fleet's own."""
    asked = view[INSTANT.name]
    return instant(asked) if asked else instant(fleet.display_instant())


def chosen_of(view: View, fleet: Fleet) -> NDArray[np.bool_]:
    """Which satellites in orbit the filters choose; shape (n,)."""
    is_chosen = fleet.is_aloft.copy()
    for each in (SHELL, STATUS, VERSION):
        if view[each.name] and each in view.filters:
            is_chosen &= np.asarray(fleet.catalogue[each.column] == view[each.name])
    return is_chosen
