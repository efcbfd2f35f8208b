"""Three processes that fetch the same endpoint at once: one request, one snapshot for all."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from spacex.warehouse.connection import integrity, reading
from tests import stages
from tests.example_records import launch, omm, omm_json, upcoming
from tests.service_replicas import CelesTrak, LaunchLibrary

PROGRAM = """
import json, sys
from pathlib import Path
from spacex.extract.http_client import Client
from spacex.extract.fetch import FetchContext, fetch
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import SERVICES
source, url, folder = sys.argv[1:]
client = Client("SpaceX-Insights/test")
(endpoint,) = SERVICES[source].endpoints.values()
context = FetchContext(SERVICES[source], endpoint, url, SnapshotStore(Path(folder)), client)
print(json.dumps(sorted(item.snapshot.sha256 for item in fetch(context))))
"""


def fetched_by_three_processes(source: str, url: str, folder: Path) -> list[list[str]]:
    """Return the digests of the snapshots that each process fetched."""
    command = [sys.executable, "-c", PROGRAM, source, url, str(folder)]
    with ThreadPoolExecutor() as pool:
        runs = [pool.submit(subprocess.run, command, capture_output=True) for _ in range(3)]
    done = [run.result() for run in runs]
    assert [each.stderr for each in done] == [b""] * 3
    return [json.loads(each.stdout) for each in done]


@pytest.fixture
def celestrak(celestrak: CelesTrak) -> CelesTrak:
    celestrak.publish(omm_json(omm()))
    return celestrak


@pytest.fixture
def launchlibrary(launchlibrary: LaunchLibrary) -> LaunchLibrary:
    launchlibrary.launches = [launch("one"), upcoming("two", "2999-01-01T00:00:00Z")]
    return launchlibrary


def test_three_processes_fetch_each_response_once(celestrak, launchlibrary, tmp_path):
    for source, url in ("celestrak", celestrak.gp_url), ("launchlibrary", launchlibrary.url):
        digests = fetched_by_three_processes(source, url, tmp_path)
        assert digests[0] == digests[1] == digests[2]
    assert (len(celestrak.requests), len(launchlibrary.requests)) == (1, 2)
    assert celestrak.violations == launchlibrary.violations == []


RUN = """
import sys
from spacex.pipeline import stages
from spacex.settings import settings
for stage in (stages.extract, stages.transform, stages.load):
    stage(settings(), sys.argv[1])
"""


def test_three_concurrent_runs_keep_the_rules_and_leave_a_sound_database(
    celestrak, launchlibrary, tmp_path
):
    environment = {
        **os.environ,
        "SPACEX_DATA_DIR": str(tmp_path),
        "SPACEX_SOURCES": "celestrak,launchlibrary",
        "SPACEX_CELESTRAK_URL": celestrak.gp_url,
        "SPACEX_LAUNCHLIBRARY_URL": launchlibrary.url,
    }
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", RUN, f"run-{number}"], env=environment, stderr=subprocess.PIPE
        )
        for number in range(3)
    ]
    assert [run.communicate(timeout=120)[1] for run in runs] == [b""] * 3
    assert (len(celestrak.requests), len(launchlibrary.requests)) == (1, 2)
    assert celestrak.violations == launchlibrary.violations == []
    database = tmp_path / "starlink.db"
    assert stages.value(database, "SELECT count(*) FROM _runs") == 3
    assert stages.value(database, "SELECT count(*) FROM starlink") == 1
    assert stages.value(database, "SELECT count(*) FROM launches") == 2
    with reading(database) as connection:
        assert integrity(connection, with_history=True) == []
