"""Publish the database atomically: readers see either the old or the new one.

The new database is a private copy in the same folder. It is changed, checked, synced to disk and
then renamed. If the process is killed, the old database remains, and the next run removes the
leftover files.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from filelock import FileLock, Timeout

from spacex.errors import DatabaseError
from spacex.files import sync
from spacex.warehouse.connection import integrity, translate_errors, writing
from spacex.warehouse.digest import announce_digest, confirm_digest, settle_digest, sha256

_SUFFIX = ".unpublished"


@contextmanager
def publishing(path: Path, *, lock_timeout_s: float) -> Iterator[sqlite3.Connection]:
    """Open a private copy of the database to be changed; publish it if the block succeeds.

    Args:
        path: the published database.
        lock_timeout_s: longest wait for another writer, s.

    Raises:
        DatabaseError: another writer holds the lock, the published database is damaged or has
            another schema version, the folder is not writable, or the new database is corrupt.
        DataError: a row violates a constraint of its table.
    """
    with translate_errors(path), locked(path, lock_timeout_s):
        for leftover in path.parent.glob(f"{path.name}.*{_SUFFIX}*"):
            leftover.unlink(missing_ok=True)
        copy = _private_copy(path)
        try:
            with _syncing(copy), writing(copy, published=path) as connection:
                yield connection
                digest = _sync_and_check(copy, connection)
            copy.chmod(0o644)
            put_in_place(copy, path, digest)
        finally:
            copy.unlink(missing_ok=True)


def put_in_place(new: Path, path: Path, digest: str) -> None:
    """Replace the published database, and its digest, under its lock.

    Journals beside the old file are removed: SQLite would apply them to the new one.

    Args:
        new: a file of the same file system that is on disk.
        path: the published database.
        digest: SHA-256 of the new file.
    """
    announce_digest(path, digest)
    for suffix in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    with _free_in_thread(path):
        new.replace(path)
    sync(path.parent)
    confirm_digest(path)


@contextmanager
def locked(path: Path, timeout_s: float) -> Iterator[None]:
    """Hold the lock of a database against other writers.

    Raises:
        DatabaseError: another writer has held it for `timeout_s` seconds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path.with_name(f"{path.name}.lock"), timeout=timeout_s):
            settle_digest(path)
            yield
    except Timeout:
        raise DatabaseError(
            f"Another run has held the lock of {path} for more than {timeout_s:g} s.",
            remedy="Wait until it ends, then run again.",
        ) from None


def _sync_and_check(copy: Path, connection: sqlite3.Connection) -> str:
    """Sync a private copy to disk, check its integrity, and return its digest, all at once.

    Raises:
        DatabaseError: it is corrupt.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        synced, digest = pool.submit(sync, copy), pool.submit(sha256, copy)
        problems = integrity(connection)
        synced.result()
    if problems:
        raise DatabaseError(
            f"The new database is corrupt: {'; '.join(problems[:3])}.",
            remedy="The published database is unchanged. Check the disk.",
        )
    return digest.result()


def _private_copy(path: Path) -> Path:
    """Copy the database within its folder, so that the rename stays on one file system."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=_SUFFIX)
    os.close(handle)
    copy = Path(name)
    copy.unlink()
    if path.exists():
        shutil.copyfile(path, copy)
    return copy


@contextmanager
def _syncing(copy: Path) -> Iterator[None]:
    """Sync the copy to disk in a thread, while the block changes it."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        if copy.exists():
            pool.submit(sync, copy)
        yield


@contextmanager
def _free_in_thread(path: Path) -> Iterator[None]:
    """Keep the replaced file open during the block; free it in a thread, which may take long."""
    old = os.open(path, os.O_RDONLY) if path.exists() else None
    try:
        yield
    finally:
        if old is not None:
            Thread(target=os.close, args=(old,)).start()
