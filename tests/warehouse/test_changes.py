"""Small lists one after the other: what is marked, and what is told to have changed."""

import json

import pytest

from spacex.analysis import history, source_comparison
from spacex.errors import SettingsError
from spacex.settings import Settings
from tests import stages
from tests.clock import Clock
from tests.example_records import launch, omm, omm_json, upcoming
from tests.replica import Replica
from tests.service_replicas import CelesTrak, LaunchLibrary
from tests.stages import at, publish, rows, value


@pytest.fixture(autouse=True)
def clock():
    with Clock("2026-11-01") as clock:
        yield clock


@pytest.fixture
def celestrak():
    with CelesTrak() as server:
        yield server


@pytest.fixture
def launchlibrary():
    with LaunchLibrary() as server:
        yield server


@pytest.fixture
def world(tmp_path, celestrak, launchlibrary, sample_dir):
    """Settings of a folder of one's own with three services."""
    with Replica(sample_dir) as archive:
        yield Settings(
            _env_file=None,
            data_dir=tmp_path / "data",
            base_url=archive.url,
            celestrak_url=celestrak.gp_url,
            launchlibrary_url=launchlibrary.url,
            sources="celestrak",
            attempts=1,
        )


@pytest.fixture
def day(world, celestrak, clock):
    """Publish a list on a day of November."""

    def publish_on(number, *records, sources="celestrak", **options):
        clock.set(f"2026-11-{number:02d}")
        celestrak.publish(omm_json(*records))
        settings = at(world, sources=sources)
        publish(settings, "auto", f"day-{number}", accept_shrink=True, **options)
        return world.database

    return publish_on


def changes(database, day):
    return rows(
        database,
        """SELECT kind, row_key, old_value, new_value FROM _changes
           WHERE substr(observed_utc, 9, 2) = ? ORDER BY 1, 2, 3""",
        f"{day:02d}",
    )


def marks(database):
    """Catalogue number → listed, first, last and missing since, by day."""
    return {
        number: (listed, *(text and text[8:10] for text in days))
        for number, listed, *days in rows(
            database,
            """SELECT norad_cat_id, is_listed, first_listed_utc, last_listed_utc,
                      unlisted_since_utc FROM starlink""",
        )
    }


def test_satellites_come_go_and_return(day):
    day(1, omm(1), omm(2))
    day(2, omm(1), omm(3))
    database = day(3, omm(1), omm(2), omm(3))
    assert changes(database, 1) == []
    assert changes(database, 2) == [
        ("new satellite", "3", None, None),
        ("unlisted", "2", "operational", None),
    ]
    assert changes(database, 3) == [("returned", "2", None, None)]
    assert marks(database) == {
        1: (1, "01", "03", None),
        2: (1, "01", "03", None),
        3: (1, "02", "03", None),
    }


def test_a_satellite_that_is_gone_stays_and_says_since_when(day):
    day(1, omm(1), omm(2))
    day(2, omm(1))
    database = day(3, omm(1))
    assert marks(database)[2] == (0, "01", "01", "02")
    assert rows(
        database,
        "SELECT catalogue_status, orbit_status, shell FROM v_starlink WHERE norad_cat_id = 2",
    ) == [("unlisted", "unlisted", None)]
    growth = rows(database, "SELECT day, in_orbit FROM v_fleet_growth ORDER BY 1")
    assert growth[-1] == ("2026-11-02", 1)


def test_the_first_list_after_the_archive_is_no_change(day, world):
    publish(at(world, sources="spacexdata"), "auto", "archive")
    database = day(2, omm(1), sources="spacexdata,celestrak")
    assert value(database, "SELECT count(*) FROM _changes") == 0
    assert value(database, "SELECT count(*) FROM starlink WHERE is_listed") == 1
    assert value(database, "SELECT count(*) FROM starlink WHERE is_listed = 0") == 60


def test_the_archive_added_to_the_lists_is_no_change(day):
    day(1, omm(1))
    database = day(2, omm(1), sources="spacexdata,celestrak")
    assert changes(database, 2) == []
    assert value(database, "SELECT count(*) FROM starlink") == 61


def test_a_satellite_the_archive_knows_is_not_new(day, world):
    publish(at(world, sources="spacexdata"), "auto", "archive")
    known = value(world.database, "SELECT min(norad_cat_id) FROM starlink WHERE NOT is_decayed")
    day(1, omm(1), sources="spacexdata,celestrak")
    database = day(2, omm(1), omm(known), sources="spacexdata,celestrak")
    assert changes(database, 2) == [("returned", str(known), None, None)]


