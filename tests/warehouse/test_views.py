"""The views on a few rows, each with its complete result."""

import sqlite3
from collections.abc import Iterator

import pytest

from spacex.analysis.key_figures import FIGURES
from spacex.schema import TABLES
from spacex.warehouse.views import VIEWS, apply_views, describe, tables_of
from tests.example_rows import empty_database, insert_row


def orbit(altitude_km: float) -> dict[str, float]:
    """Return perigee and apogee of an orbit with this mean altitude, km."""
    return {"perigee_altitude_km": altitude_km - 5, "apogee_altitude_km": altitude_km + 5}


ROWS = {
    "rockets": [{"rocket_id": "f9", "name": "Falcon 9"}],
    "launchpads": [{"launchpad_id": "slc", "name": "SLC 40", "region": "Florida"}],
    "landpads": [{"landpad_id": "lz", "name": "LZ-1"}],
    "cores": [{"core_id": "c1", "serial": "B1"}],
    "launches": [
        {"launch_id": "a", "name": "A", "success": 1, "date_utc": "2019-05-01T00:00:00Z"},
        {"launch_id": "b", "name": "B", "success": 0, "rocket_id": "unknown"},
        {"launch_id": "c", "name": "C", "success": None, "launchpad_id": "unknown"},
        {"launch_id": "d", "name": "D", "success": None, "is_upcoming": 1},
        {"launch_id": "e", "name": "E", "is_upcoming": 1, "date_utc": "2999-01-01T00:00:00Z"},
        {"launch_id": "f", "name": "F", "success": 0, "launch_class": "pad loss"},
    ],
    "launch_cores": [
        {"launch_id": "a", "core_id": "c1", "landing_attempt": 1, "landing_success": 1},
        {"launch_id": "b", "core_id": None, "landing_attempt": 1, "landing_success": 0},
        {"launch_id": "c", "core_id": "unknown", "landing_type": None},
        {"launch_id": "d", "core_id": "c1", "landing_attempt": 1, "landing_success": 1},
        {"launch_id": "b", "core_index": 2, "landing_attempt": 1, "landing_success": None},
        {"launch_id": "a", "core_index": 2, "landing_attempt": 0, "landing_success": None},
        {"launch_id": "c", "core_index": 2, "landing_attempt": 1, "landing_success": None}
        | {"flight": 9},
        {"launch_id": "c", "core_index": 3, "landing_attempt": None, "landing_success": None},
        {"launch_id": "f", "landing_attempt": 1, "landing_success": None},
    ],
    "payloads": [
        {"payload_id": "p", "launch_id": "a", "mass_kg": 100},
        {"payload_id": "q", "launch_id": "a", "mass_kg": 50},
        {"payload_id": "r", "launch_id": "a", "mass_kg": None},
        {"payload_id": "s", "launch_id": "b", "mass_kg": None},
        {"payload_id": "t", "launch_id": "a", "mass_kg": 7000},
    ],
    "launch_payloads": [
        *({"launch_id": "a", "payload_index": n, "payload_id": p} for n, p in enumerate("pqr")),
        {"launch_id": "b", "payload_index": 0, "payload_id": "s"},
        {"launch_id": "d", "payload_index": 0, "payload_id": "t"},
    ],
    "starlink": [
        {"norad_cat_id": 1, "launch_id": "a", "version": "v1.0"},
        {"norad_cat_id": 2, "launch_id": "a", "version": "v1.0"},
        {"norad_cat_id": 3, "launch_id": "a", "is_decayed": 1, "decay_date": "2020-02-01"},
        {"norad_cat_id": 4, "launch_id": "unknown", "launch_date": "2020-02-01"}
        | {"launch_designator": "2020-009"},
    ],
    "catalogue_objects": [
        {"catalogue_id": "A1", "source": "gcat", "is_starlink": 1, "norad_cat_id": None},
        *(
            {"catalogue_id": f"S{n}", "source": "gcat", "is_starlink": 1, "norad_cat_id": n}
            for n in (1, 2, 3)
        ),
    ],
    "launch_sources": [
        {"launch_id": "a", "source": "one", "launchpad_id": "slc", "success": 1},
        {"launch_id": "a", "source": "two", "launchpad_id": "slc"},
        {"launch_id": "b", "source": "two", "launchpad_id": "slc"},
        {"launch_id": "d", "source": "two", "launchpad_id": "slc", "is_upcoming": 1},
    ],
    "_observations": [
        {"observed_utc": "2020-01-01T00:00:00Z", "satellite_count": 3},
        {"observed_utc": "2020-01-02T00:00:00Z", "satellite_count": 4},
    ],
    "_launch_altitudes": [{"launch_designator": "2019-029", "median_altitude_km": 440.0}],
    "_changes": [
        {"observed_utc": "2020-01-02T00:00:00Z", "change_number": 1, "kind": "new satellite"},
        {"observed_utc": "2020-01-02T00:00:00Z", "change_number": 2, "kind": "returned"},
        {"observed_utc": "2020-01-02T00:00:00Z", "change_number": 3, "kind": "unlisted"},
    ],
    "_renumberings": [
        {"observed_utc": f"2020-01-0{day}T00:00:00Z", "old_norad_cat_id": old} | new
        for day, old, new in [
            (1, 101, {"new_norad_cat_id": 201}),
            (2, 201, {"new_norad_cat_id": 3}),
            (3, 3, {"new_norad_cat_id": 301}),
            (4, 301, {"new_norad_cat_id": 3}),
        ]
    ],
    "_snapshots": [
        {"path": "a", "run_id": "1"},
        {"path": "a", "run_id": "2", "checked_utc": "2020-01-03T00:00:00Z"},
    ],
    "starlink_elements": [
        {"norad_cat_id": 1, "inclination_deg": 53.05, **orbit(551)},
        {"norad_cat_id": 2, "inclination_deg": 53.2, **orbit(546)},
        {"norad_cat_id": 2, "epoch_utc": "2019-01-01T00:00:00.000000Z", **orbit(300)},
        {"norad_cat_id": 3, "inclination_deg": 53.0, **orbit(550)},
        {"norad_cat_id": 4, "inclination_deg": 97.6, "source": "another", **orbit(560)},
    ],
}
DEFAULTS = {
    "launches": {
        "rocket_id": "f9",
        "launchpad_id": "slc",
        "date_precision": "minute",
        "launch_class": "orbital",
    },
    "launch_sources": {"date_precision": "minute"},
    "launch_cores": {"core_index": 1, "landing_type": "RTLS", "landpad_id": "lz", "core_id": "c1"},
    "starlink": {
        "version": "v0.9",
        "decay_date": None,
        "decay_precision": "day",
        "is_listed": None,
    }
    | dict.fromkeys(("unlisted_since_utc", "first_listed_utc", "last_listed_utc")),
}


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    with empty_database() as connection:
        for name, rows in ROWS.items():
            for row in rows:
                insert_row(connection, name, **DEFAULTS.get(name, {}) | row)
        apply_views(connection)
        yield connection


