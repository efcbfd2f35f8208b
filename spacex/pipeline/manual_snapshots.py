"""Store manual files as snapshots, once each by content and date.

The files of one date are in the order of their contents, not of their storing: see
`spacex.extract.list_dates`.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from spacex.errors import DataError, ResponseError, SettingsError, SnapshotError
from spacex.extract.file_name_dates import Dates, date_in_name
from spacex.extract.list_dates import (
    ROOM,
    check_date,
    date_of,
    free_instant,
    wanted_instant,
)
from spacex.extract.manual_files import manual_response, shown_name
from spacex.extract.snapshot_chain import Head
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.sources import Source
from spacex.transform.manual_content import ManualContent
from spacex.units import utc_instant, utc_text

UNUSABLE = (DataError, ResponseError, SettingsError)
"""Errors of a file that cannot be used."""

Reader = Callable[[bytes, str], ManualContent]
"""Reads the content of a file with a name."""

_Place = tuple[datetime, datetime, int, str]
"""What orders the files: wanted instant, newest epoch, number of usable records, and digest."""
_MINUTE = len("2025-05-18T06:30")


class ManualSnapshots:
    """The snapshots of one endpoint, to add manual files.

    Args:
        folder: the folder of the store.
        source: the source.
        endpoint: name of the endpoint.
        read: reads a file; it raises one of `UNUSABLE` if the file cannot be used.
        part: the part of the endpoint that the files are.

    Raises:
        SnapshotError: a sidecar cannot be read.
    """

    def __init__(
        self, folder: Path, source: Source, endpoint: str, read: Reader, *, part: str = ""
    ) -> None:
        self._store = SnapshotStore(folder)
        self._source = source
        self._endpoint = endpoint
        self._read = read
        self._part = part
        self._contents: dict[str, ManualContent | None] = {}
        self._by_digest: dict[str, list[Snapshot]] = defaultdict(list)
        self._by_date: dict[object, list[Snapshot]] = defaultdict(list)
        self._known: set[str] = set()
        self._head: Head | None = None
        self._know(self._store.all(source.name, endpoint))

    def copies(self, sha256: str) -> list[Snapshot]:
        """Return the snapshots whose body has a digest."""
        return self._by_digest.get(sha256, [])

    def is_dated_as(self, known: Snapshot, name: str) -> bool:
        """Return whether a file of this name, with the content of a snapshot, has its date.

        Raises:
            SettingsError: the date in the name is invalid.
        """
        dates = date_in_name(name)
        if known.manual_name:
            return known.manual_name == name or _date_of(known.manual_name) == dates
        return dates is None or dates[0] <= utc_instant(known.retrieved_utc) <= dates[1]

    def store(self, path: Path, body: bytes) -> tuple[Snapshot, ManualContent]:
        """Store a file, unless it is stored already, and return its snapshot and content.

        What another process has stored meanwhile counts. A copy that is damaged, or was dated
        wrongly by an earlier release, does not.

        Args:
            path: the file.
            body: its content, decompressed.

        Raises:
            DataError, ResponseError, SettingsError: the file cannot be used.
            StorageError: it cannot be written.
        """
        content = self._read(body, shown_name(path))
        with self._store.locked(self._source.name, self._endpoint) as chain:
            if chain.head != self._head:  # another process has stored some
                self._know(chain.snapshots)
            snapshot = self._stored(path, body, content)
            self._head = chain.head
        return snapshot, content

    def _stored(self, path: Path, body: bytes, content: ManualContent) -> Snapshot:
        """Return the snapshot of a file, and store it if need be, under the lock."""
        name, sha256 = shown_name(path), hashlib.sha256(body).hexdigest()
        copies = self.copies(sha256)
        for known in copies:
            if self._has_date(known, name, content) and self._is_usable(known, content):
                return known
        place = _place(content, sha256)
        near = self._near(name, place)
        instant = free_instant(
            place[0],
            content.dates,
            older=[utc_instant(each.retrieved_utc) for each, other in near if other < place],
            newer=[utc_instant(each.retrieved_utc) for each, other in near if other > place],
        )
        self._store.leave_out([each.path for each in copies])
        response = manual_response(path, instant, body)
        snapshot = self._store.save(
            self._source, self._endpoint, response, content.record_count, part=self._part
        )
        self._contents[snapshot.path] = content
        self._know([snapshot])
        return snapshot

    def _know(self, snapshots: Iterable[Snapshot]) -> None:
        for each in snapshots:
            if each.part != self._part or each.path in self._known:
                continue
            self._known.add(each.path)
            self._by_digest[each.sha256].append(each)
            if each.manual_name:
                for key in (_date_of(each.manual_name), each.retrieved_utc[:_MINUTE]):
                    self._by_date[key].append(each)

    def _has_date(self, known: Snapshot, name: str, content: ManualContent) -> bool:
        """Return whether a file with the content of a snapshot has its date, or amounts to it."""
        if self.is_dated_as(known, name):
            return True
        other = self._content_of(known) if known.manual_name else None
        return other is not None and other.dates == content.dates

    def _is_usable(self, known: Snapshot, content: ManualContent) -> bool:
        """Return whether a snapshot is intact, and dated as its content is."""
        with suppress(DataError, SnapshotError):
            self._store.read(known)
            if content.median:
                check_date(known.url, date_of(known.retrieved_utc), content.median)
            return True
        return False

    def _near(self, name: str, place: _Place) -> list[tuple[Snapshot, _Place]]:
        """Return the stored manual files of the date in a name, or about a place; with theirs."""
        minutes = [utc_text(place[0] + number * ROOM)[:_MINUTE] for number in (-1, 0, 1)]
        keys = [*filter(None, [_date_of(name)]), *minutes]
        near = {each.path: each for key in keys for each in self._by_date.get(key, ())}
        contents = [(each, self._content_of(each)) for each in near.values()]
        return [(each, _place(content, each.sha256)) for each, content in contents if content]

    def _content_of(self, snapshot: Snapshot) -> ManualContent | None:
        """Return the content of a stored manual file; None if it cannot be used."""
        if snapshot.path not in self._contents:
            self._contents[snapshot.path] = None
            with suppress(*UNUSABLE, SnapshotError):
                body = self._store.read(snapshot)
                self._contents[snapshot.path] = self._read(body, snapshot.manual_name)
        return self._contents[snapshot.path]


def _place(content: ManualContent, sha256: str) -> _Place:
    wanted = wanted_instant(content.dates, content.newest)
    return wanted, content.newest, content.fates.loaded, sha256


def _date_of(name: str) -> Dates | None:
    """Return the date in a file name; None if it has none, or an invalid one."""
    with suppress(SettingsError):
        return date_in_name(name)
    return None
