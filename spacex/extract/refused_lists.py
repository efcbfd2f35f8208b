"""GP lists that were refused, so that they are neither tried nor reported again.

The record is beside the snapshots. Without it, a refused list is judged again by the next import.
"""

from pathlib import Path

import msgspec

from spacex.extract.sealed_json import read_record, sealed
from spacex.extract.sidecar import Snapshot
from spacex.files import write_atomically

REFUSED_LISTS = "refused_lists.json"


class RefusedLists(msgspec.Struct, frozen=True):
    """The record.

    Attributes:
        reasons: path of each refused list → why it was refused, and what to do.
    """

    reasons: dict[str, str] = {}


def refusals(raw_dir: Path) -> dict[str, str]:
    """Return why each list was refused, by its path; nothing if the record is missing or damaged.

    A list may have been accepted or loaded since.
    """
    record = read_record(raw_dir / REFUSED_LISTS, RefusedLists)
    return record.reasons if record else {}


def refuse(raw_dir: Path, reasons: dict[Snapshot, str]) -> None:
    """Record why lists are refused.

    Raises:
        StorageError: the record cannot be written.
    """
    before = refusals(raw_dir)
    after = before | {snapshot.path: reason for snapshot, reason in reasons.items()}
    if after != before:
        write_atomically(raw_dir / REFUSED_LISTS, sealed(RefusedLists(after)))
