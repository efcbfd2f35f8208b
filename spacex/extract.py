"""Extract: one stored answer for each list of a source, by the way the run was asked to take.

An outage never replaces good data: when the service cannot be reached, `auto` takes the newest
stored answers, and only where there has never been real data the bundled sample.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from spacex.download import Answer, Client
from spacex.errors import ServiceUnavailableError, SnapshotError
from spacex.records import count_records
from spacex.runs import Extracted, Manifest, Mode, Origin
from spacex.snapshots import Snapshot, SnapshotStore
from spacex.sources.sample import SAMPLE, sample_answer_bytes
from spacex.sources.source import Endpoint, Source
from spacex.sources.spacexdata import SPACEXDATA
from spacex.units import utc_now, utc_text

SIMULATED = "The Starlink fleet is simulated; the launches are a bundled history."


@dataclass(frozen=True)
class Extractor:
    """Extract, with what it works on.

    Attributes:
        store: the stored answers.
        client: asks the service.
        base_url: address the lists' names are joined to.
        has_real_data: whether the published database holds real data.
        as_of_utc: take the newest stored answers not later than this instant; empty: the newest.
    """

    store: SnapshotStore
    client: Client
    base_url: str
    has_real_data: bool
    as_of_utc: str = ""

    def extract(self, run_id: str, mode: Mode, only: Sequence[str] = ()) -> Manifest:
        """The stored answers a run is built from.

        Args:
            run_id: the run.
            mode: `api` asks the service; `snapshot` takes the newest stored answers and touches no
                network; `sample` takes the bundled sample; `auto` asks the service and makes do
                with stored answers in an outage.
            only: names of the lists wanted; all if empty.

        Raises:
            SettingsError: an unknown list was named.
            ServiceUnavailableError: the service cannot be reached and nothing can stand in for it.
            AnswerError: the service answers with something else than it promises.
            SnapshotError: a stored answer is missing or damaged.
        """
        wanted = SPACEXDATA.select(only)
        match mode:
            case "api":
                source, extracted, note = SPACEXDATA, [self._fetch(e) for e in wanted], ""
            case "snapshot":
                note = (
                    f"Built from the answers stored by {self.as_of_utc}." if self.as_of_utc else ""
                )
                source, extracted = SPACEXDATA, [self._stored(e) for e in wanted]
            case "sample":
                source, extracted, note = SAMPLE, [self._sample(e) for e in wanted], SIMULATED
            case "auto":
                source, extracted, note = self._fetch_or_make_do(wanted)
        return Manifest(
            run_id=run_id,
            source=source.name,
            mode=mode,
            is_simulated=source.is_simulated,
            note=note,
            extracted=tuple(extracted),
        )

    def _fetch_or_make_do(self, wanted: list[Endpoint]) -> tuple[Source, list[Extracted], str]:
        """Ask for each list; the first outage ends the asking, out of courtesy and for speed."""
        extracted: list[Extracted] = []
        try:
            for endpoint in wanted:
                extracted.append(self._fetch(endpoint))  # noqa: PERF401 - what came is kept
        except ServiceUnavailableError as outage:
            if not self.has_real_data and not self._any_stored():
                sample = [self._sample(endpoint) for endpoint in wanted]
                return SAMPLE, sample, f"{outage.message} {SIMULATED}"
            rest = wanted[len(extracted) :]
            extracted += [self._stored(endpoint, outage) for endpoint in rest]
            oldest = min(item.checked_utc for item in extracted)
            note = f"{outage.message} Stored answers stand in, current as of {oldest}."
            return SPACEXDATA, extracted, note
        return SPACEXDATA, extracted, ""

    def _fetch(self, endpoint: Endpoint) -> Extracted:
        url = f"{self.base_url.rstrip('/')}/{endpoint.name}"
        newest = self.store.newest_intact(SPACEXDATA.name, endpoint.name)
        known = newest if newest and newest.url == url else None
        answer = self.client.get(url, etag=known.etag if known else None)
        if known and answer.status == 304:
            return _extracted(known, "not modified", utc_text(answer.retrieved_at))
        snapshot = self._save(SPACEXDATA, endpoint, answer)
        return _extracted(snapshot, "fetched", utc_text(answer.retrieved_at))

    def _stored(
        self, endpoint: Endpoint, outage: ServiceUnavailableError | None = None
    ) -> Extracted:
        snapshot = self._newest_stored(endpoint)
        if snapshot is None:
            happened = f"{outage.message} " if outage else ""
            by = f" by {self.as_of_utc}" if self.as_of_utc else ""
            raise SnapshotError(
                f"{happened}No answer of {endpoint.name} is stored in {self.store.folder}{by}.",
                remedy="The database is unchanged. Run again once the service is up, "
                "or leave this list out with --only.",
            )
        self.store.read(snapshot)
        return _extracted(snapshot, "stored", snapshot.retrieved_utc)

    def _newest_stored(self, endpoint: Endpoint) -> Snapshot | None:
        if not self.as_of_utc:
            return self.store.newest(SPACEXDATA.name, endpoint.name)
        stored = self.store.all(SPACEXDATA.name, endpoint.name)
        by_then = [each for each in stored if each.retrieved_utc <= self.as_of_utc]
        return by_then[-1] if by_then else None

    def _sample(self, endpoint: Endpoint) -> Extracted:
        answer = Answer(
            url=f"sample:{endpoint.name}",
            status=0,
            body=sample_answer_bytes(endpoint.name),
            etag=None,
            content_type="application/json",
            retrieved_at=utc_now(),
        )
        snapshot = self._save(SAMPLE, endpoint, answer)
        return _extracted(snapshot, "sample", snapshot.retrieved_utc)

    def _save(self, source: Source, endpoint: Endpoint, answer: Answer) -> Snapshot:
        count = count_records(answer.body, answer.url)
        return self.store.save(source, endpoint.name, answer, count)

    def _any_stored(self) -> bool:
        return any(self.store.newest(SPACEXDATA.name, name) for name in SPACEXDATA.endpoints)


def _extracted(snapshot: Snapshot, origin: Origin, checked_utc: str) -> Extracted:
    return Extracted(snapshot=snapshot, origin=origin, checked_utc=checked_utc)
