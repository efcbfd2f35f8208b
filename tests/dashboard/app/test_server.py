"""The server: its configuration and the errors it raises."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from spacex.analysis.feeds import FEEDS
from spacex.dashboard import VIEWS_VARIABLE
from spacex.dashboard.app.health import check
from spacex.dashboard.app.server import MODULES, DashboardError, configuration, serve
from spacex.settings import Settings
from tests.dashboard.conftest import Site


@pytest.fixture
def taken() -> Iterator[int]:
    """A port in use."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_in_use_is_an_error_with_a_remedy(settings: Settings, taken: int) -> None:
    with pytest.raises(DashboardError, match=f"127.0.0.1:{taken} is in use") as caught:
        serve(settings, port=taken)
    assert "another port" in caught.value.remedy


def test_an_address_of_another_machine_is_an_error(settings: Settings) -> None:
    with pytest.raises(DashboardError, match="cannot be used"):
        serve(settings, ip="192.0.2.1")


def test_sources_and_tracebacks_are_hidden_and_kernels_limited(tmp_path: Path) -> None:
    config = configuration(tmp_path, "127.0.0.1", 8866)
    assert config.VoilaConfiguration.strip_sources
    assert not config.VoilaConfiguration.show_tracebacks
    assert config.VoilaConfiguration.file_allowlist == []
    assert config.Kernels.limit > 1
    assert config.Kernels.cull_idle_timeout > 0


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


def test_the_fork_server_preloads_every_module_of_a_page(sampled: Settings, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "SPACEX_DATA_DIR": str(sampled.data_dir),
        VIEWS_VARIABLE: str(tmp_path),
    }
    command = [sys.executable, "-c", SHOW_AS_A_FORKED_KERNEL, *MODULES]
    shown = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert shown.stdout.split() == []


def log_of(folder: Path, log: str) -> list[str]:
    """Return what the dashboard's server, a visitor and a handler log in a format."""
    code = (
        "import logging; from pathlib import Path; from spacex.dashboard.app import server; "
        "from spacex.settings import log; from spacex.dashboard.app.voila_app import Application; "
        f"log.log_libraries({log!r}); log.announce('The dashboard is up.', {log!r}); "
        f"site = Path({str(folder)!r}); "
        f"it = Application(config=server.configuration(site, '127.0.0.1', 1, {log!r})); "
        "it.log.error('a visitor'); logging.getLogger('tornado.application').error('a handler')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder
    )
    return (done.stdout + done.stderr).splitlines()


def test_each_line_of_the_log_has_a_time(tmp_path: Path) -> None:
    start, *lines = log_of(tmp_path, "text")
    assert start == "The dashboard is up."
    found = [
        re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3} \| ERROR   \| \S+ - (.+)", each) for each in lines
    ]
    assert [each and each[1] for each in found] == ["a visitor", "a handler"]


def test_the_log_can_be_json_lines(tmp_path: Path) -> None:
    lines = [json.loads(line) for line in log_of(tmp_path, "json")]
    assert [(each["levelname"], each["message"]) for each in lines] == [
        ("INFO", "The dashboard is up."),
        ("ERROR", "a visitor"),
        ("ERROR", "a handler"),
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT.*\.\d{3}Z", each["asctime"]) for each in lines)


def test_readers_find_the_feeds_by_the_page(site: Site) -> None:
    with urlopen(site.url, timeout=60) as response:  # noqa: S310
        head = response.read().decode().partition("</head>")[0]
    links = re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">', head)
    assert links == [(feed.media_type, f"/feeds/{name}") for name, feed in FEEDS.items()]
