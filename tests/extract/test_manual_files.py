"""Manual files: read whatever their names, and set aside if unusable."""

import gzip
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spacex.errors import ResponseError, SettingsError
from spacex.extract.manual_files import (
    manual_files,
    manual_response,
    read_manual_file,
    set_aside,
)
from tests.example_records import omm, omm_json
from tests.sources.test_tle import ISS

EPOCH = datetime(2025, 5, 18, 6, tzinfo=UTC)

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
    "UTF-16 without a mark": (BODY.decode().encode("utf-16-le"), "is text in UTF-16"),
    "UTF-32": (BODY.decode().encode("utf-32"), "is text in UTF-32"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is a binary file, not text"),
    "zeros": (bytes(4096), "is a binary file, not text"),
    "bzip2": (b"BZh91AY&SY", "is compressed with bzip2"),
    "xz": (b"\xfd7zXZ\0\0", "is compressed with xz"),
}


@pytest.mark.attack(
    "drop in archives, pictures, and files that decompress to too much", "refused with the reason"
)
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

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ResponseError, match=r"list\.json cannot be read \(Permission denied\)"):
        read_manual_file(tmp_path / "list.json", 2**20)


def test_links_may_stay_within_the_folder(tmp_path):
    (tmp_path / "list.json").write_bytes(BODY)
    (tmp_path / "link.json").symlink_to(tmp_path / "list.json")
    assert read_manual_file(tmp_path / "link.json", 2**20, within=tmp_path) == BODY


@pytest.mark.attack("drop in a link to itself", "refused")
def test_a_link_to_itself_is_named(tmp_path):
    (tmp_path / "loop.json").symlink_to(tmp_path / "loop.json")
    for within in (tmp_path, None):
        with pytest.raises(ResponseError, match=r"loop\.json (is a link to itself|cannot be read)"):
            read_manual_file(tmp_path / "loop.json", 2**20, within)


@pytest.mark.attack("drop in a pipe, to block the run", "refused")
def test_a_pipe_is_not_opened_even_if_it_replaces_a_file(tmp_path, monkeypatch):
    """Opening one would wait for its other end."""
    (tmp_path / "list.json").write_bytes(BODY)
    regular = (tmp_path / "list.json").stat()
    (tmp_path / "list.json").unlink()
    os.mkfifo(tmp_path / "list.json")
    with pytest.raises(ResponseError, match=r"list\.json is not a regular file"):
        read_manual_file(tmp_path / "list.json", 2**20)
    monkeypatch.setattr(Path, "stat", lambda *_, **__: regular)
    with pytest.raises(ResponseError, match=r"list\.json is not a regular file"):
        read_manual_file(tmp_path / "list.json", 2**20)


def test_a_folder_that_cannot_be_listed_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"file is a file, not a folder"):
        manual_files(tmp_path / "file")
    (tmp_path / "link").symlink_to("gone")
    with pytest.raises(SettingsError, match=r"link is a link to gone, which is missing"):
        manual_files(tmp_path / "link")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(SettingsError, match=r"cannot be listed \(Permission denied\)"):
        manual_files(tmp_path)


NUMBERED = {
    "a.json": "a-2.json",
    "a.json.gz": "a-2.json.gz",
    "README": "README-2",
    "starlink_2025.05.18": "starlink_2025.05.18-2",
    "starlink_2025.05.18.tle": "starlink_2025.05.18-2.tle",
    "\n": "\n-2",
}


@pytest.mark.parametrize(("name", "second"), NUMBERED.items())
def test_the_stem_of_a_taken_name_gets_a_number(tmp_path, name, second):
    for expected in (name, second):
        (tmp_path / name).write_text("?")
        assert set_aside(tmp_path / name, "It is bad.") == tmp_path / "rejected" / expected
        assert (tmp_path / "rejected" / f"{expected}.reason.txt").exists()


@pytest.mark.attack("drop in a file with a name that is too long", "shortened")
@pytest.mark.parametrize("letter", ["x", "\N{SNOWMAN}"])
@pytest.mark.parametrize("count", [243, 244, 245, 255])
def test_a_long_name_is_shortened(tmp_path, letter, count):
    """The name of its reason is longer still."""
    size = len(letter.encode())
    name = letter * ((count - 5) // size) + "y" * ((count - 5) % size) + ".json"
    for number in (1, 2):
        (tmp_path / name).write_text(f"{number}")
        moved = set_aside(tmp_path / name, "It is bad.")
        assert moved is not None
        assert moved.read_text() == f"{number}"
        assert moved.name.endswith("-2.json" if number == 2 else ".json")
        assert moved.with_name(f"{moved.name}.reason.txt").read_text() == "It is bad.\n"
    assert (moved.parent / name).exists() == (count <= 244)
    if letter == "x":  # no more is cut than must be
        assert len(f"{moved.name}.reason.txt") == min(count + len("-2.reason.txt"), 255)


def test_hidden_and_rejected_files_are_ignored(tmp_path):
    assert manual_files(tmp_path / "missing") == []
    (tmp_path / ".gitkeep").write_bytes(b"")
    (tmp_path / "list.json").write_bytes(BODY)
    set_aside(tmp_path / "list.json", "It is bad.")
    (tmp_path / "list.json.reason.txt").write_text("It came back with its file.")
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
