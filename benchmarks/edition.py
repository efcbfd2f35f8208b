"""The static edition: its size and cost, its pages in a browser, and 500 readers at once.

The server is one process of Tornado, which the dashboard uses as well; `python -m http.server`
would start a thread for each reader. SPACEX_BENCH_EDITION may name the folder of an edition to
measure.
"""

import asyncio
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from benchmarks.measurement import Measurement
from benchmarks.served import ARGUMENTS, CHROMIUM, await_response, free_port, published

SATELLITES = 10_800
READERS = 500
VISITS = 5
PAGES = ("index", "launches", "fleet", "satellite")
SERVE = """
import asyncio, sys
from tornado.web import Application, StaticFileHandler
async def main():
    files = (r"/(.*)", StaticFileHandler, {"path": sys.argv[1], "default_filename": "index.html"})
    Application([files]).listen(int(sys.argv[2]), "127.0.0.1", backlog=1024)
    await asyncio.Event().wait()
asyncio.run(main())
"""
"""One process, one thread; it sends files as they are, not compressed."""

VITALS = """() => new Promise((resolve) => {
  const found = { lcp: 0, shift: 0, blocked: 0 };
  const each = (type, note) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note))
      .observe({ type, buffered: true });
  each("largest-contentful-paint", (entry) => (found.lcp = entry.startTime));
  each("layout-shift", (entry) => (found.shift += entry.hadRecentInput ? 0 : entry.value));
  each("longtask", (entry) => (found.blocked += Math.max(0, entry.duration - 50)));
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  const whole = () => ({ ...found, paint: paint?.startTime ?? 0, drawn: window.drawn ?? 0 });
  setTimeout(() => resolve(whole()), 1500);
})"""
DRAWN = """
new MutationObserver(() => {
  const drawn = ".chart[data-drawn=yes], .globe[data-shown-ms]";
  if (window.drawn || !document.querySelector(drawn)) return;
  window.drawn = performance.now();
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


def measure() -> Iterator[Measurement]:
    """Publish a fleet of 10,800 satellites, open its pages, and let 500 readers come at once."""
    with tempfile.TemporaryDirectory() as folder:
        edition = Path(os.environ.get("SPACEX_BENCH_EDITION") or Path(folder) / "edition")
        if not (edition / "edition.json").exists():
            yield from _publish(edition)
        size_mb = sum(each.stat().st_size for each in edition.rglob("*") if each.is_file()) / 1e6
        yield Measurement("size", size_mb, "MB", "< 60")
        with _served(edition) as url:
            yield from _visit(url)
            yield from _crowd(url, edition)


def _publish(edition: Path) -> Iterator[Measurement]:
    """Measure the cost of an edition, and of another one of the same data."""
    with published(SATELLITES) as environment:
        for name in ("first edition", "the same again"):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [sys.executable, "-m", "spacex", "publish", str(edition)]
            subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            yield Measurement(f"{name}, CPU", cpu_s, "s", "< 400")
        yield Measurement("memory of a publication", after.ru_maxrss / 1024, "MB")


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-c", SERVE, str(folder), str(port)]
    with subprocess.Popen(command) as server:
        try:
            url = f"http://127.0.0.1:{port}/"
            await_response(f"{url}index.html")
            yield url
        finally:
            server.terminate()


def _visit(url: str) -> Iterator[Measurement]:
    """Measure pages in Chromium with an empty cache."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        for page in PAGES:
            found = [_vitals(browser, f"{url}{page}.html") for _ in range(VISITS)]

            def of(name: str, found: list[dict[str, float]] = found) -> float:
                return median(each[name] for each in found)

            yield Measurement(f"{page}: first chart", of("drawn") / 1000, "s", "< 1.5")
            yield Measurement(f"{page}: first paint", of("paint") / 1000, "s")
            yield Measurement(f"{page}: largest paint", of("lcp") / 1000, "s", "< 2.5")
            yield Measurement(f"{page}: layout shift", of("shift"), "", "< 0.1")
            yield Measurement(f"{page}: total blocking time", of("blocked"), "ms", "< 200")


def _vitals(browser: Browser, url: str) -> dict[str, float]:
    with browser.new_context(viewport={"width": 1400, "height": 900}) as context:
        page = context.new_page()
        page.add_init_script(DRAWN)
        page.goto(url)
        found: dict[str, float] = page.evaluate(VITALS)
        return found


def _crowd(url: str, edition: Path) -> Iterator[Measurement]:
    """Let all readers at once open the first page with its files, and one satellite's page."""
    index = (edition / "index.html").read_text("utf-8")
    assets = re.findall(r'(?:src|href)="(assets/[^"]+)"', index)
    shards = sorted(f"data/satellites/{p.name}" for p in (edition / "data/satellites").iterdir())
    started = time.perf_counter()
    failed, times_s, byte_count = asyncio.run(_read_all(url, assets, shards))
    duration_s = time.perf_counter() - started
    yield Measurement(f"{READERS} readers at once: requests that failed", failed, "", "0")
    yield Measurement(f"{READERS} readers at once: requests", len(times_s), "")
    yield Measurement(f"{READERS} readers at once: all served after", duration_s, "s")
    yield Measurement(f"{READERS} readers at once: median request", median(times_s), "s")
    yield Measurement(f"{READERS} readers at once: slowest request", max(times_s), "s")
    yield Measurement(f"{READERS} readers at once: sent", byte_count / 1e6, "MB")


async def _read_all(url: str, assets: list[str], shards: list[str]) -> tuple[int, list[float], int]:
    """Return the failed requests, the times of all, s, and the bytes that came."""
    from tornado.httpclient import AsyncHTTPClient  # noqa: PLC0415 - configured below

    AsyncHTTPClient.configure(None, max_clients=READERS, defaults={"request_timeout": 120})
    client = AsyncHTTPClient(force_instance=True)
    times_s: list[float] = []
    failed = byte_count = 0

    async def read(number: int) -> None:
        nonlocal failed, byte_count
        own = shards[number % len(shards)]
        for path in ("index.html", *assets, "satellite.html", own):
            began = time.perf_counter()
            response = await client.fetch(f"{url}{path}", raise_error=False)
            times_s.append(time.perf_counter() - began)
            failed += response.code != 200
            byte_count += len(response.body or b"")

    await asyncio.gather(*(read(number) for number in range(READERS)))
    return failed, times_s, byte_count
