"""Tables and views as files for other programs, with a description of their columns and origin."""

import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from spacex import __version__
from spacex.analysis.api.provenance import provenance
from spacex.analysis.exports.data_package import require_own_folder, write_description
from spacex.analysis.exports.exported_table import Export, Resource
from spacex.errors import SettingsError
from spacex.files import fingerprint, write_error
from spacex.settings import CONTAINER
from spacex.sources import credits_of
from spacex.warehouse.archive.files import named_files
from spacex.warehouse.connection import reading

NEEDS = {
    "csv": (),
    "parquet": ("pyarrow>=21",),
    "geojson": (),
    "duckdb": ("duckdb>=1.4", "pyarrow>=21"),
}
"""Format → the packages that it needs, which are those of the extra `export` in pyproject.toml."""


class Format(Protocol):
    """The module of a format, `spacex.analysis.exports.<format>_files`."""

    def chosen(self, names: Sequence[str]) -> list[str]:
        """Return the tables and views to write; all that have data for the format if empty."""

    def file_name(self, name: str) -> str:
        """Return the name of the file that has a table or view."""

    def write(self, export: Export, names: Sequence[str]) -> Iterator[Resource]:
        """Write tables and views."""


def export_tables(
    database: Path, folder: Path, names: Sequence[str] = (), form: str = "csv"
) -> list[Path]:
    """Write tables and views, and their description `datapackage.json`; replace files of their own.

    All files are of one version of the database, even if a run replaces it meanwhile. If one cannot
    be written, the folder stays as it was.

    Args:
        database: the database.
        folder: the folder; it is created if it is missing. It may have an earlier export of the
            same files or fewer, which are replaced.
        names: the tables and views; all data if empty, without the records of the pipeline.
        form: csv, parquet, geojson or duckdb.

    Returns:
        The files, that of the description last.

    Raises:
        QueryError: there is no such table or view.
        DataError: the format cannot hold a table.
        DatabaseError: the database is missing or unreadable.
        SettingsError: a package that the format needs is not installed, or the folder has other
            files that a `datapackage.json` describes.
        StorageError: a file cannot be written.
    """
    module = module_of(form)
    chosen = [*dict.fromkeys(module.chosen(names))]
    require_own_folder(folder, {module.file_name(name) for name in chosen})
    with _one_version(database, folder) as export:
        resources = [*module.write(export, chosen)]
        description = write_description(export, resources, form)
        return export.finish([*(each.file.name for each in resources), description])


def module_of(form: str) -> Format:
    """Return the module of a format.

    Raises:
        SettingsError: there is no such format, or a package that it needs is not installed.
    """
    if form not in NEEDS:
        raise SettingsError(f"There is no format {form!r}.", f"Choose from: {', '.join(NEEDS)}.")
    try:
        return importlib.import_module(f"spacex.analysis.exports.{form}_files")
    except ModuleNotFoundError as error:
        packages = " ".join(f"'{each}'" for each in NEEDS[form])
        raise SettingsError(
            f"The format {form} needs the package {error.name}, which is not installed.",
            "The containers lack it: export CSV or GeoJSON, or install the project outside them."
            if os.environ.get(CONTAINER)
            else f"Install it: {sys.executable} -m pip install {packages}",
        ) from None


def origin(database: Path) -> dict[str, Any]:
    """Return what files say about the origin of their data.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    about: dict[str, Any] = provenance(database) | {"software_version": __version__}
    del about["database"]  # a path of this machine
    return about | {"credits": credits_of(about["sources"])}


@contextmanager
def _one_version(database: Path, folder: Path) -> Iterator[Export]:
    """Open a version of the database, with what is known of its origin."""
    while True:
        version = fingerprint(database)
        with reading(database) as connection:
            about = origin(database)
            if fingerprint(database) == version:
                with _unfinished(folder) as unfinished:
                    files = tuple(named_files(connection))
                    yield Export(
                        connection, folder, unfinished, about, archive=files, archive_of=database
                    )
                return


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """Yield a new folder inside a folder, and remove it.

    Raises:
        StorageError: it cannot be created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = TemporaryDirectory(prefix=".unfinished-", dir=folder)
    except OSError as error:
        raise write_error(folder, error) from None
    with unfinished as path:
        yield Path(path)
