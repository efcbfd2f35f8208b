"""Fetch the files of an endpoint that is updated at known intervals, at most once per interval.

An error pauses all requests to the host, and those of the file for the interval of the rule.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from spacex.errors import ResponseError, ServiceUnavailableError, SpacexError
from spacex.extract.fetch_context import FetchContext, extracted
from spacex.extract.http_client import Response
from spacex.extract.request_ledger import LockedLedger
from spacex.extract.run_folder import ExtractedSnapshot
from spacex.extract.snapshots import Snapshot
from spacex.sources.request_rules import OncePerWindow
from spacex.units import utc_instant, utc_now, utc_text

_HOST_PAUSE = timedelta(hours=2)
"""Pause of all requests to a host after an error; the host may be blocking this address."""


def fetch(context: FetchContext, rules: OncePerWindow) -> list[ExtractedSnapshot]:
    """Return the newest snapshot of each file; request those whose window has passed.

    Raises:
        ServiceUnavailableError: the service is down, rejects a request, or is paused after an
            error.
        ResponseError: a response is not what the endpoint promises.
    """
    files = rules.files[context.endpoint.name]
    with context.ledger.locked() as ledger:
        return [_File(context, rules, ledger, *file).fetch() for file in files.items()]


def stored(
    context: FetchContext, rules: OncePerWindow, as_of_utc: str = ""
) -> list[ExtractedSnapshot]:
    """Return the newest stored snapshot of each file; none unless all files are stored.

    Args:
        context: the endpoint.
        rules: its request rules.
        as_of_utc: ignore snapshots stored after this instant; empty: use all.
    """
    names = rules.files[context.endpoint.name]
    newest = [context.newest(as_of_utc, part=name) for name in names]
    found = [snapshot for snapshot in newest if snapshot]
    if len(found) < len(names):
        return []
    for snapshot in found:
        context.store.read(snapshot)
    return [extracted(snapshot, "stored") for snapshot in found]


@dataclass(frozen=True)
class _File:
    """One file of an endpoint, while the ledger is locked."""

    context: FetchContext
    rules: OncePerWindow
    ledger: LockedLedger
    name: str
    path: str

    @property
    def ledger_name(self) -> str:
        """The name of the file in the ledger."""
        context = self.context
        return f"{context.source.name}/{context.endpoint.name}/{self.name}".rstrip("/")

    def fetch(self) -> ExtractedSnapshot:
        """Return the newest snapshot; request a new one if the window has passed."""
        newest = self.context.newest_intact(self.name)
        if newest and timedelta(0) <= _age(newest) < self.rules.window:
            return extracted(newest, "stored")
        pause = self.ledger.pause_of_file(self.ledger_name)
        if pause.is_over:
            return self._request(newest)
        if newest and not pause.trouble:
            return extracted(newest, "stored")
        raise self.context.paused(pause)

    def _request(self, newest: Snapshot | None) -> ExtractedSnapshot:
        """Request once, and pause whatever the outcome, unless nothing was reached."""
        self.ledger.record_request()
        self._pause(utc_now(), "The last request was interrupted.")
        url = self.context.url(self.path)
        etag = newest.etag if newest and newest.url == url else None
        try:
            response = self.context.client.get(
                url, etag=etag, attempts=1, is_json=self.context.endpoint.is_json
            )
            item = self._stored(response, newest)
        except SpacexError as error:
            return self._after_error(error, newest)
        self.ledger.resume()
        self.ledger.pause_file(self.ledger_name, response.retrieved_at + self.rules.window)
        return item

    def _stored(self, response: Response, newest: Snapshot | None) -> ExtractedSnapshot:
        checked_utc = utc_text(response.retrieved_at)
        if newest and response.status == 304:
            return extracted(newest, "not modified", checked_utc)
        return extracted(self.context.save(response, part=self.name), "fetched", checked_utc)

    def _after_error(self, error: SpacexError, newest: Snapshot | None) -> ExtractedSnapshot:
        """Return the stored snapshot if the error says that it is current; raise otherwise."""
        if isinstance(error, ServiceUnavailableError) and not error.was_reached:
            self.ledger.withdraw_request()
            self.ledger.resume()
            self.ledger.resume_file(self.ledger_name)
            raise error
        now = utc_now()
        is_current = (
            isinstance(error, ResponseError) and error.status == self.rules.unchanged_status
        )
        if is_current and newest:
            self.ledger.resume()
            self.ledger.pause_file(self.ledger_name, now + self.rules.window)
            return extracted(newest, "not modified", utc_text(now))
        self.ledger.record_refusal()
        wait_s = error.wait_s if isinstance(error, ServiceUnavailableError) else 0
        self._pause(now, error.message, timedelta(seconds=wait_s or 0))
        if isinstance(error, ResponseError) and error.status == 0:
            raise error
        pause = self.ledger.pause_of_file(self.ledger_name)
        raise self.context.paused(pause) from error

    def _pause(self, now: datetime, reason: str, at_least: timedelta = timedelta(0)) -> None:
        self.ledger.pause(now + max(_HOST_PAUSE, at_least), reason)
        self.ledger.pause_file(
            self.ledger_name, now + max(self.rules.retry_after, at_least), reason
        )


def _age(snapshot: Snapshot) -> timedelta:
    return utc_now() - utc_instant(snapshot.retrieved_utc)
