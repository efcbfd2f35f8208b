"""Backup and restore: nothing is lost, and a damaged or foreign file changes nothing."""

import errno
import gzip
import io
import os
import shutil
import sqlite3
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import BinaryIO

import hypothesis
import msgspec
import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from spacex.cli import backup_command
from spacex.cli.app import app
from spacex.errors import DatabaseError, DataError, SettingsError, StorageError
from spacex.extract.run_folder import DIGESTS, Run
from spacex.extract.snapshots import SnapshotStore
from spacex.pipeline import restore as restoring
from spacex.pipeline.backup import back_up, back_up_daily
from spacex.pipeline.restore import MARKER, Marker, restore
from spacex.pipeline.staged_restore import finish_restore, noticing_restore, put_staged
from spacex.pipeline.verify import verify
from spacex.schema import SCHEMA_VERSION
from spacex.settings import Settings
from spacex.sources import CELESTRAK, SPACEXDATA
from spacex.warehouse.digest import reset_change_counter, sha256
from spacex.warehouse.publish import publishing
from tests import stages
from tests.clock import Clock
from tests.conftest import settings_in
from tests.pipeline.test_verify import response

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def source(three_days: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a folder with three runs that have ended, and one that has not."""
    settings = settings_in(tmp_path_factory.mktemp("source"))
    shutil.copytree(three_days.parent, settings.data_dir)
    for folder in settings.runs_dir.iterdir():
        Run(settings.runs_dir, folder.name).write_digests()
    (settings.runs_dir / "unfinished").mkdir()
    settings.drop_in_dir.mkdir(exist_ok=True)
    (settings.drop_in_dir / "2026-01-01.json").write_text("[]")
    return settings


@pytest.fixture(scope="module")
def archive(source: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return back_up(source, tmp_path_factory.mktemp("backup") / "data.tar.gz").path


def files(folder: Path) -> dict[str, bytes]:
    """Return the files of a data folder that a backup contains."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {
        name: path.read_bytes()
        for name, path in found.items()
        if path.is_file() and path.suffix != ".lock" and not name.startswith("replaced-")
    }


def test_a_restored_folder_has_every_file_but_staged_tables_byte_for_byte(
    source: Settings, archive: Path, settings: Settings
) -> None:
    restored = restore(settings, archive)
    assert files(settings.data_dir) == {
        name: content
        for name, content in files(source.data_dir).items()
        if not name.endswith("/staging.db")  # which can be built again
    }
    assert verify(settings).problems == []
    assert restored.contents.summary == "1 database, 3 runs, 3 snapshots, 1 request ledger"
    assert restored.replaced is None
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]


def test_what_was_in_place_is_kept(archive: Path, settings: Settings) -> None:
    shutil.copytree(archive.parent, settings.raw_dir)
    settings.database.write_bytes(b"something else")
    before = files(settings.data_dir)
    replaced = restore(settings, archive).replaced
    assert replaced
    assert files(replaced) == before
    assert verify(settings).problems == []


def test_a_run_that_a_restore_stops_says_so(archive: Path, settings: Settings) -> None:
    @noticing_restore(settings)
    def run(*, restores: bool) -> None:
        if restores:
            restore(settings, archive)
        raise StorageError("There is no run.")

    settings.raw_dir.mkdir(parents=True)
    with pytest.raises(StorageError, match="There is no run"):
        run(restores=False)
    with pytest.raises(StorageError, match=r"A restore replaced the data .* now in replaced-2"):
        run(restores=True)
    with pytest.raises(StorageError, match="There is no run"):
        run(restores=False)
    with pytest.raises(StorageError, match="A restore replaced"), noticing_restore(settings):
        restore(settings, archive)
    with noticing_restore(settings):
        shutil.rmtree(max(settings.data_dir.glob("replaced-*")))


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """Store snapshots and publish the database over and over during the block."""
    stopped = Event()

    def work() -> None:
        number = 0
        while not stopped.is_set():
            number += 1
            SnapshotStore(settings.raw_dir).save(CELESTRAK, "starlink", response(number), number)
            with publishing(settings.database, lock_timeout_s=5) as connection:
                connection.execute("UPDATE _runs SET note = ?", (str(number),))

    thread = Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def test_a_backup_while_runs_go_on_is_consistent(
    source: Settings, settings: Settings, tmp_path: Path
) -> None:
    shutil.copytree(source.data_dir, settings.data_dir)
    with running(settings):
        for _ in range(10):
            back_up(settings, tmp_path / "data.tar.gz")
    back_up(settings, tmp_path / "data.tar.gz")
    assert restore(settings, tmp_path / "data.tar.gz").contents.damage == ""


