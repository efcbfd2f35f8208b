"""Verify the snapshots: data files, sidecars, and the chain of each endpoint."""

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TypeVar

import msgspec

from spacex.extract.accepted_lists import ACCEPTED_LISTS
from spacex.extract.sealed_json import digest, seal_of
from spacex.extract.sidecar import EARLIER_FIELDS, SIDECARS, Snapshot, sidecar_path, stem
from spacex.extract.snapshot_chain import HEAD, Head
from spacex.pipeline.verify.verification import Part

LOST = "lost.txt"
"""File in `raw/` that lists the snapshots whose loss is known, as `<source>/<endpoint>/<stem>`."""

Decoded = TypeVar("Decoded")
_CHUNK = 2**20
_PATH = re.compile(r"raw/[\w-]+/[\w-]+/[\w-][\w.-]*\.gz")
_ACCEPT_AGAIN = "Restore it from a backup, or remove it and accept the lists again."
_REBUILT = "Remove it: the next run rebuilds it."


@dataclass(frozen=True)
class Named:
    """A snapshot that a run names.

    Attributes:
        path: its data file, relative to the data folder.
        by: who names it, for messages.
        values: values of its sidecar, as far as they are known there.
    """

    path: str
    by: str
    values: Mapping[str, object]


def check_snapshots(part: Part, raw: Path, named: Iterable[Named]) -> None:
    """Check every snapshot in the store, and those that runs name.

    Args:
        part: receives what is found.
        raw: the folder of the store.
        named: the snapshots that runs name.
    """
    accepted = part.read(raw / ACCEPTED_LISTS, "", is_needed=False)
    if accepted is not None and seal_of(accepted, frozenset()) != "intact":
        part.damage(raw / ACCEPTED_LISTS, "is damaged", _ACCEPT_AGAIN)
    lost = _lost(raw)
    found: dict[str, Snapshot] = {}
    for folder in endpoint_folders(part, raw):
        found |= _check_folder(part, folder, raw, lost)
    for snapshot in named:
        if not _PATH.fullmatch(snapshot.path):
            part.damage(part.folder / snapshot.path, f"is no snapshot: {snapshot.by} names it", "")
        elif _name(part.folder / snapshot.path, raw) not in lost:
            _check_named(part, raw, snapshot, found.get(snapshot.path))


def _check_named(part: Part, raw: Path, named: Named, found: Snapshot | None) -> None:
    """Compare a snapshot that a run names with the sidecar, if that is not damaged itself."""
    data = part.folder / named.path
    places = (sidecar_path(data), data.parent, data.parent.parent, raw)
    if any(map(part.has_problem, places)):
        return
    if found is None:
        part.damage(data, f"is missing: {named.by} names it", _remedy(data, raw))
    elif any(getattr(found, name) != value for name, value in named.values.items()):
        part.damage(data, f"is another snapshot than {named.by} names", _remedy(data, raw))


def endpoint_folders(part: Part, raw: Path) -> Iterator[Path]:
    """Yield the folders of the endpoints, one for each source and endpoint."""
    for source in part.folders(raw):
        yield from part.folders(source)


def _check_folder(part: Part, folder: Path, raw: Path, lost: set[str]) -> dict[str, Snapshot]:
    """Check one endpoint; return its snapshots by their paths relative to the data folder."""
    head = _head(part, folder)  # before the sidecars: it never names one that is stored later
    files = part.entries(folder)
    sidecars = [path for path in files if path.match(SIDECARS)]
    part.count += len(sidecars)
    digests: dict[str, str] = {}
    snapshots: dict[str, Snapshot] = {}
    for path in sidecars:
        content = part.read(path, _remedy(path, raw))
        if content is None:
            continue
        digests[path.name] = digest(content)
        if snapshot := _sidecar(part, path, content, raw):
            snapshots[path.name] = snapshot
            _check_data(part, folder / snapshot.file, snapshot, raw)
    if not head and any(snapshot.file_sha256 for snapshot in snapshots.values()):
        part.damage(folder / HEAD, "is missing", "Nothing: the next run rebuilds it.")
    for by, previous, sha256 in _links(head, snapshots):
        path = folder / previous
        if digests.get(previous) != sha256 and _name(path, raw) not in lost:
            problem = "another one" if previous in digests else "missing"
            part.damage(path, f"is {problem}: {by} names it", _remedy(path, raw))
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


def _sidecar(part: Part, path: Path, content: bytes, raw: Path) -> Snapshot | None:
    """Return the snapshot of a sidecar; None if it is damaged."""
    snapshot = _decoded(content, Snapshot)
    if snapshot is None:
        problem = "is damaged: it is no sidecar"
    elif seal_of(content, EARLIER_FIELDS) == "broken":
        problem = "is damaged: its content does not match its digest"
    elif not _is_at(snapshot, path, raw):
        problem = f"is the sidecar of another snapshot, {snapshot.path!r}"
    else:
        return snapshot
    part.damage(path, problem, _remedy(path, raw))
    return None


def _is_at(snapshot: Snapshot, sidecar: Path, raw: Path) -> bool:
    """Return whether a sidecar has the name and the folder that it states."""
    try:
        data = raw / snapshot.source / snapshot.endpoint / snapshot.file
        return sidecar_path(data) == sidecar and data.parent == sidecar.parent
    except ValueError:
        return False


def _check_data(part: Part, path: Path, snapshot: Snapshot, raw: Path) -> None:
    remedy = _remedy(path, raw)
    data = part.read(path, remedy)
    if data is None:
        return
    if snapshot.file_sha256 and digest(data) != snapshot.file_sha256:
        part.damage(path, "is damaged: it does not match its sidecar", remedy)
    elif problem := _body_problem(data, snapshot):
        part.damage(path, f"is damaged: {problem}", remedy)


def _body_problem(data: bytes, snapshot: Snapshot) -> str:
    """Say what is wrong with the body in a data file; empty if nothing."""
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


def _lost(raw: Path) -> set[str]:
    try:
        lines = (raw / LOST).read_text(errors="replace").splitlines()
    except OSError:
        return set()
    return {line.partition("#")[0].strip() for line in lines}


def _name(path: Path, raw: Path) -> str:
    """Return the name of a snapshot in the list of lost ones, given one of its files."""
    try:
        return path.with_name(stem(path)).relative_to(raw).as_posix()
    except ValueError:
        return path.as_posix()


def _remedy(path: Path, raw: Path) -> str:
    return (
        f"Restore it from a backup. If there is none, remove {stem(path)}.*, add the line "
        f"{_name(path, raw)} to {raw.name}/{LOST}, and run again to fetch the present data."
    )


def _decoded(content: bytes, kind: type[Decoded]) -> Decoded | None:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
