"""The archive of element sets beside SQLite alone, of generated sets of 10,800 satellites.

    make bench ARGS="history_archive --sets 100000000"

The history has three sets a satellite and day in the archive, and one in the hot window of 90 days.
Each state is measured in a process of its own: loads of the days after it, and questions.
"""

import json
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from benchmarks.history import SATELLITES, START, SimulatedGpLists, load_day
from benchmarks.measurement import Measurement, best_s
from spacex.analysis import history
from spacex.cli.doctor import stored_data
from spacex.pipeline.history_import import import_history
from spacex.schema.ddl import create_indexes
from spacex.schema.starlink import STARLINK_ELEMENTS
from spacex.settings import Settings
from spacex.sources.omm import ELEMENT_COLUMNS
from spacex.units import EARTH_MU_KM3_S2, EARTH_RADIUS_KM
from spacex.warehouse.archive.engine import engine, reader
from spacex.warehouse.archive.files import name_files, named_files, parquet, write_files, writer
from spacex.warehouse.connection import reading
from spacex.warehouse.publish import publishing

SETS = 1_000_000
PER_DAY, HOT_DAYS, NO_ARCHIVE = 3, 90, 100_000
IN_SQLITE = (1_000_000, 10_000_000)
IMPORTED = 4_000_000
"""About a year of gp_history."""
_ONE = 100_000 + SATELLITES // 2
_PAGE = ("epoch_utc", "perigee_altitude_km", "apogee_altitude_km", "inclination_deg")
_AIMS = {
    "bytes a set": "≤ 45",
    "load of a further day": "≤ 5",
    "its peak memory": "≤ 1,000",
    "the fleet on a date": "< 1",
    "one satellite, all columns": "< 0.2",
    "one satellite, those of its page": "< 0.2",
    "daily median altitude by shell": "< 60",
    "doctor's checks of the data": "< 10",
}
_DIGITS = {
    "mean_motion_rev_per_day": "round(15.06 + 0.03 * ((n * 7919) % 10) "
    "+ (random() - 0.5) / 5000, 8)",
    "eccentricity": "round(0.0001 + random() / 10000, 7)",
    "inclination_deg": "round(CASE n % 3 WHEN 0 THEN 53.05 WHEN 1 THEN 43 ELSE 70 END "
    "+ random() / 500, 4)",
    "raan_deg": "round((n * 137.5 + 4.5 * d + random() / 100) % 360, 4)",
    "arg_of_pericenter_deg": "round(85 + 10 * random(), 4)",
    "mean_anomaly_deg": "round(360 * random(), 4)",
    "bstar": "round(0.0008 * (random() - 0.25), 8)",
    "mean_motion_dot": "round(0.0001 * (random() - 0.5), 8)",
    "mean_motion_ddot": "0::DOUBLE",
    "rev_at_epoch": "(15 * d + n) % 100000",
    "element_set_no": "999::BIGINT",
}
"""Column → what generates it, with as many digits as lists have, for satellite `n` on day `d`."""


