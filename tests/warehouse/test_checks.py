"""Each check on a database that holds the one thing it looks for, and on one without."""

import sqlite3
from contextlib import closing

import pytest

from spacex.schema import TABLES, Kind
from spacex.schema.ddl import create_all
from spacex.warehouse.checks import AGREEMENT_KM, CHECKS, run_checks

GOOD = {
    Kind.TEXT: "a",
    Kind.URL: "https://example.org",
    Kind.DATE: "2020-01-19",
    Kind.UTC: "2020-01-19T15:30:00Z",
    Kind.EPOCH: "2020-01-19T15:30:00.000000Z",
    Kind.INTEGER: 1,
    Kind.BOOLEAN: 1,
    Kind.REAL: 1.0,
}
SOUND = {
    "launches": {"name": "Mission", "is_upcoming": 0},
    "launch_failures": {"time_s": 30},
    "starlink": {"object_name": "STARLINK-1", "is_decayed": 0, "is_listed": 1},
}
"""What a row needs beside values of the right kind, to have nothing odd about it."""


@pytest.fixture
def connection():
    """A database with one sound row in every table."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in create_all():
            connection.execute(statement)
        for name in TABLES:
            put(connection, name)
        yield connection


def put(connection, name, /, **values):
    table = TABLES[name]
    row = {column.name: next(iter(column.values), GOOD[column.kind]) for column in table.columns}
    row |= SOUND.get(name, {}) | values
    places = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {name} VALUES ({places})", list(row.values()))  # noqa: S608


def change(connection, name, /, **values):
    setting = ", ".join(f"{column} = ?" for column in values)
    connection.execute(f"UPDATE {name} SET {setting}", list(values.values()))  # noqa: S608


def found(connection):
    return {f.check_name: (f.finding_count, f.examples) for f in run_checks(connection)}


def test_nothing_is_found_where_nothing_is_odd(connection):
    assert found(connection) == {}


IN_NO_SOURCE_WITH_POSITIONS = {"height_km": None}

ODD = {
    "duplicate flight numbers": (
        lambda db: put(db, "launches", launch_id="b"),
        "1",
    ),
    "outcome unknown": (lambda db: change(db, "launches", success=None), "Mission"),
    "upcoming in the past": (lambda db: change(db, "launches", is_upcoming=1), "Mission"),
    "lost before liftoff": (lambda db: change(db, "launch_failures", time_s=-9), "Mission"),
    "suborbital tests": (lambda db: change(db, "payloads", orbit="SO"), "Mission"),
    "no fairings": (lambda db: change(db, "launches", has_fairings=0), "Mission"),
    "booster unknown": (lambda db: change(db, "launch_cores", core_id=None), "Mission"),
    "three boosters": (
        lambda db: [put(db, "launch_cores", core_index=place) for place in (2, 3)],
        "Mission",
    ),
    "mass unknown": (lambda db: change(db, "payloads", mass_kg=None), "a"),
    "in flight too long": (lambda db: change(db, "launches", status="In Flight"), "Mission"),
    "no position": (
        lambda db: put(db, "starlink", norad_cat_id=2, height_km=None, is_decayed=1, is_listed=0),
        "STARLINK-1",
    ),
    "position of decayed": (
        lambda db: change(db, "starlink", is_decayed=1, is_listed=0),
        "STARLINK-1",
    ),
    "unlisted": (lambda db: change(db, "starlink", is_listed=0), "STARLINK-1"),
    "listed though decayed": (
        lambda db: change(db, "starlink", is_decayed=1, **IN_NO_SOURCE_WITH_POSITIONS),
        "STARLINK-1",
    ),
    "launch unknown": (lambda db: change(db, "starlink", launch_id=None), "STARLINK-1"),
    "drag not positive": (lambda db: change(db, "starlink_elements", bstar=0), "1"),
    "orbit disagrees": (
        lambda db: change(db, "starlink_elements", published_apogee_altitude_km=1.02),
        "1",
    ),
    "orphans launches.rocket_id": (lambda db: change(db, "launches", rocket_id="gone"), "gone"),
    "orphans launch_cores.core_id": (
        lambda db: change(db, "launch_cores", core_id="gone"),
        "gone",
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_found_and_nothing_else(connection, name):
    make_odd, examples = ODD[name]
    make_odd(connection)
    assert found(connection) == {name: (1, examples)}


def test_every_check_is_tried():
    assert {check.name for check in CHECKS} <= ODD.keys()


@pytest.mark.parametrize("by_km", [AGREEMENT_KM / 2, -AGREEMENT_KM / 2])
def test_orbits_agree_within_what_the_source_prints(connection, by_km):
    change(connection, "starlink_elements", published_perigee_altitude_km=1 + by_km)
    assert found(connection) == {}


def test_orbits_the_source_does_not_print_agree(connection):
    change(connection, "starlink_elements", published_perigee_altitude_km=None)
    assert found(connection) == {}


def test_a_list_that_was_never_loaded_has_no_orphans(connection):
    connection.execute("DELETE FROM cores")
    assert found(connection) == {}


def test_a_finding_counts_all_rows_and_names_some(connection):
    for number in range(2, 2000):
        put(connection, "payloads", payload_id=str(number), name=f"P{number}", mass_kg=None)
    (finding,) = run_checks(connection)
    assert finding.message == "Payloads of unknown mass: 1,998. Sums exclude them"
    assert (finding.finding_count, finding.examples.count(",")) == (1998, 4)


def test_checks_have_distinct_names_and_tables_of_ours():
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    assert {check.table for check in CHECKS} <= TABLES.keys()
    severities = TABLES["_findings"].column("severity").values
    assert {check.severity for check in CHECKS} <= set(severities)
