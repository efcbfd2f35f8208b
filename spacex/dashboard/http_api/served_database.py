"""The published database as Datasette reads it: read-only, always the newest, within limits.

Datasette keeps its connections for the life of the process. A run replaces the file, and so each
query looks for a newer one first.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from datasette.database import Database, QueryInterrupted, Results

from spacex.dashboard.http_api.limits import (
    COLUMNS,
    PAGE_ROWS,
    QUERY_MS,
    RESULT_BYTES,
    ROWS,
    SELECTS,
    VALUE_BYTES,
)
from spacex.errors import DatabaseError
from spacex.files import Fingerprint, fingerprint
from spacex.warehouse.connection import reading

Result = TypeVar("Result")

_SQLITE_LIMITS = {
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_COLUMN: COLUMNS,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_LENGTH: VALUE_BYTES,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 200,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}

_ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
"""What a statement may do. Writing, attaching, transactions and temporary tables are not in it."""

_DESCRIBES = {
    "foreign_key_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "table_info",
    "table_xinfo",
}
"""The pragmas that describe a table, which their argument names."""

SLOW = {"format", "json_patch", "load_extension", "ltrim", "printf", "rtrim", "trim"}
"""Functions that one call can keep busy for many seconds, and that cannot be interrupted, as
`printf('%.*c', 2000000000, 'x')`. Views may call them with their own arguments."""

_TOO_LONG = f"A text or row is longer than {VALUE_BYTES:,} bytes."


class Authorizer:
    """Decides what a statement may do; SQLite asks about each part of it while it plans it."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Count from the start, for another statement."""
        self._selects, self._end = 0, monotonic() + QUERY_MS / 1000
        self.reason = "This API only reads tables and views."

    def __call__(
        self,
        action: int,
        first: str | None,
        second: str | None,
        _schema: str | None,
        view: str | None,
    ) -> int:
        """Return SQLite's code for an allowed or a forbidden action."""
        self._selects += action == sqlite3.SQLITE_SELECT
        is_allowed = action in _ALLOWED
        if action == sqlite3.SQLITE_PRAGMA:
            is_allowed = first in _DESCRIBES or (first == "schema_version" and second is None)
        if action == sqlite3.SQLITE_FUNCTION and second in SLOW and not view:
            is_allowed = False
            self.reason = f"The function {second} is not allowed here."
        if self._selects > SELECTS or monotonic() > self._end:
            is_allowed = False
            self.reason = "The statement is too complex."
        return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY


