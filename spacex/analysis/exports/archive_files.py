"""The files of the archive as they are, with their description."""

import os
import shutil
from pathlib import Path
from typing import Any

from spacex.analysis.exports import origin
from spacex.analysis.exports.data_package import FILE, as_json, field, package_of
from spacex.errors import DataError, SettingsError
from spacex.files import write_atomically, write_error
from spacex.schema.starlink import STARLINK_ELEMENTS
from spacex.settings import command
from spacex.units import counted
from spacex.warehouse.archive import archive_root
from spacex.warehouse.archive.engine import STORED
from spacex.warehouse.archive.files import ArchiveFile, named_files
from spacex.warehouse.connection import reading
from spacex.warehouse.digest import sha256


def export_archive(database: Path, folder: Path) -> list[Path]:
    """Copy the files that a database names, and describe them in `datapackage.json`.

    Args:
        database: the published database.
        folder: the folder to write, which is missing or empty.

    Returns:
        The files, that of the description last.

    Raises:
        SettingsError: there is something in the folder, or the archive is empty.
        DataError: a file of the archive is missing or damaged.
        StorageError: a file cannot be written.
    """
    if os.path.lexists(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise SettingsError(f"There is something in {folder}.", "Choose a new folder.")
    with reading(database) as connection:
        files = named_files(connection)
        about = origin(database)
    if not files:
        raise SettingsError(
            "The archive is empty: the database has all element sets.",
            f"Export them with `{command('export', 'DIR starlink_elements')}`.",
        )
    written = [_copied(archive_root(database) / each.path, folder, each) for each in files]
    package = {
        "profile": "data-package",
        **package_of(about, [_described(each, folder) for each in files]),
    }
    write_atomically(folder / FILE, as_json(package))
    return [*written, folder / FILE]


def _copied(path: Path, folder: Path, file: ArchiveFile) -> Path:
    target = folder / file.path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    except FileNotFoundError:
        raise _damaged(path, "missing") from None
    except OSError as error:
        raise write_error(target, error) from None
    if sha256(target) != file.sha256:
        raise _damaged(path, "damaged")
    return target


def _damaged(path: Path, how: str) -> DataError:
    return DataError(f"{path} is {how}.", f"`{command('verify')}` says what to do about it.")


def _described(file: ArchiveFile, folder: Path) -> dict[str, Any]:
    """Return the description of a file: its columns, which are the same in each."""
    fields = [field(column, "parquet") for column in STORED]
    return {
        "profile": "data-resource",
        "type": "file",
        "name": f"elements-{file.month}-{file.sha256[:8]}",
        "path": file.path,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": f"{counted(file.row_count, 'element set')} of {file.month}",
        "bytes": (folder / file.path).stat().st_size,
        "hash": f"sha256:{file.sha256}",
        "schema": {"fields": fields, "primaryKey": [*STARLINK_ELEMENTS.key]},
    }
