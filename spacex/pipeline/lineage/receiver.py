"""The receiver of events: sent by a thread, so that no run waits for it.

After a failure, nothing is sent for a minute: a receiver that is down costs one attempt.
"""

import time
from collections import deque
from functools import cache
from threading import Condition, Thread
from typing import TYPE_CHECKING

from spacex.pipeline.posting import post
from spacex.units import counted

if TYPE_CHECKING:
    from requests import PreparedRequest

PATH = "/api/v1/lineage"

TIMEOUT_S = 3
"""The longest wait for the next bytes, s."""

LIMIT_S = 10
"""The longest time for an event, s."""

PAUSE_S = 60
"""The time without attempts after one that failed, s."""

MOST_WAITING = 1000
"""Most events that wait to be sent."""


class Receiver:
    """A receiver of events.

    Args:
        url: its address, without `PATH`.
        api_key: what proves to it who sends; empty: nothing.
    """

    def __init__(self, url: str, api_key: str = "") -> None:
        self._url = f"{url.rstrip('/')}{PATH}"
        self._api_key = api_key
        self._changed = Condition()
        self._waiting: deque[bytes] = deque()
        self._is_sending = False
        self._resumes_s = 0.0
        self._lost = 0
        self._problem = ""
        self._thread: Thread | None = None

    def send(self, event: bytes) -> None:
        """Let an event be sent after those before it; return at once."""
        with self._changed:
            if len(self._waiting) >= MOST_WAITING:
                self._lost += 1
                return
            self._waiting.append(event)
            self._changed.notify_all()
            if self._thread is None:
                self._thread = Thread(target=self._send_all, name="lineage", daemon=True)
                self._thread.start()

    def settle(self, limit_s: float) -> str:
        """Wait until all events are sent; return what was not, in a sentence; empty if nothing.

        Args:
            limit_s: the longest wait, s.
        """
        with self._changed:
            self._changed.wait_for(lambda: not (self._waiting or self._is_sending), limit_s)
            unsent = self._lost + len(self._waiting) + self._is_sending
            why = self._problem or "The lineage receiver is slow"
            self._lost, self._problem = 0, ""
        return f"{why}; {counted(unsent, 'event')} may be missing there." if unsent else ""

    def _send_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                event = self._waiting.popleft()
                self._is_sending = time.monotonic() >= self._resumes_s
            problems = self._send(event) if self._is_sending else []
            with self._changed:
                if problems:
                    self._problem = problems[0]
                    self._resumes_s = time.monotonic() + PAUSE_S
                self._lost += bool(problems) or not self._is_sending
                self._is_sending = False
                self._changed.notify_all()

    def _send(self, event: bytes) -> list[str]:
        return post(
            "lineage receiver",
            self._url,
            timeout_s=TIMEOUT_S,
            limit_s=LIMIT_S,
            data=event,
            headers={"Content-Type": "application/json"},
            auth=self._authorized if self._api_key else None,
            allow_redirects=False,  # another host shall not get the key
        )

    def _authorized(self, request: "PreparedRequest") -> "PreparedRequest":
        request.headers["Authorization"] = f"Bearer {self._api_key}"
        return request


@cache
def receiver(url: str, api_key: str) -> Receiver:
    """Return the receiver at an address, the same one for all runs of this process.

    Args:
        url: see `Receiver`.
        api_key: see `Receiver`.
    """
    return Receiver(url, api_key)
