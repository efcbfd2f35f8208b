"""Files put in by hand: each taken once, of its date, and none that is not what it should be."""

import gzip
import os

import pytest

from spacex.errors import ResponseError, SettingsError
from spacex.extract.fetch import FetchContext, stored
from spacex.extract.manual_files import ManualFiles, instant_of
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import CELESTRAK
from spacex.transform import transform
from spacex.units import utc_text
from tests.example_records import omm, omm_json
from tests.sources.test_tle import ISS

LIST = CELESTRAK.endpoints["starlink"]


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "drop-in"
    folder.mkdir()
    return folder


@pytest.fixture
def drop_in(tmp_path, folder):
    context = FetchContext(
        CELESTRAK, "http://127.0.0.1:1", SnapshotStore(tmp_path / "raw"), client=None
    )
    return ManualFiles(folder, context, LIST, max_bytes=2**20)


def test_a_file_becomes_a_stored_answer_of_its_date_byte_for_byte(drop_in, folder):
    body = omm_json(omm(1), omm(2))
    (folder / "starlink_2026-11-01.json").write_bytes(body)
    (snapshot,) = drop_in.take_in()
    assert (snapshot.url, snapshot.retrieved_utc, snapshot.record_count) == (
        "file:starlink_2026-11-01.json",
        "2026-11-01T23:59:59Z",
        2,
    )
    assert drop_in.context.store.read(snapshot) == body
    assert snapshot.file.endswith(".json.gz")


def test_a_file_is_taken_once(drop_in, folder):
    (folder / "a_2026-11-01.json").write_bytes(omm_json(omm(1)))
    assert len(drop_in.take_in()) == 1
    (folder / "b_2026-11-02.json").write_bytes(omm_json(omm(1)))  # the same content again
    assert drop_in.take_in() == []


def test_files_are_taken_in_the_order_of_their_dates(drop_in, folder):
    for place, day in enumerate(("03", "01", "02")):
        (folder / f"{place}_2026-11-{day}.json").write_bytes(omm_json(omm(int(day))))
    assert [snapshot.retrieved_utc[:10] for snapshot in drop_in.take_in()] == [
        "2026-11-01",
        "2026-11-02",
        "2026-11-03",
    ]


FORMS = {
    "starlink.json.gz": (gzip.compress(omm_json(omm(25544))), "json"),
    "starlink.csv": (
        b"OBJECT_NAME,NORAD_CAT_ID\n" + b"STARLINK-1,25544\n",
        "csv",
    ),
    "starlink.tle": ("\n".join(["STARLINK-1", *ISS]).encode(), "txt"),
    "starlink.txt": ("\n".join(ISS).encode(), "txt"),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_told_by_its_content(drop_in, folder, name):
    content, extension = FORMS[name]
    (folder / name).write_bytes(content)
    (snapshot,) = drop_in.take_in()
    assert snapshot.file.endswith(f".{extension}.gz")
    (item,) = stored(drop_in.context, LIST)
    tables = transform([item], drop_in.context.store)
    assert {table.rows_in for table in tables} == {1}
    if extension != "csv":  # this one lacks what elements are made of
        assert tables[0].frame["norad_cat_id"].tolist() == [25544]


def test_what_is_hidden_or_a_folder_is_no_file(drop_in, folder):
    (folder / ".gitkeep").write_bytes(b"")
    (folder / "2026-11-01").mkdir()
    assert drop_in.take_in() == []


def test_a_folder_that_is_not_there_has_no_files(drop_in, folder):
    folder.rmdir()
    assert drop_in.take_in() == []


NAMES = {
    "starlink_2025-05-18.json": "2025-05-18T23:59:59Z",
    "20250518.tle": "2025-05-18T23:59:59Z",
    "gp-2025-05-18T06-30.csv": "2025-05-18T06:30:00Z",
    "20250518T063015.json": "2025-05-18T06:30:15Z",
    "2026-11-25.json": "2026-11-25T12:00:00Z",
}


@pytest.mark.parametrize(("name", "instant"), NAMES.items())
def test_a_name_tells_the_instant(name, instant, folder):
    assert utc_text(instant_of(folder / name)) == instant


def test_without_a_date_a_file_is_of_when_it_was_changed(folder):
    path = folder / "starlink.json"
    path.write_bytes(b"[]")
    os.utime(path, (0, 1_700_000_000))
    assert utc_text(instant_of(path)) == "2023-11-14T22:13:20Z"


def test_a_date_no_calendar_has_is_refused(folder):
    with pytest.raises(SettingsError, match="has a date in its name that no calendar has"):
        instant_of(folder / "2025-13-45.json")


BAD = {
    "no orbits": (b"<html>", "neither OMM nor element sets"),
    "empty": (b"[]", "an empty list"),
    "cut short": (gzip.compress(omm_json(omm()))[:-9], "cannot be read"),
    "too large": (b"[" + b" " * 2**20 + b"]", "has more than 1 MB"),
    "too large unpacked": (gzip.compress(b"[" + b" " * 2**20 + b"]"), "has more than 1 MB"),
}


@pytest.mark.parametrize(("content", "message"), BAD.values(), ids=BAD)
def test_a_file_that_is_no_list_is_an_error_that_names_it(drop_in, folder, content, message):
    suffix = ".json.gz" if content[:2] == b"\x1f\x8b" else ".json"
    (folder / f"starlink_2026-11-01{suffix}").write_bytes(content)
    with pytest.raises(ResponseError) as caught:
        drop_in.take_in()
    assert message in caught.value.message
    assert "starlink_2026-11-01" in caught.value.message
    assert drop_in.context.stored(LIST) == []
