"""The datasets of a run: endpoints of services, snapshots, tables and pages.

Their names follow the rules of OpenLineage: the namespace names the data source, and the name is
unique in it.

| dataset | namespace | name |
|---|---|---|
| endpoint | scheme and host of its address | path, and the query unless it is that of a page |
| endpoint of the sample | `sample` | endpoint |
| file | `file` | path |
| table | `sqlite:` with the path of the database | `main.TABLE`, or `staging.TABLE` until loaded |
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from spacex.errors import masked
from spacex.extract.run_folder import ExtractedSnapshot, Manifest
from spacex.extract.sidecar import Snapshot
from spacex.pipeline.lineage.events import Json, facets
from spacex.schema import TABLES, Column
from spacex.sources import SOURCES
from spacex.sources.lineage import SourceField, fields_by_column
from spacex.sources.request_rules import Paged

MAIN, STAGING = "main", "staging"
"""The databases of a load, as its SQL names them."""

_ASKED = {"fetched", "not modified", "sample"}
"""Origins of the snapshots of endpoints that a run has asked."""


def endpoints(manifest: Manifest) -> list[Json]:
    """Return the endpoints that a run has asked."""
    asked = [each.snapshot for each in manifest.extracted if each.origin in _ASKED]
    return _distinct(_endpoint(each) for each in asked)


def fetched(manifest: Manifest, raw_dir: Path) -> list[Json]:
    """Return the snapshots that a run has stored, with their digests, records and sizes.

    Args:
        manifest: the run.
        raw_dir: the folder of the snapshots.
    """
    return [
        {**_snapshot(each.snapshot, raw_dir), "outputFacets": _statistics(each.snapshot, raw_dir)}
        for each in manifest.extracted
        if each.origin in {"fetched", "sample"}
    ]


def snapshots(manifest: Manifest, raw_dir: Path) -> list[Json]:
    """Return the snapshots that a run is built from, with their digests.

    Args:
        manifest: the run.
        raw_dir: the folder of the snapshots.
    """
    return [_snapshot(each.snapshot, raw_dir) for each in manifest.extracted]


def tables(database: Path, schema: str, names: Iterable[str]) -> list[Json]:
    """Return tables by name, without facets.

    Args:
        database: the published database, also of tables that are not yet in it.
        schema: see `MAIN`.
        names: the names of the tables.
    """
    return [_table(database, schema, name) for name in names]


def staged_tables(
    manifest: Manifest, database: Path, raw_dir: Path, counts: Mapping[str, int]
) -> list[Json]:
    """Return the tables that transform wrote, with the fields that each column is read from.

    Args:
        manifest: the run.
        database: the published database.
        raw_dir: the folder of the snapshots.
        counts: table → its rows.
    """
    read = _fields_read(manifest, raw_dir)
    return [
        {
            **_table(database, STAGING, name),
            "facets": facets(
                schema=_schema(name),
                columnLineage={"fields": _column_lineage(name, read)},
                version={"datasetVersion": manifest.run_id},
            ),
            "outputFacets": facets(outputStatistics={"rowCount": rows}),
        }
        for name, rows in counts.items()
    ]


def published_tables(manifest: Manifest, database: Path, counts: Mapping[str, int]) -> list[Json]:
    """Return the tables that a load has changed, and the columns that it took from staging.

    Args:
        manifest: the run.
        database: the published database.
        counts: table → the rows written, of those that were staged.
    """
    staged = [fields_by_column(SOURCES[source]) for source in _sources(manifest)]

    def read(name: str) -> dict[tuple[str, str], list[Json]]:
        table = _table(database, STAGING, name)
        return {key: [_input(table, key[1])] for each in staged for key in each if key[0] == name}

    return [
        {
            **_table(database, MAIN, name),
            "facets": facets(
                schema=_schema(name),
                columnLineage={"fields": _column_lineage(name, read(name))},
                version={"datasetVersion": manifest.run_id},
            ),
            "outputFacets": facets(outputStatistics={"rowCount": rows}),
        }
        for name, rows in counts.items()
    ]


def page(path: Path) -> Json:
    """Return a page of a run, with its digest and size."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return {
        **_file(path),
        "facets": facets(version={"datasetVersion": f"sha256:{digest}"}),
        "outputFacets": facets(outputStatistics={"size": len(content), "fileCount": 1}),
    }


