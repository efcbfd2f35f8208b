"""Read GP data in any of its formats as records with the fields of an orbit mean-elements message.

Numbers may be JSON numbers (CelesTrak) or text (Space-Track, CSV). Text that is not a number is
kept, so that transform rejects the record with a reason.
"""

import csv
from collections.abc import Iterator
from typing import Any

from spacex.errors import ResponseError
from spacex.sources.json_records import list_records
from spacex.sources.tle import is_tle, tle_records

_INTEGERS = ("NORAD_CAT_ID", "ELEMENT_SET_NO", "REV_AT_EPOCH", "EPHEMERIS_TYPE")
_FLOATS = (
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
    """Yield the records of OMM in JSON or CSV, or of two-line element sets.

    Raises:
        ResponseError: the body has another format, is not UTF-8, or has no records.
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
        raise _wrong(origin, f"CSV that cannot be read, line {rows.line_num}: {error}") from None
    if not table:
        raise _wrong(origin, "CSV without rows")
    yield from ({k: v for k, v in row.items() if k is not None} for row in table)


def _with_numbers(record: dict[str, Any]) -> dict[str, Any]:
    numbers: dict[str, Any] = {
        name: _number(record[name], int) for name in _INTEGERS if name in record
    }
    numbers |= {name: _number(record[name], float) for name in _FLOATS if name in record}
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


def _wrong(origin: str, problem: str) -> ResponseError:
    return ResponseError(
        f"{origin} contains {problem}.",
        remedy="The database is unchanged. Provide GP data: OMM in JSON or CSV, or TLE.",
    )
