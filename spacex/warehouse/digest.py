"""The digest of the published database, stored beside it in the format of `sha256sum`.

A publish writes the new digest to `<database>.sha256.new`, renames the database, and then renames
the digest. If it is killed in between, the database matches one of the two files; the next publish
removes the other.

A database that differs from its digest was changed by another program, or damaged. SQLite's change
counter tells which: it is the same in every published database, and each program that writes
through SQLite raises it.

Comparing them reads the whole file. When a database is found undamaged, the file of the digest gets
its modification time: equal times mean that no program has written to it since.
"""

import errno
import hashlib
import os
from contextlib import suppress
from pathlib import Path

from spacex.files import NOT_A_FILE, remove_unfinished, sync, write_atomically

_COUNTERS = (24, 92)
"""Offsets of the change counter, and of its copy that confirms the header, in the file."""

_PUBLISHED = (1).to_bytes(4)
"""The change counter of a published database."""

_LENGTH = len(hashlib.sha256().hexdigest())


def published_digest(path: Path) -> str | None:
    """Return the SHA-256 recorded when a database was published; None if none was recorded.

    Earlier releases recorded none.
    """
    lines = _recorded(path)
    return lines[0][:_LENGTH].decode("ascii", "replace") if lines else None


def check_digest(path: Path) -> str:
    """Compare a published database with its digest.

    Returns:
        What is wrong, as a sentence; empty if they match, or if no digest was recorded.
    """
    while True:
        inode = path.stat().st_ino
        line = _line(path, sha256(path))
        recorded = _recorded(path)
        if path.stat().st_ino == inode:  # it was not replaced in the meantime
            break
    if not recorded or line in recorded:
        return ""
    _, file = digest_files(path)
    return f"The database {path} does not match its digest in {file.name}."


def is_recorded(path: Path, digest: str) -> bool:
    """Return whether this digest was recorded for a database."""
    return _line(path, digest) in _recorded(path)


def is_damaged(path: Path) -> bool:
    """Return whether a published database was changed, but not through SQLite."""
    return is_unwritten(path) and bool(check_digest(path))


def differs(path: Path, digest: str) -> bool:
    """Return whether a database was damaged, given the digest of its content.

    That is what `is_damaged` returns, without another reading.
    """
    recorded = _recorded(path)
    return bool(recorded) and _line(path, digest) not in recorded and is_unwritten(path)


def is_unwritten(path: Path) -> bool:
    """Return whether no program has written to a published database through SQLite."""
    with path.open("rb") as file:
        header = file.read(100)
    return header[_COUNTERS[0] :].startswith(_PUBLISHED)


def reset_change_counter(path: Path) -> None:
    """Give a database that is to be published the change counter of all published ones."""
    with path.open("r+b") as file:
        for offset in _COUNTERS:
            file.seek(offset)
            file.write(_PUBLISHED)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def announce_digest(path: Path, digest: str) -> None:
    """Write the digest of a database that is about to be renamed to this path, durably.

    Raises:
        StorageError: it cannot be written.
    """
    new, _ = digest_files(path)
    write_atomically(new, _line(path, digest))
    sync(path.parent)


def confirm_digest(path: Path) -> None:
    """Make the announced digest that of the published database."""
    new, file = digest_files(path)
    new.replace(file)
    record_check(path, path.stat().st_mtime_ns)


def record_check(path: Path, modified_ns: int) -> None:
    """Record that a database was found undamaged.

    Args:
        path: the published database.
        modified_ns: its modification time before it was checked, ns.
    """
    _, file = digest_files(path)
    with suppress(OSError):  # there is none, or it is of another user
        os.utime(file, ns=(modified_ns, modified_ns))


def is_checked(path: Path) -> bool:
    """Return whether a database was found undamaged, and no program has written to it since."""
    new, file = digest_files(path)
    try:
        return file.stat().st_mtime_ns == path.stat().st_mtime_ns and not new.exists()
    except FileNotFoundError:
        return False


def forget_check(path: Path) -> None:
    """Have the next run check a database again."""
    _, file = digest_files(path)
    with suppress(OSError):
        os.utime(file)


def settle_digest(path: Path) -> None:
    """Confirm the digest that a killed publish has announced, or remove it, whole or unfinished."""
    new, _ = digest_files(path)
    remove_unfinished(new.parent, new.name)
    if new.is_file() and path.exists() and new.read_bytes() == _line(path, sha256(path)):
        confirm_digest(path)
    else:
        new.unlink(missing_ok=True)


def remove_digest(path: Path) -> None:
    """Remove the digest of a database that was removed."""
    for file in digest_files(path):
        file.unlink(missing_ok=True)


def _recorded(path: Path) -> list[bytes]:
    """Return the lines of the announced and the confirmed digest, as far as they exist."""
    lines = []
    for file in digest_files(path):
        with suppress(FileNotFoundError):
            if not file.is_file() and file.exists():  # to read a pipe would wait for its writer
                raise OSError(errno.EINVAL, NOT_A_FILE, str(file))
            lines.append(file.read_bytes())
    return lines


def digest_files(path: Path) -> tuple[Path, Path]:
    """Return the announced and the confirmed digest's file, in the order in which to read them."""
    return path.with_name(f"{path.name}.sha256.new"), path.with_name(f"{path.name}.sha256")


def _line(path: Path, digest: str) -> bytes:
    return f"{digest}  {path.name}\n".encode()
