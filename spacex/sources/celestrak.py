"""CelesTrak's general perturbations (GP) data of the Starlink group.

The GP list contains the catalogued objects in orbit, without launch dates or satellite generations.
Lists of Space-Track, as manual files, may contain decayed objects too, with their decay dates.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from spacex.errors import ResponseError
from spacex.sources.mapping import TableMapping
from spacex.sources.omm import ELEMENT_COLUMNS, omm_records
from spacex.sources.record import Record, Unreadable, fields
from spacex.sources.request_rules import OncePerWindow
from spacex.sources.source import Endpoint, Source, endpoints
from spacex.units import counted

_NAMES = ("STARLINK", "TINTIN", "NORAD ")
"""Prefixes of Starlink names; the last one names element sets without a name.

A few may lack theirs; a list without any name is refused, because it may hold any satellites."""


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
    if not isinstance(name, str):
        return True
    name = name.strip().upper()
    kind = record.get("OBJECT_TYPE")
    return (
        name.startswith(_NAMES)
        and not (name[-1].isalpha() and _NO_SATELLITE_NAME.search(name))
        and (kind is None or str(kind).strip().upper() not in _NO_SATELLITE_TYPES)
        and record.get("NORAD_CAT_ID") not in _SUPPLEMENTAL
    )


def starlink_records(body: bytes, origin: str) -> Iterator[Record | Unreadable]:
    """Yield the records of a GP list in any format.

    Raises:
        ResponseError: as `omm_records`, no record is of a Starlink satellite, all are decayed,
            or none has a name.
    """
    names = []
    has_starlink = is_in_orbit = is_named = False
    for record in omm_records(body, origin):
        if not (is_named and is_in_orbit):  # as long as something is unknown
            found = fields(record)
            name = found.get("OBJECT_NAME")
            is_nameless = (
                isinstance(record, Unreadable) if name is None else str(name).startswith("NORAD ")
            )
            is_named = is_named or not is_nameless
            is_ours = is_starlink(found)
            has_starlink = has_starlink or is_ours
            is_in_orbit = is_in_orbit or (is_ours and not found.get("DECAY_DATE"))
            if not has_starlink:
                names.append(str(name))
        yield record
    if not is_named:
        raise ResponseError(
            f"{origin} has element sets without names, which may be of any satellites.",
            remedy="The database is unchanged. Provide a list with names (3LE), or OMM.",
        )
    if has_starlink and not is_in_orbit:
        raise ResponseError(
            f"{origin} has no satellite in orbit: all its Starlink satellites are decayed.",
            remedy="The database is unchanged. Provide a list with the satellites in orbit.",
        )
    if not has_starlink:
        raise ResponseError(
            f"{origin} has no Starlink satellite among its {counted(len(names), 'object')}, "
            f"beginning with {names[0]}.",
            remedy="The database is unchanged. Provide the GP list of the Starlink group.",
        )


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
            columns=ELEMENT_COLUMNS,
            expect={"EPHEMERIS_TYPE": 0},
        ),
    ),
    records=starlink_records,
    in_scope=is_starlink,
    key="NORAD_CAT_ID",
    version="EPOCH",
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
)