def refused(archive: Path, settings: Settings) -> str:
    """Return why a backup is refused; the data folder must stay as it is."""
    before = files(settings.data_dir)
    with pytest.raises(DataError) as caught:
        restore(settings, archive)
    assert files(settings.data_dir) == before
    assert not (settings.data_dir / ".restore").exists()
    assert "Nothing was changed" in caught.value.remedy or "Name a backup" in caught.value.remedy
    return caught.value.message


@pytest.mark.attack("restore a changed or cut backup", "refused")
@hypothesis.settings(max_examples=40)
@given(data=st.data())
def test_any_truncation_and_any_flipped_byte_of_the_content_is_refused(
    archive: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    content = archive.read_bytes()
    position = data.draw(st.integers(0, len(content) - 1))
    flipped = bytearray(content)
    flipped[position] ^= data.draw(st.integers(1, 255))
    damaged = content[:position] if data.draw(st.booleans()) else bytes(flipped)
    (folder / "damaged.tar.gz").write_bytes(damaged)
    if unpacked(damaged) != unpacked(content):  # a few bits of the compression have no meaning
        refused(folder / "damaged.tar.gz", settings_in(folder))


def unpacked(content: bytes) -> bytes | None:
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error):
        return None


@hypothesis.settings(max_examples=100)
@given(position=st.integers(0, 1535), value=st.integers(0, 255))
def test_no_byte_of_a_made_archive_causes_an_exception(
    tmp_path_factory: pytest.TempPathFactory, position: int, value: int
) -> None:
    path = archive_of(tmp_path_factory.mktemp("made") / "made.tar.gz")
    content = bytearray(gzip.decompress(path.read_bytes()))
    content[position] = value
    path.write_bytes(gzip.compress(content))
    with suppress(DataError):
        restore(settings_in(path.parent), path)


Member = tuple[str, bytes, bytes]
"""Name, type and target of a member of an archive."""


def archive_of(path: Path, *members: Member, marker: Marker | None = None) -> Path:
    """Write an archive."""
    with tarfile.open(path, "w:gz") as tar:
        content = msgspec.json.encode(marker or Marker(created_utc=NOON))
        for name, kind, body in ((MARKER, tarfile.REGTYPE, content), *members):
            member = tarfile.TarInfo(name)
            member.type, member.size = kind, len(body) if kind == tarfile.REGTYPE else 0
            member.linkname = body.decode() if kind != tarfile.REGTYPE else ""
            tar.addfile(member, io.BytesIO(body))
    return path


