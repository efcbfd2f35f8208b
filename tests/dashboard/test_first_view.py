"""What the dashboard shows before its scripts have come."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.dashboard.browser import assert_accessible, changed
from tests.dashboard.conftest import Site, Visitor, replace

SCRIPTS = re.compile(r"/voila/static/")


@contextmanager
def without_scripts(page: Page) -> Iterator[None]:
    """Hold the scripts of Voila back meanwhile, without which no widget is drawn."""
    held: list[Route] = []
    page.route(SCRIPTS, lambda route: held.append(route))  # noqa: PLW0108 - no built-in
    yield
    for route in held:
        route.continue_()
    page.unroute(SCRIPTS)


@pytest.mark.parametrize("width", [1400, 390])
def test_the_texts_come_before_the_scripts_and_stay(visitor: Visitor, width: int) -> None:
    page = visitor.page
    page.set_viewport_size({"width": width, "height": 900})
    with without_scripts(page):
        page.goto(visitor.site.url, wait_until="commit")
        first = page.locator("#first-view")
        expect(first.locator(".sentences p").first).to_be_visible()
        expect(page.locator("#loading p")).to_be_visible()
        expect(first.locator("dl.figures").first).to_be_visible(visible=width == 1400)
        assert_accessible(page)
        early = [first.locator(part).all_inner_texts() for part in (".head .top", ".sentences")]
    page.wait_for_selector("body[data-shown]")
    expect(first).to_have_count(0)
    expect(page.locator("#loading")).to_be_hidden()
    parts = (".head .top", ".sentences")
    assert [page.locator(part).all_inner_texts() for part in parts] == early


def test_an_address_of_another_page_shows_the_head_before_the_scripts(visitor: Visitor) -> None:
    page = visitor.page
    with without_scripts(page):
        page.goto(f"{visitor.site.url}?page=launches", wait_until="commit")
        first = page.locator("#first-view")
        expect(first.locator("dl.figures").first).to_be_visible()
        expect(first.locator("h2").first).to_be_hidden()
        expect(first.locator("nav")).to_be_hidden()
    page.wait_for_selector("body[data-shown]")
    expect(page.locator("h2").first).to_have_text("Launches")


def test_without_scripts_the_figures_stay_and_it_says_what_needs_them(
    context: BrowserContext, site: Site
) -> None:
    with context.browser.new_context(java_script_enabled=False) as other:
        page = other.new_page()
        page.goto(site.url)
        expect(page.locator("#first-view .sentences p").first).to_be_visible()
        expect(page.locator("#loading noscript p")).to_be_visible()
        expect(page.locator("#loading noscript + p")).to_be_hidden()


def test_nothing_of_an_earlier_database_is_shown(
    database: Path, site: Site, tmp_path: Path
) -> None:
    view = re.compile(r'<div id="first-view".*?<!-- end', re.DOTALL)
    first, second = (requests.get(site.url, timeout=60).text for _ in range(2))
    found = view.findall(first) or view.findall(second)  # a test before may have changed it, too
    assert "Transporter-15" in found[0]
    replace(database, changed(database, tmp_path, ("UPDATE _runs SET note = ?", "of a newer run")))
    for _ in range(2):  # of a kernel that drew the page before, and of one that did afterwards
        found = view.findall(requests.get(site.url, timeout=60).text)
        assert all("of a newer run" in each for each in found)
