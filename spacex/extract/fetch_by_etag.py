"""Lists at addresses of their own, fetched again only if their ETag says that they changed."""

from spacex.extract.fetch_context import Desk, extracted
from spacex.extract.run_folder import Extracted
from spacex.sources.source import Endpoint
from spacex.units import utc_text


def fetch(desk: Desk, endpoint: Endpoint) -> list[Extracted]:
    """The list as it is now.

    Raises:
        ServiceUnavailableError, AnswerError: as `Client.get`.
    """
    url = desk.url(f"/{endpoint.name}")
    newest = desk.store.newest_intact(desk.source.name, endpoint.name)
    known = newest if newest and newest.url == url else None
    answer = desk.client.get(url, etag=known.etag if known else None)
    checked_utc = utc_text(answer.retrieved_at)
    if known and answer.status == 304:
        return [extracted(known, "not modified", checked_utc)]
    return [extracted(desk.save(endpoint, answer), "fetched", checked_utc)]


def stored(desk: Desk, endpoint: Endpoint, as_of_utc: str = "") -> list[Extracted]:
    """The newest stored answer, or none.

    Raises:
        SnapshotError: it is damaged.
    """
    if as_of_utc:
        found = desk.stored(endpoint, as_of_utc)
        newest = found[-1] if found else None
    else:
        newest = desk.store.newest(desk.source.name, endpoint.name)
    if newest is None:
        return []
    desk.store.read(newest)
    return [extracted(newest, "stored")]
