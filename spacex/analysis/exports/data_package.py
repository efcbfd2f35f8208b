"""The description of exported files, `datapackage.json`: columns, units, origin and digests.

The format is that of Frictionless Data (https://datapackage.org), which pandas, R and QGIS read.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence, Set
from pathlib import Path
from typing import Any

from spacex.analysis.exports.exported_table import Export, Resource, Table
from spacex.errors import SettingsError
from spacex.schema import Column, Kind
from spacex.units import counted

_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.URL: {"type": "string"},
    Kind.DATE: {"type": "date"},
    Kind.UTC: {"type": "datetime"},
    Kind.EPOCH: {"type": "datetime", "format": "any"},
    Kind.INTEGER: {"type": "integer"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.REAL: {"type": "number"},
}
FILE = "datapackage.json"
NAME = "spacex-insights"
TITLE = "Launches, boosters and satellites of SpaceX"
_FLAGS_OF_CSV = {"trueValues": ["1"], "falseValues": ["0"]}


def require_own_folder(folder: Path, files: Set[str]) -> None:
    """Check that an export replaces no files but those of an export of the same files or fewer.

    Args:
        folder: the folder.
        files: the names of the files to write.

    Raises:
        SettingsError: the folder has files of another program, or those of an export of others.
    """
    path = folder / FILE
    if not path.exists():
        if found := sorted(each for each in files if os.path.lexists(folder / each)):
            raise SettingsError(
                f"{folder / found[0]} is not of an earlier export.",
                "Choose another folder, or remove the file.",
            )
        return
    try:
        package = json.loads(path.read_bytes())
        described = (
            {each["path"] for each in package["resources"]} if package["name"] == NAME else ()
        )
    except (OSError, ValueError, KeyError, TypeError):
        described = ()
    if not described:
        raise SettingsError(f"{path} is not of an earlier export.", "Choose another folder.")
    others = sorted(each for each in described - files if (folder / each).is_file())
    if others:
        listed = ", ".join(others[:3]) + (", …" if len(others) > 3 else "")
        raise SettingsError(
            f"{folder} has {counted(len(others), 'file')} of another export: {listed}",
            "Choose another folder, or remove them.",
        )


def write_description(export: Export, resources: Sequence[Resource], form: str) -> str:
    """Write the description of files; return its name.

    Args:
        export: what was exported.
        resources: the files.
        form: their format.

    Raises:
        StorageError: it cannot be written.
    """
    profile = "tabular-data-package" if form == "csv" else "data-package"
    package = {
        "profile": profile,
        **package_of(export.about, [described(each, form) for each in resources]),
    }
    with export.writing(FILE) as file:
        file.write_bytes(as_json(package))
    return FILE


def package_of(about: dict[str, Any], resources: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the description of files without its profile, given those of each."""
    return {
        "name": NAME,
        "title": TITLE,
        "description": about["note"] or "Written by SpaceX Insights.",
        "created": about["loaded_utc"],
        "sources": [{"title": each} for each in about["credits"]],
        "provenance": about,
        "resources": [*resources],
    }


def as_json(content: dict[str, Any]) -> bytes:
    """Return the content of a file of JSON."""
    return json.dumps(content, indent=1, ensure_ascii=False).encode()


def described(resource: Resource, form: str) -> dict[str, Any]:
    """Return the description of a file in a format."""
    with resource.file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return {
        "profile": "data-resource",
        "name": resource.name,
        "path": resource.file.name,
        "format": form,
        **resource.about,
        "bytes": resource.file.stat().st_size,
        "hash": f"sha256:{digest}",
        **_content(resource, form),
    }


def _content(resource: Resource, form: str) -> dict[str, Any]:
    """Return the description of the tables in a file. Only those of one table have a schema."""
    tables = [
        {"name": each.name, "description": each.description, "schema": _schema(each, form)}
        for each in resource.tables
    ]
    if form == "sqlite":
        return {"description": "All tables and views in one database of SQLite."}
    if form == "duckdb":
        return {"description": "All tables in one database of DuckDB.", "tables": tables}
    (table,) = tables
    if form == "geojson":
        return {"description": table["description"], "tables": tables}
    return {"description": table["description"], "schema": table["schema"]}


def _schema(table: Table, form: str) -> dict[str, Any]:
    key = {"primaryKey": [*table.key]} if table.key else {}
    return {"fields": [field(column, form) for column in table.columns], **key}


def field(column: Column, form: str) -> dict[str, Any]:
    """Return the description of a column in a format: type, meaning, unit and limits."""
    is_number = form == "csv" and column.kind is Kind.BOOLEAN
    unit = {"unit": column.unit} if column.unit else {}
    return {
        "name": column.name,
        "description": column.description,
        **_TYPES[column.kind],
        **(_FLAGS_OF_CSV if is_number else {}),
        **unit,
        **dict(_constraints(column)),
    }


def _constraints(column: Column) -> Iterator[tuple[str, dict[str, Any]]]:
    limits = {"minimum": column.minimum, "maximum": column.maximum}
    found: dict[str, Any] = {name: limit for name, limit in limits.items() if limit is not None}
    if column.required:
        found["required"] = True
    if column.values:
        found["enum"] = [*column.values]
    if found:
        yield "constraints", found
