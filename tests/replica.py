"""A local replica of a service: an HTTP server that serves a folder of responses.

It responds as the services do (JSON arrays, ETag, 304), logs its requests, and misbehaves on
demand, by endpoint. For example,

    replica.script("launches", Status(500), Normal())

sends one 500 and then the response. The last behaviour of a script repeats.
"""

import hashlib
import socket
import struct
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol, Self

JSON = "application/json; charset=utf-8"
PREFIX = "/v4/"
MEBIBYTE = 2**20


class Behaviour(Protocol):
    """One way to respond to a request."""

    def respond(self, request: "Handler") -> None:
        """Send the response."""


@dataclass(frozen=True)
class Normal:
    """The response with an ETag, 304 if the client has it already, or 404 if there is none."""

    def respond(self, request: "Handler") -> None:
        body = request.replica.body(request.endpoint)
        if body is None:
            request.send(404, b"Not Found", {"Content-Type": "text/plain; charset=utf-8"})
            return
        etag = f'W/"{hashlib.sha256(body).hexdigest()[:27]}"'
        if request.headers.get("If-None-Match") == etag:
            request.send(304, b"", {"ETag": etag})
        else:
            request.send(200, body, {"Content-Type": JSON, "ETag": etag})


@dataclass(frozen=True)
class Status:
    """An HTTP status without a useful body."""

    code: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def respond(self, request: "Handler") -> None:
        request.send(self.code, self.body, {"Content-Type": "text/plain", **self.headers})


