"""Automations of Prefect's server, which notice what a dead process cannot report."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from uuid import UUID

from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import BlockDocument, StateType
from prefect.events.actions import ActionTypes, CallWebhook, ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_UI_URL
from prefect.types import SecretDict
from pydantic import HttpUrl, SecretStr

SILENCE = timedelta(seconds=90)
"""Three missed heartbeats."""

LATE = timedelta(minutes=10)
"""Longest wait of a run that is due; a run before it may take that long."""

_OF_LATE_RUNS = "Alert of runs that do not start"
_OF_SILENT_RUNS = "Crash runs that have fallen silent"
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
_TEXTS = ("description", "tags")
_COMPARED = ("enabled", "trigger", "actions", "actions_on_trigger", "actions_on_resolve", *_TEXTS)
_ENDS = {f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed")}


@dataclass(frozen=True)
class Change:
    """How a property of an automation on the server differs from the settings.

    Attributes:
        automation: the name of the automation.
        text: what differs, in words, with both values.
        is_serious: whether the property decides what the automation notices or does.
        is_of_webhook: whether only the webhook was set or removed, as the settings may have been.
    """

    automation: str
    text: str
    is_serious: bool
    is_of_webhook: bool


def register(
    client: SyncPrefectClient, webhook_url: HttpUrl | None, *, watches_workers: bool
) -> tuple[list[Change], list[str]]:
    """Create the automations on the server, or put them right.

    An automation that is right stays as it is, with what it has noticed so far.

    Args:
        client: the server.
        webhook_url: the address of alerts, if any.
        watches_workers: whether workers execute the runs, so that no process notices their end.

    Returns:
        What was put right, and the names of other automations, which stay.
    """
    block = _save_block(webhook_url) if webhook_url else None
    wanted = _wanted(block, watches_workers=watches_workers)
    found, changes = client.read_automations(), []
    for automation in wanted:
        former = next((each for each in found if each.name == automation.name), None)
        if former is None:
            client.create_automation(automation)
            continue
        found.remove(former)
        if different := _changes(former, automation):
            said = automation.model_dump(exclude={"owner_resource"})  # Prefect sends what is set
            client.update_automation(former.id, AutomationCore.model_validate(said))
            changes += different
    unused = {_OF_LATE_RUNS, _OF_SILENT_RUNS} - {
        each.name for each in wanted
    }  # of a server that had workers before
    return changes, [each.name for each in found if each.name not in unused]


def differences(
    client: SyncPrefectClient, webhook_url: HttpUrl | None, *, watches_workers: bool
) -> tuple[list[str], list[Change]]:
    """Return how the server differs from what `register` would leave, and change nothing.

    Args:
        client: the server.
        webhook_url: the address of alerts, if any.
        watches_workers: whether workers execute the runs.

    Returns:
        The names of automations that are missing, and the changes of the others.
    """
    block = _read_block(client) if webhook_url else None
    found = {each.name: each for each in reversed(client.read_automations())}
    missing, changes = [], []
    for automation in _wanted(block.id if block else None, watches_workers=watches_workers):
        if former := found.get(automation.name):
            changes += _changes(former, automation)
        else:
            missing.append(automation.name)
    if webhook_url and (block is None or block.data.get("url") != str(webhook_url)):
        text = "its alerts go to another address than SPACEX_WEBHOOK_URL"
        changes.append(Change(_OF_LATE_RUNS, text, is_serious=True, is_of_webhook=True))
    return missing, changes


def _wanted(block: UUID | None, *, watches_workers: bool) -> list[AutomationCore]:
    """Return the automations that the server should have, given the block of the webhook."""
    return [late_runs(block)] + ([silent_runs(block)] if watches_workers else [])


def _changes(former: AutomationCore, ours: AutomationCore) -> list[Change]:
    """Return how an automation on the server differs."""
    return [
        Change(
            ours.name,
            f"{name} {_in_words(former, name)} instead of {_in_words(ours, name)}",
            is_serious=name not in _TEXTS,
            is_of_webhook=name == "actions" and _without_webhook(former) == _without_webhook(ours),
        )
        for name in _COMPARED
        if getattr(former, name) != getattr(ours, name)
    ]


def _in_words(automation: AutomationCore, name: str) -> str:
    return repr(automation.model_dump(mode="json", include={name})[name])


def _without_webhook(automation: AutomationCore) -> list[ActionTypes]:
    return [each for each in automation.actions if not isinstance(each, CallWebhook)]


def late_runs(block: UUID | None) -> AutomationCore:
    """Return an automation that alerts of scheduled runs that no process executes.

    The block names the webhook on the server, if there is one.
    """
    late = "prefect.flow-run.Late"
    return AutomationCore(
        name=_OF_LATE_RUNS,
        trigger=_missing({late}, {"prefect.flow-run.Running", *_ENDS}, LATE),
        actions=_alert(block, "Late", "It has been due for over ten minutes and has not started."),
    )


def silent_runs(block: UUID | None) -> AutomationCore:
    """Return an automation that marks runs without heartbeats as crashed, and alerts.

    The block names the webhook on the server, if there is one.
    """
    heartbeat, reason = "prefect.flow-run.heartbeat", "Its worker stopped sending heartbeats."
    crash = ChangeFlowRunState(name="Crashed", state=StateType.CRASHED, message=reason, force=False)
    return AutomationCore(
        name=_OF_SILENT_RUNS,
        trigger=_missing({heartbeat}, {heartbeat, *_ENDS}, SILENCE),
        actions=[crash, *_alert(block, "Crashed", reason)],
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


def _alert(block: UUID | None, state: str, reason: str) -> list[ActionTypes]:
    """Return the action that posts to the webhook what `spacex.pipeline.alerts` would post."""
    if block is None:
        return []
    said = {"STATE": state, "REASON": reason, "PREFECT": PREFECT_UI_URL.value() or ""}
    payload = reduce(lambda text, each: text.replace(*each), said.items(), _PAYLOAD)
    return [CallWebhook(block_document_id=block, payload=payload)]


def _save_block(webhook_url: HttpUrl) -> UUID:
    """Write the address of alerts to the server; return the id of its block."""
    block = Webhook(url=SecretStr(str(webhook_url)), headers=SecretDict(_HEADERS))
    return asyncio.run(block.asave(_BLOCK, overwrite=True))


def _read_block(client: SyncPrefectClient) -> BlockDocument | None:
    """Return the block of the webhook on the server; None if there is none."""
    try:
        return client.read_block_document_by_name(_BLOCK, "webhook")
    except ObjectNotFound:
        return None
