"""The server's limits on connections, against a server in this process."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from spacex.dashboard.app import limited_server
from spacex.dashboard.app.limited_server import LimitedServer

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
HALF = REQUEST[:-2]
BODY = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf"

CHUNK = b"%x\r\n" % (limited_server.LIMITS["max_body_size"] + 1)


class _Handler(RequestHandler):
    def get(self) -> None:
        self.write("answered")

    post = get


class Peer:
    """A client's connection."""

    def __init__(self, streams: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        self._reader, self._writer = streams

    async def send(self, data: bytes) -> bool:
        """Send data; return whether the request is answered within 0.2 s."""
        try:
            self._writer.write(data)
            return b"answered" in await asyncio.wait_for(self._reader.read(1000), 0.2)
        except (TimeoutError, ConnectionError):
            return False

    async def is_closed(self, within_s: float = 0.2) -> bool:
        """Return whether the server closes the connection."""
        try:
            return await asyncio.wait_for(self._reader.read(1000), within_s) == b""
        except ConnectionError:
            return True
        except TimeoutError:
            return False

    def close(self) -> None:
        self._writer.close()


class Clients:
    """Clients of one server."""

    def __init__(self, port: int) -> None:
        self._port, self._peers = port, list[Peer]()

    async def connect(self, address: str = "127.0.0.1") -> Peer:
        source = (address, 0)
        streams = await asyncio.open_connection("127.0.0.1", self._port, local_addr=source)
        self._peers.append(Peer(streams))
        return self._peers[-1]

    def close(self) -> None:
        for peer in self._peers:
            peer.close()


def serve(test: Callable[[Clients], Any], **limits: float) -> None:
    """Run a test against a server with three connections for each address."""

    async def run() -> None:
        listener, port = bind_unused_port()
        server = LimitedServer(Application([("/", _Handler)]), **limited_server.LIMITS | limits)
        server.add_socket(listener)
        clients = Clients(port)
        try:
            await test(clients)
        finally:
            clients.close()
            server.stop()
            await server.close_all_connections()

    asyncio.run(run())


@pytest.fixture(autouse=True)
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited_server, "MOST_CONNECTIONS", 3)


@pytest.mark.attack(
    "hold all connections with requests that never end",
    "new visitors replace those that wait longest",
)
@pytest.mark.parametrize("part", [b"", HALF, BODY])
def test_a_new_connection_replaces_the_one_that_waits_longest(part: bytes) -> None:
    async def attack(clients: Clients) -> None:
        idle = [await clients.connect() for _ in range(3)]
        for each in idle:
            assert not await each.send(part)
        assert await (await clients.connect()).send(REQUEST)
        assert [await each.is_closed() for each in idle] == [True, False, False]

    serve(attack)


@pytest.mark.attack("open connections without end", "limited for each address")
def test_an_address_has_a_limit_that_others_do_not_share(monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(_: RequestHandler) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(_Handler, "get", busy)

    async def attack(clients: Clients) -> None:
        for _ in range(3):
            assert not await (await clients.connect()).send(REQUEST)
        assert await (await clients.connect()).is_closed()
        assert not await (await clients.connect("127.0.0.2")).is_closed()

    serve(attack)


def test_closed_connections_do_not_count() -> None:
    async def visit(clients: Clients) -> None:
        for _ in range(9):
            peer = await clients.connect()
            assert await peer.send(REQUEST)
            peer.close()
            await asyncio.sleep(0.01)

    serve(visit)


@pytest.mark.attack(
    "send head or body byte by byte", "disconnected after 30 s, or 10 s in the body"
)
@pytest.mark.parametrize(
    ("limit", "part"),
    [("idle_connection_timeout", b""), ("idle_connection_timeout", HALF), ("body_timeout", BODY)],
)
def test_an_incomplete_request_is_closed_in_time(limit: str, part: bytes) -> None:
    async def attack(clients: Clients) -> None:
        peer = await clients.connect()
        assert not await peer.send(part[:10])
        assert not await peer.send(part[10:])
        assert await peer.is_closed(within_s=1)

    serve(attack, **{limit: 0.6})


@pytest.mark.attack("send a large head, body or chunk", "disconnected, unread")
@pytest.mark.parametrize(
    "large",
    [
        HALF + b"X: " + b"x" * limited_server.LIMITS["max_header_size"],
        BODY.replace(b"9", b"%d" % (limited_server.LIMITS["max_body_size"] + 1)),
        BODY.replace(
            b"Content-Length: 9\r\n\r\nhalf", b"Transfer-Encoding: chunked\r\n\r\n99999\r\n"
        ),
    ],
    ids=["head", "body", "chunk"],
)
def test_a_large_request_is_not_read(large: bytes) -> None:
    async def attack(clients: Clients) -> None:
        peer = await clients.connect()
        assert not await peer.send(large)
        assert await peer.is_closed(within_s=1)

    serve(attack)
