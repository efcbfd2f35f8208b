"""Recover what other SQLite programs left beside the database, and keep their writes out.

The published database is in rollback mode and has no journal. Another program may switch it to a
write-ahead log (`-wal`, with its index `-shm`), or be killed in a transaction (`-journal`). A file
with such a name may also belong to another database, for example after a backup was restored;
SQLite would apply it to the present one.
"""

import fcntl
import hashlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil

from spacex.errors import DatabaseError
from spacex.warehouse.digest import is_recorded

_LONGEST_WAIT_S = 5.0
"""Longest wait for a transaction of another program, s."""

_RESERVED_BYTE = 0x4000_0001
"""Offset of the byte that SQLite locks during a write transaction in rollback mode."""


def companions(path: Path) -> list[Path]:
    """Return the files beside a database that SQLite takes for its journals."""
    names = (f"{path.name}{suffix}" for suffix in ("-journal", "-wal", "-shm"))
    return [file for file in map(path.with_name, names) if file.exists()]


def check_companions(path: Path) -> None:
    """Refuse a database beside which a pipe or device has the name of a journal.

    SQLite would wait for what another program writes to it.

    Raises:
        DatabaseError: there is one.
    """
    for file in companions(path):
        if not file.is_file() and not file.is_dir():
            raise DatabaseError(
                f"{file} is a pipe or device, not a journal of the database.",
                remedy="Move it away, then try again.",
            )


def is_in_rollback_mode(path: Path) -> bool:
    """Return whether a file is a database in rollback mode; a log beside it is of another one."""
    with path.open("rb") as file:
        header = file.read(20)
    return header.startswith(b"SQLite format 3\0") and header.endswith(b"\1\1")


@contextmanager
def sole_writer(path: Path, timeout_s: float) -> Iterator[None]:
    """Recover a database, and keep other programs from writing to it during the block.

    Changes committed to a write-ahead log are written to the file, an unfinished transaction is
    rolled back, and journals of another database are removed. Programs that only read are not in
    the way. A damaged file is left as it is.

    Args:
        path: the database; it may be missing.
        timeout_s: longest wait for a transaction of another program, s; at most five seconds.

    Raises:
        DatabaseError: another program has it open for writing, or a journal is a pipe.
    """
    if not path.is_file():
        yield
        return
    check_companions(path)
    deadline = time.monotonic() + min(timeout_s, _LONGEST_WAIT_S)
    while True:
        try:
            _remove_stale(path)
            connection = _reserve(path)
            break
        except (BlockingIOError, sqlite3.OperationalError) as error:
            if not _is_busy(error):
                raise
            if time.monotonic() > deadline:
                raise _in_use(path) from None
        time.sleep(0.05)
    with closing(connection):
        yield


def _remove_stale(path: Path) -> None:
    """Remove the journals of another database.

    None of them belongs to a database that is exactly as it was published, and no log to one in
    rollback mode.

    Raises:
        BlockingIOError: another program is writing.
    """
    found = companions(path)
    if not found:
        return
    has_no_log = is_in_rollback_mode(path)
    with path.open("rb+") as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _RESERVED_BYTE)
        is_published = is_recorded(path, hashlib.file_digest(file, "sha256").hexdigest())
        for each in found:
            if is_published or (has_no_log and not each.name.endswith("-journal")):
                each.unlink(missing_ok=True)


def _reserve(path: Path) -> sqlite3.Connection:
    """Begin a write transaction in a database, which recovers it.

    Raises:
        sqlite3.OperationalError: another program is writing, or the file cannot be read.
    """
    uri = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None)
    try:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            if not (_is_busy(error) and _is_only_read(path)):
                raise
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_READONLY:  # its folder may be writable
            connection.close()
            raise
    except sqlite3.DatabaseError:
        pass  # damaged
    return connection


def _is_busy(error: Exception) -> bool:
    return (
        not isinstance(error, sqlite3.Error) or error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    )


def _is_only_read(path: Path) -> bool:
    """Return whether other processes have a database open, and all of them only to read."""
    users = _users(path)
    return bool(users) and not any(users.values())


def _in_use(path: Path) -> DatabaseError:
    writers = [name for name, is_writing in _users(path).items() if is_writing]
    return DatabaseError(
        f"The database {path} is open for writing in {', '.join(writers) or 'another program'}.",
        remedy="Close it there, then run again.",
    )


def _users(path: Path) -> dict[str, bool]:
    """Return each other process that has a file open: its name, and whether it may write."""
    found: dict[str, bool] = {}
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            files = process.open_files() if process.pid != os.getpid() else []
            modes = {getattr(f, "mode", "r+") for f in files if f.path == os.path.realpath(path)}
            if modes:
                found[f"{process.name()} (process {process.pid})"] = modes != {"r"}
    return found
