"""Runs after a clock that was ahead is right again."""

import re
import subprocess
from pathlib import Path

import pytest

from spacex.pipeline.upgrade import upgrade
from spacex.settings import Settings
from tests.clock import Clock
from tests.example_records import early_omm as omm
from tests.example_records import omm_json
from tests.service_replicas import CelesTrak
from tests.stages import at, publish, rows, value

OPERATING = Path(__file__).parents[2] / "docs" / "operating.md"


@pytest.fixture
def config(three_services: Settings) -> Settings:
    return at(three_services, sources="spacexdata,celestrak")


def published_ahead(config: Settings, celestrak: CelesTrak, clock: Clock) -> None:
    """Publish lists on two days, and another one while the clock is ahead."""
    for number, day in enumerate(("2026-10-31", "2026-11-01", "2028-01-03"), start=1):
        clock.set(day)
        celestrak.publish(omm_json(*(omm(60_000 + n) for n in range(1, number + 1))))
        publish(config, "auto", f"on-{day}")


def test_a_run_says_that_data_were_recorded_later_than_now(config, celestrak, clock) -> None:
    published_ahead(config, celestrak, clock)
    clock.set("2026-11-02")
    publish(config, "auto", "now")
    note = str(value(config.database, "SELECT note FROM _runs WHERE run_id = 'now'"))
    assert re.search(r"clock shows 2026-11-02T\S+, but data were recorded at 2028-01-03T", note)
    assert '"A clock that was ahead" in docs/operating.md' in note


@pytest.mark.parametrize("ahead", ["2026-11-05", "2028-01-03"])
def test_no_coverage_reaches_past_the_present(three_services, celestrak, clock, ahead) -> None:
    config = at(three_services, sources="spacexdata,celestrak,launchlibrary")
    for run, now in enumerate(("2026-10-31", ahead, "2026-11-02"), start=1):
        clock.set(now)
        celestrak.publish(omm_json(*(omm(60_000 + n) for n in range(run))))
        publish(config, "auto", f"run-{run}")
    newest = "SELECT subject, max(to_utc) FROM v_coverage GROUP BY subject"
    ends = {subject: str(to_utc)[:10] for subject, to_utc in rows(config.database, newest)}
    assert {"launches", "satellites listed", "elements"} <= ends.keys()
    assert [end for end in ends.values() if end > "2026-11-02"] == []
    assert value(config.database, "SELECT max(checked_utc) FROM _snapshots") < "2026-11-03"


def test_what_was_recorded_ahead_is_removed_as_the_docs_say(config, celestrak, clock) -> None:
    published_ahead(config, celestrak, clock)
    text = OPERATING.read_text().partition("### A clock that was ahead")[2]
    (_, commands, _) = text.split("```", maxsplit=2)
    subprocess.run(  # noqa: S602 - the commands of the docs
        commands.removeprefix("sh\n"), shell=True, check=True, cwd=config.data_dir.parent
    )
    clock.set("2026-11-02")
    celestrak.publish(omm_json(*(omm(60_000 + n) for n in (1, 2, 3))))
    upgrade(config, rebuild_missing=True)
    publish(config, "auto", "now")
    lists = "SELECT substr(observed_utc, 1, 10), satellite_count FROM _observations ORDER BY 1"
    assert rows(config.database, lists) == [
        ("2026-10-31", 1),
        ("2026-11-01", 2),
        ("2026-11-02", 3),
    ]
    assert not value(config.database, "SELECT note FROM _runs WHERE run_id = 'now'")
