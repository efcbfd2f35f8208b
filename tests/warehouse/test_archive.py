"""Element sets older than the hot window are in the archive, and every reader finds them there."""

import gzip
import os
import shutil
import sqlite3
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from spacex.analysis import history
from spacex.analysis.api.door import open_database
from spacex.analysis.articles.satellite import satellite
from spacex.analysis.exports import export_tables
from spacex.analysis.releases import make_release
from spacex.errors import DatabaseError, QueryError, SettingsError
from spacex.pipeline.backup import back_up
from spacex.pipeline.restore import restore
from spacex.pipeline.verify import verify
from spacex.pipeline.verify.verification import Part
from spacex.schema.starlink import STARLINK_ELEMENTS
from spacex.settings import Settings
from spacex.warehouse import archive
from spacex.warehouse.archive import compaction, moving
from spacex.warehouse.archive.collection import collect
from spacex.warehouse.archive.engine import KEY
from spacex.warehouse.archive.files import named_files
from spacex.warehouse.archive.moving import move_old_sets
from spacex.warehouse.archive.reading import Selection, read_sets
from spacex.warehouse.publish import publishing
from tests.clock import Clock
from tests.example_rows import empty_database, insert_row
from tests.replica import Replica
from tests.service_replicas import CelesTrak
from tests.stages import at, content, rows
from tests.warehouse.catalogues import Setup, new_setup
from tests.warehouse.test_renumbering import NEW, OLD, gp

DATES = ("2026-07-01", "2026-07-20", "2026-08-10", "2026-09-01", "2026-09-20", "2026-11-01")
SATELLITES = {"S1": 1, "S2": 2, "S3": 3}
HOT = "SELECT substr(epoch_utc, 1, 10), norad_cat_id FROM starlink_elements ORDER BY 1, 2"


Pair = tuple[Setup, Setup]


def archived(database: Path) -> list[tuple[Any, ...]]:
    return rows(database, "SELECT path, row_count FROM history_files ORDER BY 1")


def lists(setup: Setup, *dates: str, hot_days: int = 1, **of: dict[str, int]) -> Setup:
    """Publish a list on each date, of SATELLITES unless others are named by the date."""
    setup.settings = at(setup.settings, hot_days=hot_days)
    for date in dates:
        setup.list_satellites(date, gp(of.get(f"on_{date[5:].replace('-', '_')}", SATELLITES)))
        setup.publish()
    return setup


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """The same lists with and without an archive, for tests that only read them."""
    with Clock("2026-07-01") as clock, CelesTrak() as celestrak, Replica(Path("/none")) as files:
        cold, hot = (new_setup(tmp_path_factory, clock, celestrak, files) for _ in range(2))
        yield lists(cold, *DATES), lists(hot, *DATES, hot_days=100_000)


@pytest.fixture
def pair(untouched: Pair, make_setup: Callable[[], Setup]) -> Pair:
    """Copies of them, for tests that change them."""
    copies = make_setup(), make_setup()
    for copied, each in zip(copies, untouched, strict=True):
        shutil.copytree(each.settings.data_dir, copied.settings.data_dir, dirs_exist_ok=True)
        copied.settings = at(copied.settings, hot_days=each.settings.hot_days)
        copied.used += each.used
        copied.clock.set(DATES[-1])
    return copies


