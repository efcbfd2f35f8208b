"""A release is complete or missing, the same each time, and without what may not be passed on."""

import errno
import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from spacex.analysis import releases
from spacex.analysis.exports import export_tables
from spacex.analysis.releases import make_release, release_folder
from spacex.analysis.releases.release_manifest import Manifest
from spacex.errors import DatabaseError, DataError, SettingsError, StorageError
from spacex.pipeline.verify.released_files import verify_release
from spacex.schema import CONTENT_TABLES
from spacex.warehouse.row_checksum import has_other_rows
from spacex.warehouse.views import VIEWS

NAMES = [*(table.name for table in CONTENT_TABLES), *VIEWS]
DESCRIPTIONS = [
    *("CITATION.cff", "LICENCES.md", "badge.svg", "croissant.json"),
    *("datapackage.json", "manifest.json", "ro-crate-metadata.json"),
]


def files(folder: Path) -> dict[str, bytes]:
    """Return path in the folder → content."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def changed(database: Path, *statements: str) -> Path:
    """Execute statements in a database, whose digest nobody has recorded."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return database


def test_a_release_has_every_table_and_view_and_the_database(released, sampled):
    found = files(released.folder)
    assert sorted(found) == sorted(
        [
            *(f"csv/{name}.csv" for name in NAMES),
            *(f"parquet/{name}.parquet" for name in NAMES),
            "starlink.db",
            *DESCRIPTIONS,
        ]
    )
    assert found["starlink.db"] == sampled.database.read_bytes(), "as it was published"
    listed = {each.path: (each.byte_count, each.sha256) for each in released.manifest.files}
    assert listed == {
        name: (len(content), hashlib.sha256(content).hexdigest())
        for name, content in found.items()
        if name != "manifest.json"
    }
    assert released.sha256 == hashlib.sha256(found["manifest.json"]).hexdigest()
    assert verify_release(released.folder).problems == []


def test_the_manifest_names_the_run_and_the_digests_of_what_it_was_built_from(released, sampled):
    content = (released.folder / "manifest.json").read_bytes()
    manifest = msgspec.json.decode(content, type=Manifest)
    assert manifest == released.manifest
    assert [each.run_id for each in manifest.runs] == ["first"]
    with closing(sqlite3.connect(sampled.database)) as connection:
        paths = connection.execute("SELECT path, sha256 FROM _snapshots ORDER BY 1").fetchall()
    assert [(each.path, each.sha256) for each in manifest.snapshots] == paths != []


def test_a_release_has_the_rows_that_exports_have(released, sampled, tmp_path):
    names = ["launches", "v_boosters"]
    export_tables(sampled.database, tmp_path, names)
    for name in names:
        exported = (tmp_path / f"{name}.csv").read_text().splitlines()
        found = (released.folder / "csv" / f"{name}.csv").read_text().splitlines()
        assert sorted(found) == sorted(exported)
        assert found[0] == exported[0]


def test_a_release_of_the_same_database_is_the_same_to_the_byte(released, sampled, tmp_path):
    again = make_release(sampled.database, tmp_path / "again")
    assert files(again.folder) == files(released.folder)
    assert again.sha256 == released.sha256


def test_each_description_says_that_the_sample_is_simulated(released):
    for name in DESCRIPTIONS:
        text = (released.folder / name).read_text()
        marks = '"is_simulated": true', "simulated sample", "SIMULATED SAMPLE"
        assert any(mark in text for mark in marks), name


def test_the_sources_are_credited(released):
    text = (released.folder / "LICENCES.md").read_text()
    assert "CC BY 4.0: McDowell, Jonathan C." in text
    assert "the SHA-256 of\n  7 responses and files" in text


@pytest.mark.usefixtures("small")
def test_element_sets_of_a_persons_account_are_left_out_and_named(later, tmp_path):
    database = changed(
        later(1),
        """UPDATE starlink_elements
           SET source = 'celestrak', creation_utc = '2026-08-01T00:00:00Z' WHERE norad_cat_id IN
           (SELECT norad_cat_id FROM starlink_elements ORDER BY norad_cat_id LIMIT 5)""",
    )
    first, second = (make_release(database, tmp_path / "out" / name) for name in "ab")
    (left_out,) = first.manifest.left_out
    assert (left_out.table, left_out.row_count) == ("starlink_elements", 5)
    assert (
        "5 rows of `starlink_elements`: element sets from Space-Track"
        in (first.folder / "LICENCES.md").read_text()
    )
    assert "celestrak" not in (first.folder / "csv" / "starlink_elements.csv").read_text()
    with closing(sqlite3.connect(first.folder / "starlink.db")) as connection:
        sql = "SELECT count(*) FROM starlink_elements WHERE source = 'celestrak'"
        assert connection.execute(sql).fetchone() == (0,)
        assert connection.execute("PRAGMA freelist_count").fetchone() == (0,), "nor in free pages"
        assert not has_other_rows(connection)
    assert files(first.folder) == files(second.folder)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("status", "count"), [("NULL", 9), ("'operational'", 0)])
