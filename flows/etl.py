"""The pipeline as a Prefect flow: extract, transform, load and report, each a notebook.

Run it with `spacex run`, with `python -m flows.etl`, or from a Prefect server.
"""

from dataclasses import dataclass
from pathlib import Path

from prefect import flow, get_run_logger, runtime

from spacex.analysis import queries
from spacex.errors import DatabaseError, DataError, NotebookError, SpacexError
from spacex.extract.as_of import EVERY_DAY, stored_days
from spacex.extract.run_folder import Mode, Run
from spacex.extract.snapshots import SnapshotStore
from spacex.notebook.runner import check_parameters
from spacex.pipeline import artifacts, stages
from spacex.pipeline.alerts import alert
from spacex.pipeline.notebook_tasks import Stage, run_stage
from spacex.pipeline.retention import prune
from spacex.settings import settings
from spacex.units import utc_now, utc_text


@dataclass(frozen=True)
class Outcome:
    """What a run has made.

    Attributes:
        run_id: the run.
        database: the published database.
        report: the page to read.
    """

    run_id: str
    database: Path
    report: Path


def flow_run_name() -> str:
    """Source and instant, as the Prefect UI lists the run."""
    asked = runtime.flow_run.parameters
    as_of = f" as of {asked['as_of']}" if asked.get("as_of") else ""
    return f"{asked.get('source', 'auto')}{as_of} {utc_text(utc_now())}"


@flow(
    name="spacex-etl",
    flow_run_name=flow_run_name,
    on_failure=[alert],
    on_crashed=[alert],
)
def etl(
    source: Mode = "auto",
    base_url: str = "",
    only: list[str] | None = None,
    as_of: str = "",
    accept_shrink: bool = False,  # noqa: FBT001, FBT002 - parameters of a flow are named
) -> Outcome:
    """Get the data, make the tables, publish the database, write the report.

    Args:
        source: auto asks the service and makes do with stored answers in an outage; api insists
            on the service; snapshot takes stored answers; sample takes the bundled sample.
        base_url: address of the service; empty for the one in the settings.
        only: lists wanted, such as launches and starlink; all if left out.
        as_of: a date such as 2026-11-01, or an instant: build from the answers stored by then;
            "every day": do so for each day with stored answers, in order.
        accept_shrink: publish even if a table has lost many rows.

    Raises:
        SettingsError: a parameter makes no sense.
        NotebookError: a notebook stopped; the database is as it was.
        DataError: some of the days could not be published.
    """
    mode, lists = stages.check(settings(), source, base_url, only or [], as_of), only or []
    if as_of == EVERY_DAY:
        return replay(lists)
    run = Run.new(settings().runs_dir)
    steps = [
        Stage("10_extract", {"source": mode, "base_url": base_url, "only": lists, "as_of": as_of}),
        Stage("20_transform", {}),
        Stage("30_load", {"accept_shrink": accept_shrink}),
        Stage("40_report", {}, show_code=False),
    ]
    for step in steps:
        check_parameters(step.path, {"run_id": run.run_id, **step.parameters})
    try:
        for step in steps:
            take(step, run)
    finally:
        forget_old_runs()
    report = run.folder / "40_report.html"
    artifacts.success(run, report)
    return Outcome(run.run_id, settings().database, report)


def take(step: Stage, run: Run) -> None:
    """Take one step of a run; if it stops, leave word in the Prefect UI.

    Raises:
        NotebookError: its notebook stopped.
    """
    try:
        run_stage(step, run)
    except NotebookError as error:
        artifacts.failure(run, step.notebook, error)
        raise


def replay(lists: list[str]) -> Outcome:
    """Publish what each day with stored answers had, in order: the last one stays in force.

    Raises:
        SnapshotError: nothing is stored.
        DataError: some of the days could not be published.
    """
    store, refused, outcome = SnapshotStore(settings().raw_dir), [], None
    for day in stored_days(store):
        try:
            # Going back may shrink a table; each further day has to be fit to follow the last.
            outcome = etl("snapshot", only=lists, as_of=day, accept_shrink=outcome is None)
        except SpacexError as error:
            refused.append(f"{day}: {error.message}")
    if outcome is None or refused:
        raise DataError(
            f"Not published: {'; '.join(refused)}", remedy="The other days' answers are published."
        )
    return outcome


def forget_old_runs() -> None:
    """Remove the oldest runs' notebooks and pages; the answers and the database are kept."""
    try:
        published = str(queries.run(settings().database)["run_id"])
    except DatabaseError:
        published = ""
    removed = prune(settings().runs_dir, settings().keep_runs, spared=published)
    if removed:
        get_run_logger().info("Old runs removed: %s", ", ".join(removed))


if __name__ == "__main__":
    try:
        etl()
    except SpacexError as stopped:
        raise SystemExit(str(stopped)) from None