class _Running:
    """A function that uses a connection, and can be interrupted by another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._is_over = False

    @contextmanager
    def on(self, connection: sqlite3.Connection) -> Iterator[None]:
        """Let `interrupt` stop the block alone, not the next use of its connection.

        Raises:
            OperationalError: the time is over.
        """
        with self._lock:
            if self._is_over:
                raise sqlite3.OperationalError("The query waited too long for its turn.")
            self._connection = connection
        try:
            yield
        finally:
            with self._lock:
                self._connection = None

    def interrupt(self) -> None:
        """End the function: its time is over."""
        with self._lock:
            self._is_over = True
            if self._connection:
                self._connection.interrupt()


class ServedDatabase(Database):  # type: ignore[misc]  # Datasette is not typed
    """The published database: each thread has a connection to the newest file.

    Attributes:
        path: the published database.
    """

    def __init__(self, datasette: Any, path: Path) -> None:
        super().__init__(datasette, path=str(path), is_mutable=True)
        self._own = threading.local()

    def connect(self, write: bool = False) -> sqlite3.Connection:  # noqa: FBT001, FBT002 - Datasette's
        """Refuse: connections are opened by `execute_fn` alone, and none of them writes.

        Raises:
            DatabaseError: always.
        """
        raise DatabaseError(f"The database is not opened in this way (write={write}).")

    async def attached_databases(self) -> list[Any]:
        """Return no database: none can be attached, and SQLite would tell the path of the file."""
        return []

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,  # noqa: FBT001, FBT002 - Datasette's
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,  # noqa: ARG002, FBT001, FBT002 - a wrong statement is no line of the log
    ) -> Results:
        """Return the rows of a statement; see Datasette's method.

        Args:
            sql: the statement.
            params: the values bound to it.
            truncate: whether to return the first rows alone if there are too many.
            custom_time_limit: a shorter time than that of all statements, ms.
            page_size: rows of a page, for which one more is read.
            log_sql_errors: not used.

        Raises:
            QueryInterrupted: the statement took too long.
        """
        most = ROWS + 1 if (page_size or PAGE_ROWS) == ROWS else ROWS

        def fetch(connection: sqlite3.Connection) -> Results:
            cursor = connection.execute(sql, {} if params is None else params)
            if not truncate:
                return Results(cursor.fetchall(), False, cursor.description)  # noqa: FBT003 - Datasette's
            rows = cursor.fetchmany(most + 1)
            return Results(rows[:most], len(rows) > most, cursor.description)

        try:
            return await self._run(fetch, min(custom_time_limit or QUERY_MS, QUERY_MS))
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise QueryInterrupted(error, sql, params) from None
            raise

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Result]) -> Result:
        """Return the result of a function of the connection, called in a thread."""
        return await self._run(fn, QUERY_MS)

    async def _run(self, fn: Callable[[sqlite3.Connection], Result], limit_ms: int) -> Result:
        """Call a function of the connection in a thread, and interrupt it after a time.

        Datasette lets SQLite ask every thousand instructions whether the time is over. With some
        ten long queries, these questions keep all other threads of Python waiting.
        """
        loop = asyncio.get_running_loop()
        running = _Running()
        timer = loop.call_later(limit_ms / 1000, running.interrupt)
        try:
            return await loop.run_in_executor(self.ds.executor, self._in_thread, fn, running)
        finally:
            timer.cancel()

    def _in_thread(self, fn: Callable[[sqlite3.Connection], Result], running: "_Running") -> Result:
        connection = self._newest()
        connection.row_factory = counted_rows(RESULT_BYTES)
        self._own.authorizer.begin()
        try:
            with running.on(connection):
                return fn(connection)
        except MemoryError:
            raise sqlite3.OperationalError("The statement needs too much memory.") from None
        except sqlite3.DatabaseError as error:
            if message := self._message(error):
                raise sqlite3.OperationalError(message) from None
            raise

    def _message(self, error: sqlite3.Error) -> str:
        """Return what is said of an error; empty for SQLite's own message."""
        code, text = getattr(error, "sqlite_errorcode", None), str(error)
        if code == sqlite3.SQLITE_AUTH or text.startswith("not authorized"):
            return str(self._own.authorizer.reason)
        return _TOO_LONG if code == sqlite3.SQLITE_TOOBIG else ""

    def _newest(self) -> sqlite3.Connection:
        """Return this thread's connection to the newest file.

        Raises:
            DatabaseError: there is no database, or it cannot be read.
        """
        version: Fingerprint | None = fingerprint(self.path)
        if version is None or version != getattr(self._own, "version", None):
            if hasattr(self._own, "opened"):
                self._own.opened.close()
            self._own.version, self._own.opened = None, ExitStack()
            self._own.connection = self._own.opened.enter_context(reading(self.path))
            self.ds._prepare_connection(self._own.connection, self.name)  # noqa: SLF001 - as Datasette does
            self._own.authorizer = Authorizer()
            limit(self._own.connection, self._own.authorizer)
            self._own.version = version
        connection: sqlite3.Connection = self._own.connection
        return connection


def limit(connection: sqlite3.Connection, authorizer: Authorizer) -> None:
    """Let a connection read tables and views alone, within `limits`."""
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA trusted_schema = OFF")
    for name, value in _SQLITE_LIMITS.items():
        connection.setlimit(name, value)
    connection.set_authorizer(authorizer)


def counted_rows(most: int) -> Callable[[sqlite3.Cursor, tuple[Any, ...]], sqlite3.Row]:
    """Return a row factory that raises an error once the values of all its rows exceed a size.

    Args:
        most: the size, B.
    """
    left = most

    def row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        nonlocal left
        left -= sum(len(each) if isinstance(each, str | bytes) else 8 for each in values)
        if left < 0:
            raise sqlite3.OperationalError(
                f"The result has more than {most >> 20} MiB. Ask for fewer columns or rows."
            )
        return sqlite3.Row(cursor, values)

    return row
