"""Each check on a database with the one anomaly it looks for, and on one without."""

import sqlite3
from collections.abc import Iterator

import pytest

from spacex.schema import TABLES
from spacex.warehouse.checks import AGREEMENT_KM, CHECKS, run_checks
from spacex.warehouse.views import apply_views
from tests.example_rows import empty_database, insert_row

NORMAL = {
    "launches": {"name": "Mission", "success": 1, "has_fairings": 1, "date_precision": "minute"},
    "launch_failures": {"time_s": 30},
    "launch_sources": {"name": "Mission", "date_precision": "minute"},
    "starlink": {"object_name": "STARLINK-1", "is_listed": 1},
}
"""Values besides the example values that a row needs to be free of anomalies."""


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """Return a database with one normal row in every table."""
    with empty_database() as connection:
        for name in TABLES:
            put(connection, name)
        apply_views(connection)
        yield connection


def put(connection: sqlite3.Connection, name: str, /, **values: object) -> None:
    insert_row(connection, name, **NORMAL.get(name, {}) | values)


def change(connection: sqlite3.Connection, name: str, /, **values: object) -> None:
    setting = ", ".join(f"{column} = ?" for column in values)
    connection.execute(f"UPDATE {name} SET {setting}", list(values.values()))  # noqa: S608


def found(connection: sqlite3.Connection) -> dict[str, tuple[int, str]]:
    """Return check name → number of rows and examples."""
    return {f.check_name: (f.finding_count, f.examples) for f in run_checks(connection)}


def test_normal_rows_give_no_findings(connection: sqlite3.Connection) -> None:
    assert found(connection) == {}


