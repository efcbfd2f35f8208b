"""Alerts that the receiver does not take as it should."""

import time
from pathlib import Path

import pytest

from spacex.pipeline.alerts import tell_of_report
from spacex.settings import Settings
from tests import stages
from tests.replica import Behaviour, Replica, SlowBody, SlowHeaders, Status


@pytest.mark.parametrize(
    ("status", "requests"),
    [
        *((each, 2) for each in (429, 500, 502, 503, 504)),
        *((each, 1) for each in (400, 428, 430, 499, 501, 505)),
    ],
)
def test_an_alert_is_sent_again_to_a_busy_or_broken_receiver_alone(
    settings: Settings, status: int, requests: int
) -> None:
    with Replica(Path("/none")) as receiver:
        receiver.script("hook", Status(status), Status(204))
        known = stages.at(settings, webhook_url=f"{receiver.url}/hook")
        problems = [] if requests == 2 else [f"The webhook answered {status}"]
        assert tell_of_report(known, "The week", "51 new.", "") == problems
    assert len(receiver.posted) == requests


@pytest.mark.attack("block a run with a webhook that responds byte by byte", "ends in time")
@pytest.mark.parametrize(
    ("slow", "problems"),
    [
        (SlowHeaders(), ["The webhook was not reached: TimeoutError"]),
        (SlowBody(), []),  # which is not read
    ],
    ids=repr,
)
def test_a_receiver_that_responds_byte_by_byte_does_not_block_the_run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, slow: Behaviour, problems: list[str]
) -> None:
    monkeypatch.setattr("spacex.pipeline.alerts.LIMIT_S", 0.5)
    with Replica(Path("/none")) as receiver:
        receiver.script("hook", slow)
        known = stages.at(settings, webhook_url=f"{receiver.url}/hook")
        started = time.monotonic()
        assert tell_of_report(known, "The week", "51 new.", "") == problems
        assert time.monotonic() - started < 5
