"""Read two-line element sets (TLE), with or without names, as records with OMM fields.

The format is documented by CelesTrak and Space-Track: fixed columns, Alpha-5 catalogue numbers, and
a checksum per line, which may be absent. A damaged element set is unreadable alone; its name and
the catalogue number of its lines still say which satellite it is of.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

from spacex.errors import ResponseError
from spacex.sources.mapping import other_digit, whole
from spacex.sources.object_names import UNNAMED, name_stem, object_name, prose_signs, visible
from spacex.sources.record import Record, Unreadable, remedy

MAX_NUMBER, MAX_ALPHA5_NUMBER = 99_999, 339_999
"""Largest catalogue number of five digits, and of Alpha-5."""
_ALPHA = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""The letters of Alpha-5, for 10 to 33, without I and O."""
_LENGTH = 68
"""Characters of a line without its checksum."""
_PIVOT = 57
"""Two-digit years from 57 are in the twentieth century."""
_DESIGNATOR = re.compile("[0-9]{5}[A-Z]{1,3}")
_ELEMENTS = re.compile(
    r"[12](?: (?:[A-Z\d ][\d ]{0,3}|[A-Z\d ][\d ]{4}[A-Z\d .+-]*|(?=.{0,4}\d).{49,})?)?", re.ASCII
)
"""A line of an element set, also if it is cut or damaged; `2 of 2 pages` is none."""
_HEAD_LINES = 50

Line = tuple[int, str]
"""A line and its number in the file."""


def is_tle(text: str) -> bool:
    """Return whether a line that begins with `1 ` is followed by one that begins with `2 `.

    Only the first lines are examined. Blank lines and comments do not count.
    """
    lines = (visible(line) for _, line in islice(_lines(text), _HEAD_LINES))
    return any(a.startswith("1 ") and b.startswith("2 ") for a, b in pairwise(lines))


def tle_records(text: str, origin: str) -> Iterator[Record | Unreadable]:
    """Yield the element sets of a text.

    Args:
        text: the lines; a line before a pair is the object's name, with or without a leading `0 `.
            Blank lines, comments that begin with `#`, and lines that are neither part of an element
            set nor similar to the names of others, such as headers and footers, are skipped.
        origin: the file, for messages.

    Raises:
        ResponseError: the text ends within an element set.
    """
    reader = _Reader(origin)
    for line in _lines(text):
        yield from reader.add(line)
    reader.end()


def catalogue_number(text: str) -> int:
    """Return the catalogue number in five characters: digits, or Alpha-5.

    Raises:
        ValueError: the characters are neither.

    >>> catalogue_number("A0000"), catalogue_number("Z9999"), catalogue_number("  900")
    (100000, 339999, 900)
    """
    head = text[:1]
    return (10 + _ALPHA.index(head)) * 10_000 + whole(text[1:]) if head.isalpha() else whole(text)


