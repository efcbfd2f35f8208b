"""The dashboard as a visitor waits for it, in a browser, and what its kernels take."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.measurement import Measurement
from benchmarks.served import ARGUMENTS, CHROMIUM, served

FILL_S = 6
"""Time in which a kernel is made ready for the next visitor, s."""


def measure() -> Iterator[Measurement]:
    """The wait for the first chart, for a filter's answer, and the memory of a visitor."""
    with served() as dashboard:
        url = dashboard.url
        time.sleep(FILL_S)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
            first = [_first_chart_s(browser, url) for _ in range(3)]
            yield Measurement("first chart, kernel ready", median(first), "s", "< 3")
            page = browser.new_page()
            page.goto(url)
            answers = [_answer_ms(page, rocket) for rocket in ("Falcon 1", "Falcon 9") * 3]
            yield Measurement("answer to a filter", median(answers), "ms", "< 500")
            page.goto("about:blank")
        yield Measurement(
            "memory of a visitor's kernel", _largest_child_mb(dashboard.pid), "MB", "< 250"
        )


def _first_chart_s(browser: Browser, url: str) -> float:
    page = browser.new_page()
    started = time.perf_counter()
    page.goto(url)
    page.wait_for_selector(".chart svg")
    took_s = time.perf_counter() - started
    page.goto("about:blank")
    page.close()
    time.sleep(FILL_S)
    return took_s


def _answer_ms(page: Page, rocket: str) -> float:
    """The time from a choice to the figures that follow from it, ms."""
    figure = page.locator("[data-figure=launches]")
    before = figure.inner_text()
    started = time.perf_counter()
    page.select_option("select[data-action=rocket]", rocket)
    page.wait_for_function(
        "before => document.querySelector('[data-figure=launches]').innerText !== before",
        arg=before,
    )
    return (time.perf_counter() - started) * 1000


def _largest_child_mb(pid: int) -> float:
    """The memory of the largest process that another one has started, MB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    pages = [int(Path(f"/proc/{c}/statm").read_text(encoding="ascii").split()[1]) for c in children]
    return max(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20
