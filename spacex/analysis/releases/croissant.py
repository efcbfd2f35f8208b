"""The description of a release for programs that learn from data, `croissant.json`.

The format is Croissant 1.0 of MLCommons, as its library mlcroissant reads it: each file with its
digest, and each table of a Parquet file as a set of records with typed fields.
"""

from typing import Any

from spacex.analysis.exports.data_package import NAME
from spacex.analysis.exports.exported_table import Table
from spacex.analysis.releases.description import AUTHOR, KEYWORDS, Description, ReleasedFile
from spacex.schema import Column, Kind

CROISSANT = "croissant.json"
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification asks for."""

_TYPES = {
    Kind.TEXT: "sc:Text",
    Kind.URL: "sc:URL",
    Kind.DATE: "sc:Date",
    Kind.UTC: "sc:DateTime",
    Kind.EPOCH: "sc:DateTime",
    Kind.INTEGER: "sc:Integer",
    Kind.BOOLEAN: "sc:Boolean",
    Kind.REAL: "sc:Float",
}
_PARQUET = {"application/vnd.apache.parquet": "application/x-parquet"}
"""The type of Parquet before it was registered, which the format knows."""


def croissant(release: Description) -> dict[str, Any]:
    """Return the description of a release."""
    tables = [each for each in release.data if each.table and each.mediatype in _PARQUET]
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": NAME,
        "alternateName": release.title,
        "description": release.text,
        "version": release.version,
        "datePublished": release.date,
        "creator": {"@type": "sc:Organization", "name": AUTHOR},
        "keywords": [*KEYWORDS],
        "license": [f"{each.title}: {each.licence}" for each in release.sources],
        "citeAs": release.citation,
        "distribution": [_file(each) for each in release.data],
        "recordSet": [_records(each.file.path, each.table) for each in tables if each.table],
    }


def _file(released: ReleasedFile) -> dict[str, Any]:
    path = released.file.path
    return {
        "@type": "cr:FileObject",
        "@id": path,
        "name": path,
        "description": released.description,
        "contentUrl": path,
        "contentSize": f"{released.file.byte_count} B",
        "encodingFormat": _PARQUET.get(released.mediatype, released.mediatype),
        "sha256": released.file.sha256,
    }


def _records(path: str, table: Table) -> dict[str, Any]:
    key = {"key": [{"@id": f"{table.name}/{name}"} for name in table.key]} if table.key else {}
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        **key,
        "field": [_field(path, table.name, column) for column in table.columns],
    }


def _field(path: str, table: str, column: Column) -> dict[str, Any]:
    unit = f", {column.unit}" if column.unit else ""
    return {
        "@type": "cr:Field",
        "@id": f"{table}/{column.name}",
        "name": column.name,
        "description": f"{column.description}{unit}",
        "dataType": _TYPES[column.kind],
        "source": {"fileObject": {"@id": path}, "extract": {"column": column.name}},
    }
