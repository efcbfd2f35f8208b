"""Turns: how many requests of a kind are served at once, and how long each may take.

Requests with SQL of any length cannot keep those for tables waiting, and the reverse.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from spacex.dashboard.http_api.limits import (
    QUERIES_AT_ONCE,
    REQUEST_S,
    TABLES_AT_ONCE,
    WAIT_S,
)
from spacex.dashboard.http_api.requests import Kind, RefusedError

THREADS = QUERIES_AT_ONCE + TABLES_AT_ONCE
"""Threads that execute queries: a request whose turn it is finds one free."""


class Lanes:
    """The turns of one server."""

    def __init__(self, wait_s: float = WAIT_S, request_s: float = REQUEST_S) -> None:
        self._wait_s, self._request_s = wait_s, request_s
        tables = asyncio.Semaphore(TABLES_AT_ONCE)
        self._lanes = {
            Kind.SQL: asyncio.Semaphore(QUERIES_AT_ONCE),
            Kind.TABLE: tables,
            Kind.ROW: tables,
        }

    @asynccontextmanager
    async def turn(self, kind: Kind) -> AsyncIterator[None]:
        """Wait for the turn of a request, and limit the time of the block.

        Raises:
            RefusedError: there are too many requests, or this one takes too long.
        """
        lane = self._lanes[kind]
        try:
            async with asyncio.timeout(self._wait_s):
                await lane.acquire()
        except TimeoutError:
            raise RefusedError(
                HTTPStatus.SERVICE_UNAVAILABLE, "Too many requests at once; try again later."
            ) from None
        try:
            async with asyncio.timeout(self._request_s):
                yield
        except TimeoutError:
            raise RefusedError(
                HTTPStatus.SERVICE_UNAVAILABLE, f"The request took {self._request_s:g} s."
            ) from None
        finally:
            lane.release()
