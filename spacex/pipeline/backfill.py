"""Load a folder of dated GP lists in order, as history."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spacex.errors import SettingsError
from spacex.extract.run_folder import Run
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.pipeline import stages
from spacex.settings import Settings
from spacex.sources import CELESTRAK
from spacex.warehouse.connection import reading


@dataclass(frozen=True)
class Loaded:
    """A GP list that has been loaded.

    Attributes:
        snapshot: the stored list.
        run_id: the run that loaded it.
    """

    snapshot: Snapshot
    run_id: str


def import_snapshots(settings: Settings, folder: Path) -> Iterator[Loaded]:
    """Store the files of a folder, then load every stored GP list newer than the database.

    Without a database, load every stored GP list, so that the history is complete. Each is loaded
    together with what the other services had returned by then.

    Args:
        settings: the folders, and the limits of the guards.
        folder: JSON, CSV or TLE files, gzipped or not, with their date in the name.

    Yields:
        Each list, once it is loaded.

    Raises:
        SettingsError: the folder is missing or empty, or holds lists older than the database's.
        ResponseError, SnapshotError, DataError, DatabaseError: see the stages; the lists yielded
            before are loaded.
    """
    new = _store(settings, folder)
    since = _newest_observation(settings.database)
    late = [snapshot for snapshot in new if snapshot.retrieved_utc <= since]
    if late:
        raise SettingsError(
            f"{settings.database} already has a GP list of {since}; {len(late)} of these files are "
            f"older, for example {late[0].url}. They are stored, but history loads in order.",
            remedy="Move the database away, then run this again to load every stored list.",
        )
    for snapshot in SnapshotStore(settings.raw_dir).all(CELESTRAK.name, "starlink"):
        if snapshot.retrieved_utc > since:
            yield Loaded(snapshot, _load(settings, snapshot))


def _store(settings: Settings, folder: Path) -> list[Snapshot]:
    if not folder.is_dir():
        raise SettingsError(f"There is no folder {folder}.", remedy="Name one with dated files.")
    with stages.http_client(settings) as client:
        files = stages.manual_files(settings, folder, client)
        if not files.files():
            raise SettingsError(f"{folder} is empty.", remedy="Put dated GP lists into it.")
        return files.store_new()


def _newest_observation(database: Path) -> str:
    if not database.exists():
        return ""
    with reading(database) as connection:
        sql = "SELECT max(observed_utc) FROM _observations WHERE source = ?"
        (newest,) = connection.execute(sql, (CELESTRAK.name,)).fetchone()
    return newest or ""


def _load(settings: Settings, snapshot: Snapshot) -> str:
    run = Run.new(settings.runs_dir)
    stages.extract(settings, run.run_id, "snapshot", as_of=snapshot.retrieved_utc)
    stages.transform(settings, run.run_id)
    stages.load(settings, run.run_id, accept_shrink=True)  # weeks may lie between two files
    shutil.rmtree(run.folder, ignore_errors=True)  # the database has its tables
    return run.run_id
