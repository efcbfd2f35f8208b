"""Snapshots that a person accepted, whatever they lost, so that every later load accepts them.

The record is kept beside the snapshots, which are all that the database is rebuilt from.
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
        paths: digest of the body → path of each accepted snapshot.
    """

    paths: dict[str, str] = {}


def accepted(raw_dir: Path) -> dict[str, str]:
    """Return digest → path of the accepted snapshots; none if the record is missing or damaged."""
    record = read_record(raw_dir / ACCEPTED_LISTS, AcceptedLists)
    return record.paths if record else {}


def accept(raw_dir: Path, *snapshots: Snapshot) -> None:
    """Record that snapshots are accepted.

    Raises:
        StorageError: the record cannot be written.
    """
    before = accepted(raw_dir)
    added = {each.sha256: each.path for each in snapshots if each.sha256 not in before}
    if added:
        record = AcceptedLists(before | added)
        write_atomically(raw_dir / ACCEPTED_LISTS, sealed(record))
