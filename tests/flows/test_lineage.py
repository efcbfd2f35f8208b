"""The lineage of real runs, valid by the official classes: complete, failed, stopped and killed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from prefect.settings import PREFECT_API_URL

from spacex.analysis import queries
from spacex.errors import masked
from spacex.extract.run_folder import Run
from spacex.extract.snapshots import SnapshotStore
from spacex.notebook.run_index import DIED
from spacex.pipeline import notebook_tasks
from spacex.pipeline.lineage import event_file, traced_runs
from spacex.pipeline.lineage.events import Traced
from spacex.pipeline.lineage.receiver import receiver
from spacex.settings import PROJECT, Settings, settings
from tests.conftest import NOBODY_HOME
from tests.example_records import launch, omm, omm_json
from tests.flows.conftest import MINIMAL_NOTEBOOKS, FinishedRun, run
from tests.flows.test_etl import append_cell
from tests.pipeline.lineage.official import in_order, problems
from tests.replica import Hang, Replica, Status

pytestmark = pytest.mark.long

STAGES = ("extract", "transform", "load", "report")
WHOLE = "spacex-etl"


def job(stage: str) -> str:
    return f"{WHOLE}.{stage}" if stage else WHOLE


def recorded() -> list[dict[str, Any]]:
    """Return the events of the newest run, after checking them."""
    newest = event_file.files(settings().lineage_dir)[-1]
    return checked([json.loads(line) for line in newest.read_bytes().splitlines()], newest.stem)


def checked(events: list[dict[str, Any]], run_id: str) -> list[dict[str, Any]]:
    """Return events after checking them by the official classes, and that they are of a run."""
    assert [problems(each) for each in events] == [[]] * len(events)
    assert in_order(events)
    for each in events:
        stage = each["job"]["name"].removeprefix(WHOLE).removeprefix(".")
        assert each["run"]["runId"] == str(Traced(run_id, stage).uuid)
        parent = each["run"]["facets"].get("parent")
        assert (parent is None) == (stage == "")
        assert not parent or parent["run"]["runId"] == str(Traced(run_id).uuid)
        assert not parent or parent["job"]["name"] == WHOLE
        for dataset in each["inputs"] + each["outputs"]:
            is_named(dataset)
    return events


def is_named(dataset: dict[str, Any]) -> None:
    """Check the name of a dataset by the rules of `docs/lineage.md`."""
    namespace, name = dataset["namespace"], dataset["name"]
    database = f"sqlite://{settings().database.absolute()}"
    scheme = namespace.partition(":")[0]
    assert scheme in {"file", "sqlite", "http", "sample"}
    if scheme == "file":
        assert namespace == "file"
        assert Path(name).is_file()
    elif scheme == "sqlite":
        assert namespace == database
        assert name.startswith(("main.", "staging."))
    elif scheme == "http":
        assert name.startswith("/")


def told(events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each["job"]["name"], each["eventType"]) for each in events]


def ended(events: list[dict[str, Any]], stage: str) -> dict[str, Any]:
    """Return the event that ends a stage."""
    (found,) = (
        each
        for each in events
        if each["job"]["name"] == job(stage) and each["eventType"] != "START"
    )
    return found


def names(found: list[dict[str, Any]]) -> list[str]:
    return [each["name"] for each in found]


@pytest.fixture
def away(configure, small_replica) -> Settings:
    """Settings with a replica of the service."""
    return configure(base_url=small_replica.url)


def test_a_complete_run_is_traced_from_the_address_to_the_page(away):
    done = run()
    events = recorded()
    steps = [(job(stage), kind) for stage in STAGES for kind in ("START", "COMPLETE")]
    assert told(events) == [(WHOLE, "START"), *steps, (WHOLE, "COMPLETE")]
    run_id = done.outcome.run_id
    extracted, transformed, loaded, reported = (ended(events, stage) for stage in STAGES)
    base = str(away.base_url)
    stored = SnapshotStore(away.raw_dir).all("spacexdata", "rockets")
    assert (
        f"{base.removeprefix('http://').partition('/')[0]}" in extracted["inputs"][0]["namespace"]
    )
    assert "/v4/rockets" in names(extracted["inputs"])
    digests = {
        each["name"]: each["facets"]["version"]["datasetVersion"] for each in extracted["outputs"]
    }
    assert digests[str(away.raw_dir / stored[-1].path)] == f"sha256:{stored[-1].file_sha256}"
    assert names(transformed["inputs"]) == names(extracted["outputs"])
    assert names(loaded["inputs"]) == names(transformed["outputs"])
    counts = queries.row_counts(away.database, run_id)
    rows = {
        each["name"]: each["outputFacets"]["outputStatistics"]["rowCount"]
        for each in loaded["outputs"]
    }
    assert rows["main.launches"] == counts.set_index("table_name")["rows_loaded"]["launches"]
    assert names(reported["outputs"]) == [str(done.outcome.report)]
    whole = ended(events, "")
    assert names(whole["inputs"]) == names(extracted["inputs"])
    assert names(whole["outputs"]) == [*names(loaded["outputs"]), str(done.outcome.report)]
    given = events[0]["run"]["facets"]["executionParameters"]["parameters"]
    assert {each["key"]: each["value"] for each in given}["source"] == "auto"


def test_services_with_pages_and_queries_and_manual_files_are_traced(
    configure, celestrak, launchlibrary
):
    celestrak.publish(omm_json(*map(omm, range(1, 9))))
    launchlibrary.launches = [launch("one"), launch("two", "2026-10-21T00:00:00Z")]
    config = configure(
        sources="celestrak,launchlibrary",
        celestrak_url=celestrak.gp_url,
        launchlibrary_url=launchlibrary.url,
    )
    config.drop_in_dir.mkdir(parents=True)
    older = omm_json(*(omm(each, EPOCH="2026-10-01T06:00:00") for each in range(1, 9)))
    (config.drop_in_dir / "older.json").write_bytes(older)
    assert run().state.name == "Completed"
    events = recorded()
    asked = {(each["namespace"], each["name"]) for each in ended(events, "extract")["inputs"]}
    assert (celestrak.url.removesuffix("/v4"), "/v4/gp.php?GROUP=starlink&FORMAT=json") in asked
    assert (launchlibrary.url.removesuffix("/v4"), "/v4/launches/previous/") in asked
    (satellites,) = (
        each for each in ended(events, "transform")["outputs"] if each["name"] == "staging.starlink"
    )
    ((field),) = satellites["facets"]["columnLineage"]["fields"]["object_name"]["inputFields"]
    assert (field["namespace"], field["name"]) in asked
    assert field["field"] == "OBJECT_NAME"


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("failing", range(4))
def test_a_failed_stage_and_its_run_are_told_to_have_failed(notebooks_copy, failing):
    notebook = ("10_extract", "20_transform", "30_load", "40_report")[failing]
    append_cell(notebooks_copy / f"{notebook}.ipynb", "rocket = 1 / 0")
    done = run()
    events = recorded()
    steps = [(job(stage), kind) for stage in STAGES[:failing] for kind in ("START", "COMPLETE")]
    failed = job(STAGES[failing])
    ends = [(failed, "START"), (failed, "FAIL"), (WHOLE, "FAIL")]
    assert told(events) == [(WHOLE, "START"), *steps, *ends]
    for each in events[-2:]:
        assert each["run"]["facets"]["errorMessage"]["message"] == done.error.message
        assert each["outputs"] == []


def test_a_failure_is_told_without_passwords(configure, notebooks_copy):
    configure(base_url=NOBODY_HOME)
    address = "https://me:SECRET@example.org"
    append_cell(notebooks_copy / "10_extract.ipynb", f"raise ValueError('{address}')")
    run(source="sample", base_url=address)
    content = event_file.files(settings().lineage_dir)[-1].read_text()
    assert "SECRET" not in content
    assert masked(address) in content
    recorded()


@pytest.mark.usefixtures("away")
def test_an_interrupted_run_is_told_to_be_aborted(monkeypatch):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(notebook_tasks, "transform", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert told(recorded())[-2:] == [(job("transform"), "ABORT"), (WHOLE, "ABORT")]


KILLED = f"""
from pathlib import Path
from spacex.settings import Settings
Settings.notebooks_dir = Path({str(MINIMAL_NOTEBOOKS)!r})
from flows.etl import etl
etl()
"""


def kill_in(stage: str, config: Settings) -> None:
    """Run the flow in another process, and kill that when a stage has begun."""
    start = f'"name":"{job(stage)}"'.encode()
    environment = os.environ | {"PREFECT_API_URL": str(PREFECT_API_URL.value())}
    command = [sys.executable, "-W", "ignore", "-c", KILLED]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment)
    try:
        until = time.monotonic() + 120
        while not any(start in each.read_bytes() for each in event_file.files(config.lineage_dir)):
            assert time.monotonic() < until
            assert process.poll() is None
            time.sleep(0.01)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()


def test_the_next_run_tells_that_a_killed_one_was_aborted(away, monkeypatch):
    with Replica(Path("/none")) as receives:
        kill_in("transform", away)
        (killed,) = event_file.files(away.lineage_dir)
        begun = [json.loads(line) for line in killed.read_bytes().splitlines()]
        assert told(begun)[0] == (WHOLE, "START")
        assert told(begun)[-1] == (job("transform"), "START")
        monkeypatch.setenv("SPACEX_OPENLINEAGE_URL", receives.url)
        settings.cache_clear()
        run()
    lines = killed.read_bytes().splitlines()
    events = checked([json.loads(line) for line in lines], killed.stem)
    assert told(events)[-2:] == [(job("transform"), "ABORT"), (WHOLE, "ABORT")]
    for each in events[-2:]:
        assert each["run"]["facets"]["errorMessage"]["message"] == DIED
    assert [body for _, body in receives.posted[:2]] == lines[-2:]
    before = killed.read_bytes()
    assert traced_runs.end_abandoned(settings()) == []
    assert killed.read_bytes() == before


def test_the_receiver_gets_the_events_of_the_file(away, configure):
    with Replica(Path("/none")) as receives:
        configure(openlineage_url=receives.url, openlineage_api_key="SECRET")
        done = run()
        (path,) = event_file.files(away.lineage_dir)
        assert [body for _, body in receives.posted] == path.read_bytes().splitlines()
        assert {endpoint for endpoint, _ in receives.posted} == {"api/v1/lineage"}
        assert {each["Authorization"] for each in receives.post_headers} == {"Bearer SECRET"}
    assert not any("SECRET" in line for line in done.lines)
    assert "SECRET" not in path.read_text()


def warnings(done: FinishedRun) -> list[str]:
    return [each.getMessage() for each in done.log if each.levelname == "WARNING"]


@pytest.mark.parametrize("fault", ["refused", "fails", "hangs"])
def test_no_receiver_stops_or_delays_a_run(away, configure, fault):
    with Replica(Path("/none")) as receives:
        receives.script("api/v1/lineage", Hang() if fault == "hangs" else Status(500))
        url = NOBODY_HOME if fault == "refused" else receives.url
        configure(openlineage_url=url)
        done = run()
        assert done.state.name == "Completed"
        (said,) = (each for each in warnings(done) if "lineage" in each)
        assert said.startswith("The lineage receiver ")
        assert said.endswith("may be missing there.")
        receiver(str(settings().openlineage_url), "").settle(20)
    assert told(recorded())[-1] == (WHOLE, "COMPLETE")
    assert Run(away.runs_dir, done.outcome.run_id).report.exists()


def test_a_file_that_cannot_be_written_is_told_and_stops_no_run(away):
    away.lineage_dir.parent.mkdir(exist_ok=True)
    away.lineage_dir.write_text("in the way")
    done = run()
    assert done.state.name == "Completed"
    (said,) = (each for each in warnings(done) if "lineage" in each)
    assert said.startswith(f"The lineage of run {done.outcome.run_id} is not complete: ")


@pytest.mark.usefixtures("away")
def test_a_fault_of_the_lineage_stops_no_run(monkeypatch):
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(traced_runs.datasets, "staged_tables", fail)
    done = run()
    assert done.state.name == "Completed"
    assert ended(recorded(), "transform")["outputs"] == []
    (said,) = (each for each in warnings(done) if "lineage" in each)
    assert said.endswith(" is not complete: ZeroDivisionError")


def test_a_damaged_file_is_told_and_left(away):
    away.lineage_dir.mkdir(parents=True)
    damaged = away.lineage_dir / "2026-01-01T00-00-00-000000Z.jsonl"
    damaged.write_text("what\n")
    done = run()
    assert done.state.name == "Completed"
    (said,) = (each for each in warnings(done) if "lineage" in each)
    assert said.startswith(f"The lineage in {damaged} is damaged: ")
    assert damaged.read_text() == "what\n"


def test_old_files_are_removed_with_the_folders_of_their_runs(away, configure):
    first = run(source="sample").outcome.run_id
    configure(keep_runs=1)
    second = run(source="sample").outcome.run_id
    assert first != second
    assert [each.stem for each in event_file.files(away.lineage_dir)] == [second]
    assert not Run(away.runs_dir, first).folder.exists()
