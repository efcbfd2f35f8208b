"""Text of calendar files (iCalendar, RFC 5545)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from spacex.units import utc_instant

LONGEST_LINE = 75
"""In bytes, by RFC 5545, section 3.1."""


def calendar_text(lines: Iterable[str]) -> str:
    """Return lines as the text of a file: folded, and with the ends that the format wants."""
    return "".join(f"{folded}\r\n" for line in lines for folded in _fold(line))


def utc_time(instant: datetime | str) -> str:
    """Return an instant as a value.

    >>> utc_time("2026-12-03T14:05:00Z")
    '20261203T140500Z'
    """
    at = utc_instant(instant) if isinstance(instant, str) else instant.astimezone(UTC)
    return f"{at:%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    r"""Return a text as a value, by RFC 5545, section 3.3.11.

    >>> escaped("a;b, c\\d\ne")
    'a\\;b\\, c\\\\d\\ne'
    """
    for plain, value in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, value)
    return "".join(each for each in text if each.isprintable())


def _fold(line: str) -> Iterator[str]:
    """Yield the parts of a line that is too long; those after the first begin with a blank."""
    part = ""
    for letter in line:
        if len((part + letter).encode()) > LONGEST_LINE:
            yield part
            part = " "
        part += letter
    yield part
