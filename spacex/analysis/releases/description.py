"""What all descriptions of a release say, each in its own format."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacex.analysis.exports.data_package import TITLE
from spacex.analysis.exports.exported_table import Table
from spacex.analysis.releases.release_manifest import File, LeftOut
from spacex.sources import Source, credited
from spacex.warehouse.digest import sha256

AUTHOR = "The SpaceX Insights maintainers"
SOFTWARE = "SpaceX Insights"
KEYWORDS = ("SpaceX", "Starlink", "satellites", "launches", "open data")
LICENCES = "LICENCES.md"
_SIMULATED = "SIMULATED SAMPLE, not the data of a service."


@dataclass(frozen=True)
class ReleasedFile:
    """A file of a release.

    Attributes:
        file: its path and digest.
        mediatype: its type, as registered.
        table: the table in it; None if there is not exactly one.
    """

    file: File
    mediatype: str
    description: str
    table: Table | None = None


@dataclass(frozen=True)
class Description:
    """What all descriptions of a release say.

    Attributes:
        origin: the origin of the data, as in exports.
        left_out: the rows that may not be passed on.
        data: the files with data.
        snapshot_count: number of responses and files that the data were read from.
    """

    origin: Mapping[str, Any]
    left_out: tuple[LeftOut, ...]
    data: tuple[ReleasedFile, ...] = ()
    snapshot_count: int = 0

    @property
    def title(self) -> str:
        """The title of the release."""
        return f"{TITLE} (simulated sample)" if self.origin["is_simulated"] else TITLE

    @property
    def text(self) -> str:
        """The release in sentences: its contents, remarks of the run, and what is left out."""
        parts = [
            _SIMULATED if self.origin["is_simulated"] else "",
            f"{TITLE}, from open data: tables and views as Parquet and CSV, and the database.",
            *str(self.origin["note"]).splitlines(),
            *(f"Left out: {each.row_count:,} {each.reason}." for each in self.left_out),
        ]
        return " ".join(filter(None, parts))

    @property
    def date(self) -> str:
        """The date of the run."""
        return str(self.origin["loaded_utc"])[:10]

    @property
    def version(self) -> str:
        """The date and the run, in the form of a semantic version."""
        year, month, day = map(int, self.date.split("-"))
        return f"{year}.{month}.{day}+{re.sub('[^0-9A-Za-z-]', '-', self.origin['run_id'])}"

    @property
    def citation(self) -> str:
        """The release as texts cite it."""
        return f"{AUTHOR} ({self.date[:4]}): {self.title}. Release {self.version}."

    @property
    def sources(self) -> list[Source]:
        """The sources to credit."""
        return credited(self.origin["sources"])


def file_of(folder: Path, path: str) -> File:
    """Return what a manifest says of a file, by its path in the folder."""
    file = folder / path
    return File(path=path, byte_count=file.stat().st_size, sha256=sha256(file))
