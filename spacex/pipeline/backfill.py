"""Import files with GP lists: judge, store and load each as the list of its own date.

Files of catalogues are recognized among them, and stored for the runs.

A file is judged before it is stored. The stored lists are loaded in the order of their dates into
private copies of the database, of which each takes twice as many dates as the one before and is
then published: few copies are made, and an interrupted import loses at most half of its work. If
the database already holds newer data, it is rebuilt from all snapshots instead. An import that is
repeated continues.
"""

import hashlib
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from spacex.errors import DataError, ResponseError, SettingsError, SnapshotError, SpacexError
from spacex.extract.accepted_lists import accept, is_accepted
from spacex.extract.as_of import as_of_utc
from spacex.extract.manual_files import (
    REJECTED,
    check_date,
    date_in_name,
    date_of,
    list_instant,
    manual_files,
    manual_response,
    read_manual_file,
    set_aside,
    shown_name,
)
from spacex.extract.refused_lists import refusals, refuse
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.pipeline.manual_catalogues import (
    Catalogue,
    find_catalogue,
    missing_files,
    store_catalogue,
)
from spacex.pipeline.replay import (
    DateLoader,
    NothingLoadedError,
    Progress,
    Replayed,
    reason_of,
    stored_dates,
)
from spacex.pipeline.services import limits_of, used_services
from spacex.pipeline.upgrade import rebuild
from spacex.settings import Settings
from spacex.sources import CELESTRAK, GCAT, SATCAT
from spacex.transform.gp_list import ENDPOINT, GpList, read_gp_list
from spacex.units import utc_instant, utc_text
from spacex.warehouse.connection import reading
from spacex.warehouse.publish import publishing

_UNUSABLE = (DataError, ResponseError, SettingsError)
_REPORT = "This is a fault of this program, not of the file: please report it with the file."
_HELD = """SELECT max(retrieved_utc) FROM _snapshots JOIN _runs USING (run_id)
           WHERE NOT is_simulated"""
_LATEST = "9999-12-31T23:59:59Z"
_FATES = """SELECT retrieved_utc, rows_in, rows_loaded, rows_rejected, rows_out_of_scope
            FROM _snapshots s JOIN _counts c USING (run_id, source)
            WHERE source = ? AND table_name = 'starlink_elements'"""
_OBSERVED = "SELECT observed_utc FROM _observations WHERE source = ?"


class Fates(NamedTuple):
    """The number of records of a list, and how many were loaded, rejected and out of scope."""

    records: int
    loaded: int
    rejected: int
    out_of_scope: int

    @property
    def if_refused(self) -> "Fates":
        """The fates if the whole list is refused: nothing is loaded, all in scope is rejected."""
        return Fates(self.records, 0, self.records - self.out_of_scope, self.out_of_scope)


@dataclass(frozen=True)
class ImportedFile:
    """The outcome of importing a file.

    Attributes:
        path: the file.
        list_utc: the instant of its list; empty if it has no readable one.
        fates: the numbers of its records by fate; None if unknown.
        problem: why it is not loaded, and what to do; empty if it is.
        stays: whether it stays in its folder, because a later run can use it.
    """

    path: Path
    list_utc: str = ""
    fates: Fates | None = None
    problem: str = ""
    stays: bool = False

    @property
    def name(self) -> str:
        """The name of the file, printable."""
        return shown_name(self.path)

    @property
    def reason(self) -> str:
        """The problem without the name of the file, where it starts with it."""
        return self.problem.removeprefix(self.name).lstrip(": ")


@dataclass(frozen=True)
class _Judged:
    """A file that can be stored: its list, and the digest of its bytes."""

    path: Path
    sha256: str
    list_utc: str
    content: GpList


def import_files(
    settings: Settings,
    folder: Path,
    on_date: Progress = lambda *_: None,
    *,
    within: Path | None = None,
    accept_shrink: bool = False,
) -> list[ImportedFile]:
    """Import the files of a folder, and go on after one that cannot be used.

    Args:
        settings: the folders, and the limits of the guards.
        folder: GP lists, as OMM in JSON or CSV or as TLE, and catalogues; gzipped or not.
        on_date: reports progress.
        within: a folder that links must not leave; None: they may.
        accept_shrink: whether to load lists that may be truncated, now and later.

    Returns:
        The outcome of each file, in the order of the lists' dates.

    Raises:
        SettingsError: no source of such files is among the sources.
        SnapshotError: a sidecar cannot be read.
        StorageError: a file cannot be written.
        DatabaseError: the database is locked or cannot be written; the files are stored.
    """
    paths = manual_files(folder)
    if not paths:
        return []
    if not _uses_manual_files(settings):
        raise _left_out("GP lists belong to")
    importer = _Importer(settings, within)
    for path in paths:
        importer.judge(path)
    importer.store_lists()
    if accept_shrink:
        importer.accept_lists()
    importer.load(on_date)
    return importer.outcomes()


