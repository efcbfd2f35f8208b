"""Retention of run folders. Snapshots and database are never removed."""

import shutil
from pathlib import Path

from spacex.extract.run_folder import NAMED_FOR_START


def prune(runs_dir: Path, keep: int, spared: str = "") -> list[str]:
    """Remove the folders of the oldest runs; folders with names of their own are left.

    Args:
        runs_dir: the folder of runs.
        keep: number of newest runs to keep.
        spared: a run to keep whatever its age: the published one.

    Returns:
        The ids of the runs removed.
    """
    folders = [
        path
        for path in runs_dir.glob("*")
        if path.is_dir() and NAMED_FOR_START.fullmatch(path.name)
    ]
    oldest_first = sorted(folders, key=lambda path: path.name)
    removed = [path for path in oldest_first[:-keep] if path.name != spared]
    for path in removed:
        shutil.rmtree(path, ignore_errors=True)  # another run may remove it as well
    return [path.name for path in removed]
