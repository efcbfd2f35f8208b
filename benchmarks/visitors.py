"""Twenty simultaneous visitors for two minutes: response times, kernels and memory.

Each visitor opens the page, sends requests to its kernel from time to time, and leaves; another
visitor follows.
"""

import json
import random
import re
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from statistics import median

import psutil
import requests
import websocket

from benchmarks.measurement import Measurement
from benchmarks.served import FILL_S, Served, served

VISITORS = 20
DURATION_S = 120.0
STAY_S = (20.0, 60.0)
REQUEST_INTERVAL_S = 3.0
OTHER_PROCESSES = 3  # server, fork server and resource tracker
FLEET = 10_800


@dataclass
class Observations:
    """Observations of all visitors.

    Attributes:
        page_s: times to load the page, s.
        reply_s: times to a reply of the kernel of an open page, s.
        replaced: number of pages whose kernel was replaced.
        errors: failed requests.
    """

    page_s: list[float] = field(default_factory=list)
    reply_s: list[float] = field(default_factory=list)
    replaced: int = 0
    errors: list[str] = field(default_factory=list)


def measure() -> Iterator[Measurement]:
    """Measure response times, the memory of all processes, and the number of kernels."""
    with served(FLEET) as site:
        time.sleep(FILL_S)
        seen, peak_mb, kernels = _crowd(site)
    yield Measurement("requests that failed", len(seen.errors), "", "0")
    yield Measurement("pages opened", len(seen.page_s), "")
    yield Measurement("wait for a page, median", median(seen.page_s), "s")
    yield Measurement("wait for a page, longest", max(seen.page_s), "s", "< 5")
    yield Measurement("reply of an open page's kernel, median", 1000 * median(seen.reply_s), "ms")
    yield Measurement("reply of an open page's kernel, longest", max(seen.reply_s), "s", "< 5")
    yield Measurement("pages closed to make room", seen.replaced, "")
    yield Measurement("most kernels", kernels, "")
    yield Measurement("memory of server and kernels", peak_mb, "MB", "< 3,000")


def _crowd(site: Served) -> tuple[Observations, float, int]:
    seen, end = Observations(), time.monotonic() + DURATION_S
    threads = [
        threading.Thread(target=_visit_again, args=(site, seen, end, random.Random(number)))  # noqa: S311
        for number in range(VISITORS)
    ]
    for thread in threads:
        thread.start()
    peak_mb, kernels = 0.0, 0
    while any(thread.is_alive() for thread in threads):
        sizes_mb = list(_sizes_mb(site.pid))
        peak_mb = max(peak_mb, sum(sizes_mb))
        kernels = max(kernels, len(sizes_mb) - OTHER_PROCESSES)
        time.sleep(1)
    return seen, peak_mb, kernels


def _sizes_mb(pid: int) -> Iterator[float]:
    """Yield the proportional memory (PSS) of the server and of each child process, MiB."""
    server = psutil.Process(pid)
    for each in [server, *server.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):  # a visitor left
            yield each.memory_full_info().pss / 2**20


def _visit_again(site: Served, seen: Observations, end: float, chance: random.Random) -> None:
    while time.monotonic() < end:
        try:
            _visit(site, seen, min(end, time.monotonic() + chance.uniform(*STAY_S)))
        except (OSError, TypeError) as error:  # TypeError: the page names no kernel
            seen.errors.append(repr(error))


def _visit(site: Served, seen: Observations, until: float) -> None:
    started = time.monotonic()
    visitor = requests.Session()
    page = visitor.get(site.url, timeout=60).text
    seen.page_s.append(time.monotonic() - started)
    kernel = re.search(r'"kernelId":\s*"([^"]+)"', page)[1]  # type: ignore[index]
    address = f"{site.url.replace('http', 'ws')}api/kernels/{kernel}/channels"
    try:
        with closing(_connection(f"{address}?session_id={kernel}", visitor)) as page_open:
            while time.monotonic() < until:
                seen.reply_s.append(_reply_time_s(page_open))
                time.sleep(REQUEST_INTERVAL_S)
    except (websocket.WebSocketException, ConnectionError):
        seen.replaced += 1
        return
    visitor.post(f"{site.url}voila/api/shutdown/{kernel}", timeout=20)


def _connection(address: str, visitor: requests.Session) -> websocket.WebSocket:
    """Connect to a kernel with the cookie of the visitor it belongs to."""
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    return websocket.create_connection(address, cookie=cookie)


def _reply_time_s(connection: websocket.WebSocket) -> float:
    """Send a kernel_info request; return the time to its reply, s."""
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "kernel_info_request", "version": "5.3"}
    header |= {"username": "", "session": uuid.uuid4().hex, "date": "2026-11-25T12:00:00Z"}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": {}}
    started = time.monotonic()
    connection.settimeout(60)
    connection.send(json.dumps(message | {"channel": "shell", "buffers": []}))
    while reply := connection.recv():
        if json.loads(reply)["msg_type"] == "kernel_info_reply":
            return time.monotonic() - started
    raise ConnectionError("The kernel was shut down.")
