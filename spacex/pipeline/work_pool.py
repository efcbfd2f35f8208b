"""A work pool for several workers, instead of one serving process."""

import os
import subprocess
import sys
from datetime import timedelta
from typing import NoReturn

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification

from spacex.errors import SettingsError
from spacex.settings import IN_CHECKOUT, PROJECT

SILENCE = timedelta(seconds=90)
"""Three missed heartbeats."""


def register(name: str) -> None:
    """Create the pool, the deployment of `prefect.yaml` in it, and the automation for its runs.

    Raises:
        SettingsError: there is no `prefect.yaml`, since the package is not in a checkout.
    """
    if not IN_CHECKOUT:
        raise SettingsError(
            "A work pool needs a checkout of the project.", remedy="Unset SPACEX_WORK_POOL."
        )
    automation = crash_silent_runs()
    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name=name, type="process"), overwrite=True)
        if not client.read_automations_by_name(automation.name):
            client.create_automation(automation)
    subprocess.run(_prefect("--no-prompt", "deploy", "--all"), cwd=PROJECT, check=True)  # noqa: S603 - our own


def work(name: str) -> NoReturn:
    """Become a worker of the pool."""
    os.chdir(PROJECT)
    start = ("worker", "start", "--pool", name, "--type", "process", "--with-healthcheck")
    os.execv(sys.executable, _prefect(*start))  # noqa: S606 - our own


def crash_silent_runs() -> AutomationCore:
    """Return an automation that marks runs without heartbeats as crashed."""
    ends = {
        f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed")
    }
    heartbeat = "prefect.flow-run.heartbeat"
    return AutomationCore(
        name="Crash runs that have fallen silent",
        trigger=EventTrigger(
            after={heartbeat},
            expect={heartbeat, *ends},
            match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=SILENCE,
        ),
        actions=[
            ChangeFlowRunState(
                name="Crashed",
                state=StateType.CRASHED,
                message="Its worker stopped sending heartbeats.",
                force=False,
            )
        ],
    )


def _prefect(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "prefect", *arguments]