def test_old_sets_move_and_all_readers_find_them(untouched):
    cold, hot = (each.database for each in untouched)
    assert [count for _, count in archived(cold)] == [6, 3, 6]
    assert rows(cold, HOT) == [("2026-11-01", 1), ("2026-11-01", 2), ("2026-11-01", 3)]
    assert archived(hot) == []
    assert len(rows(hot, HOT)) == 18
    assert content(cold) == content(hot)
    pd.testing.assert_frame_equal(history.elements(cold), history.elements(hot))
    for date in DATES:
        pd.testing.assert_frame_equal(history.fleet_on(cold, date), history.fleet_on(hot, date))
    one, other = (open_database(each).satellite(2).history() for each in (cold, hot))
    pd.testing.assert_frame_equal(one, other)
    assert len(open_database(cold).table("starlink_elements")) == 18
    pd.testing.assert_frame_equal(satellite(cold, "2").elements, satellite(hot, "2").elements)
    before = [open_database(each).satellite(1).now(at="2026-08-11") for each in (cold, hot)]
    pd.testing.assert_series_equal(*before)


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        ({"satellites": [2]}, 6),
        ({"satellites": []}, 0),
        ({"since": "2026-08-10"}, 12),
        ({"until": "2026-08-10"}, 9),
        ({"since": "2026-08-10T00:00:00Z", "until": "2026-08-10T00:00:00Z"}, 3),
        ({"since": "2026-08-10T00:00:01Z", "until": "2026-10-31", "satellites": [1, 3]}, 4),
        ({"since": "2027-01-01"}, 0),
    ],
)
def test_a_part_of_the_history_is_the_same_from_both(untouched, chosen, count):
    cold, hot = (history.elements(each.database, **chosen) for each in untouched)
    assert len(cold) == count
    pd.testing.assert_frame_equal(cold, hot)


def test_chosen_columns_come_alone(untouched):
    names = ["epoch_utc", "perigee_altitude_km"]
    cold, hot = (history.elements(each.database, columns=names) for each in untouched)
    assert [*cold.columns] == names
    pd.testing.assert_frame_equal(cold, hot)
    with pytest.raises(QueryError, match="no column 'altitude'"):
        history.elements(untouched[0].database, columns=["altitude"])


def test_the_last_set_of_a_satellite_stays_in_the_database(setup):
    lists(setup, *DATES, on_11_01={"S1": 1, "S2": 2})
    assert ("2026-09-20", 3) in rows(setup.database, HOT)


def test_weeks_before_the_newest_set_of_a_listed_satellite_stay(setup):
    lists(setup, "2026-07-01", "2026-07-25", "2026-08-01")
    assert [date for date, _ in rows(setup.database, HOT)] == 3 * ["2026-07-25"] + 3 * [
        "2026-08-01"
    ]


def test_an_old_list_that_comes_again_doubles_nothing(pair):
    for each in pair:  # a stale list: its sets are in the archive of one of them
        each.clock.set("2026-11-02")
        each.celestrak.publish(gp(SATELLITES, EPOCH="2026-08-10T00:00:00"))
        each.publish()
    assert content(pair[0].database) == content(pair[1].database)


def test_satellites_with_other_numbers_keep_their_sets(pair):
    for each in pair:
        lists(each, "2026-11-02", hot_days=each.settings.hot_days, on_11_02=NEW | {"S3": 3})
    cold, hot = (each.database for each in pair)
    assert len(history.elements(cold, satellites=[101])) == 7
    assert content(cold) == content(hot)
    assert history.elements(cold, satellites=[*OLD.values()]).empty
    lists(pair[0], "2026-12-20", on_12_20=NEW | {"S3": 3})
    assert sum(count for _, count in archived(cold)) == 21
    assert len(history.elements(cold, satellites=[101])) == 8


def test_without_the_package_everything_stays(monkeypatch, setup):
    monkeypatch.setattr(archive, "PACKAGE", "no_such_package")
    lists(setup, *DATES)
    assert (len(rows(setup.database, HOT)), archived(setup.database)) == (18, [])


def test_without_the_package_readers_have_the_hot_window_and_say_so(monkeypatch, pair):
    database = pair[0].database
    monkeypatch.setattr(archive, "PACKAGE", "no_such_package")
    with pytest.warns(UserWarning, match="15 older element sets are in the archive"):
        assert len(history.elements(database)) == 3
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(history.elements(database, since="2026-10-01")) == 3
    with pytest.raises(SettingsError, match="extra `history`"):
        lists(pair[0], "2026-11-02", on_11_02=NEW)


