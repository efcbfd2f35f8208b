"""The events of a run in a file, a JSON object a line, each written when it happens.

A killed run therefore has the events up to then. The process that executes the run holds a lock on
the file, so that others see that it has died, and complete the file.
"""

import fcntl
import os
import stat
from contextlib import suppress
from pathlib import Path

import msgspec

from spacex.extract.run_folder import NAMED_FOR_START
from spacex.pipeline.lineage.events import Json

SUFFIX = ".jsonl"

# Others can write to the data folder: follow no link, and wait for no pipe.
_SAFE = os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class EventFile:
    """A file of events, locked until it is closed."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def append(self, line: bytes) -> None:
        """Append an event at once.

        Raises:
            OSError: it cannot be written.
        """
        whole = line + b"\n"
        while whole:
            whole = whole[os.write(self._handle, whole) :]

    def close(self) -> None:
        """Close the file, which ends the lock."""
        os.close(self._handle)

    def events(self) -> list[Json]:
        """Return the events, and remove a last line that its writer could not complete.

        Raises:
            OSError: the file cannot be read or changed.
            msgspec.DecodeError: a line is not JSON.
        """
        content = b""
        while read := os.pread(self._handle, 2**20, len(content)):
            content += read
        whole = content.rpartition(b"\n")[0]
        if not content.endswith(b"\n"):
            os.ftruncate(self._handle, len(whole) + bool(whole))
        return [msgspec.json.decode(line) for line in whole.splitlines()]


def create(path: Path) -> EventFile:
    """Create a file.

    Raises:
        OSError: it cannot be created, or exists.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _SAFE, 0o644)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return EventFile(handle)


def open_abandoned(path: Path) -> EventFile | None:
    """Open and lock a file that no process has open any more; return None if it is none."""
    try:
        handle = os.open(path, os.O_RDWR | _SAFE)
    except OSError:
        return None
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if stat.S_ISREG(os.fstat(handle).st_mode):
            return EventFile(handle)
    os.close(handle)
    return None


def files(folder: Path) -> list[Path]:
    """Return the files of runs, oldest first."""
    found = folder.glob(f"*{SUFFIX}")
    return sorted(path for path in found if NAMED_FOR_START.fullmatch(path.stem))


def prune(folder: Path, keep: int, spared: str) -> None:
    """Remove the files of the oldest runs.

    Args:
        folder: that of the files.
        keep: the number of newest ones to keep.
        spared: a run to keep whatever its age: the published one.
    """
    for path in files(folder)[:-keep]:
        if path.stem != spared:
            with suppress(OSError):
                path.unlink()
