"""The snapshot store: responses and manual files, byte for byte, kept indefinitely.

A snapshot is stored at `<source>/<endpoint>/<instant>.json.gz`, beside a sidecar that states its
provenance. Both are written once and never changed or overwritten: a snapshot whose name is taken
gets another instant. The sidecar is written last; a file without one does not count.
"""

import gzip
import re
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from spacex.errors import SnapshotError, StorageError
from spacex.extract.http_client import Response
from spacex.extract.sealed_json import digest, seal_of
from spacex.extract.sidecar import (
    EARLIER_FIELDS,
    SIDECARS,
    Snapshot,
    damaged,
    order_by_name,
    read_sidecar,
    sidecar_path,
)
from spacex.extract.snapshot_chain import SnapshotChain, read_head
from spacex.files import read_file, unfinished
from spacex.sources.source import Source
from spacex.units import utc_text

__all__ = ["Snapshot", "SnapshotStore"]


class SnapshotStore:
    """A folder of snapshots.

    Nothing is stored in another folder that was put in its place meanwhile.

    Args:
        folder: the folder.
        without: paths of snapshots that do not count, as of `Snapshot.path`.
    """

    def __init__(self, folder: Path, without: Collection[str] = ()) -> None:
        self.folder = folder
        self._without: set[Path] = set()
        self._chains: dict[Path, SnapshotChain] = {}
        self._identity = _identity(folder)
        self.leave_out(without)

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

        If the instant is taken, a response gets the next microsecond. A manual file, whose date
        stands for the last second of its day, gets the last free second before it, so that both
        files count as states of that day: store the latest of a day first.

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
        wanted = Snapshot(
            source=source.name,
            endpoint=endpoint,
            url=response.url,
            status=response.status,
            retrieved_utc="",
            sha256=digest(response.body),
            byte_count=len(response.body),
            record_count=record_count,
            etag=response.etag,
            licence=source.licence,
            file="",
            part=part,
            is_last=is_last,
        )
        with self.locked(source.name, endpoint) as chain:
            newest = chain.newest
            if newest and not part and self._is_stored(wanted, newest):
                return newest
            return self._add(chain, wanted, response)

    def _add(self, chain: SnapshotChain, wanted: Snapshot, response: Response) -> Snapshot:
        """Store a response at the first free instant, unless the same one is found before it."""
        data = gzip.compress(response.body, compresslevel=6, mtime=0)
        is_manual = response.status == 0
        step = timedelta(seconds=-1) if is_manual else timedelta(microseconds=1)
        for instant in _instants(response.retrieved_at, step):
            name = re.sub("[-:]", "", utc_text(instant, "microseconds"))
            same = chain.at(name)
            if same and self._is_stored(wanted, same):
                return same
            if chain.is_taken(name.partition(".")[0] if is_manual else name):
                continue
            snapshot = msgspec.structs.replace(
                wanted,
                retrieved_utc=utc_text(instant),
                file=f"{name}.{_extension(response.content_type)}.gz",
            )
            if stored := chain.add(snapshot, data):
                return stored
        raise AssertionError

    def all(self, source: str, endpoint: str) -> list[Snapshot]:
        """Return the snapshots of an endpoint, oldest first; their data may be damaged.

        Raises:
            SnapshotError: a sidecar cannot be read.
        """
        return sorted(map(read_sidecar, self._sidecars(source, endpoint)), key=_order)

    def has_any(self, source: str) -> bool:
        """Return whether a snapshot of the source is stored."""
        return any((self.folder / source).glob(f"*/{SIDECARS}"))

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
            SnapshotError: a sidecar that may be newer, judged by its name, cannot be read.
        """
        newest: Snapshot | None = None
        unreadable: list[tuple[tuple[str, str], SnapshotError]] = []
        for path in self._sidecars(source, endpoint):
            try:
                snapshot = read_sidecar(path)
            except SnapshotError as error:
                unreadable.append((order_by_name(path), error))
            else:
                is_known_then = not as_of_utc or snapshot.retrieved_utc <= as_of_utc
                if is_known_then and part in {None, snapshot.part}:
                    newest = max(newest or snapshot, snapshot, key=_order)
        for order, unread in unreadable:
            is_known_then = not as_of_utc or order[0] <= as_of_utc
            if is_known_then and (newest is None or order > newest.order):
                raise unread
        return newest

    def newest_intact(
        self, source: str, endpoint: str, *, part: str | None = None
    ) -> Snapshot | None:
        """Return the newest snapshot, as `newest`; None if there is none or it is damaged.

        Args:
            source: name of the source.
            endpoint: name of the endpoint.
            part: the part of the endpoint; None: any.
        """
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
            body = gzip.decompress(read_file(path))
        except FileNotFoundError:
            raise damaged(path, "is missing") from None
        except (OSError, EOFError, zlib.error) as error:
            raise damaged(path, f"cannot be decompressed ({error})") from None
        if digest(body) != snapshot.sha256:
            raise damaged(path, "does not match the digest in its sidecar")
        return body

    def settle(self) -> None:
        """Rebuild missing or damaged heads of chains; remove what killed processes left unfinished.

        Raises:
            StorageError: a file cannot be written.
        """
        for folder in self.folder.glob("*/*/"):
            has_lost_head = any(folder.glob(SIDECARS)) and read_head(folder) is None
            if has_lost_head or unfinished(folder):
                with self.locked(*folder.parts[-2:]):
                    pass

    def check_folder(self) -> None:
        """Check that the folder is still the one that it was.

        Raises:
            StorageError: another one was put in its place, such as by a restore.
        """
        found = _identity(self.folder)
        self._identity = self._identity or found
        if found != self._identity:
            raise StorageError(
                f"{self.folder} was replaced by another folder meanwhile.", remedy="Run again."
            )

    def leave_out(self, paths: Collection[str]) -> None:
        """Leave out the snapshots of these paths, too."""
        self._without |= {sidecar_path(self.folder / path) for path in paths}

    @contextmanager
    def locked(self, source: str, endpoint: str) -> Iterator[SnapshotChain]:
        """Keep other processes from storing snapshots of an endpoint.

        Yields:
            What is stored of it.

        Raises:
            StorageError: another process stores some for too long, the folder is not writable, or
                another one was put in its place.
        """
        folder = self.folder / source / endpoint
        chain = self._chains.setdefault(folder, SnapshotChain(folder))
        with chain.locked():
            self.check_folder()
            yield chain

    def _sidecars(self, source: str, endpoint: str) -> Iterator[Path]:
        found = (self.folder / source / endpoint).glob(SIDECARS)
        return (path for path in found if path not in self._without)

    def _is_stored(self, wanted: Snapshot, found: Snapshot) -> bool:
        """Return whether a snapshot is the wanted one and intact."""
        path = sidecar_path(self.folder / found.path)
        if _version(wanted) != _version(found) or path in self._without:
            return False
        try:
            self.read(found)
            sidecar = path.read_bytes()
        except (SnapshotError, OSError):
            return False
        return seal_of(sidecar, EARLIER_FIELDS) != "broken"


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what distinguishes a folder from another one of its name; None if there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _instants(first: datetime, step: timedelta) -> Iterator[datetime]:
    instant = first
    while True:
        yield instant
        instant += step


def _version(snapshot: Snapshot) -> tuple[str, str, str | None, str]:
    return snapshot.sha256, snapshot.url, snapshot.etag, snapshot.part


def _order(snapshot: Snapshot) -> tuple[str, str]:
    return snapshot.order


def _extension(content_type: str) -> str:
    kind = content_type.partition(";")[0].strip().lower()
    return {"text/csv": "csv", "text/plain": "txt", "text/tab-separated-values": "tsv"}.get(
        kind, "json"
    )
