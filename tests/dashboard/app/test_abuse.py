"""Attacks on the dashboard's server: it must give access to nothing but the page."""

import json
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
import websocket
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from tornado.web import Application

from spacex.dashboard.app.known_hosts import refuse_other_hosts
from spacex.settings import Settings
from tests.dashboard.conftest import Site, serving

UP = "../" * 8
ENCODED = UP.replace("../", "..%2f")
TWICE_ENCODED = UP.replace("../", "..%252f")
ENCODED_DOTS = UP.replace("../", "%2e%2e/")

FORBIDDEN = [
    *(f"{folder}dashboard.ipynb" for folder in ("", "page/", "files/")),
    *(f"voila/{way}" for way in ("files/dashboard.ipynb", "files/", "render/dashboard.ipynb")),
    *("voila/tree", "voila/tree/", "voila/execution/0"),
    "dashboard/static/..%2fpage/dashboard.ipynb",
    "dashboard/static/../../../../etc/passwd",
    "voila/static/..%2f..%2f..%2fetc/passwd",
    f"voila/files/{UP}etc/passwd",
    f"voila/files/{ENCODED}etc/passwd",
    *(f"api/{name}" for name in ("kernels", "sessions", "terminals", "kernelspecs", "me")),
    *("api", "api/contents", "api/contents/dashboard.ipynb"),
    *("metrics", "lab", "tree", "nbextensions/x", "starlink.db", "data/starlink.db"),
]
"""Paths that must be refused."""

UNREACHABLE = [
    *(
        f"{below}/{way}{file}"
        for below in ("dashboard/static", "voila/static", "voila/labextensions", "voila/templates")
        for way in (UP, ENCODED, TWICE_ENCODED, ENCODED_DOTS, "/")
        for file in ("etc/passwd", "page/dashboard.ipynb")
    ),
    "dashboard/static/",
    "dashboard/static/%00",
    "voila/api/themes/../../../etc/passwd",
    "voila/api/contents/",
]
"""Paths that must not lead to a file."""

SECRETS = (b"root:", b'"cells"', b"SQLite format", b"import ", b"Traceback", b"spacex.")
"""Contents of the files behind these paths, and of verbose error pages."""


def request(
    site: Site, path: str, method: str = "GET", body: str | None = None, host: str = ""
) -> tuple[int, bytes]:
    """Return status and body of the response to a path that is sent without normalisation."""
    with closing(HTTPConnection(urlsplit(site.url).netloc, timeout=20)) as connection:
        headers = {"Content-Type": "application/json"} | ({"Host": host} if host else {})
        connection.request(method, f"/{path}", body, headers)
        response = connection.getresponse()
        status, content = response.status, response.read()
    if status == 302:  # Voila redirects to its own files
        return request(site, response.headers["Location"].removeprefix("/"))
    return status, content


@pytest.mark.parametrize("path", FORBIDDEN)
def test_everything_but_the_page_is_refused(site: Site, path: str) -> None:
    status, body = request(site, path)
    assert status in {403, 404}
    assert not any(secret in body for secret in SECRETS)


@pytest.mark.parametrize("path", UNREACHABLE)
def test_no_path_leads_out_of_the_served_folders(site: Site, path: str) -> None:
    status, body = request(site, path)
    assert status >= 400
    assert not any(secret in body for secret in SECRETS)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "api/kernels", '{"name": "python3"}'),
        ("POST", "api/sessions", '{"path": "x.ipynb", "type": "notebook", "name": ""}'),
        ("POST", "api/terminals", "{}"),
        ("PUT", "api/contents/mine.ipynb", '{"type": "notebook", "content": {}}'),
        ("DELETE", "api/contents/dashboard.ipynb", None),
        ("POST", "", "{}"),
        ("PUT", "dashboard/static/style.css", "mine"),
        ("DELETE", "dashboard/static/style.css", None),
    ],
)
def test_requests_start_nothing_and_write_nothing(
    site: Site, method: str, path: str, body: str | None
) -> None:
    status, _ = request(site, path, method, body)
    assert status in {403, 404, 405}


@pytest.mark.parametrize("query", ["voila-template=lab", "voila-theme=dark", "template=classic"])
def test_the_query_cannot_change_the_template(site: Site, query: str) -> None:
    status, body = request(site, f"?{query}")
    assert status == 200
    assert b"dashboard/static/" in body
    shut_down(site, kernel_id(body))


def kernel_id(page: bytes) -> str:
    """Return the id of a page's kernel."""
    found = re.search(rb'"kernelId":\s*"([^"]+)"', page)
    assert found
    return found[1].decode()


def shut_down(site: Site, kernel: str) -> None:
    request(site, f"voila/api/shutdown/{kernel}", "POST")


@pytest.fixture
def kernel(site: Site) -> Iterator[str]:
    """Open a page; return the id of its kernel."""
    with urlopen(site.url, timeout=20) as response:  # noqa: S310
        found = kernel_id(response.read())
    yield found
    shut_down(site, found)


def connect(site: Site, kernel: str, origin: str | None = None) -> websocket.WebSocket:
    """Connect to a kernel as a page does."""
    url = site.url.replace("http", "ws")
    channels = f"{url}api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"
    return websocket.create_connection(channels, timeout=5, origin=origin)


