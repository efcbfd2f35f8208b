"""Read GP data in any of its formats as records with the fields of an orbit mean-elements message.

Numbers may be JSON numbers (CelesTrak) or text (Space-Track, CSV). Text that is not a number is
kept, so that transform rejects the record with a reason. Only Space-Track gives `OBJECT_TYPE`,
`DECAY_DATE` and `CREATION_DATE`; they are None in other lists.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from spacex.sources.json_records import list_records
from spacex.sources.mapping import decimal
from spacex.sources.object_names import object_name, visible
from spacex.sources.omm_csv import NAME, csv_records, wrong
from spacex.sources.record import Record, Unreadable, decoded_text
from spacex.sources.tle import is_tle, tle_records

ELEMENT_COLUMNS = {
    "norad_cat_id": "NORAD_CAT_ID",
    "epoch_utc": "EPOCH",
    "mean_motion_rev_per_day": "MEAN_MOTION",
    "eccentricity": "ECCENTRICITY",
    "inclination_deg": "INCLINATION",
    "raan_deg": "RA_OF_ASC_NODE",
    "arg_of_pericenter_deg": "ARG_OF_PERICENTER",
    "mean_anomaly_deg": "MEAN_ANOMALY",
    "bstar": "BSTAR",
    "mean_motion_dot": "MEAN_MOTION_DOT",
    "mean_motion_ddot": "MEAN_MOTION_DDOT",
    "rev_at_epoch": "REV_AT_EPOCH",
    "element_set_no": "ELEMENT_SET_NO",
}
"""Column of `starlink_elements` → field of the message."""
_INTEGERS = ("NORAD_CAT_ID", "ELEMENT_SET_NO", "REV_AT_EPOCH", "EPHEMERIS_TYPE")
_NUMBERS: dict[str, type[int | float]] = {
    **dict.fromkeys(set(ELEMENT_COLUMNS.values()) - {"EPOCH"}, float),
    **dict.fromkeys(_INTEGERS, int),
}
_MAY_BE_ABSENT: Mapping[str, None] = dict.fromkeys(("OBJECT_TYPE", "DECAY_DATE", "CREATION_DATE"))
_MAY_BE_BLANK = ("OBJECT_ID", *_MAY_BE_ABSENT)
_BEFORE_JSON = re.compile(
    rb"""(?: (?: \xef\xbb\xbf | \xe2\x80\x8b | [ \t\r] )*
        (?: (?:\#|//|HTTP/) [^\n]* | [A-Za-z][\w-]*: [^\n]* )? \n )*
        (?: \xef\xbb\xbf | \xe2\x80\x8b | [ \t\r] )* (?=[\[{])""",
    re.VERBOSE,
)
"""What may precede JSON: byte order marks, zero-width blanks, blanks, comments and HTTP headers."""
_AFTER_JSON = b" \t\r\n\x1a\xef\xbb\xbf"
_KVN = re.compile(r"^[ \t]*(?:CCSDS_([A-Z]{3})_VERS|OBJECT_NAME)[ \t]*=", re.MULTILINE)
_HEAD = 10_000
"""Characters that are searched for signs of other formats."""


def omm_records(body: bytes, origin: str) -> Iterator[Record | Unreadable]:
    """Yield the records of OMM in JSON or CSV, or of two-line element sets.

    Raises:
        ResponseError: the body has another format, is cut, or has no records.
    """
    json = _json(body)
    if json is not None:
        records = list_records(json, origin)
    else:
        records = _text_records(visible(decoded_text(body)), origin)
    for record in records:
        if isinstance(record, Unreadable):
            yield replace(record, readable=_cleaned(dict(record.readable)))
        else:
            yield _cleaned(record)


def _text_records(text: str, origin: str) -> Iterator[Record | Unreadable]:
    if is_tle(text):
        yield from tle_records(text, origin)
    elif other := _other_format(text[:_HEAD]):
        raise wrong(origin, other)
    else:
        yield from csv_records(text, origin)


def _other_format(head: str) -> str:
    """Return the format of a text that is neither TLE nor CSV; empty if it is not known."""
    if kvn := _KVN.search(head):
        return f"{kvn[1] or 'OMM'} in KVN, lines such as EPOCH = 2025-05-18T06:30:00"
    if not head.lstrip().startswith("<"):
        return ""
    if re.search(r"<!doctype html|<html", head, re.IGNORECASE):
        return "a web page, not a list"
    return "OMM in XML" if re.search(r"<(\w+:)?omm\b|<OBJECT_NAME>", head) else "XML"


def _json(body: bytes) -> bytes | None:
    """Return the JSON between comments, HTTP headers and byte order marks; None if it is none."""
    before = _BEFORE_JSON.match(body)
    if not before:
        return None
    body = body[before.end() :].rstrip(_AFTER_JSON)
    while (last := body.rfind(b"\n")) > 0 and body[last:].lstrip().startswith((b"#", b"//")):
        body = body[:last].rstrip(_AFTER_JSON)
    return body


def _cleaned(record: Record) -> Record:
    found = {**_MAY_BE_ABSENT, **record}
    for name, raw in record.items():
        if isinstance(raw, str):
            found[name] = value = visible(raw).strip()
            if name == NAME:
                found[name] = object_name(value)
            elif name in _NUMBERS:
                found[name] = _number(value, _NUMBERS[name])
            elif name in _MAY_BE_BLANK and not value:
                found[name] = None
    return found


def _number(value: str, kind: type[int | float]) -> Any:
    """Return text as a number; a whole number may have decimals, as in `44713.0`."""
    try:
        number = decimal(value)
    except ValueError:
        return value or None
    if kind is int:
        return int(number) if number.is_integer() else value
    return number if math.isfinite(number) else value
