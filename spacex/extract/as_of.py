"""Replay: the instant an as-of date stands for."""

from datetime import UTC, date, datetime, time

from spacex.errors import SettingsError
from spacex.units import utc_instant, utc_text

EVERY_DAY = "every day"
"""The value of `as_of` that replays all days with snapshots, in order."""

Date = str | date
"""A date or an instant: ISO 8601 text, UTC if without offset, or a `date` or `datetime`."""


def as_of_utc(text: Date) -> str:
    """Return a date or instant as an instant; a date stands for its last second.

    Raises:
        SettingsError: the argument is neither.

    >>> as_of_utc("2026-11-01")
    '2026-11-01T23:59:59Z'
    """
    text = text.isoformat() if isinstance(text, date) else text
    try:
        instant = utc_instant(text)
    except (ValueError, TypeError):
        raise SettingsError(
            f"{text!r} is neither a date nor an instant.",
            remedy="Write it as 2026-11-01 or 2026-11-01T12:00:00Z.",
        ) from None
    last = datetime.combine(instant, time(23, 59, 59), UTC)
    return utc_text(last if is_date(text) else instant)


def is_date(text: Date) -> bool:
    """Return whether a valid date or instant is a date.

    >>> is_date("2026-11-01"), is_date("20261101"), is_date("2026-11-01T12:00:00Z")
    (True, True, False)
    """
    if isinstance(text, date):
        return not isinstance(text, datetime)
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
