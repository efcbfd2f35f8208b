"""Kernels for notebooks, each forked from a process that has imported what notebooks use."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty
from typing import Any, cast

import psutil
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

from spacex.notebook.forkserver import fork_server

PIPELINE = ("spacex.notebook.charts", "spacex.notebook.show", "spacex.pipeline.stages")
"""What the notebooks of the pipeline import."""

_LAUNCHER = "ipykernel_launcher"


class ForkingProvisioner(LocalProvisioner):
    """Jupyter's way to start a kernel, for Python's: forks it instead.

    Jupyter finds it as `spacex`, by the entry point in `pyproject.toml`.
    """

    modules: List[str] = List(
        Unicode(), default_value=list(PIPELINE), config=True, help="What is imported beforehand"
    )
    extensions: List[str] = List(
        Unicode(), config=True, help="Those of them that have to be told of the kernel"
    )

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel of a command line that runs ipykernel's launcher."""
        told = [f"--IPKernelApp.extensions={each}" for each in self.extensions]
        arguments = [*cmd[cmd.index(_LAUNCHER) + 1 :], *told]
        fork = fork_server(*self.modules).fork
        forked = await asyncio.to_thread(fork, arguments, kwargs["env"], kwargs.get("cwd") or "")
        self.process = forked  # type: ignore[assignment]  # it has what is used of a Popen
        self.pid = self.pgid = forked.pid
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002 - Jupyter's
        """End the kernel at once, and see it end; Jupyter looks but ten times a second."""
        await super().kill(restart)
        if self.process:
            with suppress(psutil.TimeoutExpired):
                await asyncio.to_thread(self.process.wait, 1)


class OwnKernelClient(AsyncKernelClient):
    """What talks to a kernel that has just been forked, and that nobody else talks to."""

    @default("context")
    def _context_default(self) -> zmq.asyncio.Context:
        """One that looks for the kernel's sockets, which are not there at once, every 5 ms."""
        context = super()._context_default()
        context.reconnect_ivl = 5
        return context

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers, and what it publishes arrives.

        Jupyter's own way then waits until nothing has arrived for 0.2 s. That is for kernels that
        others have asked something before.

        Raises:
            DeadKernelError: it has died, or has not answered in time.
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
        raise DeadKernelError("The kernel has not come up.")


@contextmanager
def kernel() -> Iterator[AsyncKernelManager]:
    """A running kernel, ended with the block it is used in.

    It is that of the Python of this environment, and talks through sockets in a folder nobody else
    may enter, not over TCP. It is ended at once: what its notebook has shown is written down by
    then.
    """
    with tempfile.TemporaryDirectory(prefix="kernel-") as folder:
        manager = AsyncKernelManager(
            kernel_name="python3",
            transport="ipc",
            connection_file=f"{folder}/kernel.json",
            client_factory=OwnKernelClient,
        )
        spec = cast(KernelSpec, manager.kernel_spec)
        spec.metadata["kernel_provisioner"] = {"provisioner_name": "spacex"}
        run_sync(manager.start_kernel)()
        try:
            yield manager
        finally:
            run_sync(manager.shutdown_kernel)(now=True)


def prepare() -> None:
    """Have the pipeline's modules imported meanwhile, so that the first kernel is ready at once."""
    fork_server(*PIPELINE).start()
