"""The snapshot store: responses and manual files, byte for byte, kept indefinitely.

A snapshot is stored at `<source>/<endpoint>/<instant>.json.gz`, beside a sidecar that states its
provenance. Both are written once and never changed. The sidecar is written last; a file without one
does not count.
"""

import gzip
import hashlib
import zlib
from pathlib import Path

import msgspec

from spacex.errors import SnapshotError
from spacex.extract.http_client import Response
from spacex.files import write_atomically
from spacex.sources.source import Source
from spacex.units import utc_text


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

    @property
    def path(self) -> str:
        """The path of the data file, relative to the store's folder."""
        return f"{self.source}/{self.endpoint}/{self.file}"


class SnapshotStore:
    """A folder of snapshots."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(
        self,
        source: Source,
        endpoint: str,
        response: Response,
        record_count: int,
        *,
        part: str = "",
        is_last: bool = True,
    ) -> Snapshot:
        """Store a response; return the newest snapshot instead if it is intact and the same.

        Args:
            source: the source.
            endpoint: name of the endpoint.
            response: the response.
            record_count: number of records in it.
            part: part of the endpoint; a part is always stored.
            is_last: whether it is the last page of its part.

        Raises:
            StorageError: a file cannot be written.
        """
        body = response.body
        sha256 = hashlib.sha256(body).hexdigest()
        newest = None if part else self.newest_intact(source.name, endpoint)
        version = (sha256, response.url, response.etag)
        if newest and (newest.sha256, newest.url, newest.etag) == version:
            return newest
        stamp = f"{response.retrieved_at:%Y%m%dT%H%M%S.%fZ}"
        snapshot = Snapshot(
            source=source.name,
            endpoint=endpoint,
            url=response.url,
            status=response.status,
            retrieved_utc=utc_text(response.retrieved_at),
            sha256=sha256,
            byte_count=len(body),
            record_count=record_count,
            etag=response.etag,
            licence=source.licence,
            file=f"{stamp}.{_extension(response.content_type)}.gz",
            part=part,
            is_last=is_last,
        )
        path = self.folder / snapshot.path
        write_atomically(path, gzip.compress(body, compresslevel=6, mtime=0))
        write_atomically(_sidecar(path), msgspec.json.format(msgspec.json.encode(snapshot)) + b"\n")
        return snapshot

    def all(self, source: str, endpoint: str) -> list[Snapshot]:
        """Return the snapshots of an endpoint, oldest first; their data may be damaged.

        Raises:
            SnapshotError: a sidecar cannot be read.
        """
        return [_read_sidecar(path) for path in self._sidecars(source, endpoint)]

    def newest(
        self, source: str, endpoint: str, as_of_utc: str = "", *, part: str | None = None
    ) -> Snapshot | None:
        """Return the newest snapshot of an endpoint; None if there is none.

        Args:
            source: name of the source.
            endpoint: name of the endpoint.
            as_of_utc: ignore snapshots stored after this instant; empty: use all.
            part: the part of the endpoint; None: any.

        Raises:
            SnapshotError: a sidecar cannot be read.
        """
        for path in reversed(self._sidecars(source, endpoint)):
            snapshot = _read_sidecar(path)
            is_known_then = not as_of_utc or snapshot.retrieved_utc <= as_of_utc
            if is_known_then and part in {None, snapshot.part}:
                return snapshot
        return None

    def newest_intact(
        self, source: str, endpoint: str, *, part: str | None = None
    ) -> Snapshot | None:
        """Return the newest snapshot, as `newest`; None if there is none or it is damaged."""
        try:
            newest = self.newest(source, endpoint, part=part)
            if newest:
                self.read(newest)
        except SnapshotError:
            return None
        return newest

    def read(self, snapshot: Snapshot) -> bytes:
        """Return the body of a snapshot, byte for byte.

        Raises:
            SnapshotError: the file is missing, damaged, or does not match its sidecar.
        """
        path = self.folder / snapshot.path
        try:
            body = gzip.decompress(path.read_bytes())
        except FileNotFoundError:
            raise _damaged(path, "is missing") from None
        except (OSError, EOFError, zlib.error) as error:
            raise _damaged(path, f"cannot be decompressed ({error})") from None
        if hashlib.sha256(body).hexdigest() != snapshot.sha256:
            raise _damaged(path, "does not match the digest in its sidecar")
        return body

    def _sidecars(self, source: str, endpoint: str) -> list[Path]:
        return sorted((self.folder / source / endpoint).glob("*.meta.json"))


def _extension(content_type: str) -> str:
    kind = content_type.partition(";")[0].strip().lower()
    return {"text/csv": "csv", "text/plain": "txt", "text/tab-separated-values": "tsv"}.get(
        kind, "json"
    )


def _sidecar(path: Path) -> Path:
    return path.with_name(path.with_suffix("").stem + ".meta.json")


def _read_sidecar(path: Path) -> Snapshot:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Snapshot)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _damaged(path, f"cannot be read ({error})") from None


def _damaged(path: Path, problem: str) -> SnapshotError:
    return SnapshotError(
        f"The snapshot {path} {problem}.",
        remedy=f"Remove the files {path.with_suffix('').stem}.*, then run again.",
    )