class _Reader:
    """Puts the lines of element sets together."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._stems: set[str] = set()
        self._signs: frozenset[str] = frozenset()
        """The signs of prose that names have."""
        self._number = 0
        self._name: Line | None = None
        self._first: Line | None = None
        self._end = ""
        """What is wrong if the file ends here."""

    def add(self, line: Line) -> Iterator[Record | Unreadable]:
        """Yield the element set that a line completes, or shows to be incomplete."""
        number, text = line
        self._number = number
        start = f"{text} "[:2] if _ELEMENTS.fullmatch(text) else ""
        if start == "2 ":
            yield self._complete(line)
        elif start == "1 ":
            if self._first:
                yield self._abandon("no second line")
            self._first = line
            self._end = "without its second line"
        else:
            if self._first:
                yield self._abandon("no second line")
            elif self._is_name(self._name):
                yield self._abandon("a name without an element set")
            name = object_name(text)
            self._name = (number, name) if name else None
            self._end = "with only its name" if self._is_name(self._name) else ""

    def end(self) -> None:
        """Check that the last element set is complete.

        Raises:
            ResponseError: it is not.
        """
        if self._end:
            raise ResponseError(
                f"{self._origin} is incomplete: it ends with an element set {self._end}, line "
                f"{self._number}.",
                remedy=remedy(
                    self._origin,
                    f"Download the file again, or delete line {self._number} if it is a footer.",
                ),
            )

    def _is_name(self, line: Line | None) -> bool:
        """Whether a line without element set resembles an earlier name, or its beginning."""
        if line is None or prose_signs(line[1]) - self._signs:
            return False
        return any(stem.startswith(name_stem(line[1])) for stem in self._stems)

    def _learn(self, name: str) -> None:
        self._stems.add(name_stem(name))
        self._signs |= prose_signs(name)

    def _complete(self, second: Line) -> Record | Unreadable:
        name, first = self._name, self._first
        self._name = self._first = None
        self._end = "whose second line is cut" if len(second[1].rstrip()) < _LENGTH else ""
        if first is None:  # its damaged first line may stand in the place of the name
            known = name if self._is_name(name) else None
            return self._unreadable("no first line", known, second)
        if name:
            self._learn(name[1])
        fields: Record = {}
        for line, read in ((first, _first_fields), (second, _second_fields)):
            try:
                fields |= read(line[1])
            except (ValueError, OverflowError) as error:
                return self._unreadable(str(error), name, first, second, at=line)
        if catalogue_number(first[1][2:7]) != fields["NORAD_CAT_ID"]:
            return self._unreadable("its lines belong to different objects", name, first, second)
        return {"OBJECT_NAME": _name(name, fields["NORAD_CAT_ID"])} | fields

    def _abandon(self, problem: str) -> Unreadable:
        name, first = self._name, self._first
        self._name = self._first = None
        if name and first:
            self._learn(name[1])
        return self._unreadable(problem, name, *([first] if first else []))

    def _unreadable(
        self, problem: str, name: Line | None, *lines: Line, at: Line | None = None
    ) -> Unreadable:
        """Return an element set without its elements, with what its lines say of its satellite.

        Args:
            problem: what is wrong.
            name: the line of its name.
            lines: its other lines.
            at: the line at fault; by default the first one.
        """
        number, quote = at or (lines[0] if lines else name or (0, ""))
        readable = _identity(*(text for _, text in lines))
        if name:
            readable["OBJECT_NAME"] = name[1]
        elif readable:
            readable["OBJECT_NAME"] = _name(None, readable["NORAD_CAT_ID"])
        return Unreadable(quote, f"{problem} ({self._origin}, line {number})", readable)


def _lines(text: str) -> Iterator[Line]:
    """Yield the lines that are neither blank nor comments, without their indentation."""
    for number, indented in enumerate(text.splitlines(), start=1):
        line = indented.lstrip()
        if line and not line.startswith("#"):
            yield number, line


def _name(line: Line | None, number: int) -> str:
    return line[1] if line else f"{UNNAMED}{number}"


def _first_fields(line: str) -> Record:
    _check(line)
    return {
        "NORAD_CAT_ID": catalogue_number(line[2:7]),
        "OBJECT_ID": _designator(line[9:17].strip()),
        "EPOCH": _epoch(line[18:32]),
        "MEAN_MOTION_DOT": float(line[33:43]),
        "MEAN_MOTION_DDOT": _decimal(line[44:52]),
        "BSTAR": _decimal(line[53:61]),
        "EPHEMERIS_TYPE": int(line[62].strip() or 0),
        "ELEMENT_SET_NO": int(line[64:68].strip() or 0),
    }


def _second_fields(line: str) -> Record:
    _check(line)
    return {
        "NORAD_CAT_ID": catalogue_number(line[2:7]),
        "INCLINATION": float(line[8:16]),
        "RA_OF_ASC_NODE": float(line[17:25]),
        "ECCENTRICITY": float(f"0.{line[26:33].strip()}"),
        "ARG_OF_PERICENTER": float(line[34:42]),
        "MEAN_ANOMALY": float(line[43:51]),
        "MEAN_MOTION": float(line[52:63]),
        "REV_AT_EPOCH": int(line[63:68].strip() or 0),
    }


def _identity(*lines: str) -> Record:
    """Return the catalogue number and the designator of a damaged element set.

    The number is that of the intact lines, or else the one that both damaged lines have. Nothing is
    returned if the lines have different numbers.
    """
    found: Record = {}
    intact, damaged = set(), []
    for line in lines:
        try:
            damaged.append(catalogue_number(line[2:7]))
            _check(line)
            intact.add(damaged.pop())
            if line.startswith("1 "):
                found["OBJECT_ID"] = _designator(line[9:17].strip())
        except ValueError:
            continue
    numbers = intact or (set(damaged) if len(damaged) > 1 else set())
    if len(numbers) != 1:
        return {}
    return {"OBJECT_ID": None, "EPOCH": None} | found | {"NORAD_CAT_ID": numbers.pop()}


def _check(line: str) -> None:
    """Check the characters, the length and the checksum: digits plus 1 a minus, modulo 10."""
    if other := other_digit(line):
        raise ValueError(f"line {line[0]} contains {other!r}, which no element set does")
    length = len(line.rstrip())
    if length not in {_LENGTH, _LENGTH + 1}:
        expected = f"{_LENGTH} or {_LENGTH + 1}"
        raise ValueError(f"line {line[0]} has {length} characters instead of {expected}")
    total = sum(int(c) if c.isdigit() else c == "-" for c in line[:_LENGTH]) % 10
    checksum = line[_LENGTH : _LENGTH + 1].strip()
    if checksum and checksum != str(total):
        raise ValueError(f"line {line[0]} has the checksum {checksum} instead of {total}")


def _designator(short: str) -> str | None:
    """Return the designator in the format of OMM, 2019-074A for 19074A; other text as it is."""
    if not _DESIGNATOR.fullmatch(short):
        return short or None
    return f"{_year(short[:2])}-{short[2:]}"


def _year(two_digits: str) -> int:
    year = int(two_digits)
    return year + (1900 if year >= _PIVOT else 2000)


def _epoch(text: str) -> str:
    """Return the instant of a two-digit year and a fractional day of the year, from 1.

    The fraction is parsed separately, because a float of the whole would lose its last decimals.
    """
    day, _, fraction = text[2:].strip().partition(".")
    microseconds = round(int(fraction.ljust(8, "0")[:8]) * 864)  # from units of 1e-8 d
    start = datetime(_year(text[:2]), 1, 1, tzinfo=UTC)
    midnight = start + timedelta(days=int(day) - 1)
    if midnight.year != start.year:
        raise ValueError(f"{start.year} has no day {int(day)}")
    instant = midnight + timedelta(microseconds=microseconds)
    return instant.replace(tzinfo=None).isoformat(timespec="microseconds")


def _decimal(text: str) -> float:
    """Return a number with an implied decimal point and an exponent: ` 12345-4` is 0.12345e-4."""
    mantissa, exponent = text[:6], text[6:]
    sign = "-" if mantissa.startswith("-") else ""
    return float(f"{sign}0.{mantissa[1:].strip() or '0'}e{exponent.strip() or '0'}")
