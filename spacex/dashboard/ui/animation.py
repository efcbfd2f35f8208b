"""What makes a picture move: frames, no faster than the browser draws them."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

FRAME_S = 0.15
"""The shortest time between two frames."""

PATIENCE_S = 3.0
"""How long to wait for the browser to have drawn a frame before the next is sent all the same."""


class Player:
    """Shows frame after frame until it is stopped.

    Args:
        frame: shows the next one.
    """

    def __init__(self, frame: Callable[[], None]) -> None:
        self._frame = frame
        self._drawn = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_playing(self) -> bool:
        """Whether it has been started, and not been stopped."""
        return self._task is not None and not self._task.done()

    def start(self) -> None:
        """Play, as long as the event loop runs."""
        if not self.is_playing:
            self._task = asyncio.get_running_loop().create_task(self._play())

    def stop(self) -> None:
        """Play no more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def drawn(self) -> None:
        """Say that the browser has drawn the latest frame."""
        self._drawn.set()

    async def _play(self) -> None:
        while True:
            began = time.monotonic()
            self._drawn.clear()
            self._frame()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._drawn.wait(), PATIENCE_S)
            await asyncio.sleep(max(0.0, FRAME_S - (time.monotonic() - began)))
