"""A local stand-in for the services: a real HTTP server that serves a folder of answers.

It answers as the services do (JSON arrays, ETag, 304), keeps a log of what it was asked, and can be
told, path by path, to misbehave:

    replica.script("launches", Status(500), Normal())

gives one 500 and then the answer. The last behaviour of a script stays in force.
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
from typing import Protocol, Self

JSON = "application/json; charset=utf-8"
PREFIX = "/v4/"
MEBIBYTE = 2**20


class Behaviour(Protocol):
    """One way to answer one request."""

    def answer(self, request: "Handler") -> None:
        """Answer the request."""


@dataclass(frozen=True)
class Normal:
    """The stored answer, with an ETag; 304 if the client has it already; 404 if there is none."""

    def answer(self, request: "Handler") -> None:
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
    """A status and nothing useful beside it."""

    code: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def answer(self, request: "Handler") -> None:
        request.send(self.code, self.body, {"Content-Type": "text/plain", **self.headers})


@dataclass(frozen=True)
class Body:
    """200 with these bytes, called JSON."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def answer(self, request: "Handler") -> None:
        request.send(200, self.body, {"Content-Type": JSON, **self.headers})


@dataclass(frozen=True)
class Redirect:
    """302 to an address; to itself if none is given."""

    location: str = ""

    def answer(self, request: "Handler") -> None:
        request.send(302, b"", {"Location": self.location or request.path})


@dataclass(frozen=True)
class Hang:
    """Silence; `after` bytes come before it, counted from the status line."""

    after: bytes = b""

    def answer(self, request: "Handler") -> None:
        request.wfile.write(self.after)
        request.replica.stopped.wait()
        request.close_connection = True


@dataclass(frozen=True)
class Drip:
    """200 whose body comes byte by byte, never silent for long and never at an end."""

    every_s: float = 0.02
    chunked: bool = False

    def answer(self, request: "Handler") -> None:
        length = {"Transfer-Encoding": "chunked"} if self.chunked else {"Content-Length": "9999999"}
        request.head(200, {"Content-Type": JSON, **length})
        while not request.replica.stopped.wait(self.every_s):
            request.wfile.write(b"1\r\n[\r\n" if self.chunked else b"[")
        request.close_connection = True


@dataclass(frozen=True)
class DripHead:
    """200 whose head never ends: one header after the other, in time each."""

    every_s: float = 0.02

    def answer(self, request: "Handler") -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Endless: ")
        while not request.replica.stopped.wait(self.every_s):
            request.wfile.write(b"x")
        request.close_connection = True


@dataclass(frozen=True)
class BreakOff:
    """200 that promises `promised` bytes more than it sends; the connection then ends.

    With `reset` it ends by a TCP reset, otherwise in good order.
    """

    body: bytes
    promised: int = 1000
    reset: bool = False

    def answer(self, request: "Handler") -> None:
        request.head(
            200, {"Content-Type": JSON, "Content-Length": str(len(self.body) + self.promised)}
        )
        request.wfile.write(self.body)
        request.close_connection = True
        if self.reset:
            linger = struct.pack("ii", 1, 0)  # close at once, unsent bytes dropped: a reset
            request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


@dataclass(frozen=True)
class Flood:
    """A JSON array of a size, made as it is sent; `packed` sends it gzipped.

    With a `location` it is the body of a redirect to there.
    """

    megabytes: int
    packed: bool = False
    location: str = ""

    def answer(self, request: "Handler") -> None:
        more = {"Content-Encoding": "gzip"} if self.packed else {}
        more |= {"Location": self.location} if self.location else {}
        chunked = {"Content-Type": JSON, "Transfer-Encoding": "chunked"}
        request.head(302 if self.location else 200, chunked | more)
        chunks = self._chunks()
        for chunk in _gzip(chunks) if self.packed else chunks:
            if chunk:
                request.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        request.wfile.write(b"0\r\n\r\n")

    def _chunks(self) -> Iterator[bytes]:
        yield b"[{}"
        for _ in range(self.megabytes):
            yield b" " * MEBIBYTE
        yield b"]"


def _gzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(wbits=31)
    yield from map(packer.compress, chunks)
    yield packer.flush()


@dataclass(frozen=True)
class Asked:
    """One request as it was logged."""

    endpoint: str
    headers: dict[str, str]


class Replica:
    """The server. It listens on a free port of 127.0.0.1 from `start` to `stop`.

    Attributes:
        url: the base address, to be given as the service's.
        asked: the requests so far, in order.
        stopped: set when the server stops, so that no behaviour outlives it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bodies: dict[str, bytes] = {}
        self._scripts: dict[str, list[Behaviour]] = {}
        self._lock = threading.Lock()
        self.asked: list[Asked] = []
        self.stopped = threading.Event()
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.replica = self
        self.url = f"http://127.0.0.1:{self._server.server_port}{PREFIX.rstrip('/')}"

    def __enter__(self) -> Self:
        poll = {"poll_interval": 0.02}
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs=poll, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Close the port and every connection: from here on the service is down."""
        if self.stopped.is_set():
            return
        self.stopped.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def script(self, endpoint: str, *behaviours: Behaviour) -> None:
        """What the next requests for an endpoint get; the last behaviour stays in force."""
        self._scripts[endpoint] = list(behaviours)

    def serve(self, endpoint: str, body: bytes) -> None:
        """Serve these bytes instead of the file's."""
        self._bodies[endpoint] = body

    def body(self, endpoint: str) -> bytes | None:
        """The answer of an endpoint; None if it has none."""
        path = self._folder / f"{endpoint}.json"
        stored = path.read_bytes() if path.is_file() else None
        return self._bodies.get(endpoint, stored)

    def next_behaviour(self, endpoint: str) -> Behaviour:
        """The behaviour a request gets, taken off its script."""
        with self._lock:
            script = self._scripts.get(endpoint) or [Normal()]
            return script.pop(0) if len(script) > 1 else script[0]


class _Server(ThreadingHTTPServer):
    """Threads that are waited for at the end, and connections that are closed with the server."""

    daemon_threads = False
    block_on_close = True
    replica: Replica

    def __init__(self, address: tuple[str, int], handler: Callable[..., "Handler"]) -> None:
        super().__init__(address, handler)
        self._open: set[socket.socket] = set()

    def process_request(self, request, client_address) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it ended by itself meanwhile
        super().server_close()

    def handle_error(self, request, client_address) -> None:
        """A client that hangs up is what many tests are about."""


class Handler(BaseHTTPRequestHandler):
    """Answers one connection's requests by the behaviours of the replica."""

    protocol_version = "HTTP/1.1"
    server: _Server

    @property
    def replica(self) -> Replica:
        return self.server.replica

    @property
    def endpoint(self) -> str:
        return self.path.removeprefix(PREFIX)

    def do_GET(self) -> None:
        self.replica.asked.append(Asked(self.endpoint, dict(self.headers)))
        self.replica.next_behaviour(self.endpoint).answer(self)

    def head(self, status: int, headers: dict[str, str]) -> None:
        """Send the status line and the headers."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """Send a whole answer."""
        length = {} if status == 304 else {"Content-Length": str(len(body))}
        self.head(status, {**length, **headers})
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal: `asked` is the log."""
