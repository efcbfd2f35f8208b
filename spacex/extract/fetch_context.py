"""What every fetch strategy works on: an endpoint, the snapshot store and an HTTP client."""

from dataclasses import dataclass
from pathlib import Path

from spacex.errors import ServiceUnavailableError
from spacex.extract.http_client import Client, Response
from spacex.extract.request_ledger import Ledger, Pause
from spacex.extract.run_folder import ExtractedSnapshot, Origin
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.sources.request_rules import OncePerWindow
from spacex.sources.source import Endpoint, Source


@dataclass(frozen=True)
class FetchContext:
    """An endpoint of a service, and the means to fetch it; the base URL may be that of a mirror."""

    source: Source
    endpoint: Endpoint
    base_url: str
    store: SnapshotStore
    client: Client

    @property
    def ledger(self) -> Ledger:
        """The request ledger of this service's host."""
        return Ledger(ledger_path(self.store, self.source), self.source.name)

    def url(self, suffix: str) -> str:
        """Return the base URL with a suffix, which begins with `/` or `?`."""
        return f"{self.base_url.rstrip('/')}{suffix}"

    def save(self, response: Response, *, part: str = "", is_last: bool = True) -> Snapshot:
        """Validate a response and store it as a snapshot.

        Args:
            response: the response.
            part: name of the part or sweep the page belongs to; empty if the endpoint is unpaged.
            is_last: whether it is the last page of its sweep.

        Raises:
            ResponseError: the response is not what the endpoint promises.
        """
        count = self.endpoint.count(response.body, response.url)
        return self.store.save(
            self.source, self.endpoint.name, response, count, part=part, is_last=is_last
        )

    def snapshots(self, as_of_utc: str = "") -> list[Snapshot]:
        """Return the endpoint's snapshots, oldest first, up to an instant if one is given.

        Raises:
            SnapshotError: a sidecar cannot be read.
        """
        snapshots = self.store.all(self.source.name, self.endpoint.name)
        return [each for each in snapshots if not as_of_utc or each.retrieved_utc <= as_of_utc]

    def newest(self, as_of_utc: str = "", *, part: str | None = None) -> Snapshot | None:
        """Return the newest snapshot of the endpoint, or of a part of it; see `SnapshotStore`."""
        return self.store.newest(self.source.name, self.endpoint.name, as_of_utc, part=part)

    def newest_intact(self, part: str | None = None) -> Snapshot | None:
        """Return the newest snapshot of the endpoint or a part; None if none or it is damaged."""
        return self.store.newest_intact(self.source.name, self.endpoint.name, part=part)

    def paused(self, pause: Pause) -> ServiceUnavailableError:
        """Return the error that says until when requests are paused, and why."""
        reason = pause.trouble or "The last response is no longer stored."
        return ServiceUnavailableError(
            f"Requests to {self.source.title} are paused until {pause.next_utc}. {reason}",
            remedy="Wait until then. Earlier requests could get this address blocked.",
        )


def ledger_path(store: SnapshotStore, source: Source) -> Path:
    """Return the path of the request ledger of a service's host."""
    rules = source.rules
    host = rules.host if isinstance(rules, OncePerWindow) else ""
    return store.folder / (host or source.name) / "ledger.json"


def extracted(snapshot: Snapshot, origin: Origin, checked_utc: str = "") -> ExtractedSnapshot:
    """Return a snapshot as part of a run; by default, last checked when it was retrieved.

    Args:
        snapshot: the snapshot.
        origin: how the run obtained it.
        checked_utc: instant at which the service last confirmed it; empty: when it was retrieved.
    """
    checked = checked_utc or snapshot.retrieved_utc
    return ExtractedSnapshot(snapshot=snapshot, origin=origin, checked_utc=checked)
