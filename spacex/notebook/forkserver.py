"""A process that has imported what kernels use, and forks them: each is ready at once.

Python and the imports of a notebook take a kernel one to two seconds of computing. Here they are
done once, and their memory is shared. A kernel has run nothing when it is forked.

The other end is this module run as a program, `python -m spacex.notebook.forkserver MODULE …`.
It imports the modules; then it reads orders, one a line, and answers each with the process id of a
kernel. It ends with its input, so neither it nor its kernels outlive the process that started it.
"""

import atexit
import gc
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from subprocess import PIPE, Popen
from threading import Lock
from typing import IO, cast

import psutil

_OPTIONS = ("-P", "-Xfrozen_modules=off")
"""Nothing is imported from the folder it is started in; the debugger sees all modules."""

_KERNEL = ("ipykernel.kernelapp", "ipykernel.zmqshell", "ipykernel.debugger")
"""What a kernel imports by itself."""


class ForkServerError(RuntimeError):
    """No kernel could be forked."""


class Forked(psutil.Process):
    """A process that is no child of this one, with what `subprocess.Popen` has beside."""

    stdin = stdout = stderr = None

    def poll(self) -> int | None:
        """None while it runs; 0 afterwards, however it has ended."""
        return None if self.is_running() else 0

    def send_signal(self, sig: int) -> None:
        """Send a signal, if it runs."""
        with suppress(psutil.NoSuchProcess):
            super().send_signal(sig)


class ForkServer:
    """A process that forks kernels, and is started anew if it has ended."""

    def __init__(self, modules: Sequence[str]) -> None:
        self._command = [sys.executable, *_OPTIONS, "-m", "spacex.notebook.forkserver", *modules]
        self._lock = Lock()
        self._process: Popen[str] | None = None
        atexit.register(self.end)

    def start(self) -> None:
        """Start it, if it does not run; it is not waited for."""
        with self._lock:
            self._running()

    def fork(self, arguments: Sequence[str], environment: Mapping[str, str], folder: str) -> Forked:
        """Fork a kernel, in a session of its own.

        Args:
            arguments: those of the kernel's command line.
            environment: all its variables.
            folder: the one it works in; empty for this process's.

        Raises:
            ForkServerError: the server or the kernel has ended.
        """
        order = {"arguments": arguments, "environment": environment, "folder": folder}
        with self._lock:
            process = self._running()
            orders, answers = cast(IO[str], process.stdin), cast(IO[str], process.stdout)
            with suppress(BrokenPipeError):
                orders.write(json.dumps(order) + "\n")
                orders.flush()
            pid = answers.readline()
        if not pid:
            raise ForkServerError("The process that kernels are forked from has ended.")
        try:
            return Forked(int(pid))
        except psutil.NoSuchProcess:
            raise ForkServerError("The kernel has ended at once.") from None

    def end(self) -> None:
        """End it, and its kernels a moment later."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _running(self) -> Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            # A session of its own: Ctrl-C is for who has started it.
            self._process = Popen(  # noqa: S603 - this very module
                self._command, stdin=PIPE, stdout=PIPE, text=True, start_new_session=True
            )
        return self._process


@cache
def fork_server(*modules: str) -> ForkServer:
    """The one of this process that has imported these modules."""
    return ForkServer(modules)


def _serve(modules: Sequence[str]) -> None:
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # ipykernel reads it as it is imported
    for module in (*_KERNEL, *modules):
        import_module(module)
    gc.collect()
    gc.freeze()  # collections would write to, and so copy, the memory that is shared
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks for what a kernel leaves
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _be_kernel(**json.loads(line))
            return
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _be_kernel(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # What the server reads and writes is nothing of a kernel's.
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.environ.clear()
    os.environ.update(environment)
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    os.chdir(folder or ".")
    sys.argv[1:] = arguments
    import_module("ipykernel.kernelapp").launch_new_instance()


if __name__ == "__main__":
    _serve(sys.argv[1:])
