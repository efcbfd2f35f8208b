"""Serve the flow: run it at the start, by the schedule, and on request.

`python -m flows.serve` keeps the deployment `spacex-etl/etl` registered with the Prefect server and
takes its runs. With SPACEX_WORK_POOL the deployment of `prefect.yaml` is registered instead, and
this process is one of the pool's workers.
"""

import asyncio
import sys
import warnings
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from logging import INFO, WARNING
from typing import Any

from httpx import HTTPError
from prefect import get_client
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentUpdate
from prefect.client.schemas.responses import DeploymentResponse
from prefect.deployments import run_deployment
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound, PrefectException, TerminationSignal
from prefect.runner import Runner
from prefect.schedules import Schedule
from prefect.settings import PREFECT_API_URL
from prefect.types.entrypoint import EntrypointType
from pydantic import ValidationError

from spacex.errors import PrefectError, SettingsError, SpacexError
from spacex.pipeline import alerts, automations, deployment_changes, flow_worker, work_pool
from spacex.pipeline.abandoned_runs import clear, crash_unfinished
from spacex.settings import command, notices, settings
from spacex.settings.log import announce

from .etl import etl
from .report import report, schedules

NAME = "etl"
FULL_NAME = f"{etl.name}/{NAME}"
REPORT_NAME = "report"
REPORTS = f"{report.name}/{REPORT_NAME}"
REPORT_OPTIONS: dict[str, Any] = {
    "tags": ["spacex"],
    "description": "Make a report to order: see docs/reports.md",
    "entrypoint_type": EntrypointType.MODULE_PATH,
}
"""The properties of the deployment of reports that the plan does not say."""


def main() -> None:
    """Register the flow, request a run, and execute runs until the process is stopped.

    A deployment that is paused, or whose schedule is off, stays so, and no run is requested.

    Raises:
        SettingsError: the schedule is invalid.
        PrefectError: Prefect's server cannot be reached, or refuses this client.
    """
    pool = settings().work_pool
    runner = Runner(pause_on_shutdown=False, limit=1)
    try:
        is_off = prepare(runner, pool)
    except (HTTPError, PrefectException, RuntimeError) as error:
        url = PREFECT_API_URL.value() or ""
        raise PrefectError(
            f"Prefect's server cannot be used: {str(error) or type(error).__name__}",
            remedy=f"`{command('prefect')}` starts one; name it in PREFECT_API_URL. "
            f"`{command('doctor')}` says more.",
            server=url,
        ) from None
    if is_off:
        text = f"• The deployment {NAME} is paused or its schedule is off: no run is requested."
        announce(text, settings().log)
    if pool:
        work(pool)
        return
    # Prefect's handler of SIGTERM does not await it; leaving the runner's context stops the runner.
    warnings.filterwarnings("ignore", "coroutine 'Runner.astop' was never awaited")
    with suppress(KeyboardInterrupt, TerminationSignal):
        asyncio.run(runner.start())


def work(pool: str) -> None:
    """Take runs from the work pool as one of its workers, until the process is stopped."""
    flow_worker.work(etl, pool, lambda text: announce(f"• {text}", settings().log))


def prepare(runner: Runner, pool: str) -> bool:
    """Register deployment and automations, and request a run unless the deployment is off.

    Args:
        runner: what serves the flow, if there is no work pool.
        pool: the work pool; may be empty.

    Returns:
        Whether the deployment is off, as an operator has left it.

    Raises:
        SettingsError: the schedule is invalid.
    """
    with get_client(sync_client=True) as client:
        former = registered(client)
        if former:
            put_right(client, FULL_NAME, former, foreign_changes(former))
        if pool:
            work_pool.register(pool)
        else:
            register(client, runner, former)
        register_automations(client, watches_workers=bool(pool))
        if former:
            client.update_deployment(former.id, DeploymentUpdate(paused=former.paused))
            deployment_changes.keep_off(client, former, is_whole=True)
        is_off = deployment_changes.is_off(registered(client))
    if not is_off:
        run_deployment(FULL_NAME, timeout=0)
    return is_off


def registered(client: SyncPrefectClient, name: str = FULL_NAME) -> DeploymentResponse | None:
    """Return a deployment as it is on the server; None if there is none."""
    try:
        return client.read_deployment_by_name(name)
    except ObjectNotFound:
        return None


def put_right(
    client: SyncPrefectClient,
    full_name: str,
    former: DeploymentResponse,
    changed: Mapping[str, str],
    *,
    has_plan: bool = False,
) -> None:
    """Log how a deployment was changed, and prepare it to be registered again.

    A change of what runs execute is a warning, which the webhook receives as well.

    Args:
        client: the server.
        full_name: the names of flow and deployment.
        former: the deployment on the server.
        changed: how it was changed, in words, by property.
        has_plan: see `deployment_changes.is_serious`.
    """
    serious = []
    for name, change in changed.items():
        is_serious = deployment_changes.is_serious(former, name, has_plan=has_plan)
        serious += [change] if is_serious else []
        announce_change(f"deployment {former.name}", change, is_serious=is_serious)
    alert_of_changes(full_name.partition("/")[0], f"deployment {former.name}", serious)
    deployment_changes.put_right(client, former, set(changed))


