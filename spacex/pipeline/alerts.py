"""Telling somebody that a run has failed, where SPACEX_WEBHOOK_URL says so."""

import logging
from typing import Any

import requests
from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import Flow
from prefect.settings import PREFECT_UI_URL

from spacex.settings import settings

TIMEOUT_S = 10


def alert(flow: Flow[..., Any], flow_run: FlowRun, state: State) -> None:
    """Post what happened to the webhook; that it cannot be reached harms no run.

    A day of a replay tells nothing by itself: the replay does.
    """
    url = settings().webhook_url
    if url is None or flow_run.parent_task_run_id is not None:
        return
    try:
        requests.post(str(url), json=message(flow, flow_run, state), timeout=TIMEOUT_S)
    except requests.RequestException as error:
        name = type(error).__name__  # the error's text holds the address, which may be a secret
        logging.getLogger("prefect.flow_runs").warning("The webhook was not reached: %s", name)


def message(flow: Flow[..., Any], flow_run: FlowRun, state: State) -> dict[str, str]:
    """What is posted: `text`, which chat services show, and its parts for programs."""
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
