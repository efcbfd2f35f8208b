"""The visitors' kernels: their owners, and the limit on their number."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Integer

from spacex.units import utc_instant, utc_now

OPENING = timedelta(seconds=20)
"""Time that a page may take to connect to its kernel."""

_POLL_S = 0.2


class Kernels(AsyncMappingKernelManager):
    """Jupyter's kernel manager with a limit on the number of kernels.

    At the limit, a new kernel replaces the least recently used one, kernels of closed pages first.
    An open page whose kernel was replaced reconnects in the same state. A kernel is never replaced
    while its page is being opened, or the page would stay empty; the next visitor waits instead.
    Nor is a kernel that is ready for a visitor, because Voila would not start another one.
    """

    limit = Integer(10, min=2, config=True, help="Most kernels at a time")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self._assigned: dict[str, datetime] = {}
        self._owners: dict[str, str] = {}
        self._starting = asyncio.Lock()

    def assign(self, kernel_id: str, visitor: str) -> None:
        """Make a visitor the owner of a kernel."""
        running = {key: owner for key, owner in self._owners.items() if key in self}
        self._owners = running | {kernel_id: visitor}

    def owner(self, kernel_id: str) -> str | None:
        """Return the visitor who owns a running kernel."""
        return self._owners.get(kernel_id) if kernel_id in self else None

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]
        """Start a kernel, after shutting another one down if the limit is reached."""
        async with self._starting:
            while len(self.list_kernel_ids()) >= self.limit and (visited := self._visited()):
                uses = {kernel_id: self._use(kernel_id) for kernel_id in visited}
                open_or_closed = {key: use for key, use in uses.items() if use is not None}
                if open_or_closed:
                    oldest = min(open_or_closed, key=open_or_closed.__getitem__)
                    await self.shutdown_kernel(oldest)  # type: ignore[no-untyped-call]
                else:
                    await asyncio.sleep(_POLL_S)
            kernel_id = await super().start_kernel(**kwargs)
        self.add_restart_callback(kernel_id, partial(self._replace_ready, kernel_id), "dead")
        return kernel_id

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """Shut an idle kernel down, unless it waits for a visitor."""
        if kernel_id in self._visited():
            await super().cull_kernel_if_idle(kernel_id)  # type: ignore[no-untyped-call]

    def _replace_ready(self, kernel_id: str) -> None:
        """Let Voila start another kernel for one that died while it waited for a visitor."""
        for notebook, pool in getattr(self, "_pools", {}).items():
            pool[:] = [task for task in pool if _may_serve(task, kernel_id)]
            self.fill_if_needed(delay=0, notebook_name=notebook)  # type: ignore[attr-defined]

    def _use(self, kernel_id: str) -> tuple[bool, datetime] | None:
        """Return whether the page is open, and its last use; None while it is being opened."""
        model = self.kernel_model(kernel_id)  # type: ignore[no-untyped-call]
        assigned = self._assigned[kernel_id]
        is_open = model["connections"] > 0
        if not is_open and assigned > utc_now() - OPENING:
            return None
        return is_open, max(assigned, utc_instant(model["last_activity"]))

    def _visited(self) -> set[str]:
        """Return the kernels that have a visitor; Voila keeps the others in `_pools`."""
        pools = getattr(self, "_pools", {}).values()
        ready = [task for pool in pools for task in pool if task.done() and not task.exception()]
        visited = set(self.list_kernel_ids()) - {task.result()["kernel_id"] for task in ready}
        self._assigned = {key: self._assigned.get(key, utc_now()) for key in visited}
        return visited


def _may_serve(ready: asyncio.Task[Any], dead: str) -> bool:
    """Return whether a kernel of Voila's pool, which may still be starting, is not a dead one."""
    return not ready.done() or not (ready.exception() or ready.result()["kernel_id"] == dead)
