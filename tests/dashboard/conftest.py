"""A dashboard server with its own database, and a real browser."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from spacex.settings import Settings
from tests import stages
from tests.conftest import free_port, wait_for
from tests.dashboard.browser import DESKTOP

_INSTALLED = [Path("/usr/bin") / name for name in ("chromium-headless-shell", "chromium")]
CHROMIUM = next(filter(Path.exists, _INSTALLED), _INSTALLED[-1])
"""Chromium, if possible without the parts that draw windows: a page takes a quarter less CPU."""
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"),
    *("--disable-component-update", "--no-first-run", "--disable-quic"),
)
# Long enough for a busy machine: how fast a page comes is measured in benchmarks/, not here.
TIMEOUT_MS = 60_000
START_TIMEOUT_S = 120
ONE_READY = "server.READY_KERNELS = 1"
"""Prologue of a server on which one kernel waits for a visitor, in place of two.

Each draws a page, and again when the database changes.
"""
expect.set_options(timeout=TIMEOUT_MS)
GO_TO = """query => {
    document.activeElement.blur();
    history.pushState(null, "", query);
    dispatchEvent(new PopStateEvent("popstate"));
}"""


@dataclass(frozen=True)
class Site:
    """A running dashboard."""

    url: str
    settings: Settings
    pid: int
    log: Path

    @property
    def database(self) -> Path:
        return self.settings.database


@pytest.fixture(scope="session")
def site(sampled: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The dashboard over a copy of the sample that tests may replace."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(sampled.data_dir, folder / "data")
    settings = stages.at(sampled, data_dir=folder / "data")
    with serving(settings, folder, ONE_READY) as site:
        yield site


@contextmanager
def serving(
    settings: Settings, folder: Path, prologue: str = "pass", port: int = 0
) -> Iterator[Site]:
    """Serve the dashboard.

    Args:
        settings: those of the dashboard.
        folder: for its log.
        prologue: Python to run first.
        port: that to listen on; 0 for a free one.
    """
    port = port or free_port()
    code = (
        "from spacex.dashboard.app import server; from spacex.settings import settings; "
        f"{prologue}; server.serve(settings(), port={port})"
    )
    environment = {**os.environ, "SPACEX_DATA_DIR": str(settings.data_dir)}
    command, log = [sys.executable, "-c", code], folder / "server.log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
    try:
        url = f"http://127.0.0.1:{port}/"
        wait_for(f"{url}dashboard/static/style.css", process, log, START_TIMEOUT_S)
        yield Site(url, settings, process.pid, log)
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.fixture
def database(site: Site, sampled: Settings) -> Iterator[Path]:
    """The database of the running dashboard; restored after the test.

    Pages that are open would follow each change.
    """
    _SHARED.leave()
    yield site.database
    replace(site.database, sampled.database)


@pytest.fixture(scope="session")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The profile of the browser. It caches compiled scripts, which take half of a visit."""
    return tmp_path_factory.mktemp("profile")


@pytest.fixture
def context(profile: Path) -> BrowserContext:
    """Chromium, shared by the tests that follow each other; see `_Shared`."""
    if not CHROMIUM.exists():
        message = f"the browser tests need {CHROMIUM}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return _SHARED.context(profile)


@dataclass
class Visitor:
    """A visitor's page, its errors and its requests to other hosts."""

    page: Page
    site: Site
    errors: list[str]
    foreign_requests: list[str]
    views: int = 0

    def open(self, query: str = "") -> Page:
        """Open the dashboard; wait for the page that the address asks for."""
        self.page.goto(f"{self.site.url}{query}")
        self.page.wait_for_selector("body[data-shown] #rendered_cells h1")
        return self.page

    def assert_clean(self) -> None:
        """Fail on errors and on requests to other hosts."""
        assert self.errors == []
        assert self.foreign_requests == []

    def go_to(self, query: str) -> Page:
        """Go to a view of the open dashboard, as the browser's history does; open it first.

        A new visit would start a kernel, load all scripts and draw each chart.
        """
        if not self.page.url.startswith(self.site.url):
            return self.open(query)
        self.views += 1
        # a filter of another page: the links of the navigation, updated last, repeat it
        mark = f"{'table' if 'page=changes' in query else 'kind'}={self.views}"
        self.page.evaluate(GO_TO, f"{query}&{mark}")
        expect(self.page.locator("nav a").first).to_have_attribute(
            "href", re.compile(rf"\b{mark}\b")
        )
        return self.page


