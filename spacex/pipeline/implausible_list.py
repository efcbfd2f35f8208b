"""What a run publishes in place of a GP list that cannot be right."""

import msgspec

from spacex.errors import ImplausibleListError, SnapshotError
from spacex.extract.fetch_context import extracted
from spacex.extract.run_folder import ExtractedSnapshot, Run
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.settings import Settings
from spacex.transform.gp_list import ENDPOINT, GP_LIST
from spacex.warehouse.loaded_lists import loaded


def use_loaded_list(settings: Settings, run: Run, error: ImplausibleListError) -> None:
    """Put the newest GP list in the database in place of that of a run, and note why.

    If the snapshot of that list cannot be read, the run has no satellites, and the database keeps
    those that it has.

    Args:
        settings: the snapshots and the database.
        run: the run, to be transformed again.
        error: why its list is implausible.

    Raises:
        ImplausibleListError: the run has nothing else.
        SnapshotError, StorageError: see `Run.manifest` and `Run.write_manifest`.
    """
    manifest = run.manifest()
    if known := _newest_loaded(settings):
        item = extracted(known, "stored")
        used = [item if _is_gp_list(each) else each for each in manifest.extracted]
    else:
        used = [each for each in manifest.extracted if each.snapshot.endpoint != ENDPOINT.name]
    if all(map(_is_gp_list, used)):
        remedy = f"The database is unchanged. {error.remedy}"
        raise ImplausibleListError(error.message, remedy, error.finding) from None
    run.write_manifest(msgspec.structs.replace(manifest, extracted=tuple(used)))
    run.add_note(str(error))


def _is_gp_list(each: ExtractedSnapshot) -> bool:
    return (each.snapshot.source, each.snapshot.endpoint) == GP_LIST


def _newest_loaded(settings: Settings) -> Snapshot | None:
    """Return the snapshot of the newest GP list in the database, if it can be read."""
    store, lists = SnapshotStore(settings.raw_dir), loaded(settings.database).lists
    try:
        known = [each for each in store.all(*GP_LIST) if each.retrieved_utc in lists]
        for newest in known[-1:]:
            store.read(newest)
    except SnapshotError:
        return None
    return known[-1] if known else None
