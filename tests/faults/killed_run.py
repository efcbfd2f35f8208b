"""A program whose children each do a whole run and are killed at it; driven by `test_processes`.

    python -m tests.faults.killed_run

For each number of seconds on its input, a child does a run and is killed after them; never, if that
is `inf`. The answer is `killed` or how it `ended`, with the seconds it has lived.
"""

import os
import sys
import traceback

from spacex.pipeline import stages
from spacex.settings import settings
from tests.warehouse.killed_load import killed

LISTS = ["rockets"]


def run() -> None:
    """Extract, transform and load."""
    manifest = stages.extract(settings(), only=LISTS)
    stages.transform(settings(), manifest.run_id)
    stages.load(settings(), manifest.run_id)


def run_in_child() -> int:
    """A child that does a run, and nothing else."""
    child = os.fork()
    if child == 0:
        try:
            run()
            os._exit(0)
        except BaseException:  # noqa: BLE001 - whatever it is, the parent is to see it
            traceback.print_exc()
            os._exit(1)
    return child


def main() -> None:
    """Run and kill, as told."""
    for line in sys.stdin:
        print(killed(run_in_child(), float(line)), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
