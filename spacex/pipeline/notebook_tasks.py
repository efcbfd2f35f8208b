"""The stages of a run as Prefect tasks, each of which executes a notebook into the run's folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prefect import get_run_logger, task
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import TaskRunContext
from prefect.tasks import Task

from spacex.errors import NotebookError
from spacex.extract.run_folder import Run
from spacex.notebook.kernel_options import KernelOptions
from spacex.notebook.runner import WITH_CODE, PageOptions, Parameter, check_parameters, execute
from spacex.pipeline import artifacts
from spacex.pipeline.lineage.traced_runs import tracing_stage
from spacex.pipeline.transform_cache import tables_key, take_over
from spacex.settings import Settings

TRANSIENT = frozenset({"ServiceUnavailableError"})
"""Errors of extract that may not recur after a wait."""


@dataclass(frozen=True)
class Stage:
    """A notebook of the pipeline, its parameters, and how its page is written."""

    path: Path
    parameters: dict[str, Parameter]
    page: PageOptions = WITH_CODE

    @property
    def notebook(self) -> str:
        """The notebook's name."""
        return self.path.stem


def plan(
    settings: Settings, run: Run, extract: dict[str, Parameter], load: dict[str, Parameter]
) -> list[Stage]:
    """Return the four stages of a run, after checking their parameters.

    Args:
        settings: the folder of notebooks.
        run: the run.
        extract: parameters of `10_extract`.
        load: parameters of `30_load`.

    Raises:
        NotebookError: a notebook is missing or lacks a parameter.
    """
    of_each: dict[str, dict[str, Parameter]] = {
        "10_extract": extract,
        "20_transform": {},
        "30_load": load,
        "40_report": {},
    }
    stages = [
        Stage(
            settings.notebooks_dir / f"{notebook}.ipynb",
            {"run_id": run.run_id, **parameters},
            PageOptions(show_code=notebook != "40_report"),
        )
        for notebook, parameters in of_each.items()
    ]
    for stage in stages:
        check_parameters(stage.path, stage.parameters)
    return stages


def run_stage(settings: Settings, stage: Stage, run: Run) -> None:
    """Execute a stage; on failure leave an artifact that says why.

    Extract is retried after an outage. Transform is skipped if an earlier run has the same tables.

    Args:
        settings: the folders and time limits.
        stage: the stage.
        run: the run.

    Raises:
        NotebookError: the notebook failed.
    """
    limited = run_notebook.with_options(timeout_seconds=settings.notebook_timeout_s)
    if stage.notebook == "10_extract":
        limited = limited.with_options(
            retries=1,
            retry_delay_seconds=settings.retry_delay_s,
            retry_condition_fn=is_transient,
        )
    with tracing_stage(run, stage.notebook):
        try:
            if stage.notebook == "20_transform":
                transform(settings, stage, run)
            else:
                limited(settings, stage, run)
        except TimeoutError:
            error = NotebookError(
                f"{stage.notebook} ran for more than {settings.notebook_timeout_s} s.",
                remedy="SPACEX_NOTEBOOK_TIMEOUT_S allows more.",
            )
            artifacts.failure(settings, run, stage.notebook, error)
            raise error from None
        except NotebookError as error:
            artifacts.failure(settings, run, stage.notebook, error)
            raise


def is_transient(_task: Task[..., Any], _run: TaskRun, state: State) -> bool:
    """Return whether a failed extract is worth a second attempt."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, NotebookError) and error.cause in TRANSIENT


@task(name="notebook", task_run_name="{stage.notebook}")
def run_notebook(settings: Settings, stage: Stage, run: Run) -> None:
    """Execute a notebook into the run's folder, and log its progress and its prints.

    Args:
        settings: the folders and time limits.
        stage: the stage.
        run: the run.

    Raises:
        NotebookError: the notebook failed.
    """
    executed = execute(
        stage.path,
        run.folder,
        stage.parameters,
        kernel=KernelOptions(cell_timeout_s=settings.cell_timeout_s),
        page=stage.page,
        on_cell=_report,
    )
    text = "%s ended after %.1f s: %s"
    get_run_logger().info(text, stage.notebook, executed.duration_s, executed.html)


def transform(settings: Settings, stage: Stage, run: Run) -> None:
    """Build the run's tables, or take them from the run that built them from the same snapshots.

    Args:
        settings: the folders and time limits.
        stage: the stage.
        run: the run.

    Raises:
        NotebookError: the notebook failed.
    """
    limited = make_tables.with_options(timeout_seconds=settings.notebook_timeout_s)
    maker = limited(settings, stage, run)
    if maker == run.run_id:
        return
    if take_over(run, Run(settings.runs_dir, maker), stage.path):
        progress = {"notebook": stage.notebook, "cell": 1, "cells": 1}
        text = "%s skipped: same snapshots as run %s, so the tables are the same"
        get_run_logger().info(text, stage.notebook, maker, extra=progress)
    else:
        limited.with_options(refresh_cache=True)(settings, stage, run)


def same_snapshots(_context: TaskRunContext, parameters: dict[str, Any]) -> str:
    """Return the cache key: the digest of all that the tables depend on."""
    return tables_key(parameters["run"].manifest(), parameters["stage"].path)


@task(
    name="tables",
    task_run_name="{stage.notebook}",
    cache_key_fn=same_snapshots,
    persist_result=True,
    result_serializer="json",
)
def make_tables(settings: Settings, stage: Stage, run: Run) -> str:
    """Execute the transform notebook.

    Args:
        settings: the folders and time limits.
        stage: the stage.
        run: the run.

    Returns:
        The run that has the tables: another one if Prefect has the result in its cache.

    Raises:
        NotebookError: the notebook failed.
    """
    run_notebook.fn(settings, stage, run)
    return run.run_id


def _report(notebook: str, cell: int, cells: int, printed: str) -> None:
    """Log the cells executed; the progress bars of `spacex run` follow these records."""
    logger = get_run_logger()
    progress = {"notebook": notebook, "cell": cell, "cells": cells}
    logger.debug("%s: cell %d of %d", notebook, cell, cells, extra=progress)
    for line in printed.splitlines():
        logger.info("%s: %s", notebook, line)
