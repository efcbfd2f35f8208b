"""Launch Library's pages, increments and hourly budget, against a server that enforces them."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from spacex.errors import ResponseError, ServiceUnavailableError
from spacex.extract.fetch import FetchContext, fetch, stored
from spacex.extract.run_folder import ExtractedSnapshot
from tests.conftest import NOBODY_HOME
from tests.example_records import launch, upcoming
from tests.replica import Body, Status
from tests.service_replicas import LaunchLibrary


def net(number: int) -> str:
    """Return a launch time in the past that increases with the number."""
    return f"2020-01-01T00:{number // 60 % 60:02d}:{number % 60:02d}Z"


def fill(server: LaunchLibrary, count: int, *more: dict[str, Any]) -> None:
    """Serve a number of past launches, and some more."""
    old = "2020-02-01T00:00:00Z"
    past = [launch(str(n), net(n), last_updated=old) for n in range(count)]
    server.launches = [*past, *more]


def names(context: FetchContext, items: list[ExtractedSnapshot]) -> list[str]:
    """Return the names of the launches in snapshots, in order."""
    bodies = [json.loads(context.store.read(item.snapshot)) for item in items]
    return [record["id"].removeprefix("id of ") for body in bodies for record in body["results"]]


def logged_queries(server: LaunchLibrary) -> list[tuple[str, dict[str, str]]]:
    """Return the part and the variable parameters of each request."""
    queries = []
    for request in server.requests:
        address = urlsplit(request.endpoint)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        kept = {n: v for n, v in query.items() if n.endswith("__gte") or n == "offset"}
        queries.append((address.path.split("/")[1], kept))
    return queries


@pytest.fixture
def first_run(launches: FetchContext, launchlibrary: LaunchLibrary) -> Callable[..., None]:
    """Return a function that serves launches as `fill` does, fetches them and clears the log."""

    def run(count: int, *more: dict[str, Any]) -> None:
        fill(launchlibrary, count, *more)
        fetch(launches)
        launchlibrary.requests.clear()

    return run


def test_the_first_run_fetches_every_page(launches, launchlibrary):
    fill(launchlibrary, 250, upcoming("next"))
    items = fetch(launches)
    assert names(launches, items) == [*map(str, range(250)), "next"]
    assert {item.origin for item in items} == {"fetched"}
    assert logged_queries(launchlibrary) == [
        ("previous", {"offset": "0"}),
        ("previous", {"offset": "100"}),
        ("previous", {"offset": "200"}),
        ("upcoming", {"offset": "0"}),
    ]


def test_requests_ask_for_detailed_launches_of_spacex(launches, launchlibrary):
    fill(launchlibrary, 1)
    fetch(launches)
    assert "lsp__id=121&mode=detailed" in launchlibrary.requests[0].endpoint


def test_no_request_within_an_hour(launches, launchlibrary, clock, first_run):
    first_run(3)
    clock.advance(minutes=59)
    items = fetch(launches)
    assert names(launches, items) == ["0", "1", "2"]
    assert {item.origin for item in items} == {"stored"}
    assert launchlibrary.requests == []


def test_later_runs_fetch_increments(launches, launchlibrary, clock, first_run):
    first_run(250, upcoming("next", "2026-11-26T00:00:00Z"))
    clock.set("2026-11-27")
    flown = launch("next", "2026-11-26T00:00:00Z", last_updated="2026-11-26T01:00:00Z")
    fill(launchlibrary, 250, flown, upcoming("after next"))
    items = fetch(launches)
    since = "2026-11-23T12:00:00Z"
    assert logged_queries(launchlibrary) == [
        ("previous", {"last_updated__gte": since, "offset": "0"}),
        ("previous", {"net__gte": since, "offset": "0"}),
        ("upcoming", {"offset": "0"}),
    ]
    # The previous pages of upcoming launches are not current any more.
    assert names(launches, items) == [*map(str, range(250)), "next", "next", "after next"]
    assert min(item.checked_utc for item in items) == "2026-11-27T12:00:00Z"


def test_no_request_within_an_hour_of_the_last_increment(launches, launchlibrary, clock, first_run):
    first_run(3)
    for _ in range(2):
        clock.advance(days=1)
        fetch(launches)
    launchlibrary.requests.clear()
    clock.advance(minutes=59)
    fetch(launches)
    assert launchlibrary.requests == []


def test_a_withdrawn_upcoming_launch_disappears(launches, launchlibrary, clock, first_run):
    first_run(1, upcoming("never"))
    clock.advance(days=1)
    fill(launchlibrary, 1)
    assert names(launches, fetch(launches)) == ["0"]


def test_a_full_sweep_every_month(launches, launchlibrary, clock, first_run):
    first_run(2)
    clock.advance(days=31)
    fill(launchlibrary, 1)
    assert names(launches, fetch(launches)) == ["0"]
    sweep = [("previous", {"offset": "0"}), ("upcoming", {"offset": "0"})]
    assert logged_queries(launchlibrary) == sweep


def test_a_sweep_stops_at_the_hourly_budget_and_continues_later(launches, launchlibrary, clock):
    fill(launchlibrary, 1_650, upcoming("next"))
    with pytest.raises(ServiceUnavailableError) as caught:
        fetch(launches)
    assert "The budget of 15 requests an hour is used up." in caught.value.message
    assert "are paused until 2026-11-25T13:00:01Z" in caught.value.message
    assert len(names(launches, stored(launches))) == 1_500
    with pytest.raises(ServiceUnavailableError):
        fetch(launches)
    assert len(launchlibrary.requests) == 15
    clock.advance(hours=1, seconds=2)
    items = fetch(launches)
    assert names(launches, items) == [*map(str, range(1_650)), "next"]
    assert (len(launchlibrary.requests), launchlibrary.violations) == (18, [])


def test_retry_after_pauses_requests(launches, launchlibrary, clock):
    launchlibrary.script("", Status(429, {"Retry-After": "1200"}))
    for _ in range(2):
        with pytest.raises(ServiceUnavailableError):
            fetch(launches)
    assert len(launchlibrary.requests) == 1
    assert launches.ledger.read().next_utc == "2026-11-25T12:20:00Z"
    launchlibrary.script("")
    fill(launchlibrary, 1)
    clock.advance(seconds=1201)
    assert names(launches, fetch(launches)) == ["0"]


@pytest.mark.parametrize("status", [400, 404, 500])
def test_an_error_status_pauses_requests(launches, launchlibrary, status):
    launchlibrary.script("", Status(status))
    for _ in range(2):
        with pytest.raises(ServiceUnavailableError, match=f"returned {status}"):
            fetch(launches)
    assert len(launchlibrary.requests) == 1
    assert launches.ledger.read().next_utc == "2026-11-25T12:10:00Z"


def test_a_request_that_did_not_reach_the_service_is_not_counted(launches):
    unreachable = replace(launches, base_url=NOBODY_HOME)
    with pytest.raises(ServiceUnavailableError, match="cannot be reached"):
        fetch(unreachable)
    assert launches.ledger.read().requests_utc == []


@pytest.mark.parametrize(
    "body", [b"[]", b"<html>", b'{"next": 7, "results": []}', b'{"next": null}']
)
def test_an_invalid_page_raises(launches, launchlibrary, body):
    launchlibrary.script("", Body(body))
    with pytest.raises(ResponseError):
        fetch(launches)
    assert launches.ledger.read().next_utc == "2026-11-25T12:10:00Z"


def test_a_page_with_records_that_cannot_be_read_is_stored(launches, launchlibrary):
    fill(launchlibrary, 3)
    launchlibrary.launches.append(launch("4", net(4), name="half \ud83d of a rocket"))
    (page,) = (item for item in fetch(launches) if item.snapshot.part == "previous")
    assert page.snapshot.record_count == 4


def next_page(server: LaunchLibrary, following: str | None, **fields: Any) -> None:
    """Let each page name this one as the next, whatever was requested."""
    page = {"count": 600, "next": following, "results": [launch("1")] * 100} | fields
    server.script("", Body(json.dumps(page).encode()))


WRONG_NEXT = {
    "itself": ("{url}/launches/previous/?limit=100&offset=0", "which is this page itself"),
    "no offset": ("{url}/launches/previous/?page=2", "which is this page itself"),
    "read before": ("{url}/launches/previous/?offset=99", "which was read before"),
    "too far": ("{url}/launches/previous/?offset=101", "which leaves out records"),
    "another host": ("http://elsewhere/?offset=100", "which is on another host"),
    "user name": ("http://127.0.0.1@elsewhere/?offset=100", "which is on another host"),
    "a file": ("file:///etc/passwd?offset=100", "which is no address on the web"),
    "a path": ("/launches/?offset=100", "which is no address on the web"),
    "no address": ("http://[?offset=100", "which is no address"),
}


@pytest.mark.attack(
    "send pages without end, or a link to another host as the next page",
    "refused; the link is not followed",
)
@pytest.mark.parametrize(("following", "problem"), WRONG_NEXT.values(), ids=WRONG_NEXT)
def test_a_wrong_next_page_is_refused_at_once(launches, launchlibrary, following, problem):
    following = following.format(url=launchlibrary.url)
    next_page(launchlibrary, following)
    with pytest.raises(ResponseError) as caught:
        fetch(launches)
    assert caught.value.message.endswith(f"as the next page, {problem}.")
    assert "The database is unchanged" in caught.value.remedy
    (request,) = launchlibrary.requests
    assert request.endpoint.startswith("launches/")
    with pytest.raises(ServiceUnavailableError, match="are paused until"):
        fetch(launches)
    assert len(launchlibrary.requests) == 1
    assert stored(launches) == []


def test_a_mirror_may_name_the_host_of_the_service(launches, launchlibrary):
    own = "https://ll.thespacedevs.com/2.3.0/launches/previous/?limit=100&offset=100"
    next_page(launchlibrary, own)
    with pytest.raises(ResponseError, match=r"names .*offset=100 as the next page, which is this"):
        fetch(launches)
    assert len(launchlibrary.requests) == 2


def test_a_page_without_records_but_with_a_next_one_is_refused(launches, launchlibrary):
    next_page(launchlibrary, f"{launchlibrary.url}/launches/?offset=0", results=[])
    with pytest.raises(ResponseError, match="this page itself"):
        fetch(launches)
    assert len(launchlibrary.requests) == 1


def test_records_that_come_again_are_refused(launches, launchlibrary, monkeypatch):
    page = launchlibrary._page

    def same(endpoint: str) -> Body:
        found = json.loads(page(endpoint).body)
        found["results"] = json.loads(page(endpoint.partition("&offset")[0]).body)["results"]
        return Body(json.dumps(found).encode())

    fill(launchlibrary, 600)
    monkeypatch.setattr(launchlibrary, "_page", same)
    with pytest.raises(ResponseError, match="offset=100 returned the records of an earlier page"):
        fetch(launches)


def test_pages_may_be_smaller_than_requested(launches, launchlibrary, monkeypatch):
    fill(launchlibrary, 250)
    page = launchlibrary._page
    smaller = lambda endpoint: page(endpoint.replace("limit=100", "limit=60"))  # noqa: E731
    monkeypatch.setattr(launchlibrary, "_page", smaller)
    assert names(launches, fetch(launches)) == [*map(str, range(250))]


def test_too_many_pages_raise(launches, launchlibrary, monkeypatch):
    monkeypatch.setattr("spacex.extract.fetch_pages._MAX_PAGES", 3)
    fill(launchlibrary, 301)
    with pytest.raises(ResponseError, match="returned more than 3 pages of previous"):
        fetch(launches)


@pytest.mark.parametrize("day", ["2026-12-26", "2026-11-27"], ids=["full sweep", "increment"])
def test_a_list_that_lacks_records_is_refused_and_the_former_one_kept(
    launches, launchlibrary, clock, first_run, day
):
    first_run(3, upcoming("next", "2027-02-01T00:00:00Z"))
    former = stored(launches)
    clock.set(day)
    next_page(launchlibrary, None)
    with pytest.raises(ResponseError) as caught:
        fetch(launches)
    assert caught.value.message.endswith(
        "offset=0 returned the last page after 100 of 600 records: the list is incomplete."
    )
    assert "the stored pages stay in use" in caught.value.remedy
    assert len(launchlibrary.requests) == 1
    assert [item.snapshot for item in stored(launches)] == [item.snapshot for item in former]


def test_stored_pages_as_of_an_instant(launches, clock, first_run):
    first_run(1, upcoming("next"))
    clock.advance(days=1)
    first_run(1, upcoming("other"))
    assert names(launches, stored(launches, "2026-11-25T13:00:00Z")) == ["0", "next"]
    assert stored(launches, "2026-11-24T00:00:00Z") == []
