"""Response time of the dashboard's map to its slider, in a browser."""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

from benchmarks.measurement import Measurement
from benchmarks.served import ARGUMENTS, CHROMIUM, served

SATELLITES = 10_800
MOVES_MS = """async (moves) => {
  const slider = document.querySelector("input[data-action=minutes]");
  const chart = document.querySelector(".chart");
  const clock = () => document.querySelector("[data-figure=at]").textContent;
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const times = [];
  for (let move = 0; move < moves; move++) {
    const before = clock();
    slider.value = 5 * move - 60;
    const started = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    while (clock() === before || chart.dataset.drawn !== "yes") await pause(2);
    times.push(performance.now() - started);
    await pause(200);
  }
  return times;
}"""
"""Return the times from each move of the slider to the redrawn chart, ms."""


def measure() -> Iterator[Measurement]:
    """Measure the median time from a move to the redrawn map, and the largest message."""
    sizes: list[int] = []
    with served(SATELLITES) as dashboard:
        for shape in ("flat map", "globe"):
            with opened(f"{dashboard.url}?page=map&shape={shape.split()[0]}", sizes) as page:
                moves = page.evaluate(MOVES_MS, 15)
            label = f"{SATELLITES:,} satellites, {shape}: slider to picture, median"
            yield Measurement(label, statistics.median(moves), "ms", "< 300")
    yield Measurement("largest message to the browser", max(sizes) / 1e6, "MB", "< 1")


@contextmanager
def opened(url: str, sizes: list[int]) -> Iterator[Page]:
    """Yield the page with its chart drawn; append the sizes of its messages to `sizes`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1400, "height": 900}, bypass_csp=True)
        page.on("websocket", lambda ws: ws.on("framereceived", lambda got: sizes.append(len(got))))
        page.goto(url)
        page.wait_for_selector(".chart[data-drawn=yes] canvas", timeout=60_000)
        yield page
        page.goto("about:blank")  # leaving the page shuts its kernel down
        browser.close()
