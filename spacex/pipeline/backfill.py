"""Backfill: load the stored GP lists that the database lacks.

They are loaded in the order of their dates into private copies of the database. Each copy takes
twice as many dates as the previous one and is then published, so that few copies are made and an
interrupted backfill loses at most half of its work. If the database already holds newer data, it is
rebuilt from all snapshots instead.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress

from spacex import __version__
from spacex.errors import DataError
from spacex.extract.accepted_lists import accept, accepted
from spacex.extract.as_of import as_of_utc
from spacex.extract.refused_lists import record_attempt, refuse, refused, withdraw
from spacex.extract.sealed_json import digest
from spacex.extract.sidecar import SIDECARS
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.pipeline.replay import DateLoader, NothingLoadedError, Progress, Replayed, stored_dates
from spacex.pipeline.unloaded_lists import refused_lists
from spacex.pipeline.upgrade import rebuild
from spacex.settings import Settings
from spacex.warehouse.loaded_lists import loaded, newest_snapshot
from spacex.warehouse.publish import publishing


def accept_lists(settings: Settings, lists: Sequence[Snapshot]) -> None:
    """Record that GP lists are accepted whatever they lost; the next backfill tries them again.

    Raises:
        StorageError: a record cannot be written.
    """
    before = accepted(settings.raw_dir)
    if new := [each for each in lists if each.sha256 not in before]:
        withdraw(settings.raw_dir, new)  # first: if interrupted, it is repeated
        accept(settings.raw_dir, *new)


def load_lists(settings: Settings, wanted: Collection[str], on_date: Progress) -> dict[str, str]:
    """Load the lists of these instants that the database lacks.

    Lists that were refused before are not tried again, unless one before them is new. If nothing
    has changed since the last attempt, nothing is tried.

    Args:
        settings: the folders, and the limits of the guards.
        wanted: the instants.
        on_date: reports progress.

    Returns:
        Instant → why its list cannot be loaded.

    Raises:
        SnapshotError: a sidecar cannot be read.
        StorageError: a record cannot be written, or a restore replaced the snapshots.
        DatabaseError: the database is locked or cannot be written.
    """
    raw, held = settings.raw_dir, loaded(settings.database)
    were_refused = refused_lists(SnapshotStore(raw), held.lists)
    known = {each.retrieved_utc: why for each, why in were_refused.items()}
    pending = set(wanted) - held.lists - known.keys()
    others = SnapshotStore(raw, without=[each.path for each in were_refused])
    # after an interrupted import, there are stored lists after these
    new = [*pending, *stored_dates(others, held.newest_utc)]
    if not new:
        return known
    last = refused(raw)
    if last.attempt == _attempt(settings):
        return known | last.failures
    kept = {each: why for each, why in were_refused.items() if each.retrieved_utc < min(new)}
    replayed, reasons = Replayed(refused=kept), known
    older = [each for each in pending if each <= held.newest_utc]
    if older or not _append(settings, held.newest_utc, replayed, on_date):
        try:
            replayed = rebuild(settings, on_date)
        except DataError as error:
            reasons = reasons | dict.fromkeys(older or pending, error.message)
            if older:
                _append(settings, held.newest_utc, replayed, on_date)
    others.check_folder()
    refuse(raw, replayed.judged)
    reasons = reasons | {as_of_utc(date): why for date, why in replayed.failures.items()}
    reasons |= {each.retrieved_utc: why for each, why in replayed.refused.items()}
    record_attempt(raw, _attempt(settings), reasons)
    return reasons


def load_later(settings: Settings, on_date: Progress = lambda *_: None) -> list[str]:
    """Load every stored date after those that the database holds, but no list refused before.

    Args:
        settings: the folders, and the limits of the guards.
        on_date: reports progress.

    Returns:
        A sentence for each date or list that was not loaded.

    Raises:
        SnapshotError, StorageError, DatabaseError: see `load_lists`.
    """
    raw, held = settings.raw_dir, loaded(settings.database)
    were_refused = refused_lists(SnapshotStore(raw), held.lists)
    others = SnapshotStore(raw, without=[each.path for each in were_refused])
    if not stored_dates(others, held.newest_utc):
        return []
    replayed = Replayed(refused=dict(were_refused))
    _append(settings, held.newest_utc, replayed, on_date)
    refuse(raw, replayed.judged)
    for each in were_refused:
        replayed.refused.pop(each, None)
    return replayed.problems


def _append(settings: Settings, held_utc: str, replayed: Replayed, on_date: Progress) -> bool:
    """Load every date after an instant, up to which the database holds everything.

    Returns:
        Whether all dates were tried; otherwise another run has published in the meantime.
    """
    dates = stored_dates(SnapshotStore(settings.raw_dir), held_utc)
    loader = DateLoader(settings, replayed)
    start, size, is_overtaken = 0, 1, False
    while start < len(dates) and not is_overtaken:
        with (
            suppress(NothingLoadedError),
            publishing(settings.database, lock_timeout_s=settings.lock_timeout_s) as connection,
        ):
            is_overtaken = newest_snapshot(connection) != held_utc
            if is_overtaken:
                raise NothingLoadedError
            before = len(replayed.runs)
            for number, date in enumerate(dates[start : start + size], start + 1):
                on_date(number, len(dates), date)
                loader.load(connection, date)
            if len(replayed.runs) == before:
                raise NothingLoadedError
            held_utc = newest_snapshot(connection)
        start, size = start + size, 2 * size
    return not is_overtaken


def _attempt(settings: Settings) -> str:
    """Return a digest of all that decides on which lists can be loaded."""
    raw, held = settings.raw_dir, loaded(settings.database)
    files = sorted([*raw.glob("*/*/*.gz"), *raw.glob(f"*/*/{SIDECARS}")])
    stats = [(path.relative_to(raw).as_posix(), path.stat()) for path in files]
    state = (
        [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats],
        sorted(accepted(raw)),
        (held.newest_utc, sorted(held.lists)),
        (settings.max_reject_pct, settings.max_shrink_pct, __version__),
    )
    return digest(repr(state).encode())
