"""Feeds are written as far as they changed, each whole or not at all."""

from pathlib import Path

import pytest
from filelock import FileLock

from spacex.analysis.feeds import FEEDS, RUNS
from spacex.analysis.feeds.writing import LOCK, write_feeds
from spacex.errors import DatabaseError, StorageError
from spacex.settings import Settings
from tests.analysis.feeds.reading import entries

OF_DATABASE = [name for name in FEEDS if name != RUNS]


def versions(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what distinguishes each file from one written anew."""
    states = {path.name: path.stat() for path in folder.iterdir() if path.name in FEEDS}
    return {name: (state.st_ino, state.st_mtime_ns) for name, state in states.items()}


def test_files_that_did_not_change_are_left_as_they_are(sampled: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "feeds"
    assert write_feeds(sampled.database, folder) == OF_DATABASE
    before = versions(folder)
    assert before.keys() == {*OF_DATABASE}
    assert write_feeds(sampled.database, folder) == []
    assert versions(folder) == before

    (folder / "launches.atom").write_text("damaged")
    (folder / "starlink-omm.csv").unlink()
    assert write_feeds(sampled.database, folder) == ["launches.atom", "starlink-omm.csv"]
    assert len(entries((folder / "launches.atom").read_bytes())) > 10


def test_what_a_killed_process_left_is_removed(sampled: Settings, tmp_path: Path) -> None:
    (tmp_path / "launches.atom.abcdefgh.tmp").write_text("<feed")
    write_feeds(sampled.database, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {LOCK, *OF_DATABASE}


def test_feeds_wait_for_another_process_and_say_so(sampled: Settings, tmp_path: Path) -> None:
    with (
        FileLock(tmp_path / LOCK),
        pytest.raises(StorageError, match=r"Another process has written .* for more than 0.1 s"),
    ):
        write_feeds(sampled.database, tmp_path, lock_timeout_s=0.1)


def test_without_a_database_no_feed_is_written(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="There is no database"):
        write_feeds(settings.database, tmp_path)
    assert not any((tmp_path / name).exists() for name in FEEDS)


def test_a_folder_that_cannot_be_made_is_named(sampled: Settings, tmp_path: Path) -> None:
    (tmp_path / "feeds").write_text("a file")
    with pytest.raises(StorageError, match="feeds"):
        write_feeds(sampled.database, tmp_path / "feeds")
