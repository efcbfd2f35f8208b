"""Put an unpacked backup in place: after a kill, all of the old data remain, or all of the new.

A restore unpacks into a folder in the data folder. A file in it, written when all is verified and
on disk, decides that the restore will be finished, if need be by the next command.
"""

import filecmp
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout

from spacex.errors import DatabaseError, SpacexError, StorageError
from spacex.extract.snapshot_chain import all_locked
from spacex.files import check_free, sync, write_atomically, write_error
from spacex.settings import Settings, command
from spacex.units import utc_now, utc_text
from spacex.warehouse.archive import FOLDER, archive_root
from spacex.warehouse.digest import digest_files, published_digest, remove_digest, sha256
from spacex.warehouse.publish import locked, put_verified_in_place
from spacex.warehouse.recovery import companions

DATABASE = "starlink.db"
FOLDERS = ("raw", "runs", "drop-in", FOLDER)

_DECIDED = "decided"
"""File in the staged folder that names the folder for the replaced data."""
_COMPACT = str.maketrans("", "", "-:")


def finish_restore(settings: Settings) -> bool:
    """Finish a restore that was stopped when it was decided; remove what another one has left.

    Returns:
        Whether one was finished.

    Raises:
        StorageError: a file cannot be written.
        DatabaseError: another restore, a run or another program is changing the data.
    """
    if not os.path.lexists(settings.restore_dir):
        return False
    try:
        with sole_restore(settings) as was_finished:
            return was_finished
    except DatabaseError:
        if is_unfinished(settings):
            raise
        return False  # another restore is unpacking


def is_unfinished(settings: Settings) -> bool:
    """Return whether a restore has been decided, but not finished."""
    return os.path.lexists(settings.restore_dir / _DECIDED)


@contextmanager
def sole_restore(settings: Settings) -> Iterator[bool]:
    """Keep other restores out during the block; finish an earlier one first.

    Yields:
        Whether an earlier one was finished.

    Raises:
        StorageError: a file cannot be written.
        DatabaseError: another restore, a run or another program is changing the data.
    """
    data, staged = settings.data_dir, settings.restore_dir
    try:
        with FileLock(f"{staged}.lock", timeout=0):
            was_finished = is_unfinished(settings)
            if was_finished:
                with (
                    locked(settings.database, settings.lock_timeout_s),
                    all_locked(settings.raw_dir, settings.lock_timeout_s),
                ):
                    _finish(settings)
            shutil.rmtree(staged, ignore_errors=True)
            try:
                yield was_finished
            finally:
                if not is_unfinished(settings):
                    shutil.rmtree(staged, ignore_errors=True)
    except Timeout:
        raise DatabaseError(
            f"Another restore is changing {data}.", remedy="Wait until it ends, then try again."
        ) from None
    except OSError as error:
        problem = write_error(data, error)
        if is_unfinished(settings):
            remedy = f"{problem.remedy} Then `{command('status')}` finishes the restore."
            raise StorageError(problem.message, remedy) from None
        raise problem from None


@contextmanager
def noticing_restore(settings: Settings) -> Iterator[None]:
    """Fail after a block during which a restore replaced the data, whether it failed or not.

    Raises:
        StorageError: a restore replaced the data.
    """
    before = _replaced(settings)
    cause: Exception | None = None
    try:
        yield
    except (SpacexError, OSError) as error:
        if not _replaced(settings) - before:
            raise
        cause = error
    if new := _replaced(settings) - before:
        raise StorageError(
            f"A restore replaced the data in {settings.data_dir} meanwhile; the data that were "
            f"there are now in {max(new)}.",
            remedy="Run again.",
        ) from cause


def _replaced(settings: Settings) -> set[str]:
    """Return the names of the folders with data that restores have replaced."""
    return {path.name for path in settings.data_dir.glob("replaced-*")}


def put_staged(settings: Settings) -> Path | None:
    """Put what was unpacked and verified in place, and return the folder of the replaced data.

    Raises:
        StorageError: something in place cannot be moved, snapshots are being stored, or a disk is
            full. Nothing is changed.
        DatabaseError: a run or another program is changing the data. Nothing is changed.
    """
    staged, database = settings.restore_dir, settings.database
    for path in (database, *digest_files(database), *companions(database), _copied(database)):
        _check_replaceable(path)
    with locked(settings.database, settings.lock_timeout_s):
        for name in FOLDERS:
            _check_movable(_place(settings, name))
            (staged / name).mkdir(exist_ok=True)  # what is not there later is in place
        _check_space(settings)
        os.sync()
        replaced = f"replaced-{utc_text(utc_now(), 'microseconds').translate(_COMPACT)}"
        with all_locked(settings.raw_dir, settings.lock_timeout_s):
            write_atomically(staged / _DECIDED, replaced.encode())
            sync(staged)
            return _finish(settings)


def _check_movable(path: Path) -> None:
    if (
        path.is_dir()
        and not path.is_symlink()
        and (path.is_mount() or not os.access(path, os.W_OK))
    ):
        raise StorageError(
            f"{path} cannot be replaced: it is a mount point, or belongs to another user.",
            remedy="Nothing was changed. Restore into another folder with SPACEX_DATA_DIR.",
        )


def _check_replaceable(path: Path) -> None:
    if path.exists() and not path.is_file():
        raise StorageError(
            f"{path} cannot be replaced: it is not a regular file.",
            remedy="Nothing was changed. Move it away, then try again.",
        )


def _check_space(settings: Settings) -> None:
    """Check that there is space for a copy of the new database, and one of the old."""
    database = settings.database
    copied = [path for path in (settings.restore_dir / DATABASE, database) if path.exists()]
    needed = sum(path.stat().st_size for path in copied)
    for folder in (settings.data_dir, database.parent):
        remedy = "Nothing was changed. Free some space, then try again."
        check_free(folder, needed, "a restore", remedy)


def _finish(settings: Settings) -> Path | None:
    """Put what was decided in place, as far as it is not; the lock of the database is held."""
    data, database, staged = settings.data_dir, settings.database, settings.restore_dir
    replaced = data / (staged / _DECIDED).read_text()
    for name in FOLDERS:
        if not (staged / name).exists():
            continue
        place = _place(settings, name)
        if os.path.lexists(place):
            replaced.mkdir(exist_ok=True)
            shutil.move(place, _free(replaced / name))
        shutil.move(staged / name, place)
    new = staged / DATABASE
    if database.exists() and not (new.exists() and filecmp.cmp(database, new, shallow=False)):
        replaced.mkdir(exist_ok=True)
        shutil.copyfile(database, replaced / DATABASE)
    if new.exists():
        copy = _copied(database)
        shutil.copyfile(new, copy)
        sync(copy)
        put_verified_in_place(copy, database, published_digest(new) or sha256(new))
    else:
        database.unlink(missing_ok=True)
        remove_digest(database)
    sync(data)
    (staged / _DECIDED).unlink()
    return replaced if replaced.exists() else None


def _place(settings: Settings, name: str) -> Path:
    """Return where a folder of a backup belongs: the archive is beside the database."""
    folder = archive_root(settings.database) if name == FOLDER else settings.data_dir
    return folder / name


def _copied(database: Path) -> Path:
    """Return the path of a copy of the new database on the file system of the old one."""
    return database.with_name(f"{database.name}.restored.unpublished")


def _free(path: Path) -> Path:
    """Return a path at which there is nothing; a run may have made a folder after a kill."""
    names = (f"{path.name}{f'-{number}' if number > 1 else ''}" for number in count(1))
    return next(each for each in map(path.with_name, names) if not os.path.lexists(each))
