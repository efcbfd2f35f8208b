"""The folder of an edition: only its own files are written and removed, and only what changed."""

from pathlib import Path, PurePosixPath

import msgspec

from spacex.errors import StorageError
from spacex.files import remove_unfinished, unfinished, write_atomically

MANIFEST = "edition.json"
"""The file that names the others."""

_FORMAT = 1


class Manifest(msgspec.Struct):
    """What an edition is of, and its files.

    Attributes:
        run_id: the run.
        date_utc: the instant of which its figures are.
        files: their paths below the folder. While an edition is written, those of the one before
            are among them, so that the next one removes what is gone even if this one is killed.
        format: the version of this description.
    """

    run_id: str
    date_utc: str
    files: list[str]
    format: int = _FORMAT


class EditionFolder:
    """The folder of an edition while it is written.

    Args:
        path: the folder, which is missing, empty, or has an edition.
        run_id: the run that the edition is of.
        date_utc: the instant of which its figures are.

    Raises:
        StorageError: the folder has other files and no edition, or cannot be written.
    """

    def __init__(self, path: Path, run_id: str, date_utc: str) -> None:
        self.path = path
        self._before = _files_before(path)
        self._named = set(self._before)
        self._about = (run_id, date_utc)
        self.files: set[str] = set()
        self.written = 0
        """The number of files that were written, because they are new or have changed."""

    def announce(self, names: list[str]) -> None:
        """Name files in the manifest before they are written, so that none is ever unknown."""
        self._named |= set(names)
        self._write_manifest(self._named)

    def write(self, name: str, content: bytes | str) -> None:
        """Write a file unless it has this content already.

        Args:
            name: its path below the folder.
            content: its content; text is UTF-8.
        """
        content = content.encode() if isinstance(content, str) else content
        path = self._place(name)
        self.files.add(name)
        if name not in self._named:
            self.announce([name])
        if not _has(path, content):
            write_atomically(path, content)
            self.written += 1

    def finish(self) -> int:
        """Remove the files of the former edition that are gone; return their number."""
        gone = self._named - self.files
        for name in sorted(gone):
            path = self._place(name)
            path.unlink(missing_ok=True)
            _remove_empty(path.parent, self.path)
        self._remove_unfinished()
        self._write_manifest(self.files)
        return len(gone)

    def _remove_unfinished(self) -> None:
        """Remove what a killed process left of files of this edition."""
        for folder in {self._place(each).parent for each in self.files}:
            for path in unfinished(folder):
                name = path.relative_to(self.path).as_posix()
                if name[: -len(".12345678.tmp")] in self.files:
                    path.unlink(missing_ok=True)

    def _place(self, name: str) -> Path:
        """Return the path of a file; a manifest that someone changed names none outside."""
        if not _is_inside(name):
            raise StorageError(f"{name!r} is no file of an edition.")
        return self.path / name

    def _write_manifest(self, names: set[str]) -> None:
        run_id, date_utc = self._about
        found = msgspec.json.encode(Manifest(run_id, date_utc, sorted(names)))
        content = msgspec.json.format(found) + b"\n"
        if not _has(self.path / MANIFEST, content):
            write_atomically(self.path / MANIFEST, content)


def _files_before(folder: Path) -> list[str]:
    """Return the files of the edition in a folder; none if there is no folder, or it is empty."""
    path = folder / MANIFEST
    try:
        if path.is_file():
            found = msgspec.json.decode(path.read_bytes(), type=Manifest)
            return [each for each in found.files if _is_inside(each)]
        remove_unfinished(folder, MANIFEST)
        if folder.is_dir() and not any(folder.iterdir()):
            return []
        if not folder.exists():
            return []
    except (OSError, msgspec.MsgspecError) as error:
        raise StorageError(
            f"{path} cannot be read: {error}", remedy="Choose another folder, or empty this one."
        ) from None
    raise StorageError(
        f"{folder} has files, but no edition ({MANIFEST}), so nothing was written.",
        remedy="Choose a new or an empty folder: an edition replaces and removes files.",
    )


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and name != MANIFEST


def _has(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _remove_empty(folder: Path, top: Path) -> None:
    """Remove folders that have become empty."""
    while folder != top:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
