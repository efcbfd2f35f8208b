"""Going back: what a date stands for, and which days brought new answers."""

from datetime import UTC, datetime, time

from spacex.errors import SettingsError, SnapshotError
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import SERVICES
from spacex.units import utc_instant, utc_text

EVERY_DAY = "every day"
"""What `as_of` says to go through all days with stored answers, in order."""


def as_of_utc(text: str) -> str:
    """The instant a date or an instant stands for; a date stands for its end.

    Raises:
        SettingsError: it is neither.

    >>> as_of_utc("2026-11-01")
    '2026-11-01T23:59:59Z'
    """
    try:
        instant = utc_instant(text)
    except ValueError:
        raise SettingsError(
            f"{text!r} is no date and no instant.",
            remedy=f"Write it as 2026-11-01 or 2026-11-01T12:00:00Z, or {EVERY_DAY!r}.",
        ) from None
    is_date = len(text) == len("2026-11-01")
    return utc_text(datetime.combine(instant, time(23, 59, 59), UTC) if is_date else instant)


def stored_days(store: SnapshotStore) -> list[str]:
    """The days on which an answer came that was new, oldest first.

    Raises:
        SnapshotError: there are none, or a sidecar cannot be read.
    """
    days = {
        snapshot.retrieved_utc[: len("2026-11-01")]
        for source in SERVICES.values()
        for name in source.endpoints
        for snapshot in store.all(source.name, name)
    }
    if not days:
        raise SnapshotError(
            f"No answer is stored in {store.folder}.", remedy="Run once with the service up."
        )
    return sorted(days)
