"""Tornado's HTTP server with limits on connections.

All visitors behind a proxy, or of the containers, share one address.
"""

from collections.abc import Awaitable
from typing import Any

from tornado.http1connection import HTTP1ServerConnection
from tornado.httpserver import HTTPServer
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.iostream import IOStream

MOST_CONNECTIONS = 256
"""Most connections of one address; a browser opens up to seven for a page."""

LIMITS: dict[str, Any] = {
    "idle_connection_timeout": 30,  # s, for the head of a request
    "body_timeout": 10,  # s
    "max_header_size": 32 << 10,
    "max_body_size": 64 << 10,
}
"""Arguments of the server; nobody sends it more than a short form."""


class LimitedServer(HTTPServer):
    """A server that limits the number of connections from one address.

    At the limit, a new connection replaces the one that has waited longest without a complete
    request. If there is none, the new connection is closed.
    """

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        """See `HTTPServer`."""
        super().initialize(*args, **kwargs)
        self._addresses: dict[IOStream, str] = {}
        self._waiting: set[IOStream] = set()

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Accept a connection, unless its address has too many."""
        self._forget_closed()
        peers = [each for each, known in self._addresses.items() if known == address[0]]
        if len(peers) >= MOST_CONNECTIONS:
            next((each for each in peers if each in self._waiting), stream).close()
        if not stream.closed():
            self._addresses[stream] = address[0]
            super().handle_stream(stream, address)

    def start_request(
        self, server_conn: object, request_conn: HTTPConnection
    ) -> HTTPMessageDelegate:
        """Wait for a request on a connection."""
        assert isinstance(server_conn, HTTP1ServerConnection)  # noqa: S101 - for the type
        self._waiting.add(server_conn.stream)
        delegate = super().start_request(server_conn, request_conn)
        return _Arrival(delegate, server_conn.stream, self._waiting)

    def _forget_closed(self) -> None:
        self._addresses = {
            stream: address for stream, address in self._addresses.items() if not stream.closed()
        }
        self._waiting &= self._addresses.keys()


class _Arrival(HTTPMessageDelegate):
    """Passes a request on, and notes when it is complete."""

    def __init__(
        self, delegate: HTTPMessageDelegate, stream: IOStream, waiting: set[IOStream]
    ) -> None:
        self._delegate, self._stream, self._waiting = delegate, stream, waiting

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> Awaitable[None] | None:
        return self._delegate.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        return self._delegate.data_received(chunk)

    def finish(self) -> None:
        self._waiting.discard(self._stream)
        self._delegate.finish()

    def on_connection_close(self) -> None:
        self._delegate.on_connection_close()
