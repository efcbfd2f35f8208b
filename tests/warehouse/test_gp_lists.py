"""GP lists that are truncated, or silent about some satellites."""

import gzip
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from spacex.analysis import history
from spacex.analysis.key_figures import key_figures
from spacex.errors import DatabaseError, DataError
from spacex.extract.http_client import Response
from spacex.extract.snapshots import SnapshotStore
from spacex.schema.shared import MAX_CATALOGUE_NUMBER
from spacex.settings import Settings
from spacex.sources import CELESTRAK
from spacex.units import utc_text
from spacex.warehouse.checks import Finding
from spacex.warehouse.fleet import Observation
from spacex.warehouse.guards import allowed_loss, find_truncation
from tests.clock import Clock
from tests.example_records import early_omm as omm
from tests.example_records import omm_json
from tests.example_rows import empty_database, insert_list
from tests.service_replicas import CelesTrak
from tests.sources.test_tle import with_checksum
from tests.stages import at, publish, rows, unchanged, value

pytestmark = pytest.mark.usefixtures("clock")

Day = Callable[..., Path]
ONLY = ("rockets", "starlink")
"""GP lists, and a list of another source, so that a run has data without a GP list."""


@pytest.fixture
def config(three_services: Settings) -> Settings:
    """Return settings with the archive and CelesTrak."""
    return at(three_services, sources="spacexdata,celestrak")


@pytest.fixture
def day(config: Settings, celestrak: CelesTrak, clock: Clock) -> Day:
    """Return a function that publishes the satellites of a GP list on a day of November."""

    def publish_on(day: int, *records: dict[str, Any], **options: Any) -> Path:
        clock.set(f"2026-11-{day:02d}")
        celestrak.publish(omm_json(*records))
        publish(config, "auto", f"day-{day}", only=ONLY, **options)
        return config.database

    return publish_on


@pytest.fixture
def drop_in(config: Settings, celestrak: CelesTrak, clock: Clock) -> Day:
    """Return a function that publishes a manual file of a day of November."""

    def publish_on(day: int, body: bytes, suffix: str, **options: Any) -> Path:
        clock.set(f"2026-11-{day:02d}")
        config.drop_in_dir.mkdir(parents=True, exist_ok=True)
        (config.drop_in_dir / f"list_2026-11-{day:02d}{suffix}").write_bytes(body)
        celestrak.stop()
        publish(config, "snapshot", f"day-{day}", only=ONLY, **options)
        return config.database

    return publish_on


def fleet(count: int, start: int = 60_001) -> list[dict[str, Any]]:
    """Return records of satellites with consecutive numbers."""
    numbers = range(start, start + count)
    return [omm(number, EPOCH="2026-11-02T06:00:00.123456") for number in numbers]


def listed(database: Path) -> object:
    return value(database, "SELECT count(*) FROM starlink WHERE is_listed")


def tle(number: int, designator: str = "26001A  ") -> list[str]:
    """Return the lines of an element set."""
    first = f"1 {number:05d}U {designator} 26306.25000000 -.00000595  00000-0 -21000-4 0  9990"
    second = f"2 {number:05d}  53.0500 120.5000 0001500  80.2500  30.1250 15.06000000  1000"
    return [f"STARLINK-{number}", *map(with_checksum, (first, second))]


def tle_file(*sets: list[str]) -> bytes:
    return "\n".join(line for lines in sets for line in lines).encode() + b"\n"


def test_truncated_list_leaves_the_fleet_as_it_is(day: Day, config: Settings) -> None:
    day(1, *fleet(200))
    before = rows(config.database, "SELECT * FROM starlink ORDER BY 1")
    database = day(2, *fleet(100))
    assert rows(database, "SELECT * FROM starlink ORDER BY 1") == before
    assert value(database, "SELECT count(*) FROM _changes") == 0
    assert len(history.gp_lists(database)) == 1
    message = (
        "The GP list of 2026-11-02T12:00:00Z has 100 satellites and lacks 100 of the 200 in that "
        "of 2026-11-01T12:00:00Z (50.0 %): it may be truncated and is not used."
    )
    found = "SELECT severity, finding_count, message FROM _findings WHERE check_name LIKE 'trunc%'"
    assert rows(database, found) == [("error", 100, message)]
    note = value(database, "SELECT note FROM _runs WHERE run_id = 'day-2'")
    remedy = "If these satellites are really no longer listed, run again with --accept-shrink."
    assert note == f"{message} {remedy}"


