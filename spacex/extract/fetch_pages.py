"""Fetch an endpoint in parts and pages, in full at intervals and incrementally in between.

A sweep requests all pages of a part, or of what changed in it since an instant. The current pages
of a part that supports increments are its last complete full sweep and every page since; of any
other part, its last sweep. A sweep that is interrupted by the hourly budget or an outage continues
after its last page.
"""

from collections.abc import Iterator, Sequence, Set
from datetime import timedelta

import msgspec

from spacex.errors import ResponseError, ServiceUnavailableError
from spacex.extract.fetch_context import FetchContext, extracted
from spacex.extract.page import Page, offset_of, read_page, wrong_page
from spacex.extract.request_ledger import LockedLedger
from spacex.extract.run_folder import ExtractedSnapshot
from spacex.extract.snapshots import Snapshot
from spacex.sources.request_rules import Paged, Part
from spacex.units import utc_instant, utc_now, utc_text

_PAUSE_AFTER_ERROR = timedelta(minutes=10)
_MAX_PAGES = 100
_RESUMABLE_FOR = timedelta(days=1)
Sweep = list[Snapshot]


def fetch(context: FetchContext, rules: Paged) -> list[ExtractedSnapshot]:
    """Return the current pages; request what is new in each part that is due.

    Raises:
        ServiceUnavailableError: the service is down, rejects a request, or the budget is used up;
            the pages received are stored, and the next run continues after them.
        ResponseError: a response is not what the endpoint promises.
    """
    with context.ledger.locked() as ledger:
        before = {snapshot.path for snapshot in context.snapshots()}
        for part in rules.parts:
            for sweep in list(_due_sweeps(context, part, rules)):
                _fetch_sweep(context, sweep, rules, ledger)
        current = stored(context, rules)
    return [
        item if item.snapshot.path in before else msgspec.structs.replace(item, origin="fetched")
        for item in current
    ]


def stored(context: FetchContext, rules: Paged, as_of_utc: str = "") -> list[ExtractedSnapshot]:
    """Return the stored pages that are current, as `spacex.extract.fetch.stored`.

    Args:
        context: the endpoint.
        rules: its request rules.
        as_of_utc: ignore snapshots stored after this instant; empty: use all.
    """
    pages = context.snapshots(as_of_utc)
    manual_files = [each for each in pages if each.part == ""]
    current = manual_files + [each for part in rules.parts for each in _current(pages, part)]
    checked = min((_checked_utc(pages, part) for part in rules.parts), default="")
    for snapshot in current:
        context.store.read(snapshot)
    ordered = sorted(current, key=lambda each: each.order)
    return [extracted(each, "stored", max(checked, each.retrieved_utc)) for each in ordered]


def starts_sweep(page: Snapshot) -> bool:
    """Return whether a page is the first of its sweep, as is a response that has no pages."""
    return offset_of(page.url) == 0


