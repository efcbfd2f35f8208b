"""Verify the published database: its digest, SQLite's own checks, and what lies beside it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from spacex.errors import DatabaseError
from spacex.files import CHECK_DISK, MOVE_AWAY, NOT_A_FILE, is_other_kind
from spacex.pipeline.staged_restore import DATABASE
from spacex.pipeline.verify.stored_snapshots import Named
from spacex.pipeline.verify.verification import Part
from spacex.schema import SCHEMA_VERSION
from spacex.settings import RUN_COMMAND
from spacex.warehouse.connection import UPDATE
from spacex.warehouse.digest import check_digest, is_unwritten, published_digest
from spacex.warehouse.fleet import catalogue_numbers
from spacex.warehouse.row_checksum import has_other_rows

_REBUILD = f"Restore it from a backup, or run `{RUN_COMMAND}`: it rebuilds it from the snapshots."
OTHER_PROGRAM = (
    f"Another program has changed it. `{RUN_COMMAND}` keeps its own tables; if published rows were "
    "changed, it rebuilds the database from the snapshots and keeps this file."
)
"""What to do about a database that was changed through SQLite."""

_LEFTOVERS = {
    "-wal": "is the log of another program, which has not ended or was killed",
    "-shm": "belongs to the log of another program",
    "-journal": "is the journal of another program, which has not ended or was killed",
    ".unpublished": "is an unpublished database; a run is writing it or was killed",
    ".tmp": "is unfinished; a run is writing it or was killed",
    ".new": "is the digest of a database; a run is publishing it or was killed",
}
_SNAPSHOTS = """
    SELECT path, max(run_id), max(is_accepted), url, retrieved_utc, sha256, byte_count,
           record_count, etag, licence
    FROM _snapshots GROUP BY path, sha256"""
_PUBLISHING_RUN = """
    SELECT run_id FROM _runs WHERE as_of_utc IS NULL
    ORDER BY loaded_utc DESC, run_id DESC LIMIT 1"""
_VALUES = ("url", "retrieved_utc", "sha256", "byte_count", "record_count", "etag", "licence")


def check_database(part: Part, path: Path, published_by: str) -> list[Named]:
    """Check the database and its digest.

    Args:
        part: receives what is found.
        path: the database.
        published_by: a run that has published it; empty if none is known.

    Returns:
        The snapshots that its runs were built from.
    """
    _note_leftovers(part, path)
    try:
        has_digest = published_digest(path) is not None
        if not path.is_file():
            is_expected = has_digest or os.path.lexists(part.folder / DATABASE)
            _report_missing(part, path, published_by, is_expected=is_expected)
            return []
        part.count += 1
        part.add_bytes(path.stat().st_size)
        if check_digest(path):
            remedy = _REBUILD if is_unwritten(path) else OTHER_PROGRAM
            part.damage(path, f"does not match {path.name}.sha256", remedy)
    except OSError as error:
        if is_other_kind(error):
            part.damage(Path(error.filename), f"is {NOT_A_FILE}", MOVE_AWAY)
            return []
        part.damage(path, f"or its digest cannot be read ({error.strerror})", CHECK_DISK)
        return []
    try:
        with closing(_opened(path)) as connection:
            return _check_content(part, path, connection, has_digest=has_digest)
    except (sqlite3.Error, ValueError) as error:
        part.damage(path, f"is damaged: {error}", _REBUILD)
        return []


def publishing_run(path: Path) -> str:
    """Return the run that published the database; empty if unknown, or if an import or rebuild did.

    Imports and rebuilds load dates, which have no folder among those of the runs.
    """
    try:
        if not path.is_file():  # to open a pipe would wait for its other end
            return ""
        with closing(_opened(path)) as connection:
            row = connection.execute(_PUBLISHING_RUN).fetchone()
    except (sqlite3.Error, OSError, ValueError):
        return ""
    return row[0] if row else ""


def _opened(path: Path) -> sqlite3.Connection:
    # Immutable: SQLite takes no lock and creates no file beside the database.
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _report_missing(part: Part, path: Path, published_by: str, *, is_expected: bool) -> None:
    if is_expected:
        part.damage(path, "is missing, or is not a file", _REBUILD)
    elif published_by:
        part.damage(path, f"is missing: the run {published_by} published it", _REBUILD)
    else:
        part.note(path, "does not exist yet", f"Run `{RUN_COMMAND}` to build it.")


def _check_content(
    part: Part, path: Path, connection: sqlite3.Connection, *, has_digest: bool
) -> list[Named]:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for (text,) in connection.execute("PRAGMA integrity_check(1)"):
        if text != "ok":
            part.damage(path, f"is damaged: {' '.join(text.split())}", _REBUILD)
    for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        part.damage(path, f"is damaged: a row of {table} has no row in {parent}", _REBUILD)
    if version == 0:
        part.damage(path, "is empty, or is not a database of this software", _REBUILD)
    elif version != SCHEMA_VERSION:
        text = f"has schema version {version}; this release has {SCHEMA_VERSION}"
        remedy = f"`{RUN_COMMAND}` rebuilds it." if version < SCHEMA_VERSION else UPDATE
        part.note(path, text, remedy)
    elif not has_digest:
        remedy = "Nothing: the next run writes it with a new database."
        part.damage(path.with_name(f"{path.name}.sha256"), "is missing", remedy)
    if version == SCHEMA_VERSION and not part.has_problem(path):
        _check_rows(part, path, connection)
    try:
        return [
            Named(
                path, f"the run {run_id}", dict(zip(_VALUES, values, strict=True)), bool(accepted)
            )
            for path, run_id, accepted, *values in connection.execute(_SNAPSHOTS)
        ]
    except sqlite3.OperationalError:  # an older schema
        if version == SCHEMA_VERSION:
            raise
        return []


def _check_rows(part: Part, path: Path, connection: sqlite3.Connection) -> None:
    """Check that the rows are those that were published, also if the digest is that of others."""
    if has_other_rows(connection):
        part.damage(path, "has other rows than were published", OTHER_PROGRAM)
    for listed, count in connection.execute("SELECT listed, satellite_count FROM _observations"):
        try:
            catalogue_numbers(listed, count)
        except DatabaseError as error:
            part.damage(path, f"is damaged: {error.message.rstrip('.')}", OTHER_PROGRAM)


def _note_leftovers(part: Part, path: Path) -> None:
    for beside in part.entries(path.parent):
        if beside.name in {".rebuild", ".replay"}:
            part.note(beside, "is an unfinished rebuild or import; a run is at it or was killed")
        for suffix, text in _LEFTOVERS.items():
            if not (beside.name.startswith(path.name) and beside.name.endswith(suffix)):
                continue
            if beside.is_file():
                part.note(beside, text, f"`{RUN_COMMAND}` removes it when no program uses it.")
            elif os.path.lexists(beside):  # a run may have removed it
                part.damage(beside, "is not a file", "Move it away.")