def test_grown_list_leaves_the_fleet_as_it_is_until_it_is_accepted(
    day: Day, config: Settings
) -> None:
    day(1, *fleet(20))
    before = rows(config.database, "SELECT * FROM starlink ORDER BY 1")
    database = day(2, *fleet(381))
    assert rows(database, "SELECT * FROM starlink ORDER BY 1") == before
    assert len(history.gp_lists(database)) == 1
    found = (
        "SELECT severity, finding_count, message FROM _findings WHERE check_name LIKE '%growth%'"
    )
    ((severity, count, message),) = rows(database, found)
    assert (severity, count) == ("error", 361)
    note = value(database, "SELECT note FROM _runs WHERE run_id = 'day-2'")
    remedy = "If these satellites are really in orbit, run again with --accept-shrink."
    assert note == f"{message} {remedy}"
    assert len(SnapshotStore(config.raw_dir).all("celestrak", "starlink")) == 2
    publish(config, "snapshot", "accepted", only=ONLY, accept_shrink=True)
    assert listed(database) == 381
    publish(config, "snapshot", "afterwards", only=ONLY)
    assert listed(database) == 381
    database = day(3, *fleet(400))
    assert listed(database) == 400


def test_other_sources_are_loaded_beside_a_truncated_list(day: Day) -> None:
    day(1, *fleet(200))
    database = day(2, *fleet(100))
    loaded = rows(
        database,
        "SELECT DISTINCT endpoint FROM _counts WHERE run_id = 'day-2' AND rows_loaded > 0",
    )
    assert set(loaded) == {("rockets",), ("starlink",)}
    snapshots = """SELECT source, retrieved_utc, origin FROM _snapshots
                   WHERE run_id = 'day-2' AND endpoint = 'starlink'"""
    assert ("celestrak", "2026-11-01T12:00:00Z", "stored") in rows(database, snapshots)


def test_satellites_of_a_new_source_are_loaded_beside_a_truncated_list(
    day: Day, config: Settings, celestrak: CelesTrak, clock: Clock
) -> None:
    clock.set("2026-11-01")
    celestrak.publish(omm_json(*fleet(200)))
    publish(at(config, sources="celestrak"), "auto", "list")
    database = day(2, *fleet(100))
    sources = "SELECT source, count(*) FROM starlink GROUP BY source ORDER BY source"
    found = rows(database, sources)
    assert found[0] == ("celestrak", 200)
    refusal = "SELECT check_name, run_id FROM _findings WHERE check_name LIKE '%truncated%'"
    assert rows(database, refusal) == [("truncated GP list", "day-2")]
    day(3, *fleet(200))
    assert rows(database, sources) == found


def test_the_fleet_stays_if_the_snapshot_of_its_list_is_gone(day: Day, config: Settings) -> None:
    day(1, *fleet(200))
    for snapshot in SnapshotStore(config.raw_dir).all("celestrak", "starlink"):
        (config.raw_dir / snapshot.path).write_bytes(b"damaged")
    before = rows(config.database, "SELECT * FROM starlink ORDER BY 1")
    database = day(2, *fleet(100))
    assert rows(database, "SELECT * FROM starlink ORDER BY 1") == before
    assert "it may be truncated" in str(
        value(database, "SELECT note FROM _runs WHERE run_id = 'day-2'")
    )


def test_a_run_of_satellites_alone_stops_if_the_snapshot_of_their_list_is_gone(
    day: Day, config: Settings, celestrak: CelesTrak, clock: Clock
) -> None:
    database = day(1, *fleet(200))
    for snapshot in SnapshotStore(config.raw_dir).all("celestrak", "starlink"):
        (config.raw_dir / snapshot.path).write_bytes(b"damaged")
    clock.set("2026-11-02")
    celestrak.publish(omm_json(*fleet(100)))
    with unchanged(database), pytest.raises(DataError, match="it may be truncated"):
        publish(config, "auto", "satellites", only=["starlink"])


