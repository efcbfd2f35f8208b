"""Restore the data folder from a backup: unpack and verify it, then put it in place.

What was in place is kept in a folder beside it.
"""

import errno
import gzip
import io
import stat
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import msgspec

from spacex import __version__
from spacex.errors import DataError
from spacex.files import check_folder, check_free, write_error
from spacex.pipeline.staged_restore import DATABASE, FOLDERS, put_staged, sole_restore
from spacex.pipeline.verify import Remark, verify
from spacex.schema import SCHEMA_VERSION
from spacex.settings import Settings
from spacex.units import counted, utc_text
from spacex.warehouse.connection import connect_readonly, translate_errors

MARKER = "backup.json"
"""The first file of a backup, a `Marker`."""

_UNREADABLE = (
    tarfile.TarError,
    gzip.BadGzipFile,
    zlib.error,
    EOFError,
    ValueError,
    OverflowError,
    RecursionError,
)
_OF_NAMES = {errno.ENAMETOOLONG, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.EILSEQ}
"""Errors of files that cannot be made because of their names in the archive."""

_BLOCK = 2**20
_HEAD = 2**16
"""Bytes in which the marker of a backup ends, compressed or not; it has a few hundred."""
_IN_GZIP = 16
"""What zlib wants added to the size of its window for data in gzip."""
_LARGEST_RATIO = 1032
"""Largest ratio of the sizes of content and compressed content that gzip reaches."""
_UPDATE = "Nothing was changed. Update the software first."
_ROOM = 100_000_000
"""Bytes that a restore leaves free."""


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says about itself.

    Attributes:
        created_utc: when it was begun.
        software_version: the release that wrote it.
        schema_version: the schema of that release.
    """

    created_utc: datetime
    software_version: str = __version__
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True)
class Contents:
    """What a backup contains.

    Attributes:
        marker: when and by which release it was written.
        summary: the number of databases, runs and snapshots in words.
        damage: the first problem that the verification found, and the number of others; empty if
            it is intact.
        notes: what is notable about the database, such as an earlier schema.
    """

    marker: Marker
    summary: str
    damage: str
    notes: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Restored:
    """A restored data folder.

    Attributes:
        contents: what was restored.
        replaced: the folder with what was in place before; None if there was nothing.
    """

    contents: Contents
    replaced: Path | None


def is_backup(path: Path) -> bool:
    """Return whether a file starts as a backup does, with its marker; the rest may be damaged.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(_HEAD)
    try:
        head = zlib.decompressobj(zlib.MAX_WBITS | _IN_GZIP).decompress(start, _HEAD)
        with tarfile.open(fileobj=io.BytesIO(head), mode="r:") as tar:
            first = tar.next()
            if not (first and first.name == MARKER and (content := tar.extractfile(first))):
                return False
            msgspec.json.decode(content.read(_HEAD), type=Marker)
    except (*_UNREADABLE, msgspec.MsgspecError):
        return False
    return True


def restore(settings: Settings, archive: Path) -> Restored:
    """Put the data of a backup in place of those in the data folder, which are kept beside them.

    Args:
        settings: the data folder.
        archive: the backup.

    Raises:
        SettingsError: the data folder cannot be used.
        StorageError: the disk has not enough space, or a file cannot be written.
        DataError: the file is not a backup, is damaged, or is of a newer release. Nothing is
            changed.
        DatabaseError: a run, a restore or another program is changing the data. Nothing is changed.
    """
    data = settings.data_dir
    check_folder(data, "SPACEX_DATA_DIR")
    _open(archive).close()
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(data, error) from None
    with sole_restore(settings):
        contents = unpack(archive, settings.restore_dir, settings)
        if contents.damage:
            raise DataError(
                f"The backup {archive} is damaged: {contents.damage}",
                remedy="Nothing was changed. Restore an earlier backup.",
            )
        _refuse_newer(archive, settings.restore_dir / DATABASE)
        return Restored(contents, put_staged(settings))


