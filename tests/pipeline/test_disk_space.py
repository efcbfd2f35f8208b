"""The space that a run needs, on the disks it writes to."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from spacex.errors import StorageError
from spacex.pipeline.disk_space import check_not_full, check_space, spaces
from spacex.settings import Settings

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
