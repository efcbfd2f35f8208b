"""Time of a run and of queries at the start and the end of a hundred-day history.

The GP lists are simulated: the sample's fleet of 10,800 satellites, moved on day by day. Each day
20 satellites are added and 10 removed.
"""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np

import spacex
from benchmarks.measurement import Measurement, best_s
from spacex.analysis import history, queries, raising
from spacex.analysis.key_figures import key_figures
from spacex.extract.fetch_context import extracted
from spacex.extract.http_client import Response
from spacex.extract.run_folder import Manifest, Run
from spacex.extract.snapshots import SnapshotStore
from spacex.orbits.elements import raan_rate_deg_per_day
from spacex.schema.ddl import create_indexes
from spacex.schema.starlink import STARLINK_ELEMENTS
from spacex.settings import Settings
from spacex.sources import CELESTRAK
from spacex.sources.sample import current_history
from spacex.sources.sample.simulated_fleet import simulated_fleet
from spacex.transform import transform_run
from spacex.transform.merge import merge_sources
from spacex.warehouse.load import load
from spacex.warehouse.staging import stage

SATELLITES, DAYS, ADDED, REMOVED = 10_800, 100, 20, 10
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
PROFILE = "profile of a launch"
"""The only query whose result has a row for each day."""
_ENDS = 10
"""Number of days compared at the beginning and at the end."""


