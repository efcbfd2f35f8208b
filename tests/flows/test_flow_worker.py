"""A worker of a pool executes its own flow alone, reports each crash, and logs as it is told."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect import flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Scheduled

from flows import serve
from spacex.settings import PROJECT
from tests.conftest import free_port
from tests.flows.test_served_runs import kill_run, wait_until
from tests.replica import Hang, Replica

pytestmark = pytest.mark.long

POOL = "spacex"


@flow(name="another")
def another() -> None:
    """Do nothing."""


@contextmanager
def worker(api: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start the process of `flows.serve` with the pool; its lines are in `folder/log`."""
    clean = {name: value for name, value in os.environ.items() if "PREFECT" not in name}
    ours = {
        "PREFECT_API_URL": api,
        "PREFECT_WORKER_WEBSERVER_PORT": str(free_port()),
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "SPACEX_PROJECT_DIR": str(PROJECT),
        "SPACEX_SCHEDULE": "17 5 * * *",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.serve"],
            env=clean | ours,
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        kill_run(process.pid)
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def change(client: SyncPrefectClient, path: str, **properties: Any) -> None:
    client.request("PATCH", path, json=properties)


def request_run(client: SyncPrefectClient, **properties: Any) -> UUID:
    """Request a run of the deployment."""
    deployment = serve.registered(client)
    return client.create_flow_run_from_deployment(deployment.id, **properties).id


def is_final(client: SyncPrefectClient, run: UUID) -> bool:
    return client.read_flow_run(run).state.is_final()


def ended(client: SyncPrefectClient, run: UUID) -> FlowRun:
    """Wait until a run has ended."""
    wait_until(lambda: is_final(client, run))
    return client.read_flow_run(run)


@pytest.mark.attack(
    "have workers (profile `scale`) execute pull steps, another entry point, command or flow, with "
    "Prefect's password",
    "the worker executes its own flow alone",
)
def test_a_worker_executes_its_own_flow_and_reports_every_crash(configure, tmp_path, prefect_api):
    evil = {"prefect.deployments.steps.run_shell_script": {"script": f"touch {tmp_path}/attacked"}}
    with (
        Replica(tmp_path / "none") as service,
        temporary_settings({PREFECT_API_URL: prefect_api}),
        get_client(sync_client=True) as client,
    ):
        service.script("rockets", Hang())
        configure(
            base_url=service.url,
            read_timeout_s=100,
            webhook_url=f"{service.url}/hook",
            work_pool=POOL,
            log="json",
        )

        def alerts() -> list[tuple[str, str]]:
            found = [json.loads(body) for _, body in service.posted]
            return [(each["state"], each["message"]) for each in found]

        with worker(prefect_api, tmp_path) as process:
            wait_until(lambda: service.requests)
            kill_run(process.pid)
            wait_until(lambda: len(alerts()) == 1)

            deployment = serve.registered(client)
            path = f"/deployments/{deployment.id}"
            change(client, path, pull_steps=[evil], entrypoint="os:system")
            command = f"touch {tmp_path}/attacked"
            killed = request_run(client, job_variables={"command": command})
            wait_until(lambda: len(service.requests) > 1)
            kill_run(process.pid)
            assert ended(client, killed).state.is_crashed()

            pool = client.read_work_pool(POOL)
            foreign = client.create_flow_run(another, state=Scheduled(), work_pool_name=POOL)
            assert ended(client, foreign.id).state.is_crashed()

            wrong = pool.base_job_template | {"job_configuration": {"env": "nonsense"}}
            change(client, f"/work_pools/{POOL}", base_job_template=wrong)
            assert ended(client, request_run(client)).state.is_crashed()
            change(client, f"/work_pools/{POOL}", base_job_template=pool.base_job_template)
            wait_until(lambda: len(alerts()) == 4)
        client.delete_deployment(deployment.id)
    assert not (tmp_path / "attacked").exists()
    assert [state for state, _ in alerts()] == ["Crashed"] * 4
    messages = [message for _, message in alerts()]
    assert "Process exited with status code: -9" in messages[1]
    assert "This worker executes spacex-etl alone, not another" in messages[2]
    assert "Failed to submit flow run to infrastructure" in messages[3]
    lines = (tmp_path / "log").read_text().splitlines()
    assert [line for line in lines if not line.startswith("{")] == []
    said = [json.loads(line)["message"] for line in lines]
    assert any("started!" in each for each in said)
