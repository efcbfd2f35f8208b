"""The publish protocol: readers see the old database or the new one, whole, and nothing between.

The new database is made as a private copy in the same folder, changed in one transaction, checked,
synced to disk, and then put in place by one rename. A kill at any instant leaves the old one; what
the killed run left behind is removed by the next.
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
from spacex.warehouse.connection import explained, integrity, writing

_SUFFIX = ".unpublished"


@contextmanager
def publishing(path: Path, staging: Path, *, lock_timeout_s: float) -> Iterator[sqlite3.Connection]:
    """A transaction on a private copy of the database, published if the block ends well.

    Args:
        path: the published database.
        staging: a staging database, attached under the name `staging`.
        lock_timeout_s: longest wait for another writer, s.

    Raises:
        DatabaseError: another writer has held the lock all the time, the present database is
            damaged or of another schema version, the folder cannot be written, or the new database
            is not sound.
        DataError: a row breaks a rule of its table.
    """
    with explained(path), _locked(path, lock_timeout_s):
        for left_behind in path.parent.glob(f"{path.name}.*{_SUFFIX}*"):
            left_behind.unlink(missing_ok=True)
        copy = _private_copy(path)
        try:
            with _syncing(copy), writing(copy, published=path) as connection:
                connection.execute("ATTACH ? AS staging", (f"{staging.absolute()}",))
                connection.execute("BEGIN")
                yield connection
                connection.execute("COMMIT")
                if problems := integrity(connection):
                    raise DatabaseError(
                        f"The new database is not sound: {'; '.join(problems[:3])}.",
                        remedy="The published database is unchanged. Check the disk.",
                    )
            _sync(copy)
            copy.chmod(0o644)
            with _freed_aside(path):
                copy.replace(path)
            _sync(path.parent)
        finally:
            copy.unlink(missing_ok=True)


@contextmanager
def _locked(path: Path, timeout_s: float) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path.with_name(f"{path.name}.lock"), timeout=timeout_s):
            yield
    except Timeout:
        raise DatabaseError(
            f"Another run has been writing {path} for more than {timeout_s:g} s.",
            remedy="Wait for it to end, then run again.",
        ) from None


def _private_copy(path: Path) -> Path:
    """A file of the same folder, so that the rename stays on one file system."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=_SUFFIX)
    os.close(handle)
    copy = Path(name)
    copy.unlink()
    if path.exists():
        shutil.copyfile(path, copy)
    return copy


@contextmanager
def _syncing(copy: Path) -> Iterator[None]:
    """Write to disk what was copied, while the block changes the little that is new."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        if copy.exists():
            pool.submit(_sync, copy)
        yield


@contextmanager
def _freed_aside(path: Path) -> Iterator[None]:
    """While the block replaces a file: a thread frees the old one, which takes time if large."""
    old = os.open(path, os.O_RDONLY) if path.exists() else None
    try:
        yield
    finally:
        if old is not None:
            Thread(target=os.close, args=(old,)).start()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
