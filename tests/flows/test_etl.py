"""The flow with failures, changes and concurrent runs, on a real server with real kernels."""

import html
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from prefect import flow
from prefect.settings import PREFECT_API_URL

from flows import etl as etl_module
from flows.etl import Outcome
from spacex.analysis import queries
from spacex.analysis.feeds import FEEDS, RUNS
from spacex.analysis.feeds.writing import LOCK
from spacex.cli.doctor import stored_data
from spacex.cli.status_command import status
from spacex.dashboard.app.metrics import Metrics
from spacex.errors import DatabaseError, DataError, NotebookError, SettingsError
from spacex.extract.http_client import Response
from spacex.extract.run_folder import Run
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.notebook.run_index import last_ended_run
from spacex.pipeline.backup import back_up
from spacex.pipeline.notebook_tasks import Stage, transform
from spacex.pipeline.stages import load
from spacex.settings import PROJECT, Settings, settings
from spacex.sources import CELESTRAK, SPACEXDATA
from tests import stages
from tests.analysis.feeds.reading import entries
from tests.example_records import omm, omm_json
from tests.flows.conftest import MINIMAL_NOTEBOOKS, environment, run
from tests.replica import Body, Replica, Status
from tests.stages import rows, unchanged


def run_folders() -> list[str]:
    """Return the names of the run folders, oldest first."""
    return sorted(path.name for path in settings().runs_dir.iterdir() if path.is_dir())


def append_cell(notebook: Path, source: str) -> None:
    """Append a code cell to a notebook."""
    book = nbformat.read(notebook, as_version=4)
    book.cells.append(nbformat.v4.new_code_cell(source))
    nbformat.write(book, notebook)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"only": ["rokets"]}, "Unknown endpoint rokets"),
        ({"base_url": "ftp://x"}, "is not the address of a service"),
        ({"as_of": "yesterday"}, "'yesterday' is neither a date nor an instant"),
        ({"as_of": "2026-11-01", "source": "api"}, "A run as of 2026-11-01 takes stored snapshots"),
    ],
)
def test_invalid_parameters_are_rejected_before_anything_runs(configure, parameters, message):
    runs_dir, done = configure().runs_dir, run(**parameters)
    assert isinstance(done.error, SettingsError)
    assert message in done.error.message
    assert done.tasks() == {}
    assert not runs_dir.exists()


def test_a_notebook_without_a_parameter_is_rejected_before_anything_runs(notebooks_copy):
    path = notebooks_copy / "30_load.ipynb"
    path.write_text(path.read_text().replace("accept_shrink: bool", "accept_all: bool"))
    done = run()
    assert done.error.message == "30_load.ipynb has no parameter accept_shrink."
    assert done.tasks() == {}


def is_seen_to_fail(failed: Path, message: str) -> None:
    """Check that doctor, monitors and `status` tell of a failed last run."""
    _, said = stored_data.last_run(settings())
    assert said.text == f"The last run to end, {failed.name}, failed: {message}"
    told = last_ended_run(settings().runs_dir)["last_ended_run"]
    assert (told["state"], told["failure"]) == ("failed", message)
    metrics = {each.name: each.samples for each in Metrics(settings(), 0, 0).collect()}
    assert metrics["spacex_last_run_failed"][0].value == 1


