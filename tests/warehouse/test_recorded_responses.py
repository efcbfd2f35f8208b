"""The pipeline on the recorded responses, compared with known results.

The expected numbers were counted in the recorded responses by hand and with other tools.
"""

from pathlib import Path

import pytest

from spacex.schema import CONTENT_TABLES
from spacex.settings import Settings
from spacex.sources import SPACEXDATA
from tests.stages import rows, value


@pytest.fixture
def database(recorded_settings: Settings) -> Path:
    return recorded_settings.database


COUNTS = {
    "catalogue_objects": 1791,
    "cores": 73,
    "landpads": 7,
    "launch_cores": 215,
    "launch_failures": 5,
    "launch_payloads": 222,
    "launch_sources": 205,
    "launches": 205,
    "launchpads": 6,
    "payload_norad_ids": 906,
    "payload_parties": 667,
    "payloads": 225,
    "rocket_engines": 4,
    "rocket_payload_weights": 11,
    "rocket_stages": 8,
    "rockets": 4,
    "starlink": 1791,
    "starlink_elements": 1791,
    "starlink_shells": 2,
}
"""Table → rows."""


def test_every_row_is_loaded(database: Path) -> None:
    loaded = rows(database, "SELECT table_name, rows_in, rows_loaded, rows_rejected FROM _counts")
    assert sorted(loaded) == [(name, count, count, 0) for name, count in COUNTS.items()]
    assert value(database, "SELECT count(*) FROM _rejects") == 0
    others = {"space_weather", "forecasts", "history_files"}
    of_service = {table.name for table in CONTENT_TABLES} - others
    assert of_service == COUNTS.keys()
    for name, count in COUNTS.items():
        assert value(database, f"SELECT count(*) FROM {name}") == count  # noqa: S608


KNOWN = {
    "SELECT outcome, count(*) FROM v_launches GROUP BY 1 ORDER BY 1": [
        ("failure", 5),
        ("overdue", 18),
        ("success", 181),
        ("unknown", 1),
    ],
    """SELECT launch_class, sum(launches) FROM v_launches_by_year WHERE outcome <> 'overdue'
       GROUP BY 1""": [("orbital", 185), ("pad loss", 1), ("suborbital", 1)],
    "SELECT min(year), max(year) FROM v_launches": [(2006, 2022)],
    "SELECT name FROM v_launches WHERE outcome = 'unknown'": [("Starlink 3-1 (v1.5)",)],
    "SELECT count(*), count(rocket), count(launchpad) FROM v_launches": [(205, 205, 205)],
    """SELECT sum(landing_attempt), sum(landing_success), sum(is_reused), max(flight)
       FROM v_landings""": [(162, 149, 119, 14)],
    # Three Falcon 1, CRS-7 and Amos-6 were lost with the launch.
    "SELECT landing, count(*) FROM v_landings GROUP BY 1": [
        ("expended", 26),
        ("landed", 149),
        ("lost", 5),
        ("missed", 13),
    ],
    "SELECT launch FROM v_landings WHERE landing = 'lost' AND year >= 2010": [
        ("CRS-7",),
        ("Amos-6",),
    ],
    "SELECT sum(attempts), sum(landings) FROM v_landings_by_year": [(162, 149)],
    # payloads.launch_id gives Starlink 4-27 the payloads of Starlink 4-36 and TTL-1, too.
    """SELECT name, payload_mass_kg, payloads_of_unknown_mass FROM v_launches
       WHERE name IN ('Starlink 4-27 (v1.5)', 'Starlink 4-36 (v1.5)', 'TTL-1')
       ORDER BY name""": [
        ("Starlink 4-27 (v1.5)", 13260, 0),
        ("Starlink 4-36 (v1.5)", 13260, 0),
        ("TTL-1", None, 1),
    ],
    "SELECT round(sum(payload_mass_kg) / 1000, 2) FROM v_launches WHERE is_flown": [(1285.83,)],
    "SELECT count(*), count(*) - count(mass_kg), sum(mass_kg) FROM payloads": [
        (225, 29, pytest.approx(1_330_837, abs=0.5))
    ],
    "SELECT version, sum(satellites) FROM v_fleet_by_status GROUP BY 1 ORDER BY 1": [
        ("prototype", 2),
        ("v0.9", 60),
        ("v1.0", 1729),
    ],
    "SELECT catalogue_status, sum(satellites) FROM v_fleet_by_status GROUP BY 1": [
        ("decayed", 118),
        ("in orbit", 1673),
    ],
    "SELECT sum(catalogued), sum(decayed), sum(in_orbit) FROM v_fleet_by_launch": [
        (1791, 118, 1673)
    ],
    "SELECT sum(satellites) FROM v_fleet_by_shell": [(1673,)],
    "SELECT launched, decayed, in_orbit FROM v_fleet_growth ORDER BY day DESC LIMIT 1": [
        (1791, 118, 1673)
    ],
    "SELECT flight_number, count(*) FROM launches GROUP BY 1 HAVING count(*) > 1": [
        (188, 4),
        (198, 2),
    ],
    # Launches with three boosters.
    "SELECT count(*) FROM (SELECT 1 FROM launch_cores GROUP BY launch_id HAVING count(*) = 3)": [
        (5,)
    ],
    # Boosters that are missing from cores.
    """SELECT sum(core_id IS NULL), sum(core_id IS NOT NULL), count(DISTINCT core_id)
       FROM launch_cores
       WHERE core_id IS NULL OR core_id NOT IN (SELECT core_id FROM cores)""": [(19, 11, 5)],
    # The fire on the launchpad.
    """SELECT l.date_utc, f.time_s FROM launch_failures f JOIN launches l USING (launch_id)
       WHERE l.name = 'Amos-6'""": [("2016-09-01T13:07:00Z", -165180)],
    # Only satellites that have not decayed have a position.
    """SELECT is_decayed, count(*), count(height_km), count(latitude_deg),
              count(longitude_deg), count(velocity_km_s)
       FROM starlink GROUP BY 1""": [(0, 1673, 1673, 1673, 1673, 1673), (1, 118, 0, 0, 0, 0)],
    # Derived orbits match the published ones.
    """SELECT count(*),
              max(abs(semi_major_axis_km - published_semi_major_axis_km)) < 0.01,
              max(abs(perigee_altitude_km - published_perigee_altitude_km)) < 0.01,
              max(abs(apogee_altitude_km - published_apogee_altitude_km)) < 0.01,
              max(abs(period_min - published_period_min)) < 0.001
       FROM starlink_elements""": [(1791, 1, 1, 1, 1)],
    "SELECT count(*), count(semi_major_axis_km), count(launch) FROM v_starlink": [
        (1791, 1791, 1791)
    ],
}


