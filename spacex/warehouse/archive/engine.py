"""DuckDB, which writes and reads the files of the archive."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from spacex.errors import DatabaseError
from spacex.schema import Column, Kind
from spacex.schema.starlink import STARLINK_ELEMENTS
from spacex.settings import command

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DERIVED = ("semi_major_axis_km", "perigee_altitude_km", "apogee_altitude_km", "period_min")
"""Columns of `starlink_elements` that files lack: they are computed when a file is read."""
STORED: tuple[Column, ...] = tuple(
    column for column in STARLINK_ELEMENTS.columns if column.name not in DERIVED
)
KEY = STARLINK_ELEMENTS.key
ROW_GROUP = 32_768
"""Rows of a group. Of 8,000 to 131,000, this size finds one satellite fastest."""
_MEMORY = "1GB"
TYPES = {
    Kind.EPOCH: "TIMESTAMP",
    Kind.UTC: "TIMESTAMP",
    Kind.INTEGER: "BIGINT",
    Kind.REAL: "DOUBLE",
    Kind.TEXT: "VARCHAR",
}
_FORMATS = {Kind.EPOCH: "%Y-%m-%dT%H:%M:%S.%fZ", Kind.UTC: "%Y-%m-%dT%H:%M:%SZ"}
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "memory_limit": _MEMORY,
}


@contextmanager
def engine(scratch: Path) -> Iterator["DuckDBPyConnection"]:
    """Open an empty database in memory, to write files with.

    Args:
        scratch: folder for what does not fit into memory.

    Raises:
        DatabaseError: a file of the archive is missing or damaged, or cannot be written.
    """
    import duckdb  # noqa: PLC0415 - optional, and only loads that move sets need it

    with duckdb.connect(config=_CONFIG | {"temp_directory": f"{scratch}"}) as connection:
        connection.execute("SET enable_progress_bar = false")
        with translated():
            yield connection


@contextmanager
def reader() -> Iterator["DuckDBPyConnection"]:
    """Yield a cursor to read files with, of a connection that remembers their structure.

    Raises:
        DatabaseError: a file of the archive is missing or damaged.
    """
    with _kept(os.getpid()).cursor() as cursor, translated():
        yield cursor


@cache
def _kept(process: int) -> "DuckDBPyConnection":
    """Return the connection of this process: a forked one has none of its threads."""
    import duckdb  # noqa: PLC0415 - optional

    scratch = Path(tempfile.gettempdir(), f"spacex-archive-{process}")
    connection = duckdb.connect(config=_CONFIG | {"temp_directory": f"{scratch}"})
    connection.execute("SET parquet_metadata_cache = true")
    connection.execute("SET enable_progress_bar = false")
    return connection


@contextmanager
def translated() -> Iterator[None]:
    """Translate DuckDB's errors within the block.

    Raises:
        DatabaseError: a file cannot be read or written.
    """
    import duckdb  # noqa: PLC0415 - optional

    try:
        yield
    except duckdb.Error as error:
        raise DatabaseError(
            f"The archive of element sets cannot be read or written: {error}.",
            remedy=f"`{command('verify')}` names every missing or damaged file.",
        ) from error


def declared() -> str:
    """Return the columns of a file with their types, as SQL."""
    return ", ".join(f"{column.name} {TYPES[column.kind]}" for column in STORED)


def from_texts() -> str:
    """Return the columns of a file, cast from those of `starlink_elements`, as SQL."""
    return ", ".join(f"CAST({each.name} AS {TYPES[each.kind]}) AS {each.name}" for each in STORED)


def as_texts(columns: Sequence[str] = ()) -> str:
    """Return columns of a file as those of `starlink_elements`, as SQL; all if none are named."""
    return ", ".join(_as_text(each) for each in STORED if not columns or each.name in columns)


def _as_text(column: Column) -> str:
    if column.kind not in _FORMATS:
        return column.name
    return f"strftime({column.name}, '{_FORMATS[column.kind]}') AS {column.name}"


def instant(text: str) -> str:
    """Return an instant of the database as a literal of DuckDB."""
    return f"TIMESTAMP '{text.removesuffix('Z').replace('T', ' ')}'"
