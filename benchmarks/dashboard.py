"""The dashboard as a visitor waits for it, in a browser, and what its kernels take."""

import json
import time
from collections.abc import Iterator, Sequence
from statistics import median

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.measurement import Measurement
from benchmarks.served import ARGUMENTS, CHROMIUM, FILL_S, one_chart, served

SETTLE_MS = 500
VISITS = 5
SATELLITES = 10_800
FILTERS = (
    ("launches", "rocket", ("Falcon 1", "Falcon 9")),
    ("fleet", "status", ("raising", "operational")),
)
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
"""Chooses, and tells when the first chart was drawn anew and when the last one was."""


PAINTED = """(chart) => {
  const observer = new MutationObserver(() => {
    if (!document.querySelector(chart)) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => (window.painted = performance.now())));
  });
  observer.observe(document, { childList: true, subtree: true });
}"""
"""Notes when a chart, by its selector, is to be seen: ms after the page was asked for.

The page does so itself. Who asks it from outside is not answered while it draws its other charts.
"""


def measure() -> Iterator[Measurement]:
    """The wait for the first chart, for a filter's answer, and the memory of a visitor."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        with one_chart() as least:
            least_s = _first_chart_s(browser, least.url, ".vega-embed svg, .vega-embed canvas")
        yield Measurement("one chart in plain Voila, kernel ready", least_s, "s")
        with served(SATELLITES) as dashboard:
            url = dashboard.url
            first_s = _first_chart_s(browser, url, ".chart svg")
            yield Measurement("first chart, kernel ready", first_s, "s", "< 3")
            yield Measurement("of the one in plain Voila", first_s / least_s, "ratio", "< 1.2")
            page = browser.new_page()
            for name, action, values in FILTERS:
                first_ms, last_ms = _responses_ms(page, f"{url}?page={name}", action, values * 3)
                yield Measurement(f"{name}: choice to first chart", first_ms, "ms", "< 150")
                yield Measurement(f"{name}: choice to last chart", last_ms, "ms")
            page.goto("about:blank")
            yield Measurement(
                "memory of a visitor's kernel", _largest_child_mb(dashboard.pid), "MB", "< 250"
            )


def _first_chart_s(browser: Browser, url: str, chart: str) -> float:
    """The median time from asking for a page to seeing a chart on it, by its selector, s.

    Each visitor comes with an empty cache, as one does for the first time.
    """
    took_s = []
    for _ in range(VISITS):
        time.sleep(FILL_S)
        with browser.new_context() as visitor:
            page = visitor.new_page()
            page.add_init_script(f"({PAINTED})({json.dumps(chart)})")
            page.goto(url)
            took_s.append(page.wait_for_function("window.painted").json_value() / 1000)
            page.goto("about:blank")
    return median(took_s)


def _responses_ms(page: Page, url: str, action: str, values: Sequence[str]) -> tuple[float, float]:
    """Median times from a choice to the first chart drawn anew, and to the last one, ms."""
    page.goto(url)
    page.wait_for_selector(f"select[data-action={action}]")
    times = []
    for value in values:
        page.wait_for_timeout(SETTLE_MS)
        page.wait_for_function("!document.querySelector('.chart[data-drawn=no]')")
        times.append(page.evaluate(REDRAWN, [action, value]))
    first, last = zip(*times, strict=True)
    return median(first), median(last)


def _largest_child_mb(pid: int) -> float:
    """The memory that the largest process started by another one has for itself alone, MB."""
    children = psutil.Process(pid).children(recursive=True)
    return max(child.memory_full_info().uss for child in children) / 2**20
