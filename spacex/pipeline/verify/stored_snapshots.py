"""Verify the snapshots: data files, sidecars, and the chain of each endpoint."""

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TypeVar

import msgspec

from spacex.extract.accepted_lists import ACCEPTED_LISTS, accepted
from spacex.extract.refused_lists import REFUSED_LISTS
from spacex.extract.sealed_json import UNREADABLE, digest, seal_of
from spacex.extract.sidecar import (
    EARLIER_FIELDS,
    MANUAL_SCHEME,
    SIDECARS,
    Snapshot,
    sidecar_path,
    stem,
)
from spacex.extract.snapshot_chain import HEAD, Head
from spacex.pipeline.verify.verification import Part

LOST = "lost.txt"
"""File in `raw/` that lists the snapshots whose loss is known, as `<source>/<endpoint>/<stem>`."""

Decoded = TypeVar("Decoded")
_CHUNK = 2**20
_PATH = re.compile(r"raw/[\w-]+/[\w-]+/[\w-][\w.-]*\.gz")
_LISTS = {
    ACCEPTED_LISTS: "Restore it from a backup, or remove it and load the lists again with "
    "--accept-shrink.",
    REFUSED_LISTS: "Remove it: the next import judges the lists again.",
}
_REBUILT = "Remove it: the next run rebuilds it."


@dataclass(frozen=True)
class Named:
    """A snapshot that a run names.

    Attributes:
        path: its data file, relative to the data folder.
        by: what names it, for messages.
        values: values of its sidecar, as far as they are known there.
        is_accepted: whether it is a GP list that a person accepted.
    """

    path: str
    by: str
    values: Mapping[str, object]
    is_accepted: bool = False


@dataclass(frozen=True)
class _Store:
    """The store, with what is known of its snapshots by their names.

    Attributes:
        folder: the folder of the store.
        lost: the snapshots whose loss is known.
        originals: name of a snapshot → name that its manual file had.
        contents: name of a snapshot → what a run says of it.
    """

    folder: Path
    lost: frozenset[str]
    originals: dict[str, str]
    contents: dict[str, Mapping[str, object]]

    def name(self, path: Path) -> str:
        """Return the name of a snapshot in the list of lost ones, given one of its files."""
        try:
            return path.with_name(stem(path)).relative_to(self.folder).as_posix()
        except ValueError:
            return path.as_posix()

    def is_lost(self, path: Path) -> bool:
        """Return whether the loss of a snapshot is known, given one of its files."""
        return self.name(path) in self.lost

    def note_origin(self, path: Path, url: object) -> None:
        """Remember which manual file a snapshot was, if it was one."""
        if isinstance(url, str) and url.startswith(MANUAL_SCHEME):
            self.originals[self.name(path)] = url.removeprefix(MANUAL_SCHEME)

    def is_same(self, path: Path, snapshot: Snapshot) -> bool:
        """Return whether a run confirms the content of a snapshot."""
        return _agree(snapshot, self.contents.get(self.name(path), {"sha256": ""}))

    def listing(self, path: Path) -> str:
        """Return how to declare that the loss or change of a snapshot is known."""
        return f"add the line {self.name(path)} to {self.folder.name}/{LOST}"

    def remedy(self, path: Path) -> str:
        """Return what to do about a missing or damaged file of a snapshot."""
        listing = self.listing(path)
        if original := self.originals.get(self.name(path)):
            return (
                f"Remove {stem(path)}.*, then import or drop in {original} again. If you no longer "
                f"have that file, restore the snapshot from a backup, or {listing}."
            )
        return (
            f"Restore it from a backup. If there is none, remove {stem(path)}.*, {listing}, and "
            f"run again to fetch the present data."
        )


