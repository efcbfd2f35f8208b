"""The requirements of the lock files."""

import re
from pathlib import Path

from packaging.requirements import Requirement

from spacex.settings import PROJECT

LOCK, DEV_LOCK = LOCKS = (PROJECT / "requirements.lock", PROJECT / "requirements-dev.lock")
"""What the project needs, and what development adds."""


def locked(lock: Path) -> list[tuple[Requirement, list[str]]]:
    """Return the requirements of a lock file, each with its hashes."""
    entries = re.split(r"\n(?=\S)", lock.read_text().strip())
    parts = [re.split(r"\s*\\\n\s*--hash=", entry) for entry in entries]
    return [(Requirement(requirement), hashes) for requirement, *hashes in parts]


def names(lock: Path) -> list[str]:
    """Return the packages of a lock file, without repeats, in its order."""
    return list(dict.fromkeys(requirement.name for requirement, _ in locked(lock)))
