"""The digest of what a database says, which a run that finds nothing new leaves as it is."""

import hashlib
from functools import lru_cache
from pathlib import Path

from spacex.files import Fingerprint, fingerprint
from spacex.warehouse.connection import reading
from spacex.warehouse.row_checksum import row_parts

_OF_A_RUN = frozenset(
    {
        "run_id",
        "run",
        "path",
        "loaded_utc",
        "mode",
        "origin",
        "etag",
        "software_version",
        "is_accepted",
    }
)
"""Columns that tell runs of the same data apart."""


def data_digest(database: Path) -> str:
    """Return the digest of the rows of a database, whichever run loaded them, and how often.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    return _digest(database, fingerprint(database))


@lru_cache(maxsize=4)
def _digest(database: Path, _version: Fingerprint | None) -> str:
    digest = hashlib.sha256()
    with reading(database) as connection:
        for part in row_parts(connection, _OF_A_RUN):
            digest.update(part)
    return digest.hexdigest()
