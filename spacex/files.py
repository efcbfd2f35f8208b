"""Atomic file writes."""

import os
import tempfile
from pathlib import Path

from spacex.errors import StorageError


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file atomically and create missing parent folders.

    Readers see either the old or the new content, even if this process is killed.

    Raises:
        StorageError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
            temporary = Path(file.name)
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                temporary.chmod(0o644)
                temporary.replace(path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise write_error(path, error) from None


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_error(path: Path, error: OSError) -> StorageError:
    """Return the error that reports a failed write, with its cause and remedy."""
    return StorageError(
        f"{path} cannot be written ({error.strerror or error}).",
        remedy="Check the disk and the folder's permissions with `spacex doctor`.",
    )
