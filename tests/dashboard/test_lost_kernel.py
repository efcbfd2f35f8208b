"""A page that loses its kernel or its server says so, and comes back in its state."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from spacex.settings import Settings
from tests.conftest import free_port
from tests.dashboard.browser import figure
from tests.dashboard.conftest import ONE_READY, TIMEOUT_MS, Site, serving

pytestmark = pytest.mark.browser

WITHIN_MS = 5_000
QUERY = "?page=launches&rocket=Falcon+1"
REMEMBER = """addEventListener("DOMContentLoaded", () => {
    const [notice, main] = ["#lost", "main"].map((each) => document.querySelector(each));
    new MutationObserver(() => {
        if (notice.hidden) return;
        const said = [Date.now(), notice.textContent, main.inert];
        sessionStorage.setItem("said", JSON.stringify(said));
    }).observe(notice, { attributes: true });
})"""
"""Remembers the notice of a lost page, which reloads half a second later."""


@pytest.fixture(scope="module")
def own_site(sampled: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A dashboard of this module's own, whose kernels it may kill."""
    with serving(sampled, tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    with context.new_page() as page:
        page.set_default_timeout(TIMEOUT_MS)
        yield page


def kernels(site: Site) -> list[psutil.Process]:
    """Return the kernels: the children of the fork server, which have threads."""
    found = []
    for each in psutil.Process(site.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has just ended
            if not each.children() and each.num_threads() > 2:
                found.append(each)
    return found


def kill_kernels(site: Site) -> None:
    found = kernels(site)
    assert found
    for kernel in found:
        kernel.kill()


def assert_shown(page: Page) -> None:
    expect(figure(page, "launches")).to_have_text("5")
    assert page.url.endswith(QUERY)


def test_a_page_whose_kernel_was_killed_says_so_and_comes_back(own_site: Site, page: Page) -> None:
    page.add_init_script(REMEMBER)
    page.goto(own_site.url + QUERY)
    assert_shown(page)
    with page.expect_event("load"):
        kill_kernels(own_site)
        killed_ms = 1000 * time.time()
    said_ms, text, is_inert = json.loads(page.evaluate("sessionStorage.said"))
    assert said_ms < killed_ms + WITHIN_MS
    assert "lost its connection" in text
    assert is_inert
    assert_shown(page)
    expect(page.locator("#lost")).to_be_hidden()


def test_a_page_whose_kernel_hangs_says_so_until_it_goes_on(own_site: Site, page: Page) -> None:
    page.goto(own_site.url + QUERY)
    assert_shown(page)
    found = kernels(own_site)
    for kernel in found:
        kernel.suspend()
    try:
        page.select_option("select[data-action=rocket]", "Falcon 9")
        expect(page.locator("main[aria-busy=true]")).to_be_attached(timeout=WITHIN_MS)
        expect(page.locator("#lost")).to_contain_text("before your last choice", timeout=WITHIN_MS)
    finally:
        for kernel in found:
            kernel.resume()
    expect(page.locator("main[aria-busy=true]")).to_have_count(0)
    expect(page.locator("#lost")).to_be_hidden()
    expect(figure(page, "launches")).not_to_have_text("5")
    assert page.url.endswith("rocket=Falcon+9")


@pytest.mark.parametrize("waited_s", [0, 4])
def test_a_visitor_after_the_ready_kernels_died_gets_a_page(
    own_site: Site, page: Page, waited_s: float
) -> None:
    page.goto(own_site.url)  # the ready kernels are prepared one after the other
    page.goto("about:blank")
    kill_kernels(own_site)
    time.sleep(waited_s)
    page.goto(own_site.url + QUERY)
    assert_shown(page)


def test_a_page_whose_server_is_lost_says_so_and_comes_back_with_it(
    sampled: Settings, tmp_path: Path, page: Page
) -> None:
    port = free_port()
    with serving(sampled, tmp_path, ONE_READY, port) as site:
        page.goto(site.url + QUERY)
        assert_shown(page)
        os.kill(site.pid, signal.SIGKILL)
        expect(page.locator("#lost")).to_contain_text("cannot be reached", timeout=WITHIN_MS)
        expect(page.locator("main[inert]")).to_be_attached()
    with serving(sampled, tmp_path, ONE_READY, port):
        expect(page.locator("main:not([inert])")).to_be_attached()
        assert_shown(page)
