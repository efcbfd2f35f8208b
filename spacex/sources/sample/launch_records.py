"""Records of the sample's launches and payloads."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from spacex.sources.record import Record
from spacex.sources.sample import facts
from spacex.sources.sample.hardware_records import optional_id, record_id
from spacex.sources.sample.histories import History

_POUNDS_PER_KG = 2.20462262


def launches(history: History) -> Iterator[Record]:
    """Yield the records of the launches, in order of date."""
    return (_launch(launch) for launch in history.launches)


def payloads(history: History) -> Iterator[Record]:
    """Yield the records of the payloads: one per launch, for all it carried."""
    return (_payload(launch) for launch in history.launches)


def _launch(launch: facts.Launch) -> Record:
    dragon = facts.dragons().get(launch.name)
    people = dragon.people if dragon else 0
    return {
        "fairings": None if dragon or launch.rocket == "Starship" else _fairings(),
        "links": _links(),
        "static_fire_date_utc": None,
        "static_fire_date_unix": None,
        "net": False,
        "window": None,
        "rocket": record_id("rocket", launch.rocket),
        "success": launch.success,
        "failures": _failures(launch),
        "details": None,
        "crew": [record_id("crew", f"{launch.name}/{seat}") for seat in range(people)],
        "ships": [],
        "capsules": [record_id("capsule", launch.name)] if dragon else [],
        "payloads": [record_id("payload", launch.name)],
        "launchpad": record_id("launchpad", launch.launchpad),
        "flight_number": launch.flight_number,
        "name": launch.name,
        **_dates(launch),
        "upcoming": launch.upcoming,
        "cores": _cores(launch),
        "auto_update": False,
        "tbd": False,
        "launch_library_id": None,
        "id": record_id("launch", launch.name),
    }


def _dates(launch: facts.Launch) -> Record:
    instant = launch.instant
    zone = ZoneInfo(facts.launchpads()[launch.launchpad].timezone)
    return {
        "date_utc": launch.date_utc,
        "date_unix": int(instant.timestamp()),
        "date_local": instant.astimezone(zone).isoformat(),
        "date_precision": launch.date_precision,
    }


def _fairings() -> Record:
    return {"reused": None, "recovery_attempt": None, "recovered": None, "ships": []}


def _links() -> Record:
    return {
        "patch": {"small": None, "large": None},
        "reddit": {"campaign": None, "launch": None, "media": None, "recovery": None},
        "flickr": {"small": [], "original": []},
        "presskit": None,
        "webcast": None,
        "youtube_id": None,
        "article": None,
        "wikipedia": None,
    }


def _failures(launch: facts.Launch) -> list[Record]:
    if launch.success is not False:
        return []
    if launch.name not in facts.failures():
        return [{"time": None, "altitude": None, "reason": launch.failure}]
    failure = facts.failures()[launch.name]
    return [{"time": failure.time_s, "altitude": failure.altitude_km, "reason": failure.reason}]


def _cores(launch: facts.Launch) -> list[Record]:
    """Return the boosters; if none is named, an empty record for each that the rocket needs."""
    unnamed = (facts.Flight(),) * (1 + facts.rockets()[launch.rocket].boosters)
    return [_core(flight, launch) for flight in launch.boosters or unnamed]


def _core(flight: facts.Flight, launch: facts.Launch) -> Record:
    # Boosters that land have grid fins and legs; nothing is known of the others.
    is_known = flight.is_landing_covered and not launch.upcoming
    lands = True if flight.landing_type in {"RTLS", "ASDS"} else None
    return {
        "core": optional_id("core", flight.serial),
        "flight": flight.flight,
        "gridfins": lands,
        "legs": lands,
        "reused": None if flight.flight is None else flight.flight > 1,
        "landing_attempt": flight.landing_type is not None if is_known else None,
        "landing_success": flight.landed,
        "landing_type": flight.landing_type,
        "landpad": optional_id("landpad", flight.landpad),
    }


def _payload(launch: facts.Launch) -> Record:
    dragon = facts.dragons().get(launch.name)
    mass = launch.payload_mass_kg
    orbit = facts.orbits().get(launch.orbit or "")
    return {
        "dragon": _dragon(dragon),
        "name": launch.name,
        "type": dragon.type if dragon else "Satellite",
        "reused": None,
        "launch": record_id("launch", launch.name),
        "customers": [],
        "norad_ids": [],
        "nationalities": [],
        "manufacturers": [],
        "mass_kg": mass,
        "mass_lbs": None if mass is None else round(mass * _POUNDS_PER_KG, 2),
        "orbit": launch.orbit,
        "reference_system": orbit.reference_system if orbit else None,
        "regime": orbit.regime if orbit else None,
        **_unknown_elements(),
        "id": record_id("payload", launch.name),
    }


def _dragon(dragon: facts.Dragon | None) -> Record:
    return {
        "capsule": record_id("capsule", dragon.launch) if dragon else None,
        "mass_returned_kg": None,
        "mass_returned_lbs": None,
        "flight_time_sec": None,
        "manifest": None,
        "water_landing": None,
        "land_landing": None,
    }


def _unknown_elements() -> Record:
    return dict.fromkeys(
        (
            "longitude",
            "semi_major_axis_km",
            "eccentricity",
            "periapsis_km",
            "apoapsis_km",
            "inclination_deg",
            "period_min",
            "lifespan_years",
            "epoch",
            "mean_motion",
            "raan",
            "arg_of_pericenter",
            "mean_anomaly",
        )
    )
