"""What a visitor of ill will can get from the dashboard's server, beyond the page: nothing."""

import json
import re
import time
import uuid
from contextlib import closing, suppress
from http.client import HTTPConnection
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
import websocket

from tests.dashboard.conftest import Site, serving

UP = "../" * 8
SEALED = UP.replace("../", "..%2f")
TWICE = UP.replace("../", "..%252f")
DOTS = UP.replace("../", "%2e%2e/")

FORBIDDEN = [
    "dashboard.ipynb",
    "page/dashboard.ipynb",
    "files/dashboard.ipynb",
    "voila/files/dashboard.ipynb",
    "voila/files/",
    "voila/render/dashboard.ipynb",
    "voila/tree/",
    f"voila/files/{UP}etc/passwd",
    f"voila/files/{SEALED}etc/passwd",
    "api/kernels",
    "api/contents",
    "api/contents/dashboard.ipynb",
    "api/sessions",
    "api/terminals",
    "api/kernelspecs",
    "api/me",
    "api",
    "metrics",
    "lab",
    "tree",
    "nbextensions/x",
    "voila/execution/0",
    "starlink.db",
    "data/starlink.db",
]
"""Addresses that are refused."""

NOT_THERE = [
    *(
        f"{below}/{way}{file}"
        for below in ("dashboard/static", "voila/static", "voila/labextensions", "voila/templates")
        for way in (UP, SEALED, TWICE, DOTS, "/")
        for file in ("etc/passwd", "page/dashboard.ipynb")
    ),
    "dashboard/static/",
    "dashboard/static/%00",
    "voila/api/themes/../../../etc/passwd",
    "voila/api/contents/",
]
"""Addresses that lead nowhere, whatever their status."""

SECRETS = (b"root:", b'"cells"', b"SQLite format", b"import ", b"Traceback", b"spacex.")
"""What the files behind these addresses have, and errors that tell too much."""


