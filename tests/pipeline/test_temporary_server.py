"""Prefect's server for one run answers its run alone, and ends with it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from prefect.context import SettingsContext, refresh_global_settings_context
from prefect.settings import get_current_settings

from spacex.errors import PrefectError
from spacex.pipeline import temporary_server
from spacex.pipeline.temporary_server import TemporaryServer
from spacex.settings import PROJECT

pytestmark = pytest.mark.long

NAMES = ("PREFECT_API_URL", "PREFECT_API_AUTH_STRING")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of Prefect's own, and settings that name no server."""
    with monkeypatch.context() as changed:
        changed.setenv("PREFECT_HOME", str(tmp_path))
        changed.setenv("PREFECT_API_BLOCKS_REGISTER_ON_START", "false")
        changed.setenv("PREFECT_API_DATABASE_MIGRATE_ON_START", "false")  # takes seconds
        for name in NAMES:
            changed.setenv(name, "")  # so that both are restored
            changed.delenv(name)
        refresh_global_settings_context()
        others = SettingsContext.__var__.set(None)  # those that tests of flows use
        yield tmp_path
        SettingsContext.__var__.reset(others)
    refresh_global_settings_context()


@pytest.mark.attack("call the Prefect server of a run on this machine", "401 without its password")
def test_it_answers_the_run_alone_and_ends_with_it() -> None:
    server = TemporaryServer()
    server.use()
    found = get_current_settings().api
    assert found.url
    assert found.auth_string
    assert "PREFECT_API_URL" not in os.environ
    url = f"{found.url}/admin/version"
    user, password = found.auth_string.get_secret_value().split(":")
    assert httpx.get(url, auth=(user, password)).status_code == 200
    assert httpx.get(url).status_code == 401
    assert httpx.get(url, auth=(user, password + "x")).status_code == 401
    server.stop()
    assert server._process.returncode == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_it_looks_for_garbage_while_it_serves_but_not_while_it_starts() -> None:
    program = """if True:
        import gc, sys, types, uvicorn
        from spacex.pipeline import temporary_server
        def run(server, sockets):
            print(gc.isenabled(), flush=True)
            server.started = True
        uvicorn.Server.run = run
        api = types.ModuleType("prefect.server.api.server")
        api.create_app = lambda **_: print(gc.isenabled())
        sys.modules[api.__name__] = api
        temporary_server.main()
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.fileno()
        done = subprocess.run(
            [sys.executable, "-c", program, str(number)],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=[number],
            check=True,
        )
    assert done.stdout.split() == ["False", "True"]


def test_a_server_that_does_not_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temporary_server, "_LONGEST_STOP_S", 0.1)
    server = TemporaryServer()
    server._is_ready = True
    server._process.send_signal(signal.SIGSTOP)
    server.stop()
    assert server._process.returncode == -signal.SIGKILL


def test_a_server_that_does_not_end_by_itself_ends_when_its_time_is_up() -> None:
    program = """if True:
        import sys, threading, types, uvicorn
        from spacex.pipeline import temporary_server
        temporary_server._LONGEST_START_S = 0
        uvicorn.Server.run = lambda server, sockets: threading.Event().wait(60)
        api = types.ModuleType("prefect.server.api.server")
        api.create_app = lambda **_: None
        sys.modules[api.__name__] = api
        temporary_server.main()
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.fileno()
        command = [sys.executable, "-c", program, str(number)]
        ended = subprocess.run(
            command, cwd=PROJECT, input=b"", pass_fds=[number], check=False, timeout=50
        )
    assert ended.returncode == 1


def test_it_ends_with_a_killed_run() -> None:
    killed = (
        "import os; from spacex.pipeline.temporary_server import TemporaryServer;"
        "print(TemporaryServer()._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", killed], cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    server = int(ended.stdout)
    if psutil.pid_exists(server):
        psutil.wait_procs([psutil.Process(server)], timeout=60)
    assert not psutil.pid_exists(server)


def test_another_server_in_prefects_settings_is_used(home: Path) -> None:
    url = "http://127.0.0.1:9/api"
    (home / "profiles.toml").write_text(
        f'active = "own"\n[profiles.own]\nPREFECT_API_URL = "{url}"\n'
    )
    refresh_global_settings_context()
    server = TemporaryServer()
    server.use()
    assert get_current_settings().api.url == url
    assert "PREFECT_API_URL" not in os.environ
    assert server._process.wait(60) == 0


def test_why_it_does_not_start_is_told(home: Path) -> None:
    (home / "prefect.db").write_text("this is not a database")
    with pytest.MonkeyPatch.context() as changed:  # undone before `home` is
        changed.setenv("PREFECT_API_DATABASE_MIGRATE_ON_START", "true")
        server = TemporaryServer()
    with pytest.raises(PrefectError, match="did not start: file is not a database") as caught:
        server.use()
    assert f"move away {home}/prefect.db" in caught.value.remedy
    server.stop()
    assert server._process.wait(60)
