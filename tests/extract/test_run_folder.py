import hashlib
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacex.errors import SettingsError, SnapshotError
from spacex.extract.run_folder import ExtractedSnapshot, Manifest, Run, parse_digests
from spacex.extract.snapshots import Snapshot

UTC = "2026-01-01T00:00:00Z"
SNAPSHOT = Snapshot(
    source="spacexdata",
    endpoint="launches",
    url="https://example.org/v4/launches",
    status=200,
    retrieved_utc=UTC,
    sha256="0" * 64,
    byte_count=2,
    record_count=1,
    etag=None,
    licence="none",
    file="20260101T000000.000000Z.json.gz",
)
EXTRACTED = ExtractedSnapshot(snapshot=SNAPSHOT, origin="fetched", checked_utc=UTC)
MANIFEST = Manifest(
    run_id="one",
    source="spacexdata",
    mode="auto",
    is_simulated=False,
    note="",
    extracted=(EXTRACTED,),
)


@pytest.mark.parametrize("run_id", ["one", "2026-01-01T00-00-00-000000Z", "a" * 64, "7"])
def test_the_folder_is_named_after_the_run(tmp_path, run_id):
    assert Run(tmp_path, run_id).folder == tmp_path / run_id


@pytest.mark.attack("leave the data folder by the name of a run", "refused")
@pytest.mark.parametrize(
    "run_id", ["", "..", ".", "a/b", "../a", "a b", "-a", "_a", "a" * 65, "a\n", "é", "a:b", "a\0"]
)
def test_invalid_run_ids_are_rejected(tmp_path, run_id):
    with pytest.raises(SettingsError) as caught:
        Run(tmp_path, run_id)
    assert caught.value.message == f"{run_id!r} is not a valid run id."
    assert caught.value.remedy == "Use up to 64 letters, digits, - and _."


def test_new_run_ids_sort_by_time(tmp_path):
    names = [Run.new(tmp_path).run_id for _ in range(3)]
    assert names == sorted(names)
    assert all(Run(tmp_path, name).run_id == name for name in names)


def test_manifest_round_trip(tmp_path):
    run = Run(tmp_path / "new", "one")
    run.write_manifest(MANIFEST)
    assert run.manifest() == MANIFEST


@pytest.mark.parametrize(
    "written",
    [None, b"", b"{", b"[]", b'{"run_id": "one"}', msgspec.json.encode(MANIFEST)[:-9], b"\xff"],
)
def test_an_unreadable_manifest_raises_with_a_remedy(tmp_path, written):
    run = Run(tmp_path, "one")
    run.folder.mkdir()
    if written is not None:
        (run.folder / "manifest.json").write_bytes(written)
    with pytest.raises(SnapshotError) as caught:
        run.manifest()
    assert str(run.folder / "manifest.json") in caught.value.message
    assert caught.value.remedy == "Run 10_extract for this run first, or `make run`."


def test_the_latest_run_has_the_newest_manifest(tmp_path):
    for run_id, ended in {"a": 30, "b": 10, "c": 20}.items():
        run = Run(tmp_path, run_id)
        run.write_manifest(MANIFEST)
        os.utime(run.folder / "manifest.json", (ended, ended))
    Run(tmp_path, "d").folder.mkdir()
    assert Run.latest(tmp_path).run_id == "a"


def test_latest_without_runs_raises_with_a_remedy(tmp_path):
    with pytest.raises(SnapshotError, match=r"There is no run in .* Run 10_extract first"):
        Run.latest(tmp_path / "nothing")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_digests_of_a_finished_run_are_those_of_sha256sum(tmp_path):
    run = Run(tmp_path, "one")
    run.write_manifest(MANIFEST)
    for name in (
        "10_extract.html",
        "10_extract.ipynb",
        "staging.db",
        "notes of mine.txt",
        ".x.tmp",
    ):
        (run.folder / name).write_text(name)
    run.write_digests()
    content = (run.folder / "SHA256SUMS").read_bytes()
    files = ["10_extract.html", "10_extract.ipynb", "manifest.json", "staging.db"]
    expected = {
        name: hashlib.sha256((run.folder / name).read_bytes()).hexdigest() for name in files
    }
    assert parse_digests(content) == expected
    assert content.decode().splitlines()[:-1] == [f"{expected[name]}  {name}" for name in files]
    run.write_digests()
    assert (run.folder / "SHA256SUMS").read_bytes() == content


@pytest.mark.attack("change the pages of a run", "found by `spacex verify`")
@given(position=st.integers(0), flip=st.integers(1, 255))
def test_damaged_digests_are_detected(position, flip):
    with TemporaryDirectory() as folder:
        run = Run(Path(folder), "one")
        run.write_manifest(MANIFEST)
        run.write_digests()
        content = bytearray((run.folder / "SHA256SUMS").read_bytes())
    content[position % len(content)] ^= flip
    assert parse_digests(bytes(content)) is None
    assert parse_digests(bytes(content[: position % len(content)])) is None
