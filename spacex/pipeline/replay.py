"""Replay: publish what was known on each date of the stored snapshots, in order."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeVar

from spacex.errors import DataError, NotebookError, ResponseError, SnapshotError
from spacex.extract.fetch_pages import starts_sweep
from spacex.extract.run_folder import Mode, Run
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.pipeline import stages
from spacex.settings import Settings
from spacex.sources import SERVICES
from spacex.warehouse.load import load_into
from spacex.warehouse.publish import publishing

Progress = Callable[[int, int, str], object]
"""Called before each date with its number, the number of dates, and the date."""

Published = TypeVar("Published")
_DATE_LENGTH = len("2026-11-01")


def stored_dates(store: SnapshotStore) -> list[str]:
    """Return the dates to replay, oldest first, so that every stored change is loaded.

    Returns:
        Each day on which a snapshot was stored, which stands for its end. Where an endpoint was
        stored several times within a day, also the last instant before each repetition.

    Raises:
        SnapshotError: a sidecar cannot be read.
    """
    snapshots = [
        snapshot
        for source in SERVICES.values()
        for name in source.endpoints
        for snapshot in store.all(source.name, name)
    ]
    snapshots.sort(key=_instant)
    dates: list[str] = []
    seen: set[tuple[str, str, str]] = set()
    previous = ""
    for instant, together in groupby(snapshots, key=_instant):
        stored = {(s.source, s.endpoint, s.part) for s in together if starts_sweep(s)}
        if previous and _day(previous) != _day(instant):
            dates.append(_day(previous))
            seen.clear()
        elif seen & stored:
            dates.append(previous)
            seen.clear()
        seen |= stored
        previous = instant
    return [*dates, _day(previous)] if previous else []


def replay(
    dates: Sequence[str], publish: Callable[[str, bool], Published]
) -> tuple[list[Published], dict[str, str]]:
    """Publish each date in order, and go on after a date that cannot be published.

    Tables may shrink on the first date, which may lie before the present state, and after a date
    that was not published: a table that stays smaller has really lost rows.

    Args:
        dates: dates or instants, oldest first.
        publish: publishes what was known by a date, given whether tables may shrink.

    Returns:
        What `publish` returned, and the reason for each date that was not published.

    Raises:
        SnapshotError: there are no dates.
    """
    if not dates:
        raise SnapshotError("No snapshot is stored.", remedy="Run once with a service up.")
    published: list[Published] = []
    failures: dict[str, str] = {}
    accept_shrink = True
    for date in dates:
        try:
            published.append(publish(date, accept_shrink))
            accept_shrink = False
        except (DataError, NotebookError, ResponseError, SnapshotError) as error:
            failures[date] = error.message
            accept_shrink = True
    return published, failures


@dataclass
class Replayed:
    """The outcome of loading many dates.

    Attributes:
        run_ids: the runs loaded, in order.
        failures: date → why it was not loaded.
    """

    run_ids: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


def load_dates(
    settings: Settings,
    dates: Sequence[str],
    *,
    target: Settings | None = None,
    on_date: Progress = lambda *_: None,
) -> Replayed:
    """Load what was known on each date into one private copy of the database, and publish it once.

    If no date can be loaded, the database is unchanged.

    Args:
        settings: the stored snapshots, and the limits of the guards.
        dates: dates or instants, oldest first.
        target: settings of the database to publish to; None: `settings`.
        on_date: reports progress.

    Raises:
        SnapshotError: there are no dates.
        DatabaseError: see `spacex.warehouse.publish.publishing`.
    """
    to, replayed = target or settings, Replayed()
    with (
        suppress(_NothingLoadedError),
        publishing(to.database, lock_timeout_s=to.lock_timeout_s) as connection,
    ):
        replayed = load_dates_into(connection, settings, dates, on_date=on_date)
        if not replayed.run_ids:
            raise _NothingLoadedError
    return replayed


def load_dates_into(
    connection: sqlite3.Connection,
    settings: Settings,
    dates: Sequence[str],
    *,
    on_date: Progress = lambda *_: None,
) -> Replayed:
    """Load what was known on each date into a private copy of the database, in order.

    Args:
        connection: the private copy, as of `publishing`.
        settings: the stored snapshots, and the limits of the guards.
        dates: dates or instants, oldest first.
        on_date: reports progress.

    Raises:
        SnapshotError: there are no dates.
        DatabaseError: a file cannot be read or written.
    """

    def load_date(date: str, accept_shrink: bool) -> str:  # noqa: FBT001 - as `replay` calls it
        on_date(dates.index(date) + 1, len(dates), date)
        with built(settings, date) as run:
            load_into(connection, run, settings, accept_shrink=accept_shrink)
        return run.run_id

    return Replayed(*replay(dates, load_date))


@contextmanager
def built(settings: Settings, as_of: str = "", source: Mode = "snapshot") -> Iterator[Run]:
    """Extract and transform a run without notebooks and without a request.

    Args:
        settings: the stored snapshots.
        as_of: a date or an instant; empty with the sample.
        source: `snapshot` or `sample`.

    Yields:
        The run, to be loaded; its folder is removed after the block.

    Raises:
        SnapshotError, ResponseError, DataError, DatabaseError: see the stages.
    """
    run = Run.new(settings.runs_dir)
    try:
        stages.extract(settings, run.run_id, source, as_of=as_of)
        stages.transform(settings, run.run_id)
        yield run
    finally:
        shutil.rmtree(run.folder, ignore_errors=True)


class _NothingLoadedError(Exception):
    """Abandon the private copy."""


def _instant(snapshot: Snapshot) -> str:
    return snapshot.retrieved_utc


def _day(instant: str) -> str:
    return instant[:_DATE_LENGTH]
