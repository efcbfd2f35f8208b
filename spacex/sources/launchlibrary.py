"""Launch Library 2 of The Space Devs: SpaceX's past and upcoming launches.

The parser reads version 2.3.0, which is requested, and version 2.2.0, whose fields are renamed to
those of 2.3.0. It ignores the running totals, which are inconsistent.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from spacex.sources.json_records import page_records
from spacex.sources.mapping import Coded, TableMapping
from spacex.sources.request_rules import Paged, Part
from spacex.sources.source import Endpoint, Source, endpoints

SPACEX = 121
"""Launch Library's id of the agency."""
_DURATION = re.compile(
    r"P(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?"
)
_RECORDED_KEY = b'"launches"'
"""The key of the records in recorded pages."""

UPCOMING = {1: True, 2: True, 3: False, 4: False, 5: True, 6: False, 7: False, 8: True, 9: False}
"""Status id → whether the launch is upcoming: 1 go, 2 to be determined, 3 success, 4 failure,
5 hold, 6 in flight, 7 partial failure, 8 to be confirmed, 9 payload deployed."""
SUCCESS = {1: None, 2: None, 3: True, 4: False, 5: None, 6: None, 7: False, 8: None, 9: True}
"""Status id → success. A partial failure is no success; the `status` column names it."""
PRECISION: dict[int | None, str | None] = {
    None: None,
    0: "second",
    1: "minute",
    2: "hour",
    **dict.fromkeys((3, 4, 5), "day"),  # morning, afternoon, day
    6: "week",
    7: "month",
    **dict.fromkeys((8, 9, 10, 11), "quarter"),
    **dict.fromkeys((12, 13), "half"),
    **dict.fromkeys((14, 15), "year"),  # calendar year, fiscal year
    16: "decade",
}
CORE_STATUS = {
    "active": "active",
    "inactive": "inactive",
    "retired": "retired",
    "expended": "expended",
    "lost": "lost",
    "destroyed": "lost",
    "unknown": "unknown",
    "n/a": "unknown",
    "in storage": "inactive",
    "in development": "inactive",
}
PAD_STATUS = {None: "unknown", True: "active", False: "inactive"}
"""Version 2.2.0 lacks the field."""
LANDING = {"ASDS": "ASDS", "RTLS": "RTLS", "Ocean": "Ocean", "Catch": "RTLS", "VL": "RTLS"}
"""Landing type → the archive's term. A catch at the tower and a vertical landing count as RTLS.
Expended boosters have no landing type."""

_MALFORMED = (KeyError, TypeError, AttributeError, ValueError, OverflowError)
"""Errors of reading a field from a malformed record."""


def launch_records(body: bytes, origin: str) -> Iterator[dict[str, Any]]:
    """Yield the launches of a page, with the field names of version 2.3.0.

    Raises:
        ResponseError: as `spacex.sources.json_records.page_records`.
    """
    is_recorded = _RECORDED_KEY in body[:4096] and b'"results"' not in body[:4096]
    key = "launches" if is_recorded else "results"
    for record in page_records(body, origin, key):
        yield _normalized(record)


def is_spacex(record: Mapping[str, Any]) -> bool:
    """Return whether SpaceX is the provider; True if unknown, so that validation rejects it."""
    provider = record.get("launch_service_provider")
    return not isinstance(provider, dict) or provider.get("id", SPACEX) == SPACEX


def _normalized(record: dict[str, Any]) -> dict[str, Any]:
    """Add the fields the mapping reads; those it cannot derive stay missing and are rejected."""
    record["net_precision"] = record.get("net_precision") or {"id": None}
    with suppress(*_MALFORMED):
        record.update(_mission(record))
    with suppress(*_MALFORMED):
        record["pad"] |= _pad(record["pad"])
    with suppress(*_MALFORMED):
        record["rocket"]["configuration"]["id"] = _id(record["rocket"]["configuration"]["id"])
    with suppress(*_MALFORMED):
        stages = [_stage(stage) for stage in record["rocket"]["launcher_stage"] or []]
        record["stages"] = stages
        record["boosters"] = [stage["launcher"] for stage in stages if stage["launcher"]]
        record["places"] = [place for stage in stages if (place := stage["landing"]["place"])]
    return record


def _id(number: object) -> str:
    """Return an id that differs from those of other services."""
    return f"ll-{number}"


def _mission(record: dict[str, Any]) -> dict[str, Any]:
    mission = record.get("mission") or {}
    orbit = mission.get("orbit") or {"abbrev": None}
    return {
        "launch_designator": record.get("launch_designator", mission.get("launch_designator")),
        "mission": {"description": None, **mission, "orbit": orbit},
    }


def _pad(pad: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": _id(pad["id"]),
        "full_name": f"{pad['name']}, {pad['location']['name']}",
        "latitude": _number(pad["latitude"]),
        "longitude": _number(pad["longitude"]),
        "active": pad.get("active"),
    }


def _number(value: object) -> object:
    """Convert text, as in version 2.2.0, to a number; return other values for validation."""
    with suppress(ValueError):
        return float(value) if isinstance(value, str) else value
    return value