def test_run_of_a_truncated_list_alone_stops(
    day: Day, config: Settings, celestrak: CelesTrak, clock: Clock
) -> None:
    database = day(1, *fleet(200))
    clock.set("2026-11-02")
    celestrak.publish(omm_json(*fleet(100)))
    with unchanged(database), pytest.raises(DataError) as caught:
        publish(at(config, sources="celestrak"), "auto", "alone")
    assert "it may be truncated" in caught.value.message
    assert "--accept-shrink" in caught.value.remedy


def test_a_list_that_is_sent_late_counts_on_the_date_of_its_orbits(day: Day) -> None:
    """No satellite is known on the day of the response."""

    def records(*numbers: int, date: str) -> list[dict[str, Any]]:
        return [omm(60_000 + number, EPOCH=f"{date}T06:00:00.123456") for number in numbers]

    day(1, *records(1, 2, 3, date="2026-10-31"))
    day(20, *records(1, 2, 4, date="2026-11-03"))
    database = day(21, *records(1, 2, 4, date="2026-11-03"))
    lists = "SELECT observed_utc, retrieved_utc, satellite_count FROM _observations"
    sent = ("2026-11-03T06:00:00Z", "2026-11-20T12:00:00Z", 3)
    assert [each[:2] for each in rows(database, lists)][1:] == [sent[:2]]
    listing = """SELECT norad_cat_id - 60000, first_listed_utc, last_listed_utc, unlisted_since_utc
                 FROM starlink WHERE first_listed_utc NOT NULL"""
    first, then = "2026-11-01T12:00:00Z", "2026-11-03T06:00:00Z"
    assert rows(database, listing) == [
        (1, first, then, None),
        (2, first, then, None),
        (3, first, first, then),
        (4, then, then, None),
    ]
    finding = "SELECT finding_count FROM _findings WHERE check_name = 'GP list out of date'"
    assert rows(database, finding)
    day(22, *records(1, 4, date="2026-11-22"))
    assert rows(database, listing)[1] == (2, first, then, "2026-11-22T12:00:00Z")


def test_truncated_list_is_not_used_later_unless_accepted(day: Day, config: Settings) -> None:
    day(1, *fleet(200))
    database = day(2, *fleet(100))
    publish(config, "snapshot", "again", only=ONLY)
    assert listed(database) == 200
    publish(config, "snapshot", "accepted", only=ONLY, accept_shrink=True)
    assert listed(database) == 100
    assert value(database, "SELECT count(*) FROM _changes WHERE kind = 'unlisted'") == 100
    publish(config, "snapshot", "afterwards", only=ONLY)
    assert listed(database) == 100
    assert not value(database, "SELECT note FROM _runs WHERE run_id = 'afterwards'")


def test_later_complete_list_makes_a_truncated_one_moot(day: Day) -> None:
    day(1, *fleet(200))
    day(2, *fleet(100))
    database = day(3, *fleet(199))
    assert listed(database) == 199
    assert rows(database, "SELECT kind, row_key FROM _changes") == [("unlisted", "60200")]


def truncation(before: int, after: int, days: int = 1) -> Finding | None:
    """Return what is found in a list of some days later, with fewer satellites."""
    with earlier_lists({"2026-01-01T00:00:00Z": before}) as connection:
        return find_truncation(connection, observation(f"2026-01-{1 + days:02d}T00:00:00Z", after))


def observation(instant: str, count: int) -> Observation:
    """Return a list of an instant with satellites from 1 on."""
    listed = frozenset(range(1, count + 1))
    return Observation("celestrak", instant, "", listed, MAX_CATALOGUE_NUMBER)


@contextmanager
def earlier_lists(counts: dict[str, int]) -> Iterator[sqlite3.Connection]:
    """Open a database with lists of satellites from 1 on; their instants are their digests."""
    with empty_database() as connection:
        for instant, count in counts.items():
            insert_list(connection, instant, count)
        yield connection


EDITED = (
    "not json",
    "{}",
    "[[1]]",
    '[["a",2]]',
    "[[1,99999999999]]",
    "[[3,1]]",
    "[[1,2],[1,1]]",
    "",
)


@pytest.mark.parametrize("edited", EDITED)
def test_edited_lists_are_named(three_days: Path, tmp_path: Path, edited: str) -> None:
    database = tmp_path / "starlink.db"
    shutil.copy(three_days, database)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE _observations SET listed = ?", (edited,))
    with pytest.raises(DatabaseError) as caught:
        history.fleet_on(database, "2026-11-02")
    assert caught.value.message.endswith("another program has edited _observations.listed.")
    assert caught.value.remedy.startswith("Move the database away and run `make run`")


