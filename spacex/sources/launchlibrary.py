"""Launch Library 2 of The Space Devs: SpaceX's past and upcoming launches.

The parser reads version 2.3.0, which is requested, and version 2.2.0, whose fields are renamed to
those of 2.3.0. It ignores the running totals, which are inconsistent.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from spacex.sources.json_records import page_records
from spacex.sources.mapping import Coded, Parsed, TableMapping, UnreadableValueError, decimal
from spacex.sources.record import Record, Unreadable
from spacex.sources.request_rules import Paged, Part
from spacex.sources.source import Endpoint, Source, endpoints

SPACEX = 121
"""Launch Library's id of the agency."""
_DURATION = re.compile(
    r"P(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?",
    re.ASCII,
)
_RECORDED_KEY = b'"launches"'
"""The key of the records in recorded pages."""

UPCOMING = {1: True, 2: True, 3: False, 4: False, 5: True, 6: False, 7: False, 8: True, 9: False}
"""Status id → whether the launch is upcoming: 1 go, 2 to be determined, 3 success, 4 failure,
5 hold, 6 in flight, 7 partial failure, 8 to be confirmed, 9 payload deployed."""
SUCCESS = {1: None, 2: None, 3: True, 4: False, 5: None, 6: None, 7: False, 8: None, 9: True}
"""Status id → success. A partial failure is not a success; the `status` column names it."""
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
    14: "year",
    15: "fiscal year",
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
_SUBORBITAL, _NO_ORBIT = "Sub", "N/A"
LANDING = {
    None: None,
    "EXP": None,
    "ASDS": "ASDS",
    "RTLS": "RTLS",
    "Ocean": "Ocean",
    "Catch": "RTLS",
    "VL": "RTLS",
}
"""Landing type → the archive's term. A catch at the tower and a vertical landing count as RTLS.
Expended boosters have no landing type."""

_MALFORMED = (KeyError, TypeError, AttributeError)
"""Errors of reading a field from a malformed record."""


def launch_records(body: bytes, origin: str) -> Iterator[Record | Unreadable]:
    """Yield the launches of a page, with the field names of version 2.3.0.

    Raises:
        ResponseError: as `spacex.sources.json_records.page_records`.
    """
    is_recorded = _RECORDED_KEY in body[:4096] and b'"results"' not in body[:4096]
    key = "launches" if is_recorded else "results"
    for record in page_records(body, origin, key):
        if isinstance(record, Unreadable):
            yield replace(record, readable=_renamed(dict(record.readable)))
        else:
            yield _renamed(record)


def is_spacex(record: Mapping[str, Any]) -> bool:
    """Return whether SpaceX is the provider; True if unknown: only its launches are requested."""
    provider = record.get("launch_service_provider")
    number = provider.get("id") if isinstance(provider, dict) else None
    return not isinstance(number, int) or number == SPACEX


def _renamed(record: dict[str, Any]) -> dict[str, Any]:
    """Rename the fields of version 2.2.0; what is malformed stays, and is rejected."""
    with suppress(*_MALFORMED):
        mission = record["mission"] or {"launch_designator": None}
        record.setdefault("launch_designator", mission["launch_designator"])
    with suppress(*_MALFORMED):
        record["pad"].setdefault("active", None)
    with suppress(*_MALFORMED):
        for stage in record["rocket"]["launcher_stage"] or ():
            _rename_stage(stage)
    return record


def _rename_stage(stage: dict[str, Any]) -> None:
    with suppress(*_MALFORMED):
        stage.setdefault("turn_around_time", stage["turn_around_time_days"])
    with suppress(*_MALFORMED):
        stage["landing"].setdefault("landing_location", stage["landing"]["location"])
    with suppress(*_MALFORMED):
        if isinstance(status := stage["launcher"]["status"], str):
            stage["launcher"]["status"] = {"name": status}


def _id(number: object) -> str:
    """Return an id that differs from those of other services."""
    if isinstance(number, bool) or not isinstance(number, int | str) or number == "":
        raise UnreadableValueError(f"expected an id, found {number!r}")
    return f"ll-{number}"


def _full_name(pad: dict[str, Any]) -> str:
    """Return the names of a pad and its location; that of the pad if the location has none."""
    location = pad.get("location")
    names = (pad["name"], location.get("name") if isinstance(location, dict) else None)
    return ", ".join(name for name in names if isinstance(name, str))


def _is_upcoming(launch: dict[str, Any]) -> bool:
    """Return whether a launch is upcoming: by its status or, if that is unknown, by its dates.

    A launch that the service updated after its date has flown, if that date is of a day or better.
    """
    status = launch.get("status")
    code = status.get("id") if isinstance(status, dict) else None
    if type(code) is int and code in UPCOMING:
        return UPCOMING[code]
    date, updated = launch["net"], launch.get("last_updated")
    if not isinstance(date, str) or not isinstance(updated, str):
        raise UnreadableValueError("it has neither a known status nor dates")
    return date >= updated or not _is_of_a_day(launch.get("net_precision"))


def _is_of_a_day(precision: object) -> bool:
    """Return whether a date is known to the day or better; unless the service says otherwise."""
    number = precision.get("id") if isinstance(precision, dict) else None
    return not isinstance(number, int) or PRECISION.get(number) in {
        "second",
        "minute",
        "hour",
        "day",
    }


def _launch_class(orbit: object) -> str | None:
    """Return the class of a launch by its orbit; losses on the pad are not marked."""
    if orbit == _NO_ORBIT:
        return None
    return "suborbital" if orbit == _SUBORBITAL else "orbital"