def test_the_catalogue_of_space_track_is_left_out_and_that_of_celestrak_is_not(
    status, count, later, tmp_path
):
    """Space-Track's catalogue has no operational status."""
    database = changed(
        later(1),
        f"""INSERT INTO catalogue_objects
            (source, catalogue_id, object_name, object_type, is_starlink, is_decayed, observed_utc,
             operational_status)
            SELECT 'satcat', norad_cat_id, object_name, 'payload', 1, 0, '2026-08-01T00:00:00Z',
                   {status} FROM starlink LIMIT 9""",  # noqa: S608
    )
    release = make_release(database, tmp_path / "out")
    assert sum(each.row_count for each in release.manifest.left_out) == count
    assert ("rows of `catalogue_objects`" in (release.folder / "LICENCES.md").read_text()) == (
        count > 0
    )


@pytest.mark.usefixtures("small")
def test_a_release_names_the_newest_one_beside_of_an_earlier_run(later, tmp_path):
    folder = tmp_path / "out"
    first, second, third = (make_release(later(n), folder / f"{n}") for n in (1, 2, 3))
    assert first.manifest.before is None
    assert second.manifest.before.sha256 == first.sha256
    assert (third.manifest.before.folder, third.manifest.before.run_id) == ("2", "run-2")
    assert third.manifest.before.sha256 == second.sha256
    again = make_release(later(4), folder / "4", after=folder / "1")
    assert again.manifest.before == second.manifest.before


@pytest.mark.usefixtures("small")
def test_what_cannot_be_the_release_before_is_named(later, tmp_path):
    new, earlier = later(2), later(1)
    make_release(new, tmp_path / "out" / "new")
    for after, message in {
        tmp_path / "out" / "new": r"is of 2027-01-02T00:00:00Z, and the database of 2027-01-01",
        tmp_path: r"has no release: there is no manifest.json in it",
    }.items():
        with pytest.raises(SettingsError, match=message):
            make_release(earlier, tmp_path / "out" / "old", after)
    path = tmp_path / "out" / "new" / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b"run-2", b"run-0"))
    with pytest.raises(DataError, match=r"manifest\.json is damaged"):
        make_release(earlier, tmp_path / "out" / "old")
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["new"]


def test_a_folder_with_something_in_it_is_kept(sampled, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("precious")
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    for name in ("mine", "link", "mine/file"):
        with pytest.raises(SettingsError, match=r"cannot be written: .*Choose a new folder"):
            make_release(sampled.database, tmp_path / name)
    assert files(tmp_path / "mine") == {"file": b"precious"}


def test_a_database_that_another_program_has_changed_is_not_released(sampled, tmp_path):
    for suffix in ("", ".sha256"):
        shutil.copy(f"{sampled.database}{suffix}", tmp_path / f"starlink.db{suffix}")
    changed(tmp_path / "starlink.db", "UPDATE launches SET name = 'Other' WHERE flight_number = 5")
    with pytest.raises(DatabaseError, match=r"is not the one that was published"):
        make_release(tmp_path / "starlink.db", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "name",
    [
        *("starlink.db", "launches.csv", "v_sources.csv", "launches.parquet"),
        *("datapackage.json", "croissant.json", "manifest.json"),
    ],
)
def test_a_full_disk_leaves_nothing(name, sampled, tmp_path, monkeypatch):
    monkeypatch.setattr(releases, "_FORMATS", ("parquet" if "parquet" in name else "csv",))
    fail_at(name, monkeypatch)
    message = r"The disk is full: .*/out(/.*)? cannot be written"
    with pytest.raises(StorageError, match=message) as raised:
        make_release(sampled.database, tmp_path / "out")
    assert ".unfinished" not in raised.value.message
    assert [*tmp_path.iterdir()] == []


def fail_at(name: str, monkeypatch) -> None:
    """Let the disk be full when a file of this name is written."""
    opened, written = Path.open, Path.write_bytes

    def full() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def open_(path, mode="r", *arguments, **options):
        if path.name == name and "w" in mode:
            full()
        return opened(path, mode, *arguments, **options)

    def write_bytes(path, content):
        if path.name == name:
            full()
        return written(path, content)

    monkeypatch.setattr(Path, "open", open_)
    monkeypatch.setattr(Path, "write_bytes", write_bytes)


@pytest.mark.usefixtures("small")
def test_a_disk_that_fails_at_the_end_leaves_nothing(sampled, tmp_path, monkeypatch):
    def sync(_path):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(release_folder, "sync", sync)
    with pytest.raises(StorageError, match="cannot be written"):
        make_release(sampled.database, tmp_path / "out")
    assert [*tmp_path.iterdir()] == []


CODE = """
import sys
from pathlib import Path
from spacex.analysis.releases import make_release
make_release(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_a_killed_process_leaves_no_release_and_the_next_one_removes_the_rest(
    released, sampled, tmp_path
):
    command = [sys.executable, "-c", CODE, str(sampled.database), str(tmp_path / "out")]
    with subprocess.Popen(command) as process:
        while not [*tmp_path.glob(".out.*/parquet/*")]:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    (left,) = tmp_path.iterdir()
    assert left.name.endswith(".unfinished")
    again = make_release(sampled.database, tmp_path / "out")
    assert [*tmp_path.iterdir()] == [again.folder]
    assert again.sha256 == released.sha256


def test_what_another_process_is_writing_is_kept(tmp_path):
    folder = tmp_path / "out"
    with release_folder.unfinished_release(folder) as one:
        (one / "file").touch()
        release_folder._remove_leftovers(folder)
        assert (one / "file").exists()
    assert [path.name for path in folder.iterdir()] == ["file"]