RESULTS = {
    "SELECT name, year, rocket, launchpad, region, outcome, payload_mass_kg, "
    "payloads_of_unknown_mass FROM v_launches": [
        ("A", 2019, "Falcon 9", "SLC 40", "Florida", "success", 150, 1),
        ("B", 2020, None, "SLC 40", "Florida", "failure", None, 1),
        ("C", 2020, "Falcon 9", None, None, "unknown", None, 0),
        ("D", 2020, "Falcon 9", "SLC 40", "Florida", "overdue", 7000, 0),
        ("E", 2999, "Falcon 9", "SLC 40", "Florida", "planned", None, 0),
        ("F", 2020, "Falcon 9", "SLC 40", "Florida", "failure", None, 0),
    ],
    "SELECT * FROM v_launches_by_year": [
        (2019, "success", 1, "orbital"),
        (2020, "failure", 1, "orbital"),
        (2020, "failure", 1, "pad loss"),
        (2020, "overdue", 1, "orbital"),
        (2020, "unknown", 1, "orbital"),
        (2999, "planned", 1, "orbital"),
    ],
    "SELECT name, date_utc, rocket FROM v_upcoming": [("E", "2999-01-01T00:00:00Z", "Falcon 9")],
    "SELECT * FROM v_other_numbers": [
        (3, 101, "2020-01-01T00:00:00Z", "x"),
        (3, 201, "2020-01-02T00:00:00Z", "x"),
        (3, 301, "2020-01-04T00:00:00Z", "x"),
    ],
    "SELECT * FROM v_launch_agreement": [
        (2020, "SLC 40", "one", 1, 1),
        (2020, "SLC 40", "two", 2, 1),
    ],
    "SELECT observed_utc, satellite_count, newly_listed, newly_unlisted FROM v_observations": [
        ("2020-01-01T00:00:00Z", 3, 0, 0),
        ("2020-01-02T00:00:00Z", 4, 2, 1),
    ],
    "SELECT launch_designator, median_altitude_km FROM v_launch_altitudes": [("2019-029", 440.0)],
    "SELECT kind, source FROM v_changes": [
        ("new satellite", "x"),
        ("returned", "x"),
        ("unlisted", "x"),
    ],
    "SELECT * FROM v_sources": [("x", "2020-01-03T00:00:00Z", "2020-01-01T00:00:00Z", 2)],
    "SELECT launch, core_index, serial, landing, landing_attempt, landpad FROM v_landings": [
        ("A", 1, "B1", "landed", 1, "LZ-1"),
        ("A", 2, "B1", "expended", 0, "LZ-1"),
        ("B", 1, None, "missed", 1, "LZ-1"),
        ("B", 2, "B1", "lost", 0, "LZ-1"),
        ("C", 1, None, "expended", 0, "LZ-1"),
        ("C", 2, "B1", "unknown", None, "LZ-1"),
        ("C", 3, "B1", "unknown", None, "LZ-1"),
        ("F", 1, "B1", "lost", 0, "LZ-1"),
    ],
    "SELECT * FROM v_landings_by_year": [(2019, "RTLS", 1, 1), (2020, "RTLS", 1, 0)],
    "SELECT serial, flights, recorded_flights, landing_attempts, landings, last_flight_utc "
    "FROM v_boosters": [
        ("B1", 9, 6, 1, 1, "2020-01-01T00:00:00Z"),
    ],
    "SELECT norad_cat_id, launch, catalogue_status, mean_altitude_km FROM v_starlink": [
        (1, "A", "in orbit", 551),
        (2, "A", "in orbit", 546),
        (3, "A", "decayed", 550),
        (4, None, "in orbit", None),
    ],
    "SELECT launch_designator, from_date, until_date FROM v_never_catalogued": [
        ("2019-074", "2020-01-01", None),
    ],
    "SELECT * FROM v_fleet_by_status": [
        ("v0.9", "decayed", 1),
        ("v0.9", "in orbit", 1),
        ("v1.0", "in orbit", 2),
    ],
    "SELECT * FROM v_fleet_by_shell": [(None, None, 1), (53.0, 550, 2)],
    "SELECT norad_cat_id, attribute, value, used FROM v_satellite_contradictions": [],
    "SELECT launch_id, attribute, value, used FROM v_launch_contradictions": [
        ("a", "success", "1", "1"),
    ],
    "SELECT subject, source, to_utc FROM v_coverage": [
        ("decays", "gcat", "2020-01-01T00:00:00Z"),
        ("elements", "x", "2020-01-01T00:00:00Z"),
        ("satellites catalogued", "gcat", "2020-01-01T00:00:00Z"),
        ("satellites launched", "gcat", "2020-01-01T00:00:00Z"),
        ("satellites listed", "x", "2020-01-02T00:00:00Z"),
    ],
    "SELECT launch_date, launch, launched, catalogued, never_catalogued, decayed, unlisted, "
    "in_orbit FROM v_fleet_by_launch": [
        ("2020-01-01", "A", 4, 3, 1, 1, None, 2),  # in no GP list
        ("2020-02-01", None, None, 1, None, None, None, 1),  # launched after the newest in GCAT
    ],
    "SELECT * FROM v_fleet_growth": [
        ("2020-01-01", 3, 0, 0, 3, 3),
        ("2020-02-01", 4, 1, 0, None, None),  # long after the coverage
    ],
}


