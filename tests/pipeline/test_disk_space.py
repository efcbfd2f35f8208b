"""The space that a run needs, on the disks it writes to."""

import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from spacex.analysis import queries
from spacex.cli.doctor.machine import disks
from spacex.cli.doctor.stored_data import files
from spacex.dashboard.app.server import serve
from spacex.errors import DatabaseError, SettingsError, StorageError
from spacex.extract.run_folder import Run
from spacex.pipeline.backup import back_up
from spacex.pipeline.disk_space import check_not_full, check_space, spaces
from spacex.pipeline.replay import replay_dir
from spacex.pipeline.verify import verify
from spacex.settings import Settings
from tests.stages import at

MB = 1_000_000


@pytest.fixture
def disk(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Put all folders of a run on one disk, whose free space the test sets."""
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.delenv("PREFECT_HOME", raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "jupyter"))
    disk = SimpleNamespace(free=10**12, settings=settings)
    monkeypatch.setattr("shutil.disk_usage", lambda _: disk)
    return disk


@pytest.mark.parametrize("database_mb", [0, 200])
def test_a_run_needs_two_copies_of_the_database_and_room(disk, database_mb):
    if database_mb:
        disk.settings.data_dir.mkdir()
        with disk.settings.database.open("wb") as file:
            file.truncate(database_mb * MB)
    disk.free = needed = (2 * database_mb + 126) * MB
    check_space(disk.settings)
    disk.free -= 1
    with pytest.raises(StorageError) as caught:
        check_space(disk.settings)
    data = disk.settings.data_dir
    assert caught.value.message == (
        f"{data} has {needed // MB - 1} MB free, and a run needs {needed // MB} MB."
    )
    assert caught.value.remedy == (
        f"Remove old folders in {data}/runs or old databases ({data}/starlink.old-*.db), or choose "
        "another folder with SPACEX_DATA_DIR."
    )


ODD_FOLDERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a file": (Path.touch, "{0} is not a folder"),
    "a device": (lambda path: path.symlink_to("/dev/null"), "{0} is not a folder"),
    "in a file": (lambda path: path.parent.touch(), "{0.parent} is not a folder"),
    "a link to nothing": (lambda path: path.symlink_to("gone"), "{0} is a link to gone, which is"),
    "a link to itself": (lambda path: path.symlink_to(path), "{0} cannot be used (Too many levels"),
}


@pytest.mark.parametrize(("make", "problem"), ODD_FOLDERS.values(), ids=ODD_FOLDERS)
def test_a_data_folder_that_cannot_be_one_is_named(settings, tmp_path, make, problem):
    folder = tmp_path / "deeper" / "data"
    if problem != ODD_FOLDERS["in a file"][1]:
        folder.parent.mkdir()
    make(folder)
    backing_up = partial(back_up, path=tmp_path / "data.tar.gz")
    for check in (check_space, verify, backing_up, lambda odd: serve(odd, port=0)):
        with pytest.raises(SettingsError) as caught:
            check(at(settings, data_dir=folder))
        start = f"SPACEX_DATA_DIR='{folder}': {problem.format(folder)}"
        assert caught.value.message.startswith(start)
        assert caught.value.remedy.startswith("Choose another folder with SPACEX_DATA_DIR")
    with pytest.raises(DatabaseError) as missing:
        queries.run(folder / "starlink.db")
    assert problem.format(folder) in missing.value.message


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """A folder that this process may not enter; root becomes another user."""
    folder, user = Path(tempfile.mkdtemp()), os.geteuid()
    folder.chmod(0)
    try:
        if user == 0:
            os.seteuid(65534)
        yield folder
    finally:
        os.seteuid(user)
        folder.rmdir()


def test_a_data_folder_that_may_not_be_entered_is_named(settings, closed_folder, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", tempfile.gettempdir())  # that user may not enter ours
    closed = at(settings, data_dir=closed_folder)
    problem = f"{closed_folder} cannot be used (Permission denied)"
    backing_up = partial(back_up, path=closed_folder.with_name("data.tar.gz"))
    for check in (check_space, verify, backing_up, lambda odd: serve(odd, port=0)):
        with pytest.raises(SettingsError) as caught:
            check(closed)
        assert caught.value.message == f"SPACEX_DATA_DIR='{closed_folder}': {problem}."
    with pytest.raises(DatabaseError, match=re.escape(problem)):
        queries.run(closed.database)
    for diagnoses in (files, disks):
        assert [each.state for each in diagnoses(closed)].count("fault") == 0  # `folder` has it


def long_folder(tmp_path: Path, length: int) -> Path:
    """Make a folder whose path has this number of bytes."""
    folder = tmp_path / ("x" * 200)
    folder = folder / ("y" * (length - len(str(folder)) - 1))
    folder.mkdir(parents=True)
    return folder


def test_a_path_that_is_too_long_for_sqlite_is_named(settings, tmp_path):
    longest, longer = (long_folder(tmp_path, length) for length in (400, 401))
    check_space(at(settings, data_dir=longest))
    link = tmp_path / "link"
    link.symlink_to(longer)
    for folder in (longer, link):
        for check in (check_space, verify, lambda odd: serve(odd, port=0)):
            with pytest.raises(SettingsError, match="its path has 401 bytes, and SQLite needs"):
                check(at(settings, data_dir=folder))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "starlink.db").symlink_to(longer / "starlink.db")
    with pytest.raises(SettingsError, match=r"link to .*: its path has 401 bytes"):
        check_space(at(settings, data_dir=tmp_path / "elsewhere"))


def test_the_longest_path_is_short_enough_for_a_rebuild(settings, tmp_path):
    rebuilt = at(settings, data_dir=long_folder(tmp_path, 400) / ".rebuild")
    staging = Run.new(replay_dir(rebuilt)).staging
    staging.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(staging)) as connection:
        connection.execute("CREATE TABLE t (x)")


@pytest.mark.parametrize("name", ["raw", "runs"])
@pytest.mark.parametrize("problem", ["is a link to", "is not a folder"])
def test_an_odd_folder_of_the_data_is_named(settings, name, problem):
    settings.data_dir.mkdir()
    odd = settings.data_dir / name
    if problem == "is not a folder":
        odd.touch()
    else:
        odd.symlink_to("gone")
    with pytest.raises(SettingsError, match=f"data folder .* cannot be used: {odd} {problem}"):
        check_space(settings)
    (found,) = verify(settings).problems
    assert found.file == name


@pytest.mark.parametrize("folder", ["/proc", "/proc/new", "/sys/new"])
def test_a_data_folder_that_takes_no_file_is_named(settings, folder):
    if not Path(folder).parent.is_dir():
        pytest.skip("only Linux has this folder")
    start = re.escape(f"SPACEX_DATA_DIR='{folder}': no file can be created in /")
    with pytest.raises(SettingsError, match=start):
        check_space(at(settings, data_dir=Path(folder)))


@pytest.mark.parametrize(
    ("target", "problem"),
    [("../gone/starlink.db", "there is no folder"), ("starlink.db", "it leads to itself")],
)
def test_a_link_that_is_no_database_is_named(settings, target, problem):
    settings.data_dir.mkdir()
    (settings.data_dir / "starlink.db").symlink_to(target)
    with pytest.raises(SettingsError, match=f"starlink.db is a link to .*: {problem}"):
        check_space(settings)


@pytest.mark.parametrize(
    ("inodes", "free", "problem"),
    [
        (10_000, 1_000, ""),
        (10_000, 999, "{} has 999 inodes free, and a run needs 1,000: each file takes one."),
        (0, 0, ""),  # btrfs does not count them
    ],
)
def test_a_run_needs_free_inodes(disk, monkeypatch, inodes, free, problem):
    status = SimpleNamespace(f_files=inodes, f_favail=free)
    monkeypatch.setattr("os.statvfs", lambda _: status)
    (space,) = spaces(disk.settings)
    assert space.problem == problem.format(disk.settings.data_dir)
    if problem:
        with pytest.raises(StorageError, match="inodes free"):
            check_space(disk.settings)
        status.f_favail = 0
        with pytest.raises(StorageError, match=r"has no inode left\."):
            check_not_full(disk.settings)
    else:
        check_space(disk.settings)
        check_not_full(disk.settings)


def test_a_prefect_server_elsewhere_needs_no_space_here(disk, monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    (space,) = spaces(disk.settings)
    assert space.needed == 106 * MB


def test_a_disk_that_has_become_full_is_named(disk):
    disk.free = MB
    check_not_full(disk.settings)
    disk.free = MB - 1
    with pytest.raises(StorageError, match=f"The disk of {disk.settings.data_dir} is full"):
        check_not_full(disk.settings)