def _endpoint(snapshot: Snapshot) -> Json:
    """Return the endpoint that a snapshot is a response of, without credentials in its address."""
    url = urlsplit(masked(snapshot.url))
    if not url.netloc:
        return {"namespace": url.scheme, "name": url.path}
    host = url.netloc.rpartition("@")[2]
    source = SOURCES.get(snapshot.source)
    is_page = source is not None and isinstance(source.rules, Paged)
    query = f"?{url.query}" if url.query and not is_page else ""
    return {"namespace": f"{url.scheme}://{host}", "name": f"{url.path or '/'}{query}"}


def _file(path: Path) -> Json:
    return {"namespace": "file", "name": path.absolute().as_posix()}


def _snapshot(snapshot: Snapshot, raw_dir: Path) -> Json:
    """Return a snapshot: its file, with the digest that `sha256sum` computes, and its address."""
    digest = snapshot.file_sha256 or snapshot.sha256  # releases up to 0.1 have that of the body
    return {
        **_file(raw_dir / snapshot.path),
        "facets": facets(
            version={"datasetVersion": f"sha256:{digest}"},
            dataSource={"name": snapshot.source, "uri": masked(snapshot.url)},
        ),
    }


def _statistics(snapshot: Snapshot, raw_dir: Path) -> Json:
    size = (raw_dir / snapshot.path).stat().st_size
    return facets(
        outputStatistics={"rowCount": snapshot.record_count, "size": size, "fileCount": 1}
    )


def _table(database: Path, schema: str, name: str) -> Json:
    source = database.absolute().as_uri().removeprefix("file:")
    return {"namespace": f"sqlite:{source}", "name": f"{schema}.{name}"}


def _schema(name: str) -> Json:
    return {"fields": [_described(each) for each in TABLES[name].columns]}


def _described(column: Column) -> Json:
    unit = f", {column.unit}" if column.unit else ""
    return {
        "name": column.name,
        "type": column.kind.storage,
        "description": f"{column.description}{unit}",
    }


def _sources(manifest: Manifest) -> list[str]:
    found = dict.fromkeys(each.snapshot.source for each in manifest.extracted)
    return [name for name in found if name in SOURCES]


def _origins(manifest: Manifest, raw_dir: Path) -> dict[tuple[str, str], Json]:
    """Return (source, endpoint) → the dataset that its columns are read from.

    That is the endpoint, or the newest file if a person provided all its snapshots.
    """
    found: dict[tuple[str, str], Json] = {}
    newest_last: Sequence[ExtractedSnapshot] = sorted(
        manifest.extracted, key=lambda each: (not each.snapshot.manual_name, *each.snapshot.order)
    )
    for each in newest_last:
        snapshot = each.snapshot
        dataset = _file(raw_dir / snapshot.path) if snapshot.manual_name else _endpoint(snapshot)
        found[snapshot.source, snapshot.endpoint] = dataset
    return found


def _fields_read(manifest: Manifest, raw_dir: Path) -> dict[tuple[str, str], list[Json]]:
    """Return (table, column) → the fields of the endpoints of a run that it is read from."""
    found: dict[tuple[str, str], list[Json]] = {}
    for (source, endpoint), dataset in _origins(manifest, raw_dir).items():
        if source in SOURCES:
            for column, fields in fields_by_column(SOURCES[source], endpoint).items():
                inputs = [_input(dataset, each.path or "[]", _how(each)) for each in fields]
                found.setdefault(column, []).extend(inputs)
    return found


def _column_lineage(table: str, read: Mapping[tuple[str, str], list[Json]]) -> Json:
    """Return column → the fields that it is read from, of the columns that are read from any."""
    return {
        column.name: {"inputFields": read[table, column.name]}
        for column in TABLES[table].columns
        if (table, column.name) in read
    }


def _how(field: SourceField) -> str:
    return f"{field.aspect} of the field" if field.aspect else ""


def _input(dataset: Json, field: str, how: str = "") -> Json:
    described = {"description": how} if how else {}
    return {**dataset, "field": field, "transformations": [{"type": "DIRECT", **described}]}


def _distinct(found: Iterable[Json]) -> list[Json]:
    return list({(each["namespace"], each["name"]): each for each in found}.values())