def test_a_run_on_edited_lists_says_what_to_do(day: Day, config: Settings) -> None:
    day(1, *fleet(3))
    with closing(sqlite3.connect(config.database)) as connection, connection:
        connection.execute("UPDATE _observations SET listed = '[[1,2]]'")
    with pytest.raises(DatabaseError, match="does not name its 3 satellites"):
        day(2, *fleet(4))


@pytest.mark.parametrize(
    ("before", "after", "days", "is_truncated"),
    [
        (100, 98, 1, False),  # exactly 2 %
        (100, 97, 1, True),
        (10_000, 9_800, 7, False),
        (10_000, 9_799, 7, True),
        (10_000, 9_800, 20, False),
        (10_000, 9_799, 20, True),
        (10_000, 9_705, 30, False),  # 0.1 % a day
        (10_000, 9_704, 30, True),
        (10, 9, 1, False),  # one satellite may always be lost
        (10, 8, 1, True),
        (0, 0, 1, False),
        (10, 20, 1, False),
    ],
)
def test_limit_of_a_loss(before: int, after: int, days: int, *, is_truncated: bool) -> None:
    assert (truncation(before, after, days) is not None) is is_truncated


@pytest.mark.parametrize(
    ("seconds", "is_truncated"), [(0, True), (1, False)], ids=["in the window", "before it"]
)
def test_a_list_is_compared_with_the_largest_of_the_last_twenty_days(
    seconds: int, *, is_truncated: bool
) -> None:
    """The largest list has 1,000 satellites, the newest one 985, and the new one 975."""
    largest = utc_text(datetime(2026, 1, 2, tzinfo=UTC) - timedelta(seconds=seconds))
    with earlier_lists({largest: 1000, "2026-01-21T00:00:00Z": 985}) as connection:
        found = find_truncation(connection, observation("2026-01-22T00:00:00Z", 975))
        assert (found is not None) is is_truncated
        if found:
            assert f"lacks 25 of the 1,000 in that of {largest} (2.5 %)" in found.message


def test_a_list_is_not_compared_with_lists_before_one_that_was_accepted() -> None:
    days = {"2026-01-01T00:00:00Z": 1000, "2026-01-02T00:00:00Z": 500, "2026-01-03T00:00:00Z": 495}
    with earlier_lists(days) as connection:
        for count, accepted, is_truncated in [
            (490, [], True),
            (490, ["2026-01-02T00:00:00Z"], False),
            (489, ["2026-01-02T00:00:00Z"], True),
        ]:
            observed = observation("2026-01-04T00:00:00Z", count)
            assert (find_truncation(connection, observed, accepted) is not None) is is_truncated
        connection.execute("DELETE FROM _snapshots")  # no digest of any list is known
        observed = observation("2026-01-04T00:00:00Z", 490)
        assert find_truncation(connection, observed, ["2026-01-02T00:00:00Z"])


def test_many_small_losses_in_a_day_are_refused(
    day: Day, clock: Clock, celestrak: CelesTrak, config: Settings
) -> None:
    """Each list has 1.5 % fewer satellites than the one before."""
    database = day(1, *fleet(200))
    for hour, count in [(15, 197), (18, 194), (21, 191)]:
        clock.set(f"2026-11-01T{hour}:00:00")
        celestrak.publish(omm_json(*fleet(count)))
        publish(config, "auto", f"hour-{hour}", only=ONLY)
    assert listed(database) == 197
    notes = [note for (note,) in rows(database, "SELECT note FROM _runs ORDER BY loaded_utc")]
    assert "lacks 6 of the 200 in that of 2026-11-01T12:00:00Z" in str(notes[2])
    assert "lacks 9 of the 200" in str(notes[3])


@pytest.mark.parametrize(("after", "words"), [(1, "1 satellite and"), (2, "2 satellites and")])
def test_number_of_satellites_is_worded(after: int, words: str) -> None:
    found = truncation(10, after)
    assert found
    assert f" has {words} lacks " in found.message


