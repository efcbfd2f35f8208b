"""What every fetch strategy works on: an endpoint, the snapshot store and an HTTP client."""

from dataclasses import dataclass
from pathlib import Path

from spacex.errors import ServiceUnavailableError
from spacex.extract.http_client import Client, Response
from spacex.extract.request_ledger import Ledger, LockedLedger
from spacex.extract.run_folder import ExtractedSnapshot, Origin
from spacex.extract.snapshots import Snapshot, SnapshotStore
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
        """The request ledger of this service."""
        return Ledger(ledger_path(self.store, self.source))

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

    def newest_intact(self) -> Snapshot | None:
        """Return the endpoint's newest snapshot; None if there is none or it is damaged."""
        return self.store.newest_intact(self.source.name, self.endpoint.name)

    def paused(self, ledger: LockedLedger) -> ServiceUnavailableError:
        """Return the error that says until when requests are paused, and why."""
        reason = ledger.entry.trouble or "The last response is no longer stored."
        return ServiceUnavailableError(
            f"Requests to {self.source.title} are paused until {ledger.entry.next_utc}. {reason}",
            remedy="Wait until then. Earlier requests could get this address blocked.",
        )


def ledger_path(store: SnapshotStore, source: Source) -> Path:
    """Return the path of a service's request ledger."""
    return store.folder / source.name / "ledger.json"


def extracted(snapshot: Snapshot, origin: Origin, checked_utc: str = "") -> ExtractedSnapshot:
    """Return a snapshot as part of a run; by default, last checked when it was retrieved."""
    checked = checked_utc or snapshot.retrieved_utc
    return ExtractedSnapshot(snapshot=snapshot, origin=origin, checked_utc=checked)
