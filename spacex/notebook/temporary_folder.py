"""The temporary folder of a process, which the next one removes if the process was killed.

A process holds a lock on a file in its folder. The system releases the lock when the process dies,
however it dies, so a folder whose lock is free is abandoned.
"""

import fcntl
import multiprocessing
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from functools import cache
from multiprocessing import util
from pathlib import Path
from typing import Any

_PREFIX = "spacex-"
_LOCK = "lock"
_LONGEST_ROOT = 58
"""Bytes: macOS allows 103 for the path of a socket; names of folders and sockets take 45."""
_LAST = -100
"""Priority at exit, after everything that uses the folder."""


def temporary_folder() -> Path:
    """Return the temporary folder of this process; create it first, and remove abandoned ones."""
    return _folder(os.getpid())


def share_with_multiprocessing() -> None:
    """Let `multiprocessing` use our folder for its sockets, instead of one that may be left."""
    process: Any = multiprocessing.current_process()
    process._config.setdefault("tempdir", str(temporary_folder()))  # noqa: SLF001 - there is no other way


@cache
def _folder(_process_id: int) -> Path:
    """Return a new locked folder; a forked process has one of its own."""
    root = _root()
    for path in root.glob(f"{_PREFIX}*/{_LOCK}"):
        _remove_if_abandoned(path)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=root))
    # Others see the lock only when it is held; the handle stays open until the process ends.
    new = folder / f"{_LOCK}.new"
    with suppress(OSError):  # a file system without locks: the folder is never called abandoned
        fcntl.flock(os.open(new, os.O_RDWR | os.O_CREAT, 0o600), fcntl.LOCK_EX | fcntl.LOCK_NB)
        new.rename(folder / _LOCK)
    util.Finalize(
        None,
        shutil.rmtree,
        args=(folder,),
        kwargs={"ignore_errors": True},
        exitpriority=_LAST,
    )
    return folder


def _root() -> Path:
    """Return the system's temporary folder; /tmp if paths of sockets in it would be too long."""
    folder = tempfile.gettempdir()
    return Path(folder if len(os.fsencode(folder)) <= _LONGEST_ROOT else "/tmp")  # noqa: S108


def _remove_if_abandoned(lock: Path) -> None:
    """Remove the folder of a lock that nobody holds, if it is this user's."""
    with suppress(OSError):  # another process removes it, or holds the lock
        found = lock.parent.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            return
        handle = os.open(lock, os.O_RDWR | os.O_NOFOLLOW)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent, ignore_errors=True)
        finally:
            os.close(handle)
