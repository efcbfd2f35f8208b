"""The folder of a release, which appears when it is complete."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from spacex.errors import SettingsError
from spacex.files import folder_problem, sync, write_error

_SUFFIX = ".unfinished"


def check_target(folder: Path) -> None:
    """Check that a release can be written to a folder; one that was written is not replaced.

    Raises:
        SettingsError: it cannot.
    """
    problem = folder_problem(folder.absolute().parent, is_written=True)
    if not problem and os.path.lexists(folder):
        try:
            is_taken = folder.is_symlink() or any(folder.iterdir())
        except OSError as error:
            is_taken, problem = False, f"it cannot be listed ({error.strerror})"
        if is_taken:
            problem = "there is something in it, and a release replaces nothing"
    if problem:
        raise SettingsError(f"{folder} cannot be written: {problem}.", "Choose a new folder.")


@contextmanager
def unfinished_release(folder: Path) -> Iterator[Path]:
    """Yield a new folder beside that of a release, and put it in its place when it is on disk.

    Nothing is put there if the block fails. What a killed process left is removed: the system has
    released its lock.

    Args:
        folder: the folder of the release, which is missing or empty.

    Raises:
        StorageError: a file cannot be written.
    """
    folder = folder.absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(folder)
        unfinished = Path(
            tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=_SUFFIX, dir=folder.parent)
        )
        with _locked(unfinished):
            try:
                yield unfinished
                _put_in_place(unfinished, folder)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise write_error(folder, error) from None


def _put_in_place(unfinished: Path, folder: Path) -> None:
    unfinished.chmod(0o755)
    for parent, _, names in os.walk(unfinished):
        for each in (*(Path(parent, name) for name in names), Path(parent)):
            sync(each)
    unfinished.rename(folder)
    sync(folder.parent)


def _remove_leftovers(folder: Path) -> None:
    for leftover in folder.parent.glob(f".{folder.name}.????????{_SUFFIX}"):
        with suppress(OSError), _locked(leftover):  # nobody is writing it
            shutil.rmtree(leftover)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a lock of a folder during the block, which the system releases if this process dies.

    Raises:
        OSError: another process holds it.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)
