"""The dashboard in Firefox: what another engine could do differently."""

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from spacex.dashboard.pages import PAGES
from spacex.dashboard.ui.page import Page
from tests import stages
from tests.dashboard.browser import DESKTOP, PHONE
from tests.dashboard.conftest import GO_TO, Site
from tests.dashboard.firefox import FIREFOX, Firefox, firefox

pytestmark = pytest.mark.browser

IS_SHOWN = "'shown' in document.body.dataset && document.querySelector('#rendered_cells h1')"
IS_DRAWN = "!document.querySelector('.chart:not([data-drawn=yes])')"
LAUNCHES = "document.querySelector('.panel [data-figure=launches]').textContent"
CHOOSE = """(() => {
    const select = document.querySelector("select[data-action=rocket]");
    select.value = "Falcon 1";
    select.dispatchEvent(new Event("change", { bubbles: true }));
})()"""

FAIL = """new Promise((done) => setTimeout(() => {
    setTimeout(done);
    throw new Error("one for the test");
}))"""


@pytest.fixture(scope="module")
def opened(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Firefox with the dashboard open."""
    if not FIREFOX.exists():
        pytest.skip(f"the tests in Firefox need {FIREFOX}")
    with firefox(tmp_path_factory.mktemp("firefox")) as browser:
        browser.resize(**DESKTOP)
        browser.open(site.url)
        browser.await_value(IS_SHOWN)
        yield browser


def go_to(browser: Firefox, page: Page) -> None:
    """Turn to a page of the open dashboard; wait until its charts are drawn."""
    browser.evaluate(f"({GO_TO})('?page={page.name}')")
    browser.await_value(f"document.querySelector('h2')?.textContent === '{page.title}'")
    browser.await_value(IS_DRAWN)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_draws_without_errors(opened: Firefox, site: Site, page: Page) -> None:
    go_to(opened, page)
    assert opened.evaluate("document.querySelectorAll('.panel').length") > 0
    assert opened.evaluate("document.querySelectorAll('.panel.failed').length") == 0
    for window in (PHONE, DESKTOP):
        opened.resize(**window)
        opened.await_value(f"document.documentElement.scrollWidth <= {window['width']}")
    assert opened.errors == []
    asked = {urlsplit(url) for url in opened.requests}
    own = urlsplit(site.url)
    assert {url.netloc for url in asked if url.scheme not in {"data", "blob"}} == {own.netloc}


def test_a_filter_changes_figures_and_charts(opened: Firefox, site: Site) -> None:
    go_to(opened, next(page for page in PAGES if page.name == "launches"))
    marks = "document.querySelector('.chart svg').outerHTML.length"
    before = opened.evaluate(marks)
    opened.evaluate(CHOOSE)
    sql = "SELECT count(*) FROM v_launches WHERE rocket = 'Falcon 1' AND is_flown"
    opened.await_value(f"{LAUNCHES} === '{stages.value(site.database, sql)}'")
    opened.await_value(f"{marks} !== {before}")
    assert opened.errors == []


def test_an_error_of_the_page_is_noticed(opened: Firefox) -> None:
    opened.evaluate(FAIL)
    until = time.monotonic() + 60
    while not opened.errors:  # an event may come after the response
        assert time.monotonic() < until
        opened.evaluate("true")
    assert any("one for the test" in each for each in opened.errors)
    opened.errors.clear()
