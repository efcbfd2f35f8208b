"""Requests of the serving process to a real Prefect server."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
import yaml
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import StateType
from prefect.settings import PREFECT_API_URL
from prefect.states import Pending, Running, Scheduled

from flows import serve
from flows.etl import etl
from spacex.errors import SettingsError
from spacex.pipeline.abandoned_runs import clear
from spacex.pipeline.work_pool import crash_silent_runs
from spacex.settings import PROJECT, Settings
from spacex.units import utc_now


@pytest.fixture
def client() -> Iterator[SyncPrefectClient]:
    with get_client(sync_client=True) as client:
        yield client


@pytest.fixture
def deployment_id(own):  # noqa: ARG001 - its settings apply
    return asyncio.run(asyncio.run(serve.deployment()).aapply())


def test_the_deployment_follows_the_schedule_with_one_run_at_a_time(client, own, deployment_id):
    made = client.read_deployment(deployment_id)
    assert (made.name, made.tags) == ("etl", ["spacex"])
    assert made.global_concurrency_limit.limit == 1
    assert made.concurrency_options.collision_strategy == "ENQUEUE"
    (schedule,) = made.schedules
    assert (schedule.active, schedule.schedule.cron) == (True, own().schedule)
    parameters = {"source", "base_url", "only", "as_of", "accept_shrink"}
    assert set(made.parameter_openapi_schema["properties"]) == parameters


def test_the_server_schedules_runs(client, deployment_id):
    # Servers failed here with newer versions of the libraries that Prefect uses.
    url = f"{PREFECT_API_URL.value()}/deployments/{deployment_id}/schedule"
    httpx.post(url, json={"min_runs": 2}).raise_for_status()
    scheduled = client.get_scheduled_flow_runs_for_deployments(
        [deployment_id], scheduled_before=utc_now() + timedelta(days=3), limit=10
    )
    assert len(scheduled) >= 2
    assert {run.auto_scheduled for run in scheduled} == {True}


def test_an_invalid_schedule_is_rejected(own):
    own(schedule="every morning")
    with pytest.raises(SettingsError, match="SPACEX_SCHEDULE='every morning'"):
        asyncio.run(serve.deployment())


def test_runs_of_a_killed_process_are_marked_as_crashed(client, deployment_id):
    def left(state, **described):
        run = client.create_flow_run_from_deployment(deployment_id, **described)
        client.set_flow_run_state(run.id, state, force=True)
        return run.id

    running, pending = left(Running()), left(Pending())
    asked_for = left(Scheduled(scheduled_time=utc_now() - timedelta(hours=1)))
    day = client.create_flow_run(etl, parent_task_run_id=None, state=Running()).id
    clear(client, deployment_id)
    states = [client.read_flow_run(run).state for run in (running, pending, asked_for, day)]
    assert [state.type for state in states] == [
        *[StateType.CRASHED] * 2,
        StateType.SCHEDULED,
        StateType.RUNNING,  # not a run of the deployment
    ]
    assert states[0].message == "Its process died."


def test_the_server_accepts_the_automation_for_silent_runs(client):
    watch = crash_silent_runs()
    client.create_automation(watch)
    (made,) = client.read_automations_by_name(watch.name)
    assert made.trigger.within == watch.trigger.within


def test_a_pool_has_the_same_deployment():
    (described,) = yaml.safe_load((PROJECT / "prefect.yaml").read_text())["deployments"]
    assert described["name"] == serve.NAME
    assert described["tags"] == serve.TAGS
    assert described["description"] == serve.DESCRIPTION
    assert described["entrypoint"] == "flows/etl.py:etl"
    limit, strategy = serve.LIMIT.limit, serve.LIMIT.collision_strategy.value
    assert described["concurrency_limit"] == {"limit": limit, "collision_strategy": strategy}


def test_the_default_schedule_is_the_same_everywhere():
    cron = Settings.model_fields["schedule"].default
    assert f"${{SPACEX_SCHEDULE:-{cron}}}" in (PROJECT / "docker-compose.yml").read_text()