def check_snapshots(part: Part, raw: Path, named: Sequence[Named]) -> frozenset[str]:
    """Check every snapshot in the store, and those that runs name.

    Args:
        part: receives what is found.
        raw: the folder of the store.
        named: the snapshots that runs name.

    Returns:
        The sources from which a snapshot was requested.
    """
    for name, remedy in _LISTS.items():
        content = part.read(raw / name, "", is_needed=False)
        if content is not None and seal_of(content, frozenset()) != "intact":
            part.damage(raw / name, "is damaged", remedy)
    known = accepted(raw)
    for each in named:
        if each.is_accepted and each.values["sha256"] not in known:
            problem = f"is missing, or lacks {each.path}, which a person accepted"
            part.damage(raw / ACCEPTED_LISTS, problem, _LISTS[ACCEPTED_LISTS])
    store = _Store(raw, _lost(raw), {}, {})
    for each in named:
        data = part.folder / each.path
        store.note_origin(data, each.values.get("url"))
        store.contents[store.name(data)] = each.values
    found: dict[str, Snapshot] = {}
    for folder in endpoint_folders(part, raw):
        found |= _check_folder(part, folder, store)
    for snapshot in named:
        if not _PATH.fullmatch(snapshot.path):
            part.damage(
                part.folder / snapshot.path, f"is not a snapshot: {snapshot.by} names it", ""
            )
        elif not store.is_lost(part.folder / snapshot.path):
            _check_named(part, store, snapshot, found.get(snapshot.path))
    return frozenset(each.source for each in found.values() if each.status)


def _check_named(part: Part, store: _Store, named: Named, found: Snapshot | None) -> None:
    """Compare a snapshot that a run names with the sidecar, if that is not damaged itself."""
    data = part.folder / named.path
    places = (sidecar_path(data), data.parent, data.parent.parent, store.folder)
    if any(map(part.has_problem, places)):
        return
    if found is None:
        part.damage(data, f"is missing: {named.by} names it", store.remedy(data))
    elif not _agree(found, named.values):
        part.damage(data, f"is not the snapshot that {named.by} names", store.remedy(data))


def _agree(snapshot: Snapshot, values: Mapping[str, object]) -> bool:
    return all(getattr(snapshot, name) == value for name, value in values.items())


def endpoint_folders(part: Part, raw: Path) -> Iterator[Path]:
    """Yield the folders of the endpoints, one for each source and endpoint."""
    for source in part.folders(raw):
        yield from part.folders(source)


def _check_folder(part: Part, folder: Path, store: _Store) -> dict[str, Snapshot]:
    """Check one endpoint; return its snapshots by their paths relative to the data folder."""
    head = _head(part, folder)  # before the sidecars: it never names one that is stored later
    files = part.entries(folder)
    sidecars = [path for path in files if path.match(SIDECARS)]
    part.count += len(sidecars)
    digests: dict[str, str] = {}
    snapshots: dict[str, Snapshot] = {}
    for path in sidecars:
        content = part.read(path, store.remedy(path))
        if content is None:
            continue
        digests[path.name] = digest(content)
        if snapshot := _sidecar(part, path, content, store):
            snapshots[path.name] = snapshot
            _check_data(part, folder / snapshot.file, snapshot, store)
    if not head and any(snapshot.file_sha256 for snapshot in snapshots.values()):
        part.damage(folder / HEAD, "is missing", "Nothing: the next run rebuilds it.")
    for by, previous, sha256 in _links(head, snapshots):
        path = folder / previous
        if digests.get(previous) == sha256 or store.is_lost(path):
            continue
        if previous not in digests:
            part.damage(path, f"is missing: {by} names it", store.remedy(path))
        elif previous in snapshots and store.is_same(path, snapshots[previous]):
            part.note(path, "was stored again later, with the same content")
        else:
            remedy = f"If you stored it again, {store.listing(path)}; if not, restore the former "
            problem = f"is not the file that {by} refers to: it was replaced later"
            part.damage(path, problem, f"{remedy}one from a backup.")
    _note_leftovers(part, files)
    return {part.name_of(folder / s.file): s for s in snapshots.values()}


