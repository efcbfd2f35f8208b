"""The facts the sample is made from: tables of public knowledge, bundled with the package."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import msgspec

from spacex.units import utc_instant

FOLDER = files(__package__) / "facts"
"""Where the tables are."""

_Fact = TypeVar("_Fact", bound=msgspec.Struct)


class Flight(msgspec.Struct, frozen=True):
    """One booster's part in a launch; what is not known is None."""

    serial: str | None = None
    flight: int | None = None
    landing_type: str | None = None
    landed: bool | None = None
    landpad: str | None = None


class Launch(msgspec.Struct, frozen=True):
    """One launch; mass in kg, of all it carried."""

    flight_number: int
    name: str
    date_utc: str
    date_precision: str
    upcoming: bool
    success: bool | None
    rocket: str
    launchpad: str
    orbit: str | None
    payload_mass_kg: int | float | None
    boosters: tuple[Flight, ...]

    @property
    def instant(self) -> datetime:
        """Liftoff, in UTC."""
        return utc_instant(self.date_utc)


class Dragon(msgspec.Struct, frozen=True):
    """The capsule of a launch, and how many people flew in it."""

    launch: str
    type: str
    people: int


class Failure(msgspec.Struct, frozen=True):
    """Why a launch failed; seconds from planned liftoff, altitude in km."""

    launch: str
    time_s: int
    altitude_km: int | None
    reason: str


class Orbit(msgspec.Struct, frozen=True):
    """What an orbit's code stands for."""

    orbit: str
    reference_system: str
    regime: str | None


class Site(msgspec.Struct, frozen=True):
    """A place on the ground, or a drone ship's home port; position in degrees."""

    name: str
    full_name: str
    locality: str
    region: str
    latitude: float
    longitude: float
    status: str


class Launchpad(Site, frozen=True):
    """A launch site, and its code in the satellite catalogue."""

    timezone: str
    catalogue_site: str | None


class Landpad(Site, frozen=True):
    """A landing zone (RTLS) or a drone ship (ASDS)."""

    type: str


class Batch(msgspec.Struct, frozen=True):
    """The Starlink satellites of one launch, as the catalogue counts them; inclination in deg."""

    launch: str
    date: date
    satellites_catalogued: int
    decayed_by_2021_10_17: int
    median_inclination_deg: float


class Shell(msgspec.Struct, frozen=True):
    """One shell of the constellation as licensed; inclination in deg, altitude in km."""

    constellation: str
    inclination_deg: float
    altitude_km: float
    planes: int
    satellites_per_plane: int
    source: str


@cache
def launches() -> dict[str, Launch]:
    """Every launch by name, in order of date."""
    rows = [row | {"boosters": _flights(row["boosters"])} for row in _rows("launches.csv")]
    return {launch.name: launch for launch in msgspec.convert(rows, list[Launch], strict=False)}


@cache
def dragons() -> dict[str, Dragon]:
    """The capsules, by name of the launch."""
    return {dragon.launch: dragon for dragon in _read("dragons.csv", Dragon)}


@cache
def failures() -> dict[str, Failure]:
    """The failures, by name of the launch."""
    return {failure.launch: failure for failure in _read("failures.csv", Failure)}


@cache
def orbits() -> dict[str, Orbit]:
    """The orbits, by code."""
    return {orbit.orbit: orbit for orbit in _read("orbits.csv", Orbit)}


@cache
def launchpads() -> dict[str, Launchpad]:
    """The launch sites, by name."""
    return {pad.name: pad for pad in _read("launchpads.csv", Launchpad)}


@cache
def landpads() -> dict[str, Landpad]:
    """The landing sites, by name."""
    return {pad.name: pad for pad in _read("landpads.csv", Landpad)}


@cache
def batches() -> tuple[Batch, ...]:
    """The Starlink batches, in order of launch."""
    return tuple(_read("starlink_batches.csv", Batch))


@cache
def shells() -> tuple[Shell, ...]:
    """The shells of the constellation."""
    return tuple(_read("shells.csv", Shell))


def _read(name: str, kind: type[_Fact]) -> list[_Fact]:
    return [msgspec.convert(row, kind, strict=False) for row in _rows(name)]


def _rows(name: str) -> Iterator[dict[str, Any]]:
    """The rows of a table; an empty field is None."""
    for row in csv.DictReader((FOLDER / name).read_text("utf-8").splitlines()):
        yield {column: value or None for column, value in row.items()}


def _flights(text: str | None) -> list[dict[str, str | None]]:
    """The boosters of a launch, written `serial/flight/landing type/landed/landpad;…`."""
    names = Flight.__struct_fields__
    flights = [flight.split("/") for flight in text.split(";")] if text else []
    return [
        {name: value or None for name, value in zip(names, values, strict=True)}
        for values in flights
    ]
