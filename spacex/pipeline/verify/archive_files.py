"""Verify the archive of element sets: the digest of each file that the database names.

The archive may be much larger than all else. A file is therefore read again only if it has changed,
or if it was not read for RECHECK_DAYS. What was read when is in a file beside the archive, which is
the only thing that a verification writes.
"""

import os
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from spacex.errors import DatabaseError, StorageError
from spacex.files import CHECK_DISK, fingerprint, write_atomically
from spacex.pipeline.verify.verification import Part
from spacex.settings import RUN_COMMAND
from spacex.units import utc_now
from spacex.warehouse.archive import FOLDER, archive_root
from spacex.warehouse.archive.files import ArchiveFile, named_files
from spacex.warehouse.connection import connect_readonly
from spacex.warehouse.digest import sha256

CHECKED = "checked.json"
RECHECK_DAYS = 30
_RESTORE = (
    "Restore it from a backup. If there is none, move the database away and run "
    f"`{RUN_COMMAND}`: it builds the archive again from the snapshots, but for imported sets."
)
_UNNAMED = "is not named by the database; a run removes it after a day"


class _Check(msgspec.Struct, array_like=True):
    """When a file was found undamaged, and what distinguishes it from a changed one."""

    checked_utc: datetime
    modified_ns: int
    byte_count: int


def check_archive(part: Part, database: Path) -> None:
    """Check the files of the archive.

    Args:
        part: receives what is found.
        database: the published database, which may be missing or damaged.
    """
    root = archive_root(database)
    checks = _checks(root)
    done: dict[str, _Check] = {}
    named = _named(database)
    for each in named:
        if check := _checked(part, root / each.path, each, checks.get(each.path)):
            done[each.path] = check
    known = {root / each.path for each in named}
    for month in part.folders(root / FOLDER / "elements"):
        for path in part.entries(month):
            if path not in known:
                part.note(path, _UNNAMED)
    if done != checks:
        with suppress(StorageError):  # the data may be read-only here
            write_atomically(root / FOLDER / CHECKED, msgspec.json.encode(done))


def _checked(part: Part, path: Path, file: ArchiveFile, before: _Check | None) -> _Check | None:
    """Check a file, unless it is as it was when it was checked lately; None if it is damaged.

    Args:
        part: receives what is found.
        path: the file.
        file: what the database says of it.
        before: when it was checked.
    """
    part.count += 1
    try:
        found = fingerprint(path)
        if found is None or not path.is_file():
            part.damage(path, "is missing", _RESTORE)
            return None
        now = utc_now()
        age = now - before.checked_utc if before else timedelta.max
        is_unchanged = before and (before.modified_ns, before.byte_count) == found[1:]
        if is_unchanged and timedelta(0) <= age < timedelta(days=RECHECK_DAYS):
            return before
        digest = sha256(path)
    except OSError as error:
        part.damage(path, f"cannot be read ({error.strerror})", CHECK_DISK)
        return None
    part.add_bytes(found[2])
    if digest != file.sha256:
        part.damage(path, "is damaged: its digest is not its name", _RESTORE)
        return None
    return _Check(now.astimezone(UTC), *found[1:])


def _checks(root: Path) -> dict[str, _Check]:
    with suppress(OSError, msgspec.MsgspecError):
        content = (root / FOLDER / CHECKED).read_bytes()
        return msgspec.json.decode(content, type=dict[str, _Check])
    return {}


def _named(database: Path) -> list[ArchiveFile]:
    """Return the files that a database names; none if it is unreadable, or of an early release."""
    if os.path.isfile(database):  # noqa: PTH113 - never raises
        with (
            suppress(sqlite3.Error, DatabaseError),
            closing(connect_readonly(database)) as connection,
        ):
            return named_files(connection)
    return []
