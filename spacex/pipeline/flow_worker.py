"""A worker that executes one flow, whatever the server's deployments, pool and runs name.

Prefect's own process workers execute the entry point, pull steps, commands and variables that the
server hands out, and report no crash of a run whose flow they could not load.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import anyio
from anyio.abc import TaskStatus
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import ObjectNotFound
from prefect.flows import Flow
from prefect.runner._flow_run_executor import FlowRunExecutionResult, FlowRunExecutorContext
from prefect.runner._hook_runner import HookRunner
from prefect.runner._process_manager import ProcessHandle
from prefect.runner._starter_direct import DirectSubprocessStarter
from prefect.utilities.processutils import setup_signal_handlers_worker
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker, ProcessWorkerResult

NO_STATUS: TaskStatus[Any] = anyio.TASK_STATUS_IGNORED


class FlowWorker(ProcessWorker):
    """A process worker for one flow, which runs its hooks for every run that it marks as crashed.

    Attributes:
        flow: the flow.
    """

    def __init__(self, flow: Flow[..., Any], work_pool_name: str) -> None:
        super().__init__(work_pool_name=work_pool_name)
        self.flow = flow
        self._hooks = HookRunner(resolve_flow=self._resolve)
        self._reported: set[UUID] = set()

    @staticmethod
    def __dispatch_key__() -> str:
        """Return the name among Prefect's workers, where `process` remains Prefect's own."""
        return "spacex-process"

    async def run(
        self,
        flow_run: FlowRun,
        configuration: ProcessJobConfiguration,  # noqa: ARG002 - it is the server's
        task_status: TaskStatus[int] | None = None,
    ) -> ProcessWorkerResult:
        """Execute the flow in a process of its own; return how that has ended.

        Args:
            flow_run: the run.
            configuration: what the server wants executed.
            task_status: what awaits the process id.

        Raises:
            ValueError: the run is one of another flow.
            RuntimeError: the process did not start.
        """
        requested = await self.client.read_flow(flow_run.flow_id)
        if requested.name != self.flow.name:
            raise ValueError(f"This worker executes {self.flow.name} alone, not {requested.name}.")
        execution: FlowRunExecutionResult | None = None
        async with FlowRunExecutorContext() as context, anyio.create_task_group() as group:
            starter = DirectSubprocessStarter(
                flow=self.flow, control_channel=context.control_channel
            )
            executor = context.create_executor(
                flow_run, starter, propose_submitting=False, hook_runner=self._hooks
            )

            async def execute(*, task_status: TaskStatus[ProcessHandle] = NO_STATUS) -> None:
                nonlocal execution
                execution = await executor.submit(task_status=task_status)

            handle = await group.start(execute)
            if task_status:
                task_status.started(handle.pid)
        if execution is None or execution.status_code is None:
            raise RuntimeError("The process of the run did not start.")
        identifier = str(execution.handle.pid)
        return ProcessWorkerResult(status_code=execution.status_code, identifier=identifier)

    async def _resolve(self, flow_run: FlowRun) -> Flow[..., Any]:
        """Return the flow whose hooks a run needs."""
        self._reported.add(flow_run.id)
        return self.flow

    async def _propose_crashed_state(
        self, flow_run: FlowRun, message: str, client: PrefectClient | None = None
    ) -> None:
        """Mark a run as crashed that was not executed, and run the hooks of the flow."""
        await super()._propose_crashed_state(flow_run, message, client)
        with suppress(ObjectNotFound):
            state = (await self.client.read_flow_run(flow_run.id)).state
            if state and state.is_crashed() and flow_run.id not in self._reported:
                await self._hooks.run_crashed_hooks(flow_run, state)
        self._reported.discard(flow_run.id)


def work(flow: Flow[..., Any], pool: str, announce: Callable[[str], None]) -> None:
    """Take runs from a work pool until the process is terminated, and serve `/health`.

    Args:
        flow: what to execute.
        pool: the name of the pool.
        announce: prints what the worker says to its operator.
    """
    setup_signal_handlers_worker(os.getpid(), "the worker", announce)
    worker = FlowWorker(flow, pool)
    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(worker.start(with_healthcheck=True, printer=announce))
