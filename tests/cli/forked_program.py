"""The program `spacex`, forked by a process that has imported it: as a real process, but at once.

To start Python and to import pandas takes most of the time of a short command.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import IO

from spacex.cli import main
from spacex.settings import PROJECT

_IMPORTED = (
    "spacex.cli.doctor",
    "spacex.cli.import_command",
    "spacex.cli.status_command",
    "spacex.cli.verify_command",
    "spacex.dashboard.app.server",
    "spacex.pipeline.alerts",
    "spacex.pipeline.disk_space",
    "spacex.pipeline.proxies",
    "spacex.warehouse.dictionary",
)
"""What commands import. They import Prefect themselves: it reads the environment at once."""


class ForkedProgram:
    """A process that forks `spacex` for each call of `run`."""

    def __init__(self) -> None:
        program = f"from {__name__} import serve; serve()"  # has no package that usage would name
        command = [sys.executable, "-c", program]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=PROJECT)

    def run(
        self, arguments: list[str], environment: Mapping[str, str], folder: Path, output: Path
    ) -> subprocess.CompletedProcess[str]:
        """Run a command until it ends.

        Args:
            arguments: of the command.
            environment: all of its environment variables.
            folder: its working directory.
            output: a folder for its output.
        """
        order = [arguments, dict(environment), str(folder), str(output)]
        _pipe(self._process.stdin).write(json.dumps(order) + "\n")
        _pipe(self._process.stdin).flush()
        code = int(_pipe(self._process.stdout).readline())
        out, err = ((output / name).read_text() for name in ("out", "err"))
        return subprocess.CompletedProcess(arguments, code, out, err)

    def end(self) -> None:
        """End the process."""
        _pipe(self._process.stdin).close()
        self._process.wait()
        _pipe(self._process.stdout).close()


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream
    return stream


def serve() -> None:
    """Fork a command for each line of standard input, and print its exit code."""
    for module in _IMPORTED:
        import_module(module)
    for order in sys.stdin:
        if not (child := os.fork()):
            _become(*json.loads(order))
            main()
            return
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _become(arguments: list[str], environment: dict[str, str], folder: str, output: str) -> None:
    """Give this process the arguments, environment, folder and files of a command."""
    sys.argv = ["spacex", *arguments]
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, path in enumerate((os.devnull, f"{output}/out", f"{output}/err")):
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
        os.close(file)
