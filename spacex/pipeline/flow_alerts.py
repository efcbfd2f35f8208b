"""Hooks of the flow that report start and end of each run, by `spacex.pipeline.alerts`."""

import logging
import re
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from httpx import HTTPError
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.exceptions import PrefectException
from prefect.flows import Flow
from prefect.settings import PREFECT_UI_URL

from spacex.errors import SpacexError
from spacex.extract.run_folder import Run
from spacex.extract.run_start import Started, noting_start
from spacex.notebook.run_feed import write_run_feed
from spacex.notebook.run_index import record_stopped
from spacex.pipeline import alerts
from spacex.pipeline.lineage.traced_runs import end_abandoned
from spacex.pipeline.temporary_server import TemporaryServer
from spacex.settings import settings
from spacex.units import utc_now

_WITH_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

_folders: list[Path] = []
"""Folders of the run that this process executes; a replay has one a day."""

_ids = [""]
"""The flow runs that this process has executed, the last one at the end."""


def report_start(flow: Flow[..., Any], flow_run: FlowRun, state: State) -> None:  # noqa: ARG001 - a hook
    """Ping that a run has started.

    Args:
        flow: the flow.
        flow_run: the run.
        state: its state, which Prefect passes to every hook.
    """
    _folders.clear()
    _ids.append(str(flow_run.id))
    _log(flow_run, alerts.ping(settings(), "start", _name(flow_run)))


def executing(run: Run, parameters: dict[str, Any]) -> AbstractContextManager[None]:
    """Note where a run keeps its pages, for alerts, and there that the block executes it.

    Args:
        run: the run.
        parameters: those that it was started with.
    """
    _folders.append(run.folder)
    return noting_start(run.folder, Started(flow_run_id=_ids[-1], parameters=parameters))


def report_success(flow: Flow[..., Any], flow_run: FlowRun, state: State) -> None:  # noqa: ARG001
    """Ping that a run has succeeded; alert instead if its data are older than promised.

    Args:
        flow: the flow.
        flow_run: the run.
        state: its state, which Prefect passes to every hook.
    """
    stale = alerts.stale(settings(), flow_run.parameters)
    if stale:
        _warn(flow_run, f"Stale data: {stale}")
        report(flow_run, "Stale", stale)
    else:
        _log(flow_run, alerts.ping(settings(), "", _name(flow_run)))


def report_failure(flow: Flow[..., Any], flow_run: FlowRun, state: State) -> None:  # noqa: ARG001
    """Alert that a run has failed, crashed or been cancelled.

    Args:
        flow: the flow.
        flow_run: the run.
        state: how it ended.
    """
    error = state.result(raise_on_failure=False) if state.is_failed() else None
    what = str(error) if isinstance(error, Exception) else state.message or ""
    report(flow_run, "Cancelled" if state.is_cancelling() else str(state.name), what)


def report(flow_run: FlowRun, state: str, what: str) -> None:
    """Alert that a run has not ended well, and record it if the run could not do that itself.

    Args:
        flow_run: the run.
        state: how it ended, in a word.
        what: the same in a sentence; may be empty.
    """
    _log(flow_run, alerts.alert(settings(), _name(flow_run), state, what, _page(flow_run)))
    try:
        record_stopped(settings(), str(flow_run.id), state.lower(), what)
        write_run_feed(settings())
        for problem in end_abandoned(settings()):
            _warn(flow_run, problem)
    except (SpacexError, OSError) as error:
        _warn(flow_run, f"The end of the run is not recorded: {error}")


def _name(flow_run: FlowRun) -> str:
    """Return the name of a run, which has a random one until it has begun."""
    if _WITH_DATE.search(flow_run.name):
        return flow_run.name
    if _WITH_DATE.search(name := _present_name(flow_run)):
        return name
    begin = flow_run.start_time or flow_run.expected_start_time or utc_now()
    return alerts.run_name(flow_run.parameters, begin)


def _present_name(flow_run: FlowRun) -> str:
    """Return the name of a run on the server; who watches its process may have read it before."""
    try:
        with get_client(sync_client=True) as client:
            return client.read_flow_run(flow_run.id).name
    except (HTTPError, PrefectException, RuntimeError):  # the server is down
        return ""


def _page(flow_run: FlowRun) -> str:
    """Return the address of Prefect's page, or of the run's own if the server ends with it."""
    if (prefect := PREFECT_UI_URL.value()) and not TemporaryServer.is_used:
        return f"{prefect}/runs/flow-run/{flow_run.id}"
    pages = [page for folder in _folders for page in sorted(folder.glob("*.html"))]
    return settings().page_url(pages[-1]) if pages else ""


def _log(flow_run: FlowRun, problems: list[str]) -> None:
    """Log and show, with the run, which addresses were not reached."""
    for problem in problems:
        _warn(flow_run, problem, is_notice=True)


def _warn(flow_run: FlowRun, text: str, *, is_notice: bool = False) -> None:
    """Log a warning with the run; `spacex run` shows notices beside its progress."""
    extra = {"flow_run_id": str(flow_run.id), "flow_run_name": _name(flow_run)}
    logger = logging.getLogger("prefect.flow_runs")
    logger.warning(text, extra=extra | {"is_notice": is_notice})
