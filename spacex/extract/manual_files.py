"""Files put in by hand: what a service would have sent, taken in as one of its stored answers.

A file is taken once, by its content. It is of the date in its name, as in
`starlink_2025-05-18.json.gz`, or else of the instant it was last changed. A date without a time
stands for its end, as it does elsewhere, but never for what is still to come.
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
from spacex.sources.source import Endpoint
from spacex.sources.tle import is_tle
from spacex.units import utc_instant, utc_now

_DATE = re.compile(r"(?<!\d)(\d{4})-?(\d\d)-?(\d\d)(?:[T_-]?(\d\d)[:-]?(\d\d)(?:[:-]?(\d\d))?)?")
_MEBIBYTE = 2**20


@dataclass(frozen=True)
class ManualFiles:
    """A folder of files for one list of a service.

    Attributes:
        folder: where they are; it need not be there.
        context: the service.
        endpoint: the list.
        max_bytes: largest file, unpacked, B.
    """

    folder: Path
    context: FetchContext
    endpoint: Endpoint
    max_bytes: int

    def take_in(self) -> list[Snapshot]:
        """Store the files that are not stored yet, oldest first.

        Raises:
            ResponseError: a file is too large, damaged, or not what the list's answers are.
        """
        known = {each.sha256 for each in self.context.stored(self.endpoint)}
        taken = []
        for instant, path in self.files():
            body = self._read(path)
            if hashlib.sha256(body).hexdigest() not in known:
                taken.append(self.context.save(self.endpoint, _answer(path, instant, body)))
        return taken

    def files(self) -> list[tuple[datetime, Path]]:
        """The files with the instants they are of, oldest first."""
        paths = [path for path in self.folder.glob("*") if path.is_file() and path.name[0] != "."]
        return sorted((instant_of(path), path) for path in paths)

    def _read(self, path: Path) -> bytes:
        opener = gzip.open if path.suffix == ".gz" else Path.open
        try:
            with opener(path, "rb") as file:
                body = file.read(self.max_bytes + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise ResponseError(
                f"The file {path} cannot be read ({error}).", remedy="Get it anew, or take it away."
            ) from None
        if len(body) > self.max_bytes:
            raise ResponseError(
                f"The file {path} has more than {self.max_bytes / _MEBIBYTE:g} MB.",
                remedy="If so much is right, raise SPACEX_MAX_RESPONSE_MB.",
            )
        return bytes(body)


def instant_of(path: Path) -> datetime:
    """The instant a file is of: by its name, or else when it was last changed.

    >>> instant_of(Path("starlink_2025-05-18.json.gz")).isoformat()
    '2025-05-18T23:59:59+00:00'

    Raises:
        SettingsError: no calendar has that date.
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
            f"{path.name} has a date in its name that no calendar has.", remedy="Rename the file."
        ) from None


def _answer(path: Path, instant: datetime, body: bytes) -> Response:
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
