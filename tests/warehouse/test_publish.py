"""Publishing: one writer, atomic replacement, undisturbed readers."""

import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import pytest
from filelock import FileLock

from spacex.errors import DatabaseError, DataError, StorageError
from spacex.schema import SCHEMA_VERSION
from spacex.settings import Settings
from spacex.warehouse.connection import reading
from spacex.warehouse.digest import check_digest
from spacex.warehouse.publish import publishing
from tests.example_rows import insert_row
from tests.stages import content, publish, rows, unchanged


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "starlink.db"


def put(path: Path, flight_number: int, *, lock_timeout_s: float = 0.1) -> None:
    """Publish one launch."""
    with publishing(path, lock_timeout_s=lock_timeout_s) as connection:
        insert_row(
            connection, "launches", launch_id=str(flight_number), flight_number=flight_number
        )


def flights(path: Path) -> list[object]:
    return [number for (number,) in rows(path, "SELECT flight_number FROM launches ORDER BY 1")]


def files(path: Path) -> list[str]:
    """Return the names in the folder, without the digest."""
    return sorted(each.name for each in path.parent.iterdir() if each.suffix != ".sha256")


def test_published_rows_are_added(path: Path) -> None:
    put(path, 1)
    put(path, 2)
    assert flights(path) == [1, 2]
    assert files(path) == ["starlink.db", "starlink.db.lock"]


def test_published_database_is_world_readable_whatever_the_umask(path: Path) -> None:
    before = os.umask(0o077)
    try:
        put(path, 1)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_failure_leaves_only_the_old_database(path: Path) -> None:
    put(path, 1)
    with unchanged(path), pytest.raises(DataError, match="UNIQUE constraint failed"):
        put(path, 1)
    assert files(path) == ["starlink.db", "starlink.db.lock"]


def test_failure_of_the_first_run_leaves_no_database(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), publishing(path, lock_timeout_s=0.1):
        _ = 1 / 0
    assert files(path) == ["starlink.db.lock"]


def test_open_reader_keeps_the_old_database(path: Path) -> None:
    put(path, 1)
    with reading(path) as old:
        cursor = old.execute("SELECT flight_number FROM launches")
        put(path, 2)
        assert cursor.fetchall() == [(1,)]
        assert old.execute("SELECT flight_number FROM launches").fetchall() == [(1,)]
        assert old.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert flights(path) == [1, 2]


def test_reader_during_a_load_sees_the_old_database(path: Path) -> None:
    put(path, 1)
    with publishing(path, lock_timeout_s=0.1) as connection:
        connection.execute("DELETE FROM launches")
        assert flights(path) == [1]
    assert flights(path) == []


def test_second_writer_times_out(path: Path) -> None:
    put(path, 1)
    with (
        unchanged(path),
        FileLock(path.with_name("starlink.db.lock")),
        ThreadPoolExecutor() as pool,
    ):
        error = pool.submit(put, path, 2).exception()
    assert isinstance(error, DatabaseError)
    assert error.message == f"Another run has held the lock of {path} for more than 0.1 s."
    assert error.remedy == "Wait until it ends, then run again."


def test_second_writer_waits_for_the_first(path: Path) -> None:
    with FileLock(path.with_name("starlink.db.lock")) as lock, ThreadPoolExecutor() as pool:
        second = pool.submit(put, path, 2, lock_timeout_s=30)
        lock.release()
        second.result()
    assert flights(path) == [2]


def test_dead_writer_holds_no_lock(path: Path) -> None:
    path.parent.mkdir()
    lock = path.with_name("starlink.db.lock")
    program = "import os, sys, filelock; filelock.FileLock(sys.argv[1]).acquire(); os._exit(9)"
    assert subprocess.run([sys.executable, "-c", program, lock], check=False).returncode == 9
    assert lock.exists()
    put(path, 1)
    assert flights(path) == [1]


def test_leftover_files_of_a_killed_run_are_removed(path: Path) -> None:
    path.parent.mkdir()
    for name in ("starlink.db.abc.unpublished", "starlink.db.abc.unpublished-journal"):
        (path.parent / name).write_bytes(b"leftover")
    (path.parent / "other.db").write_bytes(b"not ours")
    put(path, 1)
    assert files(path) == ["other.db", "starlink.db", "starlink.db.lock"]


