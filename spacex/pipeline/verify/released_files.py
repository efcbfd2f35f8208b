"""Verify a release: every byte of its files, and the chain of the releases before it."""

import errno
import hashlib
import os
import stat
from pathlib import Path, PurePosixPath

from spacex.analysis.releases.release_manifest import (
    MANIFEST,
    Before,
    Manifest,
    intact_manifest,
    manifests_beside,
)
from spacex.errors import SettingsError
from spacex.extract.sealed_json import digest
from spacex.files import CHECK_DISK, MOVE_AWAY, NOT_A_FILE
from spacex.pipeline.verify.verification import Part, Progress, Verification

_REMEDY = "Obtain the release again, from where it was published."


def verify_release(folder: Path, progress: Progress = lambda _: None) -> Verification:
    """Verify the files of a release, and the releases before it that are beside it.

    Args:
        folder: the folder of the release.
        progress: called with the size of each file that was read.

    Raises:
        SettingsError: there is no such folder.
    """
    if not os.path.isdir(folder):  # noqa: PTH112 - never raises
        raise SettingsError(f"There is no folder {folder}.", "Name the folder of a release.")
    files, chain = Part("files", folder, progress), Part("releases before", folder, progress)
    path = folder / MANIFEST
    content = files.read(path, f"A folder without it is no release. {_REMEDY}")
    if content is not None:
        files.count += 1
        if manifest := intact_manifest(content):
            _check_files(files, manifest)
            _check_chain(chain, manifest)
            about = f"has the SHA-256 {digest(content)}: compare it with the one that is cited"
            files.note(path, about)
        else:
            files.damage(path, "is damaged, or is no manifest of a release", _REMEDY)
    return Verification(folder, (files, chain))


def size_of_release(folder: Path) -> int:
    """Return the number of bytes that `verify_release` will read, about."""
    return sum(each.lstat().st_size for each in _entries(Part("", folder, lambda _: None)))


def _check_files(part: Part, manifest: Manifest) -> None:
    known = {part.folder / MANIFEST}
    for each in manifest.files:
        part.count += 1
        path = part.folder / each.path
        if ".." in PurePosixPath(each.path).parts or not path.is_relative_to(part.folder):
            part.damage(part.folder / MANIFEST, f"names {each.path!r}, outside of it", _REMEDY)
            continue
        known.add(path)
        try:
            found = _digest(part, path)
        except (FileNotFoundError, NotADirectoryError):
            part.damage(path, "is missing", _REMEDY)
        except OSError as error:
            is_odd = error.errno in {errno.ELOOP, errno.EINVAL, errno.EISDIR, errno.ENXIO}
            problem = f"is {NOT_A_FILE}" if is_odd else f"cannot be read ({error.strerror})"
            part.damage(path, problem, _REMEDY if is_odd else CHECK_DISK)
        else:
            if found != each.sha256:
                part.damage(path, f"is damaged or edited: it does not match {MANIFEST}", _REMEDY)
    folders = {parent for path in known for parent in path.parents}
    for path in _entries(part):
        if path not in known and (path not in folders or path.is_symlink()):
            part.damage(path, f"is not part of the release: {MANIFEST} lacks it", MOVE_AWAY)


def _digest(part: Part, path: Path) -> str:
    """Return the digest of a regular file, in hexadecimal; count its bytes.

    Raises:
        OSError: it is missing, a link, a pipe or a folder, or cannot be read.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, NOT_A_FILE, str(path))
        part.add_bytes(found.st_size)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _entries(part: Part) -> list[Path]:
    """Return all files and folders in a release; links are not followed."""

    def report(error: OSError) -> None:
        part.damage(Path(error.filename), f"cannot be read ({error.strerror})", CHECK_DISK)

    return sorted(
        Path(parent, name)
        for parent, folders, names in os.walk(part.folder, onerror=report)
        for name in (*folders, *names)
    )


def _check_chain(part: Part, manifest: Manifest) -> None:
    """Check that the releases before, as far as they are beside, are those that were named."""
    beside = {digest(content): (path, content) for path, content in manifests_beside(part.folder)}
    folder, before = part.folder, manifest.before
    while before and before.sha256 in beside:
        part.count += 1
        folder, content = beside[before.sha256]
        found = intact_manifest(content)
        before = found.before if found else None
    if not before:
        return
    by = folder.absolute().name
    if other := _exchanged(part.folder, before):
        problem = f"is not the one that the release {by} follows: it was damaged or replaced"
        part.damage(other / MANIFEST, problem, _REMEDY)
    else:
        text = f"names the release before, {before.folder} (run {before.run_id}), not found beside"
        digest_of = f"Its {MANIFEST} has the SHA-256 {before.sha256}."
        part.note(folder / MANIFEST, text, f"Put it there to verify the chain. {digest_of}")


def _exchanged(folder: Path, before: Before) -> Path | None:
    """Return the folder that should have a release, but has another manifest."""
    for path, content in manifests_beside(folder):
        found = intact_manifest(content)
        if path.name == before.folder or (found and found.run_id == before.run_id):
            return path
    return None
