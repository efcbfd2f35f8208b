"""The map of the dashboard in a real browser: how soon it follows its slider."""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

from benchmarks.measurement import Measurement

SATELLITES = 10_800
PUBLISH = f"""
from functools import partial
from spacex import extract, pipeline
extract.sample_answer_bytes = partial(extract.sample_answer_bytes, satellites={SATELLITES})
pipeline.extract(source="sample")
pipeline.transform()
pipeline.load()
"""
SERVE = """
import sys
from spacex.dashboard.server import serve
from spacex.settings import settings
serve(settings(), port=int(sys.argv[1]))
"""
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
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
"""From each move of the slider until what it asked for has been drawn."""


def measure() -> Iterator[Measurement]:
    """The median time from a move of the slider to the drawn map, and the largest message."""
    sizes: list[int] = []
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as url:
        for shape in ("flat map", "globe"):
            with opened(f"{url}?page=map&shape={shape.split()[0]}", sizes) as page:
                moves = page.evaluate(MOVES_MS, 15)
            label = f"{SATELLITES:,} satellites, {shape}: slider to picture, median"
            yield Measurement(label, statistics.median(moves), "ms", "< 300")
    yield Measurement("largest message to the browser", max(sizes) / 1e6, "MB", "< 1")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a dashboard over a fleet of that size."""
    environment = {**os.environ, "SPACEX_DATA_DIR": str(folder)}
    subprocess.run([sys.executable, "-c", PUBLISH], env=environment, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", SERVE, str(port)]
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/"
    try:
        await_answer(f"{url}dashboard/static/style.css")
        yield url
    finally:
        server.terminate()
        server.wait()


def await_answer(url: str) -> None:
    """Wait until there is an answer at an address, for a minute at most."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(URLError), urlopen(url, timeout=5):  # noqa: S310 - an address of our own
            return
        time.sleep(0.2)


@contextmanager
def opened(url: str, sizes: list[int]) -> Iterator[Page]:
    """The page of that address with its chart drawn; sizes of messages to it are noted."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.on("websocket", lambda ws: ws.on("framereceived", lambda got: sizes.append(len(got))))
        page.goto(url)
        page.wait_for_selector(".chart[data-drawn=yes] canvas", timeout=60_000)
        yield page
        page.goto("about:blank")  # a page that is left ends its kernel
        browser.close()
