"""`spacex run`: run the flow with progress bars and print a summary."""

import logging
import os
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from spacex.analysis import queries
from spacex.cli.console import console, short_path
from spacex.cli.flow_module import flow_module
from spacex.cli.status_command import summary
from spacex.errors import PrefectError
from spacex.notebook.forked_kernel import start_fork_server
from spacex.notebook.runner import prepare
from spacex.pipeline import stages
from spacex.pipeline.alerts import stale
from spacex.pipeline.disk_space import check_not_full
from spacex.pipeline.temporary_server import TemporaryServer
from spacex.settings import DASHBOARD_COMMAND, FLOWS, command, settings

if TYPE_CHECKING:
    from spacex.pipeline.flow_parts import Outcome


def run(parameters: dict[str, Any], *, verbose: bool) -> None:
    """Run the flow and print a summary.

    Args:
        parameters: those of `flows.etl.etl`.
        verbose: show the flow's log instead of its progress.

    Raises:
        SpacexError: the run failed; the database is unchanged, or new and complete.
    """
    started = time.monotonic()
    checked = ("source", "base_url", "only", "as_of")
    stages.check(settings(), **{name: parameters[name] for name in checked})
    import_module(FLOWS)  # sets the defaults of Prefect's settings
    server = None if os.environ.get("PREFECT_API_URL") else TemporaryServer(is_quiet=not verbose)
    start_fork_server()  # while Prefect is imported
    outcome = completed(parameters, server) if verbose else _show_progress(parameters, server)
    _print_summary(outcome, stale(settings(), parameters), time.monotonic() - started)


def _show_progress(parameters: dict[str, Any], server: TemporaryServer | None) -> "Outcome":
    """Run the flow with a progress bar for each notebook, driven by the flow's log."""
    for name in ("LOGGING_HANDLERS_CONSOLE_LEVEL", "INTERNAL_LOGGING_LEVEL"):
        os.environ.setdefault(f"PREFECT_{name}", "CRITICAL")
    columns = (SpinnerColumn(), TextColumn("{task.description:14}"), BarColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
        handler = _CellHandler(progress)
        flow_module("etl")  # importing Prefect sets up all logging
        loggers = [logging.getLogger(f"prefect.{name}") for name in ("task_runs", "flow_runs")]
        for logger in loggers:
            logger.addHandler(handler)
            logger.setLevel(logging.DEBUG)  # the level of executed cells
        try:
            return completed(parameters, server)
        finally:
            for logger in loggers:
                logger.removeHandler(handler)


def completed(parameters: dict[str, Any], server: TemporaryServer | None = None) -> "Outcome":
    """Run the flow and return its outcome.

    Args:
        parameters: those of `flows.etl.etl`.
        server: Prefect's server for this run; None: the one that Prefect's settings name.

    Raises:
        SpacexError: see the flow.
        StorageError: a disk is full.
        PrefectError: Prefect's server cannot be reached or started, or was lost on the way.
    """
    from httpx import HTTPError, HTTPStatusError, codes  # noqa: PLC0415 - Prefect's
    from prefect.exceptions import PrefectException  # noqa: PLC0415 - Prefect takes seconds
    from prefect.settings import (  # noqa: PLC0415
        PREFECT_API_URL,
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        temporary_settings,
    )

    etl = flow_module("etl").etl
    is_temporary = not PREFECT_API_URL.value()
    # Its server ends with this process and needs no heartbeats, which take up to a second to stop.
    changed = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None} if is_temporary else {}
    if server:
        prepare()  # while the server starts
        server.use()
    try:
        with temporary_settings(changed):
            outcome: Outcome = etl(**parameters)
            return outcome
    except (HTTPError, PrefectException, RuntimeError) as error:
        check_not_full(settings())
        is_refused = (
            isinstance(error, HTTPStatusError) and error.response.status_code == codes.UNAUTHORIZED
        )
        raise _stopped(error, PREFECT_API_URL.value() or "", is_refused=is_refused) from None


def _stopped(error: Exception, url: str, *, is_refused: bool) -> PrefectError:
    """Return what stopped a run, and what to do.

    Args:
        error: raised by Prefect.
        url: address of its server; empty for a temporary server.
        is_refused: whether the server refused this client's password.
    """
    if not url:
        remedy = f"Run again; `{command('run', '--verbose')}` shows Prefect's log."
    elif is_refused:
        remedy = f"Set PREFECT_API_AUTH_STRING to the user and password of {url}, then run again."
    else:
        remedy = f"Start its server at {url}, or unset PREFECT_API_URL, then run again."
    reason = "its server refuses the password of this client." if is_refused else str(error)
    return PrefectError(
        f"Prefect stopped the run: {reason or type(error).__name__}", remedy, server=url
    )


class _CellHandler(logging.Handler):
    """Updates the progress bars from the log records of executed cells, and prints notices."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(logging.DEBUG)
        self._progress = progress
        self._tasks = {"": progress.add_task("Prefect", total=None)}

    def emit(self, record: logging.LogRecord) -> None:
        """Show the progress or the notice of a record."""
        if getattr(record, "is_notice", False):
            self._progress.console.print(escape(record.getMessage()), style="yellow")
        notebook: str | None = getattr(record, "notebook", None)
        if notebook is None:
            return
        if notebook not in self._tasks:
            self._progress.update(self._tasks[""], total=1, completed=1)
            self._tasks[notebook] = self._progress.add_task(notebook)
        cell, cells = getattr(record, "cell", 0), getattr(record, "cells", 1)
        self._progress.update(self._tasks[notebook], completed=cell, total=cells)


def _print_summary(outcome: "Outcome", stale_data: str, duration_s: float) -> None:
    record = queries.run(outcome.database, outcome.run_id)
    table = summary(record, outcome.database)
    if stale_data:
        table.add_row("[yellow]Stale data[/]", f"[yellow]{escape(stale_data)}[/]")
    table.add_row("Database", short_path(outcome.database))
    table.add_row("Report", short_path(outcome.report))
    table.add_row("Next", f"{DASHBOARD_COMMAND}, or open the report in a browser")
    output = console()
    output.print(f"\n[bold green]✓ The database is built[/] ({duration_s:.0f} s)\n")
    output.print(table)
