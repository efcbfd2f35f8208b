"""Free space of the disks that a run writes to, checked before it starts."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

from jupyter_core.paths import jupyter_runtime_dir

from spacex.errors import StorageError
from spacex.settings import Settings

_MB = 1_000_000
_ROOM = 100 * _MB
"""Responses, tables and notebooks of a run, besides copies of the database."""


@dataclass(frozen=True)
class Space:
    """The space that a run needs on one disk.

    Attributes:
        folder: the folder of the run on this disk that needs most.
        needed: bytes that a run needs there.
        free: free bytes.
        remedy: what to do if they do not suffice.
    """

    folder: Path
    needed: int
    free: int
    remedy: str

    @property
    def problem(self) -> str:
        """What is missing, as a sentence; empty if nothing."""
        if self.free >= self.needed:
            return ""
        free, needed = self.free // _MB, ceil(self.needed / _MB)
        return f"{self.folder} has {free:,} MB free, and a run needs {needed:,} MB."


def check_space(settings: Settings) -> None:
    """Check that the disks have the space that a run needs.

    Raises:
        StorageError: one has not.
    """
    for space in spaces(settings):
        if space.problem:
            raise StorageError(space.problem, space.remedy)


def check_not_full(settings: Settings) -> None:
    """Check that no disk has become full during a run.

    Raises:
        StorageError: one is full.
    """
    for space in spaces(settings):
        if space.free < _MB:
            raise StorageError(f"The disk of {space.folder} is full.", space.remedy)


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
    size = database.stat().st_size if database.is_file() else 0
    # A run writes its tables to a staging database and copies the published one.
    old = f"folders in {settings.runs_dir} or old databases ({data}/starlink.old-*.db)"
    yield _space(data, 2 * size + _ROOM, _another("SPACEX_DATA_DIR", f"old {old}"))
    if not os.environ.get("PREFECT_API_URL"):
        home = Path(os.environ.get("PREFECT_HOME", data / "prefect"))
        yield _space(home, 20 * _MB, _another("PREFECT_HOME"))
    temporary = os.environ.get("TMPDIR") or tempfile.gettempdir()
    yield _space(Path(temporary), 5 * _MB, _another("TMPDIR"))
    yield _space(Path(jupyter_runtime_dir()), _MB, _another("JUPYTER_RUNTIME_DIR"))


def _another(variable: str, removable: str = "files from that disk") -> str:
    return f"Remove {removable}, or choose another folder with {variable}."


def _space(folder: Path, needed: int, remedy: str) -> tuple[Space, int]:
    folders = (folder, *folder.absolute().parents)
    # Path.exists raises an error where a parent may not be entered.
    nearest = next(path for path in folders if os.path.exists(path))  # noqa: PTH110
    free = shutil.disk_usage(nearest).free
    return Space(folder, needed, free, remedy), nearest.stat().st_dev