def _number(value: object) -> object:
    """Convert text, as in version 2.2.0, to a number; return other values for validation."""
    return decimal(value) if isinstance(value, str) else value


def _is_assigned(stage: Any) -> bool:
    """Return whether the booster of a stage is known, unlike `Unknown F9`."""
    try:
        return _booster_id(stage["launcher"]) is not None
    except _MALFORMED:
        return False  # launch_cores rejects it


def _booster_id(launcher: dict[str, Any] | None) -> str | None:
    """Return the id of a booster; None if none is assigned yet."""
    if launcher is None or (serial := launcher["serial_number"]) is None:
        return None
    if not isinstance(serial, str):
        raise UnreadableValueError(f"expected a serial number, found {serial!r}")
    return None if serial.lower().startswith("unknown") else _id(launcher["id"])


def _core_status(name: object) -> str:
    try:
        return CORE_STATUS[str(name).lower()]
    except KeyError:
        raise UnreadableValueError(f"unknown code {name!r}") from None


def _reuse_count(flights: int | None) -> int | None:
    return None if flights is None else max(flights - 1, 0)


def _has_site(stage: Any) -> bool:
    """Return whether a booster lands at a site that is already chosen, and not in the ocean."""
    try:
        return _site_id(stage["landing"]) is not None
    except _MALFORMED:
        return False  # launch_cores rejects it


def _site_id(landing: dict[str, Any] | None) -> str | None:
    """Return the id of a landing site; None if it is not yet chosen, or is the ocean."""
    if landing is None or (place := landing["landing_location"]) is None:
        return None
    name, kind = place["abbrev"], landing["type"] and landing["type"]["abbrev"]
    if kind not in LANDING:
        raise UnreadableValueError(f"unknown landing type {kind!r}")
    return _id(place["id"]) if name not in {None, "N/A"} and kind in {"ASDS", "RTLS"} else None


def _turnaround_days(duration: float | str | None) -> float | None:
    """Return the days since the booster's previous flight, given as days or as ISO 8601."""
    if not isinstance(duration, str):
        return duration
    found = _DURATION.fullmatch(duration)
    if found is None:
        raise UnreadableValueError(f"expected a duration in ISO 8601, found {duration!r}")
    weeks, whole, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return 7 * weeks + whole + (hours + (minutes + seconds / 60) / 60) / 24


LAUNCHES = Endpoint(
    "launches",
    (
        TableMapping(
            table="rockets",
            columns={
                "rocket_id": Parsed("rocket.configuration.id", _id),
                "name": "rocket.configuration.name",
                "is_active": "rocket.configuration.active",
            },
            is_shared=True,
        ),
        TableMapping(
            table="launchpads",
            columns={
                "launchpad_id": Parsed("pad.id", _id),
                "name": "pad.name",
                "full_name": Parsed("pad", _full_name),
                "locality": "pad.location.name",
                "timezone": "pad.location.timezone_name",
                "latitude_deg": Parsed("pad.latitude", _number),
                "longitude_deg": Parsed("pad.longitude", _number),
                "status": Coded("pad.active", PAD_STATUS),
            },
            is_shared=True,
        ),
        TableMapping(
            table="landpads",
            each="rocket.launcher_stage?",
            where=_has_site,
            columns={
                "landpad_id": Parsed("landing.landing_location.id", _id),
                "name": "landing.landing_location.abbrev",
                "full_name": "landing.landing_location.name",
                "type": "landing.type.abbrev",
            },
            is_shared=True,
        ),
        TableMapping(
            table="cores",
            each="rocket.launcher_stage?",
            where=_is_assigned,
            columns={
                "core_id": Parsed("launcher.id", _id),
                "serial": "launcher.serial_number",
                "status": Parsed("launcher.status.name", _core_status),
                "reuse_count": Parsed("launcher.flights", _reuse_count),
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
                "date_precision": Coded("net_precision?.id", PRECISION),
                "launch_class": Parsed("mission?.orbit?.abbrev", _launch_class),
                "is_upcoming": Parsed(".", _is_upcoming),
                "is_tbd": Coded("status.id", {code: code == 2 for code in UPCOMING}),
                "success": Coded("status.id", SUCCESS),
                "rocket_id": Parsed("rocket.configuration.id", _id),
                "launchpad_id": Parsed("pad.id", _id),
                "launch_library_id": "id",
                "launch_designator": "launch_designator",
                "status": "status.abbrev",
                "orbit_code": "mission?.orbit?.abbrev",
                "last_updated_utc": "last_updated",
                "details": "mission?.description",
            },
        ),
        TableMapping(
            table="launch_cores",
            each="rocket.launcher_stage?",
            columns={
                "launch_id": "^id",
                "core_index": "#",
                "core_id": Parsed("launcher", _booster_id),
                "flight": "launcher_flight_number",
                "is_reused": "reused",
                "landing_attempt": "landing?.attempt",
                "landing_success": "landing?.success",
                "landing_type": Coded("landing?.type?.abbrev", LANDING),
                "landpad_id": Parsed("landing", _site_id),
                "turnaround_days": Parsed("turn_around_time", _turnaround_days),
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
    title="Launch Library 2 (launches)",
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
        host="ll.thespacedevs.com",
        requests_per_hour=15,
        page_size=100,
        min_age=timedelta(hours=1),
        full_sweep_every=timedelta(days=30),
        overlap=timedelta(days=2),
    ),
    is_live=True,
    lag=timedelta(days=30),
)
