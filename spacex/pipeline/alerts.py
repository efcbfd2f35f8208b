"""Alerts: problems are posted to SPACEX_WEBHOOK_URL, and the end of each run to SPACEX_PING_URL.

The ping address is that of a service like Healthchecks: `URL/start` when a run starts, `URL` when
it has succeeded, `URL/fail` otherwise. Such a service also notices what no process here can report:
that no run has ended in time.
"""

import logging
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import Flow
from prefect.settings import PREFECT_UI_URL
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from spacex.analysis.data_age import stale_data
from spacex.errors import SpacexError
from spacex.settings import settings

TIMEOUT_S = 10
_RETRY = Retry(
    total=2, backoff_factor=0.5, status_forcelist={429, 500, 502, 503, 504}, allowed_methods=None
)
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
"""Its warnings of retries contain the path of the address, which may be secret."""


def report_start(flow: Flow[..., Any], flow_run: FlowRun, state: State) -> None:  # noqa: ARG001 - a hook
    """Ping that a run has started.

    Args:
        flow: the flow.
        flow_run: the run.
        state: its state, which Prefect passes to every hook.
    """
    ping("start", flow_run, str(flow_run.name))


def report_success(flow: Flow[..., Any], flow_run: FlowRun, state: State) -> None:  # noqa: ARG001
    """Ping that a run has succeeded; alert instead if its data are older than promised.

    Data are expected to be old if the run uses stored snapshots or the sample.

    Args:
        flow: the flow.
        flow_run: the run.
        state: its state, which Prefect passes to every hook.
    """
    asked = flow_run.parameters
    is_current = asked.get("source", "auto") in {"auto", "api"} and not asked.get("as_of")
    try:
        stale = stale_data(settings()) if is_current else ""
    except SpacexError as error:
        stale = str(error)
    if stale:
        report(flow.name, flow_run, "Stale", stale)
    else:
        ping("", flow_run, str(flow_run.name))


def report_failure(flow: Flow[..., Any], flow_run: FlowRun, state: State) -> None:
    """Alert that a run has failed, crashed or been cancelled.

    Args:
        flow: the flow.
        flow_run: the run.
        state: how it ended.
    """
    error = state.result(raise_on_failure=False) if state.is_failed() else None
    what = str(error) if isinstance(error, Exception) else state.message or ""
    report(flow.name, flow_run, "Cancelled" if state.is_cancelling() else str(state.name), what)


def report(flow_name: str, flow_run: FlowRun, state: str, what: str) -> None:
    """Alert that a run has not ended well.

    Args:
        flow_name: the name of its flow.
        flow_run: the run.
        state: how it ended, in a word.
        what: the same in a sentence; may be empty.
    """
    page = f"{PREFECT_UI_URL.value()}/runs/flow-run/{flow_run.id}" if PREFECT_UI_URL.value() else ""
    found = {
        "text": f"{flow_name}, {flow_run.name}: {state}. {what} {page}".strip(),
        "flow": flow_name,
        "flow_run": str(flow_run.name),
        "state": state,
        "message": what,
        "page": page,
    }
    if url := settings().webhook_url:
        _post("webhook", str(url), flow_run, json=found)
    ping("fail", flow_run, found["text"])


def ping(ending: str, flow_run: FlowRun, text: str) -> None:
    """Ping the address that watches the runs.

    Args:
        ending: `start`, `fail`, or nothing for a success.
        flow_run: the run.
        text: what its service shows.
    """
    if url := settings().ping_url:
        parts = urlsplit(str(url))
        path = f"{parts.path.rstrip('/')}/{ending}".rstrip("/")
        address = urlunsplit(parts._replace(path=path))
        _post("ping address", address, flow_run, data=text.encode())


def _post(name: str, url: str, flow_run: FlowRun, **body: Any) -> None:
    """Send a request, up to three times; log it if that fails, since a run must not."""
    try:
        with requests.Session() as session:
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(max_retries=_RETRY))
            session.post(url, timeout=TIMEOUT_S, **body).raise_for_status()
    except requests.RequestException as error:
        # The error's text contains the URL, which may be secret.
        status = f" {error.response.status_code}" if error.response is not None else ""
        reason = f"{type(error).__name__}{status}"
        logging.getLogger("prefect.flow_runs").warning(
            "The %s was not reached: %s",
            name,
            reason,
            extra={"flow_run_id": str(flow_run.id), "flow_run_name": flow_run.name},
        )
