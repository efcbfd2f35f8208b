"""Backfill: a folder of dated files is loaded as history, in order."""

import gzip
from pathlib import Path

import pytest

from spacex.analysis import history
from spacex.errors import ResponseError, SettingsError
from spacex.pipeline.backfill import import_snapshots
from spacex.settings import Settings
from tests.example_records import omm, omm_json
from tests.stages import at, rows, value


@pytest.fixture
def config(settings: Settings) -> Settings:
    return at(settings, sources="celestrak")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of three days, whose alphabetical order differs from that of their dates."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "b_2026-01-01.json").write_bytes(omm_json(omm(1), omm(2)))
    (folder / "c_2026-01-02.json.gz").write_bytes(gzip.compress(omm_json(omm(1), omm(3))))
    (folder / "a_2026-01-03.json").write_bytes(omm_json(omm(1), omm(3), omm(4)))
    return folder


def lists(config: Settings) -> list[list[int]]:
    found = history.gp_lists(config.database)
    return found[["satellite_count", "newly_listed", "newly_unlisted"]].to_numpy().tolist()


def test_files_are_loaded_in_the_order_of_their_dates(config, folder):
    loaded = list(import_snapshots(config, folder))
    names = ["b_2026-01-01.json", "c_2026-01-02.json.gz", "a_2026-01-03.json"]
    assert [each.url for each in loaded] == [f"file:{name}" for name in names]
    assert lists(config) == [[2, 0, 0], [2, 1, 1], [3, 1, 0]]
    assert len(rows(config.database, "SELECT run_id FROM _runs")) == len(loaded)
    assert not list(config.runs_dir.glob("*/staging.db"))


def test_a_folder_is_loaded_once(config, folder):
    list(import_snapshots(config, folder))
    assert list(import_snapshots(config, folder)) == []
    assert len(lists(config)) == 3


def test_later_files_are_added(config, folder):
    list(import_snapshots(config, folder))
    (folder / "2026-01-04.json").write_bytes(omm_json(omm(1)))
    (loaded,) = import_snapshots(config, folder)
    assert loaded.retrieved_utc == "2026-01-04T23:59:59Z"
    assert lists(config)[-1] == [1, 0, 2]


def test_older_files_are_not_loaded_after_newer_ones(config, folder):
    list(import_snapshots(config, folder))
    (folder / "2025-12-31.json").write_bytes(omm_json(omm(9)))
    with pytest.raises(SettingsError) as caught:
        list(import_snapshots(config, folder))
    assert "history loads in order" in caught.value.message
    assert len(lists(config)) == 3
    config.database.unlink()  # as the remedy says
    assert len(list(import_snapshots(config, folder))) == 4
    assert lists(config)[0] == [1, 0, 0]


def test_a_damaged_file_stops_the_backfill_before_it_loads(config, folder):
    (folder / "2026-01-04.json").write_bytes(b"<html>")
    with pytest.raises(ResponseError, match=r"file:2026-01-04\.json"):
        list(import_snapshots(config, folder))
    assert not config.database.exists()


@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_without_files_is_rejected(config, tmp_path, exists):
    empty = tmp_path / "empty"
    if exists:
        empty.mkdir()
    with pytest.raises(SettingsError):
        list(import_snapshots(config, empty))
    assert not config.database.exists()


def test_the_elements_of_every_day_are_kept(config, folder):
    (folder / "2026-01-04.json").write_bytes(omm_json(omm(1, EPOCH="2026-11-26T06:00:00")))
    list(import_snapshots(config, folder))
    assert value(config.database, "SELECT count(*) FROM starlink_elements") == 5
