"""Access to JupyterLab as `make lab` starts it: with the token, from this machine only."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import websocket
from playwright.sync_api import expect, sync_playwright

from spacex.settings import PROJECT
from tests.conftest import free_port, wait_for
from tests.dashboard.conftest import ARGUMENTS, CHROMIUM

TOKEN = "for the tests"  # noqa: S105 - used only here


def command(port: int) -> list[str]:
    """Return the command of the Makefile, for another port and without a browser."""
    (line,) = re.findall(r"^\t@\$\(BIN\)/(jupyter lab .+)$", Path("Makefile").read_text(), re.M)
    program, *arguments = shlex.split(line.replace("$(or $(PORT),8888)", str(port)))
    return [str(Path(sys.executable).with_name(program)), *arguments, "--no-browser"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start JupyterLab; yield its address."""
    home, port = tmp_path_factory.mktemp("lab"), free_port()
    with pytest.MonkeyPatch.context() as patch, (home / "log").open("wb") as log:
        patch.chdir(PROJECT)
        patch.setenv("HOME", str(home))
        patch.setenv("JUPYTER_TOKEN", TOKEN)
        patch.setenv("JUPYTER_ALLOW_INSECURE_WRITES", "true")
        root = ["--allow-root"] if os.geteuid() == 0 else []
        server = subprocess.Popen([*command(port), *root], stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}/api", server, home / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def headers(**more: str) -> dict[str, str]:
    """Return request headers with the token."""
    return {"Authorization": f"token {TOKEN}", **more}


PATHS = (
    *("api/contents", "api/contents/notebooks/dashboard.ipynb", "files/README.md"),
    *("api/kernels", "api/kernelspecs", "api/sessions", "api/terminals"),
    *("lab", "lab/api/settings"),
)


@pytest.mark.attack(
    "use JupyterLab without the token, or with a wrong one", "403, or the page to sign in"
)
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("token", ["", "wrong"])
def test_every_resource_requires_the_token(lab: str, path: str, token: str) -> None:
    url = f"{lab}/{path}?token={token}"
    response = requests.get(url, allow_redirects=False, timeout=20)
    assert response.status_code in {302, 403}
    assert "cells" not in response.text
    if response.status_code == 302:
        assert response.headers["Location"].startswith("/login")


@pytest.mark.attack("start a kernel without the token", "403")
def test_a_kernel_requires_the_token(lab: str) -> None:
    response = requests.post(f"{lab}/api/kernels", json={"name": "python3"}, timeout=20)
    assert response.status_code == 403
    assert requests.get(f"{lab}/api/kernels", headers=headers(), timeout=20).json() == []


def test_the_token_gives_access_to_the_notebooks(lab: str) -> None:
    listing = requests.get(f"{lab}/api/contents/notebooks", headers=headers(), timeout=20).json()
    assert "10_extract.ipynb" in {each["name"] for each in listing["content"]}


def test_the_first_page_lists_every_notebook() -> None:
    folder = PROJECT / "notebooks"
    links = re.findall(r"\(([\w/]+\.ipynb)\)", (folder / "README.md").read_text())
    tracked = subprocess.run(
        ["git", "ls-files", "*.ipynb"], cwd=folder, capture_output=True, text=True, check=True
    )
    assert sorted(links) == sorted(tracked.stdout.split())


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium")
def test_jupyterlab_opens_without_asking_for_news_and_without_foreign_requests(lab: str) -> None:
    hosts: set[str] = set()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.goto(f"{lab}/?token={TOKEN}")
        expect(page.get_by_text("10_extract.ipynb")).to_be_visible()
        expect(page.get_by_role("heading", name="How the data are made")).to_be_attached()
        expect(page.locator("#jupyterlab-splash")).to_have_count(0)  # all is restored
        page.wait_for_timeout(4_000)
        asked = page.locator(".Toastify__toast, .jp-Dialog").all_inner_texts()
        browser.close()
    assert asked == []
    assert hosts - {""} == {urlsplit(lab).netloc}


@pytest.mark.attack("leave JupyterLab's folder by `..`", "404 or 403")
@pytest.mark.parametrize(
    "outside",
    [12 * up + "etc/passwd" for up in ("../", "..%2f", "%2e%2e/")] + ["//etc/passwd"],
    ids=["dots", "encoded slash", "encoded dots", "root"],
)
def test_paths_outside_the_folder_are_not_served(lab: str, outside: str) -> None:
    for path in ("api/contents", "files"):
        request = requests.Request("GET", f"{lab}/{path}/x", headers=headers()).prepare()
        request.url = f"{lab}/{path}/{outside}"  # not normalised
        with requests.Session() as session:
            response = session.send(request, timeout=20)
        assert response.status_code in {403, 404}


@pytest.mark.attack(
    "connect to a kernel of JupyterLab from another site, in a browser that is signed in", "403"
)
def test_a_page_of_another_site_cannot_connect_to_a_kernel_even_with_the_cookie(lab: str) -> None:
    with requests.Session() as browser:
        browser.get(f"{lab}/lab", params={"token": TOKEN}, timeout=20)
        cookie = "; ".join(f"{each.name}={each.value}" for each in browser.cookies)
    kernels = f"{lab}/api/kernels"
    kernel = requests.post(kernels, json={"name": "python3"}, headers=headers(), timeout=20).json()
    channels = f"{kernels.replace('http', 'ws')}/{kernel['id']}/channels"
    try:
        with pytest.raises(websocket.WebSocketBadStatusException) as caught:
            websocket.create_connection(channels, origin="http://example.org", cookie=cookie)
        assert caught.value.status_code == 403
        websocket.create_connection(channels, origin=lab, cookie=cookie).close()
    finally:
        requests.delete(f"{kernels}/{kernel['id']}", headers=headers(), timeout=20)


@pytest.mark.attack("reach a port from another machine", "all listen on this machine only")
def test_all_ports_listen_on_this_machine_only() -> None:
    assert "--ip 127.0.0.1" in " ".join(command(8888))
    ports = re.findall(r"^ +ports: \[(.+)\]", (PROJECT / "docker-compose.yml").read_text(), re.M)
    assert ports
    assert all(port.startswith('"127.0.0.1:') for port in ports)