@pytest.mark.attack(
    "restore a backup with links, devices, or paths outside the data folder",
    "refused; nothing is written",
)
@pytest.mark.parametrize(
    "member",
    [
        ("../outside", tarfile.REGTYPE, b"x"),
        ("raw/../../outside", tarfile.REGTYPE, b"x"),
        ("/outside", tarfile.REGTYPE, b"x"),
        ("raw/link", tarfile.SYMTYPE, b"/etc/passwd"),
        ("raw/link", tarfile.LNKTYPE, b"starlink.db"),
        ("raw/device", tarfile.CHRTYPE, b""),
        ("raw/pipe", tarfile.FIFOTYPE, b""),
        ("prefect/profiles.toml", tarfile.REGTYPE, b"x"),
        (".env", tarfile.REGTYPE, b"x"),
    ],
    ids=lambda member: f"{member[0]} {member[1].decode()}",
)
def test_an_archive_with_anything_else_is_refused(
    member: Member, settings: Settings, tmp_path: Path
) -> None:
    made = archive_of(tmp_path / "made.tar.gz", member)
    assert f"{member[0]!r} is in it" in refused(made, settings)
    assert not (settings.data_dir.parent / "outside").exists()


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ([f"raw/{'a' * 300}"], "File name too long"),
        ([f"raw/{'a' * 200}/" * 20 + "b"], "File name too long"),
        (["raw/x/y", "raw/x"], "Is a directory"),
        (["raw/x", "raw/x/y"], "Not a directory"),
        (["raw/x/y", "raw/x", "raw/x/y"], "Is a directory"),
    ],
)
def test_an_archive_whose_names_cannot_be_unpacked_is_refused(
    names: list[str], reason: str, settings: Settings, tmp_path: Path
) -> None:
    members = [(name, tarfile.REGTYPE, b"x") for name in names]
    assert reason in refused(archive_of(tmp_path / "made.tar.gz", *members), settings)


@pytest.mark.parametrize("error", [errno.EACCES, errno.EIO, errno.ELOOP])
def test_a_backup_that_cannot_be_read_is_named(
    archive: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    def refuse(*_: object, **__: object) -> BinaryIO:
        raise OSError(error, os.strerror(error), str(archive))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataError, match=f"{archive} cannot be read .{os.strerror(error)}."):
        restore(settings, archive)


def _header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size = size
    return member.tobuf(tarfile.GNU_FORMAT)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no archive",
        gzip.compress(b"no archive"),
        gzip.compress(bytes(10_240)),
        gzip.compress(_header("raw/big", 10**13)),
        gzip.compress(_header("", 0)),
        gzip.compress(_header(f"drop-in/{'x/' * 3000}y", 0)),
    ],
    ids=[
        "empty",
        "text",
        "text, gz",
        "empty archive",
        "a claim of 10 TB",
        "no name",
        "3,000 folders",
    ],
)
def test_a_file_that_is_no_backup_is_refused(
    content: bytes, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(content)
    assert "is not a backup, or is damaged" in refused(tmp_path / "file", settings)


def test_a_missing_file_is_refused(settings: Settings, tmp_path: Path) -> None:
    assert "There is no file" in refused(tmp_path / "missing", settings)


def test_a_backup_with_damaged_data_is_refused(settings: Settings, tmp_path: Path) -> None:
    made = archive_of(tmp_path / "made.tar.gz", ("starlink.db", tarfile.REGTYPE, b"no database"))
    assert "is damaged: starlink.db" in refused(made, settings)


def test_a_backup_of_a_newer_release_is_refused(settings: Settings, tmp_path: Path) -> None:
    newer = Marker(created_utc=NOON, software_version="9.0", schema_version=99)
    made = archive_of(tmp_path / "made.tar.gz", marker=newer)
    assert "was written by release '9.0', which is newer" in refused(made, settings)


@pytest.mark.attack("fill the disk by a backup", "refused")
def test_a_backup_larger_than_the_disk_is_refused(
    archive: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "_ROOM", 10**18)
    with pytest.raises(StorageError, match=r"needs 1,000,000,000,00\d MB"):
        restore(settings, archive)
    assert files(settings.data_dir) == {}


def test_nothing_is_restored_while_the_database_is_written(
    source: Settings, archive: Path, settings: Settings
) -> None:
    shutil.copytree(source.data_dir, settings.data_dir)
    impatient = stages.at(settings, lock_timeout_s=0.1)
    before = files(settings.data_dir)
    with (
        publishing(settings.database, lock_timeout_s=1),
        pytest.raises(DatabaseError, match="has held the lock"),
    ):
        restore(impatient, archive)
    assert files(settings.data_dir) == before


def damage_snapshot(settings: Settings) -> None:
    next(settings.raw_dir.rglob("*.json.gz")).write_bytes(b"damaged")


def damage_database(settings: Settings) -> None:
    content = bytearray(settings.database.read_bytes())
    content[-1] ^= 1
    settings.database.write_bytes(content)


def empty_database(settings: Settings) -> None:
    settings.database.write_bytes(b"")


def empty_database_without_digest(settings: Settings) -> None:
    empty_database(settings)
    settings.database.with_name("starlink.db.sha256").unlink()


def change_database(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.database)) as connection, connection:
        connection.execute("UPDATE _runs SET note = 'changed'")


