"""The pipeline as a Prefect flow: extract, transform, load and report, each a notebook.

Run it with `spacex run`, with `python -m flows.etl`, or from a Prefect server.
"""

import time
from typing import cast

from prefect import State, flow, get_run_logger
from prefect.states import Completed

from spacex.errors import DataError, SpacexError
from spacex.extract.as_of import EVERY_DAY
from spacex.extract.run_folder import Mode, Run
from spacex.extract.snapshots import SnapshotStore
from spacex.notebook.runner import Parameter
from spacex.pipeline import alerts, artifacts, stages
from spacex.pipeline.disk_space import check_space
from spacex.pipeline.drop_in import add_notes
from spacex.pipeline.flow_alerts import report_failure, report_start, report_success
from spacex.pipeline.flow_parts import (
    Outcome,
    back_up_data,
    flow_run_name,
    import_drop_in,
    make_planned_reports,
    recording_end,
    renew_edition,
    rewind_database,
    summarize,
    upgrade_database,
)
from spacex.pipeline.notebook_tasks import plan, run_stage
from spacex.pipeline.prefect_server import FLOW
from spacex.pipeline.replay import replay, stored_dates
from spacex.pipeline.staged_restore import finish_restore, noticing_restore
from spacex.settings import settings


@flow(
    name=FLOW,
    flow_run_name=flow_run_name,
    on_running=[report_start],
    on_completion=[report_success],
    on_failure=[report_failure],
    on_crashed=[report_failure],
    on_cancellation=[report_failure],
)
def etl(
    source: Mode = "auto",
    base_url: str = "",
    only: list[str] | None = None,
    as_of: str = "",
    accept_shrink: bool = False,  # noqa: FBT001, FBT002 - parameters of a flow are named
) -> State[Outcome]:
    """Fetch the data, build the tables, publish the database, write the report.

    Args:
        source: auto: the services, or stored snapshots in an outage; api: the services alone;
            snapshot: stored snapshots, no network; sample: the bundled sample.
        base_url: address of the r/SpaceX API; empty for the one in the settings.
        only: endpoints to take, such as launches and starlink; all if left out.
        as_of: a date such as 2026-11-01, or an instant: build from the snapshots stored by then;
            "every day": do so for each day with stored snapshots, in order.
        accept_shrink: publish even if tables lost many rows, or a GP list lost or gained too many.

    Raises:
        SettingsError: a parameter is invalid.
        StorageError: a disk lacks the space that a run needs, the backup cannot be written, or a
            restore replaced the data during the run.
        NotebookError: a notebook failed; the database is unchanged.
        DatabaseError: the database is unusable and cannot be rebuilt.
        DataError: some of the days could not be published.
    """
    config, endpoints = settings(), only or []
    mode = stages.check(config, source, base_url, endpoints, as_of)
    finish_restore(config)
    check_space(config)
    with noticing_restore(config):
        if as_of == EVERY_DAY:
            outcome = every_day(endpoints, accept_shrink=accept_shrink)
        else:
            outcome = run_stages(
                {"source": mode, "base_url": base_url, "only": endpoints, "as_of": as_of},
                accept_shrink=accept_shrink,
            )
    back_up_data(config)
    if not as_of:
        renew_edition(config)
        make_planned_reports(config)
    return Completed(message=outcome.summary, data=outcome)


def run_stages(
    parameters: dict[str, Parameter], *, accept_shrink: bool, tables_may_shrink: bool = False
) -> Outcome:
    """Execute the four notebooks of a run.

    Args:
        parameters: those of `10_extract`.
        accept_shrink: whether a person accepts tables and GP lists that have lost many rows.
        tables_may_shrink: whether tables may lose many rows, but GP lists may not.
    """
    config, started = settings(), time.monotonic()
    run = Run.new(config.runs_dir)
    extract, transform, load, report = plan(
        config,
        run,
        extract=parameters | {"drop_in": False},
        load={"accept_shrink": accept_shrink, "tables_may_shrink": tables_may_shrink},
    )
    as_of, is_sample = str(parameters["as_of"]), parameters["source"] == "sample"
    is_current = not is_sample and not as_of
    with recording_end(config, run, parameters, started):
        notes = [upgrade_database(config, rebuild_missing=is_current)]
        notes += [rewind_database(config, as_of)] if not is_sample else []
        notes += import_drop_in(config, accept_shrink=accept_shrink) if is_current else []
        run_stage(config, extract, run)
        for note in run.manifest().note.splitlines():
            get_run_logger().warning(note)
        add_notes(run, notes)
        run_stage(config, transform, run)
        run_stage(config, load, run)
        run_stage(config, report, run)
    artifacts.success(config, run)
    summary = summarize(config, run.run_id, time.monotonic() - started)
    get_run_logger().info(summary)
    return Outcome(run.run_id, config.database, run.report, summary)


@flow(name="spacex-day", flow_run_name="{as_of}")
def one_day(
    only: list[str], as_of: str, *, accept_shrink: bool, tables_may_shrink: bool
) -> Outcome:
    """Publish what was known by a date.

    Args:
        only: endpoints to take; all if empty.
        as_of: the date, or an instant.
        accept_shrink: see `run_stages`.
        tables_may_shrink: see `run_stages`.
    """
    outcome = run_stages(
        {"source": "snapshot", "base_url": "", "only": only, "as_of": as_of},
        accept_shrink=accept_shrink,
        tables_may_shrink=tables_may_shrink,
    )
    done: State[Outcome] = Completed(message=outcome.summary, data=outcome)
    return cast("Outcome", done)  # Prefect returns the state's data


def every_day(endpoints: list[str], *, accept_shrink: bool) -> Outcome:
    """Publish each day with stored snapshots, in order, and return the last.

    Args:
        endpoints: endpoints to take; all if empty.
        accept_shrink: whether a person accepts tables and GP lists that have lost many rows.

    Raises:
        SnapshotError: nothing is stored.
        DataError: some of the days could not be published.
    """
    outcomes, failures = replay(
        stored_dates(SnapshotStore(settings().raw_dir)),
        lambda day, may_shrink: one_day(
            endpoints, day, accept_shrink=accept_shrink, tables_may_shrink=may_shrink
        ),
    )
    if failures:
        reasons = "; ".join(f"{date}: {reason}" for date, reason in failures.items())
        rest = "The other days are published." if outcomes else "The database is unchanged."
        raise DataError(f"Not published: {reasons}", remedy=rest)
    return outcomes[-1]


if __name__ == "__main__":
    try:
        with alerts.reporting({}):
            check_space(settings())  # before Prefect starts its temporary server
            etl()
    except SpacexError as stopped:
        raise SystemExit(str(stopped)) from None
