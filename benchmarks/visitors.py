"""Twenty visitors at once, for two minutes: how long they wait, and what it takes.

Each opens the page, keeps it open while asking its kernel something now and then, and leaves; then
the next one comes in its place.
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
LOOK_S = 3.0
FLEET = 10_800


@dataclass
class Seen:
    """What the visitors have seen.

    Attributes:
        page_s: waits for a page, s.
        answer_s: waits for an answer of an open page's kernel, s.
        lost: pages whose kernel was ended to make room.
        faults: what went wrong.
    """

    page_s: list[float] = field(default_factory=list)
    answer_s: list[float] = field(default_factory=list)
    lost: int = 0
    faults: list[str] = field(default_factory=list)


def measure() -> Iterator[Measurement]:
    """The waits, the memory of all processes, and the kernels."""
    with served(FLEET) as site:
        time.sleep(FILL_S)
        seen, peak_mb, kernels = _crowd(site)
    yield Measurement("requests that failed", len(seen.faults), "", "0")
    yield Measurement("pages opened", len(seen.page_s), "")
    yield Measurement("wait for a page, median", median(seen.page_s), "s")
    yield Measurement("wait for a page, longest", max(seen.page_s), "s", "< 5")
    yield Measurement("an open page's kernel answers, median", 1000 * median(seen.answer_s), "ms")
    yield Measurement("an open page's kernel answers, longest", max(seen.answer_s), "s", "< 5")
    yield Measurement("pages ended to make room", seen.lost, "")
    yield Measurement("most kernels", kernels, "")
    yield Measurement("memory of server and kernels", peak_mb, "MB", "< 3,000")


def _crowd(site: Served) -> tuple[Seen, float, int]:
    seen, end = Seen(), time.monotonic() + DURATION_S
    threads = [
        threading.Thread(target=_visit_again, args=(site, seen, end, random.Random(number)))  # noqa: S311
        for number in range(VISITORS)
    ]
    for thread in threads:
        thread.start()
    peak_mb, kernels = 0.0, 0
    while any(thread.is_alive() for thread in threads):
        sizes_mb = list(_sizes_mb(site.pid))
        peak_mb, kernels = max(peak_mb, sum(sizes_mb)), max(kernels, len(sizes_mb) - 1)
        time.sleep(1)
    return seen, peak_mb, kernels


def _sizes_mb(pid: int) -> Iterator[float]:
    """Memory of the server and of each kernel, shared parts divided up, MB."""
    server = psutil.Process(pid)
    for each in [server, *server.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):  # a visitor has left meanwhile
            yield each.memory_full_info().pss / 2**20


def _visit_again(site: Served, seen: Seen, end: float, chance: random.Random) -> None:
    while time.monotonic() < end:
        try:
            _visit(site, seen, min(end, time.monotonic() + chance.uniform(*STAY_S)))
        except (OSError, TypeError) as error:  # TypeError: the page is no page
            seen.faults.append(repr(error))


def _visit(site: Served, seen: Seen, until: float) -> None:
    started = time.monotonic()
    page = requests.get(site.url, timeout=60).text
    seen.page_s.append(time.monotonic() - started)
    kernel = re.search(r'"kernelId":\s*"([^"]+)"', page)[1]  # type: ignore[index]
    address = f"{site.url.replace('http', 'ws')}api/kernels/{kernel}/channels"
    try:
        with closing(websocket.create_connection(f"{address}?session_id={kernel}")) as page_open:
            while time.monotonic() < until:
                seen.answer_s.append(_ask(page_open))
                time.sleep(LOOK_S)
    except (websocket.WebSocketException, ConnectionError):
        seen.lost += 1
        return
    requests.post(f"{site.url}voila/api/shutdown/{kernel}", timeout=20)


def _ask(connection: websocket.WebSocket) -> float:
    """Ask the kernel what it is, which it answers between other work; the time it takes, s."""
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "kernel_info_request", "version": "5.3"}
    header |= {"username": "", "session": uuid.uuid4().hex, "date": "2026-11-25T12:00:00Z"}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": {}}
    started = time.monotonic()
    connection.settimeout(60)
    connection.send(json.dumps(message | {"channel": "shell", "buffers": []}))
    while told := connection.recv():
        if json.loads(told)["msg_type"] == "kernel_info_reply":
            return time.monotonic() - started
    raise ConnectionError("The kernel has been ended.")
