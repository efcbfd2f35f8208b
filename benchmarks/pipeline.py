"""A run of the sample: time of the notebooks' cells, and overhead of papermill and kernels."""

import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat

from benchmarks.measurement import Measurement, best_s

STEPS = ("10_extract", "20_transform", "30_load", "40_report")


def measure() -> Iterator[Measurement]:
    """Measure the start of the flow, the four notebooks, and loading beside `executemany`."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "SPACEX_DATA_DIR": folder,
            "PREFECT_HOME": f"{folder}/prefect",
            "PREFECT_TASKS_REFRESH_CACHE": "true",  # no run reuses tables
            "PREFECT_LOGGING_LEVEL": "ERROR",
        }
        yield from _flow(Path(folder))
        yield from _load(Path(folder) / "starlink.db")


def _flow(folder: Path) -> Iterator[Measurement]:
    """Run the flow twice in one process; the second run finds Prefect's server running."""
    from spacex.cli.run_command import completed  # noqa: PLC0415 - reads the environment

    times = []
    for _ in range(2):
        started = time.perf_counter()
        outcome = completed({"source": "sample"})
        times.append(time.perf_counter() - started)
    yield Measurement("flow, server up", times[1], "s", "< 8")
    yield Measurement("start of Prefect's temporary server", times[0] - times[1], "s")
    run = folder / "runs" / outcome.run_id
    own_s = {step: _own_s(run / f"{step}.ipynb") for step in STEPS}
    for step, seconds in own_s.items():
        yield Measurement(f"{step}: its cells", seconds, "s")
    over_s = (times[1] - sum(own_s.values())) / len(STEPS)
    yield Measurement("overhead of the flow per notebook", over_s, "s", "< 0.5")


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
