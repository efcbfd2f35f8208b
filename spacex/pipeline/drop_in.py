"""The folder `drop-in`: import its files, and move those that cannot be used to `rejected`."""

from collections.abc import Iterable

from spacex.errors import SettingsError
from spacex.extract.manual_files import REJECTED, set_aside
from spacex.extract.run_folder import Run
from spacex.pipeline.backfill import accept_lists, load_lists
from spacex.pipeline.import_files import ImportedFile, import_files, uses_manual_files
from spacex.pipeline.replay import Progress, reason_of
from spacex.pipeline.unloaded_lists import newest_refused
from spacex.schema.launches import LAUNCHES
from spacex.settings import Settings
from spacex.warehouse.load import SAMPLE_REPLACED
from spacex.warehouse.loaded_lists import loaded


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
        A note on the sample if it was replaced, and a sentence for each file that was not loaded.

    Raises:
        SnapshotError, StorageError, DatabaseError: see `import_files`.
    """
    if not uses_manual_files(settings):
        return []
    before = loaded(settings.database)
    refused = newest_refused(settings) if accept_shrink else []
    accept_lists(settings, refused)
    folder, files, notes = settings.drop_in_dir, [], []
    try:
        files = import_files(settings, folder, on_date, within=folder, accept_shrink=accept_shrink)
    except SettingsError as error:  # the folder cannot be listed
        notes = [reason_of(error)]
    if refused:
        load_lists(settings, {each.retrieved_utc for each in refused}, on_date)
    if before.is_simulated and not loaded(settings.database).is_simulated:
        notes.append(SAMPLE_REPLACED)
    return notes + [_set_aside(settings, each) for each in files if each.problem]


def add_notes(run: Run, notes: Iterable[str]) -> None:
    """Add what `take_drop_in` has returned to the notes of an extracted run.

    That the sample was replaced is left out if the run itself loads launches.

    Raises:
        SnapshotError, StorageError: see `Run.add_note`.
    """
    has_launches = any(e.snapshot.endpoint == LAUNCHES.name for e in run.manifest().extracted)
    for note in notes:
        if note != SAMPLE_REPLACED or not has_launches:
            run.add_note(note)


def _set_aside(settings: Settings, file: ImportedFile) -> str:
    """Move a file that cannot be used, and return a sentence about it."""
    if file.stays or file.is_lost:
        return file.problem
    folder = settings.drop_in_dir.name
    moved = set_aside(file.path, file.problem)
    place = f"moved to {folder}/{REJECTED}" if moved else "it cannot be moved"
    return f"Not loaded from {folder}: {file.problem} ({place})"
