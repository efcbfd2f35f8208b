"""Runs that are ended, killed or many: whole runs in real processes."""

import os
import random
import subprocess
import sys
from collections import Counter

import pytest

from spacex.settings import PROJECT
from tests.faults import processes
from tests.faults.outcome import lines
from tests.faults.world import PATIENCE, copy, make
from tests.replica import Replica
from tests.stages import rows, value
from tests.warehouse.test_killed_load import is_sound

pytestmark = pytest.mark.long

KILLS = 200


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    make(folder)
    return folder


@pytest.fixture
def data(made, tmp_path):
    return copy(made, tmp_path) / "data"


@pytest.fixture
def environment(made, data):
    """What a program is told of the data and of the service, which is up."""
    patience = {f"SPACEX_{name.upper()}": str(value) for name, value in PATIENCE.items()}
    with Replica(made / "answers") as replica:
        yield {
            **os.environ,
            **patience,
            "SPACEX_LOCK_TIMEOUT_S": "60",
            "SPACEX_READ_TIMEOUT_S": "20",
            "SPACEX_TOTAL_TIMEOUT_S": "20",
            "SPACEX_DATA_DIR": str(data),
            "SPACEX_BASE_URL": replica.url,
            "SPACEX_SOURCES": "spacexdata",
            "OPENBLAS_NUM_THREADS": "1",  # no thread to lose in a fork
        }


@pytest.mark.parametrize("accident", processes.ACCIDENTS, ids=str)
def test_an_accident_ends_as_the_page_says(accident, made, prefect_api):
    found = processes.outcome(accident, made, prefect_api)
    assert found.line(accident.name) == lines()[str(accident)]


def test_the_page_tells_of_these_accidents_and_no_others():
    told = {name for name in lines() if name.startswith(processes.GROUP)}
    assert told == set(map(str, processes.ACCIDENTS))


def test_a_run_killed_at_any_instant_leaves_the_old_or_the_new_database(data, environment):
    database = data / "starlink.db"
    chance = random.Random(20221005)  # noqa: S311 - the same instants every time
    outcomes: Counter[tuple[str, int]] = Counter()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.killed_run"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env=environment,
    ) as program:

        def run(seconds: float) -> tuple[str, float]:
            program.stdin.write(f"{seconds}\n")
            program.stdin.flush()
            *how, lived_s = program.stdout.readline().split()
            return " ".join(how), float(lived_s)

        _, whole_s = run(float("inf"))
        for _ in range(KILLS):
            runs = value(database, "SELECT count(*) FROM _runs")
            how, _ = run(chance.uniform(0, 1.1 * whole_s))
            assert how in {"killed", "ended 0"}
            assert is_sound(database)
            outcomes[how, value(database, "SELECT count(*) FROM _runs") - runs] += 1
        assert set(outcomes) <= {("killed", 0), ("killed", 1), ("ended 0", 1)}
        assert outcomes["killed", 0] > KILLS / 2
        assert run(float("inf"))[0] == "ended 0"
        program.stdin.close()
    left = sorted(path.name for path in data.glob("starlink.db*"))
    assert left == ["starlink.db", "starlink.db.lock"]


def test_five_runs_at_once_all_end_well(data, environment):
    command = [sys.executable, "-c", "from tests.faults.killed_run import run; run()"]
    runs = [subprocess.Popen(command, cwd=PROJECT, env=environment) for _ in range(5)]
    assert [each.wait(timeout=120) for each in runs] == [0] * 5
    found = rows(data / "starlink.db", "SELECT run_id, source FROM _runs ORDER BY loaded_utc")
    assert len({run_id for run_id, _ in found}) == 1 + 5
    assert is_sound(data / "starlink.db")
