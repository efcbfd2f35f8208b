"""Checks of the data folder: the files, the age of the data, and the last run."""

import os
from collections.abc import Iterator

from spacex.analysis import queries
from spacex.analysis.data_age import data_ages
from spacex.analysis.history import archive_sentence
from spacex.cli.doctor.diagnosis import Diagnosis
from spacex.errors import SpacexError
from spacex.extract.run_folder import DIGESTS, NO_DIGESTS, Run
from spacex.notebook.run_index import last_ended, read_record
from spacex.pipeline.verify import OTHER_PROGRAM, verify
from spacex.settings import RUN_COMMAND, Settings, command
from spacex.units import counted

_MOST_PROBLEMS = 10


def files(settings: Settings) -> Iterator[Diagnosis]:
    """Check that the database can be read, and verify every file of the data folder."""
    unreadable = None
    if not os.path.exists(settings.database):  # noqa: PTH110 - never raises
        remedy = f"Run `{RUN_COMMAND}` to build it, unless a run is going on."
        yield Diagnosis("note", f"No database {settings.database} yet.", remedy)
    else:
        try:
            yield from _archive(settings)
        except SpacexError as error:
            unreadable = settings.database
            yield Diagnosis("fault", error.message, error.remedy)
    try:
        found = verify(settings)
    except SpacexError:
        return  # `folder` reports it
    problems = [each for each in found.problems if found.folder / each.file != unreadable]
    for problem in problems[:_MOST_PROBLEMS]:
        state = "note" if problem.remedy == OTHER_PROGRAM else "fault"
        yield Diagnosis(state, f"{found.folder}: {problem.message}", problem.remedy)
    if more := problems[_MOST_PROBLEMS:]:
        text = f"{counted(len(more), 'more damaged or missing file')} in {found.folder}."
        yield Diagnosis("fault", text, f"`{command('verify')}` names them.")
    if intact := [f"{p.name} ({p.count:,})" for p in found.parts if p.count and not p.problems]:
        yield Diagnosis("ok", f"Intact in {found.folder}: {', '.join(intact)}.")


def _archive(settings: Settings) -> Iterator[Diagnosis]:
    """Say what the archive has, or that there is none.

    Raises:
        DatabaseError: the database cannot be read.
    """
    if sentence := archive_sentence(settings.database):
        yield Diagnosis("ok", f"{sentence.rstrip('.')}.")


def ages(settings: Settings) -> Iterator[Diagnosis]:
    """Compare the age of each source's data with what is promised."""
    try:
        found = data_ages(settings)
    except SpacexError:
        return  # `files` reports it
    for each in found:
        if each.is_stale:
            remedy = f"Run `{RUN_COMMAND}` when {each.source} can be reached."
            yield Diagnosis("note", f"Old data: {each}.", remedy)
        elif each.max_age_h is not None:
            yield Diagnosis("ok", f"Data of {each}.")
        elif each.checked_utc:
            text = f"Data of {each.source}: an archive, checked {each.checked_utc}."
            yield Diagnosis("ok", text)


def last_run(settings: Settings) -> Iterator[Diagnosis]:
    """Report the published run, a last one that has failed, and one that has not ended."""
    try:
        record = queries.run(settings.database)
    except SpacexError:
        published, loaded_utc = "", ""
    else:
        published, loaded_utc = str(record["run_id"]), str(record["loaded_utc"])
        yield Diagnosis("ok", f"The last published run is {published}, at {loaded_utc}.")
    ended = last_ended(settings.runs_dir)
    if ended and ended.failure:
        text = f"The last run to end, {ended.run_id}, {ended.verb}: {ended.failure}"
        yield Diagnosis("note", text, f"Read the pages in {settings.runs_dir / ended.run_id}.")
    try:
        latest = Run.latest(settings.runs_dir)
        has_ended = (latest.folder / DIGESTS).read_bytes() != NO_DIGESTS
    except (SpacexError, OSError):
        return
    if latest.run_id != published and not has_ended and read_record(latest.folder) is None:
        text = f"The run {latest.run_id} is going on or was stopped."
        remedy = f"If none is going on, read the pages in {latest.folder}."
        yield Diagnosis("note", text, remedy)
