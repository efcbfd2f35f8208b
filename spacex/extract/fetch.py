"""Asking services as they want to be asked, each by its own rules, and what of theirs is stored."""

from spacex.extract import fetch_by_etag, fetch_pages, fetch_window
from spacex.extract.fetch_context import FetchContext, ledger_path
from spacex.extract.run_folder import ExtractedSnapshot
from spacex.sources.request_rules import OncePerWindow, Paged
from spacex.sources.source import Endpoint

__all__ = ["FetchContext", "fetch", "ledger_path", "stored"]


def fetch(context: FetchContext, endpoint: Endpoint) -> list[ExtractedSnapshot]:
    """A list as the service has it now, by the service's rules.

    Raises:
        ServiceUnavailableError: it cannot be reached, refuses, or is to be left alone for now.
        ResponseError: it answers with something else than it promises.
        SnapshotError: what is stored of it is damaged.
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
    """The stored answers that make up a list, oldest first; none if nothing is stored.

    Args:
        context: the service.
        endpoint: the list.
        as_of_utc: take what was stored by this instant; empty: the newest.

    Raises:
        SnapshotError: one is damaged.
    """
    rules = context.source.rules
    if isinstance(rules, Paged):
        return fetch_pages.stored(context, endpoint, rules, as_of_utc)
    return fetch_by_etag.stored(context, endpoint, as_of_utc)
