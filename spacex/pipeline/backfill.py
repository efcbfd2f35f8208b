"""Loading a folder of dated files of orbits, in order: each becomes one list of the history."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spacex.errors import SettingsError
from spacex.extract.fetch import FetchContext
from spacex.extract.http_client import Client
from spacex.extract.manual_files import ManualFiles
from spacex.extract.run_folder import Run
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.pipeline import stages
from spacex.settings import Settings, settings
from spacex.sources import CELESTRAK
from spacex.warehouse.connection import reading

_LIST = "starlink"


@dataclass(frozen=True)
class Loaded:
    """One list that has been loaded.

    Attributes:
        snapshot: the list, as it is stored.
        run_id: the run that loaded it.
    """

    snapshot: Snapshot
    run_id: str


def import_snapshots(folder: Path) -> Iterator[Loaded]:
    """Store the files of a folder, then load every stored list that is newer than the database.

    Where there is no database, these are all lists that were ever stored, so that the history is
    whole again. Each is loaded with what the other services had given by then.

    Args:
        folder: JSON, CSV or TLE files, gzipped or not, with their date in the name.

    Yields:
        Each list, once it is loaded.

    Raises:
        SettingsError: the folder is missing or empty, or holds lists older than the database's.
        ResponseError, SnapshotError, DataError, DatabaseError: as a run's steps; the lists before
            are loaded.
    """
    config = settings()
    new = _store(folder, config)
    since = _newest_observation(config.database)
    late = [snapshot for snapshot in new if snapshot.retrieved_utc <= since]
    if late:
        raise SettingsError(
            f"{config.database} has a list of {since} already, and {len(late)} of these files are "
            f"older, as {late[0].url}. They are stored, but a history is loaded in order.",
            remedy="Move the database away, then run this again: every stored list is loaded.",
        )
    for snapshot in SnapshotStore(config.raw_dir).all(CELESTRAK.name, _LIST):
        if snapshot.retrieved_utc > since:
            yield Loaded(snapshot, _load(config, snapshot))


def _store(folder: Path, config: Settings) -> list[Snapshot]:
    if not folder.is_dir():
        raise SettingsError(f"There is no folder {folder}.", remedy="Name one with dated files.")
    limits = stages.limits(config)
    with Client("SpaceX-Insights", limits) as client:
        store = SnapshotStore(config.raw_dir)
        context = FetchContext(CELESTRAK, config.addresses[CELESTRAK.name], store, client)
        files = ManualFiles(folder, context, CELESTRAK.endpoints[_LIST], limits.max_bytes)
        if not files.files():
            raise SettingsError(f"{folder} is empty.", remedy="Put dated files of orbits into it.")
        return files.take_in()


def _newest_observation(database: Path) -> str:
    if not database.exists():
        return ""
    with reading(database) as connection:
        sql = "SELECT max(observed_utc) FROM _observations WHERE source = ?"
        (newest,) = connection.execute(sql, (CELESTRAK.name,)).fetchone()
    return newest or ""


def _load(config: Settings, snapshot: Snapshot) -> str:
    """One run without notebooks, of what was stored by the instant of a list."""
    run = Run.new(config.runs_dir)
    stages.extract(run.run_id, "snapshot", as_of=snapshot.retrieved_utc)
    stages.transform(run.run_id)
    stages.load(run.run_id, accept_shrink=True)  # weeks may lie between two files
    shutil.rmtree(run.folder, ignore_errors=True)  # its tables are in the database now
    return run.run_id
