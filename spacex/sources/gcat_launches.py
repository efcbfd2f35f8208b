"""GCAT's list of launches; those of SpaceX are read.

It has flown launches only, with their boosters, but not with the landings of these. The format is
defined at https://planet4589.org/space/gcat/web/launch/lcols.html.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from spacex.sources.mapping import Constant, Parsed, TableMapping, UnreadableValueError, same
from spacex.sources.source import Endpoint
from spacex.sources.tsv_records import tsv_records
from spacex.sources.vague_dates import first_instant, is_uncertain, precision

LAUNCH_HEADER = (
    *("Launch_Tag", "Launch_JD", "Launch_Date", "LV_Type", "Variant", "Flight_ID", "Flight"),
    *("Mission", "FlightCode", "Platform", "Launch_Site", "Launch_Pad", "Ascent_Site"),
    *("Ascent_Pad", "Apogee", "Apoflag", "Range", "RangeFlag", "Dest", "OrbPay", "Agency"),
    *("LaunchCode", "FailCode", "Group", "Category", "LTCite", "Cite", "Notes"),
)
_FIELDS = (
    *("Launch_Tag", "Launch_Date", "LV_Type", "Flight_ID", "Flight", "Mission", "FlightCode"),
    *("Launch_Site", "Launch_Pad", "Agency", "LaunchCode", "Category", "Notes"),
)
_SPACEX = "SPX"
_DESIGNATOR = re.compile(r"\d{4}-\d{3}")
_BOOSTER = re.compile(r"\b(B\d{2,})(?:\.(\d+))?")
_VERSION = re.compile(r" V\d.*")

PADS = {
    "CC LC40": ("CCSFS SLC 40", "Space Launch Complex 40, Cape Canaveral", 28.56186, -80.57737),
    "KSC LC39A": ("KSC LC 39A", "Launch Complex 39A, Kennedy Space Center", 28.60806, -80.60396),
    "VSFB SLC4E": ("VSFB SLC 4E", "Space Launch Complex 4E, Vandenberg", 34.63209, -120.61083),
    "KMR OM": ("Omelek", "Omelek Island, Kwajalein Atoll", 9.04772, 167.74313),
    "STB OLP1": ("Starbase 1", "Orbital Launch Pad 1, Starbase", 25.99726, -97.15608),
}
"""Site and pad → name, full name, latitude and longitude. Other pads are known by their code."""
_SITES = {"VS": "VSFB", "VSFBS": "VSFB"}
"""The codes of one site over the years → one code."""
_OUTCOMES = {"S": True, "F": False, "E": False, "U": None}
"""Second letter of `LaunchCode`, success, failure, pad explosion or unknown → success."""
_ORBITAL = "OD"
"""First letters of `LaunchCode`: to orbit, or to deep space."""
_IF_UNCERTAIN = {"second": "minute", "minute": "hour", "hour": "day", "day": "week"}
_SUBORBITAL = "S"
"""Last part of `Category`, if the last stage did not reach orbit."""


def launch_records(body: bytes, origin: str) -> Iterator[dict[str, Any]]:
    """Yield the launches of the list, those of SpaceX with their `stages`.

    Raises:
        ResponseError: as `spacex.sources.tsv_records.tsv_records`.
    """
    for record in tsv_records(body, origin, header=LAUNCH_HEADER, fields=_FIELDS):
        if is_spacex(record):
            with suppress(KeyError):  # launch_cores is rejected
                record["stages"] = stages(record)
        yield record


def is_spacex(record: Mapping[str, Any]) -> bool:
    """Return whether SpaceX launched; True if the record cannot be read, so that it is rejected."""
    return bool(record.get("Agency", _SPACEX) == _SPACEX)


def launch_class(record: Mapping[str, Any]) -> str:
    """Return the class of a launch.

    >>> launch_class({"LaunchCode": "OS", "Category": "Sat LEO D 4"})
    'orbital'
    >>> launch_class({"LaunchCode": "OF", "Category": "Sat LEO S"})  # a Starship
    'suborbital'
    >>> launch_class({"LaunchCode": "OE", "Category": "Sat GTO O"})  # Amos-6
    'pad loss'
    """
    code, category = record["LaunchCode"] or "", (record["Category"] or "").split()
    if code[1:2] == "E":
        return "pad loss"
    is_orbital = code[:1] in _ORBITAL and category[2:3] != [_SUBORBITAL]
    return "orbital" if is_orbital else "suborbital"


def launch_precision(date: str) -> str:
    """Return the precision of a launch date, one step coarser if it is uncertain.

    >>> launch_precision("2022 Feb  5 1822"), launch_precision("2022 Feb  5 1822?")
    ('minute', 'hour')
    """
    found = precision(date)
    return _IF_UNCERTAIN.get(found, found) if is_uncertain(date) else found


def success(code: str) -> bool | None:
    """Return whether a launch succeeded; a partial failure such as `OF40` did not.

    >>> success("OS85"), success("OF40"), success("OE")
    (True, False, False)
    """
    try:
        return _OUTCOMES[code[1:2]]
    except KeyError:
        raise UnreadableValueError(f"unknown code {code!r}") from None


def boosters(flight_id: str | None, flight_code: str | None) -> list[dict[str, Any]]:
    """Return the boosters of a launch; one without a serial number if none is identified.

    >>> boosters("xxx/B1100.1 F569", None)
    [{'serial': 'B1100', 'flight': 1, 'reused': False}]
    >>> [each["serial"] for each in boosters("001/B1033.1", "B1023.2,B1025.2")]
    ['B1033', 'B1023', 'B1025']
    """
    found = _BOOSTER.findall(f"{flight_id or ''} {flight_code or ''}")
    flights = [(serial, int(flight or 1)) for serial, flight in found]
    return [
        {"serial": serial, "flight": flight, "reused": flight > 1} for serial, flight in flights
    ] or [{"serial": None, "flight": None, "reused": None}]


def stages(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the boosters of a launch, with their flight numbers; see `boosters`."""
    is_heavy = record["LV_Type"] == "Falcon Heavy"  # its side boosters are in FlightCode
    return boosters(record["Flight_ID"], record["FlightCode"] if is_heavy else None)


