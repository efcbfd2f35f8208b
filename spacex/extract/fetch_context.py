"""One service, where its answers are kept, and who asks it: what every way of fetching works on."""

from dataclasses import dataclass
from pathlib import Path

from spacex.extract.http_client import Client, Response
from spacex.extract.request_ledger import Ledger
from spacex.extract.run_folder import ExtractedSnapshot, Origin
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.sources.source import Endpoint, Source


@dataclass(frozen=True)
class FetchContext:
    """A service at work.

    Attributes:
        source: the service.
        base_url: its address, or a mirror's.
        store: the stored answers.
        client: asks.
    """

    source: Source
    base_url: str
    store: SnapshotStore
    client: Client

    @property
    def ledger(self) -> Ledger:
        """The ledger of this service."""
        return Ledger(ledger_path(self.store, self.source))

    def url(self, behind: str) -> str:
        """An address below the service's."""
        return f"{self.base_url.rstrip('/')}{behind}"

    def save(
        self, endpoint: Endpoint, answer: Response, *, part: str = "", is_last: bool = True
    ) -> Snapshot:
        """Store an answer.

        Raises:
            ResponseError: it is not what the list's answers are.
        """
        count = endpoint.count(answer.body, answer.url)
        return self.store.save(
            self.source, endpoint.name, answer, count, part=part, is_last=is_last
        )

    def stored(self, endpoint: Endpoint, as_of_utc: str = "") -> list[Snapshot]:
        """The stored answers of a list, oldest first; of those by an instant, if one is given.

        Raises:
            SnapshotError: a sidecar cannot be read.
        """
        every = self.store.all(self.source.name, endpoint.name)
        return [each for each in every if not as_of_utc or each.retrieved_utc <= as_of_utc]


def ledger_path(store: SnapshotStore, source: Source) -> Path:
    """The file of a service's ledger."""
    return store.folder / source.name / "ledger.json"


def extracted(snapshot: Snapshot, origin: Origin, checked_utc: str = "") -> ExtractedSnapshot:
    """A stored answer as one of a run's; checked when it was retrieved, unless told otherwise."""
    checked = checked_utc or snapshot.retrieved_utc
    return ExtractedSnapshot(snapshot=snapshot, origin=origin, checked_utc=checked)
