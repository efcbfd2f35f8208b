"""Fetch an endpoint that is updated at known intervals, at most once per interval."""

from datetime import timedelta

from spacex.errors import ResponseError, ServiceUnavailableError, SpacexError
from spacex.extract.fetch_context import FetchContext, extracted
from spacex.extract.request_ledger import LockedLedger
from spacex.extract.run_folder import ExtractedSnapshot
from spacex.sources.request_rules import OncePerWindow
from spacex.units import utc_instant, utc_now, utc_text


def fetch(context: FetchContext, rules: OncePerWindow) -> ExtractedSnapshot:
    """Return the newest snapshot; request a new one if its window has passed.

    Raises:
        ServiceUnavailableError: the service is down, rejects the request, or is paused after an
            error.
        ResponseError: the response is not what the endpoint promises.
    """
    with context.ledger.locked() as ledger:
        newest = context.newest_intact()
        if newest and timedelta(0) <= utc_now() - utc_instant(newest.retrieved_utc) < rules.window:
            return extracted(newest, "stored")
        if ledger.is_paused:
            if newest and not ledger.entry.trouble:
                return extracted(newest, "stored")
            raise context.paused(ledger)
        return _request(context, rules, ledger)


def _request(
    context: FetchContext, rules: OncePerWindow, ledger: LockedLedger
) -> ExtractedSnapshot:
    """Request once, and pause for a window whatever the outcome, unless nothing was reached."""
    ledger.record_request()
    ledger.pause(utc_now() + rules.window, "The last request was interrupted.")
    try:
        response = context.client.get(context.url(rules.query), attempts=1)
        snapshot = context.save(response)
    except SpacexError as error:
        return _after_error(context, rules, ledger, error)
    ledger.pause(response.retrieved_at + rules.window)
    return extracted(snapshot, "fetched", utc_text(response.retrieved_at))


def _after_error(
    context: FetchContext, rules: OncePerWindow, ledger: LockedLedger, error: SpacexError
) -> ExtractedSnapshot:
    """Return the stored snapshot if the error says that it is current; raise otherwise."""
    if isinstance(error, ServiceUnavailableError) and not error.was_reached:
        ledger.withdraw_request()
        ledger.resume()
        raise error
    until = utc_instant(ledger.entry.next_utc)
    if isinstance(error, ServiceUnavailableError) and error.wait_s:
        until = max(until, utc_now() + timedelta(seconds=error.wait_s))
    newest = context.newest_intact()
    if isinstance(error, ResponseError) and error.status == rules.unchanged_status and newest:
        ledger.pause(until)
        return extracted(newest, "not modified", utc_text(utc_now()))
    ledger.pause(until, error.message)
    if isinstance(error, ResponseError) and error.status == 0:
        raise error
    raise context.paused(ledger) from error
