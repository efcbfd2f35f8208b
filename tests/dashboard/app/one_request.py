"""One request to a server of the dashboard's handlers, with their compression."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import requests
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from spacex.dashboard.app.compressed_files import compress_files


def answer(
    handlers: Sequence[tuple[Any, ...]], path: str, method: str, headers: Mapping[str, str]
) -> requests.Response:
    """Return the response of a server that ends afterwards.

    Args:
        handlers: those of the server.
        path: what is requested.
        method: the method of the request.
        headers: its headers.
    """
    return asyncio.run(_answer(handlers, path, method, headers))


async def _answer(
    handlers: Sequence[tuple[Any, ...]], path: str, method: str, headers: Mapping[str, str]
) -> requests.Response:
    app = Application([*handlers])
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
