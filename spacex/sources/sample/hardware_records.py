"""Records of the sample's rockets, boosters, and launch and landing sites, with their totals."""

import re
from collections.abc import Iterator
from hashlib import sha256

from spacex.sources.record import Record
from spacex.sources.sample import facts
from spacex.sources.sample.histories import History

_M_PER_FOOT = 0.3048
_KG_PER_POUND = 0.45359237
_KN_PER_POUND_FORCE = 0.0044482216152605
_FIRST_OF_BLOCK_5 = 1046

_ORBIT_NAMES = {
    "leo": "Low Earth Orbit",
    "gto": "Geosynchronous Transfer Orbit",
    "moon": "Moon Orbit",
    "mars": "Mars Orbit",
    "pluto": "Pluto Orbit",
}


def record_id(kind: str, name: str) -> str:
    """Return the id of an object by its kind and name: 24 hexadecimal digits.

    >>> record_id("launch", "FalconSat")
    '0005d9801b3d8972a041685c'
    """
    return sha256(f"{kind}/{name}".encode()).hexdigest()[:24]


def optional_id(kind: str, name: str | None) -> str | None:
    """Return the id of an object, or None if it has no name."""
    return None if name is None else record_id(kind, name)


def rockets(history: History) -> Iterator[Record]:
    """Yield the records of the rocket types."""
    return (_rocket(rocket, history) for rocket in facts.rockets().values())


def _rocket(rocket: facts.Rocket, history: History) -> Record:
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
        "success_rate_pct": _success_rate_pct(rocket.name, history),
        "first_flight": rocket.first_flight,
        "country": rocket.country,
        "company": "SpaceX",
        "wikipedia": None,
        "description": rocket.description,
        "id": record_id("rocket", rocket.name),
    }


def _first_stage(stage: facts.Stage) -> Record:
    return {
        "thrust_sea_level": _force(stage.thrust_sea_level_kn),
        "thrust_vacuum": _force(stage.thrust_vacuum_kn),
        **_stage(stage),
    }


def _second_stage(stage: facts.Stage, fairing: facts.Fairing) -> Record:
    size = {"height": _length(fairing.height_m), "diameter": _length(fairing.diameter_m)}
    return {
        "thrust": _force(stage.thrust_vacuum_kn),
        "payloads": {"composite_fairing": size, "option_1": fairing.option},
        **_stage(stage),
    }


def _stage(stage: facts.Stage) -> Record:
    return {
        "reusable": stage.reusable,
        "engines": stage.engines,
        "fuel_amount_tons": stage.propellant_t,
        "burn_time_sec": stage.burn_time_s,
    }


def _engines(engine: facts.Engine, number: int) -> Record:
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


def _success_rate_pct(rocket: str, history: History) -> int:
    """Return the successful share of launches with a known outcome, in whole percent; 0 if none."""
    outcomes = [
        launch.success
        for launch in history.launches
        if launch.rocket == rocket and launch.success is not None
    ]
    return round(100 * sum(outcomes) / len(outcomes)) if outcomes else 0


def _length(metres: float | None) -> Record:
    return {"meters": metres, "feet": None if metres is None else round(metres / _M_PER_FOOT, 1)}


def _mass(kg: float) -> Record:
    return {"kg": kg, "lb": round(kg / _KG_PER_POUND)}


def _force(kn: float | None) -> Record:
    return {"kN": kn, "lbf": None if kn is None else round(kn / _KN_PER_POUND_FORCE)}


def cores(history: History) -> Iterator[Record]:
    """Yield the records of boosters with a serial number, in order of their first launch."""
    flown: dict[str, list[tuple[facts.Launch, facts.Flight]]] = {}
    for launch in history.launches:
        for flight in launch.boosters:
            if flight.serial is not None:
                flown.setdefault(flight.serial, []).append((launch, flight))
    return (_core(serial, flights) for serial, flights in flown.items())


def _core(serial: str, flown: list[tuple[facts.Launch, facts.Flight]]) -> Record:
    flights = [flight for _, flight in flown]
    return {
        "block": _block(serial),
        # The list may lack flights whose serial number is unknown.
        "reuse_count": max(flight.flight or 1 for flight in flights) - 1,
        **_landings("rtls", flights),
        **_landings("asds", flights),
        "last_update": None,
        "launches": [record_id("launch", launch.name) for launch, _ in flown],
        "serial": serial,
        "status": _status(serial, *flown[-1]),
        "id": record_id("core", serial),
    }


def _landings(kind: str, flights: list[facts.Flight]) -> Record:
    """Return the totals of a kind of landing; null if not all landings are known."""
    if not all(flight.is_landing_covered for flight in flights):
        return {f"{kind}_attempts": None, f"{kind}_landings": None}
    landed = [flight.landed for flight in flights if flight.landing_type == kind.upper()]
    return {
        f"{kind}_attempts": len(landed),
        f"{kind}_landings": sum(each is True for each in landed),
    }


def _block(serial: str) -> int | None:
    """Return the Falcon 9 block; None before block 5, which serial numbers do not show."""
    number = re.fullmatch(r"B(\d{4})", serial)
    return 5 if number and int(number[1]) >= _FIRST_OF_BLOCK_5 else None


def _status(serial: str, last_launch: facts.Launch, last: facts.Flight) -> str:
    """Return the booster's status after its last flight."""
    if last_launch.upcoming:
        return "active"
    if not last.is_landing_covered:
        return "unknown"
    if last.landing_type is None:
        return "expended"
    if last.landing_type == "Ocean" or not last.landed:
        return "lost"
    # No booster older than block 5 has flown since June 2018.
    return "active" if _block(serial) else "inactive"


def launchpads(history: History) -> Iterator[Record]:
    """Yield the records of the launch sites."""
    return (_launchpad(pad, history) for pad in facts.launchpads().values())


def landpads(history: History) -> Iterator[Record]:
    """Yield the records of the landing sites."""
    return (_landpad(pad, history) for pad in facts.landpads().values())


def _launchpad(pad: facts.Launchpad, history: History) -> Record:
    launches = [
        launch
        for launch in history.launches
        if launch.launchpad == pad.name and not launch.upcoming
    ]
    rockets = dict.fromkeys(launch.rocket for launch in launches)
    return {
        **_site(pad),
        "launch_attempts": len(launches),
        "launch_successes": sum(launch.success is True for launch in launches),
        "rockets": [record_id("rocket", rocket) for rocket in rockets],
        "timezone": pad.timezone,
        "launches": [record_id("launch", launch.name) for launch in launches],
        "id": record_id("launchpad", pad.name),
    }


def _landpad(pad: facts.Landpad, history: History) -> Record:
    landings = [
        (launch.name, flight.landed)
        for launch in history.launches
        for flight in launch.boosters
        if flight.landpad == pad.name
    ]
    return {
        **_site(pad),
        "type": pad.type,
        "landing_attempts": len(landings) if history.covers_landings else None,
        "landing_successes": (
            sum(landed is True for _, landed in landings) if history.covers_landings else None
        ),
        "wikipedia": None,
        "launches": [record_id("launch", launch) for launch, _ in landings],
        "id": record_id("landpad", pad.name),
    }


def _site(site: facts.Site) -> Record:
    return {
        "images": {"large": []},
        "name": site.name,
        "full_name": site.full_name,
        "locality": site.locality,
        "region": site.region,
        "latitude": site.latitude,
        "longitude": site.longitude,
        "status": site.status,
        "details": None,
    }
