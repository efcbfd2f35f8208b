"""The manifest of a release: the digest of each file, what it was built from, the one before it.

A manifest names the digest of the manifest of the release before, so that the newest one vouches
for all of them. It carries a digest of its own content, too (`spacex.extract.sealed_json`).
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from spacex.errors import DataError, SettingsError
from spacex.extract.sealed_json import UNREADABLE, digest, seal_of
from spacex.files import read_file

MANIFEST = "manifest.json"
KIND = "release of SpaceX Insights"
_FORMAT = 1


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a release, by its path in the folder."""

    path: str
    byte_count: int
    sha256: str


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of a table that may not be passed on."""

    table: str
    row_count: int
    reason: str


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """The release before.

    Attributes:
        folder: the name of its folder.
        sha256: digest of its manifest.
    """

    folder: str
    run_id: str
    sha256: str


class BuiltBy(msgspec.Struct, frozen=True, kw_only=True):
    """A run that loaded data of the release."""

    run_id: str
    loaded_utc: str
    source: str
    mode: str
    software_version: str


class BuiltFrom(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot that a run was built from. The release has its digest, not its content."""

    path: str
    source: str
    url: str
    retrieved_utc: str
    byte_count: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a release consists of.

    Attributes:
        run_id: the run that published the database.
        before: the release before; None for the first.
        files: all files but the manifest, by path.
    """

    kind: str = KIND
    format: int = _FORMAT
    run_id: str
    loaded_utc: str
    is_simulated: bool
    schema_version: int
    software_version: str
    before: Before | None
    left_out: tuple[LeftOut, ...]
    runs: tuple[BuiltBy, ...]
    snapshots: tuple[BuiltFrom, ...]
    files: tuple[File, ...]


def intact_manifest(content: bytes) -> Manifest | None:
    """Return the manifest in the content of a file; None if it is damaged or something else."""
    if seal_of(content, frozenset()) != "intact":
        return None
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except UNREADABLE:
        return None
    return manifest if manifest.kind == KIND else None


def release_before(folder: Path, after: Path | None, loaded_utc: str) -> Before | None:
    """Return the release before a new one; None if the new one is the first.

    Args:
        folder: the folder of the new release.
        after: the folder of the release before; None: the newest one beside the new one that has
            data of an earlier run.
        loaded_utc: the instant of the run of the new release.

    Raises:
        SettingsError: there is no release in the folder, or it is not of an earlier run.
        DataError: the manifest of a release is damaged.
    """
    if after is not None:
        content = _content(after)
        if content is None:
            raise SettingsError(
                f"{after} has no release: there is no {MANIFEST} in it.",
                "Name the folder of the release before.",
            )
        before = _manifest(after, content)
        if before.loaded_utc >= loaded_utc:
            raise SettingsError(
                f"The release in {after} is of {before.loaded_utc}, and the database of "
                f"{loaded_utc}.",
                "Name a release of an earlier run.",
            )
        return _as_before(after, before, content)
    found = [
        (manifest.loaded_utc, each.name, _as_before(each, manifest, content))
        for each, manifest, content in _beside(folder)
        if manifest.loaded_utc < loaded_utc
    ]
    return max(found)[-1] if found else None


def manifests_beside(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield the folders beside one that have a manifest, by name, with the content of each."""
    try:
        entries = sorted(folder.absolute().parent.iterdir())
    except OSError:
        return
    for each in entries:
        if each.name[0] != "." and (content := _content(each)) is not None:
            yield each, content


def _beside(folder: Path) -> Iterator[tuple[Path, Manifest, bytes]]:
    for each, content in manifests_beside(folder):
        if KIND.encode() in content:
            yield each, _manifest(each, content), content


def _as_before(folder: Path, manifest: Manifest, content: bytes) -> Before:
    name = folder.absolute().resolve().name
    return Before(folder=name, run_id=manifest.run_id, sha256=digest(content))


def _content(folder: Path) -> bytes | None:
    try:
        return read_file(folder / MANIFEST)
    except (OSError, ValueError):
        return None


def _manifest(folder: Path, content: bytes) -> Manifest:
    if found := intact_manifest(content):
        return found
    raise DataError(
        f"{folder / MANIFEST} is damaged, or is of another program.",
        "Restore it from a copy, or name another release as the one before with --after.",
    )
