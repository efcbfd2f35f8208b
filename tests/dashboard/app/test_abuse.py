"""Attacks on the dashboard's server: it must give access to nothing but the page."""

import json
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPMessage, RemoteDisconnected
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import websocket
from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from tornado.web import Application
from voila.configuration import VoilaConfiguration

from spacex.dashboard.app import feeds, reports
from spacex.dashboard.app.known_hosts import refuse_other_hosts
from spacex.dashboard.app.limited_server import LIMITS
from spacex.dashboard.app.server import KERNEL_ID, LARGEST_MESSAGE, configuration
from spacex.dashboard.app.voila_app import Application as Dashboard
from spacex.settings import Settings
from tests.dashboard.conftest import ONE_READY, Site, serving

BINARY, TEXT = websocket.ABNF.OPCODE_BINARY, websocket.ABNF.OPCODE_TEXT
UP = "../" * 8
ENCODED = UP.replace("../", "..%2f")
TWICE_ENCODED = UP.replace("../", "..%252f")
ENCODED_DOTS = UP.replace("../", "%2e%2e/")

FORBIDDEN = [
    *(f"{folder}dashboard.ipynb" for folder in ("", "page/", "files/")),
    *(f"voila/{way}" for way in ("files/dashboard.ipynb", "files/", "render/dashboard.ipynb")),
    *("voila/tree", "voila/tree/", "voila/execution/0", f"voila/query/{uuid.UUID(int=1)}"),
    *("login", "logout", "voila/templates/base/static/voila.js", "voila/templates/x"),
    *("voila/api/themes/x", "nothing", "page", "dashboard", "static/logo.png"),
    *(f"api/{name}" for name in ("kernels", "sessions", "terminals", "kernelspecs", "me")),
    *("api", "api/contents", "api/contents/dashboard.ipynb"),
    *("lab", "tree", "nbextensions/x", "starlink.db", "data/starlink.db"),
]
"""Paths of other Jupyter servers, and of files beside the page."""