def test_a_failed_notebook_keeps_the_database_and_reports_its_cell(
    configure, published_data, notebooks_copy, small_replica, tmp_path, capsys
):
    configure(base_url=small_replica.url, webhook_url=f"{small_replica.url}/hook")
    append_cell(notebooks_copy / "20_transform.ipynb", "print('so far')\nrocket = 1 / 0")
    settings().restore_dir.mkdir()  # a restore was stopped before it decided
    with unchanged(published_data / "starlink.db"):
        done = run()
    assert not settings().restore_dir.exists()
    (failed,) = (settings().runs_dir / name for name in run_folders() if name != "first")
    assert isinstance(done.error, NotebookError)
    assert done.error.message.startswith("20_transform stopped at cell ")
    assert "(`rocket = 1 / 0`). ZeroDivisionError: division by zero" in done.error.message
    assert done.error.remedy == f"See the notebook up to that cell: {failed}/20_transform.html"
    assert done.error.message in done.state.message
    assert "so far" in (failed / "20_transform.ipynb").read_text()
    assert "ZeroDivisionError" in (failed / "20_transform.html").read_text()
    assert not (failed / "30_load.ipynb").exists()
    index = (failed.parent / "index.html").read_text()
    assert f"href='{failed.name}/20_transform.html'" in index
    assert "ZeroDivisionError: division by zero" in index
    feeds = {path.name for path in settings().feeds_dir.iterdir()}
    assert feeds == {LOCK, *FEEDS}  # of the database as it is
    (told,) = entries((settings().feeds_dir / RUNS).read_bytes())
    assert told == f"runs/{failed.name}"
    is_seen_to_fail(failed, done.error.message)
    status(max_age_h=None, as_json=False)
    assert f"The run {failed.name} failed: {done.error.message}" in capsys.readouterr().out
    back_up(settings(), tmp_path / "data.tar.gz")
    with tarfile.open(tmp_path / "data.tar.gz") as archive:
        assert f"runs/{failed.name}/20_transform.html" in archive.getnames()
    artifacts = done.artifacts()
    assert done.error.message in artifacts["run-summary"]
    assert (failed / "20_transform.html").as_uri() in artifacts["failed-notebook"]
    ((_, body),) = small_replica.posted
    sent = json.loads(body)
    assert (sent["flow"], sent["state"]) == ("spacex-etl", "Failed")
    assert sent["message"] == str(done.error)
    assert sent["text"].startswith(f"spacex-etl, {sent['flow_run']}: Failed. 20_transform stopped")


def test_extract_is_retried_after_an_outage(configure, small_replica):
    configure(base_url=small_replica.url)
    small_replica.script("rockets", Status(503))
    done = run(source="api")
    assert done.error.cause == "ServiceUnavailableError"
    assert done.tasks() == {"10_extract": ("Failed", 2)}
    assert [request.endpoint for request in small_replica.requests] == ["rockets", "rockets"]


def test_extract_is_not_retried_after_an_invalid_response(configure, small_replica):
    configure(base_url=small_replica.url)
    small_replica.script("rockets", Body(b"{}"))
    done = run(source="api")
    assert done.error.cause == "ResponseError"
    assert done.tasks() == {"10_extract": ("Failed", 1)}


