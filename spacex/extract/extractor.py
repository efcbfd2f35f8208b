"""Extract: select the snapshots a run is built from, by its mode.

An outage never replaces good data. When a service is down, mode `auto` uses its newest stored
snapshots, or continues without a service that has never been reached. The bundled sample is used
only if no real data are available. An optional source stops no run: a response that cannot be used
counts as an outage of it.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain

from spacex.errors import ResponseError, ServiceUnavailableError, SnapshotError, SpacexError
from spacex.extract.fetch import FetchContext, fetch, stored
from spacex.extract.fetch_context import extracted
from spacex.extract.http_client import Client, Response
from spacex.extract.run_folder import ExtractedSnapshot, Manifest, Mode
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import SAMPLE, SERVICES, Source
from spacex.sources.request_rules import OncePerWindow
from spacex.sources.sample import NOTE, sample_response_bytes
from spacex.units import utc_now, utc_text


@dataclass
class _Selection:
    """The snapshots a run is built from, their sources, and remarks for its reader."""

    extracted: list[ExtractedSnapshot] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, source: Source, snapshots: list[ExtractedSnapshot], note: str = "") -> None:
        """Add the snapshots of a source, which may be none."""
        if snapshots and source not in self.sources:
            self.sources.append(source)
        self.extracted += snapshots
        self.notes += [note] if note else []


@dataclass(frozen=True)
class Extractor:
    """The extract stage.

    Attributes:
        base_urls: name of a service → its base URL, in request order.
        published: services and endpoints whose data the published database holds.
        as_of_utc: ignore snapshots stored after this instant; empty: use all.
        sample_satellites: catalogued satellites of the sample; None: as many as there are.
    """

    store: SnapshotStore
    client: Client
    base_urls: Mapping[str, str]
    published: frozenset[tuple[str, str]] = frozenset()
    as_of_utc: str = ""
    sample_satellites: int | None = None

    def extract(self, run_id: str, mode: Mode, only: Sequence[str] = ()) -> Manifest:
        """Return the manifest of the snapshots a run is built from.

        Args:
            run_id: the run.
            mode: `api` requests from the services; `snapshot` uses the newest stored snapshots
                without network access; `sample` uses the bundled sample; `auto` requests from the
                services and uses stored snapshots in an outage.
            only: names of the endpoints to extract; all if empty.

        Raises:
            ServiceUnavailableError: a service is down and nothing replaces its data.
            ResponseError: a response is not what the endpoint promises.
            SnapshotError: a snapshot is missing or damaged.
        """
        match mode:
            case "api":
                selection = self._fetched(only)
            case "snapshot":
                selection = self._stored(only)
            case "sample":
                selection = self._sample(only)
            case "auto":
                selection = self._fetched_or_stored(only)
        if mode != "sample":
            self._add_related(selection, only)
        return Manifest(
            run_id=run_id,
            source=",".join(source.name for source in selection.sources),
            mode=mode,
            is_simulated=any(source.is_simulated for source in selection.sources),
            note="\n".join(selection.notes),
            as_of_utc=self.as_of_utc,
            extracted=tuple(selection.extracted),
        )

    def first_utc(self, only: Sequence[str] = ()) -> str:
        """Return the first instant by which a run has a snapshot to use; empty if there is none.

        Args:
            only: names of the endpoints to extract; all if empty.
        """
        contexts = chain(*self._services(only))
        return min(filter(None, map(_first_utc, contexts)), default="")

    def _services(self, only: Sequence[str]) -> list[list[FetchContext]]:
        """Return the wanted endpoints of each service that has any, in order."""
        services = [
            [
                FetchContext(SERVICES[name], endpoint, url, self.store, self.client)
                for endpoint in SERVICES[name].select(only)
            ]
            for name, url in self.base_urls.items()
        ]
        return [contexts for contexts in services if contexts]

    def _fetched(self, only: Sequence[str]) -> _Selection:
        selection = _Selection()
        for context in chain(*self._services(only)):
            selection.add(context.source, fetch(context))
        return selection

    def _stored(self, only: Sequence[str]) -> _Selection:
        selection, services = _Selection(), self._services(only)
        if self.as_of_utc:
            stored_by = min(self.as_of_utc, utc_text(utc_now()))  # today ends in the future
            selection.notes.append(f"Built from the snapshots stored by {stored_by}.")
        for contexts in services:
            selection.add(contexts[0].source, self._replacement(contexts))
        if not selection.extracted:
            raise self._missing(services[0][0])
        return selection

    def _fetched_or_stored(self, only: Sequence[str]) -> _Selection:
        """Fetch from each service until its first outage, then use its stored snapshots."""
        selection = _Selection()
        outages: list[SpacexError] = []
        for contexts in self._services(only):
            snapshots: list[ExtractedSnapshot] = []
            note = ""
            for position, context in enumerate(contexts):
                try:
                    snapshots += fetch(context)
                except _outages(context.source) as outage:
                    outages.append(outage)
                    rest = contexts[position:]
                    snapshots += self._replacement(rest, outage, was_up=position > 0)
                    note = _outage_note(outage, snapshots)
                    break
            selection.add(contexts[0].source, snapshots, note)
        wanted = [each[0].source for each in self._services(only)]
        is_usable = selection.extracted and (
            not all(each.is_optional for each in selection.sources)
            or all(each.is_optional for each in wanted)
        )
        return selection if is_usable else self._sample(only, outages)

    def _add_related(self, selection: _Selection, only: Sequence[str]) -> None:
        """Add the stored snapshots of endpoints that a wanted endpoint must be loaded with."""
        every = [e for service in self.base_urls for e in SERVICES[service].endpoints.values()]
        groups = [{each.name, *each.adds_to} for each in every if each.adds_to]
        names = set(only)
        for _ in groups:  # a related endpoint may have related endpoints of its own
            names = names.union(*(group for group in groups if group & names))
        names -= set(only)
        for context in chain(*self._services(sorted(names))) if names else ():
            selection.add(context.source, stored(context, self.as_of_utc))

    def _replacement(
        self,
        contexts: Sequence[FetchContext],
        outage: SpacexError | None = None,
        *,
        was_up: bool = False,
    ) -> list[ExtractedSnapshot]:
        """Return stored snapshots of a service; none if it has never been reached.

        Args:
            contexts: the endpoints.
            outage: the outage that makes them necessary.
            was_up: whether the service responded earlier in this run.

        Raises:
            SnapshotError: some endpoints are stored and others are not, or none is although the
                database has been built from them. Of catalogues, whose files are independent, only
                an endpoint that the database has been built from is missed, and of optional
                sources none.
        """
        source = contexts[0].source
        if source.is_optional:
            with suppress(SnapshotError):
                return list(chain(*(stored(each, self.as_of_utc) for each in contexts)))
            return []
        snapshots = [stored(context, self.as_of_utc) for context in contexts]
        is_published = any(name == source.name for name, _ in self.published)
        is_known = was_up or any(snapshots) or is_published
        is_independent = isinstance(source.rules, OncePerWindow)
        for context, found in zip(contexts, snapshots, strict=True):
            is_missed = (
                (source.name, context.endpoint.name) in self.published
                if is_independent
                else is_known
            )
            if not found and is_missed and not self.as_of_utc:
                raise self._missing(context, outage)
        return list(chain(*snapshots))

    def _missing(self, context: FetchContext, outage: SpacexError | None = None) -> SnapshotError:
        cause = f"{outage.message} " if outage else ""
        by = f" by {self.as_of_utc}" if self.as_of_utc else ""
        return SnapshotError(
            f"{cause}No snapshot of {context.endpoint.name} is stored in {self.store.folder}{by}.",
            remedy="The database is unchanged. Run again once the service is up, "
            "or exclude this endpoint with --only.",
        )

    def _sample(self, only: Sequence[str], outages: Sequence[SpacexError] = ()) -> _Selection:
        contexts = [
            FetchContext(SAMPLE, endpoint, "sample:", self.store, self.client)
            for endpoint in SAMPLE.select(only)
        ]
        snapshots = [_sample_snapshot(context, self.sample_satellites) for context in contexts]
        notes = [f"{outage.message} The bundled sample is used instead." for outage in outages]
        return _Selection(snapshots, [SAMPLE], [NOTE, *notes])


def _outages(source: Source) -> tuple[type[SpacexError], ...]:
    """Return the errors upon which stored snapshots of a source are used."""
    if source.is_optional:
        return ServiceUnavailableError, ResponseError, SnapshotError
    return (ServiceUnavailableError,)


def _first_utc(context: FetchContext) -> str:
    """Return the first instant by which the snapshots of an endpoint are complete; empty if none.

    Damaged snapshots do not count.
    """
    for snapshot in context.snapshots():
        with suppress(SnapshotError):
            if stored(context, snapshot.retrieved_utc):
                return snapshot.retrieved_utc
    return ""


def _outage_note(outage: SpacexError, snapshots: list[ExtractedSnapshot]) -> str:
    if not snapshots:
        return f"{outage.message} No snapshot of it is stored; the run continues without it."
    oldest = min(item.checked_utc for item in snapshots)
    return f"{outage.message} Stored snapshots are used instead, checked {oldest}."


def _sample_snapshot(context: FetchContext, satellites: int | None) -> ExtractedSnapshot:
    response = Response(
        url=f"{context.base_url}{context.endpoint.name}",
        status=0,
        body=sample_response_bytes(context.endpoint.name, satellites),
        etag=None,
        content_type="application/json",
        retrieved_at=utc_now(),
    )
    return extracted(context.save(response), "sample")
