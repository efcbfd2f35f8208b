"""Start runs and imports in child processes, and kill them; used by `test_killed_runs`.

    python -m tests.faults.killed_run

For each input line `run DATA SECONDS` or `import DATA SECONDS`, start a child that does a whole run
in a data folder, or imports the folder `lists` beside it, and kill it after that number of seconds
(never if it is `inf`). Print `killed` or `ended` with the exit code, and the child's lifetime in
seconds.
"""

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from spacex.extract.run_folder import Run
from spacex.pipeline import stages
from spacex.pipeline.import_files import import_files
from spacex.pipeline.retention import prune
from spacex.pipeline.upgrade import upgrade
from spacex.settings import Settings, settings
from tests.warehouse.killed_load import killed


def run(config: Settings) -> None:
    """Upgrade, extract, transform and load, and remove old runs."""
    upgraded = upgrade(config)
    manifest = stages.extract(config, only=["rockets"])
    run = Run(config.runs_dir, manifest.run_id)
    run.add_note(upgraded)
    stages.transform(config, run.run_id)
    stages.load(config, run.run_id)
    prune(config.runs_dir, config.keep_runs, spared=run.run_id)


def import_lists(config: Settings) -> None:
    """Upgrade, and import the folder beside the data."""
    upgrade(config)
    files = import_files(config, config.data_dir.with_name("lists"))
    assert not any(each.problem for each in files), files


ACTIONS: dict[str, Callable[[Settings], None]] = {"run": run, "import": import_lists}


def in_child(action: Callable[[Settings], None], data_dir: Path) -> int:
    """Start a child that does this in a data folder; return its process ID."""
    child = os.fork()
    if child == 0:
        try:
            action(settings().model_copy(update={"data_dir": data_dir}))
            os._exit(0)
        except BaseException:  # noqa: BLE001 - the parent sees the exit code
            traceback.print_exc()
            os._exit(1)
    return child


if __name__ == "__main__":
    for line in sys.stdin:
        name, folder, seconds = line.split()
        print(killed(in_child(ACTIONS[name], Path(folder)), float(seconds)), flush=True)  # noqa: T201 - the response
