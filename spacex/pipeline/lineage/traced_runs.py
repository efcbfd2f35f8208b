"""Write the events of a run and its stages, and send them. Nothing here stops a run."""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from spacex.errors import SpacexError, masked
from spacex.extract.run_folder import Run
from spacex.notebook.run_index import DIED
from spacex.pipeline.lineage import datasets, event_file
from spacex.pipeline.lineage.event_file import EventFile
from spacex.pipeline.lineage.events import (
    Json,
    Kind,
    Traced,
    error_message,
    event,
    parameters_of,
)
from spacex.pipeline.lineage.receiver import Receiver, receiver
from spacex.schema import CONTENT_TABLES
from spacex.settings import Settings
from spacex.warehouse.connection import connect_readonly

SETTLE_S = 1
"""The longest time that a run waits at its end for the receiver, s."""

_TAIL = 2**16
"""More bytes than the event that ends a run has."""
_logger = logging.getLogger("prefect.flow_runs")


class _TracedRun:
    """A run that this process executes, and its file of events."""

    def __init__(self, settings: Settings, run: Run) -> None:
        self._settings = settings
        self._run = run
        self._file: EventFile | None = None
        self._receiver = _receiver(settings)
        try:
            self._file = event_file.create(settings.lineage_dir / f"{run.run_id}.jsonl")
        except OSError as error:
            self._warn(error)

    def tell(self, kind: Kind, stage: str, **run_facets: Mapping[str, Any]) -> None:
        """Write an event and send it.

        Args:
            kind: its type.
            stage: the stage that it is about; empty: the run.
            run_facets: further facets of the run.
        """
        inputs: Sequence[Json] = []
        outputs: Sequence[Json] = []
        try:
            inputs, outputs = _Datasets(self._settings, self._run).of(stage, kind)
        except Exception as error:  # noqa: BLE001 - no fault of the lineage may stop a run
            self._warn(error)
        self._put(event(kind, Traced(self._run.run_id, stage), inputs, outputs, **run_facets))

    def close(self) -> None:
        """Close the file, and wait for the receiver, but not for long."""
        if self._file:
            self._file.close()
        if self._receiver and (problem := self._receiver.settle(SETTLE_S)):
            _logger.warning(problem, extra={"is_notice": True})

    def _put(self, found: Json) -> None:
        line = msgspec.json.encode(found)
        if self._receiver:
            self._receiver.send(line)
        try:
            if self._file:
                self._file.append(line)
        except OSError as error:
            self._warn(error)

    def _warn(self, error: Exception) -> None:
        text = "The lineage of run %s is not complete: %s"
        _logger.warning(text, self._run.run_id, masked(str(error) or type(error).__name__))


_running: dict[str, _TracedRun] = {}
"""The runs that this process executes, by id."""


@contextmanager
def tracing(settings: Settings, run: Run, parameters: Mapping[str, Any]) -> Iterator[None]:
    """Tell of the run that the block executes, and that runs killed before have ended.

    Args:
        settings: the folders, and the receiver.
        run: the run.
        parameters: those that it was started with.
    """
    for problem in end_abandoned(settings):
        _logger.warning(problem)
    traced = _running[run.run_id] = _TracedRun(settings, run)
    try:
        with _told(traced, "", executionParameters=parameters_of(parameters)):
            yield
    finally:
        del _running[run.run_id]
        traced.close()


@contextmanager
def tracing_stage(run: Run, notebook: str) -> Iterator[None]:
    """Tell of the stage that the block executes; of nothing if its run is not traced.

    Args:
        run: the run.
        notebook: the notebook of the stage, such as `10_extract`.
    """
    if traced := _running.get(run.run_id):
        with _told(traced, notebook.partition("_")[2]):
            yield
    else:
        yield


@contextmanager
def _told(traced: _TracedRun, stage: str, **at_start: Mapping[str, Any]) -> Iterator[None]:
    """Tell that a run or a stage begins, and how it ends.

    Args:
        traced: the run.
        stage: the stage; empty: the run.
        at_start: facets of the run that are told when it begins.
    """
    traced.tell("START", stage, **at_start)
    try:
        yield
    except BaseException as error:
        kind: Kind = "FAIL" if isinstance(error, Exception) else "ABORT"
        what = error.message if isinstance(error, SpacexError) else str(error)
        traced.tell(kind, stage, errorMessage=error_message(what or type(error).__name__))
        raise
    traced.tell("COMPLETE", stage)