def test_recorded_lists_are_plausible(recorded_dir: Path) -> None:
    numbers: dict[str, set[int]] = {}
    for path in sorted((recorded_dir / "celestrak").glob("*.json.gz")):
        records = json.loads(gzip.decompress(path.read_bytes()))
        numbers[path.name[9:19]] = {
            each["NORAD_CAT_ID"] for each in records if each["OBJECT_NAME"].startswith("STARLINK")
        }
    assert len(numbers) == 4
    dates = sorted(numbers)
    for place, date in enumerate(dates):
        for later in dates[place + 1 :]:
            lost = len(numbers[date] - numbers[later]) / len(numbers[date])
            # At least half of the limit remains.
            assert lost < allowed_loss(f"{date}T00:00:00Z", f"{later}T00:00:00Z") / 2


def test_satellites_without_designator_count(day: Day) -> None:
    nameless = [omm(number, OBJECT_ID=None) for number in range(100_001, 100_006)]
    database = day(1, *fleet(5), *nameless)
    assert listed(database) == 10
    assert value(database, "SELECT count(*) FROM starlink WHERE object_id IS NULL") == 5
    assert value(database, "SELECT satellite_count FROM _observations") == 10
    assert value(database, "SELECT sum(satellites) FROM v_fleet_by_shell") == 10
    assert value(database, "SELECT sum(in_orbit) FROM v_fleet_by_launch") == 10
    figures = {figure.name: str(figure) for figure in key_figures(database)}
    assert figures["Satellites in orbit"].startswith("at least 10 ")


@pytest.mark.parametrize("designator", [" " * 8, "UNKNOWN "])
def test_a_later_list_without_a_designator_keeps_the_known_one(
    day: Day, drop_in: Day, designator: str
) -> None:
    day(1, *fleet(3))
    database = drop_in(2, tle_file(tle(60_001, designator), tle(60_002), tle(60_003)), ".tle")
    assert value(database, "SELECT count(*) FROM _observations") == 2
    known = "SELECT DISTINCT object_id, launch_designator FROM starlink WHERE is_listed"
    assert rows(database, known) == [("2026-001A", "2026-001")]


def test_satellite_with_impossible_elements_stays_listed(day: Day) -> None:
    day(1, *fleet(30))
    database = day(2, *fleet(29), omm(60_030, MEAN_MOTION=1.0), omm(60_031, MEAN_MOTION=1.0))
    assert listed(database) == 31
    found = """SELECT is_listed, epoch_utc, orbit_status, shell FROM starlink
               WHERE norad_cat_id IN (60030, 60031)"""
    assert rows(database, found) == [(1, None, None, None)] * 2
    orbits = """SELECT catalogue_status, mean_altitude_km FROM v_starlink
                WHERE norad_cat_id IN (60030, 60031)"""
    assert rows(database, orbits) == [("in orbit", None)] * 2
    assert value(database, "SELECT count(*) FROM _changes WHERE kind = 'unlisted'") == 0
    lists = "SELECT satellite_count FROM _observations ORDER BY observed_utc"
    assert rows(database, lists) == [(30,), (31,)]


@pytest.mark.parametrize(
    ("fields", "count"),
    [({"OBJECT_NAME": "ONE"}, 30), ({"MEAN_ANOMALY": 1}, 30), ({"DECAY_DATE": "2026-11-01"}, 29)],
    ids=["name", "elements", "decay"],
)
def test_a_satellite_of_contradicting_records_stays_listed_if_all_have_it_in_orbit(
    day: Day, fields: dict[str, Any], count: int
) -> None:
    first, *others = fleet(30)
    name = first["OBJECT_NAME"]
    day(1, first, *others)
    wrong = {"OBJECT_NAME": f"{name}9"} if "OBJECT_NAME" in fields else fields
    database = day(2, first, first | wrong, *others)
    assert listed(database) == count
    assert value(database, "SELECT satellite_count FROM _observations WHERE run_id = 'day-2'") == (
        count
    )
    assert rows(database, "SELECT 1 FROM starlink WHERE object_name = ?", name) == [(1,)]
    reasons = rows(database, "SELECT DISTINCT reason FROM _rejects WHERE lost = 'row'")
    assert len(reasons) == 1
    assert str(reasons[0][0]).startswith(f"contradicting records of {first['NORAD_CAT_ID']}: ")


