"""Who may use Prefect's server: its password, host names and headers."""

import asyncio
from pathlib import Path

import httpx
import pytest
from prefect.settings import Settings
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from spacex.errors import SettingsError
from spacex.pipeline.prefect_server import (
    HOSTS,
    keep_password,
    profiles_path,
    protect,
    sign_in,
)

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


@pytest.mark.attack("read Prefect's password as another user", "mode 640")
def test_the_password_stays_and_others_cannot_read_it(profiles):
    keep_password(profiles)
    before = sign_in(profiles)
    keep_password(profiles)
    assert sign_in(profiles) == before
    assert profiles.stat().st_mode & 0o777 == 0o640


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


def test_a_missing_path_is_named(monkeypatch):
    monkeypatch.delenv("PREFECT_PROFILES_PATH", raising=False)
    with pytest.raises(SettingsError, match="PREFECT_PROFILES_PATH"):
        profiles_path()
