"""How a deployment on Prefect's server differs from the one that the settings declare.

Whoever knows the server's password can change it. Registering it again resets what Prefect sends,
which is not all of it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentUpdate
from prefect.client.schemas.objects import ConcurrencyLimitConfig, DeploymentSchedule
from prefect.client.schemas.responses import DeploymentResponse

LIMIT = ConcurrencyLimitConfig(limit=1)
"""One run at a time, since all write the same database; others wait."""

_KEPT = {
    "concurrency_limit": None,  # registering creates it
    "enforce_parameter_schema": True,
    "path": None,
    "work_pool_name": None,
}
"""What registering would leave as it is → what to set it to before."""


_TIMING = {"schedules", "concurrency_limit", "collision_strategy"}
"""What says when runs start, which the page and SPACEX_SCHEDULE change, and not what they do."""


def is_serious(former: DeploymentResponse, changed: str, *, has_plan: bool = False) -> bool:
    """Return whether a changed property decides what runs execute.

    Args:
        former: the deployment on the server.
        changed: the name of the property.
        has_plan: whether the operator's plan sets the schedules, with their parameters.
    """
    return changed not in _TIMING or (
        changed == "schedules"
        and not has_plan
        and any(each.parameters for each in former.schedules)
    )


def declared(
    entrypoint: str | None,
    schedules: Iterable[dict[str, Any]] | None,
    limit: ConcurrencyLimitConfig | None = None,
) -> dict[str, object]:
    """Return the properties of a deployment that this process serves.

    Args:
        entrypoint: that of its flow.
        schedules: its schedules, without what is the default; None: those on the server.
        limit: how many of its runs are executed at a time; None: no limit.
    """
    ours: dict[str, object] = {
        "entrypoint": entrypoint,
        "pull_steps": [],
        "parameters": {},
        "job_variables": {},
        "storage_document_id": None,
        "path": None,
        "enforce_parameter_schema": True,
        "work_pool_name": None,
    }
    if schedules is not None:
        ours["schedules"] = sorted(schedules, key=str)
    ours["concurrency_limit"] = limit.limit if limit else None
    if limit:
        ours["collision_strategy"] = limit.collision_strategy.value
    return ours


def changes(former: DeploymentResponse, ours: Mapping[str, object]) -> dict[str, str]:
    """Return the differences, in words, by property.

    Args:
        former: the deployment on the server.
        ours: the properties that it should have.
    """
    found = _registered(former)
    return {
        name: f"{name} {found[name]!r} instead of {value!r}"
        for name, value in ours.items()
        if found[name] != value
    }


def put_right(client: SyncPrefectClient, former: DeploymentResponse, changed: set[str]) -> None:
    """Reset the changed properties that registering would leave as they are.

    Args:
        client: the server.
        former: the deployment on it.
        changed: the names of its changed properties.
    """
    if reset := {name: value for name, value in _KEPT.items() if name in changed}:
        client.update_deployment(former.id, DeploymentUpdate.model_validate(reset))


def is_off(deployment: DeploymentResponse | None) -> bool:
    """Return whether an operator has paused the deployment or switched off its schedules."""
    if deployment is None:
        return False
    switched_off = [not each.active for each in deployment.schedules]
    return deployment.paused or (bool(switched_off) and all(switched_off))


def keep_off(client: SyncPrefectClient, former: DeploymentResponse, *, is_whole: bool) -> None:
    """Switch off the schedules of a deployment that were off before it was registered again.

    Args:
        client: the server.
        former: the deployment before.
        is_whole: whether all schedules stay off if all were, even with another time.
    """
    off = [_identity(each) for each in former.schedules if not each.active]
    is_all = is_whole and bool(off) and len(off) == len(former.schedules)
    for each in client.read_deployment(former.id).schedules:
        if is_all or _identity(each) in off:
            client.update_deployment_schedule(
                former.id, each.id, active=False, parameters=each.parameters
            )


def _identity(schedule: DeploymentSchedule) -> object:
    """Return what tells schedules apart: Prefect's page clears parameters when it switches one."""
    return schedule.slug or _schedule(schedule)


def _registered(former: DeploymentResponse) -> dict[str, object]:
    limit, options = former.global_concurrency_limit, former.concurrency_options
    schedules = [_schedule(each) for each in former.schedules]
    return {
        "entrypoint": former.entrypoint,
        "pull_steps": former.pull_steps or [],
        "parameters": former.parameters or {},
        "job_variables": former.job_variables or {},
        "storage_document_id": former.storage_document_id,
        "path": former.path,
        "enforce_parameter_schema": former.enforce_parameter_schema,
        "work_pool_name": former.work_pool_name,
        "schedules": sorted(schedules, key=str),
        "concurrency_limit": limit.limit if limit and limit.active else None,
        "collision_strategy": options.collision_strategy.value if options else None,
    }


def _schedule(registered: DeploymentSchedule) -> dict[str, Any]:
    """Return a schedule without what is the default; that of its time zone is UTC.

    Whether it is active is left to the operator.
    """
    found = registered.schedule.model_dump(mode="json", exclude_defaults=True)
    if found.get("timezone") == "UTC":
        del found["timezone"]
    return found | ({"parameters": registered.parameters} if registered.parameters else {})