def test_contradicting_records_of_a_new_satellite_are_of_no_other_one(day: Day) -> None:
    day(1, *fleet(30))
    new = omm(70_001)
    database = day(2, *fleet(29), new, new | {"OBJECT_NAME": "STARLINK-7"})
    assert (
        value(database, "SELECT count(*) FROM _findings WHERE check_name LIKE 'records of%'") == 0
    )
    unlisted = "SELECT norad_cat_id FROM starlink WHERE is_listed = 0 AND source = 'celestrak'"
    assert rows(database, unlisted) == [(60_030,)]


def test_a_list_with_many_impossible_elements_of_one_epoch_is_not_loaded(day: Day) -> None:
    day(1, *fleet(30))
    bad = [omm(60_030 + number, MEAN_MOTION=1.0) for number in range(4)]
    with pytest.raises(DataError, match="4 of 30 records of starlink_elements were rejected"):
        day(2, *fleet(26), *bad)


def test_elements_of_after_the_list_are_rejected_and_the_satellite_stays_listed(day: Day) -> None:
    database = day(1, *fleet(30), omm(60_031, EPOCH="2026-11-25T06:00:00"))
    assert listed(database) == 31
    found = "SELECT is_listed, epoch_utc, orbit_status FROM starlink WHERE norad_cat_id = 60031"
    assert rows(database, found) == [(1, None, None)]
    reason = "is over 3 days after the response of 2026-11-01T12:00:00Z"
    rejects = "SELECT table_name, column_name, reason, lost FROM _rejects"
    assert rows(database, rejects) == [("starlink_elements", "epoch_utc", reason, "row")]
    newest = value(database, "SELECT newest_epoch_utc FROM _observations")
    assert newest == "2026-11-02T06:00:00.123456Z"


def test_decayed_satellites_are_not_listed_and_keep_their_decay_date(day: Day) -> None:
    day(1, *fleet(10))
    decayed: dict[str, Any] = {"DECAY_DATE": "2026-11-02", "OBJECT_TYPE": "PAYLOAD"}
    database = day(2, *fleet(9), omm(60_010, **decayed), omm(60_011, **decayed))
    found = """SELECT norad_cat_id, is_decayed, decay_date, is_listed FROM starlink
               WHERE source = 'celestrak' AND is_decayed"""
    assert rows(database, found) == [
        (60010, 1, "2026-11-02", 0),
        (60011, 1, "2026-11-02", 0),
    ]
    day(3, *fleet(10))  # one is still in the list after its decay
    assert rows(database, found) == [
        (60010, 1, "2026-11-02", 1),
        (60011, 1, "2026-11-02", 0),
    ]
    lists = "SELECT satellite_count FROM _observations ORDER BY observed_utc"
    assert rows(database, lists) == [(10,), (9,), (10,)]


def test_every_epoch_of_a_file_is_history(day: Day) -> None:
    epochs = [
        omm(60_001, EPOCH=f"2026-10-0{n}T00:00:00", MEAN_MOTION=15 + n / 100) for n in (1, 3, 2)
    ]
    database = day(1, *epochs, omm(60_002))
    assert value(database, "SELECT count(*) FROM starlink_elements WHERE source = 'celestrak'") == 4
    current = "SELECT epoch_utc, mean_motion_rev_per_day FROM v_starlink WHERE norad_cat_id = 60001"
    assert rows(database, current) == [("2026-10-03T00:00:00.000000Z", 15.03)]
    assert value(database, "SELECT satellite_count FROM _observations") == 2
    day(2, *fleet(2))


def test_tle_list_is_silent_about_numbers_of_six_digits(day: Day, drop_in: Day) -> None:
    day(1, *fleet(3), *fleet(97, 100_001))
    database = drop_in(2, tle_file(*(tle(60_001 + n) for n in range(2))), ".tle")
    assert listed(database) == 99
    changes = "SELECT row_key FROM _changes WHERE kind = 'unlisted' ORDER BY observed_utc"
    assert rows(database, changes) == [("60003",)]
    held = """SELECT DISTINCT is_listed, substr(last_listed_utc, 1, 10) FROM starlink
              WHERE norad_cat_id > 100000 AND source = 'celestrak'"""
    assert rows(database, held) == [(1, "2026-11-01")]
    assert rows(database, "SELECT max_norad_cat_id FROM _observations ORDER BY observed_utc") == [
        (MAX_CATALOGUE_NUMBER,),
        (99_999,),
    ]
    assert len(history.fleet_on(database, "2026-11-02")) == 99
    compared = history.compare(database, "2026-11-01", "2026-11-02")
    assert compared[["norad_cat_id", "change"]].values.tolist() == [[60_003, "newly_unlisted"]]
    body = omm_json(*fleet(2), *fleet(96, 100_001))
    drop_in(3, body, ".json")
    assert rows(database, changes) == [("60003",), ("100097",)]


