"""Alerts: post failed runs to the webhook in SPACEX_WEBHOOK_URL."""

import logging
from typing import Any

import requests
from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import Flow
from prefect.settings import PREFECT_UI_URL

from spacex.settings import settings

TIMEOUT_S = 10


def alert(flow: Flow[..., Any], flow_run: FlowRun, state: State) -> None:
    """Post a failed run to the webhook; only log it if the webhook cannot be reached.

    The days of a replay are not posted: the replay is.
    """
    url = settings().webhook_url
    if url is None or flow_run.parent_task_run_id is not None:
        return
    try:
        requests.post(str(url), json=message(flow, flow_run, state), timeout=TIMEOUT_S)
    except requests.RequestException as error:
        name = type(error).__name__  # the error's text contains the URL, which may be secret
        logging.getLogger("prefect.flow_runs").warning("The webhook was not reached: %s", name)


def message(flow: Flow[..., Any], flow_run: FlowRun, state: State) -> dict[str, str]:
    """Return what is posted: `text`, which chat services show, and its parts for programs."""
    error = state.result(raise_on_failure=False)
    what = str(error) if isinstance(error, Exception) else state.message or str(state.name)
    page = f"{PREFECT_UI_URL.value()}/runs/flow-run/{flow_run.id}" if PREFECT_UI_URL.value() else ""
    return {
        "text": f"{flow.name}, {flow_run.name}: {state.name}. {what} {page}".strip(),
        "flow": flow.name,
        "flow_run": str(flow_run.name),
        "state": str(state.name),
        "message": what,
        "page": page,
    }
