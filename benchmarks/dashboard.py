"""Response times of the dashboard in a browser, and memory of its kernels."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from statistics import median

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.measurement import Measurement
from benchmarks.served import ARGUMENTS, CHROMIUM, FILL_S, one_chart, served
from spacex.dashboard.pages import PAGES

SETTLE_MS = 500
VISITS = 5
SATELLITES = 10_800
FILTERS = (
    ("launches", "rocket", ("Falcon 1", "Falcon 9")),
    ("fleet", "status", ("raising", "operational")),
)
TURNS = tuple(page.name for page in PAGES if not page.under)
REDRAWN = """async ([action, value]) => {
  const drawn = [], observers = [];
  for (const chart of document.querySelectorAll(".chart")) {
    const note = () => chart.dataset.drawn === "yes" && drawn.push(performance.now());
    const observer = new MutationObserver(note);
    observer.observe(chart, { attributes: true, attributeFilter: ["data-drawn"] });
    observers.push(observer);
  }
  const select = document.querySelector(`select[data-action=${action}]`);
  const started = performance.now();
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  await new Promise((resume) => setTimeout(resume, 1500));
  observers.forEach((observer) => observer.disconnect());
  return [drawn[0] - started, drawn.at(-1) - started];
}"""
"""Choose a value; return when the first and the last chart were redrawn, ms."""

SWITCHED = """async (page) => {
  const link = document.querySelector(`nav a[data-value=${page}]`);
  const former = document.querySelector("#rendered_cells h2");
  const isDrawn = () => {
    const heading = document.querySelector("#rendered_cells h2");
    const charts = [...document.querySelectorAll(".chart")];
    const isShown = heading !== former && document.querySelector(".panel");
    return isShown && (!charts.length || charts.some((chart) => chart.dataset.drawn === "yes"));
  };
  const started = performance.now();
  link.click();
  while (!isDrawn()) await new Promise(requestAnimationFrame);
  return performance.now() - started;
}"""
"""Turn to a page; return when its first chart was drawn, or its panels if it has none, ms."""


PAINTED = """(chart) => {
  const observer = new MutationObserver(() => {
    if (!document.querySelector(chart)) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => (window.painted = performance.now())));
  });
  const watched = { childList: true, subtree: true, attributeFilter: ["data-shown-ms"] };
  observer.observe(document, watched);
}"""
"""Record when a chart, given by its selector, is visible, ms after the request of the page.

The page records it, because it does not respond to queries while it draws other charts.
"""


def measure() -> Iterator[Measurement]:
    """Measure the time to the first chart and after a choice, and the memory of a kernel."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        with one_chart() as least:
            least_s = _first_chart_s(browser, least.url, ".vega-embed svg, .vega-embed canvas")
        yield Measurement("one chart in plain Voila, kernel ready", least_s, "s")
        with served(SATELLITES) as dashboard:
            url = dashboard.url
            first_s = _first_chart_s(browser, url, ".globe[data-shown-ms], .chart svg")
            yield Measurement("first chart, kernel ready", first_s, "s", "< 3")
            yield Measurement("first chart over plain Voila", first_s / least_s, "ratio", "< 1.2")
            page = browser.new_page(bypass_csp=True)
            for name, action, values in FILTERS:
                first_ms, last_ms = _responses_ms(page, f"{url}?page={name}", action, values * 3)
                yield Measurement(f"{name}: choice to first chart", first_ms, "ms", "< 80")
                yield Measurement(f"{name}: choice to last chart", last_ms, "ms")
            for which, ms in zip(("first", "next"), _switches_ms(page, url), strict=True):
                yield Measurement(f"switch to a page, {which} visit, median", ms, "ms", "< 500")
            page.goto("about:blank")
            yield Measurement(
                "memory of a visitor's kernel", _largest_child_mb(dashboard.pid), "MB", "< 250"
            )


def _first_chart_s(browser: Browser, url: str, chart: str) -> float:
    """Return the median time from the request of a page to a visible chart, s.

    Each visitor has an empty browser cache. `chart` is a CSS selector.
    """
    times_s = []
    for _ in range(VISITS):
        time.sleep(FILL_S)
        with browser.new_context(bypass_csp=True) as visitor:
            page = visitor.new_page()
            page.add_init_script(f"({PAINTED})({json.dumps(chart)})")
            page.goto(url)
            times_s.append(page.wait_for_function("window.painted").json_value() / 1000)
            page.goto("about:blank")
    return median(times_s)


def _responses_ms(page: Page, url: str, action: str, values: Sequence[str]) -> tuple[float, float]:
    """Return the median times from a choice to the first and to the last redrawn chart, ms."""
    page.goto(url)
    page.wait_for_selector(f"select[data-action={action}]")
    times = []
    for value in values:
        page.wait_for_timeout(SETTLE_MS)
        page.wait_for_function("!document.querySelector('.chart[data-drawn=no]')")
        times.append(page.evaluate(REDRAWN, [action, value]))
    first, last = zip(*times, strict=True)
    return median(first), median(last)


def _switches_ms(page: Page, url: str) -> tuple[float, float]:
    """Return the median times of the first and of the next visits of each page, ms."""
    page.goto(url)
    page.wait_for_selector("nav a")
    rounds = []
    for _ in range(2):
        times = []
        for name in (*TURNS[1:], TURNS[0]):
            page.wait_for_timeout(SETTLE_MS)
            page.wait_for_function("!document.querySelector('.chart[data-drawn=no]')")
            times.append(page.evaluate(SWITCHED, name))
        rounds.append(median(times))
    return rounds[0], rounds[1]


def _largest_child_mb(pid: int) -> float:
    """Return the largest unshared memory of the descendants of a process, MiB.

    Descendants that end meanwhile are left out.
    """
    sizes_b = []
    for child in psutil.Process(pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            sizes_b.append(child.memory_full_info().uss)
    return max(sizes_b) / 2**20
