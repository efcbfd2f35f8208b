"""CelesTrak's rules, against a server that enforces them."""

import json

import pytest

from spacex.errors import ResponseError, ServiceUnavailableError, SnapshotError
from spacex.extract.fetch import FetchContext, fetch, stored
from spacex.extract.fetch_context import ledger_path
from spacex.sources import CELESTRAK
from tests.conftest import NOBODY_HOME
from tests.example_records import omm, omm_json
from tests.replica import Body, Disconnect, Normal, Status

LIST = CELESTRAK.endpoints["starlink"]


def got(context):
    """Fetch: how the run came by the list, and the catalogue numbers in it."""
    (item,) = fetch(context, LIST)
    return item.origin, [r["NORAD_CAT_ID"] for r in json.loads(context.store.read(item.snapshot))]


def test_a_list_is_got_once_a_window(orbits, celestrak, clock):
    celestrak.publish(omm_json(omm(1)))
    assert got(orbits) == ("fetched", [1])
    clock.advance(minutes=119)
    assert got(orbits) == ("stored", [1])
    celestrak.publish(omm_json(omm(2)))
    clock.advance(minutes=2)
    assert got(orbits) == ("fetched", [2])
    assert (len(celestrak.requests), celestrak.violations) == (2, [])


def test_the_service_is_told_who_asks(orbits, celestrak):
    celestrak.publish(omm_json(omm()))
    fetch(orbits, LIST)
    (request,) = celestrak.requests
    assert request.headers["User-Agent"] == "SpaceX-Insights/test (tests@example.org)"
    assert request.endpoint == "gp.php?GROUP=starlink&FORMAT=json"


def test_no_news_means_that_the_stored_copy_is_fresh(orbits, celestrak, clock):
    celestrak.publish(omm_json(omm(1)))
    fetch(orbits, LIST)
    clock.advance(hours=3)  # nothing new has come: the service refuses
    (item,) = fetch(orbits, LIST)
    assert item.origin == "not modified"
    assert item.checked_utc == "2026-11-25T15:00:00Z"
    assert item.snapshot.retrieved_utc == "2026-11-25T12:00:00Z"
    clock.advance(minutes=30)
    assert got(orbits) == ("stored", [1])  # and is left alone for a window
    assert len(celestrak.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 404, 410, 429, 500, 503])
def test_a_refusal_opens_the_circuit_until_the_next_window(orbits, celestrak, clock, status):
    celestrak.script("", Status(status), Normal())
    with pytest.raises(ServiceUnavailableError) as caught:
        fetch(orbits, LIST)
    assert "is not asked before 2026-11-25T14:00:00Z" in caught.value.message
    assert f"answered {status}" in caught.value.message
    assert "blocked" in caught.value.remedy
    for _ in range(3):
        with pytest.raises(ServiceUnavailableError, match=f"answered {status}"):
            fetch(orbits, LIST)
    assert len(celestrak.requests) == 1
    celestrak.script("")
    celestrak.publish(omm_json(omm(1)))
    clock.advance(hours=2, seconds=1)
    assert got(orbits) == ("fetched", [1])


def test_a_longer_wait_that_the_service_asks_for_is_kept(orbits, celestrak):
    celestrak.script("", Status(429, {"Retry-After": "18000"}))
    with pytest.raises(ServiceUnavailableError, match="not asked before 2026-11-25T17:00:00Z"):
        fetch(orbits, LIST)


def test_no_news_without_a_stored_copy_is_a_refusal(orbits, celestrak):
    celestrak.script("", Status(403))
    with pytest.raises(ServiceUnavailableError, match="answered 403"):
        fetch(orbits, LIST)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"a": 1}', b"[1]"])
def test_an_answer_that_is_no_list_is_not_asked_for_again(orbits, celestrak, body):
    celestrak.script("", Body(body))
    with pytest.raises(ResponseError):
        fetch(orbits, LIST)
    with pytest.raises(ServiceUnavailableError, match="is not asked before"):
        fetch(orbits, LIST)
    assert len(celestrak.requests) == 1


def test_an_answer_cut_off_counts_as_a_request(orbits, celestrak):
    celestrak.script("", Disconnect(b"[{"))
    with pytest.raises(ServiceUnavailableError):
        fetch(orbits, LIST)
    with pytest.raises(ServiceUnavailableError, match="broke off"):
        fetch(orbits, LIST)
    assert len(celestrak.requests) == 1


def test_where_nobody_answers_the_window_stays_open(orbits, celestrak, client):
    celestrak.publish(omm_json(omm(1)))
    away = FetchContext(CELESTRAK, NOBODY_HOME, orbits.store, client)
    for _ in range(2):
        with pytest.raises(ServiceUnavailableError, match="cannot be reached"):
            fetch(away, LIST)
    assert orbits.ledger.read().requests_utc == []
    assert got(orbits) == ("fetched", [1])


def test_a_lost_ledger_does_not_make_a_fresh_copy_stale(orbits, celestrak, clock):
    celestrak.publish(omm_json(omm(1)))
    fetch(orbits, LIST)
    ledger_path(orbits.store, CELESTRAK).unlink()
    clock.advance(hours=1)
    assert got(orbits) == ("stored", [1])
    assert len(celestrak.requests) == 1


def test_a_lost_copy_does_not_make_the_service_be_asked_again(orbits, celestrak, clock):
    celestrak.publish(omm_json(omm(1)))
    (item,) = fetch(orbits, LIST)
    (orbits.store.folder / item.snapshot.path).unlink()
    clock.advance(hours=1)
    with pytest.raises(ServiceUnavailableError, match="not stored here any more"):
        fetch(orbits, LIST)
    assert len(celestrak.requests) == 1


def test_a_damaged_ledger_says_what_to_do(orbits):
    path = ledger_path(orbits.store, CELESTRAK)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"{")
    with pytest.raises(SnapshotError) as caught:
        fetch(orbits, LIST)
    assert str(path) in caught.value.message
    assert caught.value.remedy.startswith("Wait two hours")


def test_what_was_stored_by_an_instant_is_found_again(orbits, celestrak, clock):
    for number in (1, 2):
        celestrak.publish(omm_json(omm(number)))
        fetch(orbits, LIST)
        clock.advance(hours=3)
    assert stored(orbits, LIST, "2026-11-25T11:00:00Z") == []
    (then,) = stored(orbits, LIST, "2026-11-25T13:00:00Z")
    (now,) = stored(orbits, LIST)
    assert (then.snapshot.retrieved_utc, now.snapshot.retrieved_utc) == (
        "2026-11-25T12:00:00Z",
        "2026-11-25T15:00:00Z",
    )