def remove_database(settings: Settings) -> None:
    settings.database.unlink()


def link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def link_to_nothing(path: Path) -> None:
    path.symlink_to("gone")


def replace_database(make: Callable[[Path], None]) -> Callable[[Settings], None]:
    def replace(settings: Settings) -> None:
        settings.database.unlink()
        make(settings.data_dir / "starlink.db")

    replace.__name__ = f"database_{make.__name__}"
    return replace


def remove_digests_of_a_run(settings: Settings) -> None:
    next(settings.runs_dir.glob(f"*/{DIGESTS}")).unlink()


def replace_digests_of_a_run(settings: Settings) -> None:
    path = next(settings.runs_dir.glob(f"*/{DIGESTS}"))
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    "damage",
    [
        damage_snapshot,
        damage_database,
        empty_database,
        empty_database_without_digest,
        change_database,
        remove_database,
        *(
            replace_database(make)
            for make in (Path.mkdir, os.mkfifo, link_to_itself, link_to_nothing)
        ),
        remove_digests_of_a_run,
        replace_digests_of_a_run,
    ],
)
def test_damaged_data_replace_no_backup(
    source: Settings, settings: Settings, tmp_path: Path, damage: Callable[[Settings], None]
) -> None:
    shutil.copytree(source.data_dir, settings.data_dir)
    with Clock("2026-01-01"):
        kept = back_up_daily(settings, tmp_path / "backups", keep=1).path
    damage(settings)
    with Clock("2026-01-02"), pytest.raises(DataError, match="because the data are damaged"):
        back_up_daily(settings, tmp_path / "backups", keep=1)
    assert verify(settings).problems
    assert list((tmp_path / "backups").iterdir()) == [kept]


def test_one_backup_a_day_is_kept_for_some_days(source: Settings, tmp_path: Path) -> None:
    (tmp_path / "mine.tar.gz").write_text("mine")
    for day in ("2026-01-01", "2026-01-02", "2026-01-02", "2026-01-03"):
        with Clock(day):
            removed = back_up_daily(source, tmp_path, keep=2).removed
    assert [path.name for path in removed] == ["spacex-2026-01-01.tar.gz"]
    left = sorted(path.name for path in tmp_path.iterdir() if path.is_file())
    assert left == ["mine.tar.gz", "spacex-2026-01-02.tar.gz", "spacex-2026-01-03.tar.gz"]


def backed_up_on(source: Settings, folder: Path, *days: str) -> list[str]:
    """Write a backup on each of some days, keep two, and return the days of those that are left."""
    for day in days:
        with Clock(day):
            assert back_up_daily(source, folder, keep=2).path.exists()
    return sorted(path.name[len("spacex-") :][:10] for path in folder.iterdir())