class _Datasets:
    """The datasets of the stages of a run, as far as they are known."""

    def __init__(self, settings: Settings, run: Run) -> None:
        self._raw_dir = settings.raw_dir
        self._database = settings.database
        self._run = run

    def of(self, stage: str, kind: Kind) -> tuple[Sequence[Json], Sequence[Json]]:
        """Return what a stage reads, and what it has written; of the run what it has.

        Args:
            stage: the stage; empty: the run.
            kind: the type of the event. What was read is told when a stage begins and when it is
                complete, because some receivers look at one of the two alone.
        """
        is_complete = kind == "COMPLETE"
        if kind not in {"START", "COMPLETE"} or (stage in {"", "extract"} and not is_complete):
            return [], []
        read, wrote = {
            "extract": (self._endpoints, self._fetched),
            "transform": (self._snapshots, self._staged),
            "load": (self._staging, self._published),
            "report": (self._main, self._report),
            "": (self._endpoints, self._results),
        }[stage]
        return read(), wrote() if is_complete else []

    def _endpoints(self) -> list[Json]:
        return datasets.endpoints(self._run.manifest())

    def _fetched(self) -> list[Json]:
        return datasets.fetched(self._run.manifest(), self._raw_dir)

    def _snapshots(self) -> list[Json]:
        return datasets.snapshots(self._run.manifest(), self._raw_dir)

    def _staged(self) -> list[Json]:
        counts = _counts(self._run.staging, self._run.run_id)
        return datasets.staged_tables(self._run.manifest(), self._database, self._raw_dir, counts)

    def _staging(self) -> list[Json]:
        names = _counts(self._run.staging, self._run.run_id)
        return datasets.tables(self._database, datasets.STAGING, names)

    def _published(self) -> list[Json]:
        counts = _counts(self._database, self._run.run_id)
        return datasets.published_tables(self._run.manifest(), self._database, counts)

    def _main(self) -> list[Json]:
        names = [table.name for table in CONTENT_TABLES]
        return datasets.tables(self._database, datasets.MAIN, names)

    def _report(self) -> list[Json]:
        return [datasets.page(self._run.report)]

    def _results(self) -> list[Json]:
        names = _counts(self._database, self._run.run_id)
        return datasets.tables(self._database, datasets.MAIN, names) + self._report()


def _counts(database: Path, run_id: str) -> dict[str, int]:
    """Return table → rows that a run has written, of a staging or published database.

    Args:
        database: the database.
        run_id: the run.
    """
    sql = "SELECT table_name, sum(rows_loaded) FROM _counts WHERE run_id = ? GROUP BY 1 ORDER BY 1"
    with closing(connect_readonly(database)) as connection:
        return dict(connection.execute(sql, (run_id,)))


def end_abandoned(settings: Settings) -> list[str]:
    """Tell that the runs have ended whose process has died; return which files are damaged."""
    problems = []
    for path in event_file.files(settings.lineage_dir):
        try:
            if not _is_complete(path) and (file := event_file.open_abandoned(path)):
                with closing(file):
                    _abort(path.stem, file, _receiver(settings))
        except (OSError, msgspec.MsgspecError, KeyError, TypeError) as error:
            problems.append(f"The lineage in {path} is damaged: {error}")
    return problems


def _is_complete(path: Path) -> bool:
    """Return whether the last line of a file says that its run has ended."""
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        lines = file.read().splitlines()
    with suppress(msgspec.MsgspecError, IndexError, KeyError, TypeError):
        last = msgspec.json.decode(lines[-1])
        return bool(last["eventType"] != "START" and not _stage(last))
    return False


def _stage(found: Json) -> str:
    """Return the stage that an event is about; empty: the run."""
    return str(found["job"]["name"].partition(".")[2])


def _abort(run_id: str, file: EventFile, to: Receiver | None) -> None:
    """Tell that a run has ended, and the stage that it had begun.

    Args:
        run_id: the run.
        file: its events.
        to: the receiver.
    """
    begun: dict[str, None] = {}
    for each in file.events():
        if each["eventType"] == "START":
            begun[_stage(each)] = None
        else:
            begun.pop(_stage(each), None)
    for stage in reversed(begun):
        found = event("ABORT", Traced(run_id, stage), errorMessage=error_message(DIED))
        line = msgspec.json.encode(found)
        file.append(line)
        if to:
            to.send(line)


def _receiver(settings: Settings) -> Receiver | None:
    if not settings.openlineage_url:
        return None
    return receiver(str(settings.openlineage_url), settings.openlineage_api_key.get_secret_value())
