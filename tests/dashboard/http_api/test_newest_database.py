"""The API follows the published database, and each response is of one run."""

import asyncio
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from spacex.dashboard.http_api.application import Application, application
from spacex.settings import Settings
from tests.conftest import settings_in
from tests.dashboard.http_api.conftest import running


def publish_as(database: Path, source: Path, run_id: str) -> None:
    """Replace a database, as a run does, by a copy in which the last run has another name."""
    new = database.with_suffix(".new")
    shutil.copyfile(source, new)
    with closing(sqlite3.connect(new)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("UPDATE _runs SET run_id = ?", (run_id,))
    new.replace(database)


def test_a_new_database_is_served_at_once(sampled: Settings, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    settings.data_dir.mkdir(exist_ok=True)
    with running(settings) as api:
        reply = api.get("/starlink/cores.json")
        assert (reply.status, reply.headers["Retry-After"]) == (503, "2")
        assert "no usable database" in reply.error
        assert str(tmp_path) not in reply.error
        assert api.get("/health").content == {"ok": True, "has_database": False}
        assert api.get("/openapi.json").status == 200
        for number in range(6):
            publish_as(settings.database, sampled.database, f"run-{number}")
            for _ in range(4):  # of other threads
                reply = api.sql("SELECT run_id FROM _runs")
                assert reply.content["rows"] == [{"run_id": f"run-{number}"}]
                assert reply.headers["X-Spacex-Run"] == f"run-{number}"
        settings.database.write_bytes(b"no database" * 1000)
        assert api.get("/starlink/cores.json").status == 503
        settings.database.unlink()
        assert api.get("/starlink/cores.json").status == 503
        publish_as(settings.database, sampled.database, "last")
        assert api.sql("SELECT run_id FROM _runs").content["rows"] == [{"run_id": "last"}]


def ask(app: Application, path: str) -> tuple[dict[str, str], bytes, int]:
    """Ask an application; return headers, body and status."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
    }
    asyncio.run(app(scope, receive, send))
    start, body = sent
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return headers, body["body"], start["status"]


@pytest.mark.parametrize(("publishes", "status"), [(1, 200), (2, 200), (3, 503)])
def test_a_response_during_a_publication_is_made_again(
    sampled: Settings, tmp_path: Path, publishes: int, status: int
) -> None:
    database = tmp_path / "starlink.db"
    publish_as(database, sampled.database, "run-0")
    asked = []

    async def datasette(_scope: Any, _receive: Any, send: Any) -> None:
        asked.append(len(asked))
        if len(asked) <= publishes:
            publish_as(database, sampled.database, f"run-{len(asked)}")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"%d" % len(asked)})

    headers, body, found = ask(Application(datasette, database, ()), "/starlink/cores.json")
    assert found == status
    if status == 200:
        assert headers["x-spacex-run"] == f"run-{publishes}"
        assert body == b"%d" % (publishes + 1)
    else:
        assert "being replaced" in json.loads(body)["error"]


def test_an_unexpected_failure_is_an_error_without_details(
    sampled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("spacex.dashboard.http_api.served_database.counted_rows", fail)
    _, body, status = ask(application(sampled.database), "/starlink/cores.json")
    assert status == 500
    assert json.loads(body)["error"] == "The API failed; its log says why."


def test_a_failure_of_datasette_is_an_error(sampled: Settings) -> None:
    async def datasette(_scope: Any, _receive: Any, _send: Any) -> None:
        raise RuntimeError("a secret")

    _, body, status = ask(Application(datasette, sampled.database, ()), "/starlink/cores.json")
    assert status == 500
    assert b"secret" not in body
