"""The services' answers as they came, kept for ever.

An answer is stored at `<source>/<endpoint>/<instant>.json.gz`, beside a sidecar that says where it
came from. Both are written once and never changed; the sidecar is written last and makes the
snapshot count.
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
    """What the sidecar says of one stored answer.

    Attributes:
        source: name of the service.
        endpoint: the list asked for.
        url: address asked.
        status: HTTP status; 0 for a bundled source.
        retrieved_utc: instant of the answer.
        sha256: digest of the answer's bytes.
        byte_count: size of the answer, B.
        record_count: records in the answer.
        etag: the service's version tag.
        licence: terms the service gives its data under.
        file: the answer's file name, beside the sidecar.
        part: part of the list, where the service gives it in parts.
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
        """The answer's file, below the folder of raw answers."""
        return f"{self.source}/{self.endpoint}/{self.file}"


class SnapshotStore:
    """The folder of stored answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(
        self,
        source: Source,
        endpoint: str,
        answer: Response,
        record_count: int,
        *,
        part: str = "",
        is_last: bool = True,
    ) -> Snapshot:
        """Store an answer; if the newest stored one is the same and intact, it is that one."""
        body = answer.body
        sha256 = hashlib.sha256(body).hexdigest()
        newest = None if part else self.newest_intact(source.name, endpoint)
        if newest and (newest.sha256, newest.url, newest.etag) == (sha256, answer.url, answer.etag):
            return newest
        stamp = f"{answer.retrieved_at:%Y%m%dT%H%M%S.%fZ}"
        snapshot = Snapshot(
            source=source.name,
            endpoint=endpoint,
            url=answer.url,
            status=answer.status,
            retrieved_utc=utc_text(answer.retrieved_at),
            sha256=sha256,
            byte_count=len(body),
            record_count=record_count,
            etag=answer.etag,
            licence=source.licence,
            file=f"{stamp}.{_extension(answer.content_type)}.gz",
            part=part,
            is_last=is_last,
        )
        path = self.folder / snapshot.path
        write_atomically(path, gzip.compress(body, compresslevel=6, mtime=0))
        write_atomically(_sidecar(path), msgspec.json.format(msgspec.json.encode(snapshot)) + b"\n")
        return snapshot

    def all(self, source: str, endpoint: str) -> list[Snapshot]:
        """The stored answers of one list, oldest first, whether or not they are intact.

        Raises:
            SnapshotError: a sidecar cannot be read.
        """
        sidecars = sorted((self.folder / source / endpoint).glob("*.meta.json"))
        return [_read_sidecar(path) for path in sidecars]

    def newest(self, source: str, endpoint: str) -> Snapshot | None:
        """The newest stored answer of one list; None if there is none.

        Raises:
            SnapshotError: its sidecar cannot be read.
        """
        sidecars = sorted((self.folder / source / endpoint).glob("*.meta.json"))
        return _read_sidecar(sidecars[-1]) if sidecars else None

    def newest_intact(self, source: str, endpoint: str) -> Snapshot | None:
        """The newest stored answer of one list; None if there is none, or if it is damaged."""
        try:
            newest = self.newest(source, endpoint)
            if newest:
                self.read(newest)
        except SnapshotError:
            return None
        return newest

    def read(self, snapshot: Snapshot) -> bytes:
        """The answer, byte for byte as it came.

        Raises:
            SnapshotError: the file is missing, damaged, or not what the sidecar says.
        """
        path = self.folder / snapshot.path
        try:
            body = gzip.decompress(path.read_bytes())
        except FileNotFoundError:
            raise _damaged(path, "is missing") from None
        except (OSError, EOFError, zlib.error) as error:
            raise _damaged(path, f"cannot be unpacked ({error})") from None
        if hashlib.sha256(body).hexdigest() != snapshot.sha256:
            raise _damaged(path, "is not the answer its sidecar describes")
        return body


def _extension(content_type: str) -> str:
    """What kind of document a file holds, as its name says."""
    return {"text/csv": "csv", "text/plain": "txt"}.get(content_type, "json")


def _sidecar(path: Path) -> Path:
    return path.with_name(path.with_suffix("").stem + ".meta.json")


def _read_sidecar(path: Path) -> Snapshot:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Snapshot)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _damaged(path, f"cannot be read ({error})") from None


def _damaged(path: Path, what: str) -> SnapshotError:
    return SnapshotError(
        f"The stored answer {path} {what}.",
        remedy=f"Remove {path.name} and its companion, then run again.",
    )