@pytest.mark.parametrize("sql", RESULTS)
def test_view_returns_the_expected_rows(connection: sqlite3.Connection, sql: str) -> None:
    assert connection.execute(f"{sql} ORDER BY 1, 2").fetchall() == RESULTS[sql]


DATES = {
    ("2026-12-31T00:00:00Z", "year"): ("NET 2026", "2026-01-01T00:00:00Z", "2026-12-31T23:59:59Z"),
    ("2026-09-30T00:00:00Z", "quarter"): (
        "Q3 2026",
        "2026-07-01T00:00:00Z",
        "2026-09-30T23:59:59Z",
    ),
    ("2026-07-01T00:00:00Z", "quarter"): (
        "Q3 2026",
        "2026-07-01T00:00:00Z",
        "2026-09-30T23:59:59Z",
    ),
    ("2026-12-31T00:00:00Z", "half"): ("H2 2026", "2026-07-01T00:00:00Z", "2026-12-31T23:59:59Z"),
    ("2026-06-30T00:00:00Z", "half"): ("H1 2026", "2026-01-01T00:00:00Z", "2026-06-30T23:59:59Z"),
    ("2024-02-01T00:00:00Z", "month"): ("Feb 2024", "2024-02-01T00:00:00Z", "2024-02-29T23:59:59Z"),
    ("2026-12-31T00:00:00Z", "month"): ("Dec 2026", "2026-12-01T00:00:00Z", "2026-12-31T23:59:59Z"),
    ("2026-10-07T00:00:00Z", "week"): (
        "week of 2026-10-07",
        "2026-10-07T00:00:00Z",
        "2026-10-13T23:59:59Z",
    ),
    ("2026-10-07T00:00:00Z", "day"): ("2026-10-07", "2026-10-07T00:00:00Z", "2026-10-07T23:59:59Z"),
    ("2026-08-25T05:49:00Z", "hour"): (
        "2026-08-25 05:49",
        "2026-08-25T05:00:00Z",
        "2026-08-25T05:59:59Z",
    ),
    ("2026-08-25T05:49:00Z", "minute"): (
        "2026-08-25 05:49",
        "2026-08-25T05:49:00Z",
        "2026-08-25T05:49:00Z",
    ),
    ("2026-08-25T05:49:07Z", "second"): (
        "2026-08-25 05:49",
        "2026-08-25T05:49:07Z",
        "2026-08-25T05:49:07Z",
    ),
    ("2026-08-25T05:49:07Z", None): (
        "2026-08-25 05:49",
        "2026-08-25T00:00:00Z",
        "2026-08-25T05:49:07Z",
    ),
    ("2027-09-30T00:00:00Z", "fiscal year"): (
        *("NET FY 2027", "2026-10-01T00:00:00Z", "2027-09-30T23:59:59Z"),
    ),
    ("2026-10-01T00:00:00Z", "fiscal year"): (
        *("NET FY 2027", "2026-10-01T00:00:00Z", "2027-09-30T23:59:59Z"),
    ),
    ("2029-12-31T00:00:00Z", "decade"): (
        "NET 2020s",
        "2020-01-01T00:00:00Z",
        "2029-12-31T23:59:59Z",
    ),
}
"""Date and precision → the date in words, and the period it leaves open."""