class _SweepQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A sweep to request: its part, its name in the sidecars, its query and first page."""

    part: Part
    name: str
    query: str
    offset: int = 0


def _due_sweeps(context: FetchContext, part: Part, rules: Paged) -> Iterator[_SweepQuery]:
    pages = context.snapshots()
    full, checked = _complete_sweeps(pages, part.name), _checked_utc(pages, part)
    now = utc_now()
    if checked and now - utc_instant(checked) < rules.min_age:
        return
    is_due = not full or now - utc_instant(full[-1][0].retrieved_utc) > rules.full_sweep_every
    if is_due or not part.since:
        sweeps = _sweeps(pages, part.name)
        offset = _next_offset(sweeps[-1]) if sweeps else 0
        yield _SweepQuery(part=part, name=part.name, query=part.query, offset=offset)
        return
    since = utc_text(utc_instant(checked) - rules.overlap)
    for parameter in part.since:
        name = f"{part.name} {parameter}"
        yield _SweepQuery(part=part, name=name, query=f"{part.query}&{parameter}={since}")


def _next_offset(sweep: Sweep) -> int:
    """Return where to continue an interrupted sweep; 0 if it is complete or too old."""
    last = sweep[-1]
    if last.is_last or utc_now() - utc_instant(last.retrieved_utc) > _RESUMABLE_FOR:
        return 0
    return offset_of(last.url) + last.record_count


def _fetch_sweep(
    context: FetchContext, sweep: _SweepQuery, rules: Paged, ledger: LockedLedger
) -> None:
    """Request page after page, and store each at once."""
    offset, seen = sweep.offset, set[bytes]()
    for _ in range(_MAX_PAGES):
        paging = f"&limit={rules.page_size}&offset={offset}"
        url = context.url(f"{sweep.part.path}{sweep.query}{paging}")
        page = _fetch_page(context, sweep, url, rules, ledger, seen)
        if page.next is None:
            return
        offset += len(page.results)
        seen.add(page.digest)
    raise ResponseError(
        f"{context.source.title} returned more than {_MAX_PAGES} pages of {sweep.name}.",
        remedy="The service may have changed. Exclude this source with SPACEX_SOURCES.",
    )


def _fetch_page(
    context: FetchContext,
    sweep: _SweepQuery,
    url: str,
    rules: Paged,
    ledger: LockedLedger,
    seen: Set[bytes],
) -> Page:
    """Request and store one page if the ledger allows it.

    Args:
        context: the endpoint.
        sweep: the sweep of the page.
        url: its URL.
        rules: the request rules of the endpoint.
        ledger: the locked ledger.
        seen: the digests of the pages before.

    Raises:
        ServiceUnavailableError, ResponseError: see `fetch`.
    """
    if not ledger.is_paused and ledger.requests_left(rules.requests_per_hour) < 1:
        reason = f"The budget of {rules.requests_per_hour} requests an hour is used up."
        ledger.pause(ledger.budget_renewed_at(), reason)
    if ledger.is_paused:
        raise context.paused(ledger.entry)
    ledger.record_request()
    try:
        response = context.client.get(url, attempts=1)
        page = read_page(response.body, url, rules.host)
        if page.digest in seen:
            raise wrong_page(f"{url} returned the records of an earlier page again.")
    except ServiceUnavailableError as outage:
        if outage.was_reached:
            wait = timedelta(seconds=outage.wait_s) if outage.wait_s else _PAUSE_AFTER_ERROR
            ledger.record_refusal()
            ledger.pause(utc_now() + wait, outage.message)
        else:
            ledger.withdraw_request()
        raise
    except ResponseError as error:
        ledger.record_refusal()
        ledger.pause(utc_now() + _PAUSE_AFTER_ERROR, error.message)
        if error.status:
            raise context.paused(ledger.entry) from error
        raise
    ledger.resume()
    context.save(response, part=sweep.name, is_last=page.next is None)
    return page


def _current(pages: Sequence[Snapshot], part: Part) -> Iterator[Snapshot]:
    """Yield the current pages of a part."""
    full = _complete_sweeps(pages, part.name) or _sweeps(pages, part.name)
    if not full:
        return
    start = full[-1][0].order
    names = {part.name, *(f"{part.name} {parameter}" for parameter in part.since)}
    if part.since:
        yield from (each for each in pages if each.part in names and each.order >= start)
    else:
        yield from full[-1]


def _checked_utc(pages: Sequence[Snapshot], part: Part) -> str:
    """Return the instant at which the stored pages of a part were last current; empty if never."""
    full = _complete_sweeps(pages, part.name)
    increments = [_complete_sweeps(pages, f"{part.name} {parameter}") for parameter in part.since]
    instants = [full[-1][0].retrieved_utc] if full else []
    if increments and all(increments):
        instants.append(min(sweeps[-1][0].retrieved_utc for sweeps in increments))
    return max(instants, default="")


def _sweeps(pages: Sequence[Snapshot], name: str) -> list[Sweep]:
    """Return the pages of a name, grouped by sweep, in order."""
    sweeps: list[Sweep] = []
    for page in pages:
        if page.part == name:
            if starts_sweep(page) or not sweeps:
                sweeps.append([])
            sweeps[-1].append(page)
    return sweeps


def _complete_sweeps(pages: Sequence[Snapshot], name: str) -> list[Sweep]:
    return [sweep for sweep in _sweeps(pages, name) if sweep[-1].is_last]
