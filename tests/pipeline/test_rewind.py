"""A run as of a date publishes what was known then, and the next run what is known now."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spacex.cli import status_command
from spacex.errors import DataError, SettingsError
from spacex.extract.snapshots import SnapshotStore
from spacex.pipeline import stages
from spacex.pipeline.upgrade import rebuild
from spacex.settings import Settings
from tests.clock import Clock
from tests.example_records import launch
from tests.replica import Replica
from tests.service_replicas import CelesTrak, LaunchLibrary
from tests.sources.test_gcat import SATELLITE, tsv
from tests.sources.test_satcat import satcat_csv
from tests.stages import at, publish, rows, state, unchanged, value
from tests.warehouse.catalogues import VANGUARD, gcat_row, gp, new_setup, satcat_row

pytestmark = pytest.mark.long

DAYS = ("2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04")
State = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def made(
    sample_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Settings, list[State]]:
    """Publish four days with another source on each; return the state after each."""
    with (
        Clock(DAYS[0]) as clock,
        CelesTrak() as celestrak,
        LaunchLibrary() as library,
        Replica(Path("/none")) as files,
    ):
        setup = new_setup(tmp_path_factory, clock, celestrak, files)
        setup.settings = at(setup.settings, launchlibrary_url=library.url)
        library.launches = [launch("one", "2026-11-01T00:00:00Z")]

        def catalogue(decay: str = "") -> None:
            setup.serve_satcat(satcat_csv(satcat_row(1), satcat_row(2, decay)))

        others: list[Callable[[], object]] = [
            catalogue,
            lambda: setup.serve_archive(sample_dir),
            lambda: (catalogue("2026-11-02"), setup.used.append("launchlibrary")),
            lambda: setup.serve_gcat(
                tsv(gcat_row(1, Bus="Starlink V2MD")), tsv(SATELLITE | VANGUARD)
            ),
        ]
        states = []
        lists = [(1, 2), (1, 2, 3), (1, 3), (1, 2, 3, 4)]
        for day, numbers, serve in zip(DAYS, lists, others, strict=True):
            setup.list_satellites(day, gp(*numbers))
            serve()
            setup.publish()
            states.append(state(setup.database))
    return at(setup.settings, sources=""), states


@pytest.fixture
def config(made: tuple[Settings, list[State]], tmp_path: Path) -> Iterator[Settings]:
    """Return settings of a copy of the data, used a day later."""
    shutil.copytree(made[0].data_dir, tmp_path / "data")
    with Clock("2026-11-05"):
        yield at(made[0], data_dir=tmp_path / "data")


def assert_state(config: Settings, expected: State) -> None:
    found = state(config.database)
    for name in expected:
        assert found[name] == expected[name], name


def test_each_date_is_published_as_it_was_in_any_order(config, made) -> None:
    _, states = made
    for position in (1, 0, 2):
        publish(config, "snapshot", f"then{position}", as_of=DAYS[position])
        assert_state(config, states[position])
    publish(config, "snapshot", "now")
    assert_state(config, states[-1])


def test_nothing_is_later_than_the_date(config, monkeypatch, capsys) -> None:
    publish(config, "snapshot", "then", as_of=DAYS[1])
    for sql in (
        "SELECT max(retrieved_utc) FROM _snapshots",
        "SELECT max(checked_utc) FROM _snapshots",
        "SELECT max(observed_utc) FROM _observations",
        "SELECT max(observed_utc) FROM _changes",
        "SELECT max(observed_utc) FROM starlink_elements",
        "SELECT max(as_of_utc) FROM _runs",
    ):
        assert str(value(config.database, sql)) <= "2026-11-02T23:59:59Z", sql
    monkeypatch.setenv("COLUMNS", "1000")
    monkeypatch.setattr(status_command, "settings", lambda: config)
    status_command.status(max_age_h=None, as_json=False)
    shown = re.sub("next request from [^,]*", "", capsys.readouterr().out)
    assert "2026-11-02T12:0" in shown
    assert not [day for day in DAYS[2:] if f"{day}T" in shown]


def test_a_list_of_a_run_that_was_not_loaded_enters_the_history_with_the_next_run(
    config, tmp_path
) -> None:
    with CelesTrak() as celestrak, Clock("2026-11-06") as clock:
        used = "spacexdata,celestrak,satcat,gcat"
        current = at(config, sources=used, celestrak_url=celestrak.gp_url)
        for day, numbers in (("2026-11-06", (1, 2, 3, 4, 5)), ("2026-11-07", (1, 2, 3, 4))):
            clock.set(day)
            celestrak.publish(gp(*numbers, EPOCH=f"{day}T00:00:00"))
            if day == "2026-11-06":
                stages.extract(current, "unloaded")
        publish(current, "auto", "now")
        rebuilt = at(current, data_dir=tmp_path / "rebuilt")
        shutil.copytree(current.raw_dir, rebuilt.raw_dir)
        rebuild(rebuilt)
        sql = "SELECT observed_utc, kind, row_key FROM _changes WHERE observed_utc > '2026-11-05'"
        assert rows(current.database, sql) == rows(rebuilt.database, sql)
        assert len({observed for observed, *_ in rows(current.database, sql)}) == 2


def test_a_date_before_the_first_snapshot_is_refused_with_the_first_one(config) -> None:
    with unchanged(config.database), pytest.raises(SettingsError) as caught:
        publish(config, "snapshot", "then", as_of="2026-10-31")
    assert caught.value.message.startswith(
        "Nothing was stored by 2026-10-31: the first snapshot is of 2026-11-01T12:0"
    )
    assert caught.value.remedy == "Choose 2026-11-01 or a later date."
    with pytest.raises(SettingsError, match="the first snapshot is of 2026-11-03"):
        stages.check(at(config, sources="launchlibrary"), as_of="2026-11-02")


def test_a_list_without_a_snapshot_is_not_lost(config) -> None:
    newest = SnapshotStore(config.raw_dir).all("celestrak", "starlink")[-1]
    for path in (config.raw_dir / newest.path).parent.glob("20261104T*"):
        path.unlink()
    with (
        unchanged(config.database),
        pytest.raises(DataError, match="would lack the GP lists of 20"),
    ):
        publish(config, "snapshot", "then", as_of=DAYS[1])


def test_lists_between_two_dates_are_loaded(config) -> None:
    publish(config, "snapshot", "first", as_of=DAYS[0])
    publish(config, "snapshot", "last", as_of=DAYS[3])
    assert len(rows(config.database, "SELECT * FROM _observations")) == 4
    publish(config, "snapshot", "again", as_of=DAYS[0])
    config.drop_in_dir.mkdir()
    body = gp(1, 2, 3, 4, 5, EPOCH="2026-11-04T23:00:00.5")
    (config.drop_in_dir / "2026-11-05.json").write_bytes(body)
    publish(config, "snapshot", "now")
    assert len(rows(config.database, "SELECT * FROM _observations")) == 5


def test_a_rebuild_that_would_bring_back_older_data_is_refused(config, sample_dir) -> None:
    with Replica(sample_dir) as archive:
        archive.serve("rockets", archive.body("rockets").replace(b"Falcon 1", b"Falcon One"))
        publish(at(config, base_url=archive.url, sources="spacexdata"), "api", "fifth")
    newest = SnapshotStore(config.raw_dir).all("spacexdata", "rockets")[-1]
    (config.raw_dir / newest.path).write_bytes(b"damaged")
    with unchanged(config.database), pytest.raises(DataError) as caught:
        rebuild(config)
    assert "it would have older data of spacexdata: cores, " in caught.value.message
    assert newest.path in caught.value.message
