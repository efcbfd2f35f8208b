"""Tables and views as a data package: CSV files, and `datapackage.json` that describes them.

The format is that of Frictionless Data (https://datapackage.org), which pandas, R and QGIS read.
"""

import csv
import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from spacex import __version__
from spacex.analysis.api.provenance import provenance
from spacex.errors import QueryError
from spacex.files import write_atomically, write_error
from spacex.schema import CONTENT_TABLES, TABLES, Column, Kind
from spacex.schema.view_columns import declared
from spacex.settings.values import nearest
from spacex.sources import credits_of
from spacex.warehouse.connection import reading
from spacex.warehouse.views import VIEWS, describe

_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.URL: {"type": "string"},
    Kind.DATE: {"type": "date"},
    Kind.UTC: {"type": "datetime"},
    Kind.EPOCH: {"type": "datetime", "format": "any"},
    Kind.INTEGER: {"type": "integer"},
    Kind.BOOLEAN: {"type": "boolean", "trueValues": ["1"], "falseValues": ["0"]},
    Kind.REAL: {"type": "number"},
}


def table_name(name: object) -> str:
    """Return the name of a table or view.

    Raises:
        QueryError: there is none of that name.
    """
    if isinstance(name, str) and name in {*TABLES, *VIEWS}:
        return name
    near = nearest(str(name), [*TABLES, *VIEWS]) or nearest(f"v_{name}", list(VIEWS))
    raise QueryError(
        f"There is no table or view {name!r}{near or '.'}", "docs/data-dictionary.md lists them."
    )


def write_data_package(database: Path, folder: Path, names: Sequence[str] = ()) -> list[Path]:
    """Write tables and views as CSV, and their description; replace earlier files.

    Args:
        database: the database.
        folder: the folder; it is created if it is missing.
        names: the tables and views; all data if empty, without the records of the pipeline.

    Returns:
        The files, that of the description last.

    Raises:
        QueryError: there is no such table or view.
        DatabaseError: the database is missing or unreadable.
        StorageError: a file cannot be written.
    """
    chosen = [*map(table_name, names)] or [*(table.name for table in CONTENT_TABLES), *VIEWS]
    about = provenance(database)
    files = [_write_csv(database, name, folder / f"{name}.csv") for name in chosen]
    package = {
        "profile": "tabular-data-package",
        "name": "spacex-insights",
        "title": "Launches, boosters and satellites of SpaceX",
        "description": about["note"] or "Written by SpaceX Insights.",
        "created": about["loaded_utc"],
        "sources": [{"title": each} for each in credits_of(about["sources"])],
        "provenance": about | {"software_version": __version__},
        "resources": [_resource(name, file) for name, file in zip(chosen, files, strict=True)],
    }
    described = folder / "datapackage.json"
    write_atomically(described, json.dumps(package, indent=1, ensure_ascii=False).encode())
    return [*files, described]


def _write_csv(database: Path, name: str, file: Path) -> Path:
    unfinished = file.with_suffix(".unfinished")
    with reading(database) as connection:
        rows = connection.execute(f"SELECT * FROM {name}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with unfinished.open("w", encoding="utf-8", newline="") as text:
                writer = csv.writer(text)
                writer.writerow([column[0] for column in rows.description])
                writer.writerows(rows)
            unfinished.replace(file)
        except OSError as error:
            raise write_error(file, error) from None
    return file


def _resource(name: str, file: Path) -> dict[str, Any]:
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    with file.open(encoding="utf-8", newline="") as text:
        columns = next(csv.reader(text))
    schema: dict[str, Any] = {"fields": [_field(name, each) for each in columns]}
    if name in TABLES:
        schema["primaryKey"] = [*TABLES[name].key]
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "description": TABLES[name].description if name in TABLES else describe(name),
        "path": file.name,
        "encoding": "utf-8",
        "bytes": file.stat().st_size,
        "hash": f"sha256:{digest}",
        "schema": schema,
    }


def _field(table: str, name: str) -> dict[str, Any]:
    column = TABLES[table].column(name) if table in TABLES else declared()[name]
    unit = {"unit": column.unit} if column.unit else {}
    return {
        "name": name,
        "description": column.description,
        **_TYPES[column.kind],
        **unit,
        **dict(_constraints(column) if table in TABLES else ()),
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
