"""Changes between successive responses, and the listing of satellites."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spacex.analysis import history, source_comparison
from spacex.errors import SettingsError
from spacex.settings import Settings
from tests.clock import Clock
from tests.example_records import early_omm as omm
from tests.example_records import launch, omm_json, upcoming
from tests.service_replicas import CelesTrak, LaunchLibrary
from tests.stages import at, publish, rows, value

pytestmark = pytest.mark.usefixtures("clock")

Record = dict[str, Any]
Publish = Callable[..., Path]


@pytest.fixture
def config(three_services: Settings) -> Settings:
    """Return settings that use CelesTrak only."""
    return at(three_services, sources="celestrak")


@pytest.fixture
def day(config: Settings, celestrak: CelesTrak, clock: Clock) -> Publish:
    """Return a function that publishes a GP list on a day of November."""

    def publish_on(day: int, *records: Record, sources: str = "celestrak") -> Path:
        clock.set(f"2026-11-{day:02d}")
        celestrak.publish(omm_json(*records))
        publish(at(config, sources=sources), "auto", f"day-{day}", accept_shrink=True)
        return config.database

    return publish_on


def changes(database: Path, day: int) -> list[tuple[object, ...]]:
    """Return kind, key, old and new value of the changes observed on a day."""
    return rows(
        database,
        """SELECT kind, row_key, old_value, new_value FROM _changes
           WHERE substr(observed_utc, 9, 2) = ? ORDER BY 1, 2, 3""",
        f"{day:02d}",
    )


def listing(database: Path) -> dict[int, tuple[object, ...]]:
    """Return number → is listed, and the days first listed, last listed and unlisted since."""
    return {
        number: (listed, *(text and text[8:10] for text in days))
        for number, listed, *days in rows(
            database,
            """SELECT norad_cat_id, is_listed, first_listed_utc, last_listed_utc,
                      unlisted_since_utc FROM starlink""",
        )
    }


def test_new_unlisted_and_returned_satellites(day: Publish) -> None:
    day(1, omm(1), omm(2))
    day(2, omm(1), omm(3))
    database = day(3, omm(1), omm(2), omm(3))
    assert changes(database, 1) == []
    assert changes(database, 2) == [
        ("new satellite", "3", None, None),
        ("unlisted", "2", "operational", None),
    ]
    assert changes(database, 3) == [("returned", "2", None, None)]
    assert listing(database) == {
        1: (1, "01", "03", None),
        2: (1, "01", "03", None),
        3: (1, "02", "03", None),
    }


def test_unlisted_satellite_is_kept_with_its_date(day: Publish) -> None:
    day(1, omm(1), omm(2))
    day(2, omm(1))
    database = day(3, omm(1))
    assert listing(database)[2] == (0, "01", "01", "02")
    assert rows(
        database,
        "SELECT catalogue_status, orbit_status, shell FROM v_starlink WHERE norad_cat_id = 2",
    ) == [("unlisted", "unlisted", None)]
    growth = rows(database, "SELECT day, in_orbit FROM v_fleet_growth ORDER BY 1")
    assert growth[-1] == ("2026-11-02", 1)


def test_first_gp_list_after_the_archive_records_no_change(day: Publish, config: Settings) -> None:
    publish(at(config, sources="spacexdata"), "auto", "archive")
    database = day(2, omm(1), sources="spacexdata,celestrak")
    assert value(database, "SELECT count(*) FROM _changes") == 0
    assert value(database, "SELECT count(*) FROM starlink WHERE is_listed") == 1
    assert value(database, "SELECT count(*) FROM starlink WHERE is_listed = 0") == 60


def test_adding_the_archive_records_no_change(day: Publish) -> None:
    day(1, omm(1))
    database = day(2, omm(1), sources="spacexdata,celestrak")
    assert changes(database, 2) == []
    assert value(database, "SELECT count(*) FROM starlink") == 61


def test_satellite_listed_for_the_first_time_is_new_whatever_the_archive_knows(
    day: Publish, config: Settings
) -> None:
    publish(at(config, sources="spacexdata"), "auto", "archive")
    known = value(config.database, "SELECT min(norad_cat_id) FROM starlink WHERE NOT is_decayed")
    day(1, omm(1), sources="spacexdata,celestrak")
    database = day(2, omm(1), omm(known), sources="spacexdata,celestrak")
    assert changes(database, 2) == [("new satellite", str(known), None, None)]


def test_run_without_a_new_gp_list_changes_nothing(
    day: Publish, config: Settings, clock: Clock
) -> None:
    day(1, omm(1), omm(2))
    database = day(2, omm(1))
    before = listing(database)
    clock.set("2026-11-03")  # the service has no new data
    publish(config, "auto", "again")
    assert listing(database) == before
    assert changes(database, 3) == []
    assert len(history.gp_lists(database)) == 2


def test_outage_keeps_the_last_fleet(
    day: Publish, config: Settings, celestrak: CelesTrak, clock: Clock
) -> None:
    database = day(1, omm(1), omm(2))
    celestrak.stop()
    clock.set("2026-11-09")
    publish(config, "auto", "down")
    assert listing(database)[2] == (1, "01", "01", None)
    assert value(database, "SELECT in_orbit FROM v_fleet_growth ORDER BY day DESC LIMIT 1") == 2
    assert "used instead, checked 2026-11-01T12:00:00Z" in value(
        database, "SELECT note FROM _runs WHERE run_id = 'down'"
    )


def ring(first: int, mean_motion: float, count: int = 40, turn: float = 360.0) -> list[Record]:
    """Return operational satellites in one shell, evenly spaced by right ascension."""
    return [
        omm(
            first + n, RA_OF_ASC_NODE=n * turn / count, MEAN_MOTION=mean_motion, MEAN_MOTION_DOT=0.0
        )
        for n in range(count)
    ]


def test_orbit_status_and_shell_changes_ignore_a_small_drift_of_the_shell(day: Publish) -> None:
    raising = {"MEAN_MOTION": 15.5, "MEAN_MOTION_DOT": -2e-3}
    day(1, *ring(1000, 15.06), *ring(2000, 15.3, 120), omm(1, **raising), omm(2, MEAN_MOTION=15.06))
    database = day(
        2,
        *ring(1000, 15.065),
        *ring(2000, 15.305, 120),
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


def test_satellites_do_not_leave_a_shell_that_is_found_in_one_list_only(day: Publish) -> None:
    """The lower ring is a shell on days 1 and 3; on day 2 its nodes are in too few sectors."""
    upper, lower = ring(1000, 15.06), ring(2000, 15.3, 120)
    nearer = ring(2000, 15.3, 120, turn=90.0)
    day_of_move = {"EPOCH": "2026-11-02T06:00:00.5", "MEAN_MOTION": 15.2}  # 30 km higher
    moved = omm(2119, MEAN_MOTION_DOT=0.0, **day_of_move)
    found = []
    for number, records in enumerate((lower, [*nearer[:-1], moved], lower), start=1):
        database = day(number, *upper, *records)
        found.append(value(database, "SELECT count(*) FROM starlink_shells"))
    assert found == [2, 1, 2]
    shells = [each[:2] for n in (2, 3) for each in changes(database, n) if each[0] == "shell"]
    assert shells == [("shell", "2119"), ("shell", "2119")]


def test_as_of_run_restores_the_earlier_fleet_and_records_no_change(
    day: Publish, config: Settings
) -> None:
    day(1, omm(1))
    day(2, omm(1), omm(2))
    then = "2026-11-01T23:59:59Z"
    publish(config, "snapshot", "back", accept_shrink=True, as_of=then)
    assert listing(config.database) == {1: (1, "01", "01", None)}
    assert changes(config.database, 2) == []
    publish(config, "snapshot", "forth")
    assert listing(config.database) == {1: (1, "01", "02", None), 2: (1, "02", "02", None)}
    assert changes(config.database, 2) == [("new satellite", "2", None, None)]


def test_changes_since_the_last_gp_list_or_a_date(day: Publish) -> None:
    day(1, omm(1))
    day(2, omm(1), omm(2, OBJECT_ID="2026-002A"), omm(3, OBJECT_ID="2026-002B"))
    database = day(3, omm(1), omm(2), omm(3), omm(4, OBJECT_ID="2026-003A"))
    assert history.changes(database)["name"].tolist() == ["STARLINK-4"]
    assert history.change_counts(database, "2026-11-01")["changes"].tolist() == [3]
    assert len(history.changes(database, "2026-11-02")) == 3, "those of that day as well"
    assert len(history.changes(database, "2026-11-03")) == 1
    (instant,) = set(history.changes(database, "2026-11-03")["observed_utc"])
    assert history.changes(database, instant).empty
    by_launch = history.new_satellites_by_launch(database, "2026-11-01")
    assert by_launch[["launch_designator", "satellites"]].to_numpy().tolist() == [
        ["2026-002", 2],
        ["2026-003", 1],
    ]
    pairs = history.compare(database, "2026-11-01", "2026-11-03")
    assert pairs["norad_cat_id"].tolist() == [2, 3, 4]
    with pytest.raises(SettingsError):
        history.changes(database, "lately")


@pytest.fixture
def launches(config: Settings, launchlibrary: LaunchLibrary, clock: Clock) -> Publish:
    """Return a function that publishes launches on a day of November."""

    def publish_on(day: int, *records: Record) -> Path:
        clock.set(f"2026-11-{day:02d}")
        launchlibrary.launches = list(records)
        publish(at(config, sources="launchlibrary"), "auto", f"day-{day}", accept_shrink=True)
        return config.database

    return publish_on


def test_new_flown_withdrawn_and_corrected_launches(launches: Publish) -> None:
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
        ("flown", "id of a", "2026-11-02T00:00:00Z (minute)", "1"),
        ("new launch", "id of e", None, slip),
        ("withdrawn", "id of c", slip, None),
    ]
    assert [name for (name,) in rows(database, "SELECT name FROM v_upcoming ORDER BY 1")] == [
        "Falcon 9 Block 5 | b",
        "Falcon 9 Block 5 | e",
    ]


def test_corrected_landing_is_a_change(launches: Publish) -> None:
    one = launch("a", "2026-10-01T00:00:00Z", last_updated="2026-10-02T00:00:00Z")
    launches(1, one)
    other = json.loads(json.dumps(one)) | {"last_updated": "2026-11-02T00:00:00Z"}
    other["rocket"]["launcher_stage"][0]["landing"]["success"] = False
    database = launches(3, other)
    assert changes(database, 3) == [("corrected", "id of a/0", "1", "0")]


def test_the_archive_makes_no_changes_to_the_launches_of_another_source(
    config: Settings, launchlibrary: LaunchLibrary, clock: Clock
) -> None:
    """The archive's launches give the common ones their IDs, and sites and rockets too."""
    archive = at(config, sources="spacexdata")
    publish(archive, "auto", "archive")
    ((name, date, designator),) = rows(
        config.database,
        "SELECT name, date_utc, launch_designator FROM launches WHERE launch_designator NOT NULL "
        "ORDER BY date_utc DESC LIMIT 1",
    )
    config.database.unlink()
    launchlibrary.launches = [launch(str(name), str(date), launch_designator=designator)]
    publish(at(config, sources="launchlibrary"), "auto", "one")
    clock.set("2026-11-02")
    launchlibrary.launches[0] |= {"last_updated": "2026-11-02T00:00:00Z"}
    publish(at(config, sources="spacexdata,launchlibrary"), "auto", "two", accept_shrink=True)
    assert value(config.database, "SELECT count(DISTINCT source) FROM launch_sources") == 2
    assert changes(config.database, 2) == []


