"""Start runs in child processes, and kill them; used by `test_processes`.

    python -m tests.faults.killed_run

For each input line, start a child that does a whole run, and kill it after that number of seconds
(never if it is `inf`). Print `killed` or `ended` with the exit code, and the child's lifetime in
seconds.
"""

import os
import sys
import traceback

from spacex.pipeline import stages
from spacex.settings import settings
from tests.warehouse.killed_load import killed


def run() -> None:
    """Extract, transform and load."""
    manifest = stages.extract(settings(), only=["rockets"])
    stages.transform(settings(), manifest.run_id)
    stages.load(settings(), manifest.run_id)


def run_in_child() -> int:
    """Start a child that does a run; return its process ID."""
    child = os.fork()
    if child == 0:
        try:
            run()
            os._exit(0)
        except BaseException:  # noqa: BLE001 - the parent sees the exit code
            traceback.print_exc()
            os._exit(1)
    return child


if __name__ == "__main__":
    for line in sys.stdin:
        print(killed(run_in_child(), float(line)), flush=True)  # noqa: T201 - the response
