"""GP lists that lost many satellites and were accepted, so that every later load accepts them.

The record is beside the snapshots, because the database can be rebuilt from nothing else.
"""

from contextlib import suppress
from pathlib import Path

import msgspec

from spacex.extract.sidecar import Snapshot
from spacex.files import write_atomically

_FILE = "accepted_lists.json"


def is_accepted(raw_dir: Path, snapshot: Snapshot) -> bool:
    """Return whether the loss of a GP list has been accepted."""
    return snapshot.sha256 in _read(raw_dir)


def accept(raw_dir: Path, snapshot: Snapshot) -> None:
    """Record that the loss of a GP list is accepted.

    Raises:
        StorageError: the record cannot be written.
    """
    accepted = _read(raw_dir)
    if snapshot.sha256 not in accepted:
        text = msgspec.json.encode(accepted | {snapshot.sha256: snapshot.path})
        write_atomically(raw_dir / _FILE, msgspec.json.format(text) + b"\n")


def _read(raw_dir: Path) -> dict[str, str]:
    """Return digest → path of the accepted lists; none if the record is missing or damaged."""
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode((raw_dir / _FILE).read_bytes(), type=dict[str, str])
    return {}
