"""One connection to the published database that stays open while its file is the same.

Each connection costs 5 ms, in which SQLite parses the views, and each statement up to 20 ms, in
which it plans those it reads. A page of the dashboard has dozens of statements. So a process may
keep its connection, on which views of few rows are computed once: a temporary table in memory hides
the view of its name.
"""

import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from spacex.files import Fingerprint, fingerprint
from spacex.warehouse.connection import reading, translate_errors
from spacex.warehouse.recovery import companions
from spacex.warehouse.views import VIEWS

_LONG = {"v_starlink", "v_observations", "v_changes", "v_launch_altitudes", "v_other_numbers"}
"""Views that grow with the satellites or with each list; conditions narrow them."""

SHORT = VIEWS.keys() - _LONG
"""Views that are computed once."""

_NAME = re.compile(r"\bv_\w+")

_Key = tuple[str, Fingerprint, int]


class _Kept(threading.local):
    """The open connection of a thread, what it is of, and the views computed on it."""

    key: _Key | None = None
    connection: sqlite3.Connection
    computed: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.opened = ExitStack()


_KEPT = _Kept()
_is_kept = False


def keep_connections(*, is_kept: bool = True) -> None:
    """Let `reading_for` keep its connections in this process from now on, or no longer."""
    global _is_kept  # noqa: PLW0603 - of the process, as are the connections
    _is_kept = is_kept
    if not is_kept:
        _close()


@contextmanager
def reading_for(sql: str, path: Path | str) -> Iterator[sqlite3.Connection]:
    """Open a read-only connection for a statement, or take the one that is kept.

    Args:
        sql: the statement.
        path: the published database.

    Raises:
        DatabaseError: see `reading`.
    """
    version = fingerprint(path) if _is_kept else None
    if version is None or companions(Path(path)):  # another program may be changing it
        with reading(path) as connection:
            yield connection
        return
    key = (str(path), version, os.getpid())  # a fork must not use the connection of its parent
    if key != _KEPT.key:
        _open(key, path)
    try:
        with translate_errors(Path(path)):
            _compute(sql)
            yield _KEPT.connection
    except BaseException:
        _close()
        raise


def _open(key: _Key, path: Path | str) -> None:
    _close()
    opened = ExitStack()
    connection = opened.enter_context(reading(path))
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA query_only = ON")
    _KEPT.key, _KEPT.connection, _KEPT.opened = key, connection, opened


def _compute(sql: str) -> None:
    """Compute the short views that a statement names, unless they are computed already."""
    missing = SHORT.intersection(_NAME.findall(sql)) - _KEPT.computed
    if not missing:
        return
    _KEPT.connection.execute("PRAGMA query_only = OFF")
    for name in missing:
        _KEPT.connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM main.{name}")
        _KEPT.computed |= {name}
    _KEPT.connection.commit()
    _KEPT.connection.execute("PRAGMA query_only = ON")


def _close() -> None:
    _KEPT.opened.close()
    _KEPT.key, _KEPT.computed = None, frozenset()