def measure(sets: int = SETS) -> Iterator[Measurement]:
    """Measure the archive after ten days and at its full size, and SQLite alone."""
    few = 10 * SATELLITES * PER_DAY
    states = {"SQLite alone": IN_SQLITE, "archive": (few, sets)}
    loads = {}
    for kind, sizes in states.items():
        for size in (each for each in sizes if each <= max(sets, few)):
            command = [sys.executable, "-m", "benchmarks.history_archive", kind, f"{size}"]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            for name, (value, unit) in json.loads(done.stdout.splitlines()[-1]).items():
                aim = _AIMS.get(name, "") if kind == "archive" else ""
                yield Measurement(f"{kind}, {size:,} sets: {name}", value, unit, aim)
                if name == "load of a further day":
                    loads[kind, size] = value
    imported = min(sets, IMPORTED)
    command = [sys.executable, "-m", "benchmarks.history_archive", "import", f"{imported}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    for name, (value, unit) in json.loads(done.stdout.splitlines()[-1]).items():
        aim = "≥ 100,000" if unit == "sets/s" else ""
        yield Measurement(f"import of {imported:,} sets: {name}", value, unit, aim)
    ratio = loads["archive", sets] / loads["archive", few]
    yield Measurement(f"a further day after {sets:,} sets over {few:,}", ratio, "ratio", "≤ 1.2")


def run(kind: str, sets: int) -> dict[str, tuple[float, str]]:
    """Build a state, load three further days, and ask.

    Returns:
        Name of each measurement → value and unit.
    """
    with tempfile.TemporaryDirectory() as folder:
        hot_days = HOT_DAYS if kind == "archive" else NO_ARCHIVE
        settings = Settings(_env_file=None, data_dir=Path(folder), hot_days=hot_days)  # type: ignore[call-arg]
        gp_lists = SimulatedGpLists(SATELLITES)
        load_day(settings, gp_lists, 0)
        _build(settings.database, sets, has_archive=kind == "archive")
        found = _asked(settings)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        days = [load_day(settings, gp_lists, day)[1] for day in (1, 2, 3)]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        found["load of a further day"] = statistics.median(days), "s"
        if peak > before:
            found["its peak memory"] = peak / 1024, "MB"
        else:
            found["peak memory of all"] = peak / 1024, "MB"
    return found


def run_import(sets: int) -> dict[str, tuple[float, str]]:
    """Import a year of generated gp_history, a file of JSON for each 30 days.

    Returns:
        Name of each measurement → value and unit.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder))  # type: ignore[call-arg]
        load_day(settings, SimulatedGpLists(SATELLITES), 0)
        files = Path(folder, "gp_history")
        files.mkdir()
        fields = {"NORAD_CAT_ID": "norad_cat_id"} | {
            field: column for column, field in ELEMENT_COLUMNS.items()
        }
        chosen = ", ".join(f"{sql}::VARCHAR AS {name}" for name, sql in fields.items())
        with engine(Path(folder)) as duck:
            for day in range(HOT_DAYS, HOT_DAYS + sets // SATELLITES // PER_DAY, 30):
                days = min(30, HOT_DAYS + sets // SATELLITES // PER_DAY - day)
                duck.execute(
                    f"""COPY (SELECT {chosen}, 'STARLINK' AS OBJECT_NAME, '0' AS EPHEMERIS_TYPE,
                                     strftime(epoch_utc + INTERVAL 1 HOUR, '%Y-%m-%dT%H:%M:%S')
                                         AS CREATION_DATE, (random() * 1e9)::BIGINT AS GP_ID
                              FROM ({_generated(day, days)}))
                        TO '{files}/{day:05}.json' (FORMAT json, ARRAY true)"""
                )
        started = time.perf_counter()
        found = import_history(settings, [files])
        seconds = time.perf_counter() - started
    if found.added != found.records:
        raise RuntimeError(f"Not all sets were imported: {found}")
    return {
        "sets": (found.records, ""),
        "speed": (found.records / seconds, "sets/s"),
        "peak memory": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB"),
    }


def _build(database: Path, sets: int, *, has_archive: bool) -> None:
    """Add sets of the days before the first list: of the hot window to SQLite, others to files."""
    hot = HOT_DAYS - 1 if has_archive else sets // SATELLITES
    with publishing(database, lock_timeout_s=0) as connection:
        connection.execute("BEGIN")
        connection.execute(f"DROP INDEX {STARLINK_ELEMENTS.name}_index")
        rest = ", ".join(STARLINK_ELEMENTS.column_names[4:])
        connection.execute("CREATE TEMP TABLE base AS SELECT * FROM starlink_elements")
        for day in range(hot, 0, -1):
            epoch, observed = (
                f"date(substr({name}, 1, 10), '-{day} days') || substr({name}, 11)"
                for name in ("epoch_utc", "observed_utc")
            )
            connection.execute(
                f"""INSERT INTO main.starlink_elements
                    SELECT {epoch}, norad_cat_id, source, {observed}, {rest} FROM temp.base"""
            )
        for statement in create_indexes():
            connection.execute(statement)
        for day in range(30, hot + (sets // SATELLITES // PER_DAY if has_archive else 1), 30):
            _observe(connection, day)
        if has_archive:
            with writer(connection, database, "bench") as to:
                for day, days in _months(sets // SATELLITES // PER_DAY):
                    to.duck.execute(f"CREATE OR REPLACE TABLE month AS {_generated(day, days)}")
                    name_files(connection, write_files(to, "SELECT * FROM month"))
        connection.execute("COMMIT")


def _months(days: int) -> Iterator[tuple[int, int]]:
    """Yield the months of the archive: days from their end to the first list, and their length."""
    first_list = START.date()
    end = first_list - timedelta(days=HOT_DAYS)
    while days > 0:
        last = end - timedelta(days=1)
        length = min(last.day, days)
        yield (first_list - end).days, length
        end, days = end - timedelta(days=length), days - length


def _observe(connection: sqlite3.Connection, day: int) -> None:
    """Add a GP list of a number of days before the first one."""
    shifted = ", ".join(
        f"date(substr({name}, 1, 10), '-{day} days') || substr({name}, 11)"
        if name.endswith("_utc")
        else name
        for name in (
            *("source", "observed_utc", "run_id", "satellite_count", "oldest_epoch_utc"),
            *("newest_epoch_utc", "data_utc", "retrieved_utc", "max_norad_cat_id", "listed"),
        )
    )
    connection.execute(
        f"""INSERT INTO main._observations SELECT {shifted} FROM main._observations
            ORDER BY observed_utc DESC LIMIT 1"""
    )


def _generated(day: int, days: int) -> str:
    """Return a SELECT of the sets of some days, from a number of days before the first list on."""
    first = START.replace(hour=0, tzinfo=None) - timedelta(days=day + days)
    step = 24 / PER_DAY
    columns = {
        "epoch_utc": f"TIMESTAMP '{first}' + to_microseconds((3600e6 * ({step} * k + "
        f"{step} * random()))::BIGINT)",
        "norad_cat_id": "100000 + n",
        "source": "'celestrak'",
        "observed_utc": f"TIMESTAMP '{first}' + to_days((d + 1)::INTEGER)",
        "creation_utc": "NULL::TIMESTAMP",
        **_DIGITS,
        "gp_id": "NULL::BIGINT",
    }
    columns |= {
        name: "NULL::DOUBLE" for name in STARLINK_ELEMENTS.column_names if "published" in name
    }
    chosen = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    return f"""SELECT {chosen} FROM (
                   SELECT n, k, k // {PER_DAY} AS d
                   FROM range({SATELLITES}) a(n), range({PER_DAY * days}) b(k))"""


def _asked(settings: Settings) -> dict[str, tuple[float, str]]:
    """Return the seconds that questions take, and the size."""
    database = settings.database
    with reading(database) as connection:
        (hot,) = connection.execute("SELECT count(*) FROM starlink_elements").fetchone()
        files = named_files(connection)
    size = sum((database.parent / each.path).stat().st_size for each in files)
    found: dict[str, tuple[float, str]] = {"database": (database.stat().st_size / 2**20, "MB")}
    if files:
        found["bytes a set"] = size / sum(each.row_count for each in files), "B"
        found["files"] = len(files), ""
    else:
        found["bytes a set"] = database.stat().st_size / hot, "B"
    on = f"{START - timedelta(days=30 if not files else 90):%Y-%m-%d}"
    questions: dict[str, Callable[[], object]] = {
        "the fleet on a date": lambda: history.fleet_on(database, on),
        "one satellite, all columns": lambda: history.elements(database, satellites=[_ONE]),
        "one satellite, those of its page": lambda: history.elements(
            database, satellites=[_ONE], columns=_PAGE
        ),
        "doctor's checks of the data": lambda: [*stored_data.files(settings)],
    }
    for name, ask in questions.items():
        started = time.perf_counter()
        ask()
        found[f"{name}, the first time"] = time.perf_counter() - started, "s"
        found[name] = best_s(ask, 3), "s"
        print(name, found[name], file=sys.stderr, flush=True)
    if files:
        found["daily median altitude by shell"] = best_s(lambda: _medians(database), 1), "s"
    return found


def _medians(database: Path) -> list[tuple[object, ...]]:
    """Return the median altitude of each day and shell, month by month, which bounds the memory."""
    with reading(database) as connection:
        files = named_files(connection)
    found = list[tuple[object, ...]]()
    for _, of_month in groupby(files, key=lambda each: each.month):
        sql = f"""SELECT epoch_utc::DATE AS day, round(inclination_deg) AS shell,
                         median(({EARTH_MU_KM3_S2!r}
                                 / (mean_motion_rev_per_day * 2 * pi() / 86400) ** 2)
                                ** (1 / 3.0)) - {EARTH_RADIUS_KM!r} AS altitude_km
                  FROM {parquet(database, of_month)} GROUP BY ALL"""
        with reader() as duck:
            found += duck.execute(sql).fetchall()
    return found


if __name__ == "__main__":
    what, size = sys.argv[1], int(sys.argv[2])
    print(json.dumps(run_import(size) if what == "import" else run(what, size)))
