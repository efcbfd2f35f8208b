"""A program that loads a run again and again, and is killed at it; driven by `test_killed_load`.

    python -m tests.warehouse.killed_load DATA_DIR RUN_ID

For each line on its input it lets a child of its own load the run. `after S` kills the child after
S seconds, never if that is `inf`; `at N` when it comes to its Nth line of the publish protocol. The
answer is `killed` or how it `ended`, with the seconds the child has lived.
"""

import math
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from spacex.extract.run_folder import Run
from spacex.settings import Settings
from spacex.warehouse import publish
from spacex.warehouse.load import load

PROTOCOL = {publish.__file__, shutil.__file__}


class DieAt:
    """A trace function that ends the process at a line of the protocol: nothing is cleaned up."""

    def __init__(self, line: int) -> None:
        self._lines_left = line

    def __call__(self, frame: FrameType, event: str, _: Any) -> "DieAt | None":
        if frame.f_code.co_filename not in PROTOCOL:
            return None
        if event == "line":
            self._lines_left -= 1
            if self._lines_left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def load_in_child(run: Run, settings: Settings, line: int = 0) -> int:
    """A child that loads the run, and does nothing else; it dies at that line, if there is one."""
    child = os.fork()
    if child == 0:
        if line:
            sys.settrace(DieAt(line))
        load(run, settings)
        os._exit(0)
    return child


def killed(child: int, seconds: float = math.inf) -> str:
    """How a child ends that is killed after these seconds, and how long it has lived, s."""
    started = time.monotonic()
    if seconds < math.inf:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    how = "killed" if os.WIFSIGNALED(status) else f"ended {os.WEXITSTATUS(status)}"
    return f"{how} {time.monotonic() - started:.6f}"


def main() -> None:
    """Load and kill, as told."""
    settings = Settings(_env_file=None, data_dir=Path(sys.argv[1]))
    run = Run(settings.runs_dir, sys.argv[2])
    for when, number in map(str.split, sys.stdin):
        if when == "at":
            answer = killed(load_in_child(run, settings, int(number)))
        else:
            answer = killed(load_in_child(run, settings), float(number))
        print(answer, flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
