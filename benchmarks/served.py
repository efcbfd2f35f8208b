"""A dashboard to measure: a simulated fleet, published into a folder of its own and served."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.error import URLError
from urllib.request import urlopen

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
PUBLISH = """
import sys
from functools import partial
from spacex import extract, pipeline
size = int(sys.argv[1]) or None
extract.sample_answer_bytes = partial(extract.sample_answer_bytes, satellites=size)
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


@dataclass(frozen=True)
class Served:
    """A dashboard that answers: its address, and the process that serves it."""

    url: str
    pid: int


@contextmanager
def served(satellites: int = 0) -> Iterator[Served]:
    """A dashboard over a fleet of that size; over the sample's own if 0."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "SPACEX_DATA_DIR": folder}
        publish = [sys.executable, "-c", PUBLISH, str(satellites)]
        subprocess.run(publish, env=environment, check=True)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        command = [sys.executable, "-c", SERVE, str(port)]
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as server:
            url = f"http://127.0.0.1:{port}/"
            try:
                _await_answer(f"{url}dashboard/static/style.css")
                yield Served(url, server.pid)
            finally:
                server.terminate()


def _await_answer(url: str) -> None:
    """Wait until there is an answer at an address, for a minute at most."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(URLError), urlopen(url, timeout=5):  # noqa: S310 - an address of our own
            return
        time.sleep(0.2)
