"""Load a folder of dated GP lists in order, as history."""

from collections.abc import Iterator
from pathlib import Path

from spacex.errors import SettingsError
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.pipeline import stages
from spacex.pipeline.replay import built
from spacex.settings import Settings
from spacex.sources import CELESTRAK
from spacex.warehouse.connection import reading
from spacex.warehouse.load import load


def import_snapshots(settings: Settings, folder: Path) -> Iterator[Snapshot]:
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
            # Weeks may lie between two files, so tables may shrink.
            with built(settings, snapshot.retrieved_utc) as run:
                load(run, settings, accept_shrink=True)
            yield snapshot


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
