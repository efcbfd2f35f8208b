"""GP lists that a person accepted, whatever they lost, so that every later load accepts them.

The record is beside the snapshots, because the database can be rebuilt from nothing else.
"""

from pathlib import Path

import msgspec

from spacex.extract.sealed_json import read_record, sealed
from spacex.extract.sidecar import Snapshot
from spacex.files import write_atomically

ACCEPTED_LISTS = "accepted_lists.json"


class AcceptedLists(msgspec.Struct, frozen=True):
    """The record.

    Attributes:
        paths: digest of the body → path of each accepted list.
    """

    paths: dict[str, str] = {}


def is_accepted(raw_dir: Path, sha256: str) -> bool:
    """Return whether the GP list with a digest has been accepted."""
    return sha256 in _read(raw_dir).paths


def accept(raw_dir: Path, *snapshots: Snapshot) -> None:
    """Record that GP lists are accepted.

    Raises:
        StorageError: the record cannot be written.
    """
    accepted = _read(raw_dir).paths
    added = {each.sha256: each.path for each in snapshots if each.sha256 not in accepted}
    if added:
        record = AcceptedLists(accepted | added)
        write_atomically(raw_dir / ACCEPTED_LISTS, sealed(record))


def _read(raw_dir: Path) -> AcceptedLists:
    """Return the record; an empty one if it is missing or damaged."""
    return read_record(raw_dir / ACCEPTED_LISTS, AcceptedLists) or AcceptedLists()
