"""Replicas of CelesTrak and Launch Library that enforce their rules.

A request that breaks a rule gets the service's error response and is recorded in `violations`.
"""

import json
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from spacex.units import utc_now, utc_text
from tests.replica import JSON, Behaviour, Body, Replica, Status

NOT_UPDATED = b"GP data has not updated since your last successful download of GROUP=starlink"
HOUR = timedelta(hours=1)


class CelesTrak(Replica):
    """CelesTrak's GP service, which sends the same data once and 403 from then on.

    Attributes:
        violations: times of requests for data already sent.
    """

    def __init__(self) -> None:
        super().__init__(Path("/nonexistent"))
        self._body = b"[]"
        self._is_sent = False
        self._rules_lock = threading.Lock()
        self.violations: list[str] = []

    @property
    def gp_url(self) -> str:
        """The service's URL."""
        return f"{self.url}/gp.php"

    def publish(self, body: bytes) -> None:
        """Publish new data, which may be requested once."""
        self._body, self._is_sent = body, False

    def next_behaviour(self, endpoint: str) -> Behaviour:
        if self._scripts.get(""):
            return super().next_behaviour("")
        with self._rules_lock:
            if endpoint != "gp.php?GROUP=starlink&FORMAT=json":
                return Status(404)
            if self._is_sent:
                self.violations.append(utc_text(utc_now()))
                return Status(403, body=NOT_UPDATED)
            self._is_sent = True
            return Body(self._body)


class LaunchLibrary(Replica):
    """Launch Library, which sends launches in pages within the free tier's hourly budget.

    Attributes:
        violations: times of requests beyond the budget.
    """

    BUDGET = 15

    def __init__(self) -> None:
        super().__init__(Path("/nonexistent"))
        self._rules_lock = threading.Lock()
        self._times: list[datetime] = []
        self.launches: list[dict[str, object]] = []
        self.violations: list[str] = []

    def next_behaviour(self, endpoint: str) -> Behaviour:
        if self._scripts.get(""):
            return super().next_behaviour("")
        with self._rules_lock:
            now = utc_now()
            self._times = [each for each in self._times if each > now - HOUR] + [now]
            if len(self._times) > self.BUDGET:
                self.violations.append(utc_text(now))
                wait = self._times[0] + HOUR - now
                return Status(429, {"Retry-After": str(int(wait.total_seconds()) + 1)})
            return self._page(endpoint)

    def _page(self, endpoint: str) -> Behaviour:
        address = urlsplit(endpoint)
        parameters = {name: values[0] for name, values in parse_qs(address.query).items()}
        matching = list(self._matching(address.path, parameters))
        start, size = int(parameters.get("offset", 0)), min(int(parameters.get("limit", 10)), 100)
        more = start + size < len(matching)
        page = {
            "count": len(matching),
            "next": f"{self.url}/{address.path}?offset={start + size}" if more else None,
            "previous": None,
            "results": matching[start : start + size],
        }
        return Body(json.dumps(page).encode(), {"Content-Type": JSON})

    def _matching(self, path: str, parameters: dict[str, str]) -> Iterable[dict[str, object]]:
        now = utc_text(utc_now())
        for launch in sorted(self.launches, key=lambda each: str(each["net"])):
            provider = launch["launch_service_provider"]["id"]  # type: ignore[index]
            is_past = str(launch["net"]) < now
            if (
                str(provider) == parameters.get("lsp__id", str(provider))
                and is_past == ("previous" in path)
                and str(launch["last_updated"]) >= parameters.get("last_updated__gte", "")
                and str(launch["net"]) >= parameters.get("net__gte", "")
            ):
                yield launch
