"""Whole runs in processes of their own: interrupted, killed, and several at once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from spacex.settings import PROJECT
from tests.faults import processes
from tests.faults.fault_setup import LIMITS, copy
from tests.faults.outcome import rows as page_rows
from tests.replica import Replica
from tests.stages import rows
from tests.warehouse.test_killed_load import is_sound

pytestmark = pytest.mark.long


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    return copy(made, tmp_path) / "data"


@pytest.fixture
def environment(made: Path, data: Path) -> Iterator[dict[str, str]]:
    """The environment of a run with these data and a working service."""
    limits = {f"SPACEX_{name.upper()}": str(value) for name, value in LIMITS.items()}
    with Replica(made / "responses") as replica:
        yield {
            **os.environ,
            **limits,
            "SPACEX_LOCK_TIMEOUT_S": "60",
            "SPACEX_READ_TIMEOUT_S": "20",
            "SPACEX_TOTAL_TIMEOUT_S": "20",
            "SPACEX_DATA_DIR": str(data),
            "SPACEX_BASE_URL": replica.url,
            "SPACEX_SOURCES": "spacexdata",
        }


@pytest.mark.parametrize("fault", processes.FAULTS, ids=str)
def test_the_outcome_matches_the_page(fault, made, prefect_api):
    found = processes.outcome(fault, made, prefect_api)
    assert found.row(fault.name) == page_rows()[str(fault)]


def test_the_page_has_exactly_these_process_faults():
    listed = {name for name in page_rows() if name.startswith(processes.GROUP)}
    assert listed == set(map(str, processes.FAULTS))


def test_five_concurrent_runs_all_succeed(data, environment):
    program = """
from spacex.settings import settings
from tests.faults.killed_run import run
run(settings())
"""
    command = [sys.executable, "-c", program]
    runs = [subprocess.Popen(command, cwd=PROJECT, env=environment) for _ in range(5)]
    assert [each.wait(timeout=120) for each in runs] == [0] * 5
    found = rows(data / "starlink.db", "SELECT run_id, source FROM _runs ORDER BY loaded_utc")
    assert len({run_id for run_id, _ in found}) == 1 + 5
    assert is_sound(data / "starlink.db")
