"""Imports while something else changes the data folder: a restore."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from spacex.errors import StorageError
from spacex.extract import snapshot_chain
from spacex.extract.snapshots import SnapshotStore
from spacex.pipeline import backfill
from spacex.pipeline.backup import back_up
from spacex.pipeline.import_files import import_files
from spacex.pipeline.restore import restore
from spacex.pipeline.staged_restore import noticing_restore
from spacex.pipeline.verify import verify
from spacex.settings import Settings
from tests.pipeline.test_backfill import gp_list
from tests.pipeline.test_backup import files
from tests.stages import at

DAYS = [f"2026-01-{day:02}" for day in range(1, 7)]


@pytest.fixture
def config(settings: Settings) -> Settings:
    return at(settings, sources="celestrak")


def folder_of(path: Path, *days: str) -> Path:
    """Make a folder with the GP lists of some days."""
    path.mkdir()
    for day in days:
        (path / f"{day}.json").write_bytes(gp_list(day))
    return path


@pytest.fixture
def archive(config: Settings, tmp_path: Path) -> Path:
    """A backup of the first day; the data folder has the second, too."""
    import_files(config, folder_of(tmp_path / "first", DAYS[0]))
    archive = back_up(config, tmp_path / "data.tar.gz").path
    import_files(config, folder_of(tmp_path / "second", DAYS[1]))
    return archive


@pytest.mark.parametrize("last_read", range(1, 7))
def test_an_import_during_which_a_backup_is_restored_changes_nothing_of_it(
    config: Settings, archive: Path, tmp_path: Path, last_read: int
) -> None:
    restored = at(config, data_dir=tmp_path / "restored")
    restore(restored, archive)

    def restore_then(number: int, *_: object) -> None:
        if number == last_read:
            restore(config, archive)

    folder = folder_of(tmp_path / "files", *DAYS)
    with (
        pytest.raises(StorageError, match=r"A restore replaced .* are now in replaced-2") as caught,
        noticing_restore(config),
    ):
        import_files(config, folder, on_file=restore_then)
    assert caught.value.remedy
    assert files(config.data_dir) == files(restored.data_dir)
    assert verify(config).problems == []
    with noticing_restore(config):
        assert not [each.problem for each in import_files(config, folder) if each.problem]
    assert verify(config).problems == []


def test_a_restore_before_the_outcome_is_recorded_keeps_its_records(
    config: Settings, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restored = at(config, data_dir=tmp_path / "restored")
    restore(restored, archive)
    append = backfill._append

    def append_then(*arguments: Any) -> bool:
        done = append(*arguments)
        restore(config, archive)
        return done

    monkeypatch.setattr(backfill, "_append", append_then)
    with pytest.raises(StorageError, match="A restore replaced"), noticing_restore(config):
        import_files(config, folder_of(tmp_path / "files", *DAYS))
    assert files(config.data_dir) == files(restored.data_dir)


def test_a_restore_waits_for_a_snapshot_that_is_half_stored(
    config: Settings, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient, create = at(config, lock_timeout_s=0.1), snapshot_chain.create_atomically
    before, refusals = files(config.data_dir), []

    def restore_first(path: Path, content: bytes) -> bool:
        if path.name.endswith(".meta.json"):
            with ThreadPoolExecutor() as pool:
                refusals.append(pool.submit(restore, impatient, archive).exception())
        return create(path, content)

    monkeypatch.setattr(snapshot_chain, "create_atomically", restore_first)
    import_files(config, folder_of(tmp_path / "files", DAYS[2]))
    (refusal,) = refusals
    assert isinstance(refusal, StorageError)
    assert "head.lock for more than 0.1 s" in refusal.message
    assert files(config.data_dir).keys() > before.keys()
    assert not list(config.data_dir.glob("replaced-*"))
    assert verify(config).problems == []


def test_an_import_into_an_empty_folder_joins_what_is_restored_to_it(
    config: Settings, archive: Path, tmp_path: Path
) -> None:
    empty = at(config, data_dir=tmp_path / "empty")
    with noticing_restore(empty):
        found = import_files(
            empty,
            folder_of(tmp_path / "files", *DAYS),
            on_file=lambda number, *_: restore(empty, archive) and None if number == 1 else None,
        )
    assert not [each.problem for each in found if each.problem]
    assert len(SnapshotStore(empty.raw_dir).all("celestrak", "starlink")) == len(DAYS)
    assert verify(empty).problems == []