def test_a_run_without_a_new_list_tells_of_no_change_and_leaves_the_marks(day, world, clock):
    day(1, omm(1), omm(2))
    database = day(2, omm(1))
    before = marks(database)
    clock.set("2026-11-03")  # the service has nothing new, and says so
    publish(world, "auto", "again")
    assert marks(database) == before
    assert changes(database, 3) == []
    assert len(history.observations(database)) == 2


def test_a_fleet_that_is_not_observed_is_not_zero(day, world, celestrak, clock):
    database = day(1, omm(1), omm(2))
    celestrak.stop()
    clock.set("2026-11-09")
    publish(world, "auto", "down")
    assert marks(database)[2] == (1, "01", "01", None)
    assert value(database, "SELECT in_orbit FROM v_fleet_growth ORDER BY day DESC LIMIT 1") == 2
    assert "current as of 2026-11-01T12:00:00Z" in value(
        database, "SELECT note FROM _runs WHERE run_id = 'down'"
    )


def ring(first, altitude_rev, count=40, **fields):
    return [
        omm(
            first + n,
            RA_OF_ASC_NODE=n * 9.0,
            MEAN_MOTION=altitude_rev,
            MEAN_MOTION_DOT=0.0,
            **fields,
        )
        for n in range(count)
    ]


def test_status_and_shell_change_but_a_shell_that_sinks_a_little_is_the_same(day):
    raising = {"MEAN_MOTION": 15.5, "MEAN_MOTION_DOT": -2e-3}
    day(1, *ring(1000, 15.06), *ring(2000, 15.3), omm(1, **raising), omm(2, MEAN_MOTION=15.06))
    database = day(
        2,
        *ring(1000, 15.065),
        *ring(2000, 15.305),
        omm(1, MEAN_MOTION=15.065, MEAN_MOTION_DOT=0.0),
        omm(2, MEAN_MOTION=15.305, MEAN_MOTION_DOT=0.0),
    )
    first, second = rows(database, "SELECT shell FROM starlink_shells ORDER BY altitude_km DESC")
    found = changes(database, 2)
    assert ("orbit status", "1", "raising", "operational") in found
    assert ("shell", "1", None, first[0]) in found
    (moved,) = [each for each in found if each[:2] == ("shell", "2")]
    assert moved[3] == second[0]
    assert {key for _, key, _, _ in found} == {"1", "2"}


def test_going_back_forgets_what_came_later_and_tells_of_no_change(day, world):
    day(1, omm(1))
    day(2, omm(1), omm(2))
    then = "2026-11-01T23:59:59Z"
    publish(world, "snapshot", "back", accept_shrink=True, as_of=then)
    assert marks(world.database) == {1: (1, "01", "01", None)}
    assert changes(world.database, 2) == [("new satellite", "2", None, None)]
    publish(world, "snapshot", "forth")
    assert marks(world.database) == {1: (1, "01", "02", None), 2: (1, "02", "02", None)}
    assert changes(world.database, 2) == [("new satellite", "2", None, None)]


def test_the_feed_is_told_since_the_last_list_or_since_a_date(day):
    day(1, omm(1))
    day(2, omm(1), omm(2, OBJECT_ID="2026-002A"), omm(3, OBJECT_ID="2026-002B"))
    database = day(3, omm(1), omm(2), omm(3), omm(4, OBJECT_ID="2026-003A"))
    assert history.changes(database)["name"].tolist() == ["STARLINK-4"]
    assert history.change_counts(database, "2026-11-01")["changes"].tolist() == [3]
    assert len(history.changes(database, "2026-11-02")) == 1
    by_launch = history.new_by_launch(database, "2026-11-01")
    assert by_launch[["launch_designator", "satellites"]].to_numpy().tolist() == [
        ["2026-002", 2],
        ["2026-003", 1],
    ]
    pairs = history.compare(database, "2026-11-01", "2026-11-03")
    assert pairs["norad_cat_id"].tolist() == [2, 3, 4]
    with pytest.raises(SettingsError):
        history.changes(database, "lately")


@pytest.fixture
def launches(world, launchlibrary, clock):
    """Publish launches on a day of November."""

    def publish_on(number, *records):
        clock.set(f"2026-11-{number:02d}")
        launchlibrary.launches = list(records)
        settings = at(world, sources="launchlibrary")
        publish(settings, "auto", f"day-{number}", accept_shrink=True)
        return world.database

    return publish_on


