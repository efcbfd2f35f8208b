"""Automations of Prefect's server, which notice what a dead process cannot report."""

import asyncio
from datetime import timedelta
from functools import reduce

from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ActionTypes, CallWebhook, ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.settings import PREFECT_UI_URL
from prefect.types import SecretDict
from pydantic import HttpUrl, SecretStr

SILENCE = timedelta(seconds=90)
"""Three missed heartbeats."""

LATE = timedelta(minutes=10)
"""Longest wait of a run that is due; a run before it may take that long."""

_BLOCK = "spacex-alerts"
_HEADERS = {"Content-Type": "application/json"}
_PAYLOAD = """
{%- set as_of = flow_run.parameters.as_of -%}
{%- set begin = flow_run.start_time or flow_run.expected_start_time -%}
{%- set name = (flow_run.parameters.source or "auto") ~ (" as of " ~ as_of if as_of else "")
    ~ " " ~ begin.strftime("%Y-%m-%dT%H:%M:%SZ") -%}
{%- set name = flow_run.name if flow_run.name[-1:] == "Z" else name -%}
{%- set page = "PREFECT" and "PREFECT/runs/flow-run/" ~ flow_run.id -%}
{{ {
    "text": (flow.name ~ ", " ~ name ~ ": STATE. REASON " ~ page).strip(),
    "flow": flow.name,
    "flow_run": name,
    "state": "STATE",
    "message": "REASON",
    "page": page
} | tojson }}"""
_ENDS = {f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed")}


def register(
    client: SyncPrefectClient, webhook_url: HttpUrl | None, *, watches_workers: bool
) -> None:
    """Create or change the automations on the server.

    An automation that is right stays as it is, with what it has noticed so far.

    Args:
        client: the server.
        webhook_url: the address of alerts, if any.
        watches_workers: whether workers execute the runs, so that no process notices their end.
    """
    wanted = [late_runs(webhook_url)] + ([silent_runs(webhook_url)] if watches_workers else [])
    for automation in wanted:
        former = next(iter(client.read_automations_by_name(automation.name)), None)
        if former is None:
            client.create_automation(automation)
        elif former.actions != automation.actions:
            client.update_automation(former.id, automation)


def late_runs(webhook_url: HttpUrl | None) -> AutomationCore:
    """Return an automation that alerts of scheduled runs that no process executes."""
    late = "prefect.flow-run.Late"
    return AutomationCore(
        name="Alert of runs that do not start",
        trigger=_missing({late}, {"prefect.flow-run.Running", *_ENDS}, LATE),
        actions=_alert(
            webhook_url, "Late", "It has been due for over ten minutes and has not started."
        ),
    )


def silent_runs(webhook_url: HttpUrl | None) -> AutomationCore:
    """Return an automation that marks runs without heartbeats as crashed, and alerts."""
    heartbeat, reason = "prefect.flow-run.heartbeat", "Its worker stopped sending heartbeats."
    crash = ChangeFlowRunState(name="Crashed", state=StateType.CRASHED, message=reason, force=False)
    return AutomationCore(
        name="Crash runs that have fallen silent",
        trigger=_missing({heartbeat}, {heartbeat, *_ENDS}, SILENCE),
        actions=[crash, *_alert(webhook_url, "Crashed", reason)],
    )


def _missing(after: set[str], expected: set[str], within: timedelta) -> EventTrigger:
    """Return a trigger for runs in which an expected event does not follow another in time."""
    return EventTrigger(
        after=after,
        expect=expected,
        match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=within,
    )


def _alert(webhook_url: HttpUrl | None, state: str, reason: str) -> list[ActionTypes]:
    """Return the action that posts to the webhook what `spacex.pipeline.alerts` would post."""
    if webhook_url is None:
        return []
    block = Webhook(url=SecretStr(str(webhook_url)), headers=SecretDict(_HEADERS))
    block_id = asyncio.run(block.asave(_BLOCK, overwrite=True))
    said = {"STATE": state, "REASON": reason, "PREFECT": PREFECT_UI_URL.value() or ""}
    payload = reduce(lambda text, each: text.replace(*each), said.items(), _PAYLOAD)
    return [CallWebhook(block_document_id=block_id, payload=payload)]