@dataclass(frozen=True)
class Body:
    """200 with these bytes as JSON."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def respond(self, request: "Handler") -> None:
        request.send(200, self.body, {"Content-Type": JSON, **self.headers})


@dataclass(frozen=True)
class Redirect:
    """302 to a URL, or to itself if none is given."""

    location: str = ""

    def respond(self, request: "Handler") -> None:
        request.send(302, b"", {"Location": self.location or request.path})


@dataclass(frozen=True)
class Hang:
    """No response, or none after the bytes `after`, which include the status line."""

    after: bytes = b""

    def respond(self, request: "Handler") -> None:
        request.wfile.write(self.after)
        request.replica.stopped.wait()
        request.close_connection = True


@dataclass(frozen=True)
class SlowBody:
    """200 with an endless body that arrives byte by byte, faster than any read timeout."""

    every_s: float = 0.02
    chunked: bool = False

    def respond(self, request: "Handler") -> None:
        length = {"Transfer-Encoding": "chunked"} if self.chunked else {"Content-Length": "9999999"}
        request.head(200, {"Content-Type": JSON, **length})
        while not request.replica.stopped.wait(self.every_s):
            request.wfile.write(b"1\r\n[\r\n" if self.chunked else b"[")
        request.close_connection = True


@dataclass(frozen=True)
class SlowHeaders:
    """200 with endless headers that arrive byte by byte, faster than any read timeout."""

    every_s: float = 0.02

    def respond(self, request: "Handler") -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Endless: ")
        while not request.replica.stopped.wait(self.every_s):
            request.wfile.write(b"x")
        request.close_connection = True


@dataclass(frozen=True)
class Disconnect:
    """200 that announces `missing` bytes more than it sends before it closes the connection.

    Attributes:
        body: the bytes sent.
        missing: the bytes announced but not sent.
        reset: close by a TCP reset.
    """

    body: bytes
    missing: int = 1000
    reset: bool = False

    def respond(self, request: "Handler") -> None:
        request.head(
            200, {"Content-Type": JSON, "Content-Length": str(len(self.body) + self.missing)}
        )
        request.wfile.write(self.body)
        request.close_connection = True
        if self.reset:
            linger = struct.pack("ii", 1, 0)  # drop unsent bytes and reset
            request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


@dataclass(frozen=True)
class LargeBody:
    """A JSON array of a given size, generated while it is sent.

    Attributes:
        megabytes: the size, MiB.
        gzipped: compress it.
        location: redirect there, with the array as the body of the redirect.
    """

    megabytes: int
    gzipped: bool = False
    location: str = ""

    def respond(self, request: "Handler") -> None:
        headers = {"Content-Type": JSON, "Transfer-Encoding": "chunked"}
        headers |= {"Content-Encoding": "gzip"} if self.gzipped else {}
        headers |= {"Location": self.location} if self.location else {}
        request.head(302 if self.location else 200, headers)
        chunks = self._chunks()
        for chunk in _gzip(chunks) if self.gzipped else chunks:
            if chunk:
                request.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        request.wfile.write(b"0\r\n\r\n")

    def _chunks(self) -> Iterator[bytes]:
        yield b"[{}"
        for _ in range(self.megabytes):
            yield b" " * MEBIBYTE
        yield b"]"


def _gzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    compressor = zlib.compressobj(wbits=31)
    yield from map(compressor.compress, chunks)
    yield compressor.flush()


@dataclass(frozen=True)
class LoggedRequest:
    """One request in the log."""

    endpoint: str
    headers: dict[str, str]


class Replica:
    """The server, on a free port of 127.0.0.1, as a context manager.

    Attributes:
        url: the base URL.
        requests: the GET requests so far, in order.
        posted: endpoint and body of each POST request.
        post_headers: the headers of each POST request.
        stopped: set when the server stops, to end every behaviour.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bodies: dict[str, bytes] = {}
        self._scripts: dict[str, list[Behaviour]] = {}
        self._lock = threading.Lock()
        self.requests: list[LoggedRequest] = []
        self.posted: list[tuple[str, bytes]] = []
        self.post_headers: list[dict[str, str]] = []
        self.stopped = threading.Event()
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.replica = self
        self.url = f"http://127.0.0.1:{self._server.server_port}{PREFIX.rstrip('/')}"

    def __enter__(self) -> Self:
        poll = {"poll_interval": 0.005}
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs=poll, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Close the port and every connection, as in an outage."""
        if self.stopped.is_set():
            return
        self.stopped.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def script(self, endpoint: str, *behaviours: Behaviour) -> None:
        """Set the behaviours for the next requests to an endpoint; the last one repeats."""
        self._scripts[endpoint] = list(behaviours)

    def is_scripted(self, endpoint: str) -> bool:
        """Return whether an endpoint has a script."""
        return endpoint in self._scripts

    def serve(self, endpoint: str, body: bytes) -> None:
        """Serve these bytes instead of the file."""
        self._bodies[endpoint] = body

    def body(self, endpoint: str) -> bytes | None:
        """Return the response of an endpoint; None if it has none."""
        path = self._folder / f"{endpoint}.json"
        stored = path.read_bytes() if path.is_file() else None
        return self._bodies.get(endpoint, stored)

    def next_behaviour(self, endpoint: str) -> Behaviour:
        """Return the behaviour for the next request to an endpoint, from its script."""
        with self._lock:
            script = self._scripts.get(endpoint) or [Normal()]
            return script.pop(0) if len(script) > 1 else script[0]


class _Server(ThreadingHTTPServer):
    """Join the threads and close the connections when the server closes."""

    daemon_threads = False
    block_on_close = True
    replica: Replica

    def __init__(self, address: tuple[str, int], handler: Callable[..., "Handler"]) -> None:
        super().__init__(address, handler)
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # already closed
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that disconnect; many tests do so."""


class Handler(BaseHTTPRequestHandler):
    """Responds to the requests of one connection as the replica's scripts say."""

    protocol_version = "HTTP/1.1"
    server: _Server

    @property
    def replica(self) -> Replica:
        return self.server.replica

    @property
    def endpoint(self) -> str:
        return self.path.removeprefix(PREFIX)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.replica.posted.append((self.endpoint, body))
        self.replica.post_headers.append(dict(self.headers))
        if self.replica.is_scripted(self.endpoint):
            self.replica.next_behaviour(self.endpoint).respond(self)
        else:
            self.send(204, b"", {})

    def do_GET(self) -> None:
        self.replica.requests.append(LoggedRequest(self.endpoint, dict(self.headers)))
        self.replica.next_behaviour(self.endpoint).respond(self)

    def head(self, status: int, headers: dict[str, str]) -> None:
        """Send the status line and the headers."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """Send a complete response."""
        length = {} if status == 304 else {"Content-Length": str(len(body))}
        self.head(status, {**length, **headers})
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Write nothing to the terminal; `requests` is the log."""
