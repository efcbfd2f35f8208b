"""Read two-line element sets (TLE), with or without names, as records with OMM fields.

The format is documented by CelesTrak and Space-Track: fixed columns, Alpha-5 catalogue numbers, and
a checksum per line.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from spacex.errors import ResponseError

_ALPHA = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""The letters of Alpha-5, for 10 to 33, without I and O."""
_LENGTH = 69
_PIVOT = 57
"""Two-digit years from 57 are in the twentieth century."""


def is_tle(text: str) -> bool:
    """Return whether one of the first three lines begins with `1 `, and another with `2 `."""
    starts = {line[:2] for line in text.lstrip().splitlines()[:3]}
    return {"1 ", "2 "} <= starts


def tle_records(text: str, origin: str) -> Iterator[dict[str, Any]]:
    """Yield the element sets of a text.

    Args:
        text: the lines; a line before a pair is the object's name, with or without a leading `0 `.
        origin: the file, for messages.

    Raises:
        ResponseError: a line is missing, truncated, or does not match its checksum.
    """
    name, first = "", ""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.rstrip()
        if line.startswith("1 ") and len(line) >= _LENGTH - 1:
            first = line
        elif line.startswith("2 ") and first:
            yield _record(name, first, line, f"{origin}, line {number}")
            name, first = "", ""
        elif first:
            raise _wrong(f"{origin}, line {number}", "no second line", line)
        elif line:
            name = line.removeprefix("0 ").strip()
    if first or name:
        raise _wrong(origin, "a truncated element set at its end", first or name)


def catalogue_number(text: str) -> int:
    """Return the catalogue number in five characters: digits, or Alpha-5.

    Raises:
        ValueError: the characters are neither.

    >>> catalogue_number("A0000"), catalogue_number("Z9999"), catalogue_number("  900")
    (100000, 339999, 900)
    """
    head = text[0]
    return (10 + _ALPHA.index(head)) * 10_000 + int(text[1:]) if head.isalpha() else int(text)


def _record(name: str, first: str, second: str, origin: str) -> dict[str, Any]:
    try:
        for line in (first, second):
            _check(line)
        number = catalogue_number(first[2:7])
        if number != catalogue_number(second[2:7]):
            raise ValueError("its lines belong to different objects")  # noqa: TRY301 - handled with the others
        return {
            "OBJECT_NAME": name or f"NORAD {number}",
            "OBJECT_ID": _designator(first[9:17].strip()),
            "EPOCH": _epoch(first[18:32]),
            "MEAN_MOTION": float(second[52:63]),
            "ECCENTRICITY": float(f"0.{second[26:33].strip()}"),
            "INCLINATION": float(second[8:16]),
            "RA_OF_ASC_NODE": float(second[17:25]),
            "ARG_OF_PERICENTER": float(second[34:42]),
            "MEAN_ANOMALY": float(second[43:51]),
            "EPHEMERIS_TYPE": int(first[62].strip() or 0),
            "NORAD_CAT_ID": number,
            "ELEMENT_SET_NO": int(first[64:68].strip() or 0),
            "REV_AT_EPOCH": int(second[63:68].strip() or 0),
            "BSTAR": _decimal(first[53:61]),
            "MEAN_MOTION_DOT": float(first[33:43]),
            "MEAN_MOTION_DDOT": _decimal(first[44:52]),
        }
    except (ValueError, IndexError) as error:
        raise _wrong(origin, f"an element set that cannot be read ({error})", first) from None


def _check(line: str) -> None:
    """Check the checksum of a line: digits plus one for each minus, modulo 10."""
    total = sum(int(c) if c.isdigit() else c == "-" for c in line[: _LENGTH - 1])
    if len(line) >= _LENGTH and line[_LENGTH - 1] != str(total % 10):
        raise ValueError(f"checksum {line[_LENGTH - 1]} instead of {total % 10}")


def _designator(short: str) -> str | None:
    """Return the designator in the format of OMM: 2019-074A for 19074A."""
    return f"{_year(short[:2])}-{short[2:]}" if short else None


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
    instant = start + timedelta(days=int(day) - 1, microseconds=microseconds)
    return instant.replace(tzinfo=None).isoformat(timespec="microseconds")


def _decimal(text: str) -> float:
    """Return a number with an implied decimal point and an exponent: ` 12345-4` is 0.12345e-4."""
    mantissa, exponent = text[:6], text[6:]
    sign = "-" if mantissa.startswith("-") else ""
    return float(f"{sign}0.{mantissa[1:].strip() or '0'}e{exponent.strip() or '0'}")


def _wrong(origin: str, problem: str, line: str) -> ResponseError:
    return ResponseError(
        f"{origin} contains {problem}: {line[:80]!r}.",
        remedy="The database is unchanged. Download the file again, or remove it.",
    )
