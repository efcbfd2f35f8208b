"""Detection of a replaced database file."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from spacex.files import fingerprint

PERIOD_S = 1.0
"""Time between two checks, s."""


class DatabaseWatch:
    """Calls back when a file appears, is replaced or disappears.

    The kernel itself checks the file. Messages from the page would keep the kernel of an unused
    page busy, and the server could not cull it.
    """

    def __init__(self, path: Path, on_change: Callable[[], None]) -> None:
        self._path = path
        self._on_change = on_change
        self._last = fingerprint(path)

    def check(self) -> None:
        """Check the file once."""
        current = fingerprint(self._path)
        if current != self._last:
            self._last = current
            self._on_change()

    def start(self) -> None:
        """Check the file periodically while the event loop runs."""
        self._task = asyncio.get_running_loop().create_task(self._check_forever())

    async def _check_forever(self) -> None:
        while True:
            await asyncio.sleep(PERIOD_S)
            self.check()
