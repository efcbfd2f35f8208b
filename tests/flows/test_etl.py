"""What the flow does when things fail, change or meet: a real server, real kernels."""

import json
import re
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import nbformat
import pytest
from prefect import flow
from prefect.settings import PREFECT_API_URL

from spacex.analysis import queries
from spacex.errors import DataError, NotebookError, SettingsError
from spacex.extract.http_client import Response
from spacex.extract.run_folder import Run
from spacex.extract.snapshots import SnapshotStore
from spacex.pipeline.notebook_tasks import Stage, transform
from spacex.settings import PROJECT, Settings, settings
from spacex.sources import SPACEXDATA
from tests.flows.conftest import LEAN, environment, run
from tests.replica import Body, Replica, Status
from tests.stages import digest, rows


def folders():
    """The folders of runs, oldest first."""
    return sorted(path.name for path in settings().runs_dir.iterdir())


def spoil(notebook, source):
    """Put a cell at the end of a notebook."""
    book = nbformat.read(notebook, as_version=4)
    book.cells.append(nbformat.v4.new_code_cell(source))
    nbformat.write(book, notebook)


@pytest.fixture
def webhook():
    """A server that keeps what is posted to it."""
    posted = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook", posted
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"only": ["rokets"]}, "Unknown endpoint rokets"),
        ({"base_url": "ftp://x"}, "is not the address of a service"),
        ({"as_of": "yesterday"}, "'yesterday' is neither a date nor an instant"),
        ({"as_of": "2026-11-01", "source": "api"}, "A run as of 2026-11-01 takes stored snapshots"),
    ],
)
def test_parameters_that_make_no_sense_are_refused_before_anything_runs(own, parameters, message):
    runs_dir, done = own().runs_dir, run(**parameters)
    assert isinstance(done.error, SettingsError)
    assert message in done.error.message
    assert done.tasks() == {}
    assert not runs_dir.exists()


def test_a_notebook_without_a_parameter_is_refused_before_anything_runs(own_notebooks):
    path = own_notebooks / "30_load.ipynb"
    path.write_text(path.read_text().replace("accept_shrink: bool", "accept_all: bool"))
    done = run()
    assert done.error.message == "30_load.ipynb has no parameter accept_shrink."
    assert done.tasks() == {}


def test_a_notebook_that_stops_leaves_the_database_and_says_where_it_stopped(
    own, own_data, own_notebooks, small_replica, webhook
):
    url, posted = webhook
    own(base_url=small_replica.url, webhook_url=url)
    before = digest(own_data / "starlink.db")
    spoil(own_notebooks / "20_transform.ipynb", "print('so far')\nrocket = 1 / 0")
    done = run()
    (failed,) = (settings().runs_dir / name for name in folders() if name != "first")
    assert isinstance(done.error, NotebookError)
    assert done.error.message.startswith("20_transform stopped at cell ")
    assert "(`rocket = 1 / 0`). ZeroDivisionError: division by zero" in done.error.message
    assert done.error.remedy == f"See the notebook up to that cell: {failed}/20_transform.html"
    assert done.error.message in done.state.message
    assert "so far" in (failed / "20_transform.ipynb").read_text()
    assert "ZeroDivisionError" in (failed / "20_transform.html").read_text()
    assert digest(own_data / "starlink.db") == before
    assert not (failed / "30_load.ipynb").exists()
    artifacts = done.artifacts()
    assert done.error.message in artifacts["run-summary"]
    assert (failed / "20_transform.html").as_uri() in artifacts["failed-notebook"]
    (told,) = posted
    assert (told["flow"], told["state"], told["message"]) == (
        "spacex-etl",
        "Failed",
        str(done.error),
    )
    assert told["text"].startswith(f"spacex-etl, {told['flow_run']}: Failed. 20_transform stopped")


def test_a_webhook_that_does_not_answer_harms_nothing(own):
    own(webhook_url="http://127.0.0.1:1/secret")
    done = run(only=["rokets"])
    assert isinstance(done.error, SettingsError)
    assert any("webhook was not reached" in line for line in done.lines)
    assert not any("secret" in line for line in done.lines)


def test_extract_is_tried_again_after_an_outage(own, small_replica):
    own(base_url=small_replica.url)
    small_replica.script("rockets", Status(503))
    done = run(source="api")
    assert done.error.cause == "ServiceUnavailableError"
    assert done.tasks() == {"10_extract": ("Failed", 2)}
    assert [request.endpoint for request in small_replica.requests] == ["rockets", "rockets"]


def test_extract_is_not_tried_again_after_a_wrong_answer(own, small_replica):
    own(base_url=small_replica.url)
    small_replica.script("rockets", Body(b"{}"))
    done = run(source="api")
    assert done.error.cause == "ResponseError"
    assert done.tasks() == {"10_extract": ("Failed", 1)}


