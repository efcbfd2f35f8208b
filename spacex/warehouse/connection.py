"""Connections to the database: read-only, or to write a private copy."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from spacex.errors import DatabaseError, DataError, StorageError, UnusableDatabaseError
from spacex.files import disk_full, folder_problem, is_full, is_other_kind, other_kind
from spacex.schema import SCHEMA_VERSION, TABLES
from spacex.schema.ddl import create_all
from spacex.settings import RUN_COMMAND, command
from spacex.warehouse.recovery import check_companions, is_in_rollback_mode

_NEWEST_ROWS = 50_000
"""Number of newest rows of a history that are always checked: a few days of the whole fleet."""

_NO_LOG_POSSIBLE = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY_DIRECTORY}
"""Errors of a database in write-ahead mode if its log cannot be created."""

REBUILD = f"Run `{RUN_COMMAND}`: it rebuilds the database from the snapshots and keeps this file."

UPDATE = "Update the software, or choose another folder with SPACEX_DATA_DIR."
"""What to do about a database of a newer release."""


@contextmanager
def reading(path: Path | str) -> Iterator[sqlite3.Connection]:
    """Open a read-only connection to the published database.

    Raises:
        DatabaseError: there is none, it is damaged, or it has another schema version.
    """
    path = _database_file(path)
    with translate_errors(path), closing(connect_readonly(path)) as connection:
        check_version(connection, path)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)  # ATTACH and VACUUM create files
        yield connection


def _database_file(path: Path | str) -> Path:
    """Return the path of a database that may be opened.

    Raises:
        DatabaseError: there is none, or it is not a file.
    """
    remedy = "Pass settings().database."
    if not isinstance(path, str | os.PathLike):
        raise DatabaseError(f"{path!r} is not the path of a database.", remedy)
    try:
        path = Path(path).expanduser()
        mode = path.stat().st_mode
    except (OSError, RuntimeError, ValueError) as error:
        is_missing = isinstance(error, FileNotFoundError | NotADirectoryError)
        if is_missing or (isinstance(error, OSError) and folder_problem(Path(path).parent)):
            raise _missing(Path(path)) from None
        raise DatabaseError(
            f"{str(path)!r} is not the path of a database that can be read ({error}).", remedy
        ) from None
    if not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "a pipe or device"
        raise DatabaseError(
            f"{path} is {kind}, not a database.",
            remedy="Name the file of the database, or move it away.",
        )
    return path


def _missing(path: Path) -> DatabaseError:
    if problem := folder_problem(path.parent):
        return DatabaseError(
            f"There is no database {path}: {problem}.",
            remedy="Choose another folder with SPACEX_DATA_DIR, or correct this one.",
        )
    return DatabaseError(
        f"There is no database {path} yet.", remedy=f"Run `{RUN_COMMAND}` to build it."
    )


def connect_readonly(path: Path) -> sqlite3.Connection:
    """Connect to a database of any schema version.

    A write-ahead log of another database is ignored. A database in write-ahead mode whose log is
    empty is readable even in a read-only folder.

    Raises:
        DatabaseError: a journal is a pipe or device.
    """
    check_companions(path)
    uri, log = f"{path.absolute().as_uri()}?mode=ro", path.with_name(f"{path.name}-wal")
    has_log = log.exists() and log.stat().st_size > 0
    if has_log and is_in_rollback_mode(path):
        return sqlite3.connect(f"{uri}&immutable=1", uri=True)
    connection = sqlite3.connect(uri, uri=True)
    try:
        connection.execute("PRAGMA schema_version")
    except sqlite3.Error as error:
        connection.close()
        if error.sqlite_errorcode in _NO_LOG_POSSIBLE and not has_log:
            return sqlite3.connect(f"{uri}&immutable=1", uri=True)
        raise
    return connection


@contextmanager
def writing(path: Path, published: Path | None = None) -> Iterator[sqlite3.Connection]:
    """Open a connection to a private database file, and create the file if needed.

    The file is not durable until it is synced.

    Args:
        path: the file.
        published: path of the original, for messages; the file itself if None.

    Raises:
        DatabaseError: it is damaged, or has another schema version.
    """
    is_new, known_as = not path.exists(), published or path
    with (
        translate_errors(known_as),
        closing(sqlite3.connect(path, isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = ON")
        if is_new:
            create(connection)
        check_version(connection, known_as)
        yield connection


def create(connection: sqlite3.Connection) -> None:
    """Create every table in an empty database."""
    connection.execute("BEGIN")
    for statement in create_all():
        connection.execute(statement)
    connection.execute("COMMIT")


def integrity(connection: sqlite3.Connection, *, with_history: bool = False) -> list[str]:
    """Run SQLite's integrity and foreign key checks.

    Args:
        connection: the database.
        with_history: whether to check the histories in full. Otherwise only their newest rows are
            read, which a load has added, so that the time does not grow with the history.

    Returns:
        The problems found; empty if the database is intact.
    """
    found: list[tuple[str]] = []
    for table in TABLES.values():
        if table.keeps_history and not with_history:
            newest = ", ".join(f"{name} DESC" for name in table.key)
            sql = f"SELECT 1 FROM main.{table.name} ORDER BY {newest} LIMIT {_NEWEST_ROWS}"
            connection.execute(f"SELECT count(*) FROM ({sql})").fetchone()
        else:
            found += connection.execute(f"PRAGMA main.integrity_check('{table.name}')").fetchall()
    problems = [text for (text,) in found if text != "ok"]
    orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    return problems + [f"a row of {row[0]} has no parent row in {row[2]}" for row in orphans]


def check_version(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a database of another schema version.

    Raises:
        UnusableDatabaseError: the version is older.
        DatabaseError: the version is newer.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise DatabaseError(
            f"The database {path} has schema version {version}, that of a newer release; this "
            f"release needs version {SCHEMA_VERSION}.",
            remedy=UPDATE,
        )
    if version < SCHEMA_VERSION:
        raise UnusableDatabaseError(
            f"The database {path} has schema version {version}; this release needs version "
            f"{SCHEMA_VERSION}.",
            remedy=REBUILD,
        )


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Translate SQLite's errors within the block.

    Raises:
        DataError: a row violates a constraint of its table.
        DatabaseError: the file cannot be read or written.
        StorageError: the disk is full, or a folder or pipe is in the place of a file.
    """
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise DataError(
            f"The database {path} rejected a row: {error}.",
            remedy="The published database is unchanged. Please report this.",
        ) from error
    except (sqlite3.OperationalError, OSError) as error:
        if isinstance(error, OSError) and is_other_kind(error):
            raise other_kind(Path(error.filename)) from error
        if is_not_utf_8(error):
            raise _damaged(path, error) from error
        raise _unusable(path, error) from error
    except sqlite3.DatabaseError as error:
        raise _damaged(path, error) from error


