"""Read OMM in CSV.

Comments, headers, captions and footers are skipped. A last row with fewer fields than the heading
shows that the file is cut, unless it cannot be the beginning of a row.
"""

import csv
import re
from collections.abc import Iterator

from spacex.errors import ResponseError
from spacex.sources.object_names import name_stem, object_name, prose_signs
from spacex.sources.record import Record, Unreadable, remedy

NAME = "OBJECT_NAME"
IDENTITY = ("OBJECT_NAME", "OBJECT_ID", "NORAD_CAT_ID", "OBJECT_TYPE", "DECAY_DATE")
"""Fields that say which satellite a record is of, and whether it is in orbit."""
PROVIDE = "Provide GP data: OMM in JSON or CSV, or TLE."

_ENDS = ("\n", "\r", '"')
"""Ends of CSV that is complete; a quote ends a field."""
_OPEN = "the file ends within the row, or lacks its last line end"
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_FORMATS = {
    "OBJECT_ID": re.compile(r"[A-Z]*|[12]|19\d?|20\d?|(?:19|20)\d\d(?:-\d{0,3}[A-Z]{0,3})?"),
    "NORAD_CAT_ID": re.compile(r"[\d.]*"),
    "EPOCH": re.compile(r"[\dTZ:. +-]*"),
    "MEAN_MOTION": re.compile(r"[\d.]*"),
}
"""What the fields of a row, also of one that is cut, consist of."""
_WORD = re.compile(r"\w")
_CAPTION_FIELDS = 3
"""Most fields of a caption; a damaged record has more."""

Row = list[str]
Table = list[tuple[int, Row]]
"""Rows, with the numbers of their last lines in the file."""


def csv_records(text: str, origin: str) -> Iterator[Record | Unreadable]:
    """Yield the rows below the line with the names of the columns.

    Without a line end, the last field may be cut, so that only what names the satellite is read.

    Raises:
        ResponseError: the text has no such line, is cut, or has no rows.
    """
    lines = text.splitlines()
    start = next((at for at, line in enumerate(lines) if _is_heading(line)), None)
    if start is None:
        found = repr(lines[0][:80]) if text.strip() else "nothing"
        raise wrong(origin, f"neither OMM nor element sets, but {found}")
    _check_separator(lines[start], start + 1, origin)
    cells = csv.reader(lines[start:], strict=True, skipinitialspace=True)
    rows = ([cell.strip() for cell in row] for row in cells)
    try:
        heading = next(rows)
        table = [(start + cells.line_num, row) for row in rows if _is_record(row, heading)]
    except csv.Error as error:
        number = start + cells.line_num
        raise wrong(origin, f"CSV that cannot be read, line {number}: {error}") from None
    table = _without_captions(table, heading)
    if not table:
        raise wrong(origin, "CSV without rows")
    number, last = table[-1]
    if len(last) < len(heading):
        problem = f"an incomplete last row, line {number}: the file is cut, or this is a footer"
        raise wrong(origin, problem, f"Download it again. If line {number} is a footer, delete it.")
    is_open = number == len(lines) and not text.endswith(_ENDS)
    stems = {_stem(row) for _, row in table if len(row) == len(heading)}
    for number, row in table:
        record = dict(zip(heading, row, strict=False))
        if len(row) != len(heading):
            problem = f"{len(row)} fields instead of {len(heading)} ({origin}, line {number})"
            is_named = heading[0] == NAME and _stem(row) in stems
            yield Unreadable(",".join(row), problem, {NAME: row[0]} if is_named else {})
        elif is_open and row is last:
            problem = f"{_OPEN} ({origin}, line {number})"
            known = {name: record[name] for name in heading[:-1] if name in IDENTITY}
            yield Unreadable(",".join(row), problem, {**known, "EPOCH": None})
        else:
            yield record


def wrong(origin: str, problem: str, of_file: str = PROVIDE) -> ResponseError:
    """Return the error for a body that is not GP data.

    Args:
        origin: its URL or file.
        problem: what it contains instead.
        of_file: what to do about a file.
    """
    return ResponseError(f"{origin} contains {problem}.", remedy=remedy(origin, of_file))


def _is_heading(line: str) -> bool:
    """Whether a line has the names of the columns; comments may mention them, too."""
    cells = re.split("[,;\t]", line)
    return not line.lstrip().startswith(("#", "//")) and NAME in (
        cell.strip(' "') for cell in cells
    )


def _check_separator(heading: str, number: int, origin: str) -> None:
    separator = max(_SEPARATORS, key=heading.count)
    if separator != "," and heading.count(separator):
        problem = f"CSV separated by {_SEPARATORS[separator]}, line {number}, not by commas"
        raise wrong(origin, problem, "Save it with commas between the fields.")


def _is_record(row: Row, heading: Row) -> bool:
    return any(map(_WORD.search, row)) and row != heading and not row[0].startswith(("#", "//"))


def _without_captions(table: Table, heading: Row) -> Table:
    """Return the rows without captions and footers, whose fields a program may have filled up."""
    names = [row[0] for _, row in table if len(row) == len(heading) and _has_elements(row, heading)]
    signs = frozenset().union(*map(prose_signs, names))
    kept = [(number, row) for number, row in table if not _is_caption(row, heading, signs)]
    while kept and len(kept[-1][1]) < len(heading) and _is_footer(kept, heading):
        del kept[-1]
    return kept


def _has_elements(row: Row, heading: Row) -> bool:
    record = dict(zip(heading, row, strict=False))
    return any(record.get(name) for name in ("NORAD_CAT_ID", "EPOCH", "MEAN_MOTION"))


def _is_caption(row: Row, heading: Row, signs: frozenset[str]) -> bool:
    """Whether a row is a short text: no satellite's, or with signs of prose that names lack."""
    if sum(map(bool, row)) > _CAPTION_FIELDS:
        return False
    record = dict(zip(heading, row, strict=False))
    if not (record.get(NAME) or record.get("NORAD_CAT_ID")):
        return len(row) == len(heading) or not _fits(row, heading)
    is_record = len(row) == len(heading) and _has_elements(row, heading)
    return not is_record and bool(prose_signs(row[0]) - signs)


def _is_footer(table: Table, heading: Row) -> bool:
    """Whether the last row, which is short, cannot be the beginning of a record."""
    row = table[-1][1]
    if len(row) == 1:
        before = next((each for _, each in table[::-1] if len(each) == len(heading)), None)
        return before is None or not _stem(before).startswith(_stem(row))
    return not _fits(row, heading)


def _fits(row: Row, heading: Row) -> bool:
    """Whether a row may be a record, or the beginning of one."""
    known = [
        (_FORMATS[name], cell) for name, cell in zip(heading, row, strict=False) if name in _FORMATS
    ]
    return all(pattern.fullmatch(cell) for pattern, cell in known)


def _stem(row: Row) -> str:
    return name_stem(object_name(row[0]))
