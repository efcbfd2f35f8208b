"""The whole flow with the real notebooks and the recorded responses."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from spacex.analysis import queries
from tests.flows.conftest import Done, environment, run
from tests.replica import Replica
from tests.stages import value

pytestmark = pytest.mark.long

STEPS = ("10_extract", "20_transform", "30_load", "40_report")
REPORTS = "http://127.0.0.1:9/runs"


@pytest.fixture(scope="module")
def whole(recorded_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    """Run in mode auto while the service is up."""
    folder = tmp_path_factory.mktemp("whole") / "data"
    with (
        Replica(recorded_dir / "spacexdata") as replica,
        environment(folder, base_url=replica.url, reports_url=REPORTS),
    ):
        yield run()


def test_the_data_of_the_service_are_published(whole):
    assert whole.state.name == "Completed"
    record = queries.run(whole.outcome.database, whole.outcome.run_id)
    assert (record["source"], record["mode"], record["note"]) == ("spacexdata", "auto", "")
    assert value(whole.outcome.database, "SELECT count(*) FROM launches") == 205


def test_every_stage_leaves_its_notebook_and_page(whole):
    folder = whole.outcome.report.parent
    for step in STEPS:
        assert (folder / f"{step}.ipynb").exists()
        assert "<html" in (folder / f"{step}.html").read_text()
    assert folder.name == whole.outcome.run_id
    assert whole.tasks() == dict.fromkeys(STEPS, ("Completed", 1))


def test_the_log_reports_each_cell(whole):
    logged = [(r.notebook, r.cell, r.cells) for r in whole.log if hasattr(r, "notebook")]
    for step in STEPS:
        cells = [cell for notebook, cell, _ in logged if notebook == step]
        (total,) = {cells for notebook, _, cells in logged if notebook == step}
        assert cells == sorted(cells)
        assert cells[-1] == total
    assert any(re.match(r"10_extract: cell \d+ of \d+$", line) for line in whole.lines)


def test_the_artifacts_describe_the_run_and_link_to_the_report(whole):
    artifacts = whole.artifacts()
    assert set(artifacts) == {"run-summary", "row-counts", "checks", "run-report"}
    report = f"{REPORTS}/{whole.outcome.run_id}/40_report.html"
    assert artifacts["run-report"] == f"[Run report]({report})"
    assert "| Source | r/SpaceX API" in artifacts["run-summary"]
    assert '"table_name": "launches"' in artifacts["row-counts"]


def test_the_pages_load_nothing_from_the_network(whole):
    for page in whole.outcome.report.parent.glob("*.html"):
        assert not re.findall(r'(?:src|href)="(https?:)?//', Path(page).read_text())