def measure() -> Iterator[Measurement]:
    """Measure a day, the queries and the file size, at the beginning and at the end."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder))  # type: ignore[call-arg]
        gp_lists = SimulatedGpLists(SATELLITES)
        day_s, queries_s = [], {}
        for day in range(DAYS):
            day_s.append(load_day(settings, gp_lists, day))
            if day in {_ENDS - 1, DAYS - 1}:
                queries_s[day] = {n: best_s(f, 3) for n, f in _queries(settings, day).items()}
        size_mb = settings.database.stat().st_size / 2**20
        one_s = _history_s(settings.database)
    yield from _measurements(day_s, queries_s, size_mb)
    yield Measurement(f"history of one satellite, {4 * DAYS} lists", 1e3 * one_s, "ms", "< 60")


class SimulatedGpLists:
    """Simulated GP lists in the format of CelesTrak."""

    def __init__(self, satellites: int) -> None:
        self._fleet = simulated_fleet(current_history(), satellites + ADDED * (DAYS + 9), 1)
        self._size = satellites
        e = self._fleet.elements
        self._drift = raan_rate_deg_per_day(e.semi_major_axis_km, e.eccentricity, e.inclination_deg)

    def body(self, day: int) -> bytes:
        """Return the response of a day."""
        chosen = np.arange(day * REMOVED, self._size + day * ADDED)
        e, rng = self._fleet.elements.select(chosen), np.random.default_rng(day)
        when = np.datetime64(START.replace(tzinfo=None), "us") + np.timedelta64(day, "D")
        epoch = when - rng.integers(86_400_000_000, size=len(chosen)).astype("timedelta64[us]")
        columns = {
            "EPOCH": epoch.astype(str),
            "MEAN_MOTION": e.mean_motion_rev_per_day.clip(14.5) + rng.normal(0, 1e-5, len(chosen)),
            "ECCENTRICITY": e.eccentricity,
            "INCLINATION": e.inclination_deg,
            "RA_OF_ASC_NODE": ((e.raan_deg + self._drift[chosen] * day) % 360).round(4) % 360,
            "ARG_OF_PERICENTER": e.arg_of_pericenter_deg,
            "MEAN_ANOMALY": rng.uniform(0, 359.99, len(chosen)).round(4),
            "NORAD_CAT_ID": 100_000 + chosen,
            "BSTAR": e.bstar,
            "MEAN_MOTION_DOT": e.mean_motion_dot,
        }
        rows = zip(*(values.tolist() for values in columns.values()), strict=True)
        records = [dict(zip(columns, row, strict=True)) | _REST for row in rows]
        for number, record in zip(chosen.tolist(), records, strict=True):
            record["OBJECT_NAME"] = f"STARLINK-{number}"
            record["OBJECT_ID"] = f"{2019 + number // 2000}-{number // 25 % 80 + 1:03d}A"
        return msgspec.json.encode(records)


_REST = {"EPHEMERIS_TYPE": 0, "ELEMENT_SET_NO": 999, "REV_AT_EPOCH": 1, "MEAN_MOTION_DDOT": 0}


def load_day(settings: Settings, gp_lists: SimulatedGpLists, day: int) -> tuple[float, float]:
    """Return the seconds to build the tables of a day, and to load them."""
    store, run = SnapshotStore(settings.raw_dir), Run(settings.runs_dir, f"day-{day}")
    response = Response("bench", 200, gp_lists.body(day), None, "", START + timedelta(days=day))
    endpoint = CELESTRAK.endpoints["starlink"]
    snapshot = store.save(CELESTRAK, endpoint.name, response, SATELLITES)
    manifest = Manifest(
        run_id=run.run_id,
        source=CELESTRAK.name,
        mode="snapshot",
        is_simulated=False,
        note="",
        extracted=(extracted(snapshot, "stored"),),
    )
    run.write_manifest(manifest)
    started = time.perf_counter()
    stage(run.staging, manifest, merge_sources(transform_run(manifest, store)))
    staged = time.perf_counter()
    load(run, settings)
    ended = time.perf_counter()
    run.staging.unlink()
    return staged - started, ended - staged


def _queries(settings: Settings, day: int) -> dict[str, Callable[[], object]]:
    """Return the queries of the fleet pages."""
    database, today = settings.database, f"{START + timedelta(days=day):%Y-%m-%d}"
    return {
        "the fleet today": lambda: queries.view(database, "v_starlink"),
        "the fleet on a date": lambda: history.fleet_on(database, today),
        "changes since the last list": lambda: history.change_counts(database),
        "fleet by shell": lambda: queries.view(database, "v_fleet_by_shell"),
        "key figures": lambda: key_figures(database),
        PROFILE: lambda: raising.profile(database, "2019-001"),
    }


def _history_s(database: Path) -> float:
    """Return the seconds to read the history of one satellite after the database grew fourfold."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"DROP INDEX {STARLINK_ELEMENTS.name}_index")
        rest = ", ".join(STARLINK_ELEMENTS.column_names[1:])
        for years in (4, 8, 12):
            connection.execute(
                f"""INSERT INTO starlink_elements
                    SELECT (substr(epoch_utc, 1, 4) + ?) || substr(epoch_utc, 5), {rest}
                    FROM starlink_elements WHERE epoch_utc < ?""",
                (years, f"{START.year + 1}"),
            )
        for statement in create_indexes():
            connection.execute(statement)
        connection.commit()
    satellite = spacex.open(database).satellite(100_000 + SATELLITES // 2)
    return best_s(satellite.history)


def _measurements(
    day_s: list[tuple[float, float]], queries_s: dict[int, dict[str, float]], size_mb: float
) -> Iterator[Measurement]:
    first = [statistics.median(day[part] for day in day_s[:_ENDS]) for part in (0, 1)]
    last = [statistics.median(day[part] for day in day_s[-_ENDS:]) for part in (0, 1)]
    yield Measurement(f"{SATELLITES:,} satellites, first {_ENDS} days: tables", first[0], "s")
    yield Measurement(f"first {_ENDS} days: load", first[1], "s")
    yield Measurement(f"last {_ENDS} of {DAYS} days: tables", last[0], "s")
    yield Measurement(f"last {_ENDS} of {DAYS} days: load", last[1], "s")
    yield Measurement("a day, last over first", sum(last) / sum(first), "ratio", "< 1.5")
    yield Measurement("its load alone, last over first", last[1] / first[1], "ratio", "< 1.5")
    yield Measurement("database at the end", size_mb, "MB")
    early, late = queries_s[_ENDS - 1], queries_s[DAYS - 1]
    for name, seconds in late.items():
        yield Measurement(f"{name}, at the end", 1e3 * seconds, "ms")
        aim = "" if name == PROFILE else "< 1.5"
        yield Measurement(f"{name}, end over day {_ENDS}", seconds / early[name], "ratio", aim)
