"""Forecasts of launches are stored with a run, and never changed."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from spacex.analysis.launch_forecast import (
    covered_months,
    launch_forecasts,
    stored_launch_forecasts,
    stored_record,
)
from spacex.extract.stored_forecasts import FOLDER
from spacex.pipeline.upgrade import upgrade
from spacex.pipeline.verify import verify
from spacex.settings import Settings
from spacex.warehouse import launch_forecasts as module
from tests.clock import Clock
from tests.stages import at, publish, rows

pytestmark = pytest.mark.usefixtures("clock")

MADE = "SELECT made_utc, subject, value, low, high, model, run FROM forecasts ORDER BY 1, 6"


@pytest.fixture
def config(three_services: Settings) -> Settings:
    """Return settings that use the archive, whose launches are covered to October 2022."""
    return at(three_services, sources="spacexdata")


@pytest.fixture
def run(config: Settings, clock: Clock) -> Callable[..., None]:
    def publish_on(day: int, mode: str = "auto", **options: object) -> None:
        clock.set(f"2026-11-{day:02d}")
        publish(config, mode, f"day-{day}", **options)

    return publish_on


def test_a_run_stores_the_forecast_that_the_covered_months_give(run, config):
    run(20)
    (made,) = rows(config.database, MADE)
    last = launch_forecasts(config.database).iloc[-1]
    assert made == (
        f"{last['since']}-01T00:00:00Z",
        f"{last['since']} to {last['until']}",
        *(f"{last[name]:.0f}" for name in ("expected", "low", "high")),
        module.MODEL,
        "day-20",
    )
    assert last["since"] == "2022-10"
    assert verify(config).problems == []


def test_what_is_stored_is_never_changed(run, config, monkeypatch):
    run(20)
    before = rows(config.database, MADE)
    monkeypatch.setattr(module, "ASSUMED_SPREAD", 0.5)
    run(21, "snapshot")
    assert rows(config.database, MADE) == before
    config.database.unlink()
    upgrade(config, rebuild_missing=True)
    assert rows(config.database, MADE) == before
    monkeypatch.setattr(module, "MODEL", "another 2")
    run(22, "snapshot")
    models = [(row[0], row[5]) for row in rows(config.database, MADE)]
    assert models == [(before[0][0], "another 2"), (before[0][0], before[0][5])]


def test_a_forecast_as_of_a_date_is_the_one_of_that_date(run, config):
    run(20)
    before = rows(config.database, MADE)
    run(22, "snapshot", as_of="2026-11-21")
    assert rows(config.database, MADE) == before


def test_stored_forecasts_are_scored_once_their_months_are_covered(run, config, monkeypatch):
    """The forecast of a database that knew the launches to September 2021 only."""
    known = module._covered_months
    monkeypatch.setattr(module, "_covered_months", lambda each: known(each)[:-12])
    run(20)
    monkeypatch.undo()
    run(21, "snapshot")
    found = stored_launch_forecasts(config.database)
    assert found["since"].tolist() == ["2021-10", "2022-10"]
    assert found["happened"].fillna(-1).tolist() == [
        int(covered_months(config.database)[-12:].sum()),
        -1,
    ]
    assert found["is_covered"].isna().tolist() == [False, True]
    assert "2 forecasts of launches stored" in stored_record(found)
    assert {row[6] for row in rows(config.database, MADE)} == {"day-20", "day-21"}


def test_a_failure_stops_no_load(run, config, monkeypatch):
    monkeypatch.setattr(module, "store_forecasts", lambda *_: 1 / 0)
    run(20)
    assert rows(config.database, MADE) == []
    (found,) = rows(
        config.database, "SELECT message, examples FROM _findings WHERE check_name = 'forecasts'"
    )
    assert found[0] == "The launches to come could not be forecast"
    assert found[1].startswith("ZeroDivisionError")


def test_later_forecasts_are_left_out_of_earlier_data(run, config):
    run(20)
    folder = config.raw_dir / FOLDER
    assert [path.name for path in folder.iterdir()] == [
        "20221001T000000Z.launches-in-twelve-months.growth-of-three-years-1.json"
    ]
    with closing(sqlite3.connect(config.database)) as connection:
        assert module.stored_until(config.raw_dir, "launches in twelve months", "2022-09-30") == []
        assert module.record_launch_forecasts(connection, "again", config.raw_dir) == []
