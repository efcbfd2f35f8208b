"""What a run publishes in place of a GP list that cannot be right."""

from contextlib import suppress

import msgspec

from spacex.errors import ImplausibleListError, SnapshotError
from spacex.extract.fetch_context import extracted
from spacex.extract.run_folder import ExtractedSnapshot, Run
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.settings import Settings
from spacex.sources import CELESTRAK
from spacex.transform import transform_run
from spacex.transform.gp_list import ENDPOINT
from spacex.transform.merge import merge_sources
from spacex.warehouse.loaded_lists import loaded
from spacex.warehouse.staging import stage


def stage_with_loaded_list(settings: Settings, run: Run, error: ImplausibleListError) -> None:
    """Stage a run again with the newest GP list in the database in place of its own, and note why.

    If the snapshot of that list cannot be read, the run has no satellites, and the database keeps
    those that it has.

    Args:
        settings: the snapshots and the database.
        run: the run, transformed.
        error: why its list is implausible.

    Raises:
        ImplausibleListError: the run has nothing else.
        SnapshotError, ResponseError, DataError, DatabaseError: see `transform_run` and `stage`.
    """
    manifest = run.manifest()
    if all(map(_is_gp_list, manifest.extracted)):
        remedy = f"The database is unchanged. {error.remedy}"
        raise ImplausibleListError(error.message, remedy, error.finding) from None
    store = SnapshotStore(settings.raw_dir)
    if known := _newest_loaded(settings, store):
        item = extracted(known, "stored")
        used = [item if _is_gp_list(each) else each for each in manifest.extracted]
    else:
        used = [each for each in manifest.extracted if each.snapshot.endpoint != ENDPOINT.name]
    note = f"{manifest.note}\n{error}".strip()
    manifest = msgspec.structs.replace(manifest, extracted=tuple(used), note=note)
    run.write_manifest(manifest)
    stage(run.staging, manifest, merge_sources(transform_run(manifest, store)))


def _is_gp_list(each: ExtractedSnapshot) -> bool:
    return (each.snapshot.source, each.snapshot.endpoint) == (CELESTRAK.name, ENDPOINT.name)


def _newest_loaded(settings: Settings, store: SnapshotStore) -> Snapshot | None:
    """Return the snapshot of the newest GP list in the database, if it can be read."""
    lists = loaded(settings.database).lists
    for snapshot in reversed(store.all(CELESTRAK.name, ENDPOINT.name)):
        if snapshot.retrieved_utc in lists:
            with suppress(SnapshotError):
                store.read(snapshot)
                return snapshot
            return None
    return None