def test_a_row_that_refers_to_none_is_told_in_words(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA foreign_keys = OFF")
    change(connection, "launch_cores", core_id="another")
    messages = [each.message for each in run_checks(connection)]
    assert "Rows of launch cores whose core is not in cores: 1. They are kept" in messages


DECAYED = {"is_decayed": 1, "is_listed": 0}
ANOMALIES = {
    "duplicate flight numbers": (lambda db: put(db, "launches", launch_id="b"), "1"),
    "outcome unknown": (lambda db: change(db, "launches", success=None), "Mission"),
    "upcoming in the past": (lambda db: change(db, "launches", is_upcoming=1), "Mission"),
    "lost before liftoff": (lambda db: change(db, "launches", launch_class="pad loss"), "Mission"),
    "suborbital launches": (
        lambda db: change(db, "launches", launch_class="suborbital"),
        "Mission",
    ),
    "sources disagree": (
        lambda db: put(db, "catalogue_objects", source="y", launch_date="2031-01-01"),
        "1",
    ),
    "decay not known yet": (
        lambda db: put(db, "catalogue_objects", source="y", is_decayed=1, decay_date="2020-01-01"),
        "1",
    ),
    "decay in the future": (
        lambda db: change(db, "catalogue_objects", is_starlink=1, decay_date="2020-01-02"),
        "x",
    ),
    "launches not recorded": (
        lambda db: change(db, "starlink", launch_designator="2026-001"),
        "2026-001",
    ),
    "dates differ": (
        lambda db: put(
            db, "launch_sources", source="y", name="Mission", date_utc="2020-01-01T00:15:01Z"
        ),
        "Mission",
    ),
    "flight counted twice": (
        lambda db: put(db, "launch_cores", core_index=2),
        "x flight 1: Mission, Mission",
    ),
    "no fairings": (lambda db: change(db, "launches", has_fairings=0), "Mission"),
    "booster unknown": (lambda db: change(db, "launch_cores", core_id=None), "Mission"),
    "three boosters": (
        lambda db: [put(db, "launch_cores", core_index=n, flight=n) for n in (2, 3)],
        "Mission",
    ),
    "mass unknown": (lambda db: change(db, "payloads", mass_kg=None), "x"),
    "in flight too long": (lambda db: change(db, "launches", status="In Flight"), "Mission"),
    "no position": (
        lambda db: put(
            db,
            "starlink",
            norad_cat_id=2,
            object_name="STARLINK-2",
            object_id=None,
            height_km=None,
            **DECAYED,
        ),
        "STARLINK-2",
    ),
    "position of decayed": (lambda db: change(db, "starlink", **DECAYED), "STARLINK-1"),
    "GP list out of date": (
        lambda db: insert_row(
            db,
            "_observations",
            observed_utc="2020-01-01T00:00:01Z",
            data_utc="2020-01-01T00:00:01Z",
            retrieved_utc="2020-01-04T00:00:02Z",
        ),
        "2020-01-04T00:00:02Z",
    ),
    "launch in the future": (
        lambda db: change(
            db, "catalogue_objects", is_starlink=1, launch_date="2020-01-02", source="y"
        ),
        "x",
    ),
    "decay before launch": (
        lambda db: change(db, "starlink", decay_date="2019-12-31"),
        "STARLINK-1",
    ),
    "unlisted": (lambda db: change(db, "starlink", is_listed=0), "STARLINK-1"),
    "listed though decayed": (
        lambda db: change(
            db,
            "starlink",
            is_decayed=1,
            height_km=None,
            decay_date="2020-01-01",
            last_listed_utc="2020-01-02T00:00:00Z",
        ),
        "STARLINK-1",
    ),
    "shared names": (lambda db: put(db, "starlink", norad_cat_id=2, object_id=None), "STARLINK-1"),
    "shared designators": (
        lambda db: [
            change(db, "starlink", object_id="2019-074A"),
            put(db, "starlink", norad_cat_id=2, object_name="y", object_id="2019-074A"),
        ],
        "2019-074A",
    ),
    "designators of the future": (
        lambda db: change(db, "catalogue_objects", is_starlink=1, object_id="2021-001A"),
        "x",
    ),
    "launch unknown": (lambda db: change(db, "starlink", launch_id=None), "STARLINK-1"),
    "drag not positive": (lambda db: change(db, "starlink_elements", bstar=0), "1"),
    "orbit disagrees": (
        lambda db: change(db, "starlink_elements", published_apogee_altitude_km=1.02),
        "1",
    ),
    "orphans launches.rocket_id": (lambda db: change(db, "launches", rocket_id="lost"), "lost"),
    "orphans launch_cores.core_id": (lambda db: change(db, "launch_cores", core_id="no"), "no"),
}


@pytest.mark.parametrize("name", ANOMALIES)
def test_check_finds_its_anomaly_and_nothing_else(
    connection: sqlite3.Connection, name: str
) -> None:
    introduce, examples = ANOMALIES[name]
    introduce(connection)
    assert found(connection) == {name: (1, examples)}


def test_every_check_is_tested() -> None:
    assert {check.name for check in CHECKS} <= ANOMALIES.keys()


@pytest.mark.parametrize("by_km", [AGREEMENT_KM / 2, -AGREEMENT_KM / 2])
def test_orbits_agree_within_the_published_precision(
    connection: sqlite3.Connection, by_km: float
) -> None:
    change(connection, "starlink_elements", published_perigee_altitude_km=1 + by_km)
    assert found(connection) == {}


@pytest.mark.parametrize(
    "epoch", ["2020-01-04T00:00:00.000000Z", "2019-12-29T00:00:00.000000Z", None]
)
def test_median_epoch_may_be_three_days_from_the_date_of_the_list(
    connection: sqlite3.Connection, epoch: str | None
) -> None:
    change(connection, "starlink", epoch_utc=epoch)
    assert found(connection) == {}


def test_unpublished_orbits_are_not_compared(connection: sqlite3.Connection) -> None:
    change(connection, "starlink_elements", published_perigee_altitude_km=None)
    assert found(connection) == {}


def test_empty_table_has_no_orphans(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM cores")
    assert found(connection) == {}


def test_finding_counts_all_rows_and_names_some(connection: sqlite3.Connection) -> None:
    for number in range(2, 2000):
        put(connection, "payloads", payload_id=str(number), name=f"P{number}", mass_kg=None)
    (finding,) = run_checks(connection)
    assert finding.message == "Payloads of unknown mass: 1,998. Sums exclude them"
    assert (finding.finding_count, finding.examples.count(",")) == (1998, 4)


def test_checks_have_unique_names_and_valid_tables() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    assert {check.table for check in CHECKS} <= TABLES.keys()
    severities = TABLES["_findings"].column("severity").values
    assert {check.severity for check in CHECKS} <= set(severities)
