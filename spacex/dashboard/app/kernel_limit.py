"""The kernels behind the dashboard: each visitor has one, and there are never too many."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Integer

from spacex.units import utc_instant, utc_now

OPENING = timedelta(seconds=20)
"""Time a page is given to connect to its kernel."""

_LOOK_AGAIN_S = 0.2


class Kernels(AsyncMappingKernelManager):
    """Jupyter's kernel manager with a limit.

    Where the limit is reached, a kernel whose page is closed makes room, or else the one unused for
    longest; its page starts anew, as it was, when its visitor is back. A page that is just being
    opened is never ended, or it would stay empty: in a crowd, the next visitor waits. Nor are
    kernels that wait for their visitor: Voila would not start others in their place.
    """

    limit = Integer(10, min=2, config=True, help="Most kernels at a time")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self._given_out: dict[str, datetime] = {}
        self._door = asyncio.Lock()

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]
        """Start a kernel, after making room for it."""
        async with self._door:
            while len(self.list_kernel_ids()) >= self.limit and (visited := self._visited()):
                uses = {each: self._use(each) for each in visited}
                settled = {each: use for each, use in uses.items() if use is not None}
                if settled:
                    needless = min(settled, key=settled.__getitem__)
                    await self.shutdown_kernel(needless)  # type: ignore[no-untyped-call]
                else:
                    await asyncio.sleep(_LOOK_AGAIN_S)
            return await super().start_kernel(**kwargs)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel that has been idle for too long, unless its visitor is yet to come."""
        if kernel_id in self._visited():
            await super().cull_kernel_if_idle(kernel_id)  # type: ignore[no-untyped-call]

    def _use(self, kernel_id: str) -> tuple[bool, datetime] | None:
        """Whether its page is open, and when it was used last; None while it is being opened."""
        model = self.kernel_model(kernel_id)  # type: ignore[no-untyped-call]
        given_out = self._given_out[kernel_id]
        is_open = model["connections"] > 0
        if not is_open and given_out > utc_now() - OPENING:
            return None
        return is_open, max(given_out, utc_instant(model["last_activity"]))

    def _visited(self) -> set[str]:
        """The kernels that do not wait for their visitor; Voila keeps those that do in `_pools`."""
        pools = getattr(self, "_pools", {}).values()
        ready = [task for pool in pools for task in pool if task.done() and not task.exception()]
        visited = set(self.list_kernel_ids()) - {task.result()["kernel_id"] for task in ready}
        self._given_out = {each: self._given_out.get(each, utc_now()) for each in visited}
        return visited
