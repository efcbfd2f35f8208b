"""Reports made by Prefect: on request, and after each load."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client

from flows.report import report
from spacex.notebook.reports.report_plan import plan_path
from spacex.settings import Settings, settings
from tests.flows.conftest import run
from tests.notebook.small_notebook import write_notebook
from tests.replica import Replica

OWN = 'word: str = "none"  # what it says'
SAYS = """from spacex.notebook import show
show.verdict([f"It says {word}."])"""


@pytest.fixture
def own(published_data: Path, notebooks_copy: Path, tmp_path: Path) -> Path:  # noqa: ARG001
    """Return the published data of a project with an own report, `says`."""
    folder = settings().own_notebooks_dir
    folder.mkdir(exist_ok=True)
    write_notebook(folder / "says.ipynb", OWN, SAYS)
    return published_data


@pytest.fixture
def receiver(configure: Callable[..., Settings]) -> Iterator[Replica]:
    with Replica(Path("/none")) as server:
        configure(webhook_url=f"{server.url}/hook")
        yield server


def test_a_report_is_made_on_request(own):
    done = report("says", {"word": "hello"}, return_state=True)
    page = own / "reports" / "says_hello" / "says.html"
    assert done.message == f"{page}: It says hello."
    assert page.is_file()
    with get_client(sync_client=True) as client:
        name = client.read_flow_run(done.state_details.flow_run_id).name
    assert name.startswith("says 2")


def test_one_run_makes_a_report_for_each_value(own):
    done = report("says", {"word": ["one", "two"]}, return_state=True)
    pages = [str(own / "reports" / f"says_{word}" / "says.html") for word in ("one", "two")]
    assert done.result() == pages
    assert done.message == f"2 reports: {', '.join(pages)}"


@pytest.mark.usefixtures("own")
def test_a_report_that_cannot_be_made_fails_and_is_told_of(receiver):
    done = report("says", {"wort": "hello"}, webhook=True, return_state=True)
    assert done.is_failed()
    assert "did you mean word?" in str(done.result(raise_on_failure=False))
    ((_, body),) = receiver.posted
    assert json.loads(body)["text"].startswith("Report says: says was not made: ")


def test_after_a_run_the_reports_of_the_plan_are_made(own, receiver):
    plan_path(settings()).write_text(
        '[[report]]\nreport = "says"\nafter_load = true\nwebhook = true\n'
        '[[report]]\nreport = "sais"\nafter_load = true\n'
    )
    done = run(source="snapshot")
    assert done.state.is_completed()
    assert f"Report made: {own}/reports/says/says.html" in done.lines
    assert any("There is no report 'sais'" in line for line in done.lines)
    ((_, body),) = receiver.posted
    assert json.loads(body)["message"] == "It says none."
