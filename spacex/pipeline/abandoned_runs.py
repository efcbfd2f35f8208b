"""Runs that a killed process left behind, and runs that were due while no process served."""

from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterParentFlowRunId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Cancelled, Crashed

from spacex.units import utc_now

UNFINISHED = (StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)


def clear(client: SyncPrefectClient, deployment_id: UUID) -> None:
    """Mark runs as crashed whose process has died, and cancel missed runs.

    Call it from the only process that serves the deployment, before it takes a run. A crashed run
    frees its concurrency slot; the run at the start replaces those missed.
    """
    ours = DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id]))
    unfinished = _read(client, _in(*UNFINISHED), ours)
    for run in [*_children(client, unfinished), *unfinished]:
        crashed: State[None] = Crashed(message="Its process died.")
        client.set_flow_run_state(run.id, crashed, force=True)
    for run in _read(client, _in(StateType.SCHEDULED), ours):
        if run.auto_scheduled and run.expected_start_time and run.expected_start_time < utc_now():
            missed: State[None] = Cancelled(
                message="No process was serving; the run at the start replaces it."
            )
            client.set_flow_run_state(run.id, missed, force=True)


def _children(client: SyncPrefectClient, runs: list[FlowRun]) -> list[FlowRun]:
    """Return the unfinished days of a replay."""
    if not runs:
        return []
    children = _in(*UNFINISHED)
    children.parent_flow_run_id = FlowRunFilterParentFlowRunId(any_=[run.id for run in runs])
    return _read(client, children)


def _read(
    client: SyncPrefectClient, runs: FlowRunFilter, deployment: DeploymentFilter | None = None
) -> list[FlowRun]:
    """Return the runs due or started first, up to 200."""
    return client.read_flow_runs(
        flow_run_filter=runs,
        deployment_filter=deployment,
        sort=FlowRunSort.EXPECTED_START_TIME_ASC,
        limit=200,
    )


def _in(*types: StateType) -> FlowRunFilter:
    return FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[*types])))
