import pytest

from spacex.extract.fetch import FetchContext
from spacex.extract.http_client import Client, Limits
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import CELESTRAK, LAUNCHLIBRARY
from tests.clock import Clock


@pytest.fixture(autouse=True)
def clock():
    with Clock("2026-11-25") as clock:
        yield clock


@pytest.fixture
def client():
    limits = Limits(connect_timeout_s=1, read_timeout_s=1, total_timeout_s=5, attempts=3)
    with Client("SpaceX-Insights/test (tests@example.org)", limits) as client:
        yield client


@pytest.fixture
def orbits(tmp_path, client, celestrak):
    """CelesTrak's GP list."""
    return FetchContext(
        CELESTRAK,
        CELESTRAK.endpoints["starlink"],
        celestrak.gp_url,
        SnapshotStore(tmp_path),
        client,
    )


@pytest.fixture
def launches(tmp_path, client, launchlibrary):
    """The launches of Launch Library."""
    return FetchContext(
        LAUNCHLIBRARY,
        LAUNCHLIBRARY.endpoints["launches"],
        launchlibrary.url,
        SnapshotStore(tmp_path),
        client,
    )
