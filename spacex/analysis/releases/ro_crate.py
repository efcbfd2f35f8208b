"""The description of a release for archives of research data, `ro-crate-metadata.json`.

The format is RO-Crate 1.2 (https://w3id.org/ro/crate): files, sources, and the run that made them.
"""

from collections.abc import Sequence
from typing import Any

from spacex.analysis.releases.description import (
    AUTHOR,
    KEYWORDS,
    LICENCES,
    SOFTWARE,
    Description,
    ReleasedFile,
)
from spacex.sources import Source

RO_CRATE = "ro-crate-metadata.json"
_SPECIFICATION = "https://w3id.org/ro/crate/1.2"
_AUTHOR, _SOFTWARE, _RUN = "#author", "#software", "#run"
_Entity = dict[str, Any]


def ro_crate(release: Description, others: Sequence[ReleasedFile]) -> dict[str, Any]:
    """Return the description of a release, given its files that describe the data."""
    files = [*release.data, *others]
    return {
        "@context": f"{_SPECIFICATION}/context",
        "@graph": [
            {
                "@id": RO_CRATE,
                "@type": "CreativeWork",
                "conformsTo": {"@id": _SPECIFICATION},
                "about": {"@id": "./"},
            },
            _root(release, files),
            *map(_file, files),
            *map(_source, release.sources),
            {"@id": _AUTHOR, "@type": "Organization", "name": AUTHOR},
            {
                "@id": _SOFTWARE,
                "@type": "CreativeWork",  # as software, it would need an address
                "name": SOFTWARE,
                "version": release.origin["software_version"],
            },
            {
                "@id": _RUN,
                "@type": "CreateAction",
                "name": f"The run {release.origin['run_id']}",
                "endTime": release.origin["loaded_utc"],
                "instrument": {"@id": _SOFTWARE},
                "object": [{"@id": _id(each)} for each in release.sources],
                "result": {"@id": "./"},
            },
        ],
    }


def _root(release: Description, files: Sequence[ReleasedFile]) -> _Entity:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": release.title,
        "description": release.text,
        "version": release.version,
        "datePublished": release.date,
        "creator": {"@id": _AUTHOR},
        "creditText": release.citation,
        "keywords": [*KEYWORDS],
        "license": {"@id": LICENCES},
        "isBasedOn": [{"@id": _id(each)} for each in release.sources],
        "mentions": {"@id": _RUN},
        "hasPart": [{"@id": each.file.path} for each in files],
    }


def _file(released: ReleasedFile) -> _Entity:
    file = released.file
    digest = {"contentSize": str(file.byte_count), "sha256": file.sha256} if file.sha256 else {}
    return {
        "@id": file.path,
        "@type": ["File", "CreativeWork"] if file.path == LICENCES else "File",
        "name": file.path,
        "description": released.description,
        "encodingFormat": released.mediatype,
        **digest,
    }


def _source(source: Source) -> _Entity:
    return {
        "@id": _id(source),
        "@type": "CreativeWork",
        "name": source.title,
        "creditText": source.licence,
    }


def _id(source: Source) -> str:
    return f"#{source.name}"