@pytest.mark.parametrize(("date", "shown"), DATES.items(), ids=map(str, DATES))
def test_planned_launch_shows_its_date_to_its_precision(
    date: tuple[str, str | None], shown: tuple[str, str, str]
) -> None:
    with empty_database() as connection:
        apply_views(connection)
        planned = {"date_utc": date[0], "date_precision": date[1], "is_upcoming": 1}
        insert_row(connection, "launches", **planned)
        sql = "SELECT date_text, date_from_utc, date_until_utc FROM v_launches"
        assert connection.execute(sql).fetchone() == shown


@pytest.mark.parametrize(
    ("checked_utc", "outcome"),
    [("2026-09-30T23:59:59Z", "planned"), ("2026-10-01T00:00:00Z", "overdue")],
)
def test_launch_is_overdue_once_its_period_had_passed_at_the_check(
    checked_utc: str, outcome: str
) -> None:
    with empty_database() as connection:
        apply_views(connection)
        planned = {"date_utc": "2026-07-01T00:00:00Z", "date_precision": "quarter"}
        insert_row(connection, "launches", is_upcoming=1, success=None, **planned)
        insert_row(connection, "_snapshots", endpoint="launches", checked_utc=checked_utc)
        assert connection.execute("SELECT outcome FROM v_launches").fetchone() == (outcome,)


@pytest.mark.parametrize(
    ("source", "as_of_utc", "outcome"),
    [
        ("spacexdata", None, "overdue"),
        ("spacexdata", "2022-12-31T23:59:59Z", "planned"),
        ("spacexdata", "2023-01-01T00:00:00Z", "overdue"),
        ("launchlibrary", None, "planned"),  # it may have flown after the check
    ],
)
def test_a_plan_of_an_archive_is_overdue_though_it_is_no_longer_checked(
    source: str, as_of_utc: str | None, outcome: str
) -> None:
    with empty_database() as connection:
        apply_views(connection)
        planned = {"date_utc": "2022-12-05T00:00:00Z", "date_precision": "month", "source": source}
        insert_row(connection, "launches", is_upcoming=1, success=None, **planned)
        checked = {"endpoint": "launches", "checked_utc": "2022-11-01T00:00:00Z", "source": source}
        insert_row(connection, "_snapshots", **checked)
        earlier = {"run_id": "earlier", "loaded_utc": "2025-01-01T00:00:00Z", "as_of_utc": None}
        insert_row(connection, "_runs", **earlier)
        newest = {"loaded_utc": "2026-11-01T00:00:00Z", "as_of_utc": as_of_utc}
        insert_row(connection, "_runs", **newest)
        assert connection.execute("SELECT outcome FROM v_launches").fetchone() == (outcome,)


