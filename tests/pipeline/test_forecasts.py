"""Forecasts are stored with each GP list, and are never changed."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import numpy as np
import pytest

from spacex.extract.stored_forecasts import FOLDER
from spacex.orbits.reentry import MODEL, USUAL_WEATHER, Weather
from spacex.pipeline import stages
from spacex.pipeline.import_files import import_files
from spacex.pipeline.upgrade import upgrade
from spacex.pipeline.verify import verify
from spacex.schema import SCHEMA_VERSION
from spacex.settings import Settings
from spacex.units import EARTH_RADIUS_KM
from spacex.warehouse import forecasts
from tests.clock import Clock
from tests.example_records import omm, omm_json
from tests.example_rows import empty_database, insert_row
from tests.orbits.fleets import mean_motion
from tests.service_replicas import CelesTrak
from tests.stages import at, publish, rows, value

pytestmark = pytest.mark.usefixtures("clock")

SINKING, HIGH, NEW, HOLDING, STRANGE = 50_001, 50_002, 50_003, 50_004, 50_005
DAYS = (20, 21, 24, 25)
MADE = "SELECT made_utc, subject, kind, value, low, high, model FROM forecasts ORDER BY 1, 2"

Day = Callable[..., None]


@pytest.fixture
def config(three_services: Settings) -> Settings:
    return at(three_services, sources="celestrak")


@pytest.fixture
def day(config: Settings, celestrak: CelesTrak, clock: Clock) -> Day:
    """Return a function that publishes the GP list of a day of November."""

    def publish_on(day: int, **options: Any) -> None:
        clock.set(f"2026-11-{day:02d}")
        celestrak.publish(omm_json(*listed(day)))
        publish(config, "auto", f"day-{day}", **options)

    return publish_on


def listed(day: int) -> list[dict[str, Any]]:
    """Return the satellites on a day, one of which sinks by 2 km a day from 300 km."""
    return [
        satellite(SINKING, day, 300 - 2.0 * (day - 20), -2.0),
        satellite(HIGH, day, 420 - 2.5 * (day - 20), -2.5),
        satellite(NEW, day, 290 - 2.0 * (day - 20), -2.0, OBJECT_ID="2026-100A"),
        satellite(HOLDING, day, 540, 0.0),
        satellite(STRANGE, day, 280, -2.5, OBJECT_ID=""),
    ]


def satellite(number: int, day: int, altitude_km: float, rate: float, **fields: Any) -> Any:
    """Return the record of a satellite at an altitude that changes by a rate, km/d."""
    motion = float(mean_motion(altitude_km))
    dot = -rate * motion / (EARTH_RADIUS_KM + altitude_km) * 3 / 4
    common = {"OBJECT_ID": f"2023-001{chr(ord('A') + number % 26)}", "MEAN_MOTION_DOT": dot}
    record = {"EPOCH": f"2026-11-{day:02d}T03:00:00.123456", "MEAN_MOTION": motion}
    return omm(number, **common | record | fields)


def test_low_old_satellites_that_sink_are_forecast(day, config):
    for each in DAYS:
        day(each)
    found = rows(config.database, MADE)
    assert [(made[:10], *other) for made, *other in found] == [
        (f"2026-11-{each}", str(SINKING), "re-entry", *found[at][3:6], MODEL)
        for at, each in enumerate(DAYS)
    ]
    assert all("2026-11-25" < low < expected < high for *_, expected, low, high, _ in found)
    assert value(config.database, "SELECT group_concat(DISTINCT run) FROM forecasts") == ",".join(
        f"day-{each}" for each in DAYS
    )
    widths = [
        (np.datetime64(high[:-1]) - np.datetime64(low[:-1])) / np.timedelta64(1, "D")
        for *_, low, high, _ in found
    ]
    assert widths[3] < 0.7 * widths[0]


def test_the_same_list_adds_and_changes_nothing(day, config, monkeypatch):
    day(20)
    before = rows(config.database, "SELECT * FROM forecasts")
    monkeypatch.setattr(forecasts, "WINDOW_DAYS", 5.0)
    publish(config, "snapshot", "again")
    publish(config, "snapshot", "and-again")
    assert rows(config.database, "SELECT * FROM forecasts") == before != []


@pytest.mark.parametrize("is_stored", [True, False], ids=["stored", "made again"])
def test_a_forecast_as_of_a_date_is_that_made_on_it(day, config, clock, is_stored):
    made = {}
    for each in DAYS:
        day(each)
        made[each] = rows(config.database, MADE)
    clock.set("2026-11-26")
    for each in (24, 20, 21):
        if not is_stored:
            shutil.rmtree(config.raw_dir / FOLDER)
        publish(config, "snapshot", f"as-of-{each}", as_of=f"2026-11-{each}")
        assert rows(config.database, MADE) == made[each]
    publish(config, "snapshot", "now")
    assert rows(config.database, MADE) == made[25]
    config.database.unlink()
    if not is_stored:
        shutil.rmtree(config.raw_dir / FOLDER)
    assert "rebuilt" in upgrade(config, rebuild_missing=True)
    assert rows(config.database, MADE) == made[25]


def test_forecasts_stay_when_an_older_list_is_imported(day, config, clock, tmp_path):
    for each in (20, 24):
        day(each)
    before = rows(config.database, "SELECT * FROM forecasts")
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "list_2026-11-16.json").write_bytes(omm_json(*listed(16)))
    clock.set("2026-11-26")
    import_files(config, folder)
    new, *known = rows(config.database, "SELECT * FROM forecasts")
    assert (new[0][:10], known) == ("2026-11-16", before)
    shutil.rmtree(config.raw_dir / FOLDER)  # with the older list, they would be others
    config.database.unlink()
    upgrade(config, rebuild_missing=True)
    assert rows(config.database, MADE)[1:] != [each[:-1] for each in before]


def test_a_database_of_the_version_before_gets_the_forecasts_of_its_lists(day, config):
    for each in DAYS:
        day(each)
    expected = rows(config.database, MADE)
    with closing(sqlite3.connect(config.database)) as connection:
        connection.execute("DROP TABLE forecasts")
        connection.execute("PRAGMA user_version = 7")
        connection.commit()
    assert f"schema version 7; this release needs version {SCHEMA_VERSION}" in upgrade(config)
    assert rows(config.database, MADE) == expected


def test_forecasts_of_another_rule_stay(day, config, monkeypatch, clock):
    with monkeypatch.context() as patch:
        patch.setattr(forecasts, "MODEL", "ballistic 0")
        day(20)
        day(21)
    kept = "SELECT * FROM forecasts WHERE model = 'ballistic 0'"
    old = rows(config.database, kept)
    day(24)
    everything = rows(config.database, MADE)
    clock.set("2026-11-26")
    publish(config, "snapshot", "then", as_of="2026-11-21")
    assert rows(config.database, kept) == old
    publish(config, "snapshot", "earlier", as_of="2026-11-20")
    assert rows(config.database, kept) == old[:1]
    both = rows(config.database, "SELECT made_utc, model FROM forecasts")
    assert [model for _, model in both] == ["ballistic 0", MODEL]
    publish(config, "snapshot", "now")
    assert rows(config.database, kept) == old
    assert {*everything} <= {*rows(config.database, MADE)}
    config.database.unlink()
    upgrade(config, rebuild_missing=True)
    assert rows(config.database, kept) == old


def test_a_damaged_file_of_forecasts_is_named_and_made_again(day, config):
    day(20)
    before = rows(config.database, MADE)
    (file,) = (config.raw_dir / FOLDER).iterdir()
    content = file.read_bytes()
    file.write_bytes(content.replace(b"2026-12", b"2026-11"))
    assert [(each.file, each.message) for each in verify(config).problems] == [
        (f"raw/forecasts/{file.name}", f"raw/forecasts/{file.name} is damaged.")
    ]
    file.with_name(f"{file.name}.abcdefgh.tmp").touch()
    assert [each.message for each in verify(config).notes if "unfinished" in each.message]
    publish(config, "snapshot", "again")
    assert rows(config.database, MADE) == before
    assert verify(config).problems == []
    assert [*file.parent.iterdir()] == [file]
    file.unlink()
    assert [each.message for each in verify(config).problems] == [
        f"raw/forecasts/{file.name} is missing."
    ]
    config.database.unlink()
    upgrade(config, rebuild_missing=True)
    assert rows(config.database, MADE) == before
    assert verify(config).problems == []


def test_the_sample_has_no_forecasts(config):
    publish(config, "sample", "sample")
    assert value(config.database, "SELECT count(*) FROM forecasts") == 0
    assert not (config.raw_dir / FOLDER).exists()


def test_a_failure_stops_no_load(day, config, monkeypatch):
    def fail(*_: object) -> None:
        raise ZeroDivisionError("no air")

    monkeypatch.setattr(forecasts, "remaining_lives", fail)
    day(20)
    assert rows(config.database, MADE) == []
    found = "SELECT severity, message, examples FROM _findings WHERE check_name = 'forecasts'"
    assert rows(config.database, found) == [
        ("warning", "No re-entries could be forecast", "ZeroDivisionError: no air")
    ]
    assert value(config.database, "SELECT count(*) FROM starlink WHERE is_listed") == 5
    monkeypatch.undo()
    stages.load(config, "day-20")
    assert len(rows(config.database, MADE)) == 1


def test_only_weather_that_was_known_counts():
    with empty_database() as connection:
        for number in range(1, 31):
            insert_row(
                connection,
                "space_weather",
                utc_date=f"2026-10-{number:02d}",
                kind="observed" if number < 30 else "predicted",
                ap=number,
                f107_observed_sfu=100.0 + 100 * (number > 27),
                observed_utc=f"2026-11-{1 + (number == 29):02d}T00:00:00Z",
            )
        found = [
            forecasts.weather_at(connection, f"2026-{day}T00:00:00Z")
            for day in ("10-30", "11-01", "11-02", "12-20")
        ]
    assert found == [USUAL_WEATHER, Weather(104, 15), Weather(107, 16), USUAL_WEATHER]
