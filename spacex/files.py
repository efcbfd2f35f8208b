"""Atomic file writes, and folders and disks that cannot be used."""

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from math import ceil
from pathlib import Path

from spacex.errors import SettingsError, StorageError
from spacex.settings import command

CHECK_DISK = "Check the disk and the permissions."
"""What to do about a file that cannot be read."""

NOT_A_FILE = "not a regular file"
"""Why a folder, pipe or device cannot be read or written."""

MOVE_AWAY = "Move it away."
"""What to do about a folder, pipe or device in the place of a file."""

_UNFINISHED = ".????????.tmp"
"""What follows a file's name in that of an unfinished one, as a pattern."""

Fingerprint = tuple[int, int, int]
"""Inode, modification time in ns and size in bytes of a file."""


def fingerprint(path: Path | str) -> Fingerprint | None:
    """Return what distinguishes a file from its predecessors; None if there is no file."""
    try:
        status = Path(path).stat()
    except (OSError, TypeError, ValueError):
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def write_atomically(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file atomically and create missing parent folders.

    Readers see either the old or the new content, even if this process is killed.

    Args:
        path: the file.
        content: its content.
        mode: its permissions.

    Raises:
        StorageError: the file cannot be written.
    """
    _write(path, content, _replace, mode)


def create_atomically(path: Path, content: bytes) -> bool:
    """Create a file as `write_atomically` does, but never replace one.

    Returns:
        Whether it was created; False if there is a file of that name.

    Raises:
        StorageError: the file cannot be written.
    """
    return _write(path, content, _link, 0o644)


def unfinished(folder: Path, name: str = "*") -> list[Path]:
    """Return what is left of files that a process is writing atomically, or was when killed.

    Args:
        folder: the folder of the files.
        name: name of a file, or a pattern.
    """
    return list(folder.glob(name + _UNFINISHED))


def remove_unfinished(folder: Path, name: str = "*") -> None:
    """Remove what killed processes left of files that they wrote atomically, as far as allowed.

    Args:
        folder: the folder of the files. The caller holds the lock without which nobody writes them.
        name: name of a file, or a pattern.
    """
    for path in unfinished(folder, name):
        with suppress(OSError):
            path.unlink()


def _write(path: Path, content: bytes, put: Callable[[Path, Path], bool], mode: int) -> bool:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f"{path.name}.", suffix=".tmp", delete=False
        ) as file:
            temporary = Path(file.name)
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                temporary.chmod(mode)
                return put(temporary, path)
            finally:
                temporary.unlink(missing_ok=True)
    except OSError as error:
        raise write_error(path, error) from None


def read_file(path: Path) -> bytes:
    """Return the content of a file; never wait for the writer of a pipe.

    Raises:
        OSError: it is missing, not a regular file, or cannot be read.
    """
    with open(
        path, "rb", opener=lambda name, _: os.open(name, os.O_RDONLY | os.O_NONBLOCK)
    ) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, NOT_A_FILE, str(path))
        return file.read()


def copy_file(source: Path, target: Path) -> None:
    """Copy a file to one that does not exist, following no link at either end.

    Raises:
        OSError: one is a link, or cannot be read or made.
    """
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # nor waiting for the writer of a pipe
    original = open(source, "rb", opener=lambda path, _: os.open(path, flags))  # noqa: SIM115
    with original, target.open("xb") as copied:
        shutil.copyfileobj(original, copied)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _replace(temporary: Path, path: Path) -> bool:
    temporary.replace(path)
    return True


def _link(temporary: Path, path: Path) -> bool:
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        return not path.exists() and _replace(temporary, path)
    return True


_MB = 1_000_000
_LONGEST_PATH = 400
"""B. SQLite opens paths of at most 504, of which a rebuild takes 80 for its folders and files."""


def folder_problem(folder: Path, *, is_written: bool = False) -> str:
    """Return why a folder cannot be used; empty if it can, or can be made.

    Args:
        folder: the folder.
        is_written: whether files will be created in it.
    """
    nearest = Path(folder.anchor)
    try:
        for nearest in (*reversed(folder.absolute().parents), folder.absolute()):
            if not stat.S_ISDIR(nearest.stat().st_mode):
                return f"{nearest} is not a folder"
        os.stat(f"{nearest}/.")  # noqa: PTH116 - a path of pathlib has no dot at its end
    except FileNotFoundError:
        if nearest.is_symlink():
            return f"{nearest} is a link to {nearest.readlink()}, which is missing"
        nearest = nearest.parent
    except OSError as error:
        return f"{nearest} cannot be used ({error.strerror})"
    try:
        if is_written:
            tempfile.TemporaryFile(dir=nearest).close()
    except OSError as error:
        if not is_full(error):
            return f"no file can be created in {nearest} ({error.strerror})"
    return ""


def length_problem(path: Path) -> str:
    """Return why SQLite cannot use databases below a path; empty if it can."""
    length = max(len(os.fsencode(each)) for each in (path.absolute(), os.path.realpath(path)))
    if length <= _LONGEST_PATH:
        return ""
    return f"its path has {length} bytes, and SQLite needs one of at most {_LONGEST_PATH}"


def check_folder(folder: Path, variable: str, *, is_written: bool = True) -> None:
    """Check that a folder can be used, or made.

    Args:
        folder: the folder.
        variable: the variable that names it.
        is_written: whether files will be created in it.

    Raises:
        SettingsError: it cannot.
    """
    if problem := length_problem(folder) or folder_problem(folder, is_written=is_written):
        raise SettingsError(
            f"{variable}={str(folder)!r}: {problem}.",
            remedy=f"Choose another folder with {variable}, or correct this one.",
        )


def check_free(folder: Path, needed: int, task: str, remedy: str) -> None:
    """Check the free space of a disk.

    Args:
        folder: a folder on it.
        needed: bytes that are needed.
        task: what needs them.
        remedy: what to do if there are fewer.

    Raises:
        StorageError: there are fewer.
    """
    if problem := space_problem(folder, shutil.disk_usage(folder).free, needed, task):
        raise StorageError(problem, remedy)


def space_problem(folder: Path, free: int, needed: int, task: str) -> str:
    """Return what is missing on the disk of a folder, as a sentence; empty if nothing.

    Args:
        folder: the folder.
        free: free bytes.
        needed: bytes that are needed.
        task: what needs them.
    """
    if free >= needed:
        return ""
    return f"{folder} has {free // _MB:,} MB free, and {task} needs {ceil(needed / _MB):,} MB."


def is_full(error: OSError) -> bool:
    """Return whether a write failed because the disk, or the user's share of it, is full."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT}


def is_other_kind(error: OSError) -> bool:
    """Return whether a file cannot be used because a folder, pipe or device has its name."""
    return error.errno == errno.EISDIR or error.strerror == NOT_A_FILE


def other_kind(path: Path) -> StorageError:
    """Return the error that reports a folder, pipe or device in the place of a file."""
    kind = "a folder, not a file" if path.is_dir() else NOT_A_FILE
    return StorageError(f"{path} is {kind}.", remedy="Move it away, then run again.")


def disk_full(path: Path) -> StorageError:
    """Return the error that reports a file that does not fit on its disk."""
    return StorageError(
        f"The disk is full: {path} cannot be written.",
        remedy="Free some space, then run again. Nothing is lost.",
    )


def write_error(path: Path, error: OSError) -> StorageError:
    """Return the error that reports a failed write, with its cause and remedy."""
    if is_full(error):
        return disk_full(path)
    if is_other_kind(error):
        return other_kind(path)
    return StorageError(
        f"{path} cannot be written ({error.strerror or error}).",
        remedy=f"Check the disk and the folder's permissions with `{command('doctor')}`.",
    )
