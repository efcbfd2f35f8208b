"""Replay: publish what was known on each date of the stored snapshots, in order."""

import shutil
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TypeVar

from spacex.errors import DataError, NotebookError, ResponseError, SnapshotError
from spacex.extract.fetch_pages import starts_sweep
from spacex.extract.run_folder import Mode, Run
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.pipeline import stages
from spacex.settings import Settings
from spacex.sources import SERVICES
from spacex.warehouse.load import load

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
) -> tuple[list[Published], list[str]]:
    """Publish each date in order, and go on after a date that cannot be published.

    Tables may shrink on the first date, which may lie before the present state, and after a date
    that was not published: a table that stays smaller has really lost rows.

    Args:
        dates: dates or instants, oldest first.
        publish: publishes what was known by a date, given whether tables may shrink.

    Returns:
        What `publish` returned, and a sentence for each date that was not published.

    Raises:
        SnapshotError: there are no dates.
    """
    if not dates:
        raise SnapshotError("No snapshot is stored.", remedy="Run once with a service up.")
    published: list[Published] = []
    failures: list[str] = []
    accept_shrink = True
    for date in dates:
        try:
            published.append(publish(date, accept_shrink))
            accept_shrink = False
        except (DataError, NotebookError, ResponseError, SnapshotError) as error:
            failures.append(f"{date}: {error.message}")
            accept_shrink = True
    return published, failures


def publish_stored(
    settings: Settings,
    as_of: str,
    *,
    source: Mode = "snapshot",
    target: Settings | None = None,
    accept_shrink: bool = False,
) -> str:
    """Extract, transform and load without notebooks and without a request.

    Args:
        settings: the stored snapshots, and the limits of the guards.
        as_of: a date or an instant; empty with the sample.
        source: `snapshot` or `sample`.
        target: settings of the database to publish to; None: `settings`.
        accept_shrink: publish even if a table has lost many rows.

    Returns:
        The id of the run, whose folder is removed.

    Raises:
        SnapshotError, ResponseError, DataError, DatabaseError: see the stages.
    """
    run = Run.new(settings.runs_dir)
    try:
        stages.extract(settings, run.run_id, source, as_of=as_of)
        stages.transform(settings, run.run_id)
        load(run, target or settings, accept_shrink=accept_shrink)
    finally:
        shutil.rmtree(run.folder, ignore_errors=True)
    return run.run_id


def _instant(snapshot: Snapshot) -> str:
    return snapshot.retrieved_utc


def _day(instant: str) -> str:
    return instant[:_DATE_LENGTH]
