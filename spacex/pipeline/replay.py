"""Replay: publish what was known on each date of the stored snapshots, in order."""

import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from spacex.errors import (
    DataError,
    ImplausibleListError,
    NotebookError,
    ResponseError,
    SnapshotError,
    SpacexError,
)
from spacex.extract.as_of import as_of_utc
from spacex.extract.extractor import Extractor
from spacex.extract.fetch_pages import starts_sweep
from spacex.extract.refused_lists import refuse
from spacex.extract.run_folder import Mode, Run
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.pipeline.services import base_urls, http_client
from spacex.settings import Settings
from spacex.sources import SERVICES
from spacex.transform import transform_run
from spacex.transform.gp_list import GP_LIST, check_manual_list
from spacex.transform.merge import merge_sources
from spacex.warehouse.load import load_into
from spacex.warehouse.publish import publishing
from spacex.warehouse.staging import stage

Progress = Callable[[int, int, str], object]
"""Called before each date with its number, the number of dates, and the date."""

FAILURES = (DataError, NotebookError, ResponseError, SnapshotError)
"""What stops one date, but not those after it."""

Published = TypeVar("Published")
_DATE_LENGTH = len("2026-11-01")


def stored_dates(store: SnapshotStore, since_utc: str = "", until_utc: str = "") -> list[str]:
    """Return the dates to replay, oldest first, so that every stored change is loaded.

    Args:
        store: the stored snapshots.
        since_utc: ignore snapshots stored by this instant; empty: use all.
        until_utc: ignore snapshots stored after this instant; empty: use all.

    Returns:
        Each day on which a snapshot was stored, which stands for its end, or for `until_utc` if
        that is before. Where an endpoint was stored several times within a day, also the last
        instant before each repetition.

    Raises:
        SnapshotError: a sidecar cannot be read.
    """
    snapshots = [
        snapshot
        for source in SERVICES.values()
        for name in source.endpoints
        for snapshot in store.all(source.name, name)
        if since_utc < snapshot.retrieved_utc and snapshot.retrieved_utc <= (until_utc or "9")
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
    if not previous:
        return []
    last = _day(previous)
    return [*dates, until_utc if "" < until_utc < as_of_utc(last) else last]


def replay(
    dates: Sequence[str], publish: Callable[[str, bool], Published]
) -> tuple[list[Published], dict[str, str]]:
    """Publish each date in order, and go on after a date that cannot be published.

    Tables, but not GP lists, may shrink on the first date, which may lie before the present state,
    and after a date that was not published: a table that stays smaller has really lost rows.

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
    tables_may_shrink = True
    for date in dates:
        try:
            published.append(publish(date, tables_may_shrink))
            tables_may_shrink = False
        except FAILURES as error:
            failures[date] = error.message
            tables_may_shrink = True
    return published, failures


def reason_of(error: SpacexError) -> str:
    """Return why a file is refused, and what to do: the message and the remedy of an error."""
    remedy = error.remedy.removeprefix("The database is unchanged.").strip()
    return f"{error.message} {remedy}".strip()


@dataclass
class Replayed:
    """The outcome of loading many dates.

    Attributes:
        runs: date → id of the run that was loaded.
        failures: date → why it was not loaded.
        refused: GP list → why it was left out.
        implausible: the instants of those that lack too many satellites, or have too many.
        damaged: those of them that cannot be read.
    """

    runs: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    refused: dict[Snapshot, str] = field(default_factory=dict)
    implausible: set[str] = field(default_factory=set)
    damaged: set[Snapshot] = field(default_factory=set)

    @property
    def judged(self) -> dict[Snapshot, str]:
        """The refused lists for which another attempt has the same outcome, and why."""
        return {each: why for each, why in self.refused.items() if each not in self.damaged}

    @property
    def problems(self) -> list[str]:
        """A sentence for each date or GP list that was not loaded."""
        failures = [f"{date}: {why}" for date, why in self.failures.items()]
        reasons = tuple(self.failures.values())
        lists = [
            f"{each.origin}: {why}"
            for each, why in self.refused.items()
            if not why.startswith(reasons)
        ]
        return lists + failures


def load_dates(
    settings: Settings,
    dates: Sequence[str],
    *,
    target: Settings | None = None,
    on_date: Progress = lambda *_: None,
) -> Replayed:
    """Load what was known on each date into one private copy of the database, and publish it once.

    If no date can be loaded, the database is unchanged. Tables may shrink on the first date.

    Args:
        settings: the stored snapshots, and the limits of the guards.
        dates: dates or instants, oldest first.
        target: settings of the database to publish to; None: `settings`.
        on_date: reports progress.

    Raises:
        DatabaseError: see `spacex.warehouse.publish.publishing`.
    """
    to, replayed = target or settings, Replayed()
    with (
        suppress(NothingLoadedError),
        publishing(to.database, lock_timeout_s=to.lock_timeout_s) as connection,
    ):
        loader = DateLoader(settings, replayed)
        for number, date in enumerate(dates, start=1):
            on_date(number, len(dates), date)
            loader.load(connection, date, tables_may_shrink=number == 1)
        if not replayed.runs:
            raise NothingLoadedError
    refuse(settings.raw_dir, replayed.judged)
    return replayed


class DateLoader:
    """Loads what was known on each date into a private copy of the database.

    A date with a GP list that cannot be loaded is loaded without it, and so are the later dates.

    Args:
        settings: the stored snapshots, and the limits of the guards.
        replayed: the outcome, to which that of each date is added.
    """

    def __init__(self, settings: Settings, replayed: Replayed) -> None:
        self._settings = settings
        self._replayed = replayed
        self._loaded: frozenset[str] = frozenset()
        self._has_failed = False

    def load(
        self, connection: sqlite3.Connection, date: str, *, tables_may_shrink: bool = False
    ) -> None:
        """Load a date, which is later than those before, or record why it cannot be loaded.

        After a date that failed, tables may shrink: one that stays smaller has really lost rows.
        GP lists are always guarded, except those that a person accepted.

        Args:
            connection: the private copy, as of `publishing`.
            date: a date or an instant.
            tables_may_shrink: whether tables may lose many rows.

        Raises:
            DatabaseError: a file cannot be read or written.
        """
        may_shrink = tables_may_shrink or self._has_failed
        try:
            self._load(connection, date, tables_may_shrink=may_shrink)
            self._has_failed = False
        except _NothingNewError:
            return
        except FAILURES as error:
            refused = self._load_without_list(connection, date, error, tables_may_shrink=may_shrink)
            self._has_failed = refused is None
            if refused and isinstance(error, ImplausibleListError):
                self._replayed.implausible.add(refused.retrieved_utc)
            is_loaded = date in self._replayed.runs or (
                refused
                and (refused.manual_name or refused.retrieved_utc in self._replayed.implausible)
            )
            if not is_loaded:
                self._replayed.failures[date] = error.message

    def _load(self, connection: sqlite3.Connection, date: str, *, tables_may_shrink: bool) -> None:
        with built(self._settings, date, without=self._refused_paths()) as run:
            snapshots = [item.snapshot for item in run.manifest().extracted]
            paths = frozenset(each.path for each in snapshots)
            if paths <= self._loaded:
                raise _NothingNewError
            load_into(connection, run, self._settings, tables_may_shrink=tables_may_shrink)
        self._loaded |= paths
        self._replayed.runs[date] = run.run_id

    def _load_without_list(
        self,
        connection: sqlite3.Connection,
        date: str,
        error: SpacexError,
        *,
        tables_may_shrink: bool,
    ) -> Snapshot | None:
        """Load a date without its GP list; return the list if it alone had stopped the date."""
        store = SnapshotStore(self._settings.raw_dir, self._refused_paths())
        newest = store.newest(*GP_LIST, as_of_utc(date))
        if newest is None or newest.path in self._loaded:
            return None
        self._replayed.refused[newest] = reason_of(error)
        if isinstance(error, SnapshotError):
            self._replayed.damaged.add(newest)
        try:
            self._load(connection, date, tables_may_shrink=tables_may_shrink)
        except (_NothingNewError, SnapshotError):
            return newest
        except FAILURES:
            del self._replayed.refused[newest]
            return None
        return newest

    def _refused_paths(self) -> list[str]:
        return [each.path for each in self._replayed.refused]


class NothingLoadedError(Exception):
    """No date was loaded: abandon the private copy."""


class _NothingNewError(Exception):
    """A date without the GP list that was left out has nothing new."""


@contextmanager
def built(
    settings: Settings, as_of: str = "", source: Mode = "snapshot", without: Collection[str] = ()
) -> Iterator[Run]:
    """Extract and transform a run without notebooks and without a request.

    Args:
        settings: the stored snapshots.
        as_of: a date or an instant; empty with the sample.
        source: `snapshot` or `sample`.
        without: paths of snapshots that do not count.

    Yields:
        The run, to be loaded; its folder is removed after the block.

    Raises:
        SnapshotError, ResponseError, DataError, DatabaseError: see the stages.
    """
    run = Run.new(replay_dir(settings))
    try:
        store = SnapshotStore(settings.raw_dir, without)
        with http_client(settings) as client:
            manifest = Extractor(
                store=store,
                client=client,
                base_urls=base_urls(settings),
                as_of_utc=as_of_utc(as_of) if as_of else "",
                sample_satellites=settings.sample_satellites,
            ).extract(run.run_id, source)
        run.write_manifest(manifest)
        tables = transform_run(manifest, store)
        check_manual_list(manifest, tables)
        stage(run.staging, manifest, merge_sources(tables))
        yield run
    finally:
        shutil.rmtree(replay_dir(settings), ignore_errors=True)


def replay_dir(settings: Settings) -> Path:
    """Return the folder of the run that is being built; the next run removes an abandoned one."""
    return settings.data_dir / ".replay"


def _instant(snapshot: Snapshot) -> str:
    return snapshot.retrieved_utc


def _day(instant: str) -> str:
    return instant[:_DATE_LENGTH]
