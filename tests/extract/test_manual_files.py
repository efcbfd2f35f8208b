"""Manual files: read whatever their names, dated by name or epochs, and set aside if unusable."""

import gzip
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacex.errors import DataError, ResponseError, SettingsError
from spacex.extract.manual_files import (
    DATE_TOLERANCE,
    date_in_name,
    list_instant,
    manual_files,
    manual_response,
    read_manual_file,
    set_aside,
)
from spacex.units import utc_instant, utc_text
from tests.clock import Clock
from tests.example_records import omm, omm_json
from tests.sources.test_tle import ISS

EPOCH = datetime(2025, 5, 18, 6, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with Clock("2026-11-27"):
        yield


def instant(name: str, newest: datetime = EPOCH, median: datetime = EPOCH) -> str:
    return utc_text(list_instant(name, newest, median))


NAMES = {
    "starlink_2025-05-18.json": "2025-05-18T23:59:59Z",
    "starlink_2025_05_18.json": "2025-05-18T23:59:59Z",
    "starlink.2025.05.18.json": "2025-05-18T23:59:59Z",
    "20250518.tle": "2025-05-18T23:59:59Z",
    "gp-2025-05-18T06-30.csv": "2025-05-18T06:30:00Z",
    "20250518T1200.json": "2025-05-18T12:00:00Z",
    "20250518T063015.json": "2025-05-18T06:30:15Z",
    "20250518T063015Z.json": "2025-05-18T06:30:15Z",
    "20250518063015.json": "2025-05-18T06:30:15Z",
    "2025_05_18_06_30_15.json": "2025-05-18T06:30:15Z",
    "2025-05-18 (1).json": "2025-05-18T23:59:59Z",
    "2025-05-18_7434.json": "2025-05-18T23:59:59Z",
    "starlink_2025-05-18_evening.json": "2025-05-18T23:59:59Z",
    "44713_2025-05-18.json": "2025-05-18T23:59:59Z",
}
WITHOUT_DATE = [
    "starlink.json",
    "starlink_2025-05.tle",
    "starlink_202505.tle",
    "44713.tle",
    "norad_20251345.tle",
    "799501234.tle",
    "2025051812345.tle",
    "1998-067A.tle",
    "18.05.2025.tle",
    "2025-05_18.tle",
]


@pytest.mark.parametrize(("name", "expected"), NAMES.items())
def test_the_instant_is_read_from_the_name(name, expected):
    assert instant(name) == expected


@pytest.mark.parametrize("name", WITHOUT_DATE)
def test_without_a_date_in_its_name_a_list_has_that_of_its_newest_epoch(name):
    assert date_in_name(name) is None
    assert instant(name, EPOCH + timedelta(hours=2)) == "2025-05-18T08:00:00Z"


@given(
    st.datetimes(datetime(1957, 10, 4), datetime(2099, 12, 31)),  # noqa: DTZ001 - UTC is meant
    st.sampled_from(["-", "_", ".", ""]),
    st.sampled_from(["T", "_", "-", ""]),
    st.sampled_from([":", "-", ""]),
    st.sampled_from(["starlink_", "gp.", "44713-", ""]),
)
def test_every_way_to_write_a_date_is_read(time, separator, between, colon, before):
    date = separator.join((f"{time:%Y}", f"{time:%m}", f"{time:%d}"))
    clock = colon.join((f"{time:%H}", f"{time:%M}", f"{time:%S}"))
    exact = time.replace(microsecond=0, tzinfo=UTC)
    assert date_in_name(f"{before}{date}{between}{clock}.json") == (exact, exact)
    first, last = date_in_name(f"{before}{date}.json.gz")
    assert first == exact.replace(hour=0, minute=0, second=0)
    assert last == exact.replace(hour=23, minute=59, second=59)


def test_an_instant_is_never_in_the_future():
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    assert instant("2026-11-27.json", now, now) == "2026-11-27T12:00:00Z"
    assert instant("2026-11-28.json", now, now) == "2026-11-27T12:00:00Z"
    assert instant("a.json", now + timedelta(days=1), now) == "2026-11-27T12:00:00Z"


@pytest.mark.parametrize("name", ["2025-13-45.json", "a_2025_02_30.json", "2025.00.01"])
def test_an_invalid_date_in_a_name_is_rejected(name):
    with pytest.raises(SettingsError, match=r"The date .* in the file name .* is invalid"):
        instant(name)


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_date_that_contradicts_the_epochs_is_rejected_with_both(sign):
    first, last = utc_instant("2025-05-18"), utc_instant("2025-05-18T23:59:59Z")
    edge = first - DATE_TOLERANCE if sign < 0 else last + DATE_TOLERANCE
    assert instant("2025-05-18.json", EPOCH, edge) == "2025-05-18T23:59:59Z"
    beyond = edge + sign * timedelta(seconds=1)
    with pytest.raises(DataError) as caught:
        instant("2025-05-18.json", EPOCH, beyond)
    assert "2025-05-18.json is dated 2025-05-18, but its element sets are of " in str(caught.value)
    assert f"{beyond:%Y-%m-%d}" in caught.value.message


def test_a_newest_epoch_far_from_the_others_is_no_date():
    assert instant("a.json", EPOCH + DATE_TOLERANCE, EPOCH) == "2025-05-21T06:00:00Z"
    with pytest.raises(DataError, match=r"a\.json has no date in its name, and its element sets"):
        instant("a.json", EPOCH + DATE_TOLERANCE + timedelta(seconds=1), EPOCH)


BODY = omm_json(omm(1))
READABLE = {
    "gzipped": ("a.json.gz", gzip.compress(BODY)),
    "gzipped, named otherwise": ("a.json", gzip.compress(BODY)),
    "not gzipped, although named so": ("a.json.gz", BODY),
    "gzipped in parts": ("a.json.gz", gzip.compress(BODY[:9]) + gzip.compress(BODY[9:])),
}


@pytest.mark.parametrize(("name", "content"), READABLE.values(), ids=READABLE)
def test_a_file_is_decompressed_by_its_content(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert read_manual_file(tmp_path / name, 2**20) == BODY


LARGE = b"[" + b" " * 2**20 + b"]"
UNREADABLE = {
    "truncated": (gzip.compress(BODY)[:-9], "cannot be read"),
    "damaged": (gzip.compress(BODY)[:20] + b"\xff" * 40, "cannot be read"),
    "too large": (LARGE, "is larger than 1 MB"),
    "too large when decompressed": (gzip.compress(LARGE), "is larger than 1 MB"),
    "gzipped twice": (gzip.compress(gzip.compress(BODY)), "is compressed twice"),
    "ZIP": (b"PK\x03\x04" + b"x" * 99, "is a ZIP archive"),
    "UTF-16": (BODY.decode().encode("utf-16"), "is text in UTF-16"),
    "UTF-16, big-endian": (b"\xfe\xff" + BODY.decode().encode("utf-16-be"), "is text in UTF-16"),
    "UTF-16 without a mark": (BODY.decode().encode("utf-16-le"), "or text in UTF-16"),
}


@pytest.mark.parametrize(("content", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_file_is_named_with_the_reason(tmp_path, content, message):
    (tmp_path / "list.json").write_bytes(content)
    with pytest.raises(ResponseError) as caught:
        read_manual_file(tmp_path / "list.json", 2**20)
    assert caught.value.message.startswith("list.json ")
    assert message in caught.value.message


def test_a_file_of_exactly_the_largest_size_is_read(tmp_path):
    (tmp_path / "list.json").write_bytes(BODY)
    assert read_manual_file(tmp_path / "list.json", len(BODY)) == BODY
    with pytest.raises(ResponseError, match="is larger than"):
        read_manual_file(tmp_path / "list.json", len(BODY) - 1)


def test_a_file_without_permission_is_named(tmp_path, monkeypatch):
    (tmp_path / "list.json").write_bytes(BODY)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ResponseError, match=r"list\.json cannot be read \(Permission denied\)"):
        read_manual_file(tmp_path / "list.json", 2**20)


def test_links_may_stay_within_the_folder(tmp_path):
    (tmp_path / "list.json").write_bytes(BODY)
    (tmp_path / "link.json").symlink_to(tmp_path / "list.json")
    assert read_manual_file(tmp_path / "link.json", 2**20, within=tmp_path) == BODY


def test_hidden_and_rejected_files_are_ignored(tmp_path):
    assert manual_files(tmp_path / "missing") == []
    (tmp_path / ".gitkeep").write_bytes(b"")
    (tmp_path / "list.json").write_bytes(BODY)
    set_aside(tmp_path / "list.json", "It is bad.")
    assert manual_files(tmp_path) == []
    reason = tmp_path / "rejected" / "list.json.reason.txt"
    assert reason.read_text() == "It is bad.\n"


def test_a_reason_is_not_overwritten(tmp_path):
    (tmp_path / "rejected").mkdir()
    (tmp_path / "rejected" / "a.reason.txt").write_text("mine")
    (tmp_path / "a").write_text("?")
    assert set_aside(tmp_path / "a", "It is bad.") == tmp_path / "rejected" / "a-2"
    assert (tmp_path / "rejected" / "a.reason.txt").read_text() == "mine"


def test_a_file_in_a_read_only_folder_stays(tmp_path, monkeypatch):
    (tmp_path / "a").write_text("?")

    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "rename", refuse)
    assert set_aside(tmp_path / "a", "It is bad.") is None
    assert (tmp_path / "a").exists()
    assert list((tmp_path / "rejected").iterdir()) == []


FORMATS = {
    "json": b"\xef\xbb\xbf" + BODY,
    "csv": b"OBJECT_NAME,NORAD_CAT_ID\nSTARLINK-1,25544\n",
    "plain": ("\n".join(["STARLINK-1", *ISS])).encode(),
}


@pytest.mark.parametrize(("kind", "body"), FORMATS.items(), ids=FORMATS)
def test_formats_are_recognized_by_content(kind, body):
    response = manual_response(Path(os.fsdecode(b"\xff.x")), EPOCH, body)
    assert response.content_type.rpartition("/")[2] == kind
    assert response.url == "file:\N{REPLACEMENT CHARACTER}.x"
