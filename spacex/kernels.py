"""Kernels for notebooks, each forked from a process that has imported what notebooks use."""

import asyncio
import tempfile
from types import TracebackType
from typing import Any, Self, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.utils import run_sync
from traitlets import List, Unicode

from spacex.forkserver import fork_server

PIPELINE = ("spacex.charts", "spacex.exhibits", "spacex.pipeline")
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


class Kernel:
    """A running kernel, ended with the block it is used in.

    It is that of the Python of this environment, and talks through sockets in a folder nobody else
    may enter, not over TCP.

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
        spec = cast(KernelSpec, self.manager.kernel_spec)
        spec.metadata["kernel_provisioner"] = {"provisioner_name": "spacex"}
        run_sync(self.manager.start_kernel)()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End its process at once: what its notebook has shown is written down by then."""
        run_sync(self.manager.shutdown_kernel)(now=True)
        self._folder.cleanup()


def prepare() -> None:
    """Have the pipeline's modules imported meanwhile, so that the first kernel is ready at once."""
    fork_server(*PIPELINE).start()
