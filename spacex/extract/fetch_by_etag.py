"""Lists at addresses of their own, fetched again only if their ETag says that they changed."""

from spacex.extract.fetch_context import FetchContext, extracted
from spacex.extract.run_folder import ExtractedSnapshot
from spacex.sources.source import Endpoint
from spacex.units import utc_text


def fetch(context: FetchContext, endpoint: Endpoint) -> list[ExtractedSnapshot]:
    """The list as it is now.

    Raises:
        ServiceUnavailableError, ResponseError: as `Client.get`.
    """
    url = context.url(f"/{endpoint.name}")
    newest = context.store.newest_intact(context.source.name, endpoint.name)
    known = newest if newest and newest.url == url else None
    answer = context.client.get(url, etag=known.etag if known else None)
    checked_utc = utc_text(answer.retrieved_at)
    if known and answer.status == 304:
        return [extracted(known, "not modified", checked_utc)]
    return [extracted(context.save(endpoint, answer), "fetched", checked_utc)]


def stored(
    context: FetchContext, endpoint: Endpoint, as_of_utc: str = ""
) -> list[ExtractedSnapshot]:
    """The newest stored answer, or none.

    Raises:
        SnapshotError: it is damaged.
    """
    if as_of_utc:
        found = context.stored(endpoint, as_of_utc)
        newest = found[-1] if found else None
    else:
        newest = context.store.newest(context.source.name, endpoint.name)
    if newest is None:
        return []
    context.store.read(newest)
    return [extracted(newest, "stored")]
