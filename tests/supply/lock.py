"""The locked packages."""

import re
from dataclasses import dataclass
from pathlib import Path

from spacex.settings import PROJECT

LOCK = PROJECT / "requirements.lock"
DEVELOPERS_LOCK = PROJECT / "requirements-dev.lock"
_PACKAGE = re.compile(
    r"^(\S+)==(\S+)(?: ; (.+?))? \\\n((?: +--hash=\S+(?: \\)?\n?)*)", re.MULTILINE
)


@dataclass(frozen=True)
class Package:
    """One package of a lock.

    Attributes:
        name: as it is asked for.
        version: the only one that is accepted.
        where: the platforms and Pythons it is for; empty if for all.
        hashes: of the files that are accepted.
    """

    name: str
    version: str
    where: str
    hashes: tuple[str, ...]


def packages(lock: Path) -> list[Package]:
    """The packages of a lock, in its order."""
    return [
        Package(name, version, where, tuple(re.findall(r"--hash=(\S+)", hashes)))
        for name, version, where, hashes in _PACKAGE.findall(lock.read_text())
    ]
