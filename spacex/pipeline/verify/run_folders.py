"""Verify the folders of runs: the files of each, and the snapshots that its manifest names."""

from pathlib import Path

import msgspec

from spacex.errors import SpacexError
from spacex.extract.run_folder import (
    DIGESTS,
    EARLIER_FIELDS,
    MANIFEST,
    NO_DIGESTS,
    STAGING,
    Run,
    parse_digests,
)
from spacex.extract.sealed_json import digest, seal_of
from spacex.notebook.run_index import read_record
from spacex.pipeline.verify.stored_snapshots import Named
from spacex.pipeline.verify.verification import Part
from spacex.settings import RUN_COMMAND

_REMEDY = "Restore it from a backup, or remove the folder of this run: nothing else needs it."

_RESTORE = f"Restore it from a backup, or run `{RUN_COMMAND}`, which makes it again for later runs."


def check_runs(part: Part, runs_dir: Path) -> list[Named]:
    """Check the files of every run; of an unfinished one, only the manifest.

    Args:
        part: receives what is found.
        runs_dir: the folder of runs.

    Returns:
        The snapshots that the manifests name.
    """
    named: list[Named] = []
    unfinished = []
    for folder in part.folders(runs_dir):
        part.count += 1
        if not _check_run(part, folder):
            unfinished.append(folder.name)
        if part.is_gone(folder):  # removed by retention in the meantime
            part.forget(folder)
        elif not part.has_problem(folder / MANIFEST):
            named += _snapshots(runs_dir, folder.name)
    if unfinished:
        names = ", ".join(unfinished)
        text = "holds runs that have not ended, were stopped, or are of an earlier release"
        part.note(runs_dir, f"{text}: {names}")
    return named


def last_published(part: Part, runs_dir: Path) -> str:
    """Return the last run that recorded that it published a database; empty if there is none."""
    for folder in reversed(part.folders(runs_dir)):
        if (record := read_record(folder)) and not record.failure:
            return folder.name
    return ""


def check_presence(part: Part, runs_dir: Path, published_by: str) -> None:
    """Report that the folder of runs is missing, although a run has published the database.

    Folders of single runs may be missing: retention removes them, and so may a person. That of the
    run that published the database is noted: retention keeps it.

    Args:
        part: receives what is found.
        runs_dir: the folder of runs.
        published_by: the run that published the database; empty if none did.
    """
    if published_by and part.is_gone(runs_dir):
        problem = f"is missing: the database was published by the run {published_by}"
        part.damage(runs_dir, problem, _RESTORE)
    elif published_by and part.is_gone(folder := runs_dir / published_by):
        part.note(folder, "was removed: its run published the database")


def _check_run(part: Part, folder: Path) -> bool:
    """Check the files of a run; return False if it names none, because it has not ended."""
    manifest, sums = folder / MANIFEST, folder / DIGESTS
    content = part.read(sums, _REMEDY, is_needed=False)
    if content is not None and content != NO_DIGESTS:
        _check_files(part, sums, content)
        return True
    written = part.read(manifest, _REMEDY, is_needed=False)
    seal = seal_of(written, EARLIER_FIELDS) if written is not None else "none"
    if seal == "broken":
        part.damage(manifest, "is damaged", _REMEDY)
    elif seal == "intact" and content is None and not part.has_problem(sums):
        part.damage(sums, "is missing", _REMEDY)
    return part.has_problem(sums)


def _check_files(part: Part, sums: Path, content: bytes) -> None:
    folder = sums.parent
    digests = parse_digests(content)
    if digests is None:
        part.damage(sums, "is damaged", _REMEDY)
        return
    for name, expected in digests.items():
        found = part.read(folder / name, _REMEDY, is_needed=name != STAGING)  # not in backups
        if found is not None and digest(found) != expected:
            part.damage(folder / name, f"does not match {DIGESTS}: damaged or edited", _REMEDY)


def _snapshots(runs_dir: Path, run_id: str) -> list[Named]:
    """Return the snapshots that the manifest of a run names; none if it has no manifest."""
    try:
        snapshots = [each.snapshot for each in Run(runs_dir, run_id).manifest().extracted]
    except SpacexError:
        return []
    by = f"the run {run_id}"
    return [Named(f"raw/{each.path}", by, msgspec.structs.asdict(each)) for each in snapshots]
