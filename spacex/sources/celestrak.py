"""CelesTrak's general perturbations (GP) data of the Starlink group.

The GP list contains the catalogued objects in orbit, without launch dates or satellite generations.
Lists of Space-Track, as manual files, may also contain decayed objects, with their decay dates.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from spacex.errors import ResponseError
from spacex.sources.mapping import TableMapping
from spacex.sources.object_names import UNNAMED
from spacex.sources.omm import ELEMENT_COLUMNS, omm_records
from spacex.sources.record import NOT_UTF8, Record, Unreadable, fields, remedy
from spacex.sources.request_rules import OncePerWindow
from spacex.sources.source import Endpoint, Source, endpoints
from spacex.units import counted

_NAMES = ("STARLINK", "TINTIN", UNNAMED)
"""Prefixes of the names of Starlinks; the last one is that of those without a name."""
_NUMBERED = re.compile(r"STARLINK-\d")
"""The name of a Starlink, whatever a program puts before it."""
_PLACEHOLDER = re.compile(
    rf"{UNNAMED}\d+|OBJECT [A-Z]+|(TB[AD]|UNKNOWN|UNNAMED|NULL|NONE|N/A)\b.*|\W*",
    re.IGNORECASE,
)
"""Names that stand for a name not yet given: `TBA - TO BE ASSIGNED`, `OBJECT A`, or blank."""
_MAX_OTHERS_PCT = 5
"""Largest share of other objects in a list of the Starlink group, of those with a name.

In 2022 it was 0.8 %: rideshares and debris. Of all active satellites, about a third are others."""

_NO_SATELLITE_TYPES = ("DEBRIS", "DEB", "ROCKET BODY", "R/B")
_NO_SATELLITE_NAME = re.compile(r"\b(DEB|R/B|STACK|SINGLE)$")
_SUPPLEMENTAL = range(72_000, 73_000)
"""Numbers of objects without a catalogue number in CelesTrak's supplemental lists."""


def is_starlink(record: Mapping[str, object]) -> bool:
    """Return whether a record is of a Starlink satellite.

    Lists also contain rideshares, debris, rocket bodies, and supplemental objects: a launch that is
    still a stack of satellites, or one satellite for all of it. A record without a readable name
    counts, so that validation rejects it.
    """
    name = record.get("OBJECT_NAME")
    if not isinstance(name, str) or NOT_UTF8 in name:
        return True
    name = name.strip().upper()
    kind = record.get("OBJECT_TYPE")
    return (
        (name.startswith(_NAMES) or _NUMBERED.search(name) is not None)
        and not (name[-1].isalpha() and _NO_SATELLITE_NAME.search(name))
        and (kind is None or str(kind).strip().upper() not in _NO_SATELLITE_TYPES)
        and record.get("NORAD_CAT_ID") not in _SUPPLEMENTAL
    )


def starlink_records(body: bytes, origin: str) -> Iterator[Record | Unreadable]:
    """Yield the records of a GP list in any format.

    An object without a name is a Starlink in a list of the Starlink group, and is named after its
    catalogue number. In a list with many other objects it is one of them.

    Raises:
        ResponseError: as `omm_records`, no record is of a Starlink satellite, all have a decay
            date, or most lack a name.
    """
    records = list(omm_records(body, origin))
    known = [fields(each) for each in records if _has_name(each)] or [*map(fields, records)]
    judged = [each for each in known if not _is_unnamed(each)]
    ours = [each for each in judged if is_starlink(each)]
    if len(known) - len(judged) > sum("OBJECT_NAME" in each for each in judged):
        raise ResponseError(
            f"{origin} has element sets without names, which may be of any satellites.",
            remedy=remedy(origin, "Provide a list with names (3LE), or OMM."),
        )
    if not ours:
        raise ResponseError(
            f"{origin} has no Starlink satellite among its {counted(len(records), 'object')}, "
            f"beginning with {judged[0]['OBJECT_NAME']}.",
            remedy=remedy(origin, "Provide the GP list of the Starlink group."),
        )
    if all(each.get("DECAY_DATE") for each in ours):
        raise ResponseError(
            f"{origin} has no satellite in orbit: all its Starlink satellites have a decay date.",
            remedy=remedy(origin, "Provide a list with the satellites in orbit."),
        )
    others = len(judged) - len(ours)
    is_group = others * 100 <= len(judged) * _MAX_OTHERS_PCT
    for record in records:
        yield _named(record, is_group=is_group) if _is_unnamed(fields(record)) else record


def _has_name(record: Record | Unreadable) -> bool:
    """Return whether the name of a record can be read, or the record at least could be."""
    return not isinstance(record, Unreadable) or "OBJECT_NAME" in record.readable


def _is_unnamed(record: Mapping[str, object]) -> bool:
    """Return whether a record has no name but a placeholder; validation judges other values."""
    name = record.get("OBJECT_NAME", 0)
    return name is None or (
        isinstance(name, str) and _PLACEHOLDER.fullmatch(name.strip()) is not None
    )


def _named(record: Record | Unreadable, *, is_group: bool) -> Record | Unreadable:
    """Return a record without a name as that of a Starlink, or else of another object."""
    found = fields(record)
    number = found.get("NORAD_CAT_ID")
    named = {**found, "OBJECT_NAME": f"{UNNAMED}{number}" if is_group else "UNKNOWN"}
    return replace(record, readable=named) if isinstance(record, Unreadable) else named


STARLINK = Endpoint(
    "starlink",
    (
        TableMapping(
            table="starlink",
            columns={
                "norad_cat_id": "NORAD_CAT_ID",
                "object_name": "OBJECT_NAME",
                "object_id": "OBJECT_ID",
                "object_type": "OBJECT_TYPE",
                "is_decayed": "DECAY_DATE!",
                "decay_date": "DECAY_DATE",
                "epoch_utc": "EPOCH",
            },
        ),
        TableMapping(
            table="starlink_elements",
            columns={**ELEMENT_COLUMNS, "creation_utc": "CREATION_DATE"},
            expect={"EPHEMERIS_TYPE": 0},
        ),
    ),
    records=starlink_records,
    in_scope=is_starlink,
    key="NORAD_CAT_ID",
    version="EPOCH",
    revision="CREATION_DATE",  # of Space-Track alone
)

CELESTRAK = Source(
    name="celestrak",
    title="CelesTrak (orbits)",
    licence="CelesTrak, free to use with credit; orbital data from Space-Track.org",
    endpoints=endpoints(STARLINK),
    rules=OncePerWindow(
        files={STARLINK.name: {"": "?GROUP=starlink&FORMAT=json"}},
        window=timedelta(hours=2),
        retry_after=timedelta(hours=2),
        unchanged_status=403,
    ),
    is_live=True,
    lag=timedelta(hours=2),
)
