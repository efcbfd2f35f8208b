"""Fetch an endpoint by its service's request rules, or read it from the snapshot store."""

from spacex.extract import fetch_by_etag, fetch_pages, fetch_window
from spacex.extract.fetch_context import FetchContext, extracted, ledger_path
from spacex.extract.run_folder import ExtractedSnapshot
from spacex.sources.request_rules import OncePerWindow, Paged

__all__ = ["FetchContext", "fetch", "ledger_path", "stored"]


def fetch(context: FetchContext) -> list[ExtractedSnapshot]:
    """Return the endpoint's current snapshots; request them where the service's rules allow it.

    Raises:
        ServiceUnavailableError: the service is down, rejects the request, or is paused by the
            request ledger.
        ResponseError: the response is not what the endpoint promises.
        SnapshotError: a stored snapshot or the ledger is damaged.
    """
    match context.source.rules:
        case OncePerWindow() as rules:
            return fetch_window.fetch(context, rules)
        case Paged() as rules:
            return fetch_pages.fetch(context, rules)
        case _:
            return [fetch_by_etag.fetch(context)]


def stored(context: FetchContext, as_of_utc: str = "") -> list[ExtractedSnapshot]:
    """Return the newest stored snapshots, oldest first, up to an instant if one is given.

    Raises:
        SnapshotError: a snapshot is damaged.
    """
    match context.source.rules:
        case OncePerWindow() as rules:
            return fetch_window.stored(context, rules, as_of_utc)
        case Paged() as rules:
            return fetch_pages.stored(context, rules, as_of_utc)
    newest = context.newest(as_of_utc)
    if newest is None:
        return []
    context.store.read(newest)
    return [extracted(newest, "stored")]
