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

from spacex.notebook.run_index import DIED
from spacex.pipeline.flow_alerts import report
from spacex.units import counted, utc_now, utc_text

MISSED = "No process was serving; the run at the start replaces it."
OFF = "The deployment was paused or its schedule switched off."
UNFINISHED = (StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)


def clear(client: SyncPrefectClient, deployment_id: UUID, *, is_off: bool = False) -> None:
    """Mark runs as crashed whose process has died, cancel missed runs, and alert of both.

    Call it from the only process that serves the deployment, before it takes a run. A crashed run
    frees its concurrency slot; the run at the start replaces those missed.

    Args:
        client: the server.
        deployment_id: the deployment.
        is_off: whether an operator has stopped the deployment, so that nobody misses its runs.
    """
    crash_unfinished(client, deployment_id)
    scheduled = _read(client, _in(StateType.SCHEDULED), _of(deployment_id))
    due = [run for run in scheduled if _is_missed(run)]
    for run in due:
        missed: State[None] = Cancelled(message=OFF if is_off else MISSED)
        client.set_flow_run_state(run.id, missed, force=True)
    if due and not is_off:
        first = utc_text(due[0].expected_start_time or utc_now())
        number = f"{counted(len(due), 'scheduled run')}, the first of {first}"
        report(due[0], "Missed", f"{number}: {MISSED}")


def crash_unfinished(client: SyncPrefectClient, deployment_id: UUID) -> None:
    """Mark runs as crashed whose process has died, and alert of them; see `clear`."""
    unfinished = _read(client, _in(*UNFINISHED), _of(deployment_id))
    for run in [*_children(client, unfinished), *unfinished]:
        crashed: State[None] = Crashed(message=DIED)
        client.set_flow_run_state(run.id, crashed, force=True)
        if run in unfinished:
            report(run, "Crashed", DIED)


def _of(deployment_id: UUID) -> DeploymentFilter:
    return DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id]))


def _is_missed(run: FlowRun) -> bool:
    due = run.expected_start_time
    return run.auto_scheduled and due is not None and due < utc_now()


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
