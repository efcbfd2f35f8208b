"""A run beside the leanest flow of the same lists, and where its time goes.

Both are whole processes, in turn, from the same local HTTP server.
"""

import ctypes
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import NamedTuple

import nbformat
import psutil

from benchmarks.measurement import Measurement, best_s
from spacex.sources.sample import write_sample
from tests.conftest import prefect_server
from tests.replica import Replica

STEPS = ("10_extract", "20_transform", "30_load", "40_report")
TIMES = 5
SATELLITES = 3_500
"""About as many as the last answer of the r/SpaceX API had."""


_SET_CHILD_SUBREAPER = 36  # of Linux, in `sys/prctl.h`


class Cost(NamedTuple):
    """What a process took, with all its child processes."""

    wall_s: float
    cpu_s: float


def measure() -> Iterator[Measurement]:
    """Measure runs beside the lean flow, the notebooks of the last run, and loading."""
    _adopt_orphans()
    with tempfile.TemporaryDirectory() as name, Replica(Path(name) / "lists") as replica:
        folder = Path(name)
        write_sample(folder / "lists", SATELLITES)
        with prefect_server(folder / "server") as api:
            found = _pairs(folder, replica.url, {"PREFECT_API_URL": api})
            yield from _compared("server up", found, wall="< 1", cpu="< 1")
            yield from _stages(folder / "data", median(ours.wall_s for ours, _ in found))
        first, _ = _pair(folder, replica.url, {})
        yield Measurement("first run, temporary server", first.wall_s, "s", "< 14")
        found = _pairs(folder, replica.url, {})
        yield from _compared("temporary server", found, wall="< 0.6")
        yield from _load(folder / "data" / "starlink.db")
    yield Measurement("load of the machine", os.getloadavg()[0], "processes")


def _compared(
    server: str, pairs: list[tuple[Cost, Cost]], wall: str = "", cpu: str = ""
) -> Iterator[Measurement]:
    """Yield medians of runs and of the lean flow, and their ratios."""
    ours, lean = (list(side) for side in zip(*pairs, strict=True))
    for what, aim in (("wall", wall), ("cpu", cpu)):
        own_s = median(getattr(each, f"{what}_s") for each in ours)
        lean_s = median(getattr(each, f"{what}_s") for each in lean)
        yield Measurement(f"run, {server}: {what}", own_s, "s")
        yield Measurement(f"lean flow, {server}: {what}", lean_s, "s")
        yield Measurement(f"ratio, {server}: {what}", own_s / lean_s, "ratio", aim)


def _pairs(folder: Path, url: str, server: Mapping[str, str]) -> list[tuple[Cost, Cost]]:
    """Measure both flows several times in turn, after a first time that is not counted."""
    return [_pair(folder, url, server) for _ in range(TIMES + 1)][1:]


def _pair(folder: Path, url: str, server: Mapping[str, str]) -> tuple[Cost, Cost]:
    """Measure a run and the lean flow, each with a folder of its own for Prefect."""
    own = {
        "SPACEX_DATA_DIR": str(folder / "data"),
        "SPACEX_SOURCES": "spacexdata",
        "PREFECT_TASKS_REFRESH_CACHE": "true",  # no run reuses tables
    }
    run = ("-m", "spacex", "run", "--source", "api", "--base-url", url)
    lean = ("-m", "benchmarks.lean_flow", url, str(folder / "lean.db"))
    home = {"PREFECT_HOME": str(folder / "lean"), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    return _cost(run, {**own, **server}), _cost(lean, {**home, **server})


def _cost(command: tuple[str, ...], environment: Mapping[str, str]) -> Cost:
    """Run Python with a command line to its end."""
    others = set(psutil.Process().children())
    before, started = os.times(), time.perf_counter()
    subprocess.run(
        [sys.executable, *command],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    wall_s = time.perf_counter() - started
    for orphan in set(psutil.Process().children()) - others:
        os.waitpid(orphan.pid, 0)
    after = os.times()
    return Cost(wall_s, sum(after[2:4]) - sum(before[2:4]))


def _adopt_orphans() -> None:
    """Become the parent of processes that outlive theirs, so that their CPU time counts."""
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1)


def _stages(data: Path, whole_s: float) -> Iterator[Measurement]:
    """Yield the time of each notebook's cells in the newest run, and the rest of a whole run."""
    newest = max((data / "runs").glob("*/40_report.ipynb"), key=lambda path: path.stat().st_mtime)
    own_s = {step: _own_s(newest.with_name(f"{step}.ipynb")) for step in STEPS}
    for step, seconds in own_s.items():
        yield Measurement(f"{step}: its cells", seconds, "s")
    yield Measurement("imports, Prefect, kernels, pages", whole_s - sum(own_s.values()), "s")


def _own_s(notebook: Path) -> float:
    """Return the run time of a notebook's cells, as recorded by papermill, s."""
    cells = nbformat.read(notebook, as_version=4).cells
    durations = (cell.metadata.get("papermill", {}).get("duration") for cell in cells)
    return sum(duration or 0.0 for duration in durations)


def _load(database: Path) -> Iterator[Measurement]:
    """Measure rows per second into `starlink_elements`, by the load and by `executemany`."""
    from spacex.analysis import queries  # noqa: PLC0415 - after the environment
    from spacex.schema import TABLES  # noqa: PLC0415
    from spacex.schema.constraints import DTYPES  # noqa: PLC0415
    from spacex.schema.ddl import create_table  # noqa: PLC0415
    from spacex.warehouse.insert import insert_frame  # noqa: PLC0415

    table = TABLES["starlink_elements"]
    frame = queries.query(database, f"SELECT * FROM {table.name}")
    frame = frame.astype({column.name: DTYPES[column.kind] for column in table.columns})
    rows = list(frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None))
    places = ", ".join("?" * len(table.columns))

    def ours() -> None:
        with sqlite3.connect(":memory:") as connection:
            connection.execute(create_table(table))
            insert_frame(connection, table, frame)

    def bare() -> None:
        with sqlite3.connect(":memory:") as connection:
            connection.execute(create_table(table))
            connection.executemany(f"INSERT INTO {table.name} VALUES ({places})", rows)

    ours_s, bare_s = best_s(ours), best_s(bare)
    yield Measurement("load", len(rows) / ours_s, "rows/s")
    yield Measurement("load, relative to executemany", bare_s / ours_s, "ratio", "> 0.5")
