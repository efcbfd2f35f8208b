"""Vague dates of GCAT: dates with the precision to which they are known.

Examples are `2022`, `2022 Q1`, `2022 Feb`, `2022 Feb  5`, `2022 Feb  5 18h`, `2022 Feb  5 1822` and
`2025 Nov 28 2104:26`; a question mark at the end marks an uncertain date. The format is
defined at https://planet4589.org/space/gcat/web/intro/vague.html.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from spacex.units import utc_text

PRECISIONS = ("decade", "year", "quarter", "month", "day", "hour", "minute", "second")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FORMAT = re.compile(
    rf"""(?P<year>\d{{4}})
         (?: (?P<decade>s)
           | \ +Q(?P<quarter>[1-4])
           | \ +(?P<month>{"|".join(_MONTHS)})
             (?: \ +(?P<day>\d{{1,2}})
               (?: \ +(?P<hour>\d\d) (?: h | (?P<minute>\d\d) (?: :(?P<second>\d\d)(?:\.\d+)? )? )
               )? )? )?
         \ *(?P<uncertain>\?)?""",
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True)
class VagueDate:
    """A date and its precision.

    Attributes:
        start: the first instant that the date can stand for, UTC.
        precision: one of `PRECISIONS`.
        is_uncertain: whether the date has a question mark.
    """

    start: datetime
    precision: str
    is_uncertain: bool


def vague_date(text: str) -> VagueDate:
    """Parse a vague date.

    Raises:
        ValueError: the text is not one.

    >>> found = vague_date("2022 Feb  5?")
    >>> found.start.date().isoformat(), found.precision, found.is_uncertain
    ('2022-02-05', 'day', True)
    """
    found = _FORMAT.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a vague date")
    parts = found.groupdict()
    precision = "decade" if parts["decade"] else next(p for p in PRECISIONS[::-1] if parts[p])
    month = _MONTHS.index(parts["month"]) + 1 if parts["month"] else 1
    if parts["quarter"]:
        month = 3 * int(parts["quarter"]) - 2
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    day = int(parts["day"] or 1)
    start = datetime(int(parts["year"]), month, day, hour, minute, second, tzinfo=UTC)
    return VagueDate(start, precision, bool(parts["uncertain"]))


def first_day(text: str) -> str:
    """Return the first day that a vague date can stand for.

    >>> first_day("2022 Feb")
    '2022-02-01'
    """
    return vague_date(text).start.date().isoformat()


def first_instant(text: str) -> str:
    """Return the first instant that a vague date can stand for, as UTC text.

    >>> first_instant("2025 Nov 28 1844"), first_instant("2022 Feb")
    ('2025-11-28T18:44:00Z', '2022-02-01T00:00:00Z')
    """
    return utc_text(vague_date(text).start)


def precision(text: str) -> str:
    """Return the precision of a vague date.

    >>> precision("2025 Nov 28 2104:26")
    'second'
    """
    return vague_date(text).precision


def is_uncertain(text: str) -> bool:
    """Return whether a vague date has a question mark.

    >>> is_uncertain("2022 Feb  5?")
    True
    """
    return vague_date(text).is_uncertain