@pytest.fixture(scope="module")
def both(sample_dir, tmp_path_factory):
    """Settings of a folder that two programs have run the flow on at once, with the service up."""
    program = f"""
from pathlib import Path
from spacex.settings import Settings
Settings.notebooks_dir = Path({str(LEAN)!r})
from flows.etl import etl
etl()
"""
    with (
        Replica(sample_dir) as replica,
        environment(tmp_path_factory.mktemp("both") / "data", base_url=replica.url) as patch,
    ):
        patch.setattr(Settings, "notebooks_dir", LEAN)
        patch.setenv("PREFECT_API_URL", PREFECT_API_URL.value())
        command = [sys.executable, "-W", "ignore", "-c", program]
        programs = [subprocess.Popen(command, cwd=PROJECT) for _ in range(2)]
        assert [each.wait(timeout=120) for each in programs] == [0, 0]
        yield settings()


def test_two_runs_at_once_both_end_well(both):
    published = [run_id for (run_id,) in rows(both.database, "SELECT run_id FROM _runs")]
    assert sorted(published) == folders()
    assert len(published) == 2


def test_unchanged_answers_are_not_transformed_again_and_old_runs_are_forgotten(both, monkeypatch):
    monkeypatch.setenv("SPACEX_KEEP_RUNS", "2")
    settings.cache_clear()
    (both.runs_dir / "mine").mkdir()
    oldest, earlier = folders()[:2]
    done = run()
    run_id = done.outcome.run_id
    assert done.tasks()["20_transform"][0] == "Cached"
    (line,) = (line for line in done.lines if "skipped" in line)
    maker = re.fullmatch(
        r"20_transform skipped: same snapshots as run (.+), so the tables are the same", line
    )[1]
    assert maker in {oldest, earlier}
    assert (done.outcome.report.parent / "20_transform.html").exists()
    assert set(queries.snapshots(both.database, run_id)["origin"]) == {"not modified"}
    counts = queries.row_counts(both.database, run_id).drop(columns="change")
    assert counts.equals(queries.row_counts(both.database, earlier).drop(columns="change"))
    assert folders() == [earlier, run_id, "mine"]


def test_tables_that_are_gone_are_made_anew(both):
    newest = Run(both.runs_dir, folders()[-2])
    for run_id in folders():
        Run(both.runs_dir, run_id).staging.unlink(missing_ok=True)
    again = Run.new(both.runs_dir)
    again.write_manifest(newest.manifest())
    stage = Stage(LEAN / "20_transform.ipynb", {"run_id": again.run_id})
    flow(lambda: transform(settings(), stage, again), name="again")()
    assert again.staging.exists()


def stored(endpoint, instant, body):
    """Store an answer as it would have come then."""
    url = f"https://api.example.org/v4/{endpoint}"
    answer = Response(url, 200, body, None, "application/json", instant)
    store = SnapshotStore(settings().raw_dir)
    return store.save(SPACEXDATA, endpoint, answer, len(json.loads(body)))


def test_an_older_database_is_rebuilt_before_a_run_which_says_so(own, own_data, small_replica):
    own(base_url=small_replica.url)
    before = rows(own_data / "starlink.db", "SELECT * FROM launches")
    with closing(sqlite3.connect(own_data / "starlink.db")) as connection:
        connection.execute("PRAGMA user_version = 1")
    done = run()
    (kept,) = (path.name for path in own_data.glob("starlink.old-*.db"))
    note = queries.run(done.outcome.database, done.outcome.run_id)["note"]
    assert note.endswith(f"; the old file is {kept}.")
    assert note in done.lines
    assert any(line.startswith("Rebuilding the database: ") for line in done.lines)
    assert f"> {note}" in done.artifacts()["run-summary"]
    assert rows(done.outcome.database, "SELECT * FROM launches") == before
    assert rows(done.outcome.database, "SELECT count(*) FROM _runs") == [(2,)]


def test_every_day_is_replayed_in_order(own, sample_dir):
    database, rockets = own().database, (sample_dir / "rockets.json").read_bytes()
    stored("rockets", datetime(2026, 11, 1, 6, tzinfo=UTC), rockets)
    later = stored("rockets", datetime(2026, 11, 2, 6, tzinfo=UTC), rockets + b"\n")
    (settings().raw_dir / later.path).write_bytes(b"damaged")
    done = run(as_of="every day", only=["rockets"])
    assert isinstance(done.error, DataError)
    assert done.error.message.startswith("Not published: 2026-11-02: 10_extract stopped at cell")
    assert f"{later.file} cannot be decompressed" in done.error.message
    assert done.children() == ["Completed", "Failed"]
    assert rows(database, "SELECT mode, data_utc, note FROM _runs") == [
        (
            "snapshot",
            "2026-11-01T06:00:00Z",
            "Built from the snapshots stored by 2026-11-01T23:59:59Z.",
        )
    ]
