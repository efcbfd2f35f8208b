"""Releases: the data of one run as a folder that can be cited, and checked to the byte.

Two releases of the same database, by the same versions of the software, are equal to the byte.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from spacex.analysis.exports import module_of, origin
from spacex.analysis.exports.data_package import FILE, as_json, described, package_of
from spacex.analysis.exports.exported_table import Export, Resource
from spacex.analysis.queries import run
from spacex.analysis.releases.badge import BADGE, badge
from spacex.analysis.releases.citation import CITATION, citation_file, licences_file
from spacex.analysis.releases.croissant import CROISSANT, croissant
from spacex.analysis.releases.description import LICENCES, Description, ReleasedFile, file_of
from spacex.analysis.releases.release_folder import check_target, unfinished_release
from spacex.analysis.releases.release_manifest import (
    MANIFEST,
    Before,
    BuiltBy,
    BuiltFrom,
    File,
    Manifest,
    release_before,
)
from spacex.analysis.releases.released_database import copy_database
from spacex.analysis.releases.ro_crate import RO_CRATE, ro_crate
from spacex.analysis.withheld import ELEMENT_SETS
from spacex.extract.sealed_json import digest, sealed
from spacex.schema import SCHEMA_VERSION
from spacex.warehouse.connection import reading

_Row = TypeVar("_Row", bound=msgspec.Struct)

_DATABASE = "starlink.db"
_FORMATS = ("csv", "parquet")
_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
_OF_DATABASE = "application/vnd.sqlite3"
_RUNS = f"SELECT {', '.join(BuiltBy.__struct_fields__)} FROM _runs ORDER BY loaded_utc, run_id"
_SNAPSHOTS = f"SELECT DISTINCT {', '.join(BuiltFrom.__struct_fields__)} FROM _snapshots ORDER BY 1"


@dataclass(frozen=True)
class Release:
    """A release that was written.

    Attributes:
        sha256: digest of its manifest, which vouches for all files and for the releases before.
    """

    folder: Path
    manifest: Manifest
    sha256: str


def make_release(database: Path, folder: Path, after: Path | None = None) -> Release:
    """Write a release of the database: all of it, or nothing.

    Args:
        database: the published database.
        folder: the folder to write; it is missing or empty.
        after: the folder of the release before; None: the newest one beside, of an earlier run.

    Raises:
        SettingsError: the folder is not empty, pyarrow is not installed, or there is no release of
            an earlier run in `after`.
        DatabaseError: the database is missing, unreadable, or not the one that was published.
        DataError: a value is not of its declared type, or the manifest of a release is damaged.
        StorageError: a file cannot be written.
    """
    for form in _FORMATS:
        module_of(form)  # its packages are installed
    check_target(folder)
    release_before(folder, after, run(database)["loaded_utc"])  # before the work
    with unfinished_release(folder) as unfinished:
        copy = unfinished / _DATABASE
        left_out, files = copy_database(database, copy, folder / _DATABASE)
        about = origin(copy)
        before = release_before(folder, after, about["loaded_utc"])
        with reading(copy) as connection:
            export = Export(
                connection,
                folder,
                unfinished,
                about,
                is_sorted=True,
                archive=files,
                archive_of=database,
                withheld=ELEMENT_SETS.condition,
            )
            manifest = _write(export, Description(about, left_out), before)
            content = sealed(manifest)
            with export.writing(MANIFEST) as file:
                file.write_bytes(content)
    return Release(folder, manifest, digest(content))


def _write(export: Export, release: Description, before: Before | None) -> Manifest:
    """Write all files but the manifest, which is returned."""
    connection = export.connection
    snapshots = tuple(_structs(connection, _SNAPSHOTS, BuiltFrom))
    resources, data = zip(*_data(export), strict=True)
    release = replace(release, data=data, snapshot_count=len(snapshots))
    others = [
        _describing(export, FILE, as_json(_package(release, resources))),
        _describing(export, CITATION, citation_file(release)),
        _describing(export, LICENCES, licences_file(release)),
        _describing(export, CROISSANT, as_json(croissant(release))),
        _describing(export, BADGE, _badge(export)),
        ReleasedFile(File(path=MANIFEST, byte_count=0, sha256=""), *_DESCRIBING[MANIFEST]),
    ]
    crate = as_json(ro_crate(release, others))
    written = [*data, *others[:-1], _describing(export, RO_CRATE, crate)]
    return Manifest(
        run_id=export.about["run_id"],
        loaded_utc=export.about["loaded_utc"],
        is_simulated=export.about["is_simulated"],
        schema_version=SCHEMA_VERSION,
        software_version=export.about["software_version"],
        before=before,
        left_out=release.left_out,
        runs=tuple(_structs(connection, _RUNS, BuiltBy)),
        snapshots=snapshots,
        files=tuple(sorted((each.file for each in written), key=lambda file: file.path)),
    )


_DESCRIBING = {
    FILE: ("application/json", "The tables: columns, units and limits (Frictionless Data Package)"),
    CITATION: ("application/yaml", "How to cite the release (Citation File Format)"),
    LICENCES: ("text/markdown", "Terms and credit by source, and what is left out"),
    CROISSANT: ("application/ld+json", "The tables and files (Croissant)"),
    BADGE: ("image/svg+xml", "A badge with the date of the release"),
    RO_CRATE: ("application/ld+json", "The files, sources and run (RO-Crate)"),
    MANIFEST: (
        "application/json",
        "The SHA-256 of every other file, and of the manifest of the release before",
    ),
}
"""Files that describe the data: type, and what they tell."""


def _badge(export: Export) -> bytes:
    """Return the badge of the release: the date of its run."""
    simulated = ", simulated sample" if export.about["is_simulated"] else ""
    return badge("release", f"{export.about['loaded_utc'][:10]}{simulated}").encode()


def _describing(export: Export, name: str, content: bytes) -> ReleasedFile:
    with export.writing(name) as file:
        file.write_bytes(content)
    return ReleasedFile(file_of(export.unfinished, name), *_DESCRIBING[name])


def _data(export: Export) -> Iterator[tuple[dict[str, Any], ReleasedFile]]:
    """Write the tables; yield each file with data, as the package and the others describe it."""
    for form in _FORMATS:
        module = module_of(form)
        (export.unfinished / form).mkdir()
        part = replace(export, folder=export.folder / form, unfinished=export.unfinished / form)
        for resource in module.write(part, module.chosen(())):
            path = f"{form}/{resource.file.name}"
            about = described(resource, form)
            package = about | {"name": f"{resource.name}.{form}", "path": path}
            yield package, _released(package, _TYPES[form], resource)
    resource = Resource(export.unfinished / _DATABASE, _DATABASE, (), {"type": "file"})
    about = described(resource, "sqlite") | {"mediatype": _OF_DATABASE}
    yield about, _released(about, _OF_DATABASE, resource)


def _released(about: dict[str, Any], mediatype: str, resource: Resource) -> ReleasedFile:
    _, _, sha256 = about["hash"].partition(":")
    file = File(path=about["path"], byte_count=about["bytes"], sha256=sha256)
    (table,) = resource.tables or (None,)
    return ReleasedFile(file, mediatype, about["description"], table)


def _package(release: Description, resources: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the content of `datapackage.json`."""
    return {
        "profile": "data-package",
        **package_of(dict(release.origin), resources),
        "title": release.title,
        "description": release.text,
        "version": release.version,
        "licenses": [{"path": LICENCES, "title": "Terms and credit by source"}],
    }


def _structs(connection: sqlite3.Connection, sql: str, kind: type[_Row]) -> Iterator[_Row]:
    names = kind.__struct_fields__
    for values in connection.execute(sql):
        yield kind(**dict(zip(names, values, strict=True)))
