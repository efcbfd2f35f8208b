"""One document that changes in a known rhythm, asked for once per window by all processes."""

from datetime import timedelta

from spacex.errors import ResponseError, ServiceUnavailableError, SpacexError
from spacex.extract.fetch_by_etag import stored
from spacex.extract.fetch_context import FetchContext, extracted
from spacex.extract.request_ledger import Turn
from spacex.extract.run_folder import ExtractedSnapshot
from spacex.sources.request_rules import OncePerWindow
from spacex.sources.source import Endpoint
from spacex.units import utc_instant, utc_now, utc_text

__all__ = ["fetch", "stored"]


def fetch(
    context: FetchContext, endpoint: Endpoint, rules: OncePerWindow
) -> list[ExtractedSnapshot]:
    """The document: asked for if its window has passed, else the stored copy, which is as fresh.

    Raises:
        ServiceUnavailableError: the service cannot be reached, refused, or is left alone after a
            refusal.
        ResponseError: it answers with something else than it promises.
    """
    with context.ledger.turn() as turn:
        copy = context.store.newest_intact(context.source.name, endpoint.name)
        if copy and timedelta(0) <= _age(copy.retrieved_utc) < rules.window:
            return [extracted(copy, "stored")]
        if not turn.is_open:
            if copy and not turn.entry.trouble:
                return [extracted(copy, "stored")]
            raise left_alone(context, turn)
        return [_ask(context, endpoint, rules, turn)]


def left_alone(context: FetchContext, turn: Turn) -> ServiceUnavailableError:
    """The error that says why a service is not asked now, and when it will be."""
    why = turn.entry.trouble or "It was asked, but its answer is not stored here any more."
    return ServiceUnavailableError(
        f"{context.source.title} is not asked before {turn.entry.next_utc}. {why}",
        remedy="Wait until then. Asking sooner would get this address blocked.",
    )


def _ask(
    context: FetchContext, endpoint: Endpoint, rules: OncePerWindow, turn: Turn
) -> ExtractedSnapshot:
    """Ask once. Whatever comes of it, the next request is a window away, unless none was made."""
    turn.enter_request()
    turn.close(utc_now() + rules.window, "The last request was broken off.")
    try:
        answer = context.client.get(context.url(rules.query), attempts=1)
        snapshot = context.save(endpoint, answer)
    except SpacexError as error:
        return _without_response(context, endpoint, rules, turn, error)
    turn.close(answer.retrieved_at + rules.window)
    return extracted(snapshot, "fetched", utc_text(answer.retrieved_at))


def _without_response(
    context: FetchContext, endpoint: Endpoint, rules: OncePerWindow, turn: Turn, error: SpacexError
) -> ExtractedSnapshot:
    if isinstance(error, ServiceUnavailableError) and not error.was_reached:
        turn.withdraw_request()
        turn.open()
        raise error
    until = utc_instant(turn.entry.next_utc)
    if isinstance(error, ServiceUnavailableError) and error.wait_s:
        until = max(until, utc_now() + timedelta(seconds=error.wait_s))
    copy = context.store.newest_intact(context.source.name, endpoint.name)
    if isinstance(error, ResponseError) and error.status == rules.unchanged_status and copy:
        turn.close(until)
        return extracted(copy, "not modified", utc_text(utc_now()))
    turn.close(until, error.message)
    if isinstance(error, ResponseError) and error.status == 0:
        raise error
    raise left_alone(context, turn) from error


def _age(instant: str) -> timedelta:
    return utc_now() - utc_instant(instant)