@pytest.fixture(scope="module")
def concurrent(sample_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Run the flow in two processes on one data folder; yield its settings."""
    program = f"""
from pathlib import Path
from spacex.settings import Settings
Settings.notebooks_dir = Path({str(MINIMAL_NOTEBOOKS)!r})
from flows.etl import etl
etl()
"""
    with (
        Replica(sample_dir) as replica,
        environment(tmp_path_factory.mktemp("concurrent") / "data", base_url=replica.url) as patch,
    ):
        patch.setattr(Settings, "notebooks_dir", MINIMAL_NOTEBOOKS)
        patch.setenv("PREFECT_API_URL", PREFECT_API_URL.value())
        command = [sys.executable, "-W", "ignore", "-c", program]
        programs = [subprocess.Popen(command, cwd=PROJECT) for _ in range(2)]
        assert [each.wait(timeout=120) for each in programs] == [0, 0]
        yield settings()


def test_two_concurrent_runs_both_succeed(concurrent):
    published = [run_id for (run_id,) in rows(concurrent.database, "SELECT run_id FROM _runs")]
    # A run that starts between the other's snapshots and its load rebuilds the database from them.
    assert set(run_folders()) <= set(published)
    assert len(run_folders()) == 2
    assert len(published) <= 3


def test_unchanged_snapshots_skip_transform_and_old_runs_are_removed(concurrent, monkeypatch):
    monkeypatch.setenv("SPACEX_KEEP_RUNS", "2")
    monkeypatch.setenv("SPACEX_BACKUP_KEEP", "1")
    settings.cache_clear()
    (concurrent.runs_dir / "mine").mkdir()
    oldest, earlier = run_folders()[:2]
    done = run()
    run_id = done.outcome.run_id
    assert done.tasks()["20_transform"][0] == "Cached"
    (line,) = (line for line in done.lines if "skipped" in line)
    skipped = r"20_transform skipped: same snapshots as run (.+), so the tables are the same"
    cached_run = re.fullmatch(skipped, line)[1]
    assert cached_run in {oldest, earlier}
    assert (done.outcome.report.parent / "20_transform.html").exists()
    assert set(queries.snapshots(concurrent.database, run_id)["origin"]) == {"not modified"}
    counts = queries.row_counts(concurrent.database, run_id).drop(columns="change")
    previous = queries.row_counts(concurrent.database, earlier).drop(columns="change")
    assert counts.equals(previous)
    assert run_folders() == [earlier, run_id, "mine"]
    (backup,) = settings().backups_dir.iterdir()
    assert any(f"Backup written and verified: {backup}" in line for line in done.lines)


def test_missing_tables_are_transformed_again(concurrent):
    newest = Run(concurrent.runs_dir, run_folders()[-2])
    for run_id in run_folders():
        Run(concurrent.runs_dir, run_id).staging.unlink(missing_ok=True)
    repeated = Run.new(concurrent.runs_dir)
    repeated.write_manifest(newest.manifest())
    stage = Stage(MINIMAL_NOTEBOOKS / "20_transform.ipynb", {"run_id": repeated.run_id})
    flow(lambda: transform(settings(), stage, repeated), name="repeated")()
    assert repeated.staging.exists()


def store_snapshot(endpoint: str, instant: datetime, body: bytes) -> Snapshot:
    """Store a response as retrieved at an instant."""
    url = f"https://api.example.org/v4/{endpoint}"
    response = Response(url, 200, body, None, "application/json", instant)
    store = SnapshotStore(settings().raw_dir)
    return store.save(SPACEXDATA, endpoint, response, len(json.loads(body)))


def test_a_run_rebuilds_an_older_database_and_notes_it(configure, published_data, small_replica):
    configure(base_url=small_replica.url)
    before = rows(published_data / "starlink.db", "SELECT * FROM launches")
    with closing(sqlite3.connect(published_data / "starlink.db")) as connection:
        connection.execute("PRAGMA user_version = 1")
    done = run()
    (kept,) = (path.name for path in published_data.glob("starlink.old-*.db"))
    note = queries.run(done.outcome.database, done.outcome.run_id)["note"]
    assert note.endswith(f"; the old file is {kept}.")
    assert note in done.lines
    assert done.state.message in done.lines
    assert re.match(r"spacexdata: [\d,]+ rows, 0 rejected, 0 changes, \d+ s; ", done.state.message)
    assert any(line.startswith("Rebuilding the database: ") for line in done.lines)
    assert f"> {note}" in done.artifacts()["run-summary"]
    assert rows(done.outcome.database, "SELECT * FROM launches") == before
    assert rows(done.outcome.database, "SELECT count(*) FROM _runs") == [(2,)]


def test_a_run_that_fails_before_its_first_notebook_is_listed(configure, published_data):
    with closing(sqlite3.connect(published_data / "starlink.db")) as connection:
        connection.execute("PRAGMA user_version = 1000")
    done = run(source="sample")
    assert isinstance(done.error, DatabaseError)
    ended = last_ended_run(configure().runs_dir)["last_ended_run"]
    assert (ended["state"], ended["failure"]) == ("failed", done.error.message)
    assert done.error.message in html.unescape((configure().runs_dir / "index.html").read_text())


def test_a_run_loads_each_manual_file_and_notes_what_it_cannot_use(configure):
    config = configure(sources="celestrak")
    config.drop_in_dir.mkdir(parents=True)
    for day in ("2026-01-02", "2026-01-01"):
        body = omm_json(*(omm(number, EPOCH=f"{day}T06:00:00.5") for number in range(1, 9)))
        (config.drop_in_dir / f"{day}.json").write_bytes(body)
    (config.drop_in_dir / "README.txt").write_text("Hello")
    done = run(source="snapshot")
    note = queries.run(done.outcome.database, done.outcome.run_id)["note"]
    assert note.startswith("Not loaded from drop-in: README.txt contains neither OMM nor")
    assert note.endswith("(moved to drop-in/rejected)")
    assert note in done.lines
    assert "Loading manual files: 2026-01-02 (2 of 2)" in done.lines
    lists = rows(done.outcome.database, "SELECT observed_utc FROM _observations ORDER BY 1")
    assert [instant[:10] for (instant,) in lists] == ["2026-01-01", "2026-01-02"]
    executed = Run(config.runs_dir, done.outcome.run_id).folder / "10_extract.ipynb"
    assert "drop_in = False" in executed.read_text()


def test_a_replay_of_every_day_relaxes_no_guard_of_lists(configure, sample_dir, monkeypatch):
    """Neither on the first date nor after a failed one; runs without Prefect and notebooks."""
    config = configure(sources="spacexdata,celestrak")
    rockets = (sample_dir / "rockets.json").read_bytes()
    for day, count in [(1, 100), (2, 50), (3, 50)]:
        store, instant = SnapshotStore(config.raw_dir), datetime(2026, 11, day, 12, tzinfo=UTC)
        store_snapshot("rockets", instant, rockets + b" " * day)
        body = omm_json(*(omm(n, EPOCH=f"2026-11-0{day}T06:00:00") for n in range(1, count + 1)))
        store.save(CELESTRAK, "starlink", Response("x", 200, body, None, "", instant), count)
        if day == 1:
            stages.publish(config, "snapshot", "before", as_of="2026-11-01")
            shutil.rmtree(config.raw_dir)
    replayed = []

    def one_day(only: list[str], as_of: str, **accepted: bool) -> Outcome:
        stages.staged(config, stages.extract(config, "snapshot", as_of, only, as_of))
        load(config, as_of, **accepted)
        replayed.append(as_of)
        if len(replayed) == 1:
            raise DataError("failed")
        return Outcome(as_of, config.database, config.database)

    monkeypatch.setattr(etl_module, "one_day", one_day)
    with pytest.raises(DataError, match="failed") as caught:
        etl_module.every_day([], accept_shrink=False)
    assert caught.value.remedy == "The other days are published."
    assert replayed == ["2026-11-02", "2026-11-03"]
    assert rows(config.database, "SELECT satellite_count FROM _observations") == [(100,)]
    assert not (config.raw_dir / "accepted_lists.json").exists()


def test_a_replay_of_every_day_tells_if_no_day_is_published(configure, sample_dir, monkeypatch):
    def fail(*_: object, **__: object) -> Outcome:
        raise DataError("Too many records were rejected.")

    configure()
    rockets = (sample_dir / "rockets.json").read_bytes()
    store_snapshot("rockets", datetime(2026, 11, 1, 6, tzinfo=UTC), rockets)
    monkeypatch.setattr(etl_module, "one_day", fail)
    with pytest.raises(DataError) as caught:
        etl_module.every_day([], accept_shrink=False)
    assert caught.value.remedy == "The database is unchanged."


def test_every_day_is_replayed_in_order(configure, sample_dir):
    database, rockets = configure().database, (sample_dir / "rockets.json").read_bytes()
    store_snapshot("rockets", datetime(2026, 11, 1, 6, tzinfo=UTC), rockets)
    later = store_snapshot("rockets", datetime(2026, 11, 2, 6, tzinfo=UTC), rockets + b"\n")
    (settings().raw_dir / later.path).write_bytes(b"damaged")
    done = run(as_of="every day", only=["rockets"])
    assert isinstance(done.error, DataError)
    assert done.error.message.startswith("Not published: 2026-11-02: 10_extract stopped at cell")
    assert f"{later.file} cannot be decompressed" in done.error.message
    assert done.error.remedy == "The other days are published."
    first, second = done.children()
    assert (first.name, second.name) == ("Completed", "Failed")
    assert first.message.startswith("spacexdata: 27 rows, 0 rejected, 0 changes")
    note = "Built from the snapshots stored by 2026-11-01T23:59:59Z."
    published = rows(database, "SELECT mode, as_of_utc, note FROM _runs")
    assert published == [("snapshot", "2026-11-01T23:59:59Z", note)]


@pytest.mark.usefixtures("published_data")
def test_a_run_warns_of_an_outage_and_what_is_used_instead():
    (warning,) = (each for each in run().log if "Stored snapshots are used" in each.getMessage())
    assert warning.levelname == "WARNING"
    assert "cannot be reached" in warning.getMessage()


def test_a_run_warns_that_the_sample_stands_in_for_every_service_out_of_reach(configure):
    configure(sources="spacexdata,celestrak", celestrak_url="http://127.0.0.1:1")
    warnings = [each.getMessage() for each in run().log if "be reached" in each.getMessage()]
    assert len(warnings) == 2
    assert all(each.endswith(" The bundled sample is used instead.") for each in warnings)


LOG_A_LINE = """
import flows
from prefect.logging import get_logger
from prefect.logging.configuration import setup_logging
setup_logging()
get_logger().warning("a [b] %s", "c" * 300)
"""


def test_the_log_can_be_json_lines(tmp_path):
    variables = {"SPACEX_LOG": "json", "SPACEX_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run(
        [sys.executable, "-c", LOG_A_LINE],
        env=os.environ | variables,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    (line,) = done.stderr.splitlines()
    assert json.loads(line)["message"] == f"a [b] {'c' * 300}"
    assert json.loads(line)["levelname"] == "WARNING"
