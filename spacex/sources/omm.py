"""Read GP data in any of its formats as records with the fields of an orbit mean-elements message.

Numbers may be JSON numbers (CelesTrak) or text (Space-Track, CSV). Text that is not a number is
kept, so that transform rejects the record with a reason. Only Space-Track gives `OBJECT_TYPE`,
`DECAY_DATE` and `CREATION_DATE`; they are None in other lists.
"""

import csv
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from spacex.errors import ResponseError
from spacex.sources.json_records import list_records
from spacex.sources.mapping import decimal
from spacex.sources.object_names import name_stem, object_name, visible
from spacex.sources.record import Record, Unreadable, decoded_text, remedy
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
_HEADING = "OBJECT_NAME"
_IDENTITY = ("OBJECT_NAME", "OBJECT_ID", "NORAD_CAT_ID", *_MAY_BE_ABSENT)
_ENDS = ("\n", "\r", '"')
"""Ends of CSV that is complete; a quote ends a field."""
_JSON = re.compile(rb"(?:\xef\xbb\xbf|\xe2\x80\x8b|\s)*(?=[\[{])")
"""What may precede JSON: byte order marks, zero-width blanks and blanks."""
_AFTER_JSON = b" \t\r\n\x1a\xef\xbb\xbf"
_OPEN = "the file ends within the row, or lacks its last line end"


def omm_records(body: bytes, origin: str) -> Iterator[Record | Unreadable]:
    """Yield the records of OMM in JSON or CSV, or of two-line element sets.

    Raises:
        ResponseError: the body has another format, is cut, or has no records.
    """
    if json := _JSON.match(body):
        records = list_records(body[json.end() :].rstrip(_AFTER_JSON), origin)
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
    else:
        yield from _csv_records(text, origin)


def _csv_records(text: str, origin: str) -> Iterator[Record | Unreadable]:
    """Yield the rows below the line with the names of the columns.

    Skip what precedes it, comments, blank rows, repeated headings, a footer of one field and the
    blanks around fields. A last row with fewer fields than the heading shows that the file is cut.
    Without a line end, its last field may be cut, so that only what names the satellite is read.
    """
    lines = text.splitlines()
    start = next((at for at, line in enumerate(lines) if _HEADING in line), None)
    if start is None:
        found = repr(lines[0][:80]) if text.strip() else "nothing"
        raise _wrong(origin, f"neither OMM nor element sets, but {found}")
    _check_separator(lines[start], start + 1, origin)
    cells = csv.reader(lines[start:], strict=True, skipinitialspace=True)
    rows = ([cell.strip() for cell in row] for row in cells)
    try:
        heading = next(rows)
        table = [(start + cells.line_num, row) for row in rows if _is_record(row, heading)]
    except csv.Error as error:
        number = start + cells.line_num
        raise _wrong(origin, f"CSV that cannot be read, line {number}: {error}") from None
    if table and len(table[-1][1]) == 1 and not _is_cut(table[-1][1], table[:-1]):
        del table[-1]  # a footer
    if not table:
        raise _wrong(origin, "CSV without rows")
    number, last = table[-1]
    if len(last) < len(heading):
        problem = f"an incomplete last row, line {number}: the file is cut"
        raise _wrong(origin, problem, "Download it again.")
    is_open = number == len(lines) and not text.endswith(_ENDS)
    stems = {_stem(row) for _, row in table if len(row) == len(heading)}
    for number, row in table:
        record = dict(zip(heading, row, strict=False))
        if len(row) != len(heading):
            problem = f"{len(row)} fields instead of {len(heading)} ({origin}, line {number})"
            is_named = heading[0] == _HEADING and _stem(row) in stems
            yield Unreadable(",".join(row), problem, {_HEADING: row[0]} if is_named else {})
        elif is_open and row is last:
            problem = f"{_OPEN} ({origin}, line {number})"
            known = {name: record[name] for name in heading[:-1] if name in _IDENTITY}
            yield Unreadable(",".join(row), problem, {**known, "EPOCH": None})
        else:
            yield record


def _check_separator(heading: str, number: int, origin: str) -> None:
    for separator, name in {";": "semicolons", "\t": "tabs"}.items():
        if heading.count(separator) > heading.count(","):
            problem = f"CSV separated by {name}, line {number}, not by commas"
            raise _wrong(origin, problem, "Save it with commas between the fields.")


def _is_record(row: list[str], heading: list[str]) -> bool:
    return any(row) and row != heading and not row[0].startswith("#")


def _stem(row: list[str]) -> str:
    return name_stem(object_name(row[0]))


def _is_cut(row: list[str], before: list[tuple[int, list[str]]]) -> bool:
    """Whether a row of one field is the beginning of a row like the one before."""
    return bool(before) and _stem(before[-1][1]).startswith(_stem(row))


def _cleaned(record: Record) -> Record:
    found = {**_MAY_BE_ABSENT, **record}
    for name, raw in record.items():
        if isinstance(raw, str):
            found[name] = value = visible(raw).strip()
            if name == _HEADING:
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


def _wrong(
    origin: str, problem: str, of_file: str = "Provide GP data: OMM in JSON or CSV, or TLE."
) -> ResponseError:
    return ResponseError(f"{origin} contains {problem}.", remedy=remedy(origin, of_file))
