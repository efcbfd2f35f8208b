"""What the browser tests of the dashboard share."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from spacex.dashboard.ui.page import Page as DashboardPage
from spacex.dashboard.ui.state import State

DESKTOP = {"width": 1400, "height": 900}
PHONE = {"width": 390, "height": 844}
HOSTILE = (
    "<script>document.title='stolen'</script><img src=x onerror=alert(1)>'; DROP TABLE runs;--"
)
LARGEST_BYTES = 1_000_000
"""Most data that one widget may send."""


def await_charts(page: Page) -> None:
    """Wait until every chart is drawn in its current state."""
    expect(page.locator(".chart:not([data-drawn=yes])")).to_have_count(0)


def await_value(page: Page, condition: str, *, within_s: float = 60) -> None:
    """Wait until an expression is true; the page's policy forbids it to wait by itself."""
    until = time.monotonic() + within_s
    while not page.evaluate(condition):
        assert time.monotonic() < until, condition
        page.wait_for_timeout(50)


def turn_to(page: Page, target: DashboardPage) -> None:
    """Follow the link to a page of the dashboard; wait until its charts are drawn."""
    page.locator(f"nav a[data-value={target.name}]").click()
    expect(page.locator("h2")).to_have_text(target.title)
    expect(page.locator("nav a[aria-current=page]")).to_have_text(target.title)
    expect(page.locator(".panel")).to_have_count(len(target.panels(State())))
    await_charts(page)


def assert_accessible(page: Page) -> None:
    """Check the page with axe, but for the marks of charts, which have a text as a whole."""
    found = Axe().run(page, context={"exclude": [[".chart svg"]]}).response["violations"]
    problems = [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]
    assert problems == []


def figure(page: Page, key: str) -> Locator:
    """Return a key figure of the page; that of the widgets, which comes after the first view."""
    return page.locator(f"[data-dashboard=ready] [data-figure={key}]")


def await_width(page: Page, width: int) -> None:
    """Wait until nothing is wider than the window."""
    await_value(page, "document.documentElement.scrollWidth <= " + str(width))


def assert_text_only(page: Page) -> None:
    """Check that markup of the data is shown as text, and fits on a phone."""
    await_charts(page)
    assert page.title().endswith(" · SpaceX Insights")
    assert page.locator("#rendered_cells img").count() == 0
    assert page.locator(".panel.failed").count() == 0
    page.set_viewport_size(PHONE)
    await_width(page, PHONE["width"])


def changed(database: Path, folder: Path, *statements: tuple[object, ...]) -> Path:
    """Return a copy of the database, changed by statements with their parameters."""
    copy = folder / "changed.db"
    copy.write_bytes(database.read_bytes())
    with closing(sqlite3.connect(copy)) as connection, connection:
        for statement, *parameters in statements:
            connection.execute(str(statement), parameters)
    return copy
