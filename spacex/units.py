"""Physical constants (WGS 84, EGM 96), and the text format of instants and counts."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import SupportsInt

EARTH_MU_KM3_S2 = 398600.4418
"""Earth's gravitational parameter, km³/s² (WGS 84)."""

EARTH_J2 = 1.08262668e-3
"""Earth's second zonal harmonic (EGM 96)."""

EARTH_RADIUS_KM = 6378.137
"""Earth's equatorial radius, km (WGS 84). Space-Track uses 6378.135 for its altitudes."""

SECONDS_PER_DAY = 86400.0
MINUTES_PER_DAY = 1440.0


_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")

clock: Callable[[], datetime] = partial(datetime.now, UTC)
"""The clock behind `utc_now`; tests inject their own."""


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return clock()


@contextmanager
def time_stopped(instant: datetime) -> Iterator[None]:
    """Let `utc_now` return an instant in this process, as for figures of a past moment."""
    global clock  # noqa: PLW0603 - of this process
    before, clock = clock, lambda: instant
    try:
        yield
    finally:
        clock = before


def utc_text(instant: datetime, timespec: str = "seconds") -> str:
    """Format an instant as ISO 8601 text in UTC, ending in Z. Naive instants are taken as UTC.

    >>> utc_text(datetime(2020, 1, 19, 15, 30))
    '2020-01-19T15:30:00Z'
    """
    if instant.tzinfo is not None:
        instant = instant.astimezone(UTC)
    return instant.replace(tzinfo=None).isoformat(timespec=timespec) + "Z"


def utc_instant(text: str) -> datetime:
    """Parse ISO 8601 text into an instant in UTC. Text without an offset is taken as UTC.

    Raises:
        ValueError: the text is not an ISO 8601 instant.

    >>> utc_instant("2020-01-19T10:30:00-05:00").isoformat()
    '2020-01-19T15:30:00+00:00'
    """
    instant = datetime.fromisoformat(text)
    try:
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text} is out of range in UTC") from None


def date_text(instant: str) -> str:
    """Return the date of an instant as people write it.

    Raises:
        ValueError: the text is not an ISO 8601 instant.

    >>> date_text("2026-05-04T23:59:59Z")
    '4 May 2026'
    """
    return f"{utc_instant(instant):%-d %B %Y}"


def with_plain_instants(text: str) -> str:
    """Return a text with its instants as people write them.

    >>> with_plain_instants("Paused until 2026-11-29T23:24:30Z.")
    'Paused until 29 November 2026, 23:24 UTC.'
    """
    return _INSTANT.sub(lambda found: f"{utc_instant(found[0]):%-d %B %Y, %H:%M} UTC", text)


def plain_text(text: str) -> str:
    r"""Return a text with the digits and wide letters of other scripts as those of ASCII.

    >>> plain_text("\N{FULLWIDTH DIGIT TWO}\N{ARABIC-INDIC DIGIT SEVEN}"), plain_text("São Paulo")
    ('27', 'São Paulo')
    """
    same = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(each, each)) for each in same)


def counted(count: SupportsInt, singular: str, plural: str = "") -> str:
    """Return a count with its noun.

    Args:
        count: the count.
        singular: the noun.
        plural: its plural; empty if an s makes it.

    >>> counted(1, "satellite"), counted(10_800, "satellite"), counted(0, "pass", "passes")
    ('1 satellite', '10,800 satellites', '0 passes')
    """
    number = int(count)
    return f"{number:,} {singular if number == 1 else plural or f'{singular}s'}"
