"""The chain of an endpoint's snapshots: each sidecar names the one stored before it.

A sidecar states the name and the digest of the sidecar file that was stored before it, in the order
of storing, which may differ from that of the instants. `head.json` names the one stored last and is
rebuilt if it is missing. Processes that store snapshots of an endpoint take turns by a lock.

Sidecars of earlier releases name none; the first new one names the newest of them. Two machines, or
a backup restored over a newer store, make a chain with branches. That is not damage: a store is
complete if every sidecar that is named exists. The chain misses only the removal of the last
sidecar of a branch that the head does not name. A head whose sidecar is missing still counts, so
that the loss stays on record.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from spacex.errors import SnapshotError, StorageError
from spacex.extract.sealed_json import UNREADABLE, digest, seal_of, sealed
from spacex.extract.sidecar import (
    SIDECARS,
    Snapshot,
    order_by_name,
    read_sidecar,
    sidecar_path,
    stem,
)
from spacex.files import (
    create_atomically,
    read_file,
    remove_unfinished,
    write_atomically,
    write_error,
)

HEAD = "head.json"
_LOCK = "head.lock"
_LOCK_TIMEOUT_S = 60


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The sidecar stored last.

    Attributes:
        sidecar: name of its file; empty if nothing is stored.
        sha256: digest of that file.
    """

    sidecar: str = ""
    sha256: str = ""


def read_head(folder: Path) -> Head | None:
    """Return the head of a folder's chain; None if it is missing or damaged."""
    try:
        content = read_file(folder / HEAD)
        head = msgspec.json.decode(content, type=Head)
    except UNREADABLE:
        return None
    return head if seal_of(content, frozenset()) == "intact" else None


@contextmanager
def all_locked(folder: Path, timeout_s: float) -> Iterator[None]:
    """Keep all processes from storing snapshots in a store during the block.

    Raises:
        StorageError: a process stores some for longer than the timeout.
    """
    with ExitStack() as stack:
        for each in sorted(folder.glob("*/*/")):
            lock = FileLock(each / _LOCK, timeout=timeout_s)
            try:
                stack.enter_context(lock)
            except Timeout:
                raise _held(lock) from None
            except OSError:  # nobody can store there
                continue
        yield


def _held(lock: FileLock) -> StorageError:
    return StorageError(
        f"Another process has held {lock.lock_file} for more than {lock.timeout:g} s.",
        remedy="Wait until it ends, then run again.",
    )


class SnapshotChain:
    """The snapshots of one endpoint, to store more of them.

    What is known of the folder is kept as long as no other process stores, so that storing many
    snapshots reads each sidecar once.

    Attributes:
        newest: the newest snapshot by instant; None if there is none or its sidecar is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.newest: Snapshot | None = None
        self._newest_order = ("", "")
        self._head: Head | None = None
        self._taken: dict[str, Snapshot | None] = {}
        self._lock = FileLock(folder / _LOCK, timeout=_LOCK_TIMEOUT_S)

    @property
    def head(self) -> Head | None:
        """The sidecar stored last, as of the last time that the lock was held."""
        return self._head

    @property
    def snapshots(self) -> Iterator[Snapshot]:
        """The snapshots with a readable sidecar, some of them twice."""
        return filter(None, self._taken.values())

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock against other processes that store snapshots of this endpoint.

        A thread that holds it may hold it again.

        Raises:
            StorageError: another process holds it for too long, or the folder is not writable.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            raise _held(self._lock) from None
        except OSError as error:
            raise write_error(self.folder, error) from None
        try:
            head = read_head(self.folder)
            if head is None or head != self._head:
                self._read(head)
            yield
        finally:
            self._lock.release()

    def at(self, name: str) -> Snapshot | None:
        """Return the snapshot of this stem; None if it is free or its sidecar is damaged."""
        return self._taken.get(name)

    def is_taken(self, name: str) -> bool:
        """Return whether a snapshot has this stem, or a stem that begins with this second."""
        return name in self._taken

    def add(self, snapshot: Snapshot, data: bytes) -> Snapshot | None:
        """Store a snapshot as the new head.

        Args:
            snapshot: the sidecar, without its place in the chain.
            data: content of the data file.

        Returns:
            The sidecar as stored; None if another file has one of the names.

        Raises:
            StorageError: a file cannot be written.
        """
        head = self._head or Head()
        path = self.folder / snapshot.file
        is_new = create_atomically(path, data)
        if not is_new and path.read_bytes() != data:  # a killed process may have left the same
            return None
        chained = msgspec.structs.replace(
            snapshot,
            file_sha256=digest(data),
            previous=head.sidecar,
            previous_sha256=head.sha256,
        )
        sidecar, content = sidecar_path(path), sealed(chained)
        if not create_atomically(sidecar, content):
            if is_new:
                path.unlink(missing_ok=True)
            return None
        self._set_head(Head(sidecar=sidecar.name, sha256=digest(content)))
        self._know(sidecar, chained)
        return chained

    def _read(self, head: Head | None) -> None:
        """Read the folder, which is locked; without a head, find the sidecar stored last."""
        remove_unfinished(self.folder)
        self.newest, self._newest_order = None, ("", "")
        self._taken.clear()
        readable: dict[str, Snapshot] = {}
        for path in self.folder.glob(SIDECARS):
            try:
                snapshot = read_sidecar(path)
            except SnapshotError:
                self._know(path, None)
            else:
                self._know(path, snapshot)
                readable[path.name] = snapshot
        self._head = head
        if not head and readable:
            self._set_head(self._found_head(readable))

    def _found_head(self, sidecars: dict[str, Snapshot]) -> Head:
        """Return the newest sidecar that none names; of an earlier release only if all are."""
        named = {snapshot.previous for snapshot in sidecars.values()}
        ends = [name for name in sidecars if name not in named] or [*sidecars]
        last = max(ends, key=lambda name: (bool(sidecars[name].file_sha256), sidecars[name].order))
        return Head(sidecar=last, sha256=digest((self.folder / last).read_bytes()))

    def _set_head(self, head: Head) -> None:
        write_atomically(self.folder / HEAD, sealed(head))
        self._head = head

    def _know(self, sidecar: Path, snapshot: Snapshot | None) -> None:
        name = stem(sidecar)
        self._taken[name] = self._taken[name.partition(".")[0]] = snapshot
        order = snapshot.order if snapshot else order_by_name(sidecar)
        if order > self._newest_order:
            self.newest, self._newest_order = snapshot, order
