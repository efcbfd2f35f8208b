"""Free space and inodes of the disks that a run writes to, checked before it starts."""

import math
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from jupyter_core.paths import jupyter_runtime_dir

from spacex.errors import SettingsError, StorageError
from spacex.files import check_folder, folder_problem, length_problem, space_problem
from spacex.settings import Settings

_MB = 1_000_000
_ROOM = 100 * _MB
"""Responses, tables and notebooks of a run, besides copies of the database."""
_INODES = 1_000
"""Far more than the files of a run, of its kernels and of Prefect, which others may need too."""


@dataclass(frozen=True)
class Space:
    """The space that a run needs on one disk.

    Attributes:
        folder: the folder of the run on this disk that needs most.
        needed: bytes that a run needs there.
        free: free bytes.
        remedy: what to do if that is too little.
        free_inodes: free inodes, of which each file takes one; infinite if the disk counts none.
    """

    folder: Path
    needed: int
    free: int
    remedy: str
    free_inodes: float = math.inf

    @property
    def problem(self) -> str:
        """What is missing, as a sentence; empty if nothing."""
        if self.free_inodes < _INODES:
            found = f"{self.folder} has {self.free_inodes:,} inodes free"
            return f"{found}, and a run needs {_INODES:,}: each file takes one."
        return space_problem(self.folder, self.free, self.needed, "a run")


def check_space(settings: Settings) -> None:
    """Check that a run can write to its folders, and that their disks have the space it needs.

    Raises:
        SettingsError: it cannot write to one.
        StorageError: there is not enough space.
    """
    check_folder(settings.data_dir, "SPACEX_DATA_DIR")
    for folder in (settings.raw_dir, settings.runs_dir):
        if problem := folder_problem(folder):
            raise SettingsError(
                f"The data folder {settings.data_dir} cannot be used: {problem}.",
                remedy="Correct that, or choose another data folder with SPACEX_DATA_DIR.",
            )
    _check_link(settings)
    for space in spaces(settings):
        if space.problem:
            raise StorageError(space.problem, space.remedy)


def _check_link(settings: Settings) -> None:
    """Check what a link in place of the database names.

    Raises:
        SettingsError: it cannot be a database.
    """
    database = settings.database
    if database.parent == settings.data_dir and not os.path.islink(database):  # noqa: PTH114 - never raises
        return
    folder = database.parent
    problem = length_problem(folder) or folder_problem(folder, is_written=True)
    if not problem and not os.path.isdir(folder):  # noqa: PTH112 - never raises
        problem = f"there is no folder {folder}"
    if os.path.islink(database):  # noqa: PTH114
        problem = "it leads to itself"
    if problem:
        raise SettingsError(
            f"{settings.data_dir}/starlink.db is a link to {database}, which cannot be used: "
            f"{problem}.",
            remedy="Correct the link, or remove it.",
        )


def check_not_full(settings: Settings) -> None:
    """Check that no disk has become full during a run.

    Raises:
        StorageError: one is full.
    """
    for space in spaces(settings):
        if space.free < _MB:
            raise StorageError(f"The disk of {space.folder} is full.", space.remedy)
        if not space.free_inodes:
            raise StorageError(f"The disk of {space.folder} has no inode left.", space.remedy)


def spaces(settings: Settings) -> list[Space]:
    """Return the space that a run needs on each disk, and how much is free."""
    found: dict[int, Space] = {}
    for space, device in _folders(settings):
        known = found.get(device, replace(space, needed=0))
        found[device] = replace(known, needed=known.needed + space.needed)
    return list(found.values())


def _folders(settings: Settings) -> Iterator[tuple[Space, int]]:
    """Yield each folder with its device: first the data, which need most."""
    database, data = settings.database, settings.data_dir
    size = database.stat().st_size if os.path.isfile(database) else 0  # noqa: PTH113 - never raises
    # A run writes its tables to a staging database and copies the published one.
    old = f"folders in {settings.runs_dir} or old databases ({data}/starlink.old-*.db)"
    another = _another("SPACEX_DATA_DIR", f"old {old}")
    yield _space(data, size + _ROOM, another)
    yield _space(database.parent, size, another)
    if not os.environ.get("PREFECT_API_URL"):
        home = Path(os.environ.get("PREFECT_HOME", data / "prefect"))
        yield _space(home, 20 * _MB, _another("PREFECT_HOME"))
    temporary = os.environ.get("TMPDIR") or tempfile.gettempdir()
    yield _space(Path(temporary), 5 * _MB, _another("TMPDIR"))
    yield _space(Path(jupyter_runtime_dir()), _MB, _another("JUPYTER_RUNTIME_DIR"))


def _another(variable: str, removable: str = "files from that disk") -> str:
    return f"Remove {removable}, or choose another folder with {variable}."


def nearest_folder(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    folders = (folder, *folder.absolute().parents)
    # Path.exists raises an error where a parent may not be entered.
    return next(path for path in folders if os.path.exists(path))  # noqa: PTH110


def _space(folder: Path, needed: int, remedy: str) -> tuple[Space, int]:
    nearest = nearest_folder(folder)
    free = shutil.disk_usage(nearest).free
    status = os.statvfs(nearest)
    inodes = status.f_favail if status.f_files else math.inf
    return Space(folder, needed, free, remedy, inodes), nearest.stat().st_dev