def test_satellites_are_linked_to_a_launch_loaded_later(day: Publish, launches: Publish) -> None:
    day(1, omm(1, OBJECT_ID="2026-270A"))
    database = launches(2, launch("g", "2026-10-01T00:00:00Z", launch_designator="2026-270"))
    assert rows(database, "SELECT launch_id, launch_date FROM starlink") == [
        ("id of g", "2026-10-01")
    ]


def test_contradictions_between_sources_are_reported(
    config: Settings, launchlibrary: LaunchLibrary, clock: Clock
) -> None:
    """The archive contradicts one launch of Launch Library, and lacks another."""
    clock.set("2026-11-01")
    publish(at(config, sources="spacexdata"), "auto", "archive")
    (date, name, launch_id) = rows(
        config.database,
        """SELECT date_utc, name, launch_id FROM launches
           WHERE success AND date_utc LIKE '2020%' LIMIT 1""",
    )[0]
    assert name
    before = launch("early", "2020-01-01T00:00:00Z", net_precision={"id": 7})
    ((latitude, longitude),) = rows(
        config.database,
        """SELECT latitude_deg, longitude_deg FROM launchpads
           JOIN launches USING (launchpad_id) WHERE launch_id = ?""",
        launch_id,
    )
    pad = launch("x")["pad"] | {"id": 99, "latitude": latitude, "longitude": longitude}
    odd = launch("odd", date, status={"id": 4, "abbrev": "Failure"}, pad=pad)
    launchlibrary.launches = [before, odd, launch("late", "2020-06-01T00:00:00Z")]
    publish(at(config, sources="spacexdata,launchlibrary"), "auto", "both")
    found = source_comparison.contradictions(config.database).set_index("attribute")
    assert found.loc["success", ["value", "other_value", "used"]].tolist() == ["0", "1", "0"]
    assert found.loc["boosters", "value"] == "B1067.37"
    assert len(found) == 2
    lacked = source_comparison.unmatched_launches(config.database)
    assert set(lacked["source"]) == {"spacexdata", "launchlibrary"}
    assert "Falcon 9 Block 5 | early" in set(lacked["name"])
    counts = source_comparison.launch_counts(config.database)
    assert counts["matched"].sum() == 2