def take_drop_in(
    settings: Settings, on_date: Progress = lambda *_: None, *, accept_shrink: bool = False
) -> list[str]:
    """Import the manual files, and move those that cannot be used to `rejected`.

    Those of a source that is not used stay.

    Args:
        settings: the folders, and the limits of the guards.
        on_date: reports progress.
        accept_shrink: whether to load lists that may be truncated, also the newest ones that were
            refused and are stored.

    Returns:
        A sentence for each file that was not loaded.

    Raises:
        SnapshotError, StorageError, DatabaseError: see `import_files`.
    """
    folder = settings.drop_in_dir
    if not _uses_manual_files(settings):
        return []
    refused = _newest_refused(settings) if accept_shrink else []
    accept(settings.raw_dir, *refused)
    files = import_files(settings, folder, on_date, within=folder, accept_shrink=accept_shrink)
    if refused:
        _load(settings, {each.retrieved_utc for each in refused}, on_date)
    notes = []
    for each in files:
        if each.problem:
            if each.stays or each.path.parent != folder:  # it was loaded earlier
                notes.append(each.problem)
                continue
            moved = set_aside(each.path, each.problem)
            place = f"moved to {folder.name}/{REJECTED}" if moved else "it cannot be moved"
            notes.append(f"Not loaded from {folder.name}: {each.problem} ({place})")
    return notes


def unusable_lists(settings: Settings) -> dict[Snapshot, str]:
    """Return the newest stored manual files that no run can use, with a sentence about each.

    They were stored by an earlier release, or could not be loaded. The sentence is empty if the run
    that refused the file has reported it.

    Raises:
        SnapshotError: a sidecar cannot be read.
        DatabaseError: the database cannot be read.
    """
    store = SnapshotStore(settings.raw_dir)
    observed = _state(settings.database).observed
    refused = _refused(store, observed)
    found: dict[Snapshot, str] = {}
    for snapshot in reversed(store.all(CELESTRAK.name, ENDPOINT.name)):
        if not snapshot.manual_name or snapshot.retrieved_utc in observed:
            break
        reason = _problem_of(store, snapshot)
        if not reason and not observed:  # a new or rebuilt database
            break
        if reason:
            found[snapshot] = f"{reason} The snapshot {snapshot.path} is not used."
        elif snapshot in refused:
            found[snapshot] = ""
        else:
            found[snapshot] = f"{snapshot.origin} is stored, but not loaded: import its file again."
    return found


def _refused(store: SnapshotStore, observed: Collection[str]) -> dict[Snapshot, str]:
    """Return the stored lists that were refused, and neither accepted nor loaded since, and why.

    Args:
        store: the stored snapshots.
        observed: instants of the lists in the database. If it has none, nothing counts as refused.
    """
    reasons = refusals(store.folder) if observed else {}
    return {
        each: reasons[each.path]
        for each in (store.all(CELESTRAK.name, ENDPOINT.name) if reasons else ())
        if each.path in reasons
        and each.retrieved_utc not in observed
        and not is_accepted(store.folder, each.sha256)
    }


def _newest_refused(settings: Settings) -> list[Snapshot]:
    """Return the newest stored manual files that can be used but are not loaded."""
    store = SnapshotStore(settings.raw_dir)
    return [each for each in unusable_lists(settings) if not _problem_of(store, each)]


def _problem_of(store: SnapshotStore, snapshot: Snapshot) -> str:
    """Return why a stored manual file cannot be used; empty if it can."""
    try:
        content = read_gp_list(store.read(snapshot), snapshot.url)
        check_date(snapshot.url, date_of(snapshot.retrieved_utc), content.median_epoch)
    except (*_UNUSABLE, SnapshotError) as error:
        return error.message
    return ""


