"""Load a run repeatedly in child processes, and kill them; used by `test_killed_load`.

    python -m tests.warehouse.killed_load DATA_DIR RUN_ID

For each input line, start a child that loads the run. `after S` kills it after S seconds (never if
S is `inf`), `at N` at the Nth line of the publish protocol, each counted when first executed. Print
`killed` or `ended` with the exit code, and the child's lifetime in seconds.
"""

import math
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from spacex import files
from spacex.extract.run_folder import Run
from spacex.settings import Settings
from spacex.warehouse import digest, publish, recovery
from spacex.warehouse.load import load

PROTOCOL = {publish.__file__, digest.__file__, recovery.__file__, files.__file__}


class DieAt:
    """A trace function that kills the process at a line of the protocol, without cleanup."""

    def __init__(self, line: int) -> None:
        self._line = line
        self._executed: set[tuple[str, int]] = set()

    def __call__(self, frame: FrameType, event: str, _: Any) -> "DieAt | None":
        if frame.f_code.co_filename not in PROTOCOL:
            return None
        line = (frame.f_code.co_filename, frame.f_lineno)
        if event == "line" and line not in self._executed:
            self._executed.add(line)
            if len(self._executed) == self._line:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def load_in_child(run: Run, settings: Settings, line: int = 0) -> int:
    """Start a child that loads the run, and dies at the given line; return its process ID."""
    child = os.fork()
    if child == 0:
        if line:
            sys.settrace(DieAt(line))
        load(run, settings)
        os._exit(0)
    return child


def killed(child: int, seconds: float = math.inf) -> str:
    """Kill a child after some seconds; return how it ended, and its lifetime in s."""
    started = time.monotonic()
    if seconds < math.inf:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    how = "killed" if os.WIFSIGNALED(status) else f"ended {os.WEXITSTATUS(status)}"
    return f"{how} {time.monotonic() - started:.6f}"


def main() -> None:
    """Execute the commands of the standard input."""
    settings = Settings(_env_file=None, data_dir=Path(sys.argv[1]))
    run = Run(settings.runs_dir, sys.argv[2])
    for when, number in map(str.split, sys.stdin):
        if when == "at":
            result = killed(load_in_child(run, settings, int(number)))
        else:
            result = killed(load_in_child(run, settings), float(number))
        print(result, flush=True)  # noqa: T201 - the response


if __name__ == "__main__":
    main()
