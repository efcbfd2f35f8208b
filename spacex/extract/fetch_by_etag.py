"""Fetch endpoints that have URLs of their own, and download them only if their ETag changed."""

from spacex.errors import ResponseError, ServiceUnavailableError
from spacex.extract.fetch_context import FetchContext, extracted
from spacex.extract.run_folder import ExtractedSnapshot
from spacex.units import utc_text


def fetch(context: FetchContext) -> ExtractedSnapshot:
    """Return the current snapshot.

    Raises:
        ServiceUnavailableError, ResponseError: see `Client.get`.
    """
    url = context.url(f"/{context.endpoint.name}")
    newest = context.newest_intact()
    known = newest if newest and newest.url == url else None
    try:
        response = context.client.get(url, etag=known.etag if known else None)
    except (ServiceUnavailableError, ResponseError):
        context.ledger.count(is_refused=True)
        raise
    context.ledger.count(is_refused=False)
    checked_utc = utc_text(response.retrieved_at)
    if known and response.status == 304:
        return extracted(known, "not modified", checked_utc)
    return extracted(context.save(response), "fetched", checked_utc)
