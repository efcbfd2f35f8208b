"""Fetch an endpoint by its service's request rules, or read it from the snapshot store."""

from spacex.extract import fetch_by_etag, fetch_pages, fetch_window
from spacex.extract.fetch_context import FetchContext, extracted, ledger_path
from spacex.extract.run_folder import ExtractedSnapshot
from spacex.sources.request_rules import OncePerWindow, Paged
from spacex.sources.source import Endpoint

__all__ = ["FetchContext", "fetch", "ledger_path", "stored"]


def fetch(context: FetchContext, endpoint: Endpoint) -> list[ExtractedSnapshot]:
    """Return the endpoint's current snapshots; request them where the service's rules allow it.

    Raises:
        ServiceUnavailableError: the service is down, rejects the request, or is paused by the
            request ledger.
        ResponseError: the response is not what the endpoint promises.
        SnapshotError: a stored snapshot or the ledger is damaged.
    """
    match context.source.rules:
        case OncePerWindow() as rules:
            return fetch_window.fetch(context, endpoint, rules)
        case Paged() as rules:
            return fetch_pages.fetch(context, endpoint, rules)
        case _:
            return fetch_by_etag.fetch(context, endpoint)


def stored(
    context: FetchContext, endpoint: Endpoint, as_of_utc: str = ""
) -> list[ExtractedSnapshot]:
    """Return the newest stored snapshots of an endpoint, oldest first; none if none is stored.

    Args:
        context: the service.
        endpoint: the endpoint.
        as_of_utc: ignore snapshots stored after this instant; empty: use all.

    Raises:
        SnapshotError: a snapshot is damaged.
    """
    rules = context.source.rules
    if isinstance(rules, Paged):
        return fetch_pages.stored(context, endpoint, rules, as_of_utc)
    newest = context.store.newest(context.source.name, endpoint.name, as_of_utc)
    if newest is None:
        return []
    context.store.read(newest)
    return [extracted(newest, "stored")]
