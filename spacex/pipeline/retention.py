"""Which runs' notebooks and pages are kept. Answers and database are never touched here."""

import re
import shutil
from pathlib import Path

_OURS = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d+Z")
"""A run named for its instant; one that a person named is a person's to remove."""


def prune(runs_dir: Path, keep: int, spared: str = "") -> list[str]:
    """Remove the folders of the oldest runs.

    Args:
        runs_dir: the folder of runs.
        keep: how many of the newest stay.
        spared: the run that stays however old it is: the one that is published.

    Returns:
        The ids of the runs removed.
    """
    folders = [path for path in runs_dir.glob("*") if path.is_dir() and _OURS.fullmatch(path.name)]
    oldest_first = sorted(folders, key=lambda path: path.name)
    removed = [path for path in oldest_first[:-keep] if path.name != spared]
    for path in removed:
        shutil.rmtree(path, ignore_errors=True)  # another run may be at it, too
    return [path.name for path in removed]
