"""Local stand-ins for the services of today, which enforce their rules as the services do.

A request that breaks a rule is answered as the service would, and kept in `broken`: a test that
ends with an empty list has shown that none was made.
"""

import json
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from spacex.units import utc_now, utc_text
from tests.replica import JSON, Behaviour, Body, Replica, Status

NO_NEWS = b"GP data has not updated since your last successful download of GROUP=starlink"
HOUR = timedelta(hours=1)


class CelesTrak(Replica):
    """CelesTrak's GP service: the same data are given once, and refused from then on.

    Attributes:
        broken: the requests that asked for data they had got already, or went on after a refusal.
    """

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(Path("/nonexistent"))
        self._clock = clock
        self._body = b"[]"
        self._given = False
        self._turn = threading.Lock()
        self.broken: list[str] = []

    @property
    def gp_url(self) -> str:
        """The address to be given as the service's."""
        return f"{self.url}/gp.php"

    def publish(self, body: bytes) -> None:
        """New data, which may be got once."""
        self._body, self._given = body, False

    def next_behaviour(self, endpoint: str) -> Behaviour:
        if self._scripts.get(""):
            return super().next_behaviour("")
        with self._turn:
            if endpoint != "gp.php?GROUP=starlink&FORMAT=json":
                return Status(404)
            if self._given:
                self.broken.append(utc_text(self._clock()))
                return Status(403, body=NO_NEWS)
            self._given = True
            return Body(self._body)


class LaunchLibrary(Replica):
    """Launch Library: launches in pages, as many requests an hour as the free tier has.

    Attributes:
        broken: the requests beyond the budget.
    """

    BUDGET = 15

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(Path("/nonexistent"))
        self._clock = clock
        self._turn = threading.Lock()
        self._times: list[datetime] = []
        self.launches: list[dict[str, object]] = []
        self.broken: list[str] = []

    def next_behaviour(self, endpoint: str) -> Behaviour:
        if self._scripts.get(""):
            return super().next_behaviour("")
        with self._turn:
            now = self._clock()
            self._times = [each for each in self._times if each > now - HOUR] + [now]
            if len(self._times) > self.BUDGET:
                self.broken.append(utc_text(now))
                wait = self._times[0] + HOUR - now
                return Status(429, {"Retry-After": str(int(wait.total_seconds()) + 1)})
            return self._page(endpoint)

    def _page(self, endpoint: str) -> Behaviour:
        address = urlsplit(endpoint)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        found = list(self._found(address.path, asked))
        start, size = int(asked.get("offset", 0)), min(int(asked.get("limit", 10)), 100)
        more = start + size < len(found)
        page = {
            "count": len(found),
            "next": f"{self.url}/{address.path}?offset={start + size}" if more else None,
            "previous": None,
            "results": found[start : start + size],
        }
        return Body(json.dumps(page).encode(), {"Content-Type": JSON})

    def _found(self, path: str, asked: dict[str, str]) -> Iterable[dict[str, object]]:
        now = utc_text(self._clock())
        for launch in sorted(self.launches, key=lambda each: str(each["net"])):
            provider = launch["launch_service_provider"]["id"]  # type: ignore[index]
            is_past = str(launch["net"]) < now
            if (
                str(provider) == asked.get("lsp__id", str(provider))
                and is_past == ("previous" in path)
                and str(launch["last_updated"]) >= asked.get("last_updated__gte", "")
                and str(launch["net"]) >= asked.get("net__gte", "")
            ):
                yield launch
