"""The dashboard as a visitor waits for it, in a browser, and what its kernels take."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.measurement import Measurement
from benchmarks.served import ARGUMENTS, CHROMIUM, one_chart, served

FILL_S = 6
"""Time in which a kernel is made ready for the next visitor, s."""

VISITS = 5


def measure() -> Iterator[Measurement]:
    """The wait for the first chart, for a filter's answer, and the memory of a visitor."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        with one_chart() as least:
            least_s = _first_chart_s(browser, least.url, ".vega-embed svg, .vega-embed canvas")
        yield Measurement("one chart in plain Voila, kernel ready", least_s, "s")
        with served() as dashboard:
            url = dashboard.url
            first_s = _first_chart_s(browser, url, ".chart svg")
            yield Measurement("first chart, kernel ready", first_s, "s", "< 3")
            yield Measurement("of the one in plain Voila", first_s / least_s, "ratio", "< 1.2")
            page = browser.new_page()
            page.goto(url)
            answers = [_answer_ms(page, rocket) for rocket in ("Falcon 1", "Falcon 9") * 3]
            yield Measurement("answer to a filter", median(answers), "ms", "< 500")
            page.goto("about:blank")
            yield Measurement(
                "memory of a visitor's kernel", _largest_child_mb(dashboard.pid), "MB", "< 250"
            )


def _first_chart_s(browser: Browser, url: str, chart: str) -> float:
    """The median time from asking for a page to a chart on it, by its selector, s.

    Each visitor comes with an empty cache, as one does for the first time.
    """
    took_s = []
    for _ in range(VISITS):
        time.sleep(FILL_S)
        with browser.new_context() as visitor:
            page = visitor.new_page()
            started = time.perf_counter()
            page.goto(url)
            page.wait_for_selector(chart)
            took_s.append(time.perf_counter() - started)
            page.goto("about:blank")
    return median(took_s)


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
