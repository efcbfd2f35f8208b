"""JupyterLab as `make lab` starts it: for who has its token, on this machine alone."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import websocket

from spacex.settings import PROJECT
from tests.conftest import free_port, wait_for

TOKEN = "for the tests"  # noqa: S105 - it opens nothing else


def command(port: int) -> list[str]:
    """The Makefile's command, at a port of one's own and without a browser."""
    (line,) = re.findall(r"^\t@\$\(BIN\)/(jupyter lab .+)$", Path("Makefile").read_text(), re.M)
    program, *arguments = shlex.split(line.replace("8888", str(port)))
    return [str(Path(sys.executable).with_name(program)), *arguments, "--no-browser"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory) -> Iterator[str]:
    """Its address."""
    home, port = tmp_path_factory.mktemp("lab"), free_port()
    with pytest.MonkeyPatch.context() as patch, (home / "log").open("wb") as log:
        patch.chdir(PROJECT)
        own = {"HOME": str(home), "JUPYTER_TOKEN": TOKEN, "JUPYTER_ALLOW_INSECURE_WRITES": "true"}
        root = ["--allow-root"] if os.geteuid() == 0 else []
        server = subprocess.Popen(
            [*command(port), *root], env=os.environ | own, stdout=log, stderr=log
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/api", server, home / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def headers(**more: str) -> dict[str, str]:
    return {"Authorization": f"token {TOKEN}", **more}


PLACES = (
    "api/contents",
    "api/contents/dashboard.ipynb",
    "api/kernels",
    "api/kernelspecs",
    "api/sessions",
    "api/terminals",
    "files/dashboard.ipynb",
    "lab",
    "lab/api/settings",
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("token", ["", "wrong"])
def test_without_the_token_there_is_nothing(lab, place, token):
    answer = requests.get(
        f"{lab}/{place}", params={"token": token}, allow_redirects=False, timeout=20
    )
    assert answer.status_code in {302, 403}
    assert "cells" not in answer.text
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith("/login")


def test_without_the_token_no_kernel_is_started(lab):
    answer = requests.post(f"{lab}/api/kernels", json={"name": "python3"}, timeout=20)
    assert answer.status_code == 403
    assert requests.get(f"{lab}/api/kernels", headers=headers(), timeout=20).json() == []


def test_with_the_token_the_notebooks_are_there(lab):
    found = requests.get(f"{lab}/api/contents", headers=headers(), timeout=20).json()
    assert "10_extract.ipynb" in {each["name"] for each in found["content"]}


@pytest.mark.parametrize(
    "way", ["../README.md", "..%2fREADME.md", "%2e%2e/README.md", "//etc/passwd"]
)
def test_no_way_leads_out_of_the_notebooks(lab, way):
    for place in ("api/contents", "files"):
        request = requests.Request("GET", f"{lab}/{place}/x", headers=headers()).prepare()
        request.url = f"{lab}/{place}/{way}"  # as it is written, not made sense of
        with requests.Session() as session:
            answer = session.send(request, timeout=20)
        assert answer.status_code in {403, 404}


def test_another_sites_page_cannot_talk_to_a_kernel(lab):
    """Nor with the cookie that the browser of who is logged in would send along."""
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


def test_it_listens_to_this_machine_alone():
    assert "--ip 127.0.0.1" in " ".join(command(8888))
    ports = re.findall(r"^ +ports: \[(.+)\]", (PROJECT / "docker-compose.yml").read_text(), re.M)
    assert ports
    assert all(port.startswith('"127.0.0.1:') for port in ports)