def ask(site: Site, address: str, method: str = "GET", body: str | None = None):
    """Status and body of the answer to an address that is sent just as it is written."""
    with closing(HTTPConnection(urlsplit(site.url).netloc, timeout=20)) as connection:
        connection.request(method, f"/{address}", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        found = answer.status, answer.read()
    if answer.status == 302:  # to where Voila has files, if it has any
        return ask(site, answer.headers["Location"].removeprefix("/"))
    return found


@pytest.mark.parametrize("address", FORBIDDEN)
def test_what_is_not_the_page_is_refused(site, address):
    status, body = ask(site, address)
    assert status in {403, 404}
    assert not any(secret in body for secret in SECRETS)


@pytest.mark.parametrize("address", NOT_THERE)
def test_no_way_leads_out_of_what_is_served(site, address):
    status, body = ask(site, address)
    assert status >= 400
    assert not any(secret in body for secret in SECRETS)


@pytest.mark.parametrize(
    ("method", "address", "body"),
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
def test_nothing_is_started_and_nothing_written(site, method, address, body):
    status, _ = ask(site, address, method, body)
    assert status in {403, 404, 405}


@pytest.mark.parametrize("query", ["voila-template=lab", "voila-theme=dark", "template=classic"])
def test_a_visitor_chooses_no_template(site, query):
    status, body = ask(site, f"?{query}")
    assert status == 200
    assert b"dashboard/static/" in body
    leave(site, kernel_of(body))


def kernel_of(page: bytes) -> str:
    """The id of the kernel that a page is given."""
    return re.search(rb'"kernelId":\s*"([^"]+)"', page)[1].decode()


def leave(site: Site, kernel: str) -> None:
    ask(site, f"voila/api/shutdown/{kernel}", "POST")


@pytest.fixture
def kernel(site):
    """The kernel of a page that has been opened."""
    with urlopen(site.url, timeout=20) as answer:  # noqa: S310
        found = kernel_of(answer.read())
    yield found
    leave(site, found)


def connect(site: Site, kernel: str, origin: str | None = None) -> websocket.WebSocket:
    """The connection that a page has with its kernel."""
    url = site.url.replace("http", "ws")
    address = f"{url}api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"
    return websocket.create_connection(address, timeout=5, origin=origin)


def message(kind: str, content: object) -> str:
    header = {
        "msg_id": uuid.uuid4().hex,
        "username": "visitor",
        "session": uuid.uuid4().hex,
        "msg_type": kind,
        "version": "5.3",
        "date": "2026-11-25T12:00:00Z",
    }
    return json.dumps(
        {
            "header": header,
            "parent_header": {},
            "metadata": {},
            "content": content,
            "channel": "shell",
            "buffers": [],
        }
    )


def answered(connection: websocket.WebSocket, kind: str) -> bool:
    """Whether a message of a kind comes, before the kernel has answered what it knows to answer."""
    connection.send(message("kernel_info_request", {}))
    while True:
        told = json.loads(connection.recv())["msg_type"]
        if told in {kind, "kernel_info_reply"}:
            return told == kind


@pytest.mark.parametrize(
    ("kind", "content", "reply"),
    [
        ("execute_request", {"code": "{spell}", "silent": False}, "execute_reply"),
        ("complete_request", {"code": "open", "cursor_pos": 4}, "complete_reply"),
        ("inspect_request", {"code": "open", "cursor_pos": 4}, "inspect_reply"),
        ("history_request", {"hist_access_type": "tail", "n": 9}, "history_reply"),
        ("debug_request", {"command": "initialize"}, "debug_reply"),
    ],
)
def test_a_visitors_code_is_not_run(site, kernel, tmp_path, kind, content, reply):
    mark = tmp_path / "mine"
    if "code" in content:
        content = content | {"code": content["code"].format(spell=f"open({str(mark)!r}, 'w')")}
    with closing(connect(site, kernel)) as connection:
        connection.send(message(kind, content))
        assert not answered(connection, reply)
    assert not mark.exists()


@pytest.mark.parametrize("origin", ["http://example.org", "null", "https://127.0.0.1.example.org"])
def test_another_sites_page_cannot_connect(site, kernel, origin):
    with pytest.raises(websocket.WebSocketBadStatusException) as caught:
        connect(site, kernel, origin)
    assert caught.value.status_code == 403


def test_a_kernel_that_is_not_ones_own_has_to_be_guessed(site):
    with pytest.raises(websocket.WebSocketBadStatusException) as caught:
        connect(site, str(uuid.uuid4()))
    assert caught.value.status_code == 404


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
    message(
        "comm_open",
        {
            "comm_id": "y",
            "target_name": "jupyter.widget",
            "data": {"state": {"_model_module": "os", "_model_name": "system"}},
        },
    ),
)


def test_connections_that_talk_nonsense_harm_nobody_else(site, kernel):
    for junk in JUNK:
        with closing(connect(site, kernel)) as connection, suppress(OSError):  # it may hang up
            connection.send(junk) if isinstance(junk, str) else connection.send_binary(junk)
    status, page = ask(site, "")
    assert status == 200
    other = kernel_of(page)
    with closing(connect(site, other)) as connection:
        assert answered(connection, "kernel_info_reply")
    leave(site, other)


def test_a_page_that_gives_signs_of_life_stays_connected(sampled, tmp_path):
    with serving(sampled, tmp_path, more="server.PING_MS = 400") as site:
        _, page = ask(site, "")
        with closing(connect(site, kernel_of(page))) as connection:
            for _ in range(8):  # each answer gives a sign of life, where one is asked for
                assert answered(connection, "kernel_info_reply")
                time.sleep(0.3)
    told = f"The dashboard is at {site.url.rstrip('/')} until Ctrl-C.\n"
    assert (tmp_path / "server.log").read_text() == told  # and nothing else
