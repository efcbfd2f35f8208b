"""The sidecar of a snapshot: the JSON file beside it that states its provenance."""

from functools import lru_cache
from pathlib import Path

import msgspec

from spacex.errors import SnapshotError
from spacex.extract.sealed_json import UNREADABLE
from spacex.files import read_file

MANUAL_SCHEME = "file:"
"""What precedes the name of a manual file in the URL of its snapshot."""

SIDECARS = "*.meta.json"
CHAIN_FIELDS = frozenset({"file_sha256", "previous", "previous_sha256"})


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The sidecar of a snapshot.

    Attributes:
        status: HTTP status; 0 for a manual file or the sample.
        retrieved_utc: instant at which the response was complete.
        sha256: digest of the body.
        licence: terms under which the service provides its data.
        file: name of the data file, in the folder of the sidecar.
        part: part of the endpoint, where it is requested in parts.
        is_last: whether it is the last page of its part.
        file_sha256: digest of the data file; empty in sidecars of releases up to 0.1.
        previous: name of the sidecar stored before; empty if it is the first of its endpoint.
        previous_sha256: digest of that sidecar.
    """

    source: str
    endpoint: str
    url: str
    status: int
    retrieved_utc: str
    sha256: str
    byte_count: int
    record_count: int
    etag: str | None
    licence: str
    file: str
    part: str = ""
    is_last: bool = True
    file_sha256: str = ""
    previous: str = ""
    previous_sha256: str = ""

    @property
    def path(self) -> str:
        """The path of the data file, relative to the store's folder."""
        return f"{self.source}/{self.endpoint}/{self.file}"

    @property
    def manual_name(self) -> str:
        """The name of the manual file; empty for the response of a service."""
        return self.url.removeprefix(MANUAL_SCHEME) if self.url.startswith(MANUAL_SCHEME) else ""

    @property
    def origin(self) -> str:
        """The snapshot as messages name it: its path, with the name that a manual file had."""
        return f"{self.manual_name} ({self.path})" if self.manual_name else self.path

    @property
    def order(self) -> tuple[str, str]:
        """The key that sorts snapshots by instant, and within a second as they were stored."""
        return self.retrieved_utc, self.file


EARLIER_FIELDS = frozenset(Snapshot.__struct_fields__) - CHAIN_FIELDS
"""The fields in sidecars of releases up to 0.1, which carry no digest of their own."""


def sidecar_path(data: Path) -> Path:
    """Return the path of the sidecar of a data file."""
    return data.with_name(f"{stem(data)}.meta.json")


def stem(path: Path) -> str:
    """Return the part of a name that a data file and its sidecar share.

    >>> stem(Path("20260102T030405.000678Z.json.gz"))
    '20260102T030405.000678Z'
    """
    return path.with_suffix("").stem


def order_by_name(sidecar: Path) -> tuple[str, str]:
    """Return the sort key of a sidecar that cannot be read, as `Snapshot.order`.

    >>> order_by_name(Path("20260102T030405.000678Z.meta.json"))
    ('2026-01-02T03:04:05Z', '20260102T030405.000678Z.meta.json')
    """
    day, time = sidecar.name[:8], sidecar.name[9:15]
    date = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return f"{date}T{time[:2]}:{time[2:4]}:{time[4:]}Z", sidecar.name


def read_sidecar(path: Path) -> Snapshot:
    """Read a sidecar.

    Raises:
        SnapshotError: it cannot be read.
    """
    try:
        status = path.stat()
        return _read(path, status.st_mtime_ns, status.st_size)
    except UNREADABLE as error:
        raise damaged(path, f"cannot be read ({error})") from None


def damaged(path: Path, problem: str) -> SnapshotError:
    """Return the error about a damaged file of a snapshot."""
    return SnapshotError(
        f"The snapshot {path} {problem}.",
        remedy=f"Restore {stem(path)}.* from a backup or remove them, then run again.",
    )


@lru_cache(maxsize=65_536)
def _read(path: Path, _mtime_ns: int, _size: int) -> Snapshot:
    """Read a sidecar once: it is never changed, and a run reads each several times."""
    return msgspec.json.decode(read_file(path), type=Snapshot)
