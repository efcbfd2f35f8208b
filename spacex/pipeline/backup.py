"""Back up the data folder into one file, while runs go on.

A backup is a compressed tar archive of a marker, the database with its digest, the archive of
element sets, the runs that have ended, the waiting manual files and all snapshots. Snapshots come
after what names them, because a run may store more of them in the meantime. What belongs to this
machine, such as locks, is left out, and so are the staging databases of the runs, which can be
built again from their snapshots.
"""

import hashlib
import io
import os
import re
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import msgspec

from spacex.errors import DataError, SettingsError, StorageError
from spacex.extract.run_folder import DIGESTS, NO_DIGESTS, STAGING
from spacex.extract.sidecar import SIDECARS, stem
from spacex.extract.snapshot_chain import HEAD
from spacex.files import check_folder, disk_full, folder_problem, is_full, length_problem, sync
from spacex.pipeline.restore import MARKER, Contents, Marker, is_backup, unpack
from spacex.pipeline.staged_restore import DATABASE, FOLDERS
from spacex.pipeline.verify import Progress, verify
from spacex.settings import Settings, command
from spacex.units import utc_now, utc_text
from spacex.warehouse.archive import FOLDER, archive_root
from spacex.warehouse.digest import is_recorded, published_digest

SUFFIX = ".tar.gz"
_DATED = re.compile(rf"spacex-\d{{4}}-\d\d-\d\d{re.escape(SUFFIX)}")
_File = tuple[str, BinaryIO, int]
"""Name in the archive, content, and size in B."""
_OF_THIS_MACHINE = {".lock", ".tmp"}
_COMPRESSION_LEVEL = 3
"""Low, since the snapshots, which are most of it, are compressed already."""


@dataclass(frozen=True)
class Backup:
    """A backup that was written and verified.

    Attributes:
        path: the file.
        byte_count: its size, B.
        contents: what it contains.
        skipped: links, pipes and devices among the data, which are left out.
        removed: earlier backups that were removed.
    """

    path: Path
    byte_count: int
    contents: Contents
    skipped: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()


def back_up(settings: Settings, path: Path, progress: Progress = lambda _: None) -> Backup:
    """Verify the data, write a backup, unpack it, and verify it.

    It replaces an earlier file of its name, but only when it is verified.

    Args:
        settings: the data folder.
        path: the file to write.
        progress: called with the size of each file that was read, B; each is read twice.

    Raises:
        SettingsError: there are no data, or the path is not that of a new file or a backup.
        StorageError: the file cannot be written.
        DataError: the data are damaged; no backup is written.
    """
    check_folder(settings.data_dir, "SPACEX_DATA_DIR", is_written=False)
    _check_target(settings, path)
    if not settings.raw_dir.is_dir() and not settings.database.exists():
        raise SettingsError(
            f"There is nothing to back up in {settings.data_dir}.",
            remedy="Choose another data folder with SPACEX_DATA_DIR.",
        )
    if problems := verify(settings, progress).problems:
        raise _damaged(problems[0].message)
    skipped: list[Path] = []
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as scratch:
            archive = Path(scratch, path.name)
            _write(settings, archive, skipped, progress)
            contents = unpack(archive, Path(scratch, "unpacked"), settings)
            if contents.damage:
                raise _damaged(contents.damage, skipped)
            sync(archive)
            _check_target(settings, path)  # a person may have put a file there meanwhile
            archive.replace(path)
            sync(path.parent)
    except OSError as error:
        if is_full(error):
            raise disk_full(path) from None
        raise StorageError(
            f"No backup is written: {error.filename or path} cannot be read or written "
            f"({error.strerror or error}).",
            remedy="Check the permissions, then try again.",
        ) from None
    return Backup(path, path.stat().st_size, contents, tuple(skipped))


def _check_target(settings: Settings, path: Path) -> None:
    """Check that a backup can be written to a path, and replaces nothing but a backup.

    Raises:
        SettingsError: it cannot.
    """
    if problem := _target_problem(settings, path):
        raise SettingsError(f"{path} cannot be written: {problem}.", "Choose another file.")


def _target_problem(settings: Settings, path: Path) -> str:
    """Say why a backup cannot be written to a path; empty if it can."""
    if path.is_dir():
        return "it is a folder"
    if problem := length_problem(path) or folder_problem(path.parent, is_written=True):
        return problem
    target = Path(os.path.realpath(path))  # Path.resolve raises an error for a link to itself
    folders = [os.path.realpath(settings.data_dir / name) for name in FOLDERS]
    if any(target.is_relative_to(folder) for folder in folders):
        return "it is among the data to back up"
    try:
        if os.path.lexists(path) and not (path.is_file() and is_backup(path)):
            return "there is something else of that name"
    except OSError as error:
        return f"the file of that name cannot be read ({error.strerror})"
    return ""


def back_up_daily(
    settings: Settings, folder: Path, keep: int, progress: Progress = lambda _: None
) -> Backup:
    """Write the backup of today to a folder, and remove those of the earliest days.

    Those of days to come, written while the clock was ahead, neither count nor are removed.

    Args:
        settings: the data folder.
        folder: the folder of backups.
        keep: number of backups to keep; other files, or of other names, are never removed.
        progress: see `back_up`.

    Raises:
        SettingsError, StorageError, DataError: see `back_up`; no backup is removed.
        StorageError: an earlier backup cannot be removed; that of today is written.
    """
    path = folder / f"spacex-{utc_text(utc_now())[:10]}{SUFFIX}"
    backup = back_up(settings, path, progress)
    dated = sorted(each for each in folder.iterdir() if _is_daily(each) and each <= path)
    removed = tuple(dated[:-keep])
    for each in removed:
        try:
            each.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(
                f"The backup {path} is written, but {each.name} cannot be removed "
                f"({error.strerror}).",
                remedy="Check the permissions of the folder: it would fill the disk.",
            ) from None
    return replace(backup, removed=removed)