def test_comment_does_not_change_what_a_list_can_hold(day: Day, drop_in: Day) -> None:
    day(1, *fleet(3), *fleet(30, 100_001))
    sets = tle_file(*(tle(60_001 + n) for n in range(3)))
    database = drop_in(2, b"# Starlink, CelesTrak\n" + sets, ".tle")
    assert listed(database) == 33
    records = fleet(3)
    lines = [",".join(records[0]), *(",".join(map(str, each.values())) for each in records)]
    drop_in(3, "\n".join(["# CelesTrak", *lines, ""]).encode(), ".csv")
    largest = "SELECT max_norad_cat_id FROM _observations ORDER BY observed_utc"
    assert rows(database, largest) == [(MAX_CATALOGUE_NUMBER,), (99_999,)]
    note = value(database, "SELECT note FROM _runs WHERE run_id = 'day-3'")
    assert "lacks 30 of the 33" in str(note)  # CSV can hold them


def test_tle_list_that_an_earlier_release_took_for_csv(day: Day, config: Settings) -> None:
    """It recognized TLE only at the very start, and named its snapshot accordingly."""
    day(1, *fleet(3), *fleet(30, 100_001))
    body = b"# Starlink\n" + tle_file(*(tle(60_001 + n) for n in range(3)))
    instant = datetime(2026, 11, 1, 18, tzinfo=UTC)
    response = Response("file:list.tle", 0, body, None, "text/csv", instant)
    SnapshotStore(config.raw_dir).save(CELESTRAK, "starlink", response, 3)
    publish(config, "snapshot", "after", as_of="2026-11-01")
    assert listed(config.database) == 33
    largest = "SELECT max_norad_cat_id FROM _observations ORDER BY observed_utc"
    assert rows(config.database, largest) == [(MAX_CATALOGUE_NUMBER,), (99_999,)]


def test_list_after_a_tle_list_must_not_lose_six_digit_numbers(day: Day, drop_in: Day) -> None:
    day(1, *fleet(3), *fleet(30, 100_001))
    drop_in(2, tle_file(*(tle(60_001 + n) for n in range(3))), ".tle")
    database = drop_in(3, omm_json(*fleet(3)), ".json")
    assert listed(database) == 33
    assert "lacks 30 of the 33" in str(
        value(database, "SELECT note FROM _runs WHERE run_id = 'day-3'")
    )


def test_damaged_element_set_is_rejected_with_its_file_and_line(drop_in: Day) -> None:
    sets = [tle(60_001 + n, " " * 8) for n in range(30)]
    sets[1][2] = sets[1][2][:53]
    sets[2][1] = sets[2][1][:68] + "x"
    database = drop_in(1, tle_file(*sets), ".tle")
    assert listed(database) == 30
    assert (
        value(database, "SELECT count(*) FROM starlink WHERE object_id IS NULL AND is_listed") == 30
    )
    rejects = rows(
        database,
        """SELECT table_name, row_key, reason FROM _rejects WHERE run_id = 'day-1'
           ORDER BY reject_number""",
    )
    assert [(table, key) for table, key, _ in rejects] == [
        ("starlink_elements", "null/60002"),
        ("starlink_elements", "null/60003"),
    ]
    assert "line 2 has 53 characters instead of 68 or 69 (list_2026-11-01.tle" in str(rejects[0][2])
    assert str(rejects[0][2]).endswith(", line 6)")


def test_a_list_with_old_epochs_is_published_with_a_finding(day: Day) -> None:
    database = day(6, *fleet(3))
    assert value(database, "SELECT data_utc FROM _observations") == "2026-11-02T06:00:00Z"
    found = "SELECT severity, examples FROM _findings WHERE check_name = 'GP list out of date'"
    assert rows(database, found) == [("warning", "2026-11-06T12:00:00Z")]


UNLISTED = "SELECT object_name FROM starlink WHERE is_listed = 0 AND source = 'celestrak'"


