"""Load staged runs and write the feeds in child processes, and kill them; see `test_killed_feeds`.

    python -m tests.faults.killed_feeds DATA_DIR

For each input line, `RUN_ID N`, start a child that loads the run and writes the feeds, and dies
before its Nth change of a file or folder; at none if N is 0. Print how it ended, and `changed` with
the number of changes that it made if it did not die.
"""

import os
import sys
from pathlib import Path
from typing import Any

from spacex.analysis.feeds.writing import write_feeds
from spacex.extract.run_folder import Run
from spacex.settings import Settings
from spacex.warehouse.load import load
from tests.faults.killed_run import DieAtChange
from tests.warehouse.killed_load import killed

NEVER = 10**9


class Counted(DieAtChange):
    """Dies as `DieAtChange`, and tells how many changes there were if it does not."""

    def made(self) -> int:
        return NEVER - self._left


def publish(run_id: str, settings: Settings, change: int) -> int:
    """Start the child; return its process ID."""
    child = os.fork()
    if child == 0:
        hook = Counted(settings.data_dir, change or NEVER)
        sys.addaudithook(hook)
        load(Run(settings.runs_dir, run_id), settings, accept_shrink=True)
        write_feeds(settings.database, settings.feeds_dir)
        if not change:
            print("changed", hook.made(), end=" ", flush=True)  # noqa: T201 - the response
        os._exit(0)
    return child


def main() -> None:
    """Execute the commands of the standard input."""
    settings: Any = Settings(_env_file=None, data_dir=Path(sys.argv[1]))
    for run_id, change in map(str.split, sys.stdin):
        print(killed(publish(run_id, settings, int(change))), flush=True)  # noqa: T201 - the response


if __name__ == "__main__":
    main()