@pytest.mark.parametrize(
    ("newest", "source", "outcome"),
    [
        ("2022-12-01T00:00:00Z", "spacexdata", "superseded"),
        ("2022-11-15T00:00:00Z", "spacexdata", "overdue"),  # the other one ends within the month
        ("2022-12-01T00:00:00Z", "launchlibrary", "overdue"),  # a live source may still tell
    ],
)
def test_an_overdue_launch_of_an_archive_is_superseded_if_another_source_covers_its_date(
    newest: str, source: str, outcome: str
) -> None:
    planned = {"launch_id": "plan", "source": source, "date_utc": "2022-11-01T00:00:00Z"}
    planned |= {"date_precision": "month", "is_upcoming": 1, "success": None}
    with empty_database() as connection:
        insert_row(connection, "launches", **planned)
        insert_row(connection, "launch_sources", **planned)
        insert_row(connection, "_runs")
        for name in (source, "gcat"):
            checked = {"source": name, "endpoint": "launches", "path": name}
            insert_row(connection, "_snapshots", **checked, checked_utc="2026-01-01T00:00:00Z")
        for number, date in enumerate(["2022-10-01T00:00:00Z", newest]):
            flown = {"launch_id": f"{number}", "source": "gcat", "is_upcoming": 0}
            insert_row(connection, "launch_sources", **flown, date_utc=date)
        apply_views(connection)
        sql = "SELECT outcome FROM v_launches WHERE launch_id = 'plan'"
        assert connection.execute(sql).fetchall() == [(outcome,)]


def test_net_precedes_the_date_of_planned_launches_only() -> None:
    with empty_database() as connection:
        apply_views(connection)
        for number in (0, 1):
            date = {"date_utc": "2026-08-25T00:00:00Z", "date_precision": "day", "is_net": 1}
            insert_row(connection, "launches", launch_id=str(number), is_upcoming=number, **date)
        found = connection.execute("SELECT date_text FROM v_launches ORDER BY launch_id").fetchall()
    assert found == [("2026-08-25",), ("NET 2026-08-25",)]


@pytest.mark.parametrize(
    ("launch", "first_listed", "from_date"),
    [
        ("2025-073", "2026-05-25", "2025-03-14"),  # the 73rd of 365, within a year
        ("2025-365", "2026-05-25", "2025-12-31"),
        ("2026-010", "2026-05-25", "2026-01-15"),  # a tenth of the 144 days to the list
        ("2026-100", "2026-05-25", "2026-05-25"),
        ("2026-101", "2026-05-26", "2026-05-26"),
        (None, "2026-05-25", "2026-05-25"),
    ],
)
def test_launches_without_a_date_are_spaced_by_number(
    launch: str | None, first_listed: str, from_date: str
) -> None:
    others = [("2025-365", "2026-05-25"), ("2026-100", "2026-05-25")]
    with empty_database() as connection:
        apply_views(connection)
        for number, (designator, day) in enumerate([(launch, first_listed), *others]):
            listed = {"launch_date": None, "first_listed_utc": f"{day}T05:00:00Z"}
            fields = {"norad_cat_id": number + 1, "launch_designator": designator}
            insert_row(connection, "starlink", **fields, **listed)
        sql = "SELECT from_date FROM v_starlink WHERE norad_cat_id = 1"
        assert connection.execute(sql).fetchall() == [(from_date,)]


@pytest.mark.parametrize(("launch_date", "launched"), [("2019-12-31", None), ("2020-01-01", 1)])
def test_gcat_tells_how_many_were_launched_from_its_first_launch_on(
    launch_date: str, launched: int | None
) -> None:
    with empty_database() as connection:
        apply_views(connection)
        insert_row(connection, "starlink", norad_cat_id=1, launch_date=launch_date)
        first = {"source": "gcat", "norad_cat_id": 2, "is_starlink": 1, "launch_date": "2020-01-01"}
        insert_row(connection, "catalogue_objects", **first)
        found = connection.execute("SELECT launched FROM v_fleet_by_launch").fetchall()
    assert found == [(launched,)]


FIRST, SECOND = "2025-05-25T05:00:00Z", "2025-06-01T05:00:00Z"


