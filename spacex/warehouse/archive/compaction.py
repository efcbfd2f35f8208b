"""Merge the files of a month into one, so that readers open few.

Each load adds a file for the day that it moves. A month is merged once the hot window has left it,
or if it has MOST_FILES.
"""

from itertools import groupby

from spacex.warehouse.archive.files import (
    ArchiveFile,
    Writer,
    name_files,
    named_files,
    parquet,
    write_files,
)

MOST_FILES = 32


def compact(to: Writer, *, before: str) -> None:
    """Merge the files of each month that has several and is complete, or has too many.

    Args:
        to: the archive.
        before: the first month that is not complete.

    Raises:
        StorageError: a file cannot be written.
        DatabaseError: a file is missing or damaged.
    """
    ordered = sorted(named_files(to.connection), key=_group)
    for (month, _), files in groupby(ordered, key=_group):
        together = [*files]
        if len(together) >= MOST_FILES or (len(together) > 1 and month < before):
            rewrite(to, together)


def rewrite(to: Writer, files: list[ArchiveFile], *, without: str = "") -> None:
    """Write the element sets of files to new ones, one for each month, and name these instead.

    Args:
        to: the archive.
        files: the files, at least one.
        without: condition on the sets `a` that are left out, as SQL; empty: none.

    Raises:
        StorageError, DatabaseError: as `compact`.
    """
    where = f"WHERE NOT ({without})" if without else ""
    sql = f"SELECT a.* FROM {parquet(to.database, files)} a {where}"
    name_files(to.connection, write_files(to, sql), replaced=files)


def _group(file: ArchiveFile) -> tuple[str, str]:
    return file.month, file.source
