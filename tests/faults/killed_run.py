"""A program whose children each do a whole run and are killed at it; driven by `test_processes`.

    python -m tests.faults.killed_run

For each number of seconds on its input, a child does a run and is killed after them; never, if that
is `inf`. The answer is `killed` or how it `ended`, with the seconds it has lived.
"""

import math
import os
import signal
import sys
import time
import traceback

from spacex import pipeline

LISTS = ["rockets"]


def run() -> None:
    """Extract, transform and load."""
    manifest = pipeline.extract(only=LISTS)
    pipeline.transform(manifest.run_id)
    pipeline.load(manifest.run_id)


def main() -> None:
    """Run and kill, as told."""
    for line in sys.stdin:
        started, seconds = time.monotonic(), float(line)
        child = os.fork()
        if child == 0:
            try:
                run()
                os._exit(0)
            except BaseException:  # noqa: BLE001 - whatever it is, the parent is to see it
                traceback.print_exc()
                os._exit(1)
        if seconds < math.inf:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        how = "killed" if os.WIFSIGNALED(status) else f"ended {os.WEXITSTATUS(status)}"
        print(f"{how} {time.monotonic() - started:.6f}", flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
