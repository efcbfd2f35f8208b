"""What is measured in a browser: the dashboard over a made-up fleet, and the least Voila can do.

The fleet is published into a folder of its own. The least is a notebook of one chart, served by
Voila as it comes, but for the kernel that it, too, has ready.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import nbformat

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
FILL_S = 6
"""Time in which a server makes pages ready for its next visitors, s."""

PUBLISH = """
import sys
from functools import partial
from spacex.extract import extractor
from spacex.pipeline import stages
from spacex.settings import settings
size = int(sys.argv[1]) or None
extractor.sample_response_bytes = partial(extractor.sample_response_bytes, satellites=size)
stages.extract(settings(), "bench", "sample")
stages.transform(settings(), "bench")
stages.load(settings(), "bench")
"""
SERVE = """
import sys
from spacex.dashboard.app.server import serve
from spacex.settings import settings
serve(settings(), port=int(sys.argv[1]))
"""
ONE_CHART = """
import altair as alt
from spacex.analysis import queries
from spacex.settings import settings
alt.renderers.enable("jupyter", offline=True)
rows = queries.view(settings().database, "v_launches_by_year")
alt.Chart(rows).mark_bar().encode(x="year:O", y="launches:Q", color="outcome:N")
"""
PLAIN = ("--no-browser", "--preheat_kernel=True", "--ServerApp.log_level=ERROR")


@dataclass(frozen=True)
class Served:
    """A page that answers: its address, and the process that serves it."""

    url: str
    pid: int


@contextmanager
def served(satellites: int = 0) -> Iterator[Served]:
    """A dashboard over a fleet of that size; over the sample's own if 0."""
    with _published(satellites) as environment, _process(environment, "-c", SERVE) as served:
        _await_response(f"{served.url}dashboard/static/style.css")
        yield served


@contextmanager
def one_chart() -> Iterator[Served]:
    """A notebook of one chart over the sample, served by Voila as it comes, a kernel ready."""
    with _published(0) as environment:
        notebook = Path(environment["SPACEX_DATA_DIR"]) / "one_chart.ipynb"
        cell = nbformat.v4.new_code_cell(ONE_CHART.strip())
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), notebook)
        command = ("-m", "voila", str(notebook), *PLAIN, "--port")
        with _process(environment, *command) as served:
            _await_response(f"{served.url}voila/static/")
            yield served


@contextmanager
def _published(satellites: int) -> Iterator[dict[str, str]]:
    """An environment whose data folder holds a fleet of that size."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "SPACEX_DATA_DIR": folder}
        publish = [sys.executable, "-c", PUBLISH, str(satellites)]
        subprocess.run(publish, env=environment, check=True)
        yield environment


@contextmanager
def _process(environment: dict[str, str], *command: str) -> Iterator[Served]:
    """Python with a command whose last argument is a port that is free."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    whole = [sys.executable, *command, str(port)]
    with subprocess.Popen(whole, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            yield Served(f"http://127.0.0.1:{port}/", server.pid)
        finally:
            server.terminate()


def _await_response(url: str) -> None:
    """Wait until there is an answer at an address, for a minute at most."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - an address of our own
                return
        except HTTPError:
            return
        except URLError:
            pass
        time.sleep(0.2)
