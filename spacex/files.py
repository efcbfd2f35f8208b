"""Files that are there whole or not at all."""

import os
import tempfile
from pathlib import Path

from spacex.errors import StorageError


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file, and the folders above it where they are missing.

    A reader sees the old file or the new one, whole, whatever ends this process.

    Raises:
        StorageError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
            unfinished = Path(file.name)
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                unfinished.chmod(0o644)
                unfinished.replace(path)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise write_error(path, error) from None


def write_error(path: Path, error: OSError) -> StorageError:
    """The error that says why a file cannot be written, and what to do."""
    return StorageError(
        f"{path} cannot be written ({error.strerror or error}).",
        remedy="Check the disk and the folder's permissions with `spacex doctor`.",
    )