def register_automations(client: SyncPrefectClient, *, watches_workers: bool) -> None:
    """Register the automations, and log how they were changed and which others there are.

    A webhook that is set or removed is logged, but no alert: the settings may have changed.
    """
    config = settings()
    serious: defaultdict[str, list[str]] = defaultdict(list)
    changes, others = automations.register(
        client, config.webhook_url, watches_workers=watches_workers
    )
    for each in changes:
        subject = f"automation {each.automation!r}"
        serious[subject] += [each.text] if each.is_serious and not each.is_of_webhook else []
        announce_change(subject, each.text, is_serious=each.is_serious)
    for subject, texts in serious.items():
        alert_of_changes(etl.name, subject, texts)
    for name in others:
        text = f"• The automation {name!r} on Prefect's server is not of this software; it stays."
        announce(text, config.log)


def announce_change(subject: str, change: str, *, is_serious: bool) -> None:
    """Log a change on the server that is put right."""
    text = f"• The {subject} differs from the settings; put right: {change}."
    announce(text, settings().log, level=WARNING if is_serious else INFO)


def alert_of_changes(flow: str, subject: str, changes: Collection[str]) -> None:
    """Post changes to the webhook, if there are some; log whether it was not reached."""
    problems = alerts.warn_of_change(settings(), flow, subject, changes) if changes else []
    for problem in problems:
        announce(f"• {problem}", settings().log, sys.stderr, WARNING)


def register(
    client: SyncPrefectClient, runner: Runner, former: DeploymentResponse | None = None
) -> None:
    """Let a runner serve the flow, and clear what a former process left behind.

    The runner executes this flow and its hooks, whatever entry point and pull steps the server
    names.

    Raises:
        SettingsError: the schedule is invalid.
    """
    deployment()
    deployment_id = asyncio.run(runner.aadd_flow(etl, NAME, **options()))
    clear(client, deployment_id, is_off=deployment_changes.is_off(former))
    register_reports(client, runner)


def register_reports(client: SyncPrefectClient, runner: Runner) -> None:
    """Let a runner serve reports made to order: on request, and on the schedules of the plan.

    A plan that cannot be read is announced, and the former schedules stay.
    """
    former = registered(client, REPORTS)
    planned: list[Schedule] | None = None
    try:
        planned = schedules()
    except SettingsError as error:
        announce(f"• {error}", settings().log)
    if former:
        put_right(client, REPORTS, former, changes_of_reports(former, planned), has_plan=True)
        if planned == []:  # registering would leave the former ones
            for each in former.schedules:
                client.delete_deployment_schedule(former.id, each.id)
    is_paused = bool(former and former.paused)
    registering = runner.aadd_flow(
        report, REPORT_NAME, schedules=planned or [], paused=is_paused, **REPORT_OPTIONS
    )
    crash_unfinished(client, asyncio.run(registering))
    if former:
        deployment_changes.keep_off(client, former, is_whole=False)


def foreign_changes(former: DeploymentResponse) -> dict[str, str]:
    """Return how the registered deployment differs from what this process would register."""
    schedules = [{"cron": settings().schedule}]
    ours = deployment_changes.declared(deployment().entrypoint, schedules, deployment_changes.LIMIT)
    if pool := settings().work_pool:
        ours |= {"work_pool_name": pool, **work_pool.deployment()}
    return deployment_changes.changes(former, ours)


def changes_of_reports(
    former: DeploymentResponse, planned: Iterable[Schedule] | None
) -> dict[str, str]:
    """Return how the deployment of reports differs from what this process would register.

    Args:
        former: the deployment on the server.
        planned: the schedules of the plan; None if it cannot be read.
    """
    ours = asyncio.run(report.ato_deployment(REPORT_NAME, **REPORT_OPTIONS))
    timed = None
    if planned is not None:
        timed = [{"cron": each.cron, "parameters": each.parameters} for each in planned]
    return deployment_changes.changes(former, deployment_changes.declared(ours.entrypoint, timed))


def options() -> dict[str, Any]:
    """Return the properties of the deployment that this process serves."""
    return {
        "cron": settings().schedule,
        "concurrency_limit": deployment_changes.LIMIT,
        "tags": ["spacex"],
        "description": "Extract, transform, load and report: see docs/operating.md",
        "entrypoint_type": EntrypointType.MODULE_PATH,
    }


def deployment() -> RunnerDeployment:
    """Return the deployment that this process serves.

    Raises:
        SettingsError: the schedule is invalid.
    """
    try:
        return asyncio.run(etl.ato_deployment(NAME, **options()))
    except ValidationError:
        raise SettingsError(
            f"SPACEX_SCHEDULE={settings().schedule!r} is not a cron schedule.",
            remedy="Write it like '17 5 * * *', which is every day at 05:17 UTC.",
        ) from None


if __name__ == "__main__":
    for notice in notices():
        announce(f"• {notice}", settings().log, sys.stderr)
    try:
        main()
    except SpacexError as stopped:
        announce(str(stopped), settings().log, sys.stderr)
        raise SystemExit(1) from None