@pytest.mark.parametrize(
    ("first_listed", "newest", "decay", "decayed", "unlisted"),
    [
        (FIRST, FIRST, None, None, None),  # one list knows of no losses
        (FIRST, SECOND, None, None, 0),
        ("2025-05-31T00:00:00Z", SECOND, None, None, 0),  # 30 days after the launch
        ("2025-05-31T01:00:00Z", SECOND, None, None, None),  # it may have lost some before
        (SECOND, SECOND, None, None, None),  # the launch is only in the newest of two lists
        (FIRST, FIRST, "2025-05-20", 0, 0),  # a catalogue covers the time since the launch
        (None, None, "2025-05-20", 0, None),
        (FIRST, "2025-06-19T00:00:00Z", "2025-05-20", 0, 0),  # 30 days after the newest decay
        (FIRST, "2025-06-19T01:00:00Z", "2025-05-20", None, 0),  # later losses are unlisted
        ("2026-06-01T00:00:00Z", "2026-06-08T00:00:00Z", "2025-05-20", None, 0),
    ],
)
def test_losses_of_a_launch_that_no_source_tells_are_unknown(
    first_listed: str | None,
    newest: str | None,
    decay: str | None,
    decayed: int | None,
    unlisted: int | None,
) -> None:
    launched = {"launch_date": "2025-05-01", "is_decayed": 0} | UNKNOWN
    listing = {"first_listed_utc": first_listed, "last_listed_utc": newest}
    with empty_database() as connection:
        launch = {"launch_designator": "2025-001"}
        insert_row(connection, "starlink", norad_cat_id=1, **launch, **launched | listing)
        other = {"launch_designator": "2024-001", "last_listed_utc": newest}
        insert_row(connection, "starlink", norad_cat_id=2, **launched | other)
        catalogue = {"source": "satcat", "is_starlink": 1, "launch_date": "2025-05-01"}
        for number in range(3 if decay else 0):
            entry = {"norad_cat_id": 3 + number, "catalogue_id": f"{number}"}
            entry["observed_utc"] = "2025-06-01T00:00:00Z"
            insert_row(connection, "catalogue_objects", **catalogue, **entry, decay_date=decay)
        apply_views(connection)
        sql = """SELECT decayed, unlisted, in_orbit FROM v_fleet_by_launch
                 WHERE launch_designator = '2025-001'"""
        assert connection.execute(sql).fetchall() == [(decayed, unlisted, 1)]


def test_a_satellite_that_no_list_has_and_no_source_dates_was_launched_by_its_decay() -> None:
    with empty_database() as connection:
        apply_views(connection)
        unknown = dict.fromkeys(("launch_date", "first_listed_utc", "last_listed_utc", "epoch_utc"))
        unknown |= {"unlisted_since_utc": None, "launch_designator": "2020-002"}
        decays = {"2020-03-01": 1, None: 0}
        for number, (day, is_decayed) in enumerate(decays.items(), start=1):
            decay = {"decay_date": day, "decay_precision": "day", "is_decayed": is_decayed}
            insert_row(connection, "starlink", norad_cat_id=number, **unknown, **decay)
        insert_row(connection, "_snapshots", retrieved_utc="2020-06-01T00:00:00Z")
        growth = connection.execute("SELECT day, launched, decayed FROM v_fleet_growth").fetchall()
    assert growth == [("2020-03-01", 1, 1), ("2020-06-01", 2, 1)]


@pytest.mark.parametrize(
    ("decay_date", "until_date"),
    [
        ("2020-01-11", "2020-01-11"),
        ("2019-12-01", "2020-01-10"),  # in error, or of a month or year that began before
        (None, "2020-03-01"),  # known from a catalogue of that day
    ],
)
def test_no_decayed_satellite_counts_in_the_fleet_after_its_decay_or_before_its_launch(
    decay_date: str | None, until_date: str
) -> None:
    with empty_database() as connection:
        decay = {"norad_cat_id": 1, "is_decayed": 1, "decay_date": decay_date}
        decay |= {"decay_precision": "day"}
        listing = {"unlisted_since_utc": None, "launch_date": "2020-01-10"}
        insert_row(connection, "starlink", **decay, **listing)
        observed = {"source": "satcat", "observed_utc": "2020-03-01T00:00:00Z"}
        insert_row(connection, "catalogue_objects", **decay, **observed)
        dates = dict.fromkeys(("observed_utc", "data_utc"), "2020-03-02T00:00:00Z")
        insert_row(connection, "_observations", **dates)
        apply_views(connection)
        sql = "SELECT until_date FROM v_starlink"
        assert connection.execute(sql).fetchall() == [(until_date,)]
        at_least = [n for (n,) in connection.execute("SELECT at_least FROM v_fleet_growth")]
        assert (min(at_least), at_least[-1]) == (0, 0)


