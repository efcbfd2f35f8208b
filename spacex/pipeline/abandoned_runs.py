"""Runs that a killed process left behind, and those that were due while none was there."""

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

UNDER_WAY = (StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)


def clear(client: SyncPrefectClient, deployment_id: UUID) -> None:
    """Call runs crashed whose process is gone, and missed ones off: the run at the start is theirs.

    Only the one process that serves the deployment may do this, and before it takes any run. A run
    called crashed gives its place back, so that the next one does not wait for it.
    """
    of_ours = DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id]))
    left = _read(client, _in(*UNDER_WAY), of_ours)
    for run in [*_children(client, left), *left]:
        gone: State[None] = Crashed(message="The process that ran it was ended.")
        client.set_flow_run_state(run.id, gone, force=True)
    for run in _read(client, _in(StateType.SCHEDULED), of_ours):
        if run.auto_scheduled and run.expected_start_time and run.expected_start_time < utc_now():
            missed: State[None] = Cancelled(
                message="Nobody was there to run it; the run at the start is for it."
            )
            client.set_flow_run_state(run.id, missed, force=True)


def _children(client: SyncPrefectClient, runs: list[FlowRun]) -> list[FlowRun]:
    """The days of a replay that were under way."""
    if not runs:
        return []
    of_them = _in(*UNDER_WAY)
    of_them.parent_flow_run_id = FlowRunFilterParentFlowRunId(any_=[run.id for run in runs])
    return _read(client, of_them)


def _read(
    client: SyncPrefectClient, runs: FlowRunFilter, deployment: DeploymentFilter | None = None
) -> list[FlowRun]:
    """The runs due or begun first; more than one answer holds are not looked for."""
    return client.read_flow_runs(
        flow_run_filter=runs,
        deployment_filter=deployment,
        sort=FlowRunSort.EXPECTED_START_TIME_ASC,
        limit=200,
    )


def _in(*types: StateType) -> FlowRunFilter:
    return FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[*types])))
