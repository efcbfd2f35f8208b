"""Import files with GP lists: judge, store and load each as the list of its own date.

A file is judged before it is stored, and one that cannot be used does not stop the others. An
import that is interrupted continues when it is repeated.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from spacex.errors import SettingsError, SpacexError
from spacex.extract.as_of import as_of_utc
from spacex.extract.manual_files import manual_files, read_manual_file, shown_name
from spacex.extract.sealed_json import digest
from spacex.extract.snapshots import SnapshotStore
from spacex.extract.unfinished_files import has_unfinished_name
from spacex.pipeline.backfill import accept_lists, load_lists
from spacex.pipeline.manual_catalogues import (
    Catalogue,
    catalogue_snapshots,
    find_catalogue,
    missing_files,
)
from spacex.pipeline.manual_snapshots import UNUSABLE, ManualSnapshots
from spacex.pipeline.replay import Progress, reason_of
from spacex.pipeline.services import limits_of, used_services
from spacex.settings import Settings
from spacex.sources import CELESTRAK, GCAT, SATCAT, Source
from spacex.transform.gp_list import ENDPOINT, GP_LIST
from spacex.transform.manual_content import Fates, read_list
from spacex.warehouse.loaded_lists import element_counts, loaded

_REPORT = "This is a fault of this program, not of the file: please report it with the file."


@dataclass(frozen=True)
class ImportedFile:
    """The outcome of importing a file.

    Attributes:
        path: the file; only its name, if it was imported before.
        list_utc: the instant of its list; empty if it has no readable one.
        fates: the numbers of its records by fate; None if unknown.
        problem: why it is not loaded, and what to do; empty if it is.
        catalogue: the catalogue that it is, which runs use; None for a GP list.
        stays: whether it stays in its folder, because a later run can use it.
        is_lost: whether it is a list that was loaded before, and no longer is.
        is_unfinished: whether its name says that another program still writes it: it is skipped.
    """

    path: Path
    list_utc: str = ""
    fates: Fates | None = None
    problem: str = ""
    catalogue: Catalogue | None = None
    stays: bool = False
    is_lost: bool = False
    is_unfinished: bool = False

    @property
    def name(self) -> str:
        """The name of the file, printable."""
        return shown_name(self.path)

    @property
    def reason(self) -> str:
        """The problem without the name of the file, where it starts with it."""
        return self.problem.removeprefix(self.name).lstrip(": ")


def import_files(
    settings: Settings,
    folder: Path,
    on_date: Progress = lambda *_: None,
    *,
    on_file: Progress = lambda *_: None,
    only: Collection[Path] | None = None,
    accept_shrink: bool = False,
) -> list[ImportedFile]:
    """Import the files of a folder, and go on after one that cannot be used.

    Args:
        settings: the folders, and the limits of the guards.
        folder: GP lists, as OMM in JSON or CSV or as TLE, and catalogues; gzipped or not.
        on_date: reports the progress of loading.
        on_file: reports the progress of reading.
        only: the files of the folder to import, whose links must not leave it; None: all of its
            files, wherever links lead.
        accept_shrink: whether to load lists that lost or gained too many satellites, now and later.

    Returns:
        The outcome of each file, in the order of the lists' dates.

    Raises:
        SettingsError: the folder cannot be listed, or no source of such files is among the
            sources.
        SnapshotError: a sidecar cannot be read.
        StorageError: a file cannot be written, or a restore replaced the data.
        DatabaseError: the database is locked or cannot be written; the files are stored.
    """
    paths = [each for each in manual_files(folder) if only is None or each in only]
    if not paths:
        return []
    if not uses_manual_files(settings):
        raise _left_out("GP lists belong to", CELESTRAK)
    importer = _Importer(settings, within=None if only is None else folder)
    for number, path in enumerate(paths, start=1):
        on_file(number, len(paths), shown_name(path))
        importer.store(path)
    if accept_shrink:
        importer.accept()
    importer.load(on_date)
    return importer.outcomes()


def _reason(list_utc: str, reasons: dict[str, str]) -> str:
    """Return why the list of an instant, or else its whole day, was not loaded."""
    of_day = reasons.get(as_of_utc(list_utc[: len("2026-11-01")]), "Its date cannot be loaded.")
    return reasons.get(list_utc, of_day)


class _Importer:
    """Stores and loads files."""

    def __init__(self, settings: Settings, within: Path | None) -> None:
        raw = settings.raw_dir
        self._settings = settings
        self._within = within
        self._store = SnapshotStore(raw)
        self._before = self._store.all(*GP_LIST)
        self._observed = loaded(settings.database).lists
        read = partial(read_list, max_reject_pct=settings.max_reject_pct)
        self._lists = ManualSnapshots(raw, CELESTRAK, ENDPOINT.name, read)
        self._files: list[ImportedFile] = []

    def store(self, path: Path) -> None:
        """Read a file and store it, if it can be used and is not stored."""
        name = shown_name(path)
        if has_unfinished_name(path):
            problem = f"{name}: skipped, as a name that ends in {path.suffix} is of a file that is "
            problem += "not finished. Rename it if it is."
            self._files.append(ImportedFile(path, problem=problem, stays=True, is_unfinished=True))
            return
        try:
            body = read_manual_file(path, limits_of(self._settings).max_bytes, self._within)
            self._files.append(self._stored(path, body))
        except UNUSABLE as error:
            self._files.append(ImportedFile(path, problem=reason_of(error)))
        except SpacexError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault of this program costs only the file
            problem = f"{name} cannot be judged ({type(error).__name__}: {error}). {_REPORT}"
            self._files.append(ImportedFile(path, problem=problem))

    def _stored(self, path: Path, body: bytes) -> ImportedFile:
        name = shown_name(path)
        kind = find_catalogue(body, name)
        source = kind.source if kind else CELESTRAK
        if source not in used_services(self._settings):
            reason = reason_of(_left_out(f"{name} is of", source))
            return ImportedFile(path, problem=reason, stays=source is CELESTRAK)
        if kind:
            snapshot, content = catalogue_snapshots(self._settings, kind).store(path, body)
            return ImportedFile(path, snapshot.retrieved_utc, content.fates, catalogue=kind)
        for known in self._lists.copies(digest(body)):
            if known.retrieved_utc in self._observed and self._lists.is_dated_as(known, name):
                return ImportedFile(path, known.retrieved_utc)
        snapshot, content = self._lists.store(path, body)
        return ImportedFile(path, snapshot.retrieved_utc, content.fates)

    def accept(self) -> None:
        """Record that the lists of the files are accepted, whatever they lost."""
        self._store.check_folder()
        new = self._wanted() - self._observed
        lists = self._store.all(*GP_LIST)
        accept_lists(self._settings, [each for each in lists if each.retrieved_utc in new])

    def load(self, on_date: Progress) -> None:
        """Load the stored lists; note why a list cannot be loaded."""
        self._store.check_folder()
        reasons = load_lists(self._settings, self._wanted(), on_date)
        observed = loaded(self._settings.database).lists
        self._files = [
            each
            if each.problem or each.catalogue or each.list_utc in observed
            else _refused(each, _reason(each.list_utc, reasons))
            for each in self._files
        ]
        self._files += self._lost(observed, reasons)

    def _wanted(self) -> set[str]:
        return {each.list_utc for each in self._files if not (each.problem or each.catalogue)}

    def _lost(self, observed: Collection[str], reasons: dict[str, str]) -> Iterator[ImportedFile]:
        """Yield the lists that were loaded before, and that a rebuild has refused.

        A list that a service sent again later counts once, and so is not lost.
        """
        named = {each.list_utc for each in self._files}
        lists = self._store.all(*GP_LIST)
        held = {each.sha256 for each in lists if each.retrieved_utc in observed}
        for snapshot in self._before:
            instant, is_held = snapshot.retrieved_utc, snapshot.sha256 in held
            if instant in self._observed and instant not in {*observed, *named} and not is_held:
                name = snapshot.manual_name or snapshot.path
                reason = f"{name} is no longer loaded. {reasons.get(instant, '')}".strip()
                yield ImportedFile(Path(name), instant, problem=reason, is_lost=True)

    def outcomes(self) -> list[ImportedFile]:
        """Return the outcome of each file, with the fates of its records."""
        counts = element_counts(self._settings.database)
        files = [
            replace(each, fates=Fates(*counts[each.list_utc]))
            if not each.problem and each.list_utc in counts
            else each
            for each in self._files
        ]
        files = [self._waiting(each) if each.catalogue else each for each in files]
        return sorted(files, key=lambda each: (not each.list_utc, each.list_utc, each.name))

    def _waiting(self, file: ImportedFile) -> ImportedFile:
        """Return the outcome of a catalogue; one that others must join is not used yet."""
        if not file.catalogue or not (missing := missing_files(self._settings, file.catalogue)):
            return file
        name = file.catalogue.source.name.upper()
        problem = (
            f"{file.name} is stored, and used when {_words(missing)} of {name} are stored too."
        )
        return replace(file, problem=f"{problem} Provide them.", stays=True)


def uses_manual_files(settings: Settings) -> bool:
    """Return whether a source is used that manual files can have."""
    return any(each in used_services(settings) for each in (CELESTRAK, SATCAT, GCAT))


def _left_out(what: str, source: Source) -> SettingsError:
    return SettingsError(
        f"{what} the source {source.name}, which SPACEX_SOURCES leaves out.",
        remedy=f"Add {source.name} to SPACEX_SOURCES.",
    )


def _words(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _refused(file: ImportedFile, reason: str) -> ImportedFile:
    """Return the outcome of a list that is not loaded: all its records in scope are rejected."""
    fates = file.fates
    if fates:
        fates = fates._replace(loaded=0, rejected=fates.records - fates.out_of_scope)
    problem = reason if file.name in reason else f"{file.name}: {reason}"
    return replace(file, fates=fates, problem=problem)