def _is_daily(path: Path) -> bool:
    """Return whether a file has the name and the content of a daily backup."""
    with suppress(OSError):
        return bool(_DATED.fullmatch(path.name)) and path.is_file() and is_backup(path)
    return False


def _write(settings: Settings, archive: Path, skipped: list[Path], progress: Progress) -> None:
    """Write the archive, without owners and permissions of the files; see `_files`."""
    now = int(utc_now().timestamp())
    with tarfile.open(archive, "w:gz", compresslevel=_COMPRESSION_LEVEL) as tar:
        for name, file, size in _files(settings, skipped):
            member = tarfile.TarInfo(name)
            member.size, member.mtime = size, now
            tar.addfile(member, file)
            progress(size)


def _files(settings: Settings, skipped: list[Path]) -> Iterator[_File]:
    """Yield the files of a backup, in their order, and add to the list what is left out."""
    yield _in_memory(MARKER, msgspec.json.encode(Marker(created_utc=utc_now())))
    yield from _database(settings.database)
    yield from _archive(settings.database)
    parts = (
        _of_runs(settings.runs_dir, skipped),
        _of_drop_in(settings.drop_in_dir, skipped),
        _of_snapshots(settings.raw_dir, skipped),
    )
    for path, content in chain.from_iterable(parts):
        yield _in_memory(path.relative_to(settings.data_dir).as_posix(), content)


def _in_memory(name: str, content: bytes) -> _File:
    return name, io.BytesIO(content), len(content)


def _database(path: Path) -> Iterator[_File]:
    """Yield the published database, which is never changed in place, and its published digest."""
    while path.exists():
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            if not is_recorded(
                path, digest
            ):  # another program has changed it since it was verified
                digest = published_digest(path) or digest
            status = os.fstat(file.fileno())
            if not os.path.samestat(status, path.stat()):  # a run has published another one
                continue
            file.seek(0)
            yield DATABASE, file, status.st_size
        yield _in_memory(f"{DATABASE}.sha256", f"{digest}  {DATABASE}\n".encode())
        return


def _archive(database: Path) -> Iterator[_File]:
    """Yield the files of the archive, which never change; no run removes one within a day."""
    root = archive_root(database)
    for path in sorted((root / FOLDER).glob("elements/*/*.parquet")):
        with suppress(FileNotFoundError), path.open("rb") as file:
            yield path.relative_to(root).as_posix(), file, os.fstat(file.fileno()).st_size


def _entries(folder: Path, skipped: list[Path]) -> list[Path]:
    """Return the files and folders in a folder, by name, and add all else to the list.

    A link may lead to any file of this machine.
    """
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not path.is_symlink() and (path.is_file() or path.is_dir()):
            found.append(path)
        elif os.path.lexists(path):
            skipped.append(path)
    return found


def _of_runs(folder: Path, skipped: list[Path]) -> Iterator[tuple[Path, bytes]]:
    """Yield the files of each run that has ended, unless it is removed in the meantime."""
    for run in _entries(folder, skipped):
        try:
            if not run.is_dir() or (run / DIGESTS).read_bytes() == NO_DIGESTS:
                continue
            kept = [path for path in _entries(run, skipped) if path.is_file()]
            files = [(path, path.read_bytes()) for path in kept if path.name != STAGING]
        except FileNotFoundError:
            continue
        yield from files


def _of_drop_in(folder: Path, skipped: list[Path]) -> Iterator[tuple[Path, bytes]]:
    """Yield the manual files, unless a run moves them in the meantime."""
    for path in _entries(folder, skipped):
        if path.is_dir():
            yield from _of_drop_in(path, skipped)
        else:
            with suppress(FileNotFoundError):
                yield path, path.read_bytes()


def _of_snapshots(folder: Path, skipped: list[Path]) -> Iterator[tuple[Path, bytes]]:
    """Yield the files of the snapshot store as they were at one moment of each folder.

    The head of a chain is read first, and no sidecar without its data, which are stored before it.
    """
    head = folder / HEAD
    if head.is_file() and not head.is_symlink():
        yield head, head.read_bytes()
    stored = {stem(path) for path in folder.glob(SIDECARS)}
    for path in _entries(folder, skipped):
        if path.is_dir():
            yield from _of_snapshots(path, skipped)
        elif path != head and path.suffix not in _OF_THIS_MACHINE:
            is_of_snapshot = path.name.endswith((".meta.json", ".gz"))
            if not is_of_snapshot or stem(path) in stored:
                yield path, path.read_bytes()


def _damaged(problem: str, skipped: Sequence[Path] = ()) -> DataError:
    links = f" A backup follows no links, such as {skipped[0]}." if skipped else ""
    return DataError(
        f"No backup is written, because the data are damaged: {problem}{links}",
        remedy=f"`{command('verify')}` names all damage, and what to do about it.",
    )
