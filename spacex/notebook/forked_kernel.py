"""Kernels forked by the fork server of `multiprocessing`.

Starting Python and importing the modules of a notebook costs one to two seconds of CPU time. The
fork server does so once; its kernels start at once, share that memory, and have run nothing.
"""

import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import connection, forkserver, resource_tracker
from multiprocessing.context import ForkServerProcess
from threading import Lock, Thread
from types import ModuleType
from typing import Any

from spacex.notebook.prerequisites import check_prerequisites
from spacex.notebook.temporary_folder import share_with_multiprocessing
from spacex.settings import settings

PIPELINE = ("spacex.notebook.charts", "spacex.notebook.show", "spacex.pipeline.stages")
"""Modules that the notebooks of the pipeline import."""

_PRELOAD = (
    "spacex.notebook.fork_server_setup",
    __name__,
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "tornado.platform.asyncio",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.extensions.storemagic",
)
_STARTING = Lock()


class ForkedKernel(ForkServerProcess):
    """A kernel process, with the methods of `subprocess.Popen` that Jupyter calls.

    Args:
        arguments: the kernel's command-line arguments.
        environment: all environment variables of the kernel.
        folder: the kernel's working directory; empty for that of this process.
    """

    stdin = stdout = stderr = None

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], folder: str
    ) -> None:
        super().__init__(daemon=True)  # ends with this process
        self._arguments, self._folder = list(arguments), folder
        # Bytes, because Voila's names are members of its own class: unpickling one imports Voila.
        self._environment = {os.fsencode(k): os.fsencode(v) for k, v in environment.items()}

    def start(self) -> None:
        """Fork the kernel.

        Raises:
            OSError, EOFError: the fork server died.
        """
        with _STARTING, _main_hidden():
            super().start()

    def run(self) -> None:
        """Run the kernel. Called in the forked process."""
        gc.freeze()  # a collection would write to the shared memory, and so copy it
        gc.enable()
        os.setsid()
        Thread(target=_exit_with_parents, daemon=True).start()
        # A notebook may use multiprocessing, in its usual way.
        multiprocessing.current_process().daemon = False
        multiprocessing.set_start_method(None, force=True)
        _forget_resource_tracker()
        os.environ.clear()
        os.environb.update(self._environment)
        os.chdir(self._folder or ".")
        # Without a parent, ipykernel prints how to connect to it.
        parent = f"--IPKernelApp.parent_handle={os.getppid()}"
        sys.argv = ["ipykernel_launcher", *self._arguments, parent]
        from ipykernel.kernelapp import launch_new_instance  # noqa: PLC0415 - heavy

        launch_new_instance()

    def poll(self) -> int | None:
        """Return the exit code; None while the kernel runs."""
        return self.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until the kernel ends, for at most `timeout` seconds; return its exit code."""
        self.join(timeout)
        return self.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel if it runs."""
        if self.pid and self.exitcode is None:
            os.kill(self.pid, number)


def can_fork() -> bool:
    """Return whether kernels are forked: on Linux, unless the settings say otherwise.

    System libraries of macOS may crash in a forked process.
    """
    return sys.platform == "linux" and settings().kernels == "fork"


def start_fork_server(modules: Sequence[str] = PIPELINE) -> None:
    """Start the fork server if kernels are forked and it is not running; return immediately.

    Args:
        modules: what the kernels import. A running fork server keeps the modules it has.

    Raises:
        SettingsError: see `check_prerequisites`.
    """
    check_prerequisites()
    if can_fork():
        with _STARTING, _safe_path():
            share_with_multiprocessing()
            forkserver.set_forkserver_preload([*_PRELOAD, *modules])
            forkserver.ensure_running()


def wait_for_dead_fork_server(timeout_s: float) -> None:
    """Wait until a fork server that accepts no requests has ended, so that it can be replaced.

    A killed server refuses requests before all of its threads have ended. Until then,
    `start_fork_server` takes it for alive.
    """
    pid = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]  # noqa: SLF001
    with suppress(OSError):
        ends = os.pidfd_open(pid or -1)
        try:
            connection.wait([ends], timeout_s)
        finally:
            os.close(ends)


def _forget_resource_tracker() -> None:
    """Give the kernel a resource tracker of its own, which is killed with it.

    That of the fork server would outlive the kernel, and warn of what a notebook left behind.
    """
    tracker: Any = resource_tracker._resource_tracker  # noqa: SLF001 - there is no other way
    tracker._fd = tracker._pid = None  # noqa: SLF001


def _exit_with_parents() -> None:
    """Wait until the process that wanted this kernel, or the fork server, ends."""
    from spacex.notebook import fork_server_setup  # noqa: PLC0415 - for the fork server alone

    os.close(fork_server_setup.ALIVE_END)
    if parent := multiprocessing.parent_process():
        connection.wait([parent.sentinel, fork_server_setup.ALIVE])
    os.killpg(0, signal.SIGKILL)  # the kernel leads its session: end its child processes as well


@contextmanager
def _main_hidden() -> Iterator[None]:
    """Hide the main module, which multiprocessing would import again in the kernel."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _safe_path() -> Iterator[None]:
    """Keep a `random.py` in the working directory from shadowing the standard library."""
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before
