"""Animation: frames at a steady rate, but no faster than the browser draws them."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

MIN_FRAME_S = 0.15
"""Shortest time between two frames, s."""

MAX_WAIT_S = 3.0
"""Longest wait for the browser to draw a frame, s."""


class Player:
    """Calls `show_frame` for one frame after another until it is stopped."""

    def __init__(self, show_frame: Callable[[], None]) -> None:
        self._show_frame = show_frame
        self._drawn = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_playing(self) -> bool:
        """Whether the animation is running."""
        return self._task is not None and not self._task.done()

    def start(self) -> None:
        """Start in the running event loop, unless it is playing already."""
        if not self.is_playing:
            self._task = asyncio.get_running_loop().create_task(self._play())

    def stop(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def frame_drawn(self) -> None:
        """Report that the browser has drawn the latest frame."""
        self._drawn.set()

    async def _play(self) -> None:
        while True:
            began = time.monotonic()
            self._drawn.clear()
            self._show_frame()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._drawn.wait(), MAX_WAIT_S)
            await asyncio.sleep(max(0.0, MIN_FRAME_S - (time.monotonic() - began)))
