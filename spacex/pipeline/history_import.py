"""Import element sets in bulk: years of Space-Track's gp_history, of TLE, or of another archive.

The files say nothing of which satellites were listed, so that they make no observations and no
changes. Sets are added in batches, each of which is published. A repeated import adds nothing, and
an interrupted one is continued by repeating it.
"""

import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spacex.errors import DatabaseError, ResponseError, SettingsError
from spacex.settings import RUN_COMMAND, Settings
from spacex.units import counted, utc_now
from spacex.warehouse.archive.files import Writer, writer
from spacex.warehouse.archive.importing import add_incoming
from spacex.warehouse.archive.incoming import begin, read_file
from spacex.warehouse.archive.moving import hot_since, require_package
from spacex.warehouse.publish import publishing

BATCH = 3_000_000
"""Sets that are merged and published together."""
OnFile = Callable[[int, int, str], object]
"""Called before each file with its number, the number of files, and its name."""


@dataclass
class Imported:
    """The outcome of an import.

    Attributes:
        records: the element sets in the files.
        added: those that were new.
        rejected: those that lack a value or are out of its limits.
        out_of_scope: those of other satellites.
        problems: a sentence for each file that could not be used.
    """

    records: int = 0
    added: int = 0
    rejected: int = 0
    out_of_scope: int = 0
    problems: list[str] = field(default_factory=list)


def import_history(
    settings: Settings, paths: Sequence[Path], on_file: OnFile = lambda *_: None
) -> Imported:
    """Import files of element sets, and those in folders and ZIP archives.

    Args:
        settings: the folders, and the hot window.
        paths: files and folders.
        on_file: reports progress.

    Raises:
        SettingsError: a path is missing, there is no file, or a package is missing.
        DatabaseError: there is no database, or it is locked.
        StorageError: a file cannot be written.
    """
    require_package("An import of history writes files of the archive")
    if not settings.database.exists():
        raise DatabaseError(
            f"There is no database {settings.database} yet.",
            remedy=f"Run `{RUN_COMMAND}` first: it tells which satellites are Starlinks.",
        )
    files, found = _files(paths), Imported()
    position = 0
    while position < len(files):
        with publishing(settings.database, lock_timeout_s=settings.lock_timeout_s) as connection:
            connection.execute("BEGIN")
            run = f"import-{utc_now():%Y%m%dT%H%M%S}"
            with writer(connection, settings.database, run) as to:
                position = _batch(to, files, position, found, on_file)
                found.added += add_incoming(to, hot_since(connection, settings.hot_days))
            connection.execute("COMMIT")
    return found


def _files(paths: Sequence[Path]) -> list[Path]:
    """Return the files that paths name, those of folders by name."""
    found = list[Path]()
    for path in paths:
        if not path.exists():
            raise SettingsError(f"There is no {path}.", remedy="Name files or folders.")
        inside = (each for each in sorted(path.rglob("*")) if each.is_file())
        found += inside if path.is_dir() else [path]
    if not found:
        raise SettingsError("There is no file in the folder.", remedy="Name files or folders.")
    return found


def _batch(
    to: Writer, files: Sequence[Path], position: int, found: Imported, on_file: OnFile
) -> int:
    """Read files until there are enough sets; return the position of the next one.

    Args:
        to: the archive.
        files: all files.
        position: that of the first one to read.
        found: the outcome so far, which is updated.
        on_file: reports progress.
    """
    begin(to)
    taken = 0
    while position < len(files) and taken < BATCH:
        path = files[position]
        position += 1
        on_file(position, len(files), path.name)
        try:
            for each in _unpacked(path):
                outcome = read_file(to, each)
                taken += outcome.taken
                found.records += outcome.records
                found.rejected += outcome.rejected
                found.out_of_scope += outcome.out_of_scope
        except (ResponseError, DatabaseError, OSError, zipfile.BadZipFile) as error:
            found.problems.append(f"{path.name}: {error}")
    return position


def _unpacked(path: Path) -> Iterator[Path]:
    """Yield a file, or the files of a ZIP archive one after the other."""
    if not zipfile.is_zipfile(path):
        yield path
        return
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        for member in archive.infolist():
            if not member.is_dir():
                target = Path(folder, "member")
                with archive.open(member) as packed, target.open("wb") as file:
                    while chunk := packed.read(2**20):
                        file.write(chunk)
                yield target


def summary(found: Imported) -> str:
    """Return the outcome of an import in a sentence."""
    return (
        f"{counted(found.records, 'element set')}: {found.added:,} new, {found.rejected:,} "
        f"rejected, {found.out_of_scope:,} of other satellites; the others were known."
    )