@pytest.mark.parametrize("sql", KNOWN)
def test_known_results(database: Path, sql: str) -> None:
    assert rows(database, sql) == KNOWN[sql]


ANOMALIES = {
    "booster unknown": ("info", 19, "TTL-1"),
    "duplicate flight numbers": ("info", 2, "188, 198"),
    "lost before liftoff": ("info", 1, "Amos-6"),
    "mass unknown": ("info", 29, "DemoSAT"),
    "drag not positive": ("info", 315, "44723"),
    "flight counted twice": ("warning", 1, "B1063 flight 2: DART, Starlink-28 (v1.0)"),
    "no fairings": ("info", 36, "COTS 1"),
    "no position": ("info", 118, "TINTIN A"),
    "orphans launch_cores.core_id": ("warning", 11, "61fae5947aa67176fe3e0e1e"),
    "orphans payloads.launch_id": ("warning", 4, "6161c7d26db1a92bfba85346"),
    "outcome unknown": ("warning", 1, "Starlink 3-1 (v1.5)"),
    "suborbital launches": ("info", 1, "Crew Dragon In Flight Abort Test"),
    "three boosters": ("info", 5, "ArabSat 6A"),
    "upcoming in the past": ("info", 18, "USSF-44"),
}


def test_every_anomaly_is_found(database: Path) -> None:
    found = {
        name: (severity, count, examples)
        for name, severity, count, examples in rows(
            database, "SELECT check_name, severity, finding_count, examples FROM _findings"
        )
    }
    assert {name: (severity, count) for name, (severity, count, _) in found.items()} == {
        name: (severity, count) for name, (severity, count, _) in ANOMALIES.items()
    }
    assert all(ANOMALIES[name][2] in examples for name, (_, _, examples) in found.items())


def test_run_and_snapshots_are_recorded(database: Path) -> None:
    (run,) = rows(
        database, "SELECT run_id, source, mode, is_simulated, row_count, reject_count FROM _runs"
    )
    total = value(database, "SELECT sum(rows_loaded) FROM _counts")
    assert run == ("recorded", "spacexdata", "api", 0, total, 0)
    snapshots = rows(database, "SELECT endpoint, origin, record_count FROM _snapshots ORDER BY 1")
    assert snapshots == [(name, "fetched", COUNTS[name]) for name in sorted(SPACEXDATA.endpoints)]
