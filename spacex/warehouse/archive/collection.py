"""Remove files of the archive that no database names any more."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from spacex.errors import DatabaseError
from spacex.warehouse.archive import FOLDER, archive_root
from spacex.warehouse.archive.files import named_files
from spacex.warehouse.connection import connect_readonly
from spacex.warehouse.publish import locked

GRACE_S = 24 * 3600
"""Age from which a file is removed, s: readers of the database before may still have it open."""


def collect(database: Path, grace_s: float = GRACE_S) -> list[Path]:
    """Remove the files that neither the database names nor one that an upgrade has kept.

    Nothing is removed while a run or another program writes to the database, or if one of these
    databases cannot be read.

    Args:
        database: the published database.
        grace_s: files that are younger stay, s.

    Returns:
        The files that were removed.
    """
    folder = archive_root(database) / FOLDER
    if not folder.is_dir():
        return []
    removed = []
    with suppress(DatabaseError, sqlite3.Error), locked(database, timeout_s=0):
        named = {archive_root(database) / name for name in _named(database)}
        for path in sorted(folder.glob("elements/*/*")):
            with suppress(OSError):
                if path not in named and time.time() - path.stat().st_mtime > grace_s:
                    path.unlink()
                    removed.append(path)
        for month in folder.glob("elements/*"):
            with suppress(OSError):  # it is not empty
                month.rmdir()
    return removed


def _named(database: Path) -> Iterator[str]:
    """Yield the paths that the database and those kept beside it name."""
    for path in (database, *database.parent.glob(f"{database.stem}.old-*{database.suffix}")):
        if os.path.lexists(path):
            yield from paths_named_by(path)


def paths_named_by(database: Path) -> list[str]:
    """Return the paths of the files that a database of any release names.

    Raises:
        DatabaseError, sqlite3.Error: the database cannot be read.
    """
    with closing(connect_readonly(database)) as connection:
        if not connection.execute(_HAS_FILES).fetchone():
            return []
        return [each.path for each in named_files(connection)]


_HAS_FILES = "SELECT 1 FROM sqlite_schema WHERE name = 'history_files'"
