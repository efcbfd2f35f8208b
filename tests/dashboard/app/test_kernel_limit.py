"""Visitors' kernels: their limit, and how they start."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import TraitError

from spacex.dashboard.app.health import check
from spacex.dashboard.app.kernel_limit import OPENING, Kernels
from spacex.settings import Settings
from spacex.units import utc_now, utc_text
from tests.dashboard.conftest import serving


class FakeKernels(Kernels):
    """A kernel manager without processes."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)
        self.models: dict[str, dict[str, Any]] = {}
        self._pools: dict[str, list[Any]] = {"page": []}

    def list_kernel_ids(self) -> list[str]:
        return list(self.models)

    def kernel_model(self, kernel_id: str) -> dict[str, Any]:
        return self.models[kernel_id]

    async def shutdown_kernel(self, kernel_id: str, **_: object) -> None:
        del self.models[kernel_id]

    def add_restart_callback(self, *_: object) -> None:
        """Watch no process."""

    def add(self, kernel_id: str, *, connections: int, idle_min: float) -> None:
        """Add a kernel that was assigned to a visitor long ago."""
        used = utc_now() - timedelta(minutes=idle_min)
        self.models[kernel_id] = {"connections": connections, "last_activity": utc_text(used)}
        self._assigned[kernel_id] = used - OPENING

    def start(self) -> None:
        asyncio.run(self.start_kernel())


@pytest.fixture
def kernels(monkeypatch: pytest.MonkeyPatch) -> FakeKernels:
    async def start(self: FakeKernels, **_: object) -> str:
        self.add("new", connections=0, idle_min=0)
        return "new"

    monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", start)
    return FakeKernels(limit=3)


LIMITED = {
    "none below the limit": ([("a", 0, 100)], set()),
    "a closed page first": ([("open", 1, 100), ("closed", 0, 1), ("used", 1, 0)], {"closed"}),
    "the least recently used page": ([("a", 1, 1), ("b", 1, 20), ("c", 1, 5)], {"b"}),
}


@pytest.mark.attack(
    "open pages until memory is full", "at most 30 kernels; closed and idle pages lose theirs first"
)
@pytest.mark.parametrize(("running", "replaced"), LIMITED.values(), ids=LIMITED)
def test_a_new_kernel_replaces(
    kernels: FakeKernels, running: list[tuple[str, int, float]], replaced: set[str]
) -> None:
    for name, connections, idle_min in running:
        kernels.add(name, connections=connections, idle_min=idle_min)
    kernels.start()
    assert set(kernels.models) == {name for name, _, _ in running} - replaced | {"new"}


def test_a_page_is_used_when_it_is_opened(kernels: FakeKernels) -> None:
    """Its kernel may have waited for it, without activity, for long."""
    for name, opened_min, idle_min in (("a", 5, 100), ("b", 50, 20), ("c", 50, 1)):
        kernels.add(name, connections=1, idle_min=idle_min)
        kernels._assigned[name] = utc_now() - timedelta(minutes=opened_min)
    kernels.start()
    assert set(kernels.models) == {"a", "c", "new"}


def test_a_limit_leaves_room_for_a_page_and_its_successor() -> None:
    assert FakeKernels(limit=2).limit == 2
    with pytest.raises(TraitError):
        FakeKernels(limit=1)


def test_pages_being_opened_and_ready_kernels_are_kept(kernels: FakeKernels) -> None:
    async def started() -> None:
        task = asyncio.get_running_loop().create_task(_result("waiting"))
        await task
        kernels._pools["page"].append(task)
        await kernels.start_kernel()

    for name in ("opening", "waiting", "old"):
        kernels.add(name, connections=int(name == "old"), idle_min=100)
    del kernels._assigned["opening"]  # assigned now, after a long wait
    asyncio.run(started())
    assert set(kernels.models) == {"opening", "waiting", "new"}


def test_a_visitor_waits_while_all_pages_are_being_opened(kernels: FakeKernels) -> None:
    async def visit() -> None:
        for name in "abc":
            kernels.add(name, connections=0, idle_min=0)
            kernels._assigned[name] = utc_now()
        waiting = asyncio.create_task(kernels.start_kernel())
        await asyncio.sleep(0.3)
        assert set(kernels.models) == {"a", "b", "c"}
        kernels.models["b"]["connections"] = 1
        await waiting

    asyncio.run(visit())
    assert set(kernels.models) == {"a", "c", "new"}


async def _result(kernel_id: str) -> dict[str, str]:
    return {"kernel_id": kernel_id}


@pytest.mark.long
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_the_page_is_shown_with_forked_and_spawned_kernels(
    sampled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setenv("SPACEX_KERNELS", method)
    with serving(sampled, tmp_path) as site:
        check(site.url, timeout_s=120)
        processes = psutil.Process(site.pid).children(recursive=True)
        commands = [" ".join(each.cmdline()) for each in processes]
    assert any("-m ipykernel_launcher" in command for command in commands) == (method == "spawn")
    psutil.wait_procs(processes, timeout=60)
    assert [each for each in processes if each.is_running()] == []
