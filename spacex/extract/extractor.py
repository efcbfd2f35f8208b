"""Extract: the stored answers a run is built from, by the way the run was asked to take.

An outage never replaces good data: when a service cannot be reached, `auto` takes its newest
stored answers, and goes on without it where it has never been reached. Only where nothing real can
be had, now or before, the bundled sample stands in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from spacex.errors import ServiceUnavailableError, SnapshotError
from spacex.extract.fetch import FetchContext, fetch, stored
from spacex.extract.fetch_context import extracted
from spacex.extract.http_client import Client, Response
from spacex.extract.run_folder import ExtractedSnapshot, Manifest, Mode
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import SAMPLE, Source
from spacex.sources.sample import sample_response_bytes
from spacex.sources.source import Endpoint
from spacex.units import utc_now

SIMULATED = "The Starlink fleet is simulated; the launches are a bundled history."


@dataclass(frozen=True)
class Service:
    """A service a run asks, and its address, or a mirror's."""

    source: Source
    base_url: str


@dataclass
class Found:
    """What a run can be built from: the answers, whose they are, and what a reader must know."""

    extracted: list[ExtractedSnapshot] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, source: Source, answers: list[ExtractedSnapshot], note: str = "") -> None:
        """Add what there is of one source; nothing may be."""
        if answers:
            self.sources.append(source)
        self.extracted += answers
        self.notes += [note] if note else []


