"""Pages to measure in a browser: the dashboard, and a notebook of one chart in plain Voila.

Each has a data folder of its own. Both servers have a kernel ready.
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
"""Time in which a server prepares pages for its next visitors, s."""

PUBLISH = """
import sys
from spacex.pipeline import stages
from spacex.settings import settings
size = int(sys.argv[1]) or None
stages.extract(settings().model_copy(update={"sample_satellites": size}), "bench", "sample")
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
    """The URL of a served page, and the process ID of its server."""

    url: str
    pid: int


@contextmanager
def served(satellites: int = 0) -> Iterator[Served]:
    """Serve the dashboard of a simulated fleet; 0 satellites: that of the sample."""
    with published(satellites) as environment, _process(environment, "-c", SERVE) as served:
        await_response(f"{served.url}dashboard/static/style.css")
        yield served


@contextmanager
def one_chart() -> Iterator[Served]:
    """Serve a notebook of one chart of the sample with plain Voila."""
    with published(0) as environment:
        notebook = Path(environment["SPACEX_DATA_DIR"]) / "one_chart.ipynb"
        cell = nbformat.v4.new_code_cell(ONE_CHART.strip())
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), notebook)
        command = ("-m", "voila", str(notebook), *PLAIN, "--port")
        with _process(environment, *command) as served:
            await_response(f"{served.url}voila/static/")
            yield served


@contextmanager
def published(satellites: int) -> Iterator[dict[str, str]]:
    """Publish a simulated fleet; yield an environment with its data folder."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "SPACEX_DATA_DIR": folder}
        publish = [sys.executable, "-c", PUBLISH, str(satellites)]
        subprocess.run(publish, env=environment, check=True)
        yield environment


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def _process(environment: dict[str, str], *command: str) -> Iterator[Served]:
    """Start Python with a command line, to which a free port is appended."""
    port = free_port()
    whole = [sys.executable, *command, str(port)]
    with subprocess.Popen(whole, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            yield Served(f"http://127.0.0.1:{port}/", server.pid)
        finally:
            server.terminate()


def await_response(url: str) -> None:
    """Wait until a URL responds, for a minute at most."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except HTTPError:
            return
        except URLError:
            pass
        time.sleep(0.2)
