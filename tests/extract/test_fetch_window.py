"""CelesTrak's rules, against a server that enforces them."""

import json
from dataclasses import replace

import pytest

from spacex.errors import ResponseError, ServiceUnavailableError, SnapshotError
from spacex.extract.fetch import FetchContext, fetch, stored
from spacex.extract.fetch_context import ledger_path
from spacex.files import CHECK_DISK
from spacex.sources import CELESTRAK
from tests.conftest import NOBODY_HOME
from tests.example_records import omm, omm_json
from tests.replica import Body, Disconnect, Normal, Status


def fetched(context: FetchContext) -> tuple[str, list[int]]:
    """Fetch, and return the origin of the snapshot and the catalogue numbers in it."""
    (item,) = fetch(context)
    return item.origin, [r["NORAD_CAT_ID"] for r in json.loads(context.store.read(item.snapshot))]


def test_one_request_per_window(orbits, celestrak, clock):
    celestrak.publish(omm_json(omm(1)))
    assert fetched(orbits) == ("fetched", [1])
    clock.advance(minutes=119)
    assert fetched(orbits) == ("stored", [1])
    celestrak.publish(omm_json(omm(2)))
    clock.advance(minutes=2)
    assert fetched(orbits) == ("fetched", [2])
    assert (len(celestrak.requests), celestrak.violations) == (2, [])


def test_the_request_identifies_the_client(orbits, celestrak):
    celestrak.publish(omm_json(omm()))
    fetch(orbits)
    (request,) = celestrak.requests
    assert request.headers["User-Agent"] == "SpaceX-Insights/test (tests@example.org)"
    assert request.endpoint == "gp.php?GROUP=starlink&FORMAT=json"


def test_403_confirms_the_stored_snapshot(orbits, celestrak, clock):
    celestrak.publish(omm_json(omm(1)))
    fetch(orbits)
    clock.advance(hours=3)  # the service has no new data and sends 403
    (item,) = fetch(orbits)
    assert item.origin == "not modified"
    assert item.checked_utc == "2026-11-25T15:00:00Z"
    assert item.snapshot.retrieved_utc == "2026-11-25T12:00:00Z"
    clock.advance(minutes=30)
    assert fetched(orbits) == ("stored", [1])  # no request for another window
    assert len(celestrak.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 404, 410, 429, 500, 503])
def test_an_error_status_pauses_requests_for_a_window(orbits, celestrak, clock, status):
    celestrak.script("", Status(status), Normal())
    with pytest.raises(ServiceUnavailableError) as caught:
        fetch(orbits)
    assert "are paused until 2026-11-25T14:00:00Z" in caught.value.message
    assert f"returned {status}" in caught.value.message
    assert "blocked" in caught.value.remedy
    for _ in range(3):
        with pytest.raises(ServiceUnavailableError, match=f"returned {status}"):
            fetch(orbits)
    assert len(celestrak.requests) == 1
    celestrak.script("")
    celestrak.publish(omm_json(omm(1)))
    clock.advance(hours=2, seconds=1)
    assert fetched(orbits) == ("fetched", [1])


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (Status(429, {"Retry-After": "18000"}), "are paused until 2026-11-25T17:00:00Z"),
        (Status(403), "returned 403"),
    ],
    ids=["a longer Retry-After", "403 without a stored snapshot"],
)
def test_the_error_states_the_pause_or_the_status(orbits, celestrak, status, message):
    celestrak.script("", status)
    with pytest.raises(ServiceUnavailableError, match=message):
        fetch(orbits)


INVALID = [*map(Body, (b"<html>", b"[]", b'{"a": 1}', b"[1]")), Disconnect(b"[{")]


@pytest.mark.parametrize("behaviour", INVALID)
def test_an_invalid_or_incomplete_response_pauses_requests(orbits, celestrak, behaviour):
    is_invalid = isinstance(behaviour, Body)
    celestrak.script("", behaviour)
    with pytest.raises(ResponseError if is_invalid else ServiceUnavailableError):
        fetch(orbits)
    message = "are paused until" if is_invalid else "incomplete response"
    with pytest.raises(ServiceUnavailableError, match=message):
        fetch(orbits)
    assert len(celestrak.requests) == 1


def test_an_unreachable_service_does_not_pause_requests(orbits, celestrak):
    celestrak.publish(omm_json(omm(1)))
    unreachable = replace(orbits, base_url=NOBODY_HOME)
    for _ in range(2):
        with pytest.raises(ServiceUnavailableError, match="cannot be reached"):
            fetch(unreachable)
    assert orbits.ledger.read().requests_utc == []
    assert fetched(orbits) == ("fetched", [1])


def test_a_missing_ledger_keeps_a_fresh_snapshot_in_use(orbits, celestrak, clock):
    celestrak.publish(omm_json(omm(1)))
    fetch(orbits)
    ledger_path(orbits.store, CELESTRAK).unlink()
    clock.advance(hours=1)
    assert fetched(orbits) == ("stored", [1])
    assert len(celestrak.requests) == 1


def test_a_missing_snapshot_causes_no_new_request(orbits, celestrak, clock):
    celestrak.publish(omm_json(omm(1)))
    (item,) = fetch(orbits)
    (orbits.store.folder / item.snapshot.path).unlink()
    clock.advance(hours=1)
    with pytest.raises(ServiceUnavailableError, match="no longer stored"):
        fetch(orbits)
    assert len(celestrak.requests) == 1


def test_a_damaged_ledger_raises_with_a_remedy(orbits):
    path = ledger_path(orbits.store, CELESTRAK)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"{")
    with pytest.raises(SnapshotError) as caught:
        fetch(orbits)
    assert str(path) in caught.value.message
    assert caught.value.remedy.startswith("Wait two hours")


def test_a_ledger_that_may_not_be_read_is_named(orbits):
    ledger_path(orbits.store, CELESTRAK).mkdir(parents=True)
    with pytest.raises(SnapshotError, match=r"ledger.json cannot be read \(Is a dir") as caught:
        fetch(orbits)
    assert caught.value.remedy == CHECK_DISK


def test_stored_snapshot_as_of_an_instant(orbits, celestrak, clock):
    for number in (1, 2):
        celestrak.publish(omm_json(omm(number)))
        fetch(orbits)
        clock.advance(hours=3)
    assert stored(orbits, "2026-11-25T11:00:00Z") == []
    (then,) = stored(orbits, "2026-11-25T13:00:00Z")
    (now,) = stored(orbits)
    assert then.snapshot.retrieved_utc == "2026-11-25T12:00:00Z"
    assert now.snapshot.retrieved_utc == "2026-11-25T15:00:00Z"
