"""Files that runs replace are sent as they are now, whoever had the ones before."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from spacex.dashboard.app import reports
from spacex.dashboard.app.compressed_files import CompressedFiles, compress_files
from spacex.files import write_atomically

Fetch = Callable[..., requests.Response]
OLD, NEW = b"<p>the old list of runs</p>" * 100, b"<p>the new list of runs</p>" * 100


@pytest.fixture
def fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fetch:
    """Return a function that requests a path, with headers, of a server of what runs write."""
    monkeypatch.setattr(CompressedFiles, "_kept", type(CompressedFiles._kept)())
    folder = str(tmp_path)
    handlers = [(reports.PATH, reports.ReportHandler, {"path": folder, "made": folder})]

    async def answer(path: str, headers: dict[str, str], method: str) -> requests.Response:
        app = Application(handlers)
        compress_files(app)
        (socket,) = bind_sockets(0, "127.0.0.1")
        server = HTTPServer(app)
        server.add_sockets([socket])
        url = f"http://127.0.0.1:{socket.getsockname()[1]}{path}"
        asked: Awaitable[requests.Response] = asyncio.to_thread(
            requests.request, method, url, headers=headers, timeout=10
        )
        try:
            return await asked
        finally:
            server.stop()
            with suppress(OSError):
                await server.close_all_connections()

    def fetch(path: str, method: str = "GET", **headers: str) -> requests.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return asyncio.run(answer(path, named, method))

    return fetch


PAGE = "/reports/index.html"


@pytest.mark.parametrize("takes", ["gzip", "identity"])
def test_a_page_that_a_run_replaces_is_sent_anew(fetch: Fetch, tmp_path: Path, takes: str) -> None:
    write_atomically(tmp_path / "index.html", OLD)
    first = fetch(PAGE, Accept_Encoding=takes)
    assert first.content == OLD
    same = fetch(PAGE, Accept_Encoding=takes, If_None_Match=first.headers["ETag"])
    assert (same.status_code, same.content) == (304, b"")

    write_atomically(tmp_path / "index.html", NEW)
    assert fetch(PAGE, Accept_Encoding=takes).content == NEW
    changed = fetch(PAGE, Accept_Encoding=takes, If_None_Match=first.headers["ETag"])
    assert (changed.status_code, changed.content) == (200, NEW)
