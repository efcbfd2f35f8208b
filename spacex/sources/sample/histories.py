"""The histories that the sample can tell: the current one, and that of the frozen r/SpaceX API.

Both have true launches, and the true number of Starlinks by launch and by fate. Where two facts
differ, those of GCAT count: date, outcome, site, payload mass, and the flights of boosters.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import msgspec

from spacex.sources import gcat_launches as gcat
from spacex.sources.launch_facts import (
    FLEET_DATE,
    StarlinkLaunch,
    gcat_launches,
    starlink_launches,
)
from spacex.sources.sample import facts
from spacex.sources.sample.facts import Flight, Launch
from spacex.units import utc_instant

_ARCHIVED_FLEET = date(2021, 10, 17)
"""The date of the archive's numbers of satellites."""
_PADS = {
    "LC40": "CCSFS SLC 40",
    "LC39A": "KSC LC 39A",
    "SLC4E": "VAFB SLC 4E",
    "OM": "Kwajalein Atoll",
    "OLP1": "STLS",
}
"""Pad in GCAT → name in the facts."""
_SAME_TIME = timedelta(minutes=10)
"""GCAT's times are rounded to a quarter of an hour."""
_SUBORBITAL = "SO"


@dataclass(frozen=True, eq=False)
class History:
    """The launches, and the Starlinks that they carried.

    Attributes:
        launches: launches in order of date; their names are unique.
        starlink: the launches with Starlinks.
        decays_known_on: the days for which the number of decayed satellites is known.
        elements_on: the day of the satellites' elements.
    """

    launches: tuple[Launch, ...]
    starlink: tuple[StarlinkLaunch, ...]
    decays_known_on: tuple[date, ...]
    elements_on: date

    @property
    def starlink_names(self) -> list[str | None]:
        """The name of each Starlink launch in `launches`; None if it is not one of them."""
        names = {launch.launch_tag: launch.name for launch in self.launches if launch.launch_tag}
        return [names.get(each.launch_designator or "") for each in self.starlink]

    @property
    def covers_landings(self) -> bool:
        """Whether the landings of all boosters are known."""
        flights = (flight for launch in self.launches for flight in launch.boosters)
        return all(flight.is_landing_covered for flight in flights)


@cache
def archive_history() -> History:
    """Return what the r/SpaceX API has since it froze, with launches that stayed planned."""
    covered = tuple(each for each in starlink_launches() if each.decayed_2021_10_17 is not None)
    return History(facts.archive_launches(), covered, (_ARCHIVED_FLEET,), date(2022, 10, 28))


@cache
def current_history() -> History:
    """Return all launches to November 2025, and the fleet of August 2026."""
    archived = {each.launch_tag: each for each in facts.archive_launches() if each.launch_tag}
    flown = [_launch(row, archived.get(row["Launch_Tag"] or "")) for row in gcat_launches()]
    names = Counter(each.name for each in flown)
    numbered = tuple(
        msgspec.structs.replace(
            each,
            flight_number=number,
            name=each.name if names[each.name] == 1 else f"{each.name} ({each.launch_tag})",
        )
        for number, each in enumerate(flown, start=1)
    )
    days = tuple(sorted({day for each in starlink_launches() for day in each.decayed}))
    return History(numbered, starlink_launches(), days, FLEET_DATE)


def _launch(row: Mapping[str, Any], archived: Launch | None) -> Launch:
    """Return a launch of GCAT, with what the archive adds."""
    instant = utc_instant(row["Launch_UTC"])
    is_suborbital = gcat.launch_class(row) == "suborbital"
    orbit = gcat.orbit_code(row["Category"])
    is_whole = row["Launch_Tag"] not in _partly_catalogued()
    mass = float(row["Payload_kg"]) if row["Payload_kg"] and is_whole else None
    launch = Launch(
        flight_number=0,
        launch_tag=row["Launch_Tag"],
        name=gcat.launch_name(row) or row["Launch_Tag"],
        date_utc=f"{instant:%Y-%m-%dT%H:%M}:00.000Z",
        date_precision="day",
        upcoming=False,
        success=gcat.success(row["LaunchCode"]),
        rocket=gcat.rocket_name(row["LV_Type"]),
        launchpad=_PADS[row["Launch_Pad"]],
        orbit=_SUBORBITAL if is_suborbital else orbit,
        payload_mass_kg=mass,
        boosters=tuple(
            Flight(stage["serial"], stage["flight"], is_landing_covered=False)
            for stage in gcat.stages(row)
        ),
        failure=row["Notes"],
    )
    return launch if archived is None else _completed(launch, archived, instant)


@cache
def _partly_catalogued() -> frozenset[str | None]:
    """Return the launches of which the mass lacks the satellites that never got a number."""
    return frozenset(
        each.launch_designator for each in starlink_launches() if each.catalogued < each.known
    )


def _completed(launch: Launch, archived: Launch, instant: datetime) -> Launch:
    """Return a launch of GCAT with the name, time, orbit and landings that the archive has."""
    flights = {flight.serial: flight.flight for flight in launch.boosters if flight.serial}
    boosters = tuple(
        msgspec.structs.replace(
            flight,
            serial=flight.serial or next(iter(flights), None),
            flight=flights.get(flight.serial or next(iter(flights), ""), flight.flight),
        )
        for flight in archived.boosters
    )
    is_exact = abs(archived.instant - instant) <= _SAME_TIME
    return msgspec.structs.replace(
        launch,
        name=archived.name,
        date_utc=archived.date_utc if is_exact else launch.date_utc,
        date_precision=archived.date_precision if is_exact else launch.date_precision,
        orbit=archived.orbit,
        payload_mass_kg=launch.payload_mass_kg or archived.payload_mass_kg,
        boosters=boosters,
    )
