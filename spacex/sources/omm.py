"""Orbit mean-elements messages (OMM): one document's records, whatever form it came in.

CelesTrak writes numbers, Space-Track texts, and a table of comma-separated values has texts
anyway; element sets in two lines are read as what they would be in an OMM. A text that should be a
number and is none stays what it is: transform refuses its row and says why.
"""

import csv
from collections.abc import Iterator
from typing import Any

from spacex.errors import ResponseError
from spacex.sources.json_records import list_records
from spacex.sources.tle import is_tle, tle_records

_WHOLE = ("NORAD_CAT_ID", "ELEMENT_SET_NO", "REV_AT_EPOCH", "EPHEMERIS_TYPE")
_REAL = (
    "MEAN_MOTION",
    "ECCENTRICITY",
    "INCLINATION",
    "RA_OF_ASC_NODE",
    "ARG_OF_PERICENTER",
    "MEAN_ANOMALY",
    "BSTAR",
    "MEAN_MOTION_DOT",
    "MEAN_MOTION_DDOT",
)
_HEADING = "OBJECT_NAME"


def omm_records(body: bytes, origin: str) -> Iterator[dict[str, Any]]:
    """The records of a document: OMM as JSON or as a table (CSV), or element sets in lines.

    Raises:
        ResponseError: it is none of these, is not UTF-8, or has no record.
    """
    if body.lstrip()[:1] in (b"[", b"{"):
        records = list_records(body, origin)
    else:
        records = _text_records(_text(body, origin), origin)
    for record in records:
        yield _with_numbers(record)


def _text_records(text: str, origin: str) -> Iterator[dict[str, Any]]:
    if is_tle(text):
        yield from tle_records(text, origin)
        return
    heading = text.partition("\n")[0]
    if _HEADING not in heading:
        found = repr(heading[:80]) if text.strip() else "nothing"
        raise _wrong(origin, f"neither OMM nor element sets, but {found}")
    rows = csv.DictReader(text.splitlines(), strict=True)
    try:
        table = list(rows)
    except csv.Error as error:
        raise _wrong(
            origin, f"a table that cannot be read, line {rows.line_num}: {error}"
        ) from None
    if not table:
        raise _wrong(origin, "a table without rows")
    yield from ({k: v for k, v in row.items() if k is not None} for row in table)


def _with_numbers(record: dict[str, Any]) -> dict[str, Any]:
    numbers: dict[str, Any] = {
        name: _number(record[name], int) for name in _WHOLE if name in record
    }
    numbers |= {name: _number(record[name], float) for name in _REAL if name in record}
    return record | numbers


def _number(value: Any, kind: type[int] | type[float]) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return kind(value)
    except ValueError:
        return value or None


def _text(body: bytes, origin: str) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong(origin, f"text that is not UTF-8 (byte {error.start})") from None


def _wrong(origin: str, what: str) -> ResponseError:
    return ResponseError(
        f"{origin} has {what}.",
        remedy="The database is unchanged. It should be a GP document: OMM as JSON or CSV, or TLE.",
    )
