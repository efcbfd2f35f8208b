"""Publish the database atomically: readers see either the old or the new one.

The new database is a private copy in the same folder. It is changed, checked, synced to disk and
then renamed. If the process is killed, the old database remains, and the next run removes the
leftover files.
"""

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread
from typing import BinaryIO

from filelock import FileLock, Timeout

from spacex.errors import DamagedDatabaseError, DatabaseError
from spacex.files import sync
from spacex.warehouse.connection import (
    REBUILD,
    connect_readonly,
    integrity,
    reading,
    translate_errors,
    writing,
)
from spacex.warehouse.digest import (
    announce_digest,
    confirm_digest,
    differs,
    forget_check,
    reset_change_counter,
    settle_digest,
    sha256,
)
from spacex.warehouse.recovery import companions, sole_writer
from spacex.warehouse.row_checksum import record_rows

_SUFFIX = ".unpublished"
_COPIED_AT_ONCE = 2**20


def private_copies(path: Path) -> list[Path]:
    """Return the private copies of a database; killed processes left them if its lock is free."""
    return list(path.parent.glob(f"{path.name}.*{_SUFFIX}*"))


@contextmanager
def publishing(path: Path, *, lock_timeout_s: float) -> Iterator[sqlite3.Connection]:
    """Open a private copy of the database to be changed; publish it if the block succeeds.

    Args:
        path: the published database.
        lock_timeout_s: longest wait for another writer, s.

    Raises:
        DamagedDatabaseError: the published database does not match its digest.
        DatabaseError: another writer holds the lock, the published database is damaged or has
            another schema version, the folder is not writable, or the new database is corrupt.
        DataError: a row violates a constraint of its table.
    """
    with translate_errors(path), locked(path, lock_timeout_s), _kept_open(path) as old:
        for leftover in private_copies(path):
            leftover.unlink(missing_ok=True)
        copy, copied = _private_copy(path, old)
        try:
            if copied and differs(path, copied):
                raise _damaged(path)
            with _syncing(copy), writing(copy, published=path) as connection:
                yield connection
                digest = _sync_and_check(copy, connection)
            copy.chmod(0o644)
            put_in_place(copy, path, digest)
        finally:
            copy.unlink(missing_ok=True)


def put_in_place(new: Path, path: Path, digest: str) -> None:
    """Replace the published database and its digest, under its lock.

    The old database returns if the new one cannot be read in its place.

    Args:
        new: a file of the same file system that is on disk.
        path: the published database.
        digest: SHA-256 of the new file.

    Raises:
        DatabaseError: the new database is corrupt.
    """
    with _kept(path) as old:
        _replace(path, new, digest)
        if problems := _problems(path):
            if old:
                old.replace(path)
            else:
                path.unlink()
            settle_digest(path)
            _raise_if_corrupt(problems)
    confirm_digest(path)


def put_verified_in_place(new: Path, path: Path, digest: str) -> None:
    """Replace the published database, under its lock, with one that was verified.

    It may be of an earlier schema.

    Args:
        new: a file of the same file system that is on disk.
        path: the published database.
        digest: SHA-256 of the new file.
    """
    _replace(path, new, digest)
    confirm_digest(path)


def _replace(path: Path, new: Path, digest: str) -> None:
    announce_digest(path, digest)
    new.replace(path)
    for companion in companions(path):  # SQLite would apply it to the new file
        companion.unlink()
    sync(path.parent)


@contextmanager
def locked(path: Path, timeout_s: float) -> Iterator[None]:
    """Keep other runs and other programs from writing to a database; recover it first.

    Raises:
        DatabaseError: another run has held the lock for `timeout_s` seconds, or another program has
            the database open for writing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path.with_name(f"{path.name}.lock"), timeout=timeout_s):
            settle_digest(path)
            with sole_writer(path, timeout_s):
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
    record_rows(connection)
    reset_change_counter(copy)
    with ThreadPoolExecutor(max_workers=2) as pool:
        synced, digest = pool.submit(sync, copy), pool.submit(sha256, copy)
        problems = integrity(connection)
        synced.result()
    _raise_if_corrupt(problems)
    return digest.result()


def _problems(path: Path) -> list[str]:
    """Return what is wrong with a published database."""
    try:
        with reading(path) as connection:
            return integrity(connection)
    except DatabaseError as error:
        return [error.message]


def _raise_if_corrupt(problems: list[str]) -> None:
    if problems:
        raise DatabaseError(
            f"The new database is corrupt: {'; '.join(problems[:3]).rstrip('.')}.",
            remedy="The published database is unchanged. Check the disk.",
        )


def _private_copy(path: Path, file: BinaryIO | None) -> tuple[Path, str]:
    """Copy the database, if any, within its folder, so that the rename stays on one file system.

    Returns:
        The copy, and the digest of the database; empty if there is none, or it has a log.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=_SUFFIX)
    os.close(handle)
    copy = Path(name)
    if file is None:
        copy.unlink()
    elif companions(path):  # readers use a write-ahead log
        _copy_with_log(path, copy)
    else:
        return copy, _copied(file, copy)
    return copy, ""


def _copied(file: BinaryIO, copy: Path) -> str:
    """Copy a file, and return the SHA-256 of its content, in hexadecimal."""
    digest = hashlib.sha256()
    with copy.open("wb") as target:
        while chunk := file.read(_COPIED_AT_ONCE):
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


def _damaged(path: Path) -> DamagedDatabaseError:
    forget_check(path)
    return DamagedDatabaseError(
        f"The database {path} is damaged: it does not match {path.name}.sha256.", remedy=REBUILD
    )


def _copy_with_log(path: Path, copy: Path) -> None:
    with (
        closing(connect_readonly(path)) as source,
        closing(sqlite3.connect(copy, isolation_level=None)) as target,
    ):
        target.execute("PRAGMA synchronous = OFF")
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def _syncing(copy: Path) -> Iterator[None]:
    """Sync the copy to disk in a thread, while the block changes it."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        if copy.exists():
            pool.submit(sync, copy)
        yield


@contextmanager
def _kept(path: Path) -> Iterator[Path | None]:
    """Keep a second name of a file, if it exists, during the block."""
    if not path.exists():
        yield None
        return
    kept = path.with_name(f"{path.name}.old{_SUFFIX}")
    kept.unlink(missing_ok=True)
    try:
        os.link(path, kept)
    except OSError:  # a file system without hard links
        shutil.copyfile(path, kept)
    try:
        yield kept
    finally:
        kept.unlink(missing_ok=True)


@contextmanager
def _kept_open(path: Path) -> Iterator[BinaryIO | None]:
    """Open the database, if any, during the block; close it in a thread.

    To close it earlier would release the locks that SQLite holds for this process. It may take long
    after the file was replaced, because this frees it.
    """
    file = path.open("rb") if path.exists() else None
    try:
        yield file
    finally:
        if file:
            Thread(target=file.close).start()