LOSSES = {
    "listed on the day before": (
        {"last_listed_utc": "2025-05-31T05:00:00Z", "unlisted_since_utc": "2025-06-01T05:00:00Z"},
        ("2025-05-31", "2025-06-01", 0),
    ),
    "two lists 38 days apart": (
        {"last_listed_utc": "2025-05-01T05:00:00Z", "unlisted_since_utc": "2025-06-08T05:00:00Z"},
        ("2025-05-01", "2025-06-08", 1),
    ),
    "elements newer than the list": (
        {
            "last_listed_utc": "2025-05-01T05:00:00Z",
            "epoch_utc": "2025-06-01T05:00:00.000000Z",
            "unlisted_since_utc": "2025-06-08T05:00:00Z",
        },
        ("2025-06-01", "2025-06-08", 0),
    ),
    "never listed": (
        {"unlisted_since_utc": "2025-06-08T05:00:00Z"},
        ("2025-01-01", "2025-06-08", 1),
    ),
    "decayed on a day": (
        {"decay_date": "2025-05-20", "decay_precision": "day", "is_decayed": 1},
        (None, "2025-05-20", 0),
    ),
    "decayed in a month": (
        {"decay_date": "2025-05-01", "decay_precision": "month", "is_decayed": 1},
        ("2025-04-30", "2025-05-31", 1),
    ),
    "decayed in a quarter": (
        {"decay_date": "2025-04-01", "decay_precision": "quarter", "is_decayed": 1},
        ("2025-03-31", "2025-06-30", 1),
    ),
    "decayed on an uncertain day": (
        {"decay_date": "2025-05-20", "decay_precision": "day", "is_decayed": 1}
        | {"decay_is_uncertain": 1},
        ("2025-05-12", "2025-05-27", 1),
    ),
    "decayed at an uncertain minute": (
        {"decay_date": "2025-05-20", "decay_precision": "minute", "is_decayed": 1}
        | {"decay_is_uncertain": 1},
        (None, "2025-05-20", 0),
    ),
    "decayed in a year, and no longer listed": (
        {
            "decay_date": "2025-01-01",
            "decay_precision": "year",
            "is_decayed": 1,
            "last_listed_utc": "2025-03-01T05:00:00Z",
            "unlisted_since_utc": "2025-03-08T05:00:00Z",
        },
        ("2025-03-01", "2025-03-08", 0),
    ),
    "in orbit": ({"last_listed_utc": "2025-06-08T05:00:00Z"}, (None, None, 0)),
}
"""What is known of a satellite → when it was last known, the last day of its loss, and whether
the days between are many."""
UNKNOWN = dict.fromkeys(
    ("first_listed_utc", "last_listed_utc", "unlisted_since_utc", "epoch_utc", "decay_date")
)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_between_two_dates_has_both(loss: str) -> None:
    known, expected = LOSSES[loss]
    launched = {"norad_cat_id": 1, "launch_date": "2025-01-01", "is_decayed": 0}
    with empty_database() as connection:
        insert_row(connection, "starlink", **launched | UNKNOWN | known)
        apply_views(connection)
        sql = "SELECT last_known_date, until_date, unsure_date FROM v_starlink"
        assert connection.execute(sql).fetchall() == [expected]


def test_the_number_in_orbit_is_unknown_between_lists_that_are_far_apart() -> None:
    """Two of four satellites listed on 1 May are lost: one by 8 May, one between 8 May and June."""
    days = ["2025-05-01", "2025-05-08", "2025-06-08"]
    lost = {2: days[:2], 3: days[1:]}
    with empty_database() as connection:
        for day in days:
            utc = f"{day}T05:00:00Z"
            listed = {"source": "celestrak", "observed_utc": utc, "data_utc": utc}
            insert_row(connection, "_observations", **listed)
        for number in range(1, 5):
            last, since = lost.get(number, (days[-1], None))
            listing = {
                "last_listed_utc": f"{last}T05:00:00Z",
                "unlisted_since_utc": since and f"{since}T05:00:00Z",
            }
            fields = {"norad_cat_id": number, "is_decayed": 0, "launch_date": "2025-01-01"}
            insert_row(connection, "starlink", **fields | UNKNOWN | listing)
        apply_views(connection)
        growth = connection.execute("SELECT * FROM v_fleet_growth").fetchall()
    assert growth == [
        ("2025-01-01", 4, 0, 0, None, 4),  # before the first list
        ("2025-05-01", 4, 0, 0, 4, 4),
        ("2025-05-08", 4, 0, 1, 3, 3),
        ("2025-05-09", 4, 0, 1, None, 2),
        ("2025-06-08", 4, 0, 2, 2, 2),
    ]


