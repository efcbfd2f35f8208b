"""A receiver that works, and ones that refuse, fail, are slow or away."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from spacex.pipeline.lineage import receiver as receiver_module
from spacex.pipeline.lineage.receiver import Receiver
from tests.conftest import NOBODY_HOME
from tests.replica import Behaviour, Hang, Redirect, Replica, SlowHeaders, Status

ENDPOINT = "api/v1/lineage"
EVENTS = [b'{"a":1}', b'{"a":2}', b'{"a":3}']


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica(Path("/none")) as server:
        yield server


def sent(to: Receiver, limit_s: float = 10) -> str:
    """Send the events; return what is said of them after a wait."""
    for each in EVENTS:
        to.send(each)
    return to.settle(limit_s)


def test_events_arrive_in_order(replica):
    to = Receiver(f"{replica.url}/")
    assert sent(to) == ""
    assert replica.posted == [(ENDPOINT, each) for each in EVENTS]
    assert {each["Content-Type"] for each in replica.post_headers} == {"application/json"}
    assert not any("Authorization" in each for each in replica.post_headers)
    assert sent(to) == ""
    assert len(replica.posted) == 6


def test_the_api_key_is_sent_and_told_nowhere_else(replica, caplog):
    caplog.set_level(logging.DEBUG)
    replica.script(ENDPOINT, Status(401))
    said = sent(Receiver(replica.url, "SECRET"))
    assert said == "The lineage receiver answered 401; 3 events may be missing there."
    assert [each["Authorization"] for each in replica.post_headers] == ["Bearer SECRET"]
    assert "SECRET" not in caplog.text


@pytest.mark.parametrize("key", ["a\nb", "ключ"])
def test_a_key_that_no_header_can_hold_is_told(replica, key):
    said = sent(Receiver(replica.url, key))
    assert said.startswith("The lineage receiver was not reached: ")
    assert key not in said
    assert replica.posted == []


@pytest.mark.attack("redirect the lineage to another host, to get its API key", "not followed")
def test_no_other_host_gets_the_key(replica):
    with Replica(Path("/none")) as other:
        replica.script(ENDPOINT, Redirect(f"{other.url}/{ENDPOINT}"))
        said = sent(Receiver(replica.url, "SECRET"))
        assert (other.posted, other.requests) == ([], [])
    assert said == "The lineage receiver answered 302; 3 events may be missing there."


def test_a_failure_is_tried_again_and_then_nothing_for_a_while(replica, monkeypatch):
    replica.script(ENDPOINT, Status(500), Status(500), Status(204))
    to = Receiver(replica.url)
    assert sent(to) == ""
    assert len(replica.posted) == 5
    replica.script(ENDPOINT, Status(500))
    said = sent(to)
    assert said == "The lineage receiver answered 500 three times; 3 events may be missing there."
    assert len(replica.posted) == 8
    assert sent(to).endswith("; 3 events may be missing there.")
    assert len(replica.posted) == 8
    later = time.monotonic() + receiver_module.PAUSE_S
    monkeypatch.setattr(receiver_module.time, "monotonic", lambda: later)
    replica.script(ENDPOINT, Status(204))
    assert sent(to) == ""
    assert len(replica.posted) == 11


def test_a_receiver_that_is_away_costs_one_attempt(caplog):
    caplog.set_level(logging.DEBUG)
    said = sent(Receiver(f"{NOBODY_HOME.replace('://', '://me:SECRET@')}"))
    assert said.startswith("The lineage receiver was not reached: ")
    assert said.endswith("; 3 events may be missing there.")
    assert "SECRET" not in said + caplog.text


@pytest.mark.attack("delay a run with a receiver that responds byte by byte", "not waited for")
@pytest.mark.parametrize("slow", [Hang(), SlowHeaders()], ids=repr)
def test_nobody_waits_long_for_a_slow_receiver(replica, monkeypatch, slow: Behaviour):
    monkeypatch.setattr(receiver_module, "LIMIT_S", 0.5)
    replica.script(ENDPOINT, slow)
    to, started = Receiver(replica.url), time.monotonic()
    assert sent(to, limit_s=0) == ("The lineage receiver is slow; 3 events may be missing there.")
    assert time.monotonic() - started < 0.3
    said = to.settle(10)
    assert (
        said == "The lineage receiver was not reached: TimeoutError; 3 events may be missing there."
    )


def test_events_do_not_pile_up(replica, monkeypatch):
    monkeypatch.setattr(receiver_module, "MOST_WAITING", 1)
    monkeypatch.setattr(receiver_module, "LIMIT_S", 0.5)
    replica.script(ENDPOINT, Hang())
    to = Receiver(replica.url)
    for each in EVENTS * 10:
        to.send(each)
    assert to.settle(0).endswith("; 30 events may be missing there.")
    to.settle(10)
