"""The HTTP API as a process of its own, over the published sample."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest

from spacex.settings import Settings

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@dataclass(frozen=True)
class Reply:
    """What the API answered."""

    status: int
    headers: Message
    body: bytes

    @property
    def content(self) -> Any:
        """The content of a body of JSON."""
        return json.loads(self.body)

    @property
    def error(self) -> str:
        """What is wrong."""
        assert self.content["ok"] is False
        assert self.content["status"] == self.status
        return str(self.content["error"])


@dataclass(frozen=True)
class Api:
    """A running API."""

    url: str
    database: Path

    def get(self, path: str, method: str = "GET", **headers: str) -> Reply:
        """Ask for an address."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        request = Request(self.url + path, headers=sent, method=method)  # noqa: S310
        try:
            with urlopen(request, timeout=60) as response:  # noqa: S310
                return Reply(response.status, response.headers, response.read())
        except HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read())

    def sql(self, statement: str, form: str = "json", **parameters: object) -> Reply:
        """Ask for the rows of a statement."""
        query = urlencode({"sql": statement, **parameters}, quote_via=quote)
        return self.get(f"/starlink.{form}?{query}")


@contextmanager
def running(settings: Settings, **variables: str) -> Iterator[Api]:
    """Run `spacex api` over the database of a folder."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    environment = {**os.environ, "SPACEX_DATA_DIR": str(settings.data_dir), **variables}
    command = [sys.executable, "-m", "spacex", "api", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        api = Api(f"http://127.0.0.1:{port}", settings.database)
        try:
            for _ in range(600):
                try:
                    api.get("/health")
                    break
                except OSError:
                    assert process.poll() is None, "the API has ended"
                    time.sleep(0.1)
            yield api
        finally:
            process.terminate()
            assert process.wait(30) == 0


@pytest.fixture(scope="session")
def api(sampled: Settings) -> Iterator[Api]:
    """Return the API over the published sample, shared between tests."""
    with running(sampled, SPACEX_HOSTS="figures.example.org") as started:
        yield started