def _links(head: Head | None, snapshots: Mapping[str, Snapshot]) -> Iterator[tuple[str, str, str]]:
    """Yield what names a sidecar, with the name and the digest of that sidecar."""
    for name, snapshot in snapshots.items():
        if snapshot.previous:
            yield name, snapshot.previous, snapshot.previous_sha256
    if head and head.sidecar:
        yield HEAD, head.sidecar, head.sha256


def _head(part: Part, folder: Path) -> Head | None:
    """Return the head of an endpoint; None if it is missing or damaged."""
    path = folder / HEAD
    content = part.read(path, _REBUILT, is_needed=False)
    if content is None:
        return None
    head = _decoded(content, Head)
    if head is None or seal_of(content, frozenset()) != "intact":
        part.damage(path, "is damaged", _REBUILT)
        return None
    return head


def _sidecar(part: Part, path: Path, content: bytes, store: _Store) -> Snapshot | None:
    """Return the snapshot of a sidecar; None if it is damaged."""
    snapshot = _decoded(content, Snapshot)
    if snapshot is None:
        problem = "is damaged: it cannot be read as a sidecar"
    elif seal_of(content, EARLIER_FIELDS) == "broken":
        problem = "is damaged: its content does not match its digest"
    elif not _is_at(snapshot, path, store.folder):
        problem = f"is the sidecar of another snapshot, {snapshot.path!r}"
    else:
        store.note_origin(path, snapshot.url)
        return snapshot
    part.damage(path, problem, store.remedy(path))
    return None


def _is_at(snapshot: Snapshot, sidecar: Path, raw: Path) -> bool:
    """Return whether a sidecar has the name and the folder that it states."""
    try:
        data = raw / snapshot.source / snapshot.endpoint / snapshot.file
        return sidecar_path(data) == sidecar and data.parent == sidecar.parent
    except ValueError:
        return False


def _check_data(part: Part, path: Path, snapshot: Snapshot, store: _Store) -> None:
    remedy = store.remedy(path)
    data = part.read(path, remedy)
    if data is None:
        return
    if snapshot.file_sha256 and digest(data) != snapshot.file_sha256:
        part.damage(path, "is damaged: it does not match its sidecar", remedy)
    elif problem := _body_problem(data, snapshot):
        part.damage(path, f"is damaged: {problem}", remedy)


def _body_problem(data: bytes, snapshot: Snapshot) -> str:
    """Return what is wrong with the body in a data file; empty if nothing."""
    body, size = hashlib.sha256(), 0
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as file:
            while size <= snapshot.byte_count and (chunk := file.read(_CHUNK)):
                body.update(chunk)
                size += len(chunk)
    except (OSError, EOFError, zlib.error) as error:
        return f"it cannot be decompressed ({error})"
    if (size, body.hexdigest()) != (snapshot.byte_count, snapshot.sha256):
        return "its body does not match its sidecar"
    return ""


def _note_leftovers(part: Part, files: list[Path]) -> None:
    """Note what a killed run may have left: data files without a sidecar, unfinished files."""
    sidecars = {path.name for path in files if path.match(SIDECARS)}
    for path in files:
        sidecar = sidecar_path(path)
        if path.suffix == ".gz" and sidecar.name not in sidecars and not part.has_problem(sidecar):
            part.note(path, "has no sidecar, so it does not count; a killed run left it")
        elif path.suffix == ".tmp":
            part.note(path, "is unfinished; a killed run left it", "Remove it.")


def _lost(raw: Path) -> frozenset[str]:
    try:
        lines = (raw / LOST).read_text(errors="replace").splitlines()
    except OSError:
        return frozenset()
    return frozenset(line.partition("#")[0].strip() for line in lines)


def _decoded(content: bytes, kind: type[Decoded]) -> Decoded | None:
    try:
        return msgspec.json.decode(content, type=kind)
    except UNREADABLE:
        return None