def _refuse_newer(archive: Path, database: Path) -> None:
    """Refuse the database of a newer release; the next run rebuilds that of an earlier one.

    Raises:
        DataError: the database is of a newer release.
    """
    if not database.exists():
        return
    with translate_errors(database), closing(connect_readonly(database)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise DataError(
            f"The database in {archive} has schema version {version}, that of a newer release; "
            f"this release needs version {SCHEMA_VERSION}.",
            remedy=_UPDATE,
        )


def unpack(archive: Path, folder: Path, settings: Settings) -> Contents:
    """Unpack a backup into a new folder, and verify the data in it.

    Args:
        archive: the backup.
        folder: the folder, which is made.
        settings: those to verify with, but for the data folder.

    Raises:
        StorageError: the disk has not enough space.
        DataError: the file is not a backup, is damaged, or is of a newer release.
        OSError: a file cannot be written.
    """
    marker, byte_count = _read(archive)
    folder.mkdir(parents=True)
    remedy = "Free some space, then try again."
    check_free(folder.parent, byte_count + _ROOM, "unpacking the backup", remedy)
    with _opened(archive) as tar:
        tar.extractall(folder, filter="data")
    for name in FOLDERS:  # an archive names no empty folder
        (folder / name).mkdir(exist_ok=True)
    found = verify(settings.model_copy(update={"data_dir": folder}))
    problems = found.problems
    more = f" ({counted(len(problems) - 1, 'more problem')})" if len(problems) > 1 else ""
    counts = [
        counted(part.count, part.name.removesuffix("s")) for part in found.parts if part.count
    ]
    if not counts:
        raise _unusable(archive, "there are no data in it")
    damage = f"{problems[0].message}{more}" if problems else ""
    return Contents(marker, ", ".join(counts), damage, tuple(found.parts[0].notes))


def _read(archive: Path) -> tuple[Marker, int]:
    """Read a backup to its end, with its checksum.

    Returns:
        What it says about itself, and the size of what it contains, B.

    Raises:
        DataError: it is not a backup, is damaged, or is of a newer release.
    """
    marker, byte_count = None, 0
    with _opened(archive) as tar:
        for member in tar:
            if not (member.isreg() and _is_expected(PurePosixPath(member.name))):
                raise _unusable(archive, f"{member.name!r} is in it")
            if member.name == MARKER and (file := tar.extractfile(member)):
                marker = msgspec.json.decode(file.read(_BLOCK), type=Marker)
                utc_text(marker.created_utc)  # there is no such text of some instants
            byte_count += member.size
            if byte_count > _LARGEST_RATIO * archive.stat().st_size:  # to skip it takes hours
                raise _unusable(archive, f"{member.name!r} is larger than the archive can hold")
    if marker is None:
        raise _unusable(archive, f"{MARKER} is missing")
    if marker.schema_version > SCHEMA_VERSION:
        raise DataError(
            f"The backup {archive} was written by release {marker.software_version!r}, which is "
            f"newer than this one, {__version__}.",
            remedy=_UPDATE,
        )
    return marker, byte_count


def _is_expected(path: PurePosixPath) -> bool:
    """Return whether a backup may contain a file of this path."""
    if len(path.parts) == 1:
        return path.name in {MARKER, DATABASE, f"{DATABASE}.sha256"}
    return path.parts[:1] in {(name,) for name in FOLDERS} and ".." not in path.parts


@contextmanager
def _opened(archive: Path) -> Iterator[tarfile.TarFile]:
    """Open a backup to be read once; at the end of the block, check that it is complete.

    Raises:
        DataError: it cannot be read.
    """
    file = _open(archive)
    try:
        with (
            file,
            gzip.open(file) as stream,
            tarfile.open(fileobj=stream, mode="r|") as tar,
        ):
            yield tar
            while stream.read(_BLOCK):  # the checksum is behind the last file
                pass
    except (*_UNREADABLE, msgspec.MsgspecError) as why:
        raise _unusable(archive, str(why)) from None
    except OSError as error:
        if error.errno not in _OF_NAMES:
            raise
        raise _unusable(archive, f"a name in it is impossible ({error.strerror})") from None


def _open(archive: Path) -> BinaryIO:
    """Open the file of a backup.

    Raises:
        DataError: it does not exist, is no regular file, or cannot be read.
    """
    try:
        if not stat.S_ISREG(archive.stat().st_mode):
            raise _unusable(archive, "it is no regular file")
        return archive.open("rb")
    except FileNotFoundError:
        raise DataError(f"There is no file {archive}.", "Name a backup.") from None
    except OSError as error:
        raise DataError(
            f"{archive} cannot be read ({error.strerror}).", "Name a backup that you may read."
        ) from None


def _unusable(archive: Path, reason: str) -> DataError:
    return DataError(
        f"{archive} is not a backup, or is damaged: {reason.rstrip('.')}.",
        remedy="Nothing was changed. Restore another backup.",
    )
