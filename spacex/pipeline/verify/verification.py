"""What a verification has read, and what it found."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from spacex.files import CHECK_DISK, MOVE_AWAY, NOT_A_FILE, read_file

Progress = Callable[[int], object]
"""Called after each file with its size, B."""


@dataclass(frozen=True)
class Remark:
    """A problem, or a note on something that is not damage.

    Attributes:
        file: the file or folder, relative to the data folder.
        message: what is wrong with it, as a sentence.
        remedy: what to do next; empty if nothing.
    """

    file: str
    message: str
    remedy: str = ""


@dataclass
class Part:
    """A part of the data folder, such as its snapshots.

    Attributes:
        name: the part, in the plural.
        folder: the data folder.
        count: number of things checked.
        byte_count: size of the files read, B.
        problems: file → its first problem.
        notes: what is not damage.
    """

    name: str
    folder: Path
    progress: Progress
    count: int = 0
    byte_count: int = 0
    problems: dict[str, Remark] = field(default_factory=dict)
    notes: list[Remark] = field(default_factory=list)

    def entries(self, folder: Path) -> list[Path]:
        """Return what is in a folder, by name; nothing if it is missing or cannot be read."""
        try:
            return sorted(folder.iterdir())
        except FileNotFoundError:
            if folder.is_symlink():
                self.damage(folder, "is a link to a missing folder", CHECK_DISK)
            return []
        except OSError as error:
            self.damage(folder, f"cannot be read ({error.strerror})", CHECK_DISK)
            return []

    def folders(self, folder: Path) -> list[Path]:
        """Return the folders in a folder, by name; one that cannot be read is a problem."""
        return [path for path in self.entries(folder) if self._is_folder(path)]

    def _is_folder(self, path: Path) -> bool:
        try:
            return stat.S_ISDIR(path.stat().st_mode)
        except PermissionError as error:
            self.damage(path, f"cannot be read ({error.strerror})", CHECK_DISK)
        except (OSError, ValueError):  # it is gone, or a link to nothing
            pass
        return False

    def read(self, path: Path, remedy: str, *, is_needed: bool = True) -> bytes | None:
        """Return the content of a file; None if it cannot be read, which is a problem.

        Args:
            path: the file.
            remedy: what to do if it is missing.
            is_needed: whether it is a problem if it is missing.
        """
        try:
            if path.exists() and not path.is_file():
                self.damage(path, f"is {NOT_A_FILE}", MOVE_AWAY)
                return None
            content = read_file(path)
        except (FileNotFoundError, NotADirectoryError):
            if is_needed:
                self.damage(path, "is missing", remedy)
        except OSError as error:
            self.damage(path, f"cannot be read ({error.strerror})", CHECK_DISK)
        else:
            self.add_bytes(len(content))
            return content
        return None

    def add_bytes(self, count: int) -> None:
        """Count bytes that were read."""
        self.byte_count += count
        self.progress(count)

    def damage(self, path: Path, problem: str, remedy: str) -> None:
        """Add a problem with a file, unless it has one.

        Args:
            path: the file.
            problem: what is wrong, to follow the name of the file.
            remedy: what to do next.
        """
        remark = self._remark(path, problem, remedy)
        self.problems.setdefault(remark.file, remark)

    def has_problem(self, path: Path) -> bool:
        """Return whether a problem with a file was found."""
        return self.name_of(path) in self.problems

    @staticmethod
    def is_gone(folder: Path) -> bool:
        """Return whether a folder does not exist any more."""
        return not os.path.lexists(folder)

    def forget(self, folder: Path) -> None:
        """Drop what was found in a folder that another process has removed."""
        start = f"{self.name_of(folder)}/"
        self.problems = {n: each for n, each in self.problems.items() if not n.startswith(start)}

    def note(self, path: Path, text: str, remedy: str = "") -> None:
        """Add a note on a file.

        Args:
            path: the file or folder.
            text: what is notable, to follow its name.
            remedy: what to do next; empty if nothing.
        """
        self.notes.append(self._remark(path, text, remedy))

    def name_of(self, path: Path) -> str:
        """Return a path as messages name it: relative to the data folder, and printable."""
        inside = path.relative_to(self.folder) if path.is_relative_to(self.folder) else path
        return _printable(inside.as_posix())

    def _remark(self, path: Path, text: str, remedy: str) -> Remark:
        name = self.name_of(path)
        return Remark(name, f"{name} {_printable(text)}.", _printable(remedy))


def _printable(text: str) -> str:
    valid = text.encode(errors="replace").decode()
    return "".join(each if each.isprintable() else "?" for each in valid)


@dataclass(frozen=True)
class Verification:
    """The result of a verification.

    Attributes:
        folder: the data folder.
        parts: its parts, in the order of checking.
    """

    folder: Path
    parts: tuple[Part, ...]

    @property
    def problems(self) -> list[Remark]:
        """The problems of all parts."""
        found = [problem for part in self.parts for problem in part.problems.values()]
        return list(dict.fromkeys(found))

    @property
    def notes(self) -> list[Remark]:
        """The notes on all parts."""
        return [note for part in self.parts for note in part.notes]
