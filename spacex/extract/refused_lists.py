"""GP lists that were refused, which are neither tried nor reported again.

The record is kept beside the snapshots. Without it, the next import judges the lists again.
"""

from collections.abc import Iterable, Mapping
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
        attempt: digest of what the last import could load; another one may have other outcomes.
        failures: instant of each list that it could not load → why.
    """

    reasons: dict[str, str] = {}
    attempt: str = ""
    failures: dict[str, str] = {}


def refused(raw_dir: Path) -> RefusedLists:
    """Return the record; an empty one if it is missing or damaged.

    A list in it may have been loaded since.
    """
    return read_record(raw_dir / REFUSED_LISTS, RefusedLists) or RefusedLists()


def refuse(raw_dir: Path, reasons: Mapping[Snapshot, str]) -> None:
    """Record why lists are refused.

    Raises:
        StorageError: the record cannot be written.
    """
    new = {snapshot.path: reason for snapshot, reason in reasons.items()}
    before = refused(raw_dir)
    _write(raw_dir, before, reasons={**before.reasons, **new})


def withdraw(raw_dir: Path, snapshots: Iterable[Snapshot]) -> None:
    """Forget that lists are refused, so that the next import judges them again.

    Raises:
        StorageError: the record cannot be written.
    """
    before, withdrawn = refused(raw_dir), {each.path for each in snapshots}
    kept = {path: why for path, why in before.reasons.items() if path not in withdrawn}
    _write(raw_dir, before, reasons=kept)


def record_attempt(raw_dir: Path, attempt: str, failures: dict[str, str]) -> None:
    """Record what an import could load, and why it could not load some lists.

    Args:
        raw_dir: the folder of the snapshots.
        attempt: digest of what could be loaded.
        failures: instant of each list that could not be loaded → why.

    Raises:
        StorageError: the record cannot be written.
    """
    _write(raw_dir, refused(raw_dir), attempt=attempt, failures=failures)


def _write(raw_dir: Path, before: RefusedLists, **changes: object) -> None:
    after = msgspec.structs.replace(before, **changes)
    if after != before:
        write_atomically(raw_dir / REFUSED_LISTS, sealed(after))
