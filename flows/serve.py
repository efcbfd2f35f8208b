"""Serve the flow: run it at the start, by the schedule, and on request.

`python -m flows.serve` keeps the deployment `spacex-etl/etl` registered with the Prefect server and
takes its runs. With SPACEX_WORK_POOL the deployment of `prefect.yaml` is registered instead, and
this process is one of the pool's workers.
"""

import asyncio
import os
import sys

from prefect import serve
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments import run_deployment
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.types.entrypoint import EntrypointType
from pydantic import ValidationError

from spacex.errors import SettingsError, SpacexError
from spacex.pipeline import work_pool
from spacex.pipeline.abandoned_runs import clear
from spacex.settings import notices, settings

from .etl import etl

NAME = "etl"
TAGS = ["spacex"]
DESCRIPTION = "Extract, transform, load and report: see docs/operating.md"
LIMIT = ConcurrencyLimitConfig(limit=1)
"""One run at a time, since all write the same database; others wait."""
ENTRYPOINT = "PREFECT__FLOW_ENTRYPOINT"
"""The variable by which Prefect's own launchers tell a run's process which flow to load."""


def main() -> None:
    """Register the flow, request a run, and execute runs until the process is stopped.

    Raises:
        SettingsError: the schedule is invalid.
    """
    if settings().work_pool:
        work_pool.register(settings().work_pool)
        run_deployment(f"{etl.name}/{NAME}", timeout=0)
        work_pool.work(settings().work_pool)
    served = asyncio.run(deployment())
    # Runs load this flow, whatever entry point and pull steps the server names.
    os.environ[ENTRYPOINT] = str(served.entrypoint)
    with get_client(sync_client=True) as client:
        for changed in foreign_changes(client, served):
            print(f"• The deployment {NAME} was changed by others; put right: {changed}.")  # noqa: T201
        clear(client, asyncio.run(served.aapply()))
    run_deployment(f"{etl.name}/{NAME}", timeout=0)
    serve(served, pause_on_shutdown=False, limit=1, print_starting_message=False)


def foreign_changes(client: SyncPrefectClient, served: RunnerDeployment) -> list[str]:
    """Return what the registered deployment has that this process would not register."""
    try:
        registered = client.read_deployment_by_name(f"{etl.name}/{NAME}")
    except ObjectNotFound:
        return []
    ours: dict[str, object] = {
        "entrypoint": served.entrypoint,
        "pull_steps": [],
        "parameters": {},
        "job_variables": {},
        "storage_document_id": None,
    }
    found = {name: getattr(registered, name) or value for name, value in ours.items()}
    return [f"{name} was {found[name]}" for name, value in ours.items() if found[name] != value]


async def deployment() -> RunnerDeployment:
    """Return the deployment that this process serves.

    Raises:
        SettingsError: the schedule is invalid.
    """
    cron = settings().schedule
    try:
        return await etl.ato_deployment(
            NAME,
            cron=cron,
            concurrency_limit=LIMIT,
            tags=TAGS,
            description=DESCRIPTION,
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
    except ValidationError:
        raise SettingsError(
            f"SPACEX_SCHEDULE={cron!r} is not a cron schedule.",
            remedy="Write it like '17 5 * * *', which is every day at 05:17 UTC.",
        ) from None


if __name__ == "__main__":
    for notice in notices():
        print(f"• {notice}", file=sys.stderr)  # noqa: T201 - for the operator
    try:
        main()
    except SpacexError as stopped:
        raise SystemExit(str(stopped)) from None