def message(kind: str, content: object) -> str:
    """Return a message of Jupyter's protocol."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "username": "visitor",
        "session": uuid.uuid4().hex,
        "msg_type": kind,
        "version": "5.3",
        "date": "2026-11-25T12:00:00Z",
    }
    empty = {"parent_header": {}, "metadata": {}, "buffers": []}
    return json.dumps({"header": header, "content": content, "channel": "shell", **empty})


def gets_reply(connection: websocket.WebSocket, kind: str) -> bool:
    """Return whether a reply of this kind arrives before the reply to `kernel_info_request`."""
    connection.send(message("kernel_info_request", {}))
    while True:
        received = json.loads(connection.recv())["msg_type"]
        if received in {kind, "kernel_info_reply"}:
            return received == kind


@pytest.mark.parametrize(
    ("kind", "content", "reply"),
    [
        ("execute_request", {"code": "{code}", "silent": False}, "execute_reply"),
        ("complete_request", {"code": "open", "cursor_pos": 4}, "complete_reply"),
        ("inspect_request", {"code": "open", "cursor_pos": 4}, "inspect_reply"),
        ("history_request", {"hist_access_type": "tail", "n": 9}, "history_reply"),
        ("debug_request", {"command": "initialize"}, "debug_reply"),
    ],
)
def test_kernels_do_not_run_code_of_visitors(
    site: Site, kernel: str, tmp_path: Path, kind: str, content: dict[str, Any], reply: str
) -> None:
    mark = tmp_path / "mine"
    if "code" in content:
        content = content | {"code": content["code"].format(code=f"open({str(mark)!r}, 'w')")}
    with closing(connect(site, kernel)) as connection:
        connection.send(message(kind, content))
        assert not gets_reply(connection, reply)
    assert not mark.exists()


@pytest.mark.parametrize("origin", ["http://example.org", "null", "https://127.0.0.1.example.org"])
def test_pages_of_other_origins_cannot_connect(site: Site, kernel: str, origin: str) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as caught:
        connect(site, kernel, origin)
    assert caught.value.status_code == 403


FOREIGN_NAMES = ("attacker.example", "127.0.0.1.attacker.example", "localhost.attacker.example")
PAGE = ("", "dashboard/tables/launches.csv", "dashboard/static/style.css", "api/kernels/x/channels")


@pytest.mark.parametrize("name", FOREIGN_NAMES)
@pytest.mark.parametrize("path", PAGE)
def test_a_foreign_name_for_this_machine_is_refused(site: Site, name: str, path: str) -> None:
    status, body = request(site, path, host=f"{name}:{urlsplit(site.url).port}")
    assert status == 403
    assert b"SPACEX_HOSTS" in body


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "192.168.1.20", "[::1]"])
def test_addresses_and_localhost_are_answered(site: Site, name: str) -> None:
    status, _ = request(site, "dashboard/static/style.css", host=f"{name}:8866")
    assert status == 200


def test_names_of_the_settings_are_answered() -> None:
    application = Application()
    refuse_other_hosts(application, ["Data.Example.org"])
    rule = application.default_router.rules[0]
    for name, answered in {"data.example.org": True, "example.org": False}.items():
        start, headers = RequestStartLine("GET", "/", "HTTP/1.1"), HTTPHeaders({"Host": name})
        request = HTTPServerRequest(start_line=start, headers=headers)
        assert (rule.matcher.match(request) is None) is answered


def test_an_unknown_kernel_id_is_refused(site: Site) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as caught:
        connect(site, str(uuid.uuid4()))
    assert caught.value.status_code == 404


SYSTEM = {"state": {"_model_module": "os", "_model_name": "system"}}
JUNK = (
    "{",
    "null",
    "[]",
    '{"header": 7}',
    '{"channel": "shell"}',
    b"\xff" * 40,
    "x" * 20_000_000,
    message("comm_open", {"comm_id": "x", "target_name": "no.such", "data": {}}),
    message("comm_msg", {"comm_id": "no such", "data": {"method": "update", "state": {}}}),
    message("comm_open", {"comm_id": "y", "target_name": "jupyter.widget", "data": SYSTEM}),
)


def test_malformed_messages_do_not_affect_other_kernels(site: Site, kernel: str) -> None:
    for junk in JUNK:
        # The server may disconnect.
        with closing(connect(site, kernel)) as connection, suppress(OSError):
            connection.send(junk) if isinstance(junk, str) else connection.send_binary(junk)
    status, page = request(site, "")
    assert status == 200
    other = kernel_id(page)
    with closing(connect(site, other)) as connection:
        assert gets_reply(connection, "kernel_info_reply")
    shut_down(site, other)


def test_a_page_that_answers_pings_stays_connected(sampled: Settings, tmp_path: Path) -> None:
    with serving(sampled, tmp_path, prologue="server.PING_MS = 400") as site:
        _, page = request(site, "")
        with closing(connect(site, kernel_id(page))) as connection:
            for _ in range(8):  # reading answers pings
                assert gets_reply(connection, "kernel_info_reply")
                time.sleep(0.3)
    printed = f"The dashboard is at {site.url.rstrip('/')} until Ctrl-C.\n"
    assert (tmp_path / "server.log").read_text() == printed  # and nothing else
