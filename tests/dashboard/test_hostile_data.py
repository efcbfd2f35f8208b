"""Responses that contain HTML and scripts: every page must show them as text."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from spacex.dashboard.pages import PAGES
from spacex.notebook.runner import execute
from spacex.settings import PROJECT
from tests.dashboard.browser import PHONE, assert_accessible, await_charts, turn_to
from tests.dashboard.conftest import replace
from tests.replica import Replica, Status

pytestmark = pytest.mark.long

STEPS = ("10_extract", "20_transform", "30_load", "40_report")
SCRIPT = '</script></title>\'"><img src=x onerror="window.hit=1"><script>window.hit=1</script>'
FIELDS = {
    "launches": ("name", "details"),
    "rockets": ("name", "description"),
    "launchpads": ("name", "full_name", "locality"),
    "landpads": ("name", "full_name"),
    "cores": ("serial", "last_update"),
    "payloads": ("name", "type"),
}


@pytest.fixture(scope="module")
def hostile(sample_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder built from hostile responses by the notebooks, and their HTML pages."""
    folder = tmp_path_factory.mktemp("hostile")
    with Replica(sample_dir) as replica, pytest.MonkeyPatch.context() as patch:
        for endpoint, fields in FIELDS.items():
            records = json.loads(replica.body(endpoint))
            for record in records:
                record.update({field: f"{record.get(field)} {SCRIPT}" for field in fields})
            replica.serve(endpoint, json.dumps(records).encode())
        satellites = json.loads(replica.body("starlink"))
        for each in satellites:
            each["spaceTrack"]["OBJECT_NAME"] += SCRIPT
            each["version"] = f"{each['version']}{SCRIPT}"
        satellites[0]["spaceTrack"]["NORAD_CAT_ID"] = SCRIPT  # rejected, and shown
        replica.serve("starlink", json.dumps(satellites).encode())
        patch.setenv("SPACEX_DATA_DIR", str(folder / "data"))
        patch.setenv("SPACEX_BASE_URL", replica.url)
        for step in STEPS:
            execute(PROJECT / "notebooks" / f"{step}.ipynb", folder / "pages", {})
        replica.script("rockets", Status(503, body=SCRIPT.encode()))  # becomes the note of the run
        execute(PROJECT / "notebooks" / "10_extract.ipynb", folder / "outage", {"source": "auto"})
    return folder


QUOTING = {"pages/20_transform", "pages/30_load", "pages/40_report", "outage/10_extract"}
"""Pages that quote responses: rejected records, names and error messages."""


@pytest.mark.attack("have a service send scripts, to run in the pages of a run", "shown as text")
@pytest.mark.parametrize("page", [*(f"pages/{step}" for step in STEPS), "outage/10_extract"])
def test_notebook_pages_show_scripts_as_text(hostile, context, page):
    with context.new_page() as tab:
        tab.goto((hostile / f"{page}.html").as_uri())
        assert_harmless(tab)
        assert ("window.hit" in tab.inner_text("body")) == (page in QUOTING)
        tab.set_viewport_size(PHONE)
        for scheme in ("light", "dark"):
            tab.emulate_media(color_scheme=scheme)
            assert_accessible(tab)


@pytest.mark.attack("have a service send scripts, to run in the dashboard", "shown as text")
def test_the_dashboard_shows_scripts_as_text(hostile, database, visitor):
    replace(database, hostile / "data" / "starlink.db")
    tab = visitor.open()
    for page in PAGES:
        if page.under:
            visitor.go_to(f"?page={page.name}")
            expect(tab.locator("h2")).to_have_text(page.title)
            await_charts(tab)
        else:
            turn_to(tab, page)
        assert_harmless(tab)
        assert tab.locator(".panel.failed").count() == 0, page


def assert_harmless(tab: Page) -> None:
    """Assert that no script has run and no element was created."""
    tab.wait_for_load_state("load")
    assert tab.evaluate("window.hit") is None
    assert tab.locator("img[src=x]").count() == 0