@pytest.mark.parametrize("version", [0, SCHEMA_VERSION + 1])
def test_another_schema_version_is_not_written_over(published: Settings, version: int) -> None:
    with closing(sqlite3.connect(published.database)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with unchanged(published.database), pytest.raises(DatabaseError) as caught:
        publish(published, "snapshot", "two")
    assert f"{published.database} has schema version {version}" in caught.value.message


@pytest.mark.parametrize("start", [0, 2**16])
def test_damaged_database_is_not_replaced(path: Path, start: int) -> None:
    """Damage of the header is found on opening, damage of a page before publishing."""
    put(path, 1)
    with path.open("r+b") as file:
        file.seek(start)
        file.write(b"\xff" * 4096)
    with unchanged(path), pytest.raises(DatabaseError) as caught:
        put(path, 2)
    assert "damaged" in caught.value.message or "corrupt" in caught.value.message
    assert str(path) in str(caught.value) or "published database" in caught.value.remedy
    assert "unpublished" not in caught.value.message
    assert files(path) == ["starlink.db", "starlink.db.lock"]


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_in_place_of_the_database_is_kept(
    settings: Settings, tmp_path: Path, *, exists: bool
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    settings.data_dir.mkdir()
    link = settings.data_dir / "starlink.db"
    link.symlink_to(elsewhere / "mine.db")
    if exists:
        put(settings.database, 1)
    put(settings.database, 2)
    assert link.is_symlink()
    expected = [1, 2] if exists else [2]
    assert flights(link) == flights(elsewhere / "mine.db") == expected
    assert check_digest(settings.database) == ""
    assert list(settings.data_dir.iterdir()) == [link]
    assert files(elsewhere / "mine.db") == ["mine.db", "mine.db.lock"]


def test_a_hard_link_keeps_the_old_database(path: Path) -> None:
    put(path, 1)
    os.link(path, kept := path.with_name("kept.db"))
    put(path, 2)
    assert (flights(kept), flights(path)) == ([1], [1, 2])


def test_folder_in_place_of_the_database_is_an_error(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StorageError, match=rf"{path} is a folder, not a file") as caught:
        put(path, 1)
    assert caught.value.remedy == "Move it away, then run again."
    assert files(path) == ["starlink.db", "starlink.db.lock"]


def test_file_in_place_of_the_folder_is_an_error(path: Path) -> None:
    path.parent.write_bytes(b"a file")
    with pytest.raises(DatabaseError, match=rf"The database {path} cannot be read or written: "):
        put(path, 1)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_folder_is_an_error(path: Path) -> None:
    put(path, 1)
    path.parent.chmod(0o500)
    try:
        with (
            unchanged(path),
            pytest.raises(DatabaseError, match="cannot be read or written: ") as caught,
        ):
            put(path, 2)
    finally:
        path.parent.chmod(0o700)
    assert "permissions" in caught.value.remedy


def test_full_disk_is_an_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(path, 1)
    full = Mock(side_effect=OSError(28, "No space left on device"))
    monkeypatch.setattr("spacex.warehouse.publish.sync", full)
    with unchanged(path), pytest.raises(StorageError) as caught:
        put(path, 2)
    assert caught.value.message == f"The disk is full: {path} cannot be written."
    assert caught.value.remedy == "Free some space, then run again. Nothing is lost."
    assert files(path) == ["starlink.db", "starlink.db.lock"]


def test_database_is_readable_in_a_read_only_folder(published: Settings) -> None:
    """As on a volume mounted read-only: no journal or lock file is needed."""
    before = content(published.database)
    for other in ("starlink.db.lock", "starlink.db.sha256"):
        published.database.with_name(other).unlink()
    published.database.chmod(0o444)
    published.data_dir.chmod(0o555)
    try:
        with reading(published.database) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
            assert connection.execute("SELECT count(*) FROM starlink").fetchone() == (
                len(before["starlink"]),
            )
    finally:
        published.data_dir.chmod(0o755)
    assert not list(published.data_dir.glob("starlink.db?*"))
