"""Start runs and imports in child processes, and kill them; used by `test_killed_runs`.

    python -m tests.faults.killed_run

For each input line, start a child that does a whole run in a data folder (`run DATA WHEN`), or
imports the folder `lists` beside it (`import DATA WHEN`), or element sets of the folder `sets`
(`history DATA WHEN`). `after S` kills it after S seconds (never
if S is `inf`), `at N` before its Nth change of a file or folder there, including opening a file to
write. Print `killed` or `ended` with the exit code, and the child's lifetime in seconds.
"""

import math
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from spacex.extract.run_folder import Run
from spacex.pipeline import stages
from spacex.pipeline.history_import import import_history
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


def import_sets(config: Settings) -> None:
    """Upgrade, and import the element sets of the folder `sets` beside the data."""
    upgrade(config)
    found = import_history(config, [config.data_dir.with_name("sets")])
    assert not found.problems, found.problems


ACTIONS: dict[str, Callable[[Settings], None]] = {
    "run": run,
    "import": import_lists,
    "history": import_sets,
}


_CHANGES = {"os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "shutil.rmtree"}
"""Audit events of what changes a folder, but for opening a file to write."""


class DieAtChange:
    """An audit hook that kills the process before its Nth change of a file or folder."""

    def __init__(self, folder: Path, number: int) -> None:
        self._folder = os.fsencode(folder)
        self._left = number

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        is_change = event in _CHANGES or (event == "open" and arguments[2] & os.O_ACCMODE)
        if is_change and self._is_within(arguments[0]):
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def _is_within(self, path: object) -> bool:
        return isinstance(path, str | bytes | Path) and os.fsencode(path).startswith(self._folder)


def in_child(action: Callable[[Settings], None], data_dir: Path, change: int = 0) -> int:
    """Start a child that does this in a data folder; return its process ID.

    It dies before the given change of a file or folder there; at none if it is 0.
    """
    child = os.fork()
    if child == 0:
        if change:
            sys.addaudithook(DieAtChange(data_dir, change))
        try:
            action(settings().model_copy(update={"data_dir": data_dir}))
            os._exit(0)
        except BaseException:  # noqa: BLE001 - the parent sees the exit code
            traceback.print_exc()
            os._exit(1)
    return child


if __name__ == "__main__":
    for line in sys.stdin:
        name, folder, when, number = line.split()
        change, seconds = (int(number), math.inf) if when == "at" else (0, float(number))
        print(killed(in_child(ACTIONS[name], Path(folder), change), seconds), flush=True)  # noqa: T201 - the response