def test_every_view_is_tested() -> None:
    assert {sql.split(" FROM ")[1] for sql in RESULTS} == set(VIEWS)


def test_applying_the_views_is_idempotent(connection: sqlite3.Connection) -> None:
    sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY 1"
    before = connection.execute(sql).fetchall()
    apply_views(connection)
    assert connection.execute(sql).fetchall() == before
    assert [name for name, _ in before] == sorted(VIEWS)


@pytest.mark.parametrize("name", VIEWS)
def test_view_has_a_description(name: str) -> None:
    assert name.startswith("v_")
    assert describe(name)[0].isupper()
    assert not describe(name).endswith(".")


@pytest.mark.parametrize(
    ("attempt", "next_flight", "landing"),
    [(0, None, "lost"), (None, None, "unknown"), (0, "2020-03-01", "unknown")],
)
def test_a_failed_launch_loses_no_booster_that_flies_again_or_is_not_known(
    attempt: int | None, next_flight: str | None, landing: str
) -> None:
    with empty_database() as connection:
        flights = {"failed": "2020-02-01", **({"next": next_flight} if next_flight else {})}
        for name, date in flights.items():
            failed = {"launch_class": "orbital", "success": int(name != "failed")}
            when = {"date_utc": f"{date}T00:00:00Z", "is_upcoming": 0}
            insert_row(connection, "launches", launch_id=name, name=name, **failed, **when)
            booster = {"core_index": 1, "core_id": "B", "landing_success": None}
            booster |= {"landing_attempt": attempt}
            insert_row(connection, "launch_cores", launch_id=name, **booster)
        apply_views(connection)
        sql = "SELECT landing FROM v_landings WHERE launch = 'failed'"
        assert connection.execute(sql).fetchall() == [(landing,)]


def test_only_views_that_differ_are_replaced() -> None:
    with empty_database() as connection:
        apply_views(connection)
        (before,) = connection.execute("PRAGMA schema_version").fetchone()
        declared = connection.execute("SELECT name, sql FROM sqlite_master").fetchall()
        apply_views(connection)
        assert connection.execute("PRAGMA schema_version").fetchone() == (before,)
        connection.execute("DROP VIEW v_sources")
        connection.execute("CREATE VIEW v_sources AS SELECT 1 AS other")
        connection.execute("DROP VIEW v_changes")
        apply_views(connection)
        found = connection.execute("SELECT name, sql FROM sqlite_master").fetchall()
        assert sorted(found, key=str) == sorted(declared, key=str)


def test_a_launch_of_a_simulated_designator_is_called_so() -> None:
    """No true launch of a year has a number of 901 or more."""
    with empty_database() as connection:
        for number, designator in enumerate(("2025-901", "2025-900", None), 1):
            insert_row(connection, "starlink", norad_cat_id=number, launch_designator=designator)
        apply_views(connection)
        found = connection.execute("SELECT launch FROM v_starlink ORDER BY norad_cat_id").fetchall()
        grouped = connection.execute("SELECT launch FROM v_fleet_by_launch").fetchall()
    assert found == [("simulated launch 901",), (None,), (None,)]
    assert ("simulated launch 901",) in grouped


@pytest.mark.parametrize("name", [*VIEWS, "launches"])
def test_tables_of_a_view_are_those_that_sqlite_reads(name: str) -> None:
    """SQLite leaves out tables of another view of which a view needs no column."""
    read = set()

    def note(action: int, table: str | None, *_: object) -> int:
        if action == sqlite3.SQLITE_READ:
            read.add(table)
        return sqlite3.SQLITE_OK

    with empty_database() as connection:
        apply_views(connection)
        connection.set_authorizer(note)
        connection.execute(f"EXPLAIN SELECT * FROM {name}")  # noqa: S608
        connection.set_authorizer(None)
    found, needed = tables_of(name), sorted(read & TABLES.keys())
    assert set(needed) <= set(found)
    if any(name in figure.tables for figure in FIGURES):
        assert found == needed
