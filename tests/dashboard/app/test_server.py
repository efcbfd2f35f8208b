"""The server: what it refuses, and what it is told."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from spacex.dashboard.app.health import check
from spacex.dashboard.app.server import MODULES, DashboardError, configuration, serve
from spacex.settings import Settings


@pytest.fixture
def taken() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_in_use_is_refused_with_a_remedy(settings: Settings, taken: int) -> None:
    with pytest.raises(DashboardError, match=f"127.0.0.1:{taken} is in use") as caught:
        serve(settings, port=taken)
    assert "another port" in caught.value.remedy


def test_an_address_of_another_machine_is_refused(settings: Settings) -> None:
    with pytest.raises(DashboardError, match="cannot be used"):
        serve(settings, ip="192.0.2.1")


def test_no_source_and_no_traceback_is_shown_and_kernels_are_limited(tmp_path: Path) -> None:
    told = configuration(tmp_path, "127.0.0.1", 8866)
    assert told.VoilaConfiguration.strip_sources
    assert not told.VoilaConfiguration.show_tracebacks
    assert told.VoilaConfiguration.file_allowlist == []
    assert told.Kernels.limit > 1
    assert told.Kernels.cull_idle_timeout > 0


def test_a_dashboard_that_does_not_respond_is_unhealthy() -> None:
    with pytest.raises(DashboardError, match="does not respond"):
        check("http://127.0.0.1:1/", timeout_s=1)


SHOW_AS_A_FORKED_KERNEL = """
import asyncio, sys
from importlib import import_module
for module in sys.argv[1:]:
    import_module(module)
found = set(sys.modules)

async def show():
    from spacex import dashboard
    dashboard.show()

asyncio.run(show())
print(*(name for name in set(sys.modules) - found if name.startswith(("spacex", "pydantic"))))
"""


def test_kernels_are_forked_from_what_has_imported_all_that_a_page_needs(sampled: Settings) -> None:
    environment = {**os.environ, "SPACEX_DATA_DIR": str(sampled.data_dir)}
    command = [sys.executable, "-c", SHOW_AS_A_FORKED_KERNEL, *MODULES]
    shown = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert shown.stdout.split() == []
