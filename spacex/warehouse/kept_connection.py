"""One connection to the published database that stays open while its file is the same.

Each connection costs 5 ms, in which SQLite parses the views, and each statement up to 20 ms, in
which it plans those it reads. A page of the dashboard has dozens of statements. So a process may
keep its connection, in which most views are tables that were computed once.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from spacex.files import Fingerprint, fingerprint
from spacex.warehouse.computed_views import attach_computed
from spacex.warehouse.connection import reading, translate_errors
from spacex.warehouse.recovery import companions

_Key = tuple[str, Fingerprint, int]


class _Kept(threading.local):
    """The open connection of a thread, and what it is of."""

    key: _Key | None = None
    connection: sqlite3.Connection

    def __init__(self) -> None:
        self.opened = ExitStack()


_KEPT = _Kept()
_folder: Path | None = None


def keep_connections(folder: Path | None) -> None:
    """Let `reading_for` keep its connections in this process from now on, or no longer.

    Args:
        folder: where processes share the computed views, see `attach_computed`; None to keep no
            connection.
    """
    global _folder  # noqa: PLW0603 - of the process, as are the connections
    _folder = folder
    if folder is None:
        _close()


@contextmanager
def reading_for(path: Path | str) -> Iterator[sqlite3.Connection]:
    """Open a read-only connection for a statement, or take the one that is kept.

    Args:
        path: the published database.

    Raises:
        DatabaseError: see `reading`.
    """
    version = fingerprint(path) if _folder else None
    if _folder is None or version is None or companions(Path(path)):  # one may be changing it
        with reading(path) as connection:
            yield connection
        return
    key = (str(path), version, os.getpid())  # a fork must not use the connection of its parent
    if key != _KEPT.key:
        _open(key, _folder)
    try:
        with translate_errors(Path(path)):
            yield _KEPT.connection
    except BaseException:
        _close()
        raise


def _open(key: _Key, folder: Path) -> None:
    _close()
    path, version, _process = key
    opened = ExitStack()
    connection = opened.enter_context(reading(path))
    connection.execute("PRAGMA temp_store = MEMORY")
    attach_computed(connection, Path(path), version, folder)
    connection.execute("PRAGMA query_only = ON")
    _KEPT.key, _KEPT.connection, _KEPT.opened = key, connection, opened


def _close() -> None:
    _KEPT.opened.close()
    _KEPT.key = None
