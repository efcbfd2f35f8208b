"""The rockets of the sample: four types, with what their maker publishes about them."""

from collections.abc import Iterator
from functools import cache

import msgspec

from spacex.sources.sample import facts
from spacex.sources.sample.record import Record, record_id

_M_PER_FOOT = 0.3048
_KG_PER_POUND = 0.45359237
_KN_PER_POUND_FORCE = 0.0044482216152605

_ORBIT_NAMES = {
    "leo": "Low Earth Orbit",
    "gto": "Geosynchronous Transfer Orbit",
    "moon": "Moon Orbit",
    "mars": "Mars Orbit",
    "pluto": "Pluto Orbit",
}


class Stage(msgspec.Struct, frozen=True):
    """One stage: thrust in kN, propellant in t, burn time in s."""

    reusable: bool
    engines: int
    thrust_vacuum_kn: int
    propellant_t: float
    thrust_sea_level_kn: int | None = None
    burn_time_s: int | None = None


class Fairing(msgspec.Struct, frozen=True):
    """What the second stage carries by default, and the fairing's size in m."""

    option: str
    height_m: float | None = None
    diameter_m: float | None = None


class Engine(msgspec.Struct, frozen=True):
    """One first-stage engine: thrust in kN, specific impulse in s."""

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
    """One rocket type: size in m, mass in kg."""

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
def rocket_facts() -> dict[str, Rocket]:
    """The rocket types, by name."""
    document = (facts.FOLDER / "rockets.toml").read_bytes()
    rockets = msgspec.toml.decode(document, type=dict[str, list[Rocket]])["rockets"]
    return {rocket.name: rocket for rocket in rockets}


def rockets() -> Iterator[Record]:
    """The records of the rocket types."""
    return (_rocket(rocket) for rocket in rocket_facts().values())


def _rocket(rocket: Rocket) -> Record:
    return {
        "height": _length(rocket.height_m),
        "diameter": _length(rocket.diameter_m),
        "mass": _mass(rocket.mass_kg),
        "first_stage": _first_stage(rocket.first_stage),
        "second_stage": _second_stage(rocket.second_stage, rocket.fairing),
        "engines": _engines(rocket.engine, rocket.first_stage.engines),
        "landing_legs": {"number": rocket.landing_legs, "material": rocket.landing_leg_material},
        "payload_weights": [
            {"id": orbit, "name": _ORBIT_NAMES[orbit], **_mass(mass)}
            for orbit, mass in rocket.payloads_kg.items()
        ],
        "flickr_images": [],
        "name": rocket.name,
        "type": "rocket",
        "active": rocket.active,
        "stages": rocket.stages,
        "boosters": rocket.boosters,
        "cost_per_launch": rocket.cost_per_launch_usd,
        "success_rate_pct": _success_rate_pct(rocket.name),
        "first_flight": rocket.first_flight,
        "country": rocket.country,
        "company": "SpaceX",
        "wikipedia": None,
        "description": rocket.description,
        "id": record_id("rocket", rocket.name),
    }


def _first_stage(stage: Stage) -> Record:
    return {
        "thrust_sea_level": _force(stage.thrust_sea_level_kn),
        "thrust_vacuum": _force(stage.thrust_vacuum_kn),
        **_stage(stage),
    }


def _second_stage(stage: Stage, fairing: Fairing) -> Record:
    size = {"height": _length(fairing.height_m), "diameter": _length(fairing.diameter_m)}
    return {
        "thrust": _force(stage.thrust_vacuum_kn),
        "payloads": {"composite_fairing": size, "option_1": fairing.option},
        **_stage(stage),
    }


def _stage(stage: Stage) -> Record:
    return {
        "reusable": stage.reusable,
        "engines": stage.engines,
        "fuel_amount_tons": stage.propellant_t,
        "burn_time_sec": stage.burn_time_s,
    }


def _engines(engine: Engine, number: int) -> Record:
    return {
        "isp": {"sea_level": engine.isp_sea_level_s, "vacuum": engine.isp_vacuum_s},
        "thrust_sea_level": _force(engine.thrust_sea_level_kn),
        "thrust_vacuum": _force(engine.thrust_vacuum_kn),
        "number": number,
        "type": engine.type,
        "version": engine.version,
        "layout": engine.layout,
        "engine_loss_max": engine.loss_max,
        "propellant_1": engine.oxidizer,
        "propellant_2": engine.fuel,
        "thrust_to_weight": engine.thrust_to_weight,
    }


def _success_rate_pct(rocket: str) -> int:
    """Successes per launch of known outcome, in whole percent; 0 if it never flew."""
    outcomes = [
        launch.success
        for launch in facts.launches().values()
        if launch.rocket == rocket and launch.success is not None
    ]
    return round(100 * sum(outcomes) / len(outcomes)) if outcomes else 0


def _length(metres: float | None) -> Record:
    return {"meters": metres, "feet": None if metres is None else round(metres / _M_PER_FOOT, 1)}


def _mass(kg: float) -> Record:
    return {"kg": kg, "lb": round(kg / _KG_PER_POUND)}


def _force(kn: float | None) -> Record:
    return {"kN": kn, "lbf": None if kn is None else round(kn / _KN_PER_POUND_FORCE)}