def test_without_its_files_readers_have_the_hot_window_and_say_so(pair):
    database = pair[0].database
    (database.parent / "history").rename(database.parent / "elsewhere")
    with pytest.warns(UserWarning, match=r"history/elements/month=2026-07/.* is not in"):
        assert len(history.elements(database)) == 3


def test_a_damaged_file_is_an_error_that_names_what_to_do(pair):
    database = pair[0].database
    (path, _), *_ = archived(database)
    (database.parent / path).write_bytes(b"PAR1 is not all of it")
    with pytest.raises(DatabaseError, match="archive") as error:
        history.elements(database)
    assert "verify" in error.value.remedy


def test_months_become_one_file_and_files_without_a_name_go(setup):
    lists(setup, "2026-07-01", "2026-07-20", "2026-08-10", "2026-09-01")
    months = [path.split("/")[2] for path, _ in archived(setup.database)]
    assert months == ["month=2026-07", "month=2026-08"]
    folder = setup.database.parent / "history"
    assert len([*folder.rglob("*.parquet")]) == 4, "also those of two days of July"
    assert collect(setup.database) == [], "they are young"
    removed = collect(setup.database, grace_s=-1)
    assert len(removed) == 2
    assert len(history.elements(setup.database)) == 12


def test_no_file_of_a_kept_database_goes(setup):
    lists(setup, *DATES[:3])
    kept = setup.database.with_name("starlink.old-2026-08-11.db")
    kept.write_bytes(setup.database.read_bytes())
    before = history.elements(kept)
    lists(setup, *DATES[3:])
    collect(setup.database, grace_s=-1)
    pd.testing.assert_frame_equal(history.elements(kept), before)


SETS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 4)), min_size=1, max_size=25, unique=True
)


@settings(max_examples=15, phases=(Phase.explicit, Phase.generate))
@given(
    sets=SETS, days=st.lists(st.integers(0, 420), min_size=1, max_size=5), most=st.integers(2, 4)
)
def test_moving_and_merging_lose_and_double_no_set(tmp_path_factory, sets, days, most):
    database = tmp_path_factory.mktemp("moving") / "starlink.db"
    with empty_database() as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(compaction, "MOST_FILES", most)
        for day, number in sets:
            insert_row(
                connection,
                "starlink_elements",
                epoch_utc=f"{pd.Timestamp('2025-01-01') + pd.Timedelta(days=day):%Y-%m-%d}"
                f"T00:00:00.{number:06}Z",
                norad_cat_id=number,
                source="celestrak",
            )
        whole = every_set(connection, database)
        for number, day in enumerate(days):
            instant = pd.Timestamp("2025-01-01") + pd.Timedelta(days=day)
            connection.execute("DELETE FROM _observations")
            insert_row(
                connection,
                "_observations",
                source="celestrak",
                observed_utc=f"{instant:%Y-%m-%dT%H:%M:%SZ}",
            )
            move_old_sets(connection, database, 1, f"run{number}")
            assert every_set(connection, database) == whole
        files = named_files(connection)
        for each in files:
            assert (database.parent / each.path).is_file()
        assert len({(each.month, each.path) for each in files}) == len(files)


def every_set(connection: sqlite3.Connection, database: Path) -> list[tuple[Any, ...]]:
    frame, lacking = read_sets(connection, database, Selection(columns=(*KEY, "bstar")))
    assert lacking == ""
    return [*frame.itertuples(index=False, name=None)]


def test_exports_and_releases_have_the_sets_of_the_archive(untouched, tmp_path):
    cold, hot = (each.database for each in untouched)
    for name, database in {"cold": cold, "hot": hot}.items():
        export_tables(database, tmp_path / name, ["starlink_elements"], "csv")
        export_tables(database, tmp_path / f"{name}.parquet", ["starlink_elements"], "parquet")
    texts = [(tmp_path / name / "starlink_elements.csv").read_text() for name in ("cold", "hot")]
    assert texts[0] == texts[1]
    frames = [
        pd.read_parquet(tmp_path / f"{name}.parquet" / "starlink_elements.parquet")
        for name in ("cold", "hot")
    ]
    pd.testing.assert_frame_equal(*frames)
    release = make_release(cold, tmp_path / "release")
    assert [each.table for each in release.manifest.left_out] == ["history_files"]
    assert (tmp_path / "release/csv/starlink_elements.csv").read_text() == texts[0]
    assert len(history.elements(tmp_path / "release/starlink.db")) == 3


