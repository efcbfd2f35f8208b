"""A list in parts and pages, got whole now and then and by increments between, within a budget.

What a run takes of a part that knows increments is the last sweep that got all of it, and every
page since; of another part, its last sweep. Where a sweep is broken off, by the budget or an
outage, the next one goes on behind its last page.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import msgspec

from spacex.errors import ResponseError, ServiceUnavailableError
from spacex.extract.fetch_context import FetchContext, extracted
from spacex.extract.fetch_window import left_alone
from spacex.extract.request_ledger import Turn
from spacex.extract.run_folder import ExtractedSnapshot
from spacex.extract.snapshots import Snapshot
from spacex.sources.request_rules import Paged, Part
from spacex.sources.source import Endpoint
from spacex.units import utc_instant, utc_now, utc_text

_TROUBLE_S = 600
_MOST_PAGES = 100
_RESUMED_WITHIN = timedelta(days=1)
Sweep = list[Snapshot]


class _Page(msgspec.Struct):
    """What of a page tells whether another follows."""

    next: str | None = None


def fetch(context: FetchContext, endpoint: Endpoint, rules: Paged) -> list[ExtractedSnapshot]:
    """The list as it is now: every part asked for what is new, unless that was done just now.

    Raises:
        ServiceUnavailableError: the service cannot be reached, refuses, or the budget is used up;
            the pages that came are stored, and the next run goes on behind them.
        ResponseError: it answers with something else than it promises.
    """
    with context.ledger.turn() as turn:
        before = {snapshot.path for snapshot in context.stored(endpoint)}
        for part in rules.parts:
            for query in list(_queries(context, endpoint, part, rules)):
                _sweep(context, endpoint, query, rules, turn)
        found = stored(context, endpoint, rules)
    return [
        item if item.snapshot.path in before else msgspec.structs.replace(item, origin="fetched")
        for item in found
    ]


def stored(
    context: FetchContext, endpoint: Endpoint, rules: Paged, as_of_utc: str = ""
) -> list[ExtractedSnapshot]:
    """The stored pages that make up the list, oldest first; none if nothing is stored.

    Raises:
        SnapshotError: one is damaged.
    """
    pages = context.stored(endpoint, as_of_utc)
    wanted = [each for part in rules.parts for each in _current(pages, part)]
    taken = [each for each in pages if each.part == ""] + wanted  # a file put in by hand counts
    checked = min((_checked_utc(pages, part) for part in rules.parts), default="")
    for snapshot in taken:
        context.store.read(snapshot)
    ordered = sorted(taken, key=lambda each: each.file)
    return [extracted(each, "stored", max(checked, each.retrieved_utc)) for each in ordered]


class _Query(msgspec.Struct, frozen=True, kw_only=True):
    """One sweep to make: which part, from which page, and of what."""

    part: Part
    name: str
    query: str
    offset: int = 0


def _queries(
    context: FetchContext, endpoint: Endpoint, part: Part, rules: Paged
) -> Iterator[_Query]:
    """What is to be asked of a part now."""
    pages = context.stored(endpoint)
    whole, latest = _complete(pages, part.name), _checked_utc(pages, part)
    now = utc_now()
    if latest and now - utc_instant(latest) < rules.min_age:
        return
    is_due = not whole or now - utc_instant(whole[-1][0].retrieved_utc) > rules.full_sweep_every
    if is_due or not part.since:
        sweeps = _sweeps(pages, part.name)
        offset = _next_offset(sweeps[-1], rules) if sweeps else 0
        yield _Query(part=part, name=part.name, query=part.query, offset=offset)
        return
    since = utc_text(utc_instant(latest) - rules.overlap)
    for parameter in part.since:
        name = f"{part.name} {parameter}"
        yield _Query(part=part, name=name, query=f"{part.query}&{parameter}={since}")


def _next_offset(sweep: Sweep, rules: Paged) -> int:
    """Where a sweep that was broken off goes on; 0 if it was not, or too long ago."""
    last = sweep[-1]
    if last.is_last or utc_now() - utc_instant(last.retrieved_utc) > _RESUMED_WITHIN:
        return 0
    return _offset(last) + rules.page_size


def _sweep(
    context: FetchContext, endpoint: Endpoint, query: _Query, rules: Paged, turn: Turn
) -> None:
    """Get page after page, each stored as it comes."""
    offset = query.offset
    for _ in range(_MOST_PAGES):
        paging = f"&limit={rules.page_size}&offset={offset}"
        url = context.url(f"{query.part.path}{query.query}{paging}")
        if _ask(context, endpoint, query.name, url, rules, turn):
            return
        offset += rules.page_size
    raise ResponseError(
        f"{context.source.title} gives more than {_MOST_PAGES} pages of {query.name}.",
        remedy="The service may have changed. Leave this source out with SPACEX_SOURCES.",
    )


def _ask(
    context: FetchContext, endpoint: Endpoint, part: str, url: str, rules: Paged, turn: Turn
) -> bool:
    """Get one page, if it may be asked for now; whether it is the last one."""
    if turn.is_open and turn.requests_left(rules.requests_per_hour) < 1:
        spent = f"Its {rules.requests_per_hour} requests an hour are used up."
        turn.close(utc_instant(turn.budget_renewed_utc()), spent)
    if not turn.is_open:
        raise left_alone(context, turn)
    turn.enter_request()
    try:
        answer = context.client.get(url, attempts=1)
        page = _page(answer.body, url)
    except ServiceUnavailableError as outage:
        if outage.was_reached:
            turn.close(utc_now() + timedelta(seconds=outage.wait_s or _TROUBLE_S), outage.message)
        else:
            turn.withdraw_request()
        raise
    except ResponseError as refusal:
        turn.close(utc_now() + timedelta(seconds=_TROUBLE_S), refusal.message)
        if refusal.status:
            raise left_alone(context, turn) from refusal
        raise
    turn.open()
    context.save(endpoint, answer, part=part, is_last=page.next is None)
    return page.next is None


def _page(body: bytes, url: str) -> _Page:
    try:
        return msgspec.json.decode(body, type=_Page)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ResponseError(
            f"{url} answered with no page of a list: {error}.",
            remedy="The database is unchanged. Try later, or use stored answers: "
            "--source snapshot.",
        ) from None


def _current(pages: Sequence[Snapshot], part: Part) -> Iterator[Snapshot]:
    """The pages that make up a part."""
    whole = _complete(pages, part.name) or _sweeps(pages, part.name)
    if not whole:
        return
    start = whole[-1][0].file
    names = {part.name, *(f"{part.name} {parameter}" for parameter in part.since)}
    if part.since:
        yield from (each for each in pages if each.part in names and each.file >= start)
    else:
        yield from whole[-1]


def _checked_utc(pages: Sequence[Snapshot], part: Part) -> str:
    """The instant a part was last known to be as the stored pages say; empty if it never was."""
    whole = _complete(pages, part.name)
    news = [_complete(pages, f"{part.name} {parameter}") for parameter in part.since]
    latest = [whole[-1][0].retrieved_utc] if whole else []
    if news and all(news):
        latest.append(min(sweeps[-1][0].retrieved_utc for sweeps in news))
    return max(latest, default="")


def _sweeps(pages: Sequence[Snapshot], name: str) -> list[Sweep]:
    """The pages of one name, by the sweep that got them, in order."""
    found: list[Sweep] = []
    for each in pages:
        if each.part == name:
            if _offset(each) == 0 or not found:
                found.append([])
            found[-1].append(each)
    return found


def _complete(pages: Sequence[Snapshot], name: str) -> list[Sweep]:
    return [sweep for sweep in _sweeps(pages, name) if sweep[-1].is_last]


def _offset(page: Snapshot) -> int:
    return int(parse_qs(urlsplit(page.url).query).get("offset", ["0"])[0])
