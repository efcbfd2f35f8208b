"""The rows of views, computed once for all processes that read the published database.

A view of the fleet takes up to 0.1 s, and each visitor of the dashboard needs a dozen of them. One
process stores their rows in a file of its own; the others attach that, until the database changes.
"""

import hashlib
import logging
import sqlite3
import tempfile
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

from spacex.files import Fingerprint
from spacex.warehouse.views import VIEWS

_GROWING = {"v_observations", "v_changes", "v_launch_altitudes", "v_other_numbers"}
"""Views that grow with each GP list; conditions narrow them."""

COMPUTED = tuple(name for name in VIEWS if name not in _GROWING)
"""The views that are computed once."""

_INDEXES = ("v_starlink(norad_cat_id)", "v_starlink(launch_designator)")
_SUFFIX, _LOCK = ".db", "computed.lock"
_LONGEST_S = 30
"""Longest time to wait for another process that computes them."""
_LOG = logging.getLogger(__name__)


def attach_computed(
    connection: sqlite3.Connection, path: Path, version: Fingerprint, folder: Path
) -> None:
    """Let tables hide views of a read-only connection; compute them first if nobody has.

    Without room for them, the views stay as they are, only slower.

    Args:
        connection: to the published database, from `reading`.
        path: the published database.
        version: its fingerprint.
        folder: where the processes of this user share the computed rows; no others may write there.
    """
    key = hashlib.sha256(repr((str(path), version)).encode()).hexdigest()
    file = folder / f"{key}{_SUFFIX}"
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 1)
    try:
        with FileLock(folder / _LOCK, timeout=_LONGEST_S):
            if not file.exists():
                _compute(connection, file)
                _remove_others(file)
        connection.execute("ATTACH ? AS computed", (f"{file.as_uri()}?mode=ro&immutable=1",))
        for name in COMPUTED:
            connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM computed.{name}")
    except (sqlite3.Error, OSError) as error:
        for name in COMPUTED:
            connection.execute(f"DROP VIEW IF EXISTS temp.{name}")
        _LOG.warning("The views of %s are not computed once: %s.", path, error)
    finally:
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)


def _compute(connection: sqlite3.Connection, file: Path) -> None:
    """Store the rows of the views in a new file, which nobody sees before it is whole."""
    with tempfile.TemporaryDirectory(dir=file.parent) as private:
        new = Path(private) / file.name
        connection.execute("ATTACH ? AS computed", (f"{new.as_uri()}?mode=rwc",))
        try:
            connection.execute("PRAGMA computed.journal_mode = OFF")
            connection.execute("PRAGMA computed.synchronous = OFF")
            for name in COMPUTED:
                connection.execute(f"CREATE TABLE computed.{name} AS SELECT * FROM main.{name}")
            for index, columns in enumerate(_INDEXES):
                connection.execute(f"CREATE INDEX computed.i{index} ON {columns}")
            connection.commit()
        finally:
            connection.rollback()
            connection.execute("DETACH computed")
        new.replace(file)


def _remove_others(file: Path) -> None:
    """Remove the rows of former databases; who reads them keeps the open file."""
    for other in file.parent.glob(f"*{_SUFFIX}"):
        if other != file:
            with suppress(OSError):
                other.unlink()
