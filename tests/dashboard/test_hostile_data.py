"""Answers of a service that would run in a reader's browser: they are text, on every page."""

import json

import pytest
from playwright.sync_api import Page

from spacex.dashboard.pages import PAGES
from spacex.notebook.runner import execute
from spacex.settings import PROJECT
from tests.dashboard.conftest import replace
from tests.replica import Replica, Status

STEPS = ("10_extract", "20_transform", "30_load", "40_report")
SPELL = '</script></title>\'"><img src=x onerror="window.hit=1"><script>window.hit=1</script>'
FIELDS = {
    "launches": ("name", "details"),
    "rockets": ("name", "description"),
    "launchpads": ("name", "full_name", "locality"),
    "landpads": ("name", "full_name"),
    "cores": ("serial", "last_update"),
    "payloads": ("name", "type"),
}


@pytest.fixture(scope="module")
def hostile(sample_dir, tmp_path_factory):
    """A data folder that the notebooks have made of answers full of spells, and their pages."""
    folder = tmp_path_factory.mktemp("hostile")
    with Replica(sample_dir) as replica, pytest.MonkeyPatch.context() as patch:
        for endpoint, fields in FIELDS.items():
            records = json.loads(replica.body(endpoint))
            for record in records:
                record.update({field: f"{record.get(field)} {SPELL}" for field in fields})
            replica.serve(endpoint, json.dumps(records).encode())
        satellites = json.loads(replica.body("starlink"))
        for each in satellites:
            each["spaceTrack"]["OBJECT_NAME"] += SPELL
            each["version"] = f"{each['version']}{SPELL}"
        satellites[0]["spaceTrack"]["NORAD_CAT_ID"] = SPELL  # to be refused, and shown
        replica.serve("starlink", json.dumps(satellites).encode())
        patch.setenv("SPACEX_DATA_DIR", str(folder / "data"))
        patch.setenv("SPACEX_BASE_URL", replica.url)
        for step in STEPS:
            execute(PROJECT / "notebooks" / f"{step}.ipynb", folder / "pages", {})
        replica.script("rockets", Status(503, body=SPELL.encode()))  # its words are a note
        execute(PROJECT / "notebooks" / "10_extract.ipynb", folder / "outage", {"source": "auto"})
    return folder


PAGE_ROWS = {"pages/20_transform", "pages/30_load", "pages/40_report", "outage/10_extract"}
"""The pages that quote the responses: rejected records, names, and a service's own words."""


@pytest.mark.parametrize("page", [*(f"pages/{step}" for step in STEPS), "outage/10_extract"])
def test_a_report_shows_spells_as_text(hostile, context, page):
    with context.new_page() as tab:
        tab.goto((hostile / f"{page}.html").as_uri())
        harmless(tab)
        assert ("window.hit" in tab.inner_text("body")) == (page in PAGE_ROWS)


@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_the_dashboard_shows_spells_as_text(hostile, visitor, database, page):
    replace(database, hostile / "data" / "starlink.db")
    tab = visitor.open(f"?page={page}")
    tab.wait_for_timeout(1500)  # charts and tables come one after the other
    harmless(tab)


def harmless(tab: Page) -> None:
    """No spell has worked, nor is there an element of one."""
    tab.wait_for_load_state("load")
    assert tab.evaluate("window.hit") is None
    assert tab.locator("img[src=x]").count() == 0
