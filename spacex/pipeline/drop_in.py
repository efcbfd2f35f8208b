"""The folder `drop-in`: import its files, and move those that cannot be used to `rejected`."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from spacex.errors import SettingsError
from spacex.extract.manual_files import REJECTED, manual_files, set_aside, shown_name
from spacex.extract.run_folder import Run
from spacex.extract.unfinished_files import State, states_of, unfinished
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

    Those of a source that is not used stay, and so do those that another program still writes.

    Args:
        settings: the folders, and the limits of the guards.
        on_date: reports progress.
        accept_shrink: whether to load lists that may be truncated, also the newest ones that were
            refused and are stored.

    Returns:
        A note on the sample if it was replaced, one on the files that are not finished, and a
        sentence for each other file that was not loaded.

    Raises:
        SnapshotError, StorageError, DatabaseError: see `import_files`.
    """
    if not uses_manual_files(settings):
        return []
    before = loaded(settings.database)
    refused = newest_refused(settings) if accept_shrink else []
    accept_lists(settings, refused)
    folder, files, notes = settings.drop_in_dir, [], []
    states: dict[Path, State] = {}
    left: set[Path] = set()
    try:
        states = states_of(manual_files(folder))
        left = unfinished(states)
        finished = states.keys() - left
        files = import_files(settings, folder, on_date, only=finished, accept_shrink=accept_shrink)
    except SettingsError as error:  # the folder cannot be listed
        notes = [reason_of(error)]
    if refused:
        load_lists(settings, {each.retrieved_utc for each in refused}, on_date)
    if before.is_simulated and not loaded(settings.database).is_simulated:
        notes.append(SAMPLE_REPLACED)
    failed = [each for each in files if each.problem]
    left |= _changed(states, {each.path for each in failed})
    notes += [_set_aside(settings, each) for each in failed if each.path not in left]
    if there := [each for each in left if os.path.lexists(each)]:
        notes.append(_left(folder, there))
    return notes


def _changed(states: Mapping[Path, State], paths: Iterable[Path]) -> set[Path]:
    """Return the files that have changed since they were looked at."""
    now = states_of(path for path in paths if path in states)
    return {path for path, state in now.items() if state != states[path]}


def _left(folder: Path, left: Iterable[Path]) -> str:
    names = ", ".join(sorted(map(shown_name, left)))
    return (
        f"Not finished, and left in {folder.name}: {names}. The next run takes what is finished "
        "by then."
    )


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
