"""The facts behind the sample: tables of public knowledge, bundled with the package.

They are independent of a history: `spacex.sources.sample.histories` has the launches and Starlinks.
"""

import csv
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import msgspec

from spacex.units import utc_instant

FOLDER = files(__package__) / "facts"
"""The folder of the tables."""

_Fact = TypeVar("_Fact", bound=msgspec.Struct)


class Flight(msgspec.Struct, frozen=True):
    """The flight of one booster in a launch; unknown values are None.

    Without a landing type, no landing was attempted, unless the facts do not cover landings.
    """

    serial: str | None = None
    flight: int | None = None
    landing_type: str | None = None
    landed: bool | None = None
    landpad: str | None = None
    is_landing_covered: bool = True


class Launch(msgspec.Struct, frozen=True):
    """A launch; the mass of all payloads in kg.

    Attributes:
        launch_tag: its tag in GCAT; None if GCAT's facts do not have it, or it had not flown.
        failure: what failed, if the facts have no more about it.
    """

    flight_number: int
    launch_tag: str | None
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
    failure: str | None = None

    @property
    def instant(self) -> datetime:
        """Time of liftoff, UTC."""
        return utc_instant(self.date_utc)


class Dragon(msgspec.Struct, frozen=True):
    """The capsule of a launch, and its number of people."""

    launch: str
    type: str
    people: int


class Failure(msgspec.Struct, frozen=True):
    """The failure of a launch; time from planned liftoff in s, altitude in km."""

    launch: str
    time_s: int
    altitude_km: int | None
    reason: str


class Orbit(msgspec.Struct, frozen=True):
    """The meaning of an orbit code."""

    orbit: str
    reference_system: str
    regime: str | None


class Site(msgspec.Struct, frozen=True):
    """A site on the ground, or the home port of a drone ship; position in deg."""

    name: str
    full_name: str
    locality: str
    region: str
    latitude: float
    longitude: float
    status: str


class Launchpad(Site, frozen=True):
    """A launch site, with its code in the satellite catalogue."""

    timezone: str
    catalogue_site: str | None


class Landpad(Site, frozen=True):
    """A landing zone (RTLS) or a drone ship (ASDS)."""

    type: str


class Shell(msgspec.Struct, frozen=True):
    """A licensed shell of the constellation; inclination in deg, altitude in km."""

    constellation: str
    inclination_deg: float
    altitude_km: float
    planes: int
    satellites_per_plane: int
    source: str


class Stage(msgspec.Struct, frozen=True):
    """A rocket stage; thrust in kN, propellant in t, burn time in s."""

    reusable: bool
    engines: int
    thrust_vacuum_kn: int
    propellant_t: float
    thrust_sea_level_kn: int | None = None
    burn_time_s: int | None = None


class Fairing(msgspec.Struct, frozen=True):
    """The default payload option of a second stage, and its fairing's size in m."""

    option: str
    height_m: float | None = None
    diameter_m: float | None = None


class Engine(msgspec.Struct, frozen=True):
    """A first-stage engine; thrust in kN, specific impulse in s."""

    type: str
    version: str
    oxidizer: str
    fuel: str
    isp_sea_level_s: int
    isp_vacuum_s: int
    thrust_sea_level_kn: int
    thrust_vacuum_kn: int
    thrust_to_weight: float
    layout: str | None = None
    loss_max: int | None = None


class Rocket(msgspec.Struct, frozen=True):
    """A rocket type; size in m, mass in kg."""

    name: str
    active: bool
    country: str
    stages: int
    boosters: int
    height_m: float
    diameter_m: float
    mass_kg: int
    cost_per_launch_usd: int
    description: str
    landing_legs: int
    payloads_kg: dict[str, int]
    first_stage: Stage
    second_stage: Stage
    fairing: Fairing
    engine: Engine
    first_flight: str | None = None
    landing_leg_material: str | None = None


@cache
def rockets() -> dict[str, Rocket]:
    """Return the rocket types by name."""
    content = (FOLDER / "rockets.toml").read_bytes()
    listed = msgspec.toml.decode(content, type=dict[str, list[Rocket]])["rockets"]
    return {rocket.name: rocket for rocket in listed}


@cache
def archive_launches() -> tuple[Launch, ...]:
    """Return the launches that the r/SpaceX API has, in order of date."""
    rows = [row | {"boosters": _flights(row["boosters"])} for row in _rows("launches.csv")]
    return tuple(msgspec.convert(rows, list[Launch], strict=False))


@cache
def dragons() -> dict[str, Dragon]:
    """Return the capsules by name of the launch."""
    return {dragon.launch: dragon for dragon in _read("dragons.csv", Dragon)}


@cache
def failures() -> dict[str, Failure]:
    """Return the failures by name of the launch."""
    return {failure.launch: failure for failure in _read("failures.csv", Failure)}


@cache
def orbits() -> dict[str, Orbit]:
    """Return the orbits by code."""
    return {orbit.orbit: orbit for orbit in _read("orbits.csv", Orbit)}


@cache
def launchpads() -> dict[str, Launchpad]:
    """Return the launch sites by name."""
    return {pad.name: pad for pad in _read("launchpads.csv", Launchpad)}


@cache
def landpads() -> dict[str, Landpad]:
    """Return the landing sites by name."""
    return {pad.name: pad for pad in _read("landpads.csv", Landpad)}


@cache
def shells() -> tuple[Shell, ...]:
    """Return the shells of the constellation."""
    return tuple(_read("shells.csv", Shell))


def _read(name: str, kind: type[_Fact]) -> list[_Fact]:
    return [msgspec.convert(row, kind, strict=False) for row in _rows(name)]


def _rows(name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table; an empty field is None."""
    for row in csv.DictReader((FOLDER / name).read_text("utf-8").splitlines()):
        yield {column: value or None for column, value in row.items()}


def _flights(text: str | None) -> list[dict[str, str | None]]:
    """Parse the boosters of a launch: `serial/flight/landing type/landed/landpad;…`."""
    names = Flight.__struct_fields__[:-1]
    flights = [flight.split("/") for flight in text.split(";")] if text else []
    return [
        {name: value or None for name, value in zip(names, values, strict=True)}
        for values in flights
    ]
