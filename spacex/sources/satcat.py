"""SATCAT, the US catalogue of all objects: launch and decay dates, in orbit or not.

CelesTrak serves it as CSV. Space-Track's JSON is read as well, from a manual file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from spacex.schema.shared import OBJECT_ID
from spacex.sources.celestrak import CELESTRAK
from spacex.sources.csv_records import csv_records
from spacex.sources.json_records import list_records, without_bom
from spacex.sources.mapping import Coded, Constant, Parsed, TableMapping, whole
from spacex.sources.record import (
    NOT_UTF8,
    Record,
    Unreadable,
    fields,
    unreadable_table,
)
from spacex.sources.request_rules import OncePerWindow
from spacex.sources.source import Endpoint, Source, endpoints

_SPACE_TRACK = {
    "OBJECT_NAME": "SATNAME",
    "OBJECT_ID": "INTLDES",
    "NORAD_CAT_ID": "NORAD_CAT_ID",
    "OBJECT_TYPE": "OBJECT_TYPE",
    "LAUNCH_DATE": "LAUNCH",
    "LAUNCH_SITE": "SITE",
    "DECAY_DATE": "DECAY",
    "CURRENT": "CURRENT",
}
"""Field of a record → Space-Track's name of it."""
_SPACE_TRACK_FIELDS = frozenset(_SPACE_TRACK.values())
_FIELDS = (
    *("OBJECT_NAME", "OBJECT_ID", "NORAD_CAT_ID", "OBJECT_TYPE", "OPS_STATUS_CODE"),
    *("LAUNCH_DATE", "LAUNCH_SITE", "DECAY_DATE"),
)
"""Columns that CelesTrak's CSV must have."""
_NAMES = ("STARLINK", "TINTIN")
_DATE_LENGTH = len("2026-11-01")

OBJECT_TYPES = {
    **dict.fromkeys(("PAY", "PAYLOAD"), "payload"),
    **dict.fromkeys(("R/B", "ROCKET BODY"), "rocket body"),
    **dict.fromkeys(("DEB", "DEBRIS"), "debris"),
    **dict.fromkeys(("UNK", "UNKNOWN", "TBA"), "unknown"),
}
OPS_STATUSES = {
    None: None,
    "+": "operational",
    "-": "nonoperational",
    "P": "partially operational",
    "B": "backup",
    "S": "spare",
    "X": "extended mission",
    "D": "decayed",
    "?": "unknown",
}


def is_starlink(record: Mapping[str, Any]) -> bool:
    """Return whether a record is named after Starlink.

    A record whose name cannot be read counts, so that validation rejects it.
    """
    name = record.get("OBJECT_NAME", 0)
    if not isinstance(name, str):
        return name is not None
    return NOT_UTF8 in name or name.upper().startswith(_NAMES)


def is_satcat(body: bytes) -> bool:
    """Return whether a file is SATCAT, in CelesTrak's CSV or Space-Track's JSON."""
    head = without_bom(body)[:4096].lstrip()
    if head.startswith(b"["):
        return b'"INTLDES"' in head and b'"SATNAME"' in head
    return b"OPS_STATUS_CODE" in head.partition(b"\n")[0]


def satcat_records(body: bytes, origin: str) -> Iterator[Record | Unreadable]:
    """Yield the records of CelesTrak's CSV or Space-Track's JSON, with the fields of the CSV.

    Raises:
        ResponseError: the body has another format, or has no records.
    """
    if without_bom(body).lstrip()[:1] == b"[":
        yield from _space_track_records(body, origin)
    else:
        yield from csv_records(body, origin, fields=_FIELDS, key="NORAD_CAT_ID", content="SATCAT")


def _space_track_records(body: bytes, origin: str) -> Iterator[Record | Unreadable]:
    any_known = False
    for record in list_records(body, origin):
        any_known |= not _SPACE_TRACK_FIELDS.isdisjoint(fields(record))
        if isinstance(record, Unreadable):
            yield replace(record, readable=_renamed(record.readable))
        else:
            yield _renamed(record)
    if not any_known:
        raise unreadable_table(origin, "JSON, but no SATCAT of Space-Track")


def _renamed(record: Mapping[str, Any]) -> Record:
    """Return a record of Space-Track with the fields of CelesTrak's CSV."""
    renamed = {name: record[own] for name, own in _SPACE_TRACK.items() if own in record}
    return renamed | {"OPS_STATUS_CODE": None}


def launch_designator(object_id: str) -> str | None:
    """Return the launch designator of an object; None if it has none, as `UNKNOWN` does not.

    >>> launch_designator("2019-029AV")
    '2019-029'
    """
    return object_id[:8] if re.fullmatch(OBJECT_ID.pattern, object_id) else None


def _precision(date: str) -> str:
    return "day" if len(date) <= _DATE_LENGTH else "second"


OBJECTS = Endpoint(
    "objects",
    (
        TableMapping(
            table="catalogue_objects",
            columns={
                "catalogue_id": Parsed("NORAD_CAT_ID", str),
                "norad_cat_id": Parsed("NORAD_CAT_ID", whole),
                "object_name": "OBJECT_NAME",
                "object_id": "OBJECT_ID",
                "launch_designator": Parsed("OBJECT_ID", launch_designator),
                "object_type": Coded("OBJECT_TYPE", OBJECT_TYPES),
                "operational_status": Coded("OPS_STATUS_CODE", OPS_STATUSES),
                "launch_date": "LAUNCH_DATE",
                "launch_precision": Parsed("LAUNCH_DATE", _precision),
                "launch_site": "LAUNCH_SITE",
                "decay_date": "DECAY_DATE",
                "decay_precision": Parsed("DECAY_DATE", _precision),
                "observed_utc": Constant(None),  # it has no date but those of its objects
            },
        ),
    ),
    records=satcat_records,
    is_json=False,
    in_scope=is_starlink,
    adds_to=("starlink",),
    key="NORAD_CAT_ID",
    version="CURRENT",
)

SATCAT = Source(
    name="satcat",
    title="SATCAT of CelesTrak (launch and decay dates)",
    licence="CelesTrak, free to use with credit; SATCAT data from Space-Track.org",
    endpoints=endpoints(OBJECTS),
    rules=OncePerWindow(
        files={OBJECTS.name: {"": ""}},
        window=timedelta(days=1),
        retry_after=timedelta(days=1),
        host=CELESTRAK.name,
    ),
    is_live=True,
    lag=timedelta(days=30),
)
