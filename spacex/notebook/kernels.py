"""Kernels for notebooks: forked where that is possible, started by Jupyter elsewhere."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty
from threading import Timer
from typing import Any, cast

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.utils import run_sync
from nbclient.exceptions import DeadKernelError
from traitlets import List, Unicode, default

from spacex.notebook.forked_kernel import (
    PIPELINE,
    ForkedKernel,
    can_fork,
    start_fork_server,
    wait_for_dead_fork_server,
)
from spacex.notebook.kernel_options import USUAL, KernelOptions
from spacex.notebook.pictures import DRAWN_BY_RUNNER
from spacex.notebook.prerequisites import check_prerequisites
from spacex.notebook.temporary_folder import temporary_folder

_LAUNCHER = "ipykernel_launcher"
_END_TIMEOUT_S = 5
"""Longest time in which a killed fork server ends on a busy machine."""

_FOLDER_LAST = "--IPKernelApp.exec_lines=__import__('sys').path.append('')"
"""A notebook may import modules beside it, but they shadow no other module: kernels start with
Python's option -P or its equivalent, and get their folder as the last entry of the search path."""

_NO_HISTORY = "--HistoryManager.enabled=False"
"""No kernel keeps its cells in the history that IPython has for people."""


class ForkingProvisioner(LocalProvisioner):
    """Jupyter's kernel provisioner, but it forks Python kernels if it can.

    Jupyter finds it as `spacex`, by the entry point in `pyproject.toml`.
    """

    modules: List[str] = List(
        Unicode(), default_value=list(PIPELINE), config=True, help="Modules the kernels share"
    )
    extensions: List[str] = List(
        Unicode(), config=True, help="IPython extensions among them, to load in each kernel"
    )

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel of a command line that runs ipykernel's launcher.

        A dead fork server is replaced once.

        Raises:
            DeadKernelError: the fork server died twice.
        """
        if not can_fork():
            spawned = [sys.executable, "-P", *cmd[1:], _FOLDER_LAST, _NO_HISTORY]
            return await super().launch_kernel(spawned, **kwargs)
        extensions = [f"--IPKernelApp.extensions={name}" for name in self.extensions]
        arguments = [*cmd[cmd.index(_LAUNCHER) + 1 :], *extensions]
        arguments += [_FOLDER_LAST, _NO_HISTORY]
        kernel = ForkedKernel(arguments, kwargs["env"], kwargs.get("cwd") or "")
        try:
            await self._start(kernel)
        except (OSError, EOFError):
            await asyncio.to_thread(wait_for_dead_fork_server, _END_TIMEOUT_S)
            try:
                await self._start(kernel)
            except (OSError, EOFError):
                raise DeadKernelError("The fork server died.") from None
        self.process = kernel  # type: ignore[assignment]  # has what Jupyter uses of a Popen
        self.pid = self.pgid = kernel.pid
        return self.connection_info

    async def _start(self, kernel: ForkedKernel) -> None:
        start_fork_server(self.modules)
        await asyncio.to_thread(kernel.start)

    async def kill(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002 - Jupyter's
        """Kill the kernel and wait for its end; Jupyter would look only every 0.1 s."""
        await super().kill(restart)
        if self.process:
            with suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(self.process.wait, 1)


class OwnKernelClient(AsyncKernelClient):
    """The only client of a kernel that was just started."""

    @default("context")
    def _context_default(self) -> zmq.asyncio.Context:
        """Return a context that tries to connect every 5 ms; the kernel's sockets appear soon."""
        context = super()._context_default()
        context.reconnect_ivl = 5
        return context

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel replies and its output arrives.

        Jupyter's own method then waits until 0.2 s pass without a message, for replies to requests
        of other clients.

        Raises:
            DeadKernelError: the kernel died, or did not reply in time.
        """
        started = time.monotonic()
        while timeout is None or time.monotonic() - started < timeout:
            self.kernel_info()
            with suppress(Empty):
                await self.get_shell_msg(timeout=1)
                await self.get_iopub_msg(timeout=0.2)
                return
            if not await self.is_alive():
                break
        raise DeadKernelError("The kernel did not start.")


_RUNNING: set[int] = set()
"""The processes of the running kernels."""


@contextmanager
def kernel(options: KernelOptions = USUAL) -> Iterator[AsyncKernelManager]:
    """Yield the manager of a running kernel; kill the kernel at the end of the block.

    The kernel runs the Python of this environment. Its sockets are in a folder that only this user
    may enter. It can be killed because papermill has stored the outputs by then. It is killed, too,
    when its time is over.

    Args:
        options: how it runs.

    Raises:
        SettingsError: see `check_prerequisites`.
    """
    check_prerequisites()
    with tempfile.TemporaryDirectory(prefix="k-", dir=temporary_folder()) as folder:
        manager = AsyncKernelManager(
            kernel_name="python3",
            transport="ipc",
            connection_file=f"{folder}/kernel.json",
            client_factory=OwnKernelClient,
        )
        spec = cast(KernelSpec, manager.kernel_spec)
        spec.metadata["kernel_provisioner"] = {"provisioner_name": "spacex"}
        environment = os.environ | options.environment | DRAWN_BY_RUNNER
        folder_of_kernel = str(options.folder) if options.folder else None
        run_sync(manager.start_kernel)(env=environment, cwd=folder_of_kernel)
        process = cast(LocalProvisioner, manager.provisioner).pid or 0
        _RUNNING.add(process)
        timer = Timer(options.timeout_s or 0, _kill, [process])
        timer.daemon = True
        if options.timeout_s:
            timer.start()
        try:
            yield manager
        finally:
            timer.cancel()
            _RUNNING.discard(process)
            run_sync(manager.shutdown_kernel)(now=True)


def kill_kernels() -> None:
    """Kill the running kernels, so that the threads that execute notebooks come to an end."""
    for process in tuple(_RUNNING):
        _kill(process)


def _kill(process: int) -> None:
    if process in _RUNNING:  # otherwise its number may be that of another one
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
