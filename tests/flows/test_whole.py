"""The whole flow with the real notebooks and the recorded responses."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from spacex.analysis import queries
from spacex.analysis.feeds import FEEDS, RUNS
from tests.analysis.feeds.reading import entries
from tests.flows.conftest import FinishedRun, environment, run
from tests.replica import Replica
from tests.stages import value

pytestmark = pytest.mark.long

STAGES = ("10_extract", "20_transform", "30_load", "40_report")
REPORTS = "http://127.0.0.1:9/runs"


@pytest.fixture(scope="module")
def finished(recorded_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FinishedRun]:
    """Run in mode auto while the service is up."""
    folder = tmp_path_factory.mktemp("whole") / "data"
    with (
        Replica(recorded_dir / "spacexdata") as replica,
        environment(folder, base_url=replica.url, reports_url=REPORTS),
    ):
        yield run()


def test_the_data_of_the_service_are_published(finished):
    assert finished.state.name == "Completed"
    record = queries.run(finished.outcome.database, finished.outcome.run_id)
    assert (record["source"], record["mode"], record["note"]) == ("spacexdata", "auto", "")
    assert value(finished.outcome.database, "SELECT count(*) FROM launches") == 205


def test_every_stage_leaves_its_notebook_and_page(finished):
    folder = finished.outcome.report.parent
    for stage in STAGES:
        assert (folder / f"{stage}.ipynb").exists()
        assert "<html" in (folder / f"{stage}.html").read_text()
    assert folder.name == finished.outcome.run_id
    assert finished.tasks() == dict.fromkeys(STAGES, ("Completed", 1))


def test_the_page_of_all_runs_says_what_was_published_and_the_run_is_verified(finished):
    folder = finished.outcome.report.parent
    index = (folder.parent / "index.html").read_text()
    assert f"href='{folder.name}/40_report.html'" in index
    assert "There is no earlier list of satellites to compare with; nothing was rejected" in index
    assert "; the checks give " in index
    assert "run.json" in (folder / "SHA256SUMS").read_text()


def test_the_feeds_are_those_of_the_run(finished):
    folder = finished.outcome.database.with_name("feeds")
    assert {*FEEDS} <= {path.name for path in folder.iterdir()}
    assert list(entries((folder / RUNS).read_bytes())) == [f"runs/{finished.outcome.run_id}"]
    assert len(entries((folder / "launches.atom").read_bytes())) > 5
    assert any(line.startswith("Feeds written: changes.atom, ") for line in finished.lines)


def test_the_log_reports_each_cell(finished):
    logged = [(r.notebook, r.cell, r.cells) for r in finished.log if hasattr(r, "notebook")]
    for stage in STAGES:
        cells = [cell for notebook, cell, _ in logged if notebook == stage]
        (total,) = {cells for notebook, _, cells in logged if notebook == stage}
        assert cells == sorted(cells)
        assert cells[-1] == total
    assert any(re.match(r"10_extract: cell \d+ of \d+$", line) for line in finished.lines)


def test_the_artifacts_describe_the_run_and_link_to_the_report(finished):
    artifacts = finished.artifacts()
    assert set(artifacts) == {"run-summary", "row-counts", "checks", "run-report"}
    report = f"{REPORTS}/{finished.outcome.run_id}/40_report.html"
    assert artifacts["run-report"] == f"[Read the report]({report})"
    assert "| Source | r/SpaceX API" in artifacts["run-summary"]
    assert '"Table": "launches"' in artifacts["row-counts"]


def test_the_pages_load_nothing_from_the_network(finished):
    for page in finished.outcome.report.parent.glob("*.html"):
        assert not re.findall(r'(?:src|<link[^>]* href)="(https?:)?//', Path(page).read_text())