@dataclass(frozen=True)
class Extractor:
    """Extract, with what it works on.

    Attributes:
        store: the stored answers.
        client: asks the services.
        services: the services, in the order they are asked.
        published: names of the services whose data the published database holds.
        as_of_utc: take the newest stored answers not later than this instant; empty: the newest.
    """

    store: SnapshotStore
    client: Client
    services: tuple[Service, ...]
    published: frozenset[str] = frozenset()
    as_of_utc: str = ""

    def extract(self, run_id: str, mode: Mode, only: Sequence[str] = ()) -> Manifest:
        """The stored answers a run is built from.

        Args:
            run_id: the run.
            mode: `api` asks the services; `snapshot` takes the newest stored answers and touches
                no network; `sample` takes the bundled sample; `auto` asks the services and makes
                do with stored answers in an outage.
            only: names of the lists wanted; all if empty.

        Raises:
            ServiceUnavailableError: a service cannot be reached and nothing may stand in for it.
            ResponseError: a service answers with something else than it promises.
            SnapshotError: a stored answer is missing or damaged.
        """
        match mode:
            case "api":
                found = self._fetched(only)
            case "snapshot":
                found = self._stored(only)
            case "sample":
                found = self._sample(only)
            case "auto":
                found = self._fetched_or_stored(only)
        if mode != "sample":
            self._complete(found, only)
        return Manifest(
            run_id=run_id,
            source=",".join(source.name for source in found.sources),
            mode=mode,
            is_simulated=any(source.is_simulated for source in found.sources),
            note=" ".join(found.notes),
            extracted=tuple(found.extracted),
        )

    def _contexts(self, only: Sequence[str]) -> list[tuple[FetchContext, list[Endpoint]]]:
        """Each service that has a list wanted, with these lists in order."""
        desks = [
            FetchContext(service.source, service.base_url, self.store, self.client)
            for service in self.services
        ]
        lists = [[e for n, e in d.source.endpoints.items() if not only or n in only] for d in desks]
        return [(context, wanted) for context, wanted in zip(desks, lists, strict=True) if wanted]

    def _fetched(self, only: Sequence[str]) -> Found:
        found = Found()
        for context, wanted in self._contexts(only):
            found.add(context.source, [item for each in wanted for item in fetch(context, each)])
        return found

    def _stored(self, only: Sequence[str]) -> Found:
        found = Found()
        if self.as_of_utc:
            found.notes.append(f"Built from the answers stored by {self.as_of_utc}.")
        for context, wanted in self._contexts(only):
            found.add(context.source, self._standing_in(context, wanted))
        if not found.extracted:
            _, wanted = self._contexts(only)[0]
            raise self._missing(wanted[0])
        return found

    def _fetched_or_stored(self, only: Sequence[str]) -> Found:
        """Ask each service; its first outage ends the asking of it, out of courtesy."""
        found, outages = Found(), []
        for context, wanted in self._contexts(only):
            answers: dict[str, list[ExtractedSnapshot]] = {}
            try:
                for endpoint in wanted:
                    answers[endpoint.name] = fetch(context, endpoint)
                note = ""
            except ServiceUnavailableError as outage:
                outages.append(outage)
                rest = [endpoint for endpoint in wanted if endpoint.name not in answers]
                answers[""] = self._standing_in(context, rest, outage, is_begun=bool(answers))
                note = _note(outage, [item for each in answers.values() for item in each])
            found.add(context.source, [item for each in answers.values() for item in each], note)
        return found if found.extracted else self._sample(only, outages)

    def _complete(self, found: Found, only: Sequence[str]) -> None:
        """Add the stored answers of lists that were not asked for, but belong to one that was."""
        every = [each for service in self.services for each in service.source.endpoints.values()]
        groups = [{each.name, *each.adds_to} for each in every if each.adds_to]
        names = set().union(*(group for group in groups if group & set(only))) - set(only)
        for context, wanted in self._contexts(sorted(names)) if names else []:
            answers = [item for each in wanted for item in stored(context, each, self.as_of_utc)]
            if answers and context.source not in found.sources:
                found.sources.append(context.source)
            found.extracted += answers

    def _standing_in(
        self,
        context: FetchContext,
        wanted: list[Endpoint],
        outage: ServiceUnavailableError | None = None,
        *,
        is_begun: bool = False,
    ) -> list[ExtractedSnapshot]:
        """The stored answers of a service's lists; none where it has never been reached.

        Raises:
            SnapshotError: some lists are stored and others are not, or none are though the
                database has been built from them.
        """
        answers = {each.name: stored(context, each, self.as_of_utc) for each in wanted}
        is_known = is_begun or any(answers.values()) or context.source.name in self.published
        for endpoint in wanted:
            if not answers[endpoint.name] and is_known and not self.as_of_utc:
                raise self._missing(endpoint, outage)
        return [item for each in answers.values() for item in each]

    def _missing(
        self, endpoint: Endpoint, outage: ServiceUnavailableError | None = None
    ) -> SnapshotError:
        happened = f"{outage.message} " if outage else ""
        by = f" by {self.as_of_utc}" if self.as_of_utc else ""
        return SnapshotError(
            f"{happened}No answer of {endpoint.name} is stored in {self.store.folder}{by}.",
            remedy="The database is unchanged. Run again once the service is up, "
            "or leave this list out with --only.",
        )

    def _sample(
        self, only: Sequence[str], outages: Sequence[ServiceUnavailableError] = ()
    ) -> Found:
        context = FetchContext(SAMPLE, "sample:", self.store, self.client)
        answers = [_sample_response(context, endpoint) for endpoint in SAMPLE.select(only)]
        return Found(answers, [SAMPLE], [SIMULATED, *(outage.message for outage in outages)])


def _note(outage: ServiceUnavailableError, answers: list[ExtractedSnapshot]) -> str:
    if not answers:
        return f"{outage.message} Nothing of it is stored; the run goes on without it."
    oldest = min(item.checked_utc for item in answers)
    return f"{outage.message} Stored answers stand in, current as of {oldest}."


def _sample_response(context: FetchContext, endpoint: Endpoint) -> ExtractedSnapshot:
    answer = Response(
        url=f"{context.base_url}{endpoint.name}",
        status=0,
        body=sample_response_bytes(endpoint.name),
        etag=None,
        content_type="application/json",
        retrieved_at=utc_now(),
    )
    return extracted(context.save(endpoint, answer), "sample")