def test_an_earlier_backup_that_cannot_be_removed_is_named(
    source: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, **_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    with Clock("2026-11-01") as clock:
        back_up_daily(source, tmp_path, keep=1)
        clock.set("2026-11-02")
        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", refuse)
            with pytest.raises(StorageError) as caught:
                back_up_daily(source, tmp_path, keep=1)
    assert caught.value.message == (
        f"The backup {tmp_path / 'spacex-2026-11-02.tar.gz'} is written, but "
        "spacex-2026-11-01.tar.gz cannot be removed (Permission denied)."
    )
    assert (tmp_path / "spacex-2026-11-02.tar.gz").exists()


def test_backups_of_future_days_push_out_no_others(source: Settings, tmp_path: Path) -> None:
    ahead = ["2027-05-01", "2027-05-02"]
    assert backed_up_on(source, tmp_path, *ahead) == ahead
    days = ["2026-01-01", "2026-01-02", "2026-01-03"]
    assert backed_up_on(source, tmp_path, *days) == [*days[1:], *ahead]
    assert backed_up_on(source, tmp_path, ahead[0]) == [days[2], *ahead]
    assert backed_up_on(source, tmp_path, "2027-05-03") == [ahead[1], "2027-05-03"]


def test_only_backups_are_removed_or_counted(source: Settings, tmp_path: Path) -> None:
    (tmp_path / "spacex-2026-01-01.tar.gz").write_bytes(NO_BACKUPS["thesis"])
    (tmp_path / "spacex-2026-01-08.tar.gz").mkdir()
    (tmp_path / "spacex-2026-01-09.tar.gz").symlink_to("gone")
    left = backed_up_on(source, tmp_path, "2026-01-02", "2026-01-03", "2026-01-10")
    assert [day[-2:] for day in left] == ["01", "03", "08", "09", "10"]


def test_a_place_that_cannot_be_written_is_a_usage_error(
    source: Settings, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match="it is a folder"):
        back_up(source, tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="is not a folder"):
        back_up(source, tmp_path / "file" / "data.tar.gz")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(SettingsError, match="something else of that name"):
        back_up(source, tmp_path / "loop")
    with pytest.raises(SettingsError, match=r"its path has 4\d\d bytes"):
        back_up(source, tmp_path / f"{'x' * 200}/{'y' * 200}")
    with pytest.raises(SettingsError, match="nothing to back up"):
        back_up(settings, tmp_path / "data.tar.gz")


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_a_backup_that_is_no_file_is_refused(kind: str, settings: Settings, tmp_path: Path) -> None:
    (Path.mkdir if kind == "folder" else os.mkfifo)(tmp_path / kind)
    assert "it is no regular file" in refused(tmp_path / kind, settings)


def test_a_backup_without_data_or_with_an_impossible_instant_is_refused(
    settings: Settings, tmp_path: Path
) -> None:
    assert "there are no data" in refused(archive_of(tmp_path / "made.tar.gz"), settings)
    impossible = Marker(created_utc=datetime.fromisoformat("0001-01-01T00:00:00+23:59"))
    made = archive_of(tmp_path / "made.tar.gz", marker=impossible)
    assert "date value out of range" in refused(made, settings)


@pytest.mark.parametrize(
    "name", ["starlink.db", "raw/new.tar.gz", "runs/new.tar.gz", "drop-in/new.tar.gz", "notes.txt"]
)
def test_a_backup_replaces_nothing_but_a_backup(source: Settings, name: str) -> None:
    notes = source.data_dir / "notes.txt"
    notes.write_text("mine")
    before = files(source.data_dir)
    with pytest.raises(SettingsError, match=r"something else of that name|among the data"):
        back_up(source, source.data_dir / name)
    assert files(source.data_dir) == before
    assert notes.read_text() == "mine"


def tar_of(name: str, content: bytes) -> bytes:
    """Return an archive of one file."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    return archive.getvalue()


NO_BACKUPS = {
    "thesis": tar_of("thesis", b"mine"),
    "other tool": tar_of(MARKER, b"[]"),
    "photo": gzip.compress(b"mine"),
    "empty archive": gzip.compress(bytes(10_240)),
    "cut": gzip.compress(b"mine")[:12],
    "magic bytes": b"\x1f\x8b",
    "a claim of 10 TB": gzip.compress(_header(MARKER, 10**13)),
    "empty": b"",
    "text": b"mine",
}


@pytest.mark.parametrize("content", NO_BACKUPS.values(), ids=NO_BACKUPS)
def test_a_backup_replaces_no_other_file_whatever_its_format(
    content: bytes, source: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "data.tar.gz"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=f"{path} cannot be written: there is something else"):
        back_up(source, path)
    assert path.read_bytes() == content


def test_a_backup_replaces_no_file_that_was_put_there_meanwhile(
    source: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "data.tar.gz"
    with pytest.raises(SettingsError, match="something else of that name"):
        back_up(source, path, lambda _: path.write_bytes(NO_BACKUPS["thesis"]) and None)
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [NO_BACKUPS["thesis"]]


@pytest.mark.parametrize("size", [2000, None])
def test_an_earlier_backup_is_replaced_even_if_it_is_cut(
    size: int | None, source: Settings, archive: Path, tmp_path: Path
) -> None:
    path = tmp_path / "data.tar.gz"
    path.write_bytes(archive.read_bytes()[:size])
    assert not back_up(source, path).contents.damage


def test_a_file_that_cannot_be_read_is_not_replaced(
    source: Settings, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copy(archive, tmp_path))
    opened = Path.open

    def refuse(self: Path, *arguments: str) -> object:
        if self == path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(self, *arguments)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SettingsError, match=f"{path} cannot be written: .* cannot be read"):
        back_up(source, path)


def test_a_backup_replaces_no_device(source: Settings, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SettingsError, match="something else of that name"):
        back_up(source, tmp_path / "pipe")


@pytest.mark.parametrize("name", ["raw", "runs", "drop-in"])
@pytest.mark.parametrize("make", [Path.touch, lambda path: path.symlink_to("gone")])
def test_no_backup_leaves_out_what_is_no_folder(
    settings: Settings, tmp_path: Path, name: str, make: Callable[[Path], object]
) -> None:
    with publishing(settings.database, lock_timeout_s=1):
        pass
    make(settings.data_dir / name)
    with pytest.raises(DataError, match=name):
        back_up(settings, tmp_path / "data.tar.gz")
    assert not (tmp_path / "data.tar.gz").exists()
    assert [each.file for each in verify(settings).problems if each.file == name] == [name]


def test_links_to_nothing_are_kept_as_well(archive: Path, settings: Settings) -> None:
    settings.data_dir.mkdir()
    for name in ("raw", "drop-in"):
        (settings.data_dir / name).symlink_to("gone")
    replaced = restore(settings, archive).replaced
    assert replaced
    assert all((replaced / name).is_symlink() for name in ("raw", "drop-in"))
    assert not verify(settings).problems


def test_an_archive_that_is_missing_leaves_no_folder_behind(settings: Settings) -> None:
    with pytest.raises(DataError, match="There is no file"):
        restore(settings, settings.data_dir.parent / "none.tar.gz")
    assert not settings.data_dir.exists()


def test_of_two_restores_at_once_one_is_refused(archive: Path, settings: Settings) -> None:
    settings.data_dir.mkdir()
    with (
        FileLock(settings.data_dir / ".restore.lock"),
        pytest.raises(DatabaseError, match="Another restore"),
    ):
        restore(settings, archive)
    restore(settings, archive)
    assert not verify(settings).problems


@pytest.mark.attack("link to another file of this machine in the data folder", "not in the backup")
def test_a_backup_follows_no_link_out_of_the_data_folder(
    source: Settings,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(source.data_dir, settings.data_dir)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.json").write_text("secret")
    Run(tmp_path, "outside").write_digests()
    run = next(path for path in settings.runs_dir.iterdir() if (path / DIGESTS).exists())
    links = [
        *(folder / "link" for folder in (settings.drop_in_dir, settings.runs_dir)),
        *(folder / "link" for folder in (settings.raw_dir, settings.raw_dir / "celestrak")),
        *(folder / "secret.json" for folder in (settings.drop_in_dir, settings.raw_dir, run)),
    ]
    for link in links:
        link.symlink_to(outside if link.name == "link" else outside / "secret.json")
    os.mkfifo(settings.drop_in_dir / "pipe")
    monkeypatch.setattr(backup_command, "settings", lambda: settings)
    backup_command.back_up_data(tmp_path / "new" / "data.tar.gz", keep=1)
    output = "".join(capsys.readouterr().out.split())
    assert all(f"•{path}isskipped" in output for path in (*links, settings.drop_in_dir / "pipe"))
    assert f"8filesskipped•Thefolder{tmp_path}/newwascreated" in output
    with tarfile.open(tmp_path / "new" / "data.tar.gz") as tar:
        assert not [name for name in tar.getnames() if "/link" in name or "secret" in name]


def test_damaged_data_whose_snapshots_are_linked_name_the_link(
    source: Settings, settings: Settings, tmp_path: Path
) -> None:
    shutil.copytree(source.data_dir, settings.data_dir)
    linked = settings.raw_dir / "celestrak"
    linked.rename(tmp_path / "elsewhere")
    linked.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DataError, match=f"follows no links, such as {linked}"):
        back_up(settings, tmp_path / "data.tar.gz")


KILLED = 9


def die_at(step: int) -> None:
    """End this process without any cleanup at its nth change of a name or copy of a file."""
    left = iter(range(step))

    def dying(function: Callable[..., object]) -> Callable[..., object]:
        def change(*args: object, **options: object) -> object:
            if next(left, None) is None:
                os._exit(KILLED)
            return function(*args, **options)

        return change

    for name in ("rename", "replace", "unlink", "mkdir", "link", "sync"):
        setattr(os, name, dying(getattr(os, name)))
    shutil.copyfile = dying(shutil.copyfile)


def child(work: Callable[[], object]) -> int:
    """Execute a function in a forked process, and return its exit code."""
    if process := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    work()
    os._exit(0)


def dying_restore(step: int, settings: Settings, archive: Path) -> None:
    """Restore a backup, but die at the nth step after it was unpacked."""
    restoring.put_staged = lambda config: (die_at(step), put_staged(config))[1]  # type: ignore[attr-defined]
    restore(settings, archive)


@pytest.fixture
def small(settings: Settings, tmp_path: Path) -> tuple[Path, Settings]:
    """A small backup, and a data folder with other data."""
    for config, content in ((settings_in(tmp_path / "other"), "new"), (settings, "old")):
        for folder in (config.raw_dir, config.runs_dir / "run", config.drop_in_dir):
            folder.mkdir(parents=True)
        (config.raw_dir / "lost.txt").write_text(f"{content}\n")
        (config.drop_in_dir / "x.json").write_text(content)
        with publishing(config.database, lock_timeout_s=1) as connection:
            connection.execute(f"CREATE TABLE {content} (x)")
    (settings.runs_dir / "run" / "old.html").write_text("old")
    back_up(settings_in(tmp_path / "other"), tmp_path / "data.tar.gz")
    return tmp_path / "data.tar.gz", settings


def test_a_restore_killed_at_any_step_leaves_all_old_data_or_all_new(
    small: tuple[Path, Settings],
) -> None:
    archive, settings = small
    folder, start = settings.data_dir, settings.data_dir.with_name("start")
    shutil.copytree(folder, start)
    old, outcomes = files(start), []
    for step in count():
        shutil.rmtree(folder)
        shutil.copytree(start, folder)
        code = child(lambda step=step: dying_restore(step, settings, archive))
        child(lambda step=step: (die_at(step // 4), finish_restore(settings)))
        finish_restore(settings)
        assert not settings.restore_dir.exists()
        is_new = files(folder) != old
        if is_new:
            replaced = next(folder.glob("replaced-*"))
            assert (folder / "drop-in" / "x.json").read_text() == "new"
            assert not (folder / "runs" / "run").exists()
            assert files(replaced) == {n: old[n] for n in old if not n.endswith(".sha256")}
            assert verify(settings).problems == []
        outcomes.append(is_new)
        if code == 0:
            break
        assert code == KILLED
    assert outcomes == sorted(outcomes)
    assert outcomes.count(True) >= 10
    assert outcomes.count(False) >= 3


def test_the_next_command_finishes_a_restore(
    small: tuple[Path, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, settings = small
    monkeypatch.setenv("SPACEX_DATA_DIR", str(settings.data_dir))
    assert child(lambda: dying_restore(12, settings, archive)) == KILLED
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda *_: False)  # as in the container of the dashboard
        assert "is not finished; `" in CliRunner().invoke(app, ["status"]).output
    assert settings.restore_dir.exists()
    assert "is now finished" in CliRunner().invoke(app, ["status"]).output
    assert not settings.restore_dir.exists()
    assert "restore" not in CliRunner().invoke(app, ["status"]).output
    assert (settings.drop_in_dir / "x.json").read_text() == "new"


def test_what_cannot_be_moved_is_found_before_anything_is(
    small: tuple[Path, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, settings = small
    before = files(settings.data_dir)
    monkeypatch.setattr(Path, "is_mount", lambda path: path == settings.drop_in_dir)
    with pytest.raises(StorageError, match="drop-in cannot be replaced: it is a mount point"):
        restore(settings, archive)
    assert files(settings.data_dir) == before
    assert not settings.restore_dir.exists()


def publish_as(version: int, settings: Settings) -> None:
    """Make the database look like one that a release with this schema has published."""
    with closing(sqlite3.connect(settings.database, isolation_level=None)) as connection:
        connection.execute("DROP TABLE _changes")
        connection.execute(f"PRAGMA user_version = {version}")
    reset_change_counter(settings.database)
    digest = f"{sha256(settings.database)}  starlink.db\n"
    settings.database.with_name("starlink.db.sha256").write_text(digest)


@pytest.mark.parametrize("has_data", [True, False])
def test_a_database_of_an_earlier_schema_is_restored_for_the_next_run_to_rebuild(
    small: tuple[Path, Settings],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    has_data: bool,
) -> None:
    archive, settings = small
    other = settings_in(tmp_path / "other")
    publish_as(SCHEMA_VERSION - 1, other)
    back_up(other, archive)
    if not has_data:
        shutil.rmtree(settings.data_dir)
    monkeypatch.setattr(backup_command, "settings", lambda: settings)
    backup_command.restore_data(archive)
    assert f"schema version {SCHEMA_VERSION - 1}; this release has" in capsys.readouterr().out
    assert settings.database.read_bytes() == other.database.read_bytes()
    assert verify(settings).problems == []
    assert not settings.restore_dir.exists()


def test_a_database_of_a_newer_schema_is_refused_before_anything_moves(
    small: tuple[Path, Settings], tmp_path: Path
) -> None:
    archive, settings = small
    other = settings_in(tmp_path / "other")
    publish_as(SCHEMA_VERSION + 1, other)
    back_up(other, archive)
    assert f"schema version {SCHEMA_VERSION + 1}, that of a newer" in refused(archive, settings)


@pytest.mark.parametrize(
    ("name", "has_database"),
    [
        ("starlink.db", False),
        ("starlink.db.sha256", True),
        ("starlink.db.sha256.new", True),
        ("starlink.db-wal", False),
        ("starlink.db.restored.unpublished", True),
    ],
)
@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_a_file_that_cannot_be_replaced_is_found_before_anything_moves(
    small: tuple[Path, Settings], name: str, *, has_database: bool, make: Callable[[Path], None]
) -> None:
    archive, settings = small
    if not has_database:
        settings.database.unlink()
    (settings.data_dir / name).unlink(missing_ok=True)
    make(settings.data_dir / name)
    before = files(settings.data_dir)
    with pytest.raises(StorageError, match=f"{name} cannot be replaced: it is not a regular file"):
        restore(settings, archive)
    assert files(settings.data_dir) == before
    assert not settings.restore_dir.exists()


def test_a_backup_without_a_database_leaves_no_digest_of_the_replaced_one(
    small: tuple[Path, Settings], tmp_path: Path
) -> None:
    archive, settings = small
    other = settings_in(tmp_path / "other")
    for path in other.data_dir.glob("starlink.db*"):
        path.unlink()
    SnapshotStore(other.raw_dir).save(SPACEXDATA, "launches", response(1), 1)
    back_up(other, archive)
    restore(settings, archive)
    assert verify(settings).problems == []