def test_launches_are_planned_flown_withdrawn_and_corrected(launches):
    fly, slip = ("2026-11-02T00:00:00Z", "2999-11-20T00:00:00Z")
    launches(
        1,
        upcoming("a", fly),
        upcoming("b", slip),
        upcoming("c", slip),
        launch("d", "2026-10-01T00:00:00Z", last_updated="2026-10-02T00:00:00Z"),
    )
    database = launches(
        3,
        launch("a", fly, last_updated="2026-11-02T01:00:00Z"),
        upcoming("b", "2999-11-21T00:00:00Z"),
        launch("d", "2026-10-01T00:00:05Z", last_updated="2026-11-02T01:00:00Z"),
        upcoming("e", slip),
    )
    assert changes(database, 1) == []
    assert changes(database, 3) == [
        ("corrected", "id of b", slip, "2999-11-21T00:00:00Z"),
        ("corrected", "id of d", "2026-10-01T00:00:00Z", "2026-10-01T00:00:05Z"),
        ("flown", "id of a", None, "1"),
        ("new launch", "id of e", None, slip),
        ("withdrawn", "id of c", slip, None),
    ]
    assert [name for (name,) in rows(database, "SELECT name FROM v_upcoming ORDER BY 1")] == [
        "Falcon 9 Block 5 | b",
        "Falcon 9 Block 5 | e",
    ]


def test_a_landing_that_is_corrected_is_told(launches):
    one = launch("a", "2026-10-01T00:00:00Z", last_updated="2026-10-02T00:00:00Z")
    launches(1, one)
    other = json.loads(json.dumps(one)) | {"last_updated": "2026-11-02T00:00:00Z"}
    other["rocket"]["launcher_stage"][0]["landing"]["success"] = False
    database = launches(3, other)
    assert changes(database, 3) == [("corrected", "id of a/0", "1", "0")]


def test_a_batch_is_joined_to_a_launch_that_is_loaded_later(day, launches):
    day(1, omm(1, OBJECT_ID="2026-270A"))
    clock_day = 2
    database = launches(
        clock_day, launch("g", "2026-10-01T00:00:00Z", launch_designator="2026-270")
    )
    assert rows(database, "SELECT launch_id, launch_date FROM starlink") == [
        ("id of g", "2026-10-01")
    ]
    assert source_comparison.designators_without_launch(database).empty


def test_a_batch_without_a_launch_is_told(day):
    database = day(1, omm(1, OBJECT_ID="2026-270A"), omm(2, OBJECT_ID="2026-270B"))
    found = source_comparison.designators_without_launch(database)
    assert found[["launch_designator", "satellites", "in_orbit"]].to_numpy().tolist() == [
        ["2026-270", 2, 2]
    ]


def test_sources_that_disagree_are_told(world, launchlibrary, clock):
    """The archive of the sample against two launches: one it has otherwise, and one it lacks."""
    clock.set("2026-11-01")
    publish(at(world, sources="spacexdata"), "auto", "archive")
    (date, name, library_id) = rows(
        world.database,
        """SELECT date_utc, name, launch_id FROM launches
           WHERE success AND date_utc LIKE '2020%' LIMIT 1""",
    )[0]
    assert name
    before = launch("early", "2020-01-01T00:00:00Z", net_precision={"id": 7})
    odd = launch("odd", date, status={"id": 4, "abbrev": "Failure"}, pad=_pad_of(world, library_id))
    launchlibrary.launches = [before, odd, launch("late", "2021-12-31T00:00:00Z")]
    stages.publish(at(world, sources="spacexdata,launchlibrary"), "auto", "both")
    (found,) = source_comparison.contradictions(world.database).to_dict("records")
    assert (found["what"], found["told"], found["other_value"]) == ("success", "0", "1")
    lacked = source_comparison.unmatched_launches(world.database)
    assert set(lacked["source"]) == {"spacexdata", "launchlibrary"}
    assert "Falcon 9 Block 5 | early" in set(lacked["name"])
    counts = source_comparison.launch_counts(world.database)
    assert counts["matched"].sum() == 2


def _pad_of(world, launch_id):
    """A launch site where the archive's is."""
    ((latitude, longitude),) = rows(
        world.database,
        """SELECT latitude_deg, longitude_deg FROM launchpads
           JOIN launches USING (launchpad_id) WHERE launch_id = ?""",
        launch_id,
    )
    return launch("x")["pad"] | {"id": 99, "latitude": latitude, "longitude": longitude}
