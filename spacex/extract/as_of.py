"""Replay: the instant an as-of date stands for, and the days that have snapshots."""

from datetime import UTC, datetime, time

from spacex.errors import SettingsError, SnapshotError
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import SERVICES
from spacex.units import utc_instant, utc_text

EVERY_DAY = "every day"
"""The value of `as_of` that replays all days with snapshots, in order."""

_DATE_LENGTH = len("2026-11-01")


def as_of_utc(text: str) -> str:
    """Return a date or instant as an instant; a date stands for its last second.

    Raises:
        SettingsError: the text is neither.

    >>> as_of_utc("2026-11-01")
    '2026-11-01T23:59:59Z'
    """
    try:
        instant = utc_instant(text)
    except ValueError:
        raise SettingsError(
            f"{text!r} is neither a date nor an instant.",
            remedy=f"Write it as 2026-11-01 or 2026-11-01T12:00:00Z, or {EVERY_DAY!r}.",
        ) from None
    is_date = len(text) == _DATE_LENGTH
    return utc_text(datetime.combine(instant, time(23, 59, 59), UTC) if is_date else instant)


def stored_days(store: SnapshotStore) -> list[str]:
    """Return the dates on which a new snapshot was stored, oldest first.

    Raises:
        SnapshotError: there are none, or a sidecar cannot be read.
    """
    days = {
        snapshot.retrieved_utc[:_DATE_LENGTH]
        for source in SERVICES.values()
        for name in source.endpoints
        for snapshot in store.all(source.name, name)
    }
    if not days:
        raise SnapshotError(
            f"No snapshot is stored in {store.folder}.",
            remedy="Run once while the service is available.",
        )
    return sorted(days)
