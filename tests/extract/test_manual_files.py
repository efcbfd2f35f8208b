"""Manual files: stored once each, with their dates; invalid files are rejected."""

import gzip
import os
from pathlib import Path

import pytest

from spacex.errors import ResponseError, SettingsError
from spacex.extract.fetch import FetchContext, stored
from spacex.extract.manual_files import ManualFiles, file_instant
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import CELESTRAK
from spacex.transform import transform
from spacex.units import utc_text
from tests.example_records import omm, omm_json
from tests.sources.test_tle import ISS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "drop-in"
    folder.mkdir()
    return folder


@pytest.fixture
def drop_in(tmp_path: Path, folder: Path) -> ManualFiles:
    starlink = CELESTRAK.endpoints["starlink"]
    context = FetchContext(
        CELESTRAK, starlink, "http://127.0.0.1:1", SnapshotStore(tmp_path / "raw"), client=None
    )
    return ManualFiles(folder, context, max_bytes=2**20)


def test_a_file_becomes_a_snapshot_byte_for_byte(drop_in, folder):
    body = omm_json(omm(1), omm(2))
    (folder / "starlink_2026-11-01.json").write_bytes(body)
    (snapshot,) = drop_in.store_new()
    assert snapshot.url == "file:starlink_2026-11-01.json"
    assert (snapshot.retrieved_utc, snapshot.record_count) == ("2026-11-01T23:59:59Z", 2)
    assert drop_in.context.store.read(snapshot) == body
    assert snapshot.file.endswith(".json.gz")


def test_the_same_content_is_stored_once(drop_in, folder):
    (folder / "a_2026-11-01.json").write_bytes(omm_json(omm(1)))
    assert len(drop_in.store_new()) == 1
    (folder / "b_2026-11-02.json").write_bytes(omm_json(omm(1)))  # the same content
    assert drop_in.store_new() == []


def test_files_are_stored_in_order_of_their_dates(drop_in, folder):
    for position, day in enumerate((3, 1, 2)):
        (folder / f"{position}_2026-11-0{day}.json").write_bytes(omm_json(omm(day)))
    dates = [snapshot.retrieved_utc[:10] for snapshot in drop_in.store_new()]
    assert dates == ["2026-11-01", "2026-11-02", "2026-11-03"]


FORMATS = {
    "starlink.json.gz": (gzip.compress(omm_json(omm(25544))), "json"),
    "starlink.csv": (b"OBJECT_NAME,NORAD_CAT_ID\nSTARLINK-1,25544\n", "csv"),
    "starlink.tle": ("\n".join(["STARLINK-1", *ISS]).encode(), "txt"),
    "starlink.txt": ("\n".join(ISS).encode(), "txt"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_formats_are_recognized_by_content(drop_in, folder, name):
    content, extension = FORMATS[name]
    (folder / name).write_bytes(content)
    (snapshot,) = drop_in.store_new()
    assert snapshot.file.endswith(f".{extension}.gz")
    (item,) = stored(drop_in.context)
    tables = transform([item], drop_in.context.store)
    assert {table.rows_in for table in tables} == {1}
    if extension != "csv":  # the CSV lacks the elements
        assert tables[0].frame["norad_cat_id"].tolist() == [25544]


def test_hidden_files_and_folders_are_ignored(drop_in, folder):
    (folder / ".gitkeep").write_bytes(b"")
    (folder / "2026-11-01").mkdir()
    assert drop_in.store_new() == []


def test_a_missing_folder_has_no_files(drop_in, folder):
    folder.rmdir()
    assert drop_in.store_new() == []


NAMES = {
    "starlink_2025-05-18.json": "2025-05-18T23:59:59Z",
    "20250518.tle": "2025-05-18T23:59:59Z",
    "gp-2025-05-18T06-30.csv": "2025-05-18T06:30:00Z",
    "20250518T063015.json": "2025-05-18T06:30:15Z",
    "2026-11-25.json": "2026-11-25T12:00:00Z",
}


@pytest.mark.parametrize(("name", "instant"), NAMES.items())
def test_the_instant_is_read_from_the_name(name, instant, folder):
    assert utc_text(file_instant(folder / name)) == instant


def test_the_instant_defaults_to_the_modification_time(folder):
    path = folder / "starlink.json"
    path.write_bytes(b"[]")
    os.utime(path, (0, 1_700_000_000))
    assert utc_text(file_instant(path)) == "2023-11-14T22:13:20Z"


def test_an_invalid_date_in_a_name_is_rejected(folder):
    with pytest.raises(SettingsError, match=r"The date in the file name .* is invalid"):
        file_instant(folder / "2025-13-45.json")


LARGE = b"[" + b" " * 2**20 + b"]"
BAD = {
    "HTML": (b"<html>", "neither OMM nor element sets"),
    "empty array": (b"[]", "an empty array"),
    "truncated": (gzip.compress(omm_json(omm()))[:-9], "cannot be read"),
    "too large": (LARGE, "is larger than 1 MB"),
    "too large when decompressed": (gzip.compress(LARGE), "is larger than 1 MB"),
}


@pytest.mark.parametrize(("content", "message"), BAD.values(), ids=BAD)
def test_an_invalid_file_raises_with_its_name(drop_in, folder, content, message):
    suffix = ".json.gz" if content[:2] == b"\x1f\x8b" else ".json"
    (folder / f"starlink_2026-11-01{suffix}").write_bytes(content)
    with pytest.raises(ResponseError) as caught:
        drop_in.store_new()
    assert message in caught.value.message
    assert "starlink_2026-11-01" in caught.value.message
    assert drop_in.context.snapshots() == []
