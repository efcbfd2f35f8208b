"""A served flow on a real server reports its runs that are cancelled and killed."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import psutil
import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Cancelling

from flows import serve
from spacex.notebook.run_index import read_record, run_folders
from spacex.settings import PROJECT
from tests.replica import Hang, Replica

pytestmark = pytest.mark.long

WITHIN_S = 150
"""Long enough for a busy machine, on which a process of Prefect takes a minute to start."""


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def kill_run(serving: int) -> None:
    """Kill the processes of the run that a process serves."""
    for each in psutil.Process(serving).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "resource_tracker" not in " ".join(each.cmdline()):
                each.kill()


def running(client: SyncPrefectClient) -> UUID:
    """Return the run that is executed."""
    is_running = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING]))
    ours = DeploymentFilter(name=DeploymentFilterName(any_=[serve.NAME]))
    (found,) = client.read_flow_runs(
        flow_run_filter=FlowRunFilter(state=is_running), deployment_filter=ours
    )
    return found.id


def is_cancelled(client: SyncPrefectClient, run: UUID) -> bool:
    return client.read_flow_run(run).state.is_cancelled()


def test_cancelled_and_killed_runs_are_reported(configure, tmp_path: Path, prefect_api: str):
    with (
        tempfile.TemporaryDirectory() as temporary,  # short, since sockets are in it
        Replica(tmp_path / "none") as service,
        temporary_settings({PREFECT_API_URL: prefect_api}),
        get_client(sync_client=True) as client,
    ):
        service.script("rockets", Hang())
        config = configure(
            base_url=service.url, read_timeout_s=100, webhook_url=f"{service.url}/hook"
        )
        clean = {name: value for name, value in os.environ.items() if "PREFECT" not in name}
        variables = clean | {"PREFECT_API_URL": prefect_api, "TMPDIR": temporary}
        log = tmp_path / "log"
        with log.open("w") as printed:
            serving = subprocess.Popen(
                [sys.executable, "-m", "flows.serve"], env=variables, cwd=PROJECT, stderr=printed
            )
        try:
            wait_until(lambda: service.requests)
            cancelled = running(client)
            client.set_flow_run_state(cancelled, Cancelling(), force=True)
            wait_until(lambda: is_cancelled(client, cancelled))
            wait_until(
                lambda: {path.name for path in Path(temporary).iterdir()} <= {"runner_storage"}
            )
            client.create_flow_run_from_deployment(serve.registered(client).id)
            wait_until(lambda: len(service.requests) > 1)
            kill_run(serving.pid)
            wait_until(lambda: len(service.posted) == 2)
        finally:
            kill_run(serving.pid)
            serving.terminate()
            serving.wait(60)
        states = [json.loads(body)["state"] for _, body in service.posted]
        assert states == ["Cancelled", "Crashed"]
        ended = [read_record(each) for each in sorted(run_folders(config.runs_dir))]
        assert [each.state for each in ended] == ["cancelled", "crashed"]
        assert "SIGTERM received" in log.read_text()
        assert "Warning:" not in log.read_text()
