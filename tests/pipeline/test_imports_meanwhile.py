"""Imports while something else changes the data folder: a restore, or another import."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacex.errors import StorageError
from spacex.extract import snapshot_chain
from spacex.extract.snapshots import SnapshotStore
from spacex.pipeline import backfill
from spacex.pipeline.backup import back_up
from spacex.pipeline.import_files import import_files
from spacex.pipeline.manual_snapshots import ManualSnapshots
from spacex.pipeline.restore import restore
from spacex.pipeline.staged_restore import noticing_restore
from spacex.pipeline.verify import verify
from spacex.settings import PROJECT, Settings
from spacex.sources import CELESTRAK
from spacex.transform.manual_content import read_list
from tests.pipeline.test_backfill import FLEET, PROGRAM, SAME_DAY, gp_list
from tests.pipeline.test_backup import files
from tests.stages import at

GP_LISTS = ("celestrak", "starlink")
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


def manual_snapshots(folder: Path) -> ManualSnapshots:
    return ManualSnapshots(folder, CELESTRAK, "starlink", read_list)


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
    assert len(SnapshotStore(empty.raw_dir).all(*GP_LISTS)) == len(DAYS)
    assert verify(empty).problems == []


@hypothesis.settings(max_examples=20)
@given(
    st.permutations([number for number in range(5) for _ in range(2)]),
    st.lists(st.booleans(), min_size=10, max_size=10),
)
def test_two_imports_store_each_file_once(order: list[int], is_second: list[bool]) -> None:
    """Whatever each found when it started, as a single import does: some instants are the same."""
    bodies = [gp_list("2026-01-03", *FLEET[:count]) for count in (2, 1, 4, 3, 5)]

    def stored(importers: int) -> list[tuple[str, str]]:
        with TemporaryDirectory() as folder, patch("os.fsync"):
            each_of = [manual_snapshots(Path(folder)) for _ in range(importers)]
            for number, second in zip(order, is_second, strict=True):
                each_of[-second].store(Path(f"{number}_2026-01-03.json"), bodies[number])
            found = SnapshotStore(Path(folder)).all(*GP_LISTS)
            return [(each.sha256, each.retrieved_utc) for each in found]

    assert len(stored(2)) == len(bodies)
    assert stored(2) == stored(1)


def test_a_damaged_copy_that_another_import_stored_is_stored_again(tmp_path: Path) -> None:
    one, two = manual_snapshots(tmp_path), manual_snapshots(tmp_path)
    name, body = next(iter(SAME_DAY.items()))
    damaged, _ = one.store(Path(name), body)
    (tmp_path / damaged.path).write_bytes(b"damaged")
    again, _ = two.store(Path(name), body)
    assert SnapshotStore(tmp_path).read(again) == body
    assert one.store(Path(name), body)[0] == again


def test_two_processes_that_import_the_same_files_store_each_once(
    config: Settings, tmp_path: Path
) -> None:
    names = [f"{number}_2026-01-03.json" for number in range(9)]
    programs = []
    for folder, wanted in ((tmp_path / "one", names[:6]), (tmp_path / "two", names[3:])):
        folder.mkdir()
        for name in wanted:
            (folder / name).write_bytes(gp_list("2026-01-03", *FLEET[: 30 + int(name[0])]))
        command = [sys.executable, "-c", PROGRAM, config.data_dir, folder]
        programs.append(subprocess.Popen(command, stderr=subprocess.PIPE, cwd=PROJECT))
    assert [each.communicate(timeout=120)[1] for each in programs] == [b"", b""]
    stored = SnapshotStore(config.raw_dir).all(*GP_LISTS)
    assert sorted(each.manual_name for each in stored) == names
    assert verify(config).problems == []