UNREACHABLE = [
    *(
        f"{below}/{way}{file}"
        for below in ("dashboard/static", "voila/static", "voila/labextensions", "voila/files")
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


class Response(NamedTuple):
    status: int
    body: bytes
    headers: HTTPMessage


def request(
    site: Site, path: str, method: str = "GET", body: str | None = None, **headers: str
) -> Response:
    """Send a path without normalisation; `_` stands for `-` in the names of headers."""
    sent = {"Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(HTTPConnection(urlsplit(site.url).netloc, timeout=20)) as connection:
        connection.request(method, f"/{path}", body, sent)
        response = connection.getresponse()
        return Response(response.status, response.read(), response.headers)


@pytest.mark.attack(
    "ask for `/logout`, templates, themes, contents, terminals, kernels and files",
    "404",
)
@pytest.mark.parametrize("path", FORBIDDEN)
def test_everything_but_the_page_is_unknown(site: Site, path: str) -> None:
    status, body, _ = request(site, path)
    assert status == 404
    assert not any(secret in body for secret in SECRETS)


@pytest.mark.attack(
    "leave the served folders by `..`, encoded once or twice, or by absolute paths", "404 or 403"
)
@pytest.mark.parametrize("path", UNREACHABLE)
def test_no_path_leads_out_of_the_served_folders(site: Site, path: str) -> None:
    status, body, _ = request(site, path)
    assert status >= 400
    assert not any(secret in body for secret in SECRETS)


@pytest.mark.attack("start kernels or terminals, write and delete files by REST", "404, 403 or 405")
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
    status, *_ = request(site, path, method, body)
    assert status in {403, 404, 405}


@pytest.mark.attack("send unknown methods of HTTP", "405 with one line in the log")
@pytest.mark.parametrize("method", ["FOO", "TRACE", "PROPFIND", "get"])
def test_an_unknown_method_costs_a_line(site: Site, method: str) -> None:
    before = site.log.read_text()
    paths = ("", "health", "metrics", "nothing", "api/kernels/x", "api/kernels/x/channels")
    for path in (*paths, "dashboard/tables/launches.csv", "reports/index.html", "reports"):
        assert request(site, path, method).status == 405, path
    lines = site.log.read_text().removeprefix(before).splitlines()
    assert [each for each in lines if " - 405 " not in each] == []


@pytest.mark.attack("choose a template or theme in the query", "ignored")
@pytest.mark.parametrize("query", ["voila-template=lab", "voila-theme=dark", "template=classic"])
def test_the_query_cannot_change_the_template(site: Site, query: str) -> None:
    with visit(site, f"?{query}") as visitor:
        assert b"dashboard/static/" in visitor.page


@dataclass(frozen=True)
class Visitor:
    """A page, its kernel and its cookie."""

    page: bytes
    kernel: str
    cookie: str


@contextmanager
def visit(site: Site, query: str = "", **headers: str) -> Iterator[Visitor]:
    """Open a page; shut its kernel down at the end."""
    status, page, received = request(site, query, **headers)
    found = KERNEL_ID.search(page.decode())
    assert (status, bool(found)) == (200, True)
    cookie = received["Set-Cookie"] or headers["Cookie"]
    visitor = Visitor(page, found[1], cookie.partition(";")[0])
    yield visitor
    shut_down(site, visitor.kernel, visitor.cookie)


def shut_down(site: Site, kernel: str, cookie: str) -> int:
    return request(site, f"voila/api/shutdown/{kernel}", "POST", Cookie=cookie).status


@pytest.fixture(scope="module")
def visitor(site: Site) -> Iterator[Visitor]:
    """A visitor for all tests, none of which may harm the page."""
    with visit(site) as visitor:
        yield visitor


def connect(site: Site, visitor: Visitor, **options: Any) -> websocket.WebSocket:
    """Connect to a kernel as a page does."""
    url = site.url.replace("http", "ws")
    channels = f"{url}api/kernels/{visitor.kernel}/channels?session_id={uuid.uuid4().hex}"
    return websocket.create_connection(
        channels, timeout=5, cookie=visitor.cookie or None, **options
    )


def refused(site: Site, visitor: Visitor, **options: Any) -> int | None:
    """Return the status with which the server refuses to connect; None if it does not."""
    try:
        connect(site, visitor, **options).close()
    except websocket.WebSocketBadStatusException as error:
        return error.status_code
    return None


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


@pytest.mark.attack(
    "run, complete or inspect code, or read the history, over the websocket",
    "ignored; no code runs",
)
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
    site: Site, visitor: Visitor, tmp_path: Path, kind: str, content: dict[str, Any], reply: str
) -> None:
    mark = tmp_path / "mine"
    if "code" in content:
        content = content | {"code": content["code"].format(code=f"open({str(mark)!r}, 'w')")}
    with closing(connect(site, visitor)) as connection:
        connection.send(message(kind, content))
        assert not gets_reply(connection, reply)
    assert not mark.exists()


@pytest.mark.attack("connect to a kernel from a page of another origin", "403")
@pytest.mark.parametrize("origin", ["http://example.org", "null", "https://127.0.0.1.example.org"])
def test_pages_of_other_origins_cannot_connect(site: Site, visitor: Visitor, origin: str) -> None:
    assert refused(site, visitor, origin=origin) == 403


@pytest.mark.attack(
    "use or shut down another visitor's kernel by its id, with no, one's own or a forged cookie",
    "404",
)
def test_a_kernel_belongs_to_the_visitor_whose_page_it_serves(site: Site, visitor: Visitor) -> None:
    kernel = f"api/kernels/{visitor.kernel}"
    name, _, value = visitor.cookie.partition("=")
    with visit(site) as other:
        for cookie in ("", other.cookie, f"{name}={value[:-2]}x{value[-1:]}", f"{name}=x"):
            stranger = replace(visitor, cookie=cookie)
            assert refused(site, stranger) == 404
            assert request(site, kernel, Cookie=cookie).status == 404
            assert shut_down(site, visitor.kernel, cookie) == 404
    assert request(site, kernel, Cookie=visitor.cookie).status == 200
    assert refused(site, visitor) is None


def test_all_pages_of_a_browser_belong_to_one_visitor(site: Site, visitor: Visitor) -> None:
    with visit(site, Cookie=visitor.cookie) as second:
        assert second.kernel != visitor.kernel
        assert second.cookie == visitor.cookie
        assert refused(site, second) is None


@pytest.mark.attack("delete, restart or interrupt a kernel by REST", "404, 403 or 405")
def test_a_visitor_cannot_delete_or_restart_the_kernel(site: Site, visitor: Visitor) -> None:
    kernel = f"api/kernels/{visitor.kernel}"
    for method, action in (("DELETE", ""), ("POST", "/restart"), ("POST", "/interrupt")):
        assert request(site, kernel + action, method, Cookie=visitor.cookie).status in {
            403,
            404,
            405,
        }


@pytest.mark.attack("shut down a visitor's kernel from a foreign page", "403")
@pytest.mark.parametrize("header", [{"Sec_Fetch_Site": "same-site"}, {"Origin": "http://x.org"}])
def test_a_foreign_page_cannot_post(site: Site, visitor: Visitor, header: dict[str, str]) -> None:
    path = f"voila/api/shutdown/{visitor.kernel}"
    assert request(site, path, "POST", Cookie=visitor.cookie, **header).status == 403


@pytest.mark.attack(
    "start kernels from a foreign page, by an image, frame, script or request",
    "403; no kernel starts",
)
@pytest.mark.parametrize("embedded_as", ["image", "iframe", "script", "empty"])
def test_a_foreign_page_cannot_start_kernels(site: Site, embedded_as: str) -> None:
    status, body, _ = request(site, "", Sec_Fetch_Dest=embedded_as)
    assert (status, KERNEL_ID.search(body.decode())) == (403, None)


@pytest.mark.attack(
    "read the visitor's cookie in a script, or have a foreign page send it",
    "`HttpOnly`, `SameSite`",
)
def test_the_cookie_is_for_this_site_and_not_for_scripts(site: Site) -> None:
    cookie = request(site, "nothing").headers["Set-Cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "expires" not in cookie


@pytest.mark.attack(
    "run an injected script or text as code, frame a page, or embed its files elsewhere",
    "forbidden by headers on every response of the page and the tables",
)
def test_no_page_contains_scripts_or_allows_them(site: Site, visitor: Visitor) -> None:
    scripts = re.findall(r"<script[^>]*>", visitor.page.decode())
    assert [each for each in scripts if "src=" not in each and 'json"' not in each] == []
    for path, status in (("", 200), ("nothing", 404), ("dashboard/tables/rockets.csv", 200)):
        response = request(site, path, Cookie=visitor.cookie)
        policy = response.headers["Content-Security-Policy"]
        assert response.status == status
        assert "script-src 'self' blob:;" in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Permissions-Policy"].startswith("geolocation=(self), camera=()")
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


FOREIGN_NAMES = ("attacker.example", "127.0.0.1.attacker.example", "localhost.attacker.example")
PAGE = ("", "dashboard/tables/launches.csv", "dashboard/static/style.css", "api/kernels/x/channels")


@pytest.mark.attack(
    "reach page, tables and websockets under a name of one's own (DNS rebinding)", "403"
)
@pytest.mark.parametrize("name", FOREIGN_NAMES)
@pytest.mark.parametrize("path", PAGE)
def test_a_foreign_name_for_this_machine_is_refused(site: Site, name: str, path: str) -> None:
    status, body, _ = request(site, path, Host=f"{name}:{urlsplit(site.url).port}")
    assert status == 403
    assert b"SPACEX_HOSTS" in body


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "192.168.1.20", "[::1]"])
def test_addresses_and_localhost_are_answered(site: Site, name: str) -> None:
    status, *_ = request(site, "dashboard/static/style.css", Host=f"{name}:8866")
    assert status == 200


def test_names_of_the_settings_are_answered() -> None:
    application = Application()
    refuse_other_hosts(application, ["Data.Example.org"])
    rule = application.default_router.rules[0]
    for name, answered in {"data.example.org": True, "example.org": False}.items():
        start, headers = RequestStartLine("GET", "/", "HTTP/1.1"), HTTPHeaders({"Host": name})
        request = HTTPServerRequest(start_line=start, headers=headers)
        assert (rule.matcher.match(request) is None) is answered


@pytest.mark.attack("guess a kernel's id", "404")
def test_an_unknown_kernel_id_is_refused(site: Site, visitor: Visitor) -> None:
    assert refused(site, replace(visitor, kernel=str(uuid.uuid4()))) == 404


SYSTEM = {"state": {"_model_module": "os", "_model_name": "system"}}
NO_DATE = "2026-13-45T00:00:00Z"
SHAPELESS: list[dict[str, Any]] = [
    *({"content": content} for content in (None, [], "x", {}, {"comm_id": []})),
    *({"msg_type": kind, "content": {}} for kind in ("comm_open", "comm_close")),
    {"msg_type": "comm_open", "content": {"comm_id": "x", "target_name": []}},
    {"msg_type": "comm_info_request", "content": None},
    {"msg_type": []},
    *({"msg_id": value} for value in ([], {}, None, 7)),
    *({"session": value} for value in ([], None, 7)),
    {"subshell_id": "x", "msg_type": "kernel_info_request"},
    {"date": NO_DATE},
    *({"parent_header": value} for value in (None, [], {"date": NO_DATE}, {"date": []})),
    *({"metadata": value} for value in (None, [], "x")),
    {"content": {"comm_id": "x", "data": json.loads("[" * 900 + "]" * 900)}},
    *({"channel": name} for name in ("control", "stdin", "iopub", "no such", None, [])),
]
"""What differs from a message that a page may send, in its header or beside it."""
V1 = "v1.kernel.websocket.jupyter.org"
UNREADABLE: list[tuple[str | None, str | bytes]] = [
    *((None, text) for text in ("{", "null", "[]", '{"header": 7}', '{"channel": "shell"}')),
    *((None, text) for text in ('{"channel": []}', "[" * 50_000)),
    *((None, data) for data in (b"", b"\xff" * 40, b"\0" * 40)),
    (None, b"\x7f" * 40),  # announces 2 billion buffers
    (V1, b"\xff" * 40),  # announces 2**64 parts
    *((V1, data) for data in (b"", b"\0" * 40, "{}")),
]
WITHOUT_EFFECT = (
    message("comm_open", {"comm_id": "x", "target_name": "no.such", "data": {}}),
    message("comm_msg", {"comm_id": "no such", "data": {"method": "update", "state": {}}}),
    message("comm_open", {"comm_id": "y", "target_name": "jupyter.widget", "data": SYSTEM}),
)


def altered(difference: dict[str, Any]) -> str:
    """Return a message with another header, content or channel."""
    sent = json.loads(message("comm_msg", {"comm_id": "x", "data": {}}))
    for name, value in difference.items():
        (sent if name in sent else sent["header"])[name] = value
    return json.dumps(sent)


def as_v1(text: str) -> bytes:
    """Return a message in the newer protocol, in which pages send."""
    sent = json.loads(text)
    names = ("header", "parent_header", "metadata", "content")
    parts = [json.dumps(sent[name]).encode() for name in names]
    return serialize_msg_to_ws_v1(parts, str(sent["channel"]))


def closes(connection: websocket.WebSocket, junk: str | bytes) -> int:
    """Send a message; return the code with which the server then closes the connection."""
    try:
        connection.send(junk, BINARY if isinstance(junk, bytes) else TEXT)
        code, data = 0, b""
        while code != websocket.ABNF.OPCODE_CLOSE:
            code, data = connection.recv_data(control_frame=True)
        return int.from_bytes(data[:2])
    finally:
        connection.shutdown()


@pytest.mark.attack(
    "send malformed messages: nested 50,000 deep, announcing 2⁶⁴ parts, of no known form",
    "disconnected with one line in the log",
)
def test_a_bad_message_costs_a_line_and_the_connection(site: Site, visitor: Visitor) -> None:
    before = site.log.read_text()
    for protocol, junk in UNREADABLE:
        with closing(connect(site, visitor, subprotocols=[protocol] if protocol else [])) as socket:
            assert closes(socket, junk) == 1007, (protocol, junk[:40])
    for junk in WITHOUT_EFFECT:
        with closing(connect(site, visitor)) as socket:
            socket.send(junk)
            assert gets_reply(socket, "kernel_info_reply")
    lines = site.log.read_text().removeprefix(before).splitlines()
    assert len(UNREADABLE) <= len(lines) <= len(UNREADABLE) + len(WITHOUT_EFFECT)
    assert "Traceback" not in "".join(lines)


@pytest.mark.attack(
    "send one's own kernel messages of another shape: without a comm, with lists for names",
    "disconnected with one line in the log; the kernel does not receive them",
)
@pytest.mark.parametrize("protocol", [None, V1])
def test_the_kernel_receives_no_message_of_another_shape(
    site: Site, visitor: Visitor, protocol: str | None
) -> None:
    before = site.log.read_text()
    for difference in SHAPELESS:
        text = altered(difference)
        with closing(connect(site, visitor, subprotocols=[protocol] if protocol else [])) as socket:
            assert closes(socket, as_v1(text) if protocol else text) == 1007, difference
    with closing(connect(site, visitor)) as socket:
        assert gets_reply(socket, "kernel_info_reply")
    lines = site.log.read_text().removeprefix(before).splitlines()
    assert len(lines) == len(SHAPELESS)
    assert all("A visitor sent an unreadable message" in line for line in lines)


@pytest.mark.attack("send a message of more than 64 KiB", "disconnected")
def test_a_message_has_a_size_limit(site: Site, visitor: Visitor) -> None:
    with closing(connect(site, visitor)) as socket:
        socket.send(message("kernel_info_request", {"x": "x" * (LARGEST_MESSAGE - 1000)}))
        assert gets_reply(socket, "kernel_info_reply")
        with suppress(ConnectionResetError):  # the server does not read the message to its end
            assert closes(socket, "x" * (LARGEST_MESSAGE + 1)) == 1009


@pytest.mark.attack("send the dashboard a large request", "disconnected")
def test_a_request_has_a_size_limit(site: Site) -> None:
    with pytest.raises(RemoteDisconnected):
        request(site, "nothing", X="x" * LIMITS["max_header_size"])


@pytest.mark.attack("find a route that a new version of Voila adds", "not served")
def test_only_routes_of_the_page_are_served(tmp_path: Path, settings: Settings) -> None:
    config = configuration(tmp_path, "127.0.0.1", 8866)
    config.VoilaConfiguration.preheat_kernel = False  # needs no event loop
    (tmp_path / "jupyter").mkdir()
    served = Dashboard(config=config)
    served.assets, served.spacex, served.notebook_path = tmp_path, settings, "x.ipynb"
    served.voila_configuration = VoilaConfiguration(parent=served)
    served.init_settings()
    kernel = r"(?P<kernel_id>[\w-]+)"
    assert [path for path, *_ in served.init_handlers()] == [
        r"/",
        r"/dashboard/static/(.*)",
        r"/dashboard/tables/(\w+)\.csv",
        r"/reports/?",
        reports.PATH,
        feeds.PATH,
        r"/health",
        r"/metrics",
        rf"/api/kernels/{kernel}",
        rf"/api/kernels/{kernel}/channels",
        rf"/voila/api/shutdown/{kernel}",
        r"/voila/static/(.*)",
        r"/voila/labextensions/(.*)",
    ]


def test_a_page_that_answers_pings_stays_connected(sampled: Settings, tmp_path: Path) -> None:
    with (
        serving(sampled, tmp_path, f"server.PING_MS = 400; {ONE_READY}") as site,
        visit(site) as visitor,
        closing(connect(site, visitor)) as connection,
    ):
        for _ in range(8):  # reading answers pings
            assert gets_reply(connection, "kernel_info_reply")
            time.sleep(0.3)
    printed = f"The dashboard is at {site.url.rstrip('/')} until Ctrl-C.\n"
    assert (tmp_path / "server.log").read_text() == printed  # and nothing else
