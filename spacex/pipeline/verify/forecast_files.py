"""Verify the stored forecasts: the digest of each file, and those that the database has."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from spacex.extract.stored_forecasts import FOLDER, decoded, forecasts_path
from spacex.pipeline.verify.verification import Part
from spacex.warehouse.connection import connect_readonly

_MADE = "SELECT DISTINCT made_utc, kind, model FROM forecasts"
_RESTORE = (
    "Restore it from a backup. If there is none, {}move the database away and run again: these "
    "forecasts are made again from the snapshots, and may differ."
)


def check_forecasts(part: Part, raw: Path, database: Path) -> None:
    """Check the files of the stored forecasts; those that the database has must be there.

    Args:
        part: receives what is found.
        raw: the folder of the snapshots.
        database: the published database, which may be missing or damaged.
    """
    needed = {forecasts_path(raw, *made) for made in _made(database)}
    folders = [each for each in part.entries(raw) if each.name == FOLDER]
    for path in sorted(needed.union(*map(part.entries, folders))):
        if path.suffix == ".tmp":
            part.note(path, "is unfinished; a killed run left it", "Nothing: a run removes it.")
            continue
        content = part.read(path, _RESTORE.format(""), is_needed=path in needed)
        if content is not None and decoded(content) is None:
            part.damage(path, "is damaged", _RESTORE.format("remove it, "))


def _made(database: Path) -> list[tuple[str, str, str]]:
    """Return instant, kind and rule of the forecasts in a database; none if it is unreadable."""
    if os.path.isfile(database):  # noqa: PTH113 - never raises
        with suppress(sqlite3.Error), closing(connect_readonly(database)) as connection:
            return connection.execute(_MADE).fetchall()
    return []