def test_a_flipped_byte_is_found_and_named_and_files_are_read_once(pair):
    config = pair[0].settings
    paths = [path for path, _ in archived(config.database)]
    size = sum((config.data_dir / path).stat().st_size for path in paths)
    part = archive_part(config)
    assert (part.problems, part.count, part.byte_count) == ({}, 3, size)
    assert archive_part(config).byte_count == 0, "they were read lately"
    file = config.data_dir / paths[1]
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    part = archive_part(config)
    assert [*part.problems] == [paths[1]]
    assert "is damaged: its digest is not its name" in part.problems[paths[1]].message
    file.unlink()
    assert "is missing" in archive_part(config).problems[paths[1]].message


def archive_part(config: Settings) -> Part:
    (part,) = (each for each in verify(config).parts if each.name == "archive files")
    return part


def test_a_backup_has_the_archive(pair, tmp_path):
    config = pair[0].settings
    back_up(config, tmp_path / "one.tar.gz")
    before = content(config.database)
    shutil.rmtree(config.data_dir / "history")
    restore(config, tmp_path / "one.tar.gz")
    assert content(config.database) == before
    assert archive_part(config).problems == {}


RECORDED_DAYS = os.environ.get("SPACEX_TEST_DAYS", "2022-11-07 2025-05-25 2026-05-24").split()
"""Days whose recorded lists are loaded; `all` loads those of all days, which takes long."""


def test_recorded_days_are_the_same_from_both(setup, recorded_dir, tmp_path):
    setup.settings = at(setup.settings, hot_days=100_000)
    dates = []
    for path in sorted(recorded_dir.glob("celestrak*/starlink_*.gz")):
        date = path.name[len("starlink_") :][:10]
        if date in RECORDED_DAYS or RECORDED_DAYS == ["all"]:
            dates.append(date)
            setup.list_satellites(f"{date}T20:00", gzip.decompress(path.read_bytes()))
            setup.publish()
    hot, cold = setup.database, tmp_path / "starlink.db"
    shutil.copyfile(hot, cold)
    with publishing(cold, lock_timeout_s=0) as connection:
        moved = move_old_sets(connection, cold, 1, "cold")
    assert moved == sum(count for _, count in archived(cold)) > 5_000
    pd.testing.assert_frame_equal(history.elements(cold), history.elements(hot))
    for date in dates:
        pd.testing.assert_frame_equal(history.fleet_on(cold, date), history.fleet_on(hot, date))


def test_the_database_gets_smaller_when_most_of_it_has_moved(pair, monkeypatch):
    monkeypatch.setattr(moving, "_LEAST_UNUSED", 1)
    config = at(pair[1].settings, hot_days=1)  # the archive is new here
    with closing(sqlite3.connect(config.database)) as connection:
        rest = ", ".join(STARLINK_ELEMENTS.column_names[2:])
        for day in ("2025-01-01", "2025-01-02"):
            connection.executemany(
                f"""INSERT INTO starlink_elements SELECT '{day}T00:00:00.000000Z', ?, {rest}
                    FROM starlink_elements WHERE norad_cat_id = 2 LIMIT 1""",  # noqa: S608
                ((number,) for number in range(10, 20_000)),
            )
        connection.commit()
    before = config.database.stat().st_size
    with publishing(config.database, lock_timeout_s=0) as connection:
        connection.execute("BEGIN")
        assert move_old_sets(connection, config.database, 1, "first") > 19_000
        connection.execute("DELETE FROM starlink_elements WHERE epoch_utc < '2025-02'")
        connection.execute("COMMIT")
        moving.release_space(connection)
    assert config.database.stat().st_size < before / 2
    assert not (config.data_dir / "history/.scratch").exists()