@pytest.fixture
def visitor(context: BrowserContext, site: Site) -> Iterator[Visitor]:
    """A visitor with a desktop window; fails the test on errors and requests to other hosts."""
    with _visiting(context, site) as visitor:
        yield visitor
        visitor.assert_clean()


@pytest.fixture
def guest(context: BrowserContext, site: Site) -> Iterator[Visitor]:
    """A visitor whose page stays open for the next tests, which `go_to` a view."""
    guest = _SHARED.guest(context, site)
    guest.page.set_viewport_size(DESKTOP)
    guest.page.emulate_media(color_scheme="light")
    yield guest
    guest.assert_clean()


@contextmanager
def _visiting(context: BrowserContext, site: Site) -> Iterator[Visitor]:
    visitor = _watched(context.new_page(), site)
    visitor.page.set_viewport_size(DESKTOP)
    yield visitor
    visitor.page.goto("about:blank")  # shuts down the kernel
    visitor.page.close()


class _Shared:
    """Chromium, and a page in it, which take seconds to open.

    They are closed before the first test that does not use them, which the event loop of Playwright
    would disturb.
    """

    def __init__(self) -> None:
        self._browser, self._visit = ExitStack(), ExitStack()
        self._context: BrowserContext | None = None
        self._guest: Visitor | None = None

    def context(self, profile: Path) -> BrowserContext:
        """Return the running browser; start it if there is none."""
        if not self._context:
            playwright = self._browser.enter_context(sync_playwright())
            self._context = self._browser.enter_context(
                playwright.chromium.launch_persistent_context(
                    profile, executable_path=CHROMIUM, args=ARGUMENTS, reduced_motion="reduce"
                )
            )
        return self._context

    def guest(self, context: BrowserContext, site: Site) -> Visitor:
        """Return the visitor whose page is open; open one if there is none."""
        if not self._guest:
            self._guest = self._visit.enter_context(_visiting(context, site))
        return self._guest

    def leave(self) -> None:
        """Close the page."""
        self._guest = None
        self._visit.close()

    def close(self) -> None:
        """Close the page and the browser."""
        self.leave()
        self._context = None
        self._browser.close()


_SHARED = _Shared()


def _uses(item: pytest.Item, fixture: str) -> bool:
    return fixture in getattr(item, "fixturenames", ())


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests with a browser follow each other, at last those that change the database."""

    def place(item: pytest.Item) -> int:
        return 1 + _uses(item, "database") if _uses(item, "context") else 3

    items.sort(key=place)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """Close what the next test does not use."""
    try:
        return (yield)
    finally:
        if nextitem is None or not _uses(nextitem, "context"):
            _SHARED.close()


def replace(database: Path, by: Path) -> None:
    """Replace a database by a rename, as a run does."""
    copy = database.with_suffix(".new")
    shutil.copyfile(by, copy)
    copy.replace(database)


def _watched(page: Page, site: Site) -> Visitor:
    visitor = Visitor(page, site, [], [])

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            visitor.errors.append(message.text)

    def check_host(url: str) -> None:
        ours = (site.url, site.url.replace("http", "ws"), "data:", "blob:")
        if not url.startswith(ours):
            visitor.foreign_requests.append(url)

    page.set_default_timeout(TIMEOUT_MS)
    page.on("console", listen)
    page.on("pageerror", lambda error: visitor.errors.append(str(error)))
    page.on("request", lambda request: check_host(request.url))
    page.on("websocket", lambda socket: check_host(socket.url))
    return visitor


def status(url: str) -> int:
    """Return the status of a response."""
    try:
        with urlopen(url, timeout=20) as response:  # noqa: S310
            return response.status
    except HTTPError as error:
        error.close()
        return error.code
