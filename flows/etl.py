"""The pipeline as a Prefect flow: extract, transform, load and report, each a notebook.

Run it with `spacex run`, with `python -m flows.etl`, or from a Prefect server.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, runtime, task
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from flows import artifacts
from spacex import pipeline
from spacex.errors import NotebookError, SpacexError
from spacex.notebooks import Executed, Parameter, check_parameters, execute
from spacex.runs import Mode, Run
from spacex.settings import settings
from spacex.units import utc_now, utc_text

PASSING = frozenset({"ServiceUnavailableError"})
"""What stops extract and may have passed a moment later."""


@dataclass(frozen=True)
class Step:
    """One notebook of the pipeline, and what a run tells it beside its id."""

    notebook: str
    parameters: dict[str, Parameter]
    show_code: bool = True

    @property
    def path(self) -> Path:
        """The notebook's file."""
        return settings().notebooks_dir / f"{self.notebook}.ipynb"


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
    source = runtime.flow_run.parameters.get("source", "auto")
    return f"{source} {utc_text(utc_now())}"


@flow(name="spacex-etl", flow_run_name=flow_run_name)
def etl(
    source: Mode = "auto",
    base_url: str = "",
    only: list[str] | None = None,
    accept_shrink: bool = False,  # noqa: FBT001, FBT002 - parameters of a flow are named
) -> Outcome:
    """Get the data, make the tables, publish the database, write the report.

    Args:
        source: auto asks the service and makes do with stored answers in an outage; api insists
            on the service; snapshot takes stored answers; sample takes the bundled sample.
        base_url: address of the service; empty for the one in the settings.
        only: lists wanted, such as launches and starlink; all if left out.
        accept_shrink: publish even if a table has lost many rows.

    Raises:
        SettingsError: a parameter makes no sense.
        NotebookError: a notebook stopped; the database is as it was.
    """
    run = Run.new(settings().runs_dir)
    asked: dict[str, Parameter] = {"source": source, "base_url": base_url, "only": only or []}
    steps = [
        Step("10_extract", asked),
        Step("20_transform", {}),
        Step("30_load", {"accept_shrink": accept_shrink}),
        Step("40_report", {}, show_code=False),
    ]
    pipeline.check(source, base_url, only or [])
    for step in steps:
        check_parameters(step.path, {"run_id": run.run_id, **step.parameters})
    for step in steps:
        try:
            executed = run_step(step)(step, run)
        except NotebookError as error:
            artifacts.failure(run, step.notebook, error)
            raise
    artifacts.success(run, executed.html)
    return Outcome(run.run_id, settings().database, executed.html)


def run_step(step: Step) -> Task[[Step, Run], Executed]:
    """The task for a step: extract may be tried again, since services come back."""
    if step.notebook != "10_extract":
        return run_notebook
    return run_notebook.with_options(
        retries=1, retry_delay_seconds=settings().retry_delay_s, retry_condition_fn=is_passing
    )


def is_passing(_task: Task[..., Any], _run: TaskRun, state: State) -> bool:
    """Whether a failed extract is worth another attempt."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, NotebookError) and error.cause in PASSING


@task(task_run_name="{step.notebook}")
def run_notebook(step: Step, run: Run) -> Executed:
    """Execute one notebook into the run's folder, its progress and its prints in the log.

    Raises:
        NotebookError: it stopped.
    """
    logger = get_run_logger()

    def report(notebook: str, cell: int, cells: int, printed: str) -> None:
        progress = {"notebook": notebook, "cell": cell, "cells": cells}
        logger.info("%s: cell %d of %d", notebook, cell, cells, extra=progress)
        for line in printed.splitlines():
            logger.info("%s: %s", notebook, line)

    executed = execute(
        step.path,
        run.folder,
        {"run_id": run.run_id, **step.parameters},
        cell_timeout_s=settings().cell_timeout_s,
        show_code=step.show_code,
        on_cell=report,
    )
    logger.info("%s ended after %.1f s: %s", step.notebook, executed.duration_s, executed.html)
    return executed


if __name__ == "__main__":
    try:
        etl()
    except SpacexError as stopped:
        raise SystemExit(str(stopped)) from None
