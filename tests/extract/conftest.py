from collections.abc import Iterator
from pathlib import Path

import pytest

from spacex.extract.fetch import FetchContext
from spacex.extract.http_client import Client, Limits
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import CELESTRAK, LAUNCHLIBRARY
from tests.clock import Clock
from tests.conftest import publish_small
from tests.service_replicas import CelesTrak, LaunchLibrary


@pytest.fixture(autouse=True)
def clock() -> Iterator[Clock]:
    with Clock("2026-11-25") as clock:
        yield clock


@pytest.fixture(scope="session")
def _small_data(sample_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with Clock("2026-11-24"):  # before the instant of the tests' clock
        return publish_small(sample_dir, tmp_path_factory.mktemp("small"))


@pytest.fixture
def client() -> Iterator[Client]:
    limits = Limits(connect_timeout_s=1, read_timeout_s=1, total_timeout_s=5, attempts=3)
    with Client("SpaceX-Insights/test (tests@example.org)", limits) as client:
        yield client


@pytest.fixture
def orbits(tmp_path: Path, client: Client, celestrak: CelesTrak) -> FetchContext:
    """CelesTrak's GP list."""
    endpoint = CELESTRAK.endpoints["starlink"]
    return FetchContext(CELESTRAK, endpoint, celestrak.gp_url, SnapshotStore(tmp_path), client)


@pytest.fixture
def launches(tmp_path: Path, client: Client, launchlibrary: LaunchLibrary) -> FetchContext:
    """The launches of Launch Library."""
    endpoint, store = LAUNCHLIBRARY.endpoints["launches"], SnapshotStore(tmp_path)
    return FetchContext(LAUNCHLIBRARY, endpoint, launchlibrary.url, store, client)