class _Importer:
    """Judges, stores and loads files."""

    def __init__(self, settings: Settings, within: Path | None) -> None:
        self._settings = settings
        self._within = within
        self._store = SnapshotStore(settings.raw_dir)
        self._stored = self._store.all(CELESTRAK.name, ENDPOINT.name)
        self._observed = _state(settings.database).observed
        self._judged: list[_Judged] = []
        self._files: list[ImportedFile] = []
        self._catalogues: list[tuple[ImportedFile, Catalogue]] = []

    def judge(self, path: Path) -> None:
        """Read a file, and decide whether it can be stored or is loaded already."""
        name = shown_name(path)
        try:
            body = read_manual_file(path, limits_of(self._settings).max_bytes, self._within)
            if kind := find_catalogue(body, name):
                self._store_catalogue(path, body, kind)
                return
            if CELESTRAK not in used_services(self._settings):
                reason = reason_of(_left_out(f"{name} is of"))
                self._files.append(ImportedFile(path, problem=reason, stays=True))
                return
            sha256 = hashlib.sha256(body).hexdigest()
            known = {each.retrieved_utc for each in self._stored if each.sha256 == sha256}
            loaded = min(known & self._observed, default="")
            if not (loaded and self._is_dated_by(name, loaded)):
                content = read_gp_list(body, name)
                instant = list_instant(name, content.newest_epoch, content.median_epoch)
            if loaded:
                self._files.append(ImportedFile(path, loaded))
                return
        except _UNUSABLE as error:
            self._files.append(ImportedFile(path, problem=reason_of(error)))
        except SpacexError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault of this program costs only the file
            problem = f"{name} cannot be judged ({type(error).__name__}: {error}). {_REPORT}"
            self._files.append(ImportedFile(path, problem=problem))
        else:
            self._judged.append(_Judged(path, sha256, utc_text(instant), content))

    def store_lists(self) -> None:
        """Store the judged files, once each by content; of the lists of a day, the newest first."""
        by_content = {each.sha256: each for each in self._stored}
        newest_first = sorted(self._judged, key=lambda e: e.content.newest_epoch, reverse=True)
        for file in sorted(newest_first, key=lambda each: each.list_utc):
            known = by_content.get(file.sha256)
            if known is None or not _is_dated(known, file.content):
                by_content[file.sha256] = known = self._save(file)
            content = file.content
            fates = Fates(content.record_count, 0, content.rejected, content.out_of_scope)
            self._files.append(ImportedFile(file.path, known.retrieved_utc, fates))

    def accept_lists(self) -> None:
        """Record that the lists of the files are accepted, whatever they lost."""
        new = {each.list_utc for each in self._files if not each.problem} - self._observed
        lists = self._store.all(CELESTRAK.name, ENDPOINT.name)
        accept(self._settings.raw_dir, *(each for each in lists if each.retrieved_utc in new))

    def load(self, on_date: Progress) -> None:
        """Load the stored lists; note why a list cannot be loaded."""
        wanted = {each.list_utc for each in self._files if not each.problem}
        reasons = _load(self._settings, wanted, on_date)
        observed = _state(self._settings.database).observed
        for position, file in enumerate(self._files):
            if not file.problem and file.list_utc not in observed:
                reason = reasons.get(file.list_utc, "Its date cannot be loaded.")
                problem = reason if file.name in reason else f"{file.name}: {reason}"
                refused = file.fates and file.fates.if_refused
                self._files[position] = replace(file, fates=refused, problem=problem)
        self._files += self._unloaded(observed, reasons)

    def _unloaded(
        self, observed: Collection[str], reasons: dict[str, str]
    ) -> Iterator[ImportedFile]:
        """Yield the lists that were loaded earlier, and that a rebuild has refused."""
        named = {each.list_utc for each in self._files}
        for snapshot in self._stored:
            instant = snapshot.retrieved_utc
            if instant in self._observed and instant not in {*observed, *named}:
                name = snapshot.manual_name or snapshot.path
                reason = f"{name} is no longer loaded. {reasons.get(instant, '')}".strip()
                yield ImportedFile(Path(name), instant, problem=reason)

    def outcomes(self) -> list[ImportedFile]:
        """Return the outcome of each file, with the fates of its records."""
        fates = _fates(self._settings.database)
        files = [
            each if each.problem else replace(each, fates=fates.get(each.list_utc))
            for each in self._files
        ]
        files += self._judged_catalogues()
        return sorted(files, key=lambda each: (not each.list_utc, each.list_utc, each.name))

    def _is_dated_by(self, name: str, instant: str) -> bool:
        """Return whether a name is that of the list of an instant, or has the same date."""
        if dates := date_in_name(name):
            return dates[0] <= utc_instant(instant) <= dates[1]
        names = {each.origin for each in self._stored if each.retrieved_utc == instant}
        return any(each.startswith(f"{name} (") for each in names)

    def _store_catalogue(self, path: Path, body: bytes, kind: Catalogue) -> None:
        """Store a file of a catalogue; a run uses the newest one."""
        snapshot, table = store_catalogue(self._settings, path, body, kind)
        counts = (table.rows_in, len(table.frame), table.rows_rejected, table.rows_out_of_scope)
        file = ImportedFile(path, snapshot.retrieved_utc, Fates(*counts))
        self._catalogues.append((file, kind))

    def _judged_catalogues(self) -> Iterator[ImportedFile]:
        """Yield the files of catalogues; those that others must join are not used yet."""
        for file, kind in self._catalogues:
            missing = missing_files(self._settings, kind)
            wait = f"{file.name} is stored, and used when {_words(missing)} of "
            wait += f"{kind.source.name.upper()} are stored too. Provide them."
            yield replace(file, problem=wait, stays=True) if missing else file

    def _save(self, file: _Judged) -> Snapshot:
        body = read_manual_file(file.path, limits_of(self._settings).max_bytes, self._within)
        misdated = [each.path for each in self._stored if each.sha256 == file.sha256]
        without = SnapshotStore(self._settings.raw_dir, without=misdated)
        return (without if misdated else self._store).save(
            CELESTRAK,
            ENDPOINT.name,
            manual_response(file.path, utc_instant(file.list_utc), body),
            file.content.record_count,
        )


