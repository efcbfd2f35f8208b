"""The steps of a run as Prefect tasks: each executes one notebook into the run's folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prefect import get_run_logger, task
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import TaskRunContext
from prefect.tasks import Task

from spacex.errors import NotebookError
from spacex.extract.run_folder import Run
from spacex.notebook.runner import Parameter, execute
from spacex.pipeline.transform_cache import tables_key, take_over
from spacex.settings import settings

PASSING = frozenset({"ServiceUnavailableError"})
"""What stops extract and may have passed a moment later."""


@dataclass(frozen=True)
class Stage:
    """One notebook of the pipeline, and what a run tells it beside its id."""

    notebook: str
    parameters: dict[str, Parameter]
    show_code: bool = True

    @property
    def path(self) -> Path:
        """The notebook's file."""
        return settings().notebooks_dir / f"{self.notebook}.ipynb"


def run_stage(step: Stage, run: Run) -> None:
    """Do a step: extract may be tried again, and transform is skipped where nothing has changed.

    Raises:
        NotebookError: its notebook stopped.
    """
    try:
        if step.notebook == "20_transform":
            transform(step, run)
        elif step.notebook == "10_extract":
            patient(run_notebook)(step, run)
        else:
            run_notebook(step, run)
    except TimeoutError:
        raise NotebookError(
            f"{step.notebook} ran for more than {settings().notebook_timeout_s} s.",
            remedy="SPACEX_NOTEBOOK_TIMEOUT_S allows more.",
        ) from None


def patient(notebook: Task[[Stage, Run], None]) -> Task[[Stage, Run], None]:
    """The task with a second attempt after a service's outage: services come back."""
    return notebook.with_options(
        retries=1, retry_delay_seconds=settings().retry_delay_s, retry_condition_fn=is_passing
    )


def is_passing(_task: Task[..., Any], _run: TaskRun, state: State) -> bool:
    """Whether a failed extract is worth another attempt."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, NotebookError) and error.cause in PASSING


@task(
    name="notebook",
    task_run_name="{step.notebook}",
    timeout_seconds=settings().notebook_timeout_s,
)
def run_notebook(step: Stage, run: Run) -> None:
    """Execute one notebook into the run's folder, its progress and its prints in the log.

    Raises:
        NotebookError: it stopped.
    """
    _execute(step, run)


def transform(step: Stage, run: Run) -> None:
    """Make the run's tables, or take them over from the run that made them of the same answers.

    Raises:
        NotebookError: the notebook stopped.
    """
    maker = make_tables(step, run)
    if maker == run.run_id:
        return
    if take_over(run, Run(settings().runs_dir, maker), step.path):
        progress = {"notebook": step.notebook, "cell": 1, "cells": 1}
        text = "%s skipped: same answers as run %s, and so the same tables"
        get_run_logger().info(text, step.notebook, maker, extra=progress)
    else:
        make_tables.with_options(refresh_cache=True)(step, run)


def same_snapshots(_context: TaskRunContext, parameters: dict[str, Any]) -> str:
    """The cache's key: the digest of all that the tables depend on."""
    return tables_key(parameters["run"].manifest(), parameters["step"].path)


@task(
    name="tables",
    task_run_name="{step.notebook}",
    timeout_seconds=settings().notebook_timeout_s,
    cache_key_fn=same_snapshots,
    persist_result=True,
    result_serializer="json",
)
def make_tables(step: Stage, run: Run) -> str:
    """Execute the transform notebook.

    Returns:
        The run whose tables they are; another one's, if Prefect has it from its cache.

    Raises:
        NotebookError: it stopped.
    """
    _execute(step, run)
    return run.run_id


def _execute(step: Stage, run: Run) -> None:
    executed = execute(
        step.path,
        run.folder,
        {"run_id": run.run_id, **step.parameters},
        cell_timeout_s=settings().cell_timeout_s,
        show_code=step.show_code,
        on_cell=lambda _, cell, cells, printed: _report(step, cell, cells, printed),
    )
    told = "%s ended after %.1f s: %s"
    get_run_logger().info(told, step.notebook, executed.duration_s, executed.html)


def _report(step: Stage, cell: int, cells: int, printed: str) -> None:
    """Log what has been done of a notebook; the terminal's progress bars follow these records."""
    logger = get_run_logger()
    progress = {"notebook": step.notebook, "cell": cell, "cells": cells}
    logger.info("%s: cell %d of %d", step.notebook, cell, cells, extra=progress)
    for line in printed.splitlines():
        logger.info("%s: %s", step.notebook, line)
