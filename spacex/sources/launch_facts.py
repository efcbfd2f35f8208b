"""Facts of launches, bundled with the package: every launch of SpaceX, and the Starlinks of each.

They are drawn up from GCAT (CC BY 4.0): McDowell, Jonathan C., General Catalog of Artificial Space
Objects, https://planet4589.org/space/gcat; the numbers of catalogued and decayed satellites of 2025
from the catalogue of Space-Track.org. `facts/CREDITS.md` describes the files.
"""

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

FACTS = "launch facts"
"""The source of an attribute that comes from these facts."""
CREDIT = (
    "McDowell, Jonathan C., General Catalog of Artificial Space Objects, "
    "https://planet4589.org/space/gcat, CC BY 4.0; SATCAT counts: Space-Track.org"
)
LAST_LAUNCH = date(2025, 11, 28)
"""The date of the last launch that the list of launches has."""
LAST_COUNTED = date(2025, 6, 10)
"""The date of the last launch with a known number of launched satellites.

Of later ones, the facts have the satellites in orbit on `FLEET_DATE` alone.
"""
FLEET_DATE = date(2026, 8, 22)
"""The date of the newest numbers of satellites."""

FIRST_SIMULATED_LAUNCH = 901
"""The first number of a launch in the sample's designators where the true one is unknown; no year
has reached it."""

UNKNOWN = "unknown"
"""The version of satellites whose version the facts do not have."""
_DIRECT_TO_CELL = "V2 mini direct to cell"


class StarlinkLaunch(msgspec.Struct, frozen=True):
    """The Starlink satellites of one launch; inclination in deg.

    Attributes:
        launch_designator: None for launches after `LAST_LAUNCH`.
        satellites: the known satellites by version, `13 V2 mini direct to cell; 8 V2 mini`: those
            launched or, after `LAST_COUNTED`, those in orbit on `FLEET_DATE`.
        catalogued_2025_06_21: number of satellites with a catalogue number; None if launched later.
        decayed_2021_10_17: number decayed by that day; None if launched later.
        decayed_2025_06_21: number decayed by that day; None if launched later.
        in_orbit_2026_08_22: number in orbit on that day.
    """

    launch_designator: str | None
    launch_date: date
    mission: str
    satellites: str
    catalogued_2025_06_21: int | None
    decayed_2021_10_17: int | None
    decayed_2025_06_21: int | None
    in_orbit_2026_08_22: int
    inclination_deg: float

    @property
    def versions(self) -> dict[str, int]:
        """Version → number of known satellites."""
        parts = (part.split(" ", 1) for part in self.satellites.split("; "))
        return {version: int(number) for number, version in parts}

    @property
    def version(self) -> str | None:
        """Version of the satellites without a tag in their name; None if several or unknown."""
        found = [version for version in self.versions if version != _DIRECT_TO_CELL]
        return found[0] if len(found) == 1 and found[0] != UNKNOWN else None

    @property
    def known(self) -> int:
        """Number of known satellites: the fewest that were launched."""
        return sum(self.versions.values())

    @property
    def launched(self) -> int | None:
        """Number of launched satellites; None after `LAST_COUNTED`: it is not known."""
        return None if self.catalogued_2025_06_21 is None else self.known

    @property
    def catalogued(self) -> int:
        """Number of known satellites with a catalogue number."""
        counted = self.catalogued_2025_06_21
        return self.known if counted is None else counted

    @property
    def decayed(self) -> dict[date, int]:
        """Day → number of catalogued satellites that had decayed, for the days where it is known.

        A satellite that was in orbit on an earlier day is missing from the later ones.
        """
        known = {
            date(2021, 10, 17): self.decayed_2021_10_17,
            date(2025, 6, 21): self.decayed_2025_06_21,
            FLEET_DATE: self.catalogued - self.in_orbit_2026_08_22,
        }  # the last is 0 after LAST_COUNTED: the facts lack those that decayed
        return {day: number for day, number in known.items() if number is not None}


@cache
def starlink_launches() -> tuple[StarlinkLaunch, ...]:
    """Return the launches with Starlinks to July 2026, in order of date."""
    return tuple(
        msgspec.convert(row, StarlinkLaunch, strict=False) for row in _rows("starlink_launches.csv")
    )


@cache
def gcat_launches() -> tuple[dict[str, str | None], ...]:
    """Return the launches to `LAST_LAUNCH`, in order of date, with the field names of GCAT.

    Returns:
        The fields of GCAT's list that the functions of `spacex.sources.gcat_launches` read;
        `Launch_UTC`, the instant of liftoff within a quarter of an hour and on the right day; and
        `Payload_kg`, the mass of all payloads in orbit.
    """
    return tuple(_rows("gcat_launches.csv"))


def _rows(name: str) -> Iterator[dict[str, str | None]]:
    """Yield the rows of a table; an empty field is None."""
    text = files(__package__).joinpath("facts", name).read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield {column: value or None for column, value in row.items()}
