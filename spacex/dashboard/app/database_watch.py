"""Noticing that the database has been replaced."""

import asyncio
from collections.abc import Callable
from pathlib import Path

Stamp = tuple[int, int, int]

PERIOD_S = 1.0
"""Time between two looks at the file, s."""


class Watch:
    """Looks at a file, and tells when it is there for the first time or has been replaced.

    The file is looked at by the kernel itself, not on a message from the page: a page that nobody
    uses then lets its kernel go idle, and the server can end it.
    """

    def __init__(self, path: Path, changed: Callable[[], None]) -> None:
        self._path = path
        self._changed = changed
        self._seen = stamp(path)

    def look(self) -> None:
        """Look once."""
        now = stamp(self._path)
        if now != self._seen:
            self._seen = now
            self._changed()

    def start(self) -> None:
        """Keep looking, as long as the event loop runs."""
        self._task = asyncio.get_running_loop().create_task(self._keep_looking())

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(PERIOD_S)
            self.look()


def stamp(path: Path) -> Stamp | None:
    """What tells one file in this place from the next; None if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
