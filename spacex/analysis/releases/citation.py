"""How to cite a release, `CITATION.cff`, and whose data it has, `LICENCES.md`."""

import re
from typing import Any

import yaml

from spacex.analysis.releases.description import AUTHOR, KEYWORDS, SOFTWARE, Description
from spacex.analysis.releases.release_manifest import MANIFEST
from spacex.sources import GCAT
from spacex.units import counted

CITATION = "CITATION.cff"
_COMPUTED = """
What was computed from these rows together with others stays: the status, the shell and the dates of
satellites, and the altitudes by launch.
"""
_GCAT = {
    "type": "data",
    "title": "General Catalog of Artificial Space Objects",
    "authors": [{"family-names": "McDowell", "given-names": "Jonathan C."}],
    "url": re.findall(r"https://[^,\s]+", GCAT.licence)[0],
}


def citation_file(release: Description) -> bytes:
    """Return the content of `CITATION.cff`, in the Citation File Format 1.2.0."""
    content: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them, and the sources that they come from.",
        "type": "dataset",
        "title": release.title,
        "abstract": release.text,
        "authors": [{"name": AUTHOR}],
        "version": release.version,
        "date-released": release.date,
        "keywords": [*KEYWORDS],
        "references": [
            _GCAT if each is GCAT else _reference(each.title, each.licence)
            for each in release.sources
        ],
    }
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    return str(text).encode()


def _reference(title: str, terms: str) -> dict[str, Any]:
    return {"type": "data", "title": title, "authors": [{"name": title}], "notes": terms}


def licences_file(release: Description) -> bytes:
    """Return the content of `LICENCES.md`: terms and credit by source, and what is left out."""
    dates = release.origin["sources"]
    sources = "\n".join(
        f"| {each.title} | {each.licence} | {dates.get(each.name) or ''} |"
        for each in release.sources
    )
    responses = counted(release.snapshot_count, "response or file", "responses and files")
    left_out = "".join(
        f"\n- {each.row_count:,} rows of `{each.table}`: {each.reason}."
        for each in release.left_out
    )
    return f"""\
# Licences and credits: {release.title}

Release {release.version}. {release.text}

The data belong to the services. The licence of {SOFTWARE} does not cover them. If you pass them on,
name the sources:

| source | terms and credit | date of its data |
|---|---|---|
{sources}

## Left out

- The responses of the services: `{MANIFEST}` has the address, the instant and the SHA-256 of
  {responses} that the data were read from.{left_out}
{_COMPUTED if left_out else ""}""".encode()
