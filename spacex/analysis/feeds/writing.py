"""Make the feeds of the database, and write those that changed."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from spacex.analysis.feeds import FEEDS, RUNS, atom, omm_files
from spacex.analysis.feeds.atom import Channel, Entry
from spacex.analysis.feeds.change_entries import change_entries
from spacex.analysis.feeds.launch_calendar import launch_calendar
from spacex.analysis.feeds.launch_entries import launch_entries
from spacex.analysis.feeds.reentry_entries import reentry_entries
from spacex.errors import StorageError
from spacex.files import read_file, remove_unfinished, write_atomically, write_error
from spacex.sources import credits_of
from spacex.warehouse.connection import reading

MOST_ENTRIES = 500
"""Most entries of a feed."""
LOCK = ".lock"

_ENTRIES: dict[str, Callable[[sqlite3.Connection], list[Entry]]] = {
    "changes.atom": change_entries,
    "launches.atom": launch_entries,
    "reentries.atom": reentry_entries,
}


def write_feeds(database: Path, folder: Path, *, lock_timeout_s: float = 30) -> list[str]:
    """Write the feeds of the database, as far as they changed; return their names.

    Args:
        database: the published database.
        folder: that of the feeds.
        lock_timeout_s: longest wait for another process that writes them, s.

    Raises:
        DatabaseError: the database is missing or unreadable.
        StorageError: a file cannot be written, or another process has been writing for too long.
    """
    with writing_feeds(folder, lock_timeout_s), reading(database) as connection:
        return [
            name
            for name in FEEDS
            if name != RUNS and write_changed(folder / name, content(connection, name))
        ]


def content(connection: sqlite3.Connection, name: str) -> bytes:
    """Return the content of a feed of the database.

    Args:
        connection: the database.
        name: the name of its file.
    """
    about = channel(connection, name)
    if name in _ENTRIES:
        return atom.feed(about, atom.newest(_ENTRIES[name](connection), MOST_ENTRIES))
    if name == "launches.ics":
        return launch_calendar(connection, about)
    written = omm_files.omm_json if name.endswith(".json") else omm_files.omm_csv
    return written(connection, is_simulated=about.is_simulated)


def channel(connection: sqlite3.Connection, name: str) -> Channel:
    """Return what a feed of the database says of itself.

    Args:
        connection: the database.
        name: the name of its file.
    """
    sources = connection.execute("SELECT DISTINCT source FROM _snapshots ORDER BY 1")
    began_utc, is_simulated = connection.execute(
        "SELECT (SELECT min(retrieved_utc) FROM _snapshots), coalesce(max(is_simulated), 0) "
        "FROM _runs"
    ).fetchone()
    return Channel(
        name=name,
        title=FEEDS[name].title,
        subtitle=FEEDS[name].about,
        credits=tuple(credits_of(each for (each,) in sources)),
        is_simulated=bool(is_simulated),
        **({"began_utc": began_utc} if began_utc else {}),
    )


@contextmanager
def writing_feeds(folder: Path, lock_timeout_s: float) -> Iterator[None]:
    """Keep other processes from writing feeds, and remove what killed ones left.

    What the block reads is then newer than what the process before it read.

    Args:
        folder: that of the feeds.
        lock_timeout_s: longest wait for another process, s.

    Raises:
        StorageError: the folder cannot be made, or another process has been writing for too long.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(folder, error) from None
    try:
        with FileLock(folder / LOCK, timeout=lock_timeout_s):
            remove_unfinished(folder)
            yield
    except Timeout:
        raise StorageError(
            f"Another process has written {folder} for more than {lock_timeout_s:g} s.",
            remedy="Wait until it ends. The next run writes the feeds again.",
        ) from None


def write_changed(path: Path, new: bytes) -> bool:
    """Write a file unless it has this content; return whether it was written.

    Raises:
        StorageError: it cannot be written.
    """
    with suppress(OSError):
        if read_file(path) == new:
            return False
    write_atomically(path, new)
    return True
