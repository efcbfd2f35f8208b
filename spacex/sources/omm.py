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
        yield {name: _number(value, _NUMBERS.get(name)) for name, value in record.items()}


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


def _number(value: Any, kind: type[int | float] | None) -> Any:
    if kind is None or not isinstance(value, str):
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