def _is_identified(stage: Any) -> bool:
    return stage["serial"] is not None


def _id(name: str) -> str:
    """Return an id that differs from those of other services."""
    return f"gcat-{name}"


def launch_name(record: Mapping[str, Any]) -> str | None:
    """Return the name of a launch: the mission for Starlinks, which has their group."""
    flight, mission = record["Flight"], record["Mission"]
    name = mission if mission and mission.startswith("Starlink") else flight or mission
    return " ".join(name.split()) if name else None


def _designator(tag: str) -> str | None:
    return tag if _DESIGNATOR.fullmatch(tag) else None


def rocket_name(name: str) -> str:
    """Return the name of a rocket without its version: `Starship` for `Starship V2`."""
    return _VERSION.sub("", name)


def _pad(record: Mapping[str, Any]) -> str | None:
    site, pad = record["Launch_Site"], record["Launch_Pad"]
    return " ".join(filter(None, (_SITES.get(site, site), pad))) or None


def _described_pad(part: int) -> Parsed:
    """Return the name, full name, latitude or longitude of a pad, by its position in `PADS`."""

    def describe(record: Mapping[str, Any]) -> object:
        pad = _pad(record)
        return PADS.get(pad or "", (pad, pad, None, None))[part]

    return Parsed(".", describe)


def _pad_id(record: Mapping[str, Any]) -> str | None:
    pad = _pad(record)
    return _id(pad) if pad else None


def orbit_code(category: str) -> str | None:
    """Return the orbit of a launch, from its category."""
    return next(iter(category.split()[1:2]), None)


LAUNCHES = Endpoint(
    "launches",
    (
        TableMapping(
            table="rockets",
            columns={
                "rocket_id": Parsed("LV_Type", lambda name: _id(rocket_name(name))),
                "name": Parsed("LV_Type", rocket_name),
            },
            is_shared=True,
        ),
        TableMapping(
            table="launchpads",
            columns={
                "launchpad_id": Parsed(".", _pad_id),
                "name": _described_pad(0),
                "full_name": _described_pad(1),
                "latitude_deg": _described_pad(2),
                "longitude_deg": _described_pad(3),
            },
            is_shared=True,
        ),
        TableMapping(
            table="cores",
            each="stages",
            where=_is_identified,
            columns={"core_id": Parsed("serial", _id), "serial": "serial"},
            is_shared=True,
        ),
        TableMapping(
            table="launches",
            columns={
                "launch_id": "Launch_Tag",
                "name": Parsed(".", launch_name),
                "date_utc": Parsed("Launch_Date", first_instant),
                "date_precision": Parsed("Launch_Date", launch_precision),
                "launch_class": Parsed(".", launch_class),
                "is_upcoming": Constant(0),
                "success": Parsed("LaunchCode", success),
                "rocket_id": Parsed("LV_Type", lambda name: _id(rocket_name(name))),
                "launchpad_id": Parsed(".", _pad_id),
                "launch_designator": Parsed("Launch_Tag", _designator),
                "orbit_code": Parsed("Category", orbit_code),
                "details": "Notes",
            },
        ),
        TableMapping(
            table="launch_cores",
            each="stages",
            columns={
                "launch_id": "^Launch_Tag",
                "core_index": "#",
                "core_id": Parsed("serial", _id),
                **same("flight"),
                "is_reused": "reused",
            },
        ),
    ),
    records=launch_records,
    is_json=False,
    in_scope=is_spacex,
    adds_to=("rockets", "launchpads", "cores"),
)
