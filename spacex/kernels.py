"""Kernels for notebooks, each started before it is needed.

A kernel takes a second to start and to import what notebooks use. Within `ahead` this passes while
another notebook is at work, and `take` gives a kernel that is ready. Each notebook still has one of
its own.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from types import TracebackType
from typing import Self

from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync

_WARM_UP = "import spacex.charts, spacex.exhibits, spacex.pipeline; del spacex"
"""Run by each kernel as it starts; it leaves no name behind."""


class Kernel:
    """A running kernel, ended with the block it is used in.

    It talks through sockets in a folder nobody else may enter, not over TCP.

    Attributes:
        manager: what nbclient is given.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kernel-")
        self.manager = AsyncKernelManager(
            kernel_name="python3",
            transport="ipc",
            connection_file=f"{self._folder.name}/kernel.json",
        )
        run_sync(self.manager.start_kernel)(
            extra_arguments=[f"--IPKernelApp.exec_lines={_WARM_UP}"]
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.end()

    def is_alive(self) -> bool:
        """Whether its process runs."""
        return bool(run_sync(self.manager.is_alive)())

    def end(self) -> None:
        """End its process at once: what its notebook has shown is written down by then."""
        run_sync(self.manager.shutdown_kernel)(now=True)
        self._folder.cleanup()


class _Supply:
    """The kernel that waits, and how many notebooks are still to be supplied ahead."""

    def __init__(self) -> None:
        self.to_come = 0
        self.waiting: Kernel | None = None
        self.lock = Lock()

    def start_next(self) -> None:
        if self.to_come and self.waiting is None:
            self.to_come -= 1
            self.waiting = Kernel()


_supply = _Supply()


@contextmanager
def ahead(notebooks: int) -> Iterator[None]:
    """Within this block, start the kernel of each notebook while the one before it is at work.

    Args:
        notebooks: how many there are.
    """
    with _supply.lock:
        _supply.to_come = notebooks
        _supply.start_next()
    try:
        yield
    finally:
        with _supply.lock:
            unused, _supply.waiting, _supply.to_come = _supply.waiting, None, 0
        if unused:
            unused.end()


def take() -> Kernel:
    """A kernel that has run nothing: the one started ahead, if it is well, or else a new one."""
    with _supply.lock:
        kernel, _supply.waiting = _supply.waiting, None
        _supply.start_next()
    if kernel and kernel.is_alive():
        return kernel
    if kernel:
        kernel.end()
    return Kernel()
