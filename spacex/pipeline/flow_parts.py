"""The parts of the flow around its notebooks: name, outcome, upgrade, import, retention, backup."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from prefect import get_run_logger, runtime

from spacex import __version__
from spacex.analysis import data_dates, history, queries
from spacex.analysis.feeds.writing import write_feeds
from spacex.analysis.key_figures import key_figures
from spacex.analysis.verdict import verdict
from spacex.errors import DatabaseError, SpacexError, StorageError
from spacex.extract.run_folder import Run
from spacex.notebook.run_feed import write_run_feed
from spacex.notebook.run_index import (
    Record,
    seen_before,
    source_ages,
    write_index,
    write_record,
)
from spacex.notebook.runner import Parameter
from spacex.pipeline.alerts import run_name
from spacex.pipeline.backup import back_up_daily
from spacex.pipeline.drop_in import take_drop_in
from spacex.pipeline.edition_step import write_edition
from spacex.pipeline.flow_alerts import executing
from spacex.pipeline.lineage.event_file import prune as prune_events
from spacex.pipeline.lineage.traced_runs import tracing
from spacex.pipeline.planned_reports import make_after_load
from spacex.pipeline.replay import Progress
from spacex.pipeline.retention import prune
from spacex.pipeline.rewind import rewind
from spacex.pipeline.upgrade import upgrade
from spacex.schema import SCHEMA_VERSION
from spacex.settings import Settings
from spacex.units import counted, utc_now
from spacex.warehouse.archive.collection import collect


@dataclass(frozen=True)
class Outcome:
    """A run, the database it published, the page to read, and the run in a line."""

    run_id: str
    database: Path
    report: Path
    summary: str = ""


def flow_run_name() -> str:
    """Return the source and the time, as the Prefect UI lists the run."""
    return run_name(runtime.flow_run.parameters, utc_now())


def upgrade_database(settings: Settings, *, rebuild_missing: bool) -> str:
    """Rebuild the database if this release cannot use it; log progress and result.

    Args:
        settings: the folders, and the limits of the guards.
        rebuild_missing: see `upgrade`.

    Returns:
        What was done; empty if nothing.

    Raises:
        DatabaseError, DataError: see `upgrade`.
    """
    done = upgrade(settings, _reporter("Rebuilding the database"), rebuild_missing=rebuild_missing)
    if done:
        get_run_logger().warning(done, extra={"is_notice": True})
    return done


def rewind_database(settings: Settings, as_of: str) -> str:
    """Let the database hold what was stored by a date; log progress and what was not loaded.

    Args:
        settings: the folders, and the limits of the guards.
        as_of: see `rewind`.

    Returns:
        A sentence for each date that was not loaded; empty if there is none.

    Raises:
        DataError, DatabaseError, SnapshotError: see `rewind`.
    """
    problems = rewind(settings, as_of, _reporter("Loading earlier snapshots"))
    if problems:
        get_run_logger().warning(problems, extra={"is_notice": True})
    return problems


def import_drop_in(settings: Settings, *, accept_shrink: bool) -> list[str]:
    """Import the manual files; log progress and the files that were not loaded.

    Args:
        settings: the folders, and the limits of the guards.
        accept_shrink: see `take_drop_in`.

    Returns:
        The notes of `take_drop_in`.

    Raises:
        SnapshotError, StorageError, DatabaseError: see `take_drop_in`.
    """
    progress = _reporter("Loading manual files")
    notes = take_drop_in(settings, progress, accept_shrink=accept_shrink)
    for note in notes:
        get_run_logger().warning(note, extra={"is_notice": True})
    return notes


def _reporter(action: str) -> Progress:
    """Return a function that logs the progress of loading dates."""
    logger = get_run_logger()

    def report(number: int, dates: int, date: str) -> None:
        progress = {"notebook": "history", "cell": number, "cells": dates}
        logger.info("%s: %s (%d of %d)", action, date, number, dates, extra=progress)

    return report


@contextmanager
def recording_end(
    settings: Settings, run: Run, parameters: dict[str, Parameter], started: float
) -> Iterator[None]:
    """Record how the run ends that the block executes, and remove old runs.

    Args:
        settings: the folders.
        run: the run.
        parameters: those that it was started with.
        started: its start on the monotonic clock, s.
    """
    with executing(run, parameters), tracing(settings, run, parameters):
        try:
            yield
            note_end(settings, run, parameters, started)
        except SpacexError as error:
            note_end(settings, run, parameters, started, error.message)
            raise
        finally:
            forget_old_runs(settings)
            renew_feeds(settings)


def note_end(
    settings: Settings,
    run: Run,
    parameters: dict[str, Parameter],
    started: float,
    failure: str = "",
) -> None:
    """Write how a run ended into its folder, and the digests of its files.

    A run that cannot write them has ended all the same.

    Args:
        settings: the database.
        run: the run.
        parameters: those that it was started with.
        started: its start on the monotonic clock, s.
        failure: why it stopped; empty if it published a database.

    Raises:
        DatabaseError: the published database cannot be read.
    """
    record = Record(
        run_id=run.run_id,
        duration_s=time.monotonic() - started,
        parameters=parameters,
        failure=failure,
    )
    if not failure:
        _note_published(settings, run, record)
    try:
        write_record(run, record)
        run.write_digests()
    except StorageError as error:
        get_run_logger().warning("The end of run %s is not recorded: %s", run.run_id, error)


def _note_published(settings: Settings, run: Run, record: Record) -> None:
    """Complete the record of a run that published a database."""
    database = settings.database
    published = queries.run(database, run.run_id)
    record.is_simulated = bool(published["is_simulated"])
    since = seen_before(settings.runs_dir, run.run_id, is_simulated=record.is_simulated)
    record.published = " ".join(verdict(settings, run.run_id, since))
    record.figures = {each.name: each.value for each in key_figures(database)}
    record.schema_version = SCHEMA_VERSION
    record.release = __version__
    record.findings = queries.finding_records(database, run.run_id)
    record.sources = source_ages(database)
    record.row_count = int(published["row_count"])
    record.reject_count = int(published["reject_count"])
    if history.compared_endpoints(database):
        counts = history.changes(database, since)["kind"].value_counts()
        record.changes = {str(kind): int(count) for kind, count in counts.items()}


def forget_old_runs(settings: Settings) -> None:
    """Remove the oldest run folders and unnamed files of the archive, and list the other runs."""
    try:
        published = str(queries.run(settings.database)["run_id"])
    except DatabaseError:
        published = ""
    removed = prune(settings.runs_dir, settings.keep_runs, spared=published)
    prune_events(settings.lineage_dir, settings.keep_runs, spared=published)
    if removed:
        get_run_logger().info("Old runs removed: %s", ", ".join(removed))
    if files := collect(settings.database):
        get_run_logger().info("Files removed that the archive no longer has: %d", len(files))
    try:
        write_index(settings)
    except StorageError as error:
        get_run_logger().warning("The page of all runs is not up to date: %s", error)


def renew_feeds(settings: Settings) -> None:
    """Write the feeds that changed. A run that cannot write them has ended all the same."""
    try:
        write_run_feed(settings)
        if not settings.database.exists():  # the first run has failed
            return
        names = write_feeds(
            settings.database, settings.feeds_dir, lock_timeout_s=settings.lock_timeout_s
        )
        get_run_logger().info("Feeds written: %s", ", ".join(names) or "none has changed")
    except (DatabaseError, StorageError) as error:
        get_run_logger().warning("The feeds are not up to date: %s", error)


def renew_edition(settings: Settings) -> None:
    """Write the static edition, if SPACEX_PUBLISH_DIR names a folder; a failure is a warning."""
    if settings.publish_dir is None:
        return
    if problem := write_edition(settings):
        get_run_logger().warning("The static edition is not up to date: %s", problem)
    else:
        get_run_logger().info("Static edition: %s", settings.publish_dir)


def back_up_data(settings: Settings) -> None:
    """Write the backup of today, if SPACEX_BACKUP_KEEP says so.

    Raises:
        SettingsError, StorageError, DataError: see `back_up_daily`.
    """
    if settings.backup_keep:
        backup = back_up_daily(settings, settings.backups_dir, settings.backup_keep)
        for path in backup.skipped:
            get_run_logger().warning("%s is a link, pipe or device: not in the backup", path)
        get_run_logger().info("Backup written and verified: %s", backup.path)


def make_planned_reports(settings: Settings) -> None:
    """Make the reports that `reports.toml` wants after each load; log pages and problems."""
    made, problems = make_after_load(settings)
    for each in made:
        if each.page:
            get_run_logger().info("Report made: %s", each.page)
    for problem in problems:
        get_run_logger().warning(problem, extra={"is_notice": True})


def summarize(settings: Settings, run_id: str, duration_s: float) -> str:
    """Return a published run in a line: source, rows, changes, age of the data, and duration.

    Args:
        settings: the database.
        run_id: the run.
        duration_s: how long it took, s.

    Raises:
        DatabaseError: the database cannot be read.
    """
    record = queries.run(settings.database, run_id)
    sql = "SELECT count(*) AS count FROM _changes WHERE run_id = ?"
    (changes,) = queries.query(settings.database, sql, (run_id,))["count"]
    dates = [f"{source} {text}" for source, text in data_dates.texts(settings.database).items()]
    return (
        f"{record['source']}: {counted(record['row_count'], 'row')}, "
        f"{record['reject_count']:,} rejected, {counted(changes, 'change')}, {duration_s:.0f} s; "
        f"{'; '.join(dates)}"
    )
