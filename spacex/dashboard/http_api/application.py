"""The HTTP API as an ASGI application: Datasette behind checks, limits and the source of its data.

Each response is whole before it is sent, and names the run that its figures come from. If a run
publishes another database meanwhile, the response is made again.
"""

import asyncio
import csv
import io
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacex.analysis.api.provenance import provenance
from spacex.dashboard.http_api.datasette_app import datasette_app
from spacex.dashboard.http_api.json_errors import FAILED, LOG, UNUSABLE, body_of
from spacex.dashboard.http_api.lanes import Lanes
from spacex.dashboard.http_api.openapi import document, index
from spacex.dashboard.http_api.requests import (
    METHODS,
    Question,
    RefusedError,
    check_sender,
    question,
)
from spacex.errors import SpacexError
from spacex.files import fingerprint

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""No page of another site reads a response, and no browser runs one."""

_TRIES = 3
"""How often a response is made while runs publish."""

_KEPT = {b"content-type", b"link"}
"""The headers of Datasette that are passed on."""

_FAILED = b'{"ok": false'

_JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Response:
    """What is sent."""

    body: bytes
    status: int = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": _JSON})


def application(database: Path, names: Collection[str] = ()) -> "Application":
    """Return the API over a database.

    Args:
        database: the published database, which may not exist yet.
        names: further names of the host.
    """
    return Application(datasette_app(database), database, names)


class Application:
    """The API as an ASGI application."""

    def __init__(self, datasette: "ASGIApp", database: Path, names: Collection[str]) -> None:
        self._datasette, self._database, self._names = datasette, database, names
        self._lanes: Lanes | None = None
        self._failure = ""

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Respond to a request."""
        if scope["type"] != "http":
            await self._datasette(scope, receive, send)
            return
        try:
            response = await self._respond(scope)
        except RefusedError as error:
            response = _refusal(error)
        except Exception as error:  # noqa: BLE001 - a failure must not end without a response
            LOG.error("%s: %s", type(error).__name__, error)
            response = _refusal(RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, FAILED))
        is_head = scope["method"] == "HEAD"
        headers = {**HEADERS, **response.headers, "Content-Length": str(len(response.body))}
        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": response.status, "headers": raw})
        await send({"type": "http.response.body", "body": b"" if is_head else response.body})

    async def _respond(self, scope: "Scope") -> Response:
        headers = {
            name.decode("latin-1"): each.decode("latin-1") for name, each in scope["headers"]
        }
        check_sender(scope["method"], headers, self._names)
        path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        query = scope["query_string"].decode("latin-1")
        match path:
            case "/":
                return Response(_as_json(index()))
            case "/openapi.json":
                return Response(_as_json(document()))
            case "/health":
                return Response(_as_json({"ok": True, "has_database": self._database.exists()}))
            case "/provenance.json":
                about = await self._about()
                return Response(_as_json(about), headers={"Content-Type": _JSON, **_source(about)})
        asked = question(path, query)
        self._lanes = self._lanes or Lanes()
        async with self._lanes.turn(asked.kind):
            return await self._of_one_run(scope, asked)

    async def _of_one_run(self, scope: "Scope", asked: Question) -> Response:
        """Return a response whose figures all come from one run, with that run.

        Raises:
            RefusedError: there is no database, or runs publish without a pause.
        """
        for _ in range(_TRIES):
            version = fingerprint(self._database)
            about = await self._about()
            response = await self._of_datasette(scope, asked)
            if fingerprint(self._database) == version:
                return replace(response, headers={**response.headers, **_source(about)})
        raise RefusedError(
            HTTPStatus.SERVICE_UNAVAILABLE, "The database is being replaced; try again later."
        )

    async def _about(self) -> dict[str, Any]:
        """Return the origin of the data.

        Raises:
            RefusedError: there is no database, or it cannot be read.
        """
        try:
            found = await asyncio.to_thread(provenance, self._database)
        except SpacexError as error:
            if str(error) != self._failure:
                self._failure = str(error)
                LOG.error("%s", error)
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, UNUSABLE) from None
        return {name: each for name, each in found.items() if name != "database"}

    async def _of_datasette(self, scope: "Scope", asked: Question) -> Response:
        sent: list[Message] = []

        async def receive() -> "Message":
            return {"type": "http.request", "body": b"", "more_body": False}

        async def keep(message: "Message") -> None:
            sent.append(message)

        host = [each for each in scope["headers"] if each[0] == b"host"]
        inner = {
            **scope,
            "method": METHODS[0],
            "path": asked.path,
            "raw_path": asked.path.encode(),
            "query_string": asked.query.encode(),
            "headers": host,
        }
        await self._datasette(inner, receive, keep)
        start, *rest = sent
        headers = {
            name.decode().title(): value.decode("latin-1")
            for name, value in start["headers"]
            if name.lower() in _KEPT
        }
        body = b"".join(message.get("body", b"") for message in rest)
        if start["status"] != HTTPStatus.OK or body.startswith(_FAILED):
            return _refusal(_error_of(start["status"], body))
        response = Response(body, start["status"], headers)
        return await asyncio.to_thread(as_csv, response) if asked.form == "csv" else response


def _error_of(status: int, body: bytes) -> RefusedError:
    """Return an error that Datasette tells, some of them with status 200."""
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:  # to another encoding
        return RefusedError(HTTPStatus.NOT_FOUND, "There is no such row.")
    wrong = HTTPStatus.BAD_REQUEST if status == HTTPStatus.OK else HTTPStatus(status)
    try:
        return RefusedError(wrong, str(json.loads(body)["error"]))
    except (ValueError, KeyError, TypeError):
        return RefusedError(wrong, "The request is wrong.")


def as_csv(response: Response) -> Response:
    """Return a response of lists of values in JSON as CSV by RFC 4180.

    Datasette's own CSV is empty if a statement is wrong, and does not say that it is truncated.
    """
    found = json.loads(response.body)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(found["columns"])
    writer.writerows(found["rows"])
    headers = {**response.headers, "Content-Type": "text/csv; charset=utf-8; header=present"}
    if "Link" in headers:
        headers["Link"] = headers["Link"].replace(".json?", ".csv?", 1)
    headers["X-Spacex-Truncated"] = str(bool(found.get("truncated") or found.get("next"))).lower()
    return Response(text.getvalue().encode(), response.status, headers)


def _refusal(error: RefusedError) -> Response:
    headers = {"Content-Type": _JSON}
    if error.status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(METHODS)
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "2"
    return Response(_as_json(body_of(error.status, error.message)), error.status, headers)


def _source(about: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers that name the source of the figures of a response."""
    dates = [f"{name}={date}" for name, date in about["sources"].items()]
    return {
        "X-Spacex-Run": about["run_id"],
        "X-Spacex-Loaded": about["loaded_utc"],
        "X-Spacex-Simulated": "true" if about["is_simulated"] else "false",
        "X-Spacex-Data": ", ".join(dates),
    }


def _as_json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()
