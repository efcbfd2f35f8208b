"""Launch Library's pages, increments and budget, against a server that enforces them."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from spacex.errors import ResponseError, ServiceUnavailableError
from spacex.extract.fetch import FetchContext, fetch, stored
from spacex.sources import LAUNCHLIBRARY
from tests.conftest import NOBODY_HOME
from tests.example_records import launch, upcoming
from tests.replica import Body, Status

LIST = LAUNCHLIBRARY.endpoints["launches"]


def net(number):
    """An instant in the past, in the order of the numbers."""
    return f"2020-01-01T00:{number // 60 % 60:02d}:{number % 60:02d}Z"


def fill(launchlibrary, count, *more):
    """As many launches flown, and some more."""
    old = "2020-02-01T00:00:00Z"
    past = [launch(str(n), net(n), last_updated=old) for n in range(count)]
    launchlibrary.launches = [*past, *more]


def names(context, items):
    """The launches in the answers, by name, in the order of the answers."""
    bodies = [json.loads(context.store.read(item.snapshot)) for item in items]
    return [record["id"].removeprefix("id of ") for body in bodies for record in body["results"]]


def queries(launchlibrary):
    """Each request: part and what of its query differs."""
    found = []
    for request in launchlibrary.requests:
        address = urlsplit(request.endpoint)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        kept = {n: v for n, v in query.items() if n.endswith("__gte") or n == "offset"}
        found.append((address.path.split("/")[1], kept))
    launchlibrary.requests.clear()
    return found


def test_the_first_time_every_page_is_got(launches, launchlibrary):
    fill(launchlibrary, 250, upcoming("next"))
    items = fetch(launches, LIST)
    assert names(launches, items) == [*map(str, range(250)), "next"]
    assert {item.origin for item in items} == {"fetched"}
    assert queries(launchlibrary) == [
        ("previous", {"offset": "0"}),
        ("previous", {"offset": "100"}),
        ("previous", {"offset": "200"}),
        ("upcoming", {"offset": "0"}),
    ]


def test_only_spacex_is_asked_for_in_detail(launches, launchlibrary):
    fill(launchlibrary, 1)
    fetch(launches, LIST)
    assert "lsp__id=121&mode=detailed" in launchlibrary.requests[0].endpoint


def test_within_the_hour_nothing_is_asked(launches, launchlibrary, clock):
    fill(launchlibrary, 3)
    fetch(launches, LIST)
    queries(launchlibrary)
    clock.advance(minutes=59)
    items = fetch(launches, LIST)
    assert names(launches, items) == ["0", "1", "2"]
    assert {item.origin for item in items} == {"stored"}
    assert launchlibrary.requests == []


def test_later_only_what_is_new_is_got(launches, launchlibrary, clock):
    fill(launchlibrary, 250, upcoming("next", "2026-11-26T00:00:00Z"))
    fetch(launches, LIST)
    queries(launchlibrary)
    clock.set("2026-11-27")
    flown = launch("next", "2026-11-26T00:00:00Z", last_updated="2026-11-26T01:00:00Z")
    fill(launchlibrary, 250, flown, upcoming("after next"))
    items = fetch(launches, LIST)
    since = "2026-11-23T12:00:00Z"
    assert queries(launchlibrary) == [
        ("previous", {"last_updated__gte": since, "offset": "0"}),
        ("previous", {"net__gte": since, "offset": "0"}),
        ("upcoming", {"offset": "0"}),
    ]
    # The former list of what was to come is not part of it any more.
    assert names(launches, items) == [*map(str, range(250)), "next", "next", "after next"]
    assert min(item.checked_utc for item in items) == "2026-11-27T12:00:00Z"


def test_a_launch_that_is_taken_back_is_gone(launches, launchlibrary, clock):
    fill(launchlibrary, 1, upcoming("never"))
    fetch(launches, LIST)
    clock.advance(days=1)
    fill(launchlibrary, 1)
    assert names(launches, fetch(launches, LIST)) == ["0"]


def test_once_a_month_all_of_it_is_got_again(launches, launchlibrary, clock):
    fill(launchlibrary, 2)
    fetch(launches, LIST)
    queries(launchlibrary)
    clock.advance(days=31)
    fill(launchlibrary, 1)
    assert names(launches, fetch(launches, LIST)) == ["0"]
    assert queries(launchlibrary) == [("previous", {"offset": "0"}), ("upcoming", {"offset": "0"})]


def test_the_budget_is_never_overdrawn_and_the_sweep_goes_on_an_hour_later(
    launches, launchlibrary, clock
):
    fill(launchlibrary, 1_650, upcoming("next"))
    with pytest.raises(ServiceUnavailableError) as caught:
        fetch(launches, LIST)
    assert "Its 15 requests an hour are used up." in caught.value.message
    assert "is not asked before 2026-11-25T13:00:01Z" in caught.value.message
    assert len(names(launches, stored(launches, LIST))) == 1_500
    with pytest.raises(ServiceUnavailableError):
        fetch(launches, LIST)
    assert len(launchlibrary.requests) == 15
    clock.advance(hours=1, seconds=2)
    items = fetch(launches, LIST)
    assert names(launches, items) == [*map(str, range(1_650)), "next"]
    assert (len(launchlibrary.requests), launchlibrary.violations) == (18, [])


def test_a_wait_that_the_service_asks_for_is_kept(launches, launchlibrary, clock):
    launchlibrary.script("", Status(429, {"Retry-After": "1200"}))
    for _ in range(2):
        with pytest.raises(ServiceUnavailableError):
            fetch(launches, LIST)
    assert len(launchlibrary.requests) == 1
    assert launches.ledger.read().next_utc == "2026-11-25T12:20:00Z"
    launchlibrary.script("")
    fill(launchlibrary, 1)
    clock.advance(seconds=1201)
    assert names(launches, fetch(launches, LIST)) == ["0"]


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_refusal_is_not_repeated_at_once(launches, launchlibrary, status):
    launchlibrary.script("", Status(status))
    for _ in range(2):
        with pytest.raises(ServiceUnavailableError, match=f"answered {status}"):
            fetch(launches, LIST)
    assert len(launchlibrary.requests) == 1


def test_a_request_that_reached_nobody_costs_nothing(launches, client):
    away = FetchContext(LAUNCHLIBRARY, NOBODY_HOME, launches.store, client)
    with pytest.raises(ServiceUnavailableError, match="cannot be reached"):
        fetch(away, LIST)
    assert launches.ledger.read().requests_utc == []


@pytest.mark.parametrize(
    "body", [b"[]", b"<html>", b'{"next": 7, "results": []}', b'{"next": null}']
)
def test_what_is_no_page_is_an_error(launches, launchlibrary, body):
    launchlibrary.script("", Body(body))
    with pytest.raises(ResponseError):
        fetch(launches, LIST)


def test_a_list_without_an_end_is_an_error(launches, launchlibrary, monkeypatch):
    monkeypatch.setattr("spacex.extract.fetch_pages._MOST_PAGES", 3)
    launchlibrary.script("", Body(b'{"next": "http://elsewhere", "results": []}'))
    with pytest.raises(ResponseError, match="gives more than 3 pages of previous"):
        fetch(launches, LIST)
    assert all(request.endpoint.startswith("launches/") for request in launchlibrary.requests)


def test_what_was_stored_by_an_instant_is_found_again(launches, launchlibrary, clock):
    fill(launchlibrary, 1, upcoming("next"))
    fetch(launches, LIST)
    clock.advance(days=1)
    fill(launchlibrary, 1, upcoming("other"))
    fetch(launches, LIST)
    assert names(launches, stored(launches, LIST, "2026-11-25T13:00:00Z")) == ["0", "next"]
    assert stored(launches, LIST, "2026-11-24T00:00:00Z") == []
