"""Who may use Prefect's server: its password, host names and headers."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path

import httpx
import psutil
import pytest
from prefect.server.events.ordering import PRECEDING_EVENT_LOOKBACK
from prefect.settings import Settings
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from spacex import settings
from spacex.errors import PrefectError
from spacex.pipeline import automations, prefect_server
from spacex.pipeline.prefect_server import (
    HOSTS,
    keep_password,
    profiles_path,
    protect,
    sign_in,
    use_password,
)
from spacex.settings import CONTAINER
from tests.conftest import free_port
from tests.system import prefect_attacks

API = "http://127.0.0.1:4200/api"


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "access" / "profiles.toml"
    monkeypatch.setenv("PREFECT_PROFILES_PATH", str(path))
    return path


def get(host: str) -> httpx.Response:
    page = Starlette(routes=[Route("/", lambda _: PlainTextResponse("a page"))])
    transport = httpx.ASGITransport(protect(page, [*HOSTS, "data.example.org"], API))

    async def request() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return await client.get("/")

    return asyncio.run(request())


@pytest.mark.attack("reach Prefect under a name of one's own (DNS rebinding)", "400")
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:4200", 200),
        ("localhost:14200", 200),
        ("prefect-server:4200", 200),
        ("data.example.org", 200),
        ("attacker.example:4200", 400),
        ("127.0.0.1.attacker.example", 400),
        ("example.org", 400),
    ],
)
def test_only_known_host_names_are_answered(host, status):
    assert get(host).status_code == status


@pytest.mark.attack(
    "frame Prefect's page, or have it load scripts of other hosts", "forbidden by headers"
)
def test_the_page_is_not_framed_and_asks_no_other_host():
    headers = get("localhost").headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "connect-src 'self' http://127.0.0.1:4200 ws://127.0.0.1:4200;" in policy
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.attack("know Prefect's password from another installation", "each makes its own")
def test_each_installation_has_its_own_password(profiles, tmp_path):
    keep_password(profiles)
    keep_password(tmp_path / "other.toml")
    assert sign_in(profiles).startswith("spacex:")
    assert sign_in(profiles) != sign_in(tmp_path / "other.toml")
    assert len(sign_in(profiles)) > 30


@pytest.mark.attack("read Prefect's password as another user", "mode 600, in containers 640")
@pytest.mark.parametrize(("container", "mode"), [("", 0o600), ("prefect-server", 0o640)])
def test_the_password_stays_and_others_cannot_read_it(profiles, monkeypatch, container, mode):
    monkeypatch.setenv(CONTAINER, container)
    keep_password(profiles)
    before = sign_in(profiles)
    keep_password(profiles)
    assert sign_in(profiles) == before
    assert profiles.stat().st_mode & 0o777 == mode


def test_a_given_password_replaces_the_present_one(profiles):
    keep_password(profiles)
    keep_password(profiles, 'a "quoted" \\ password')
    assert sign_in(profiles) == 'spacex:a "quoted" \\ password'


@pytest.mark.parametrize("content", ["", "not TOML [", "[profiles]\nspacex = 1\n"])
def test_a_damaged_file_gets_a_new_password(profiles, content):
    profiles.parent.mkdir()
    profiles.write_text(content)
    keep_password(profiles)
    assert len(sign_in(profiles)) > 30


def test_prefect_takes_server_and_client_password_from_the_file(profiles):
    keep_password(profiles)
    found = Settings()
    for auth in (found.api.auth_string, found.server.api.auth_string):
        assert auth is not None
        assert auth.get_secret_value() == sign_in(profiles)


def test_only_containers_name_the_file(profiles, tmp_path, monkeypatch):
    assert profiles_path(tmp_path) == tmp_path / "prefect" / "password.toml"
    monkeypatch.setenv(CONTAINER, "prefect-server")
    assert profiles_path(tmp_path) == profiles


@pytest.mark.attack("have a run send Prefect's password to another server", "not sent")
@pytest.mark.parametrize(
    ("url", "given", "is_used"),
    [
        ("http://127.0.0.1:4200/api", {}, True),
        ("http://localhost:4200/api", {}, True),
        ("http://prefect.example.org:4200/api", {}, False),
        ("http://127.0.0.1.example.org:4200/api", {}, False),
        ("", {}, False),
        ("http://127.0.0.1:4200/api", {"PREFECT_API_AUTH_STRING": "own:password"}, False),
        ("http://127.0.0.1:4200/api", {"PREFECT_PROFILES_PATH": "own.toml"}, False),
    ],
)
def test_clients_on_this_machine_use_the_password(tmp_path, monkeypatch, url, given, is_used):
    for name in ("PREFECT_API_AUTH_STRING", "PREFECT_PROFILES_PATH"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    for name, value in {"PREFECT_API_URL": url, **given}.items():
        monkeypatch.setenv(name, value)
    keep_password(profiles_path(tmp_path))
    use_password(tmp_path)
    file = str(profiles_path(tmp_path))
    assert (os.environ.get("PREFECT_PROFILES_PATH") == file) is is_used


def test_a_wait_that_starts_when_prefect_no_longer_holds_back_its_event_is_kept(monkeypatch):
    monkeypatch.setenv("PREFECT_HOME", "/prefect")
    name = "PREFECT_SERVER_EVENTS_EXPIRED_BUCKET_BUFFER"
    monkeypatch.setenv(name, prefect_server._defaults(4200)[name])
    kept = Settings().server.events.expired_bucket_buffer
    assert kept + automations.SILENCE > PRECEDING_EVENT_LOOKBACK
    assert kept + automations.LATE > PRECEDING_EVENT_LOOKBACK


def test_the_server_starts_with_our_defaults_but_for_what_is_set(tmp_path, monkeypatch):
    name = "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT"
    environment = {"PREFECT_HOME": str(tmp_path), name: "true"}
    monkeypatch.setattr(os, "environ", environment)

    def create_app(**_):
        raise PrefectError("The environment is complete.")

    monkeypatch.setattr("prefect.server.api.server.create_app", create_app)
    with pytest.raises(PrefectError, match="is complete"):
        prefect_server.serve(settings.Settings(data_dir=tmp_path), port=free_port())
    assert environment[name] == "true"
    assert environment["PREFECT_SERVER_CSRF_PROTECTION_ENABLED"] == "true"


@pytest.mark.attack(
    "attack the server of `spacex prefect` in the ways of `tests/system/prefect_attacks.py`",
    "refused; it listens on this machine only",
)
@pytest.mark.attack(
    "read Prefect's runs, logs and secrets in its folder, as another user", "mode 700"
)
def test_the_command_starts_a_server_that_refuses_strangers(tmp_path):
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if "PREFECT" not in name}
    quick = {
        "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
        "PREFECT_API_DATABASE_MIGRATE_ON_START": "false",
        "SPACEX_DATA_DIR": str(tmp_path),
        "SPACEX_LOG": "json",
    }
    command = [sys.executable, "-m", "spacex", "prefect", "--port", str(port)]
    start = partial(subprocess.Popen, command, env=clean | quick, cwd=tmp_path, text=True)
    # Without a database, its services fail.
    with (tmp_path / "log").open("w") as log:
        server = start(stdout=subprocess.PIPE, stderr=log)
    try:
        assert "prefect-password" in server.stdout.readline()
        url = f"http://127.0.0.1:{port}"
        assert prefect_attacks.main(url) == "17 refused"
        assert (tmp_path / "prefect").stat().st_mode & 0o777 == 0o700
        user, password = sign_in(profiles_path(tmp_path)).split(":")
        version = f"{url}/api/admin/version"
        assert httpx.get(version, auth=(user, password)).status_code == 200
        assert httpx.get(version, auth=(user, password + "x")).status_code == 401
        connections = psutil.Process(server.pid).net_connections("inet")
        listening = {each.laddr for each in connections if each.status == psutil.CONN_LISTEN}
        assert listening == {("127.0.0.1", port)}
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"NONSENSE\r\n\r\n")
            assert b"400" in connection.recv(99)
        taken = start(stderr=subprocess.PIPE)
        _, error = taken.communicate()
        assert error.startswith(f"✗ Prefect cannot listen on 127.0.0.1, port {port} (")
        assert taken.returncode == 1
    finally:
        server.kill()  # to end it takes seconds
        rest, _ = server.communicate()
    lines = [*rest.splitlines(), *(tmp_path / "log").read_text().splitlines()]
    assert "Invalid HTTP request received." in [json.loads(line)["message"] for line in lines]