def _stage(stage: dict[str, Any]) -> dict[str, Any]:
    landing = stage["landing"] or {}
    kind = (landing.get("type") or {}).get("abbrev")
    return stage | {
        "launcher": _launcher(stage["launcher"] or {}),
        "landing": {
            "attempt": landing.get("attempt"),
            "success": landing.get("success"),
            "type": None if kind == "EXP" else kind,
            "place": _place(landing, kind),
        },
        "turnaround_days": _turnaround_days(stage),
    }


def _launcher(launcher: dict[str, Any]) -> dict[str, Any] | None:
    """Return a booster; None if it is not yet assigned, such as `Unknown F9`."""
    serial, status, flights = (launcher.get(n) for n in ("serial_number", "status", "flights"))
    if not isinstance(serial, str) or serial.lower().startswith("unknown"):
        return None
    name = status["name"] if isinstance(status, dict) else status  # only the name in 2.2.0
    reuse_count = None if flights is None else max(flights - 1, 0)
    return {
        "id": _id(launcher["id"]),
        "serial_number": serial,
        "status": str(name).lower(),
        "reuse_count": reuse_count,
    }


def _place(landing: dict[str, Any], kind: str | None) -> dict[str, Any] | None:
    """Return a landing site; None if it is not yet chosen, or is the ocean."""
    place = landing.get("landing_location", landing.get("location")) or {}
    if place.get("abbrev") in {None, "N/A"} or kind not in {"ASDS", "RTLS"}:
        return None
    return {"id": _id(place["id"]), "abbrev": place["abbrev"], "name": place["name"], "type": kind}


def _turnaround_days(stage: dict[str, Any]) -> float | None:
    """Return the days since the booster's previous flight, given as days or as ISO 8601."""
    days, duration = stage.get("turn_around_time_days"), stage.get("turn_around_time")
    if days is not None or duration is None:
        return days
    found = _DURATION.fullmatch(duration)
    if found is None:
        raise ValueError(duration)
    weeks, whole, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return 7 * weeks + whole + (hours + (minutes + seconds / 60) / 60) / 24


LAUNCHES = Endpoint(
    "launches",
    (
        TableMapping(
            table="rockets",
            columns={
                "rocket_id": "rocket.configuration.id",
                "name": "rocket.configuration.name",
                "is_active": "rocket.configuration.active",
            },
            is_shared=True,
        ),
        TableMapping(
            table="launchpads",
            columns={
                "launchpad_id": "pad.id",
                "name": "pad.name",
                "full_name": "pad.full_name",
                "locality": "pad.location.name",
                "timezone": "pad.location.timezone_name",
                "latitude_deg": "pad.latitude",
                "longitude_deg": "pad.longitude",
                "status": Coded("pad.active", PAD_STATUS),
            },
            is_shared=True,
        ),
        TableMapping(
            table="landpads",
            each="places",
            columns={
                "landpad_id": "id",
                "name": "abbrev",
                "full_name": "name",
                "type": "type",
            },
            is_shared=True,
        ),
        TableMapping(
            table="cores",
            each="boosters",
            columns={
                "core_id": "id",
                "serial": "serial_number",
                "status": Coded("status", CORE_STATUS),
                "reuse_count": "reuse_count",
            },
            is_shared=True,
        ),
        TableMapping(
            table="launches",
            columns={
                "launch_id": "id",
                "flight_number": "agency_launch_attempt_count",
                "name": "name",
                "date_utc": "net",
                "date_precision": Coded("net_precision.id", PRECISION),
                "is_upcoming": Coded("status.id", UPCOMING),
                "is_tbd": Coded("status.id", {code: code == 2 for code in UPCOMING}),
                "success": Coded("status.id", SUCCESS),
                "rocket_id": "rocket.configuration.id",
                "launchpad_id": "pad.id",
                "launch_library_id": "id",
                "launch_designator": "launch_designator",
                "status": "status.abbrev",
                "orbit_code": "mission.orbit.abbrev",
                "last_updated_utc": "last_updated",
                "details": "mission.description",
            },
        ),
        TableMapping(
            table="launch_cores",
            each="stages",
            columns={
                "launch_id": "^id",
                "core_index": "#",
                "core_id": "launcher?.id",
                "flight": "launcher_flight_number",
                "is_reused": "reused",
                "landing_attempt": "landing.attempt",
                "landing_success": "landing.success",
                "landing_type": Coded("landing.type", {None: None, **LANDING}),
                "landpad_id": "landing.place?.id",
                "turnaround_days": "turnaround_days",
            },
        ),
    ),
    records=launch_records,
    in_scope=is_spacex,
    key="id",
    version="last_updated",
    adds_to=("rockets", "launchpads", "landpads", "cores"),
)

LAUNCHLIBRARY = Source(
    name="launchlibrary",
    title="Launch Library 2 (launches today)",
    licence="Launch Library 2 by The Space Devs, free to use with credit",
    endpoints=endpoints(LAUNCHES),
    rules=Paged(
        parts=(
            Part(
                name="previous",
                path="/launches/previous/",
                query=f"?lsp__id={SPACEX}&mode=detailed&ordering=net",
                since=("last_updated__gte", "net__gte"),
            ),
            Part(
                name="upcoming",
                path="/launches/upcoming/",
                query=f"?lsp__id={SPACEX}&mode=detailed&ordering=net",
            ),
        ),
        requests_per_hour=15,
        page_size=100,
        min_age=timedelta(hours=1),
        full_sweep_every=timedelta(days=30),
        overlap=timedelta(days=2),
    ),
    is_live=True,
)