def is_not_utf_8(error: BaseException) -> bool:
    """Return whether a text of the database is not UTF-8, an error of Python without a code."""
    return isinstance(error, sqlite3.OperationalError) and not hasattr(error, "sqlite_errorcode")


def _damaged(path: Path, error: sqlite3.Error | OSError) -> UnusableDatabaseError:
    text = str(error).partition(" with text ")[0]
    return UnusableDatabaseError(f"The database {path} is damaged: {text}.", remedy=REBUILD)


def _unusable(
    path: Path, error: sqlite3.OperationalError | OSError
) -> DatabaseError | StorageError:
    """Return the error that reports why a database cannot be read or written."""
    log = path.with_name(f"{path.name}-wal")
    code = error.sqlite_errorcode if isinstance(error, sqlite3.Error) else sqlite3.SQLITE_OK
    if code == sqlite3.SQLITE_FULL or (isinstance(error, OSError) and is_full(error)):
        return disk_full(path)
    if code == sqlite3.SQLITE_READONLY_ROLLBACK:
        return DatabaseError(
            f"Another program was stopped while it changed the database {path}, and left "
            f"{path.name}-journal.",
            remedy=f"Run `{RUN_COMMAND}`: it undoes the unfinished change.",
        )
    if code in {*_NO_LOG_POSSIBLE, sqlite3.SQLITE_READONLY_RECOVERY} and log.exists():
        return DatabaseError(
            f"Another program left changes to the database {path} in {log.name}, which cannot be "
            "read here.",
            remedy=f"Run `{RUN_COMMAND}`: it writes them to the database.",
        )
    if code & 0xFF == sqlite3.SQLITE_BUSY:
        return DatabaseError(
            f"Another program is changing the database {path}.",
            remedy="Wait until it ends or close it, then try again.",
        )
    if code == sqlite3.SQLITE_ERROR:
        return DatabaseError(
            f"The database {path} was changed by another program or release: {error}.",
            remedy=f"Run `{RUN_COMMAND}`, which restores it, or move the database away.",
        )
    reason = error if isinstance(error, sqlite3.Error) else f"{error.filename}, {error.strerror}"
    return DatabaseError(
        f"The database {path} cannot be read or written: {reason}.",
        remedy=f"Check the disk and the folder's permissions with `{command('doctor')}`.",
    )