def damaged_sets(names: slice) -> list[list[str]]:
    """Return 60 element sets, of which four are damaged, each in another way.

    Args:
        names: the part of their lines that is kept, with or without names.
    """
    sets = [tle(60_001 + number) for number in range(60)]
    (a, a1, a2), (b, b1, b2), (c, c1, c2), (d, d1, d2), *others = sets
    wrong = [line[:20] + "7" + line[21:] for line in (a1, a2)]  # the checksums do not hold
    cut = [line[:60] for line in (d1, d2)]
    damaged = [[a, *wrong], [b, b1, c2], [c, c1, b2], [d, *cut]]
    return [*(lines[names] for lines in damaged), *others]


@pytest.mark.parametrize("names", [slice(0, 3), slice(1, 3)], ids=["with names", "without"])
def test_satellites_of_damaged_element_sets_stay_listed(
    day: Day, drop_in: Day, names: slice
) -> None:
    day(1, *fleet(60))
    database = drop_in(2, tle_file(*damaged_sets(names)), ".tle")
    assert rows(database, UNLISTED) == []
    assert listed(database) == 60
    rejected = """SELECT sum(rows_rejected) FROM _counts
                  WHERE run_id = 'day-2' AND table_name = 'starlink_elements'"""
    assert value(database, rejected) == 4
    statuses = "SELECT count(*) FROM starlink WHERE is_listed AND epoch_utc IS NULL"
    assert value(database, statuses) == 4
    assert value(database, "SELECT count(*) FROM _changes WHERE kind = 'unlisted'") == 0
    assert value(database, "SELECT min(satellite_count) FROM _observations") == 60


@pytest.mark.parametrize(
    "fields", [{"NORAD_CAT_ID": "6x060"}, {"NORAD_CAT_ID": None}, {"OBJECT_NAME": None}]
)
def test_a_record_is_of_its_satellite_by_name_or_by_number(
    day: Day, fields: dict[str, object]
) -> None:
    day(1, *fleet(60))
    database = day(2, *fleet(59), fleet(60)[-1] | fields)
    assert (listed(database), rows(database, UNLISTED)) == (60, [])
    assert rows(database, "SELECT kind, row_key FROM _changes") == []
    names = "SELECT count(*) FROM starlink WHERE is_listed AND object_name LIKE 'STARLINK-%'"
    assert value(database, names) == 60


def test_a_record_of_an_unknown_satellite_stands_for_one_that_is_absent(day: Day) -> None:
    low = fleet(120)[-1] | {"MEAN_MOTION": 15.9}
    day(1, *fleet(119), low)
    nobody = omm(OBJECT_NAME="STARLINK-?", NORAD_CAT_ID="?")
    database = day(2, *fleet(118), nobody)  # it may be the higher of the two
    assert rows(database, UNLISTED) == [("STARLINK-60120",)]
    found = """SELECT severity, finding_count, message, examples FROM _findings
               WHERE check_name = 'records of unknown satellites'"""
    message = (
        "Rejected records of the GP list of 2026-11-02T12:00:00Z whose satellite is not known: 1. "
        "They may be of absent satellites; as many of these stay listed, the highest first"
    )
    assert rows(database, found) == [("warning", 1, message, "60119")]
    day(3, *fleet(118))
    assert len(rows(database, UNLISTED)) == 2


def test_a_record_that_is_no_object_costs_itself_and_no_satellite(day: Day) -> None:
    day(1, *fleet(120))
    nobody: Any = None
    half = fleet(119)[-1] | {"OBJECT_NAME": "STARLINK-\ud83d"}
    database = day(2, *fleet(118), nobody, half)
    assert (listed(database), rows(database, UNLISTED)) == (120, [])
    counts = """SELECT rows_in, rows_loaded, rows_rejected FROM _counts
                WHERE run_id = 'day-2' AND table_name = 'starlink' AND source = 'celestrak'"""
    assert rows(database, counts) == [(120, 118, 2)]
    reasons = """SELECT DISTINCT reason FROM _rejects
                 WHERE run_id = 'day-2' AND table_name = 'starlink' ORDER BY reject_number"""
    (null,), (name,) = rows(database, reasons)
    assert str(null).startswith("null instead of an object (celestrak/starlink/20261102T")
    assert str(null).endswith(", record 119)")
    assert str(name).endswith(", record 120)")