def _uses_manual_files(settings: Settings) -> bool:
    """Return whether a source is used that manual files can have."""
    return not {CELESTRAK.name, SATCAT.name, GCAT.name}.isdisjoint(
        source.name for source in used_services(settings)
    )


def _left_out(what: str) -> SettingsError:
    return SettingsError(
        f"{what} the source {CELESTRAK.name}, which SPACEX_SOURCES leaves out.",
        remedy=f"Add {CELESTRAK.name} to SPACEX_SOURCES.",
    )


def _words(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def _is_dated(snapshot: Snapshot, content: GpList) -> bool:
    """Return whether the date of a stored list agrees with its epochs."""
    with suppress(DataError):
        check_date(snapshot.url, date_of(snapshot.retrieved_utc), content.median_epoch)
        return True
    return False


def _load(settings: Settings, wanted: Collection[str], on_date: Progress) -> dict[str, str]:
    """Load the lists of these instants that the database lacks.

    Lists that were refused before are not tried again, unless one before them is new.

    Returns:
        Instant → why its list cannot be loaded.
    """
    state, store = _state(settings.database), SnapshotStore(settings.raw_dir)
    refused = _refused(store, state.observed)
    known = {each.retrieved_utc: why for each, why in refused.items()}
    pending = set(wanted) - state.observed - known.keys()
    others = SnapshotStore(settings.raw_dir, without=[each.path for each in refused])
    # after an interrupted import, there are stored lists after these
    new = [*pending, *stored_dates(others, state.held_utc)]
    if not new:
        return known
    kept = {each: why for each, why in refused.items() if each.retrieved_utc < min(new)}
    replayed, oldest = Replayed(refused=kept), min(pending, default=_LATEST)
    if oldest <= state.held_utc or not _append(settings, state.held_utc, replayed, on_date):
        try:
            replayed = rebuild(settings, on_date)
        except DataError as error:
            return known | dict.fromkeys(pending, error.message)
    refuse(settings.raw_dir, replayed.judged)
    by_date = {as_of_utc(date): why for date, why in replayed.failures.items()}
    return by_date | {each.retrieved_utc: why for each, why in replayed.refused.items()}


def load_later(settings: Settings, on_date: Progress = lambda *_: None) -> list[str]:
    """Load every stored date after those that the database holds, but no list refused before.

    Args:
        settings: the folders, and the limits of the guards.
        on_date: reports progress.

    Returns:
        A sentence for each date or list that was not loaded.

    Raises:
        SnapshotError, DatabaseError: see `import_files`.
    """
    state, store = _state(settings.database), SnapshotStore(settings.raw_dir)
    refused = _refused(store, state.observed)
    others = SnapshotStore(settings.raw_dir, without=[each.path for each in refused])
    if not stored_dates(others, state.held_utc):
        return []
    replayed = Replayed(refused=dict(refused))
    _append(settings, state.held_utc, replayed, on_date)
    refuse(settings.raw_dir, replayed.judged)
    for each in refused:
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
            is_overtaken = _held(connection) != held_utc
            if is_overtaken:
                raise NothingLoadedError
            before = len(replayed.runs)
            for number, date in enumerate(dates[start : start + size], start + 1):
                on_date(number, len(dates), date)
                loader.load(connection, date)
            if len(replayed.runs) == before:
                raise NothingLoadedError
            held_utc = _held(connection)
        start, size = start + size, 2 * size
    return not is_overtaken


@dataclass(frozen=True)
class _State:
    """The newest snapshot a database was built from, and its GP lists, as instants."""

    held_utc: str = ""
    observed: frozenset[str] = frozenset()


def _state(database: Path) -> _State:
    if not database.exists():
        return _State()
    with reading(database) as connection:
        lists = connection.execute(_OBSERVED, (CELESTRAK.name,))
        return _State(_held(connection), frozenset(instant for (instant,) in lists))


def _held(connection: sqlite3.Connection) -> str:
    (newest,) = connection.execute(_HELD).fetchone()
    return newest or ""


def _fates(database: Path) -> dict[str, Fates]:
    """Return the fates of the records of each GP list in a database, by its instant."""
    if not database.exists():
        return {}
    with reading(database) as connection:
        rows = connection.execute(_FATES, (CELESTRAK.name,)).fetchall()
    return {instant: Fates(*fates) for instant, *fates in rows}
