"""Manual files: responses that a person downloaded, stored as snapshots.

A file is stored once, by its content. Its instant is the date in its name, such as
`starlink_2025-05-18.json.gz`, or else its modification time. A date without a time stands for its
last second, but never for a time in the future.
"""

import gzip
import hashlib
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from spacex.errors import ResponseError, SettingsError
from spacex.extract.fetch import FetchContext
from spacex.extract.http_client import Response
from spacex.extract.snapshots import Snapshot
from spacex.sources.tle import is_tle
from spacex.units import utc_instant, utc_now

_DATE = re.compile(r"(?<!\d)(\d{4})-?(\d\d)-?(\d\d)(?:[T_-]?(\d\d)[:-]?(\d\d)(?:[:-]?(\d\d))?)?")
_MEBIBYTE = 2**20


@dataclass(frozen=True)
class ManualFiles:
    """A folder of manual files for one endpoint.

    Attributes:
        folder: the folder; it may be missing.
        max_bytes: largest file, decompressed, B.
    """

    folder: Path
    context: FetchContext
    max_bytes: int

    def store_new(self) -> list[Snapshot]:
        """Store the files that are not stored yet, oldest first, and return their snapshots.

        Raises:
            ResponseError: a file is too large, damaged, or not what the endpoint promises.
            SettingsError: a file has an invalid date in its name.
        """
        known = {each.sha256 for each in self.context.snapshots()}
        new = []
        for instant, path in self.files():
            body = self._read(path)
            if hashlib.sha256(body).hexdigest() not in known:
                new.append(self.context.save(_response(path, instant, body)))
        return new

    def files(self) -> list[tuple[datetime, Path]]:
        """Return the files with their instants, oldest first."""
        paths = [path for path in self.folder.glob("*") if path.is_file() and path.name[0] != "."]
        return sorted((file_instant(path), path) for path in paths)

    def _read(self, path: Path) -> bytes:
        opener = gzip.open if path.suffix == ".gz" else Path.open
        try:
            with opener(path, "rb") as file:
                body = file.read(self.max_bytes + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise ResponseError(
                f"The file {path} cannot be read ({error}).",
                remedy="Download it again, or remove it.",
            ) from None
        if len(body) > self.max_bytes:
            raise ResponseError(
                f"The file {path} is larger than {self.max_bytes / _MEBIBYTE:g} MB.",
                remedy="If this size is expected, raise SPACEX_MAX_RESPONSE_MB.",
            )
        return bytes(body)


def file_instant(path: Path) -> datetime:
    """Return the instant of a file, from its name or else its modification time.

    >>> file_instant(Path("starlink_2025-05-18.json.gz")).isoformat()
    '2025-05-18T23:59:59+00:00'

    Raises:
        SettingsError: the date in the name is invalid.
    """
    found = _DATE.search(path.name)
    try:
        if found:
            year, month, day, *clock = found.groups()
            time = ":".join(part or "00" for part in clock) if clock[0] else "23:59:59"
            return min(utc_instant(f"{year}-{month}-{day}T{time}Z"), utc_now())
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except ValueError:
        raise SettingsError(
            f"The date in the file name {path.name} is invalid.", remedy="Rename the file."
        ) from None


def _response(path: Path, instant: datetime, body: bytes) -> Response:
    return Response(
        url=f"file:{path.name}",
        status=0,
        body=body,
        etag=None,
        content_type=_content_type(body),
        retrieved_at=instant,
    )


def _content_type(body: bytes) -> str:
    head = body[:1024].lstrip()
    if head[:1] in (b"[", b"{"):
        return "application/json"
    return "text/plain" if is_tle(head.decode(errors="replace")) else "text/csv"
