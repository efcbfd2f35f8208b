"""A folder with services whose catalogues and lists a test sets."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clock import Clock
from tests.replica import Replica
from tests.service_replicas import CelesTrak
from tests.warehouse.catalogues import Setup, new_setup


@pytest.fixture
def make_setup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Setup]]:
    with Clock("2026-11-01") as clock, CelesTrak() as celestrak, Replica(Path("/none")) as files:
        yield lambda: new_setup(tmp_path_factory, clock, celestrak, files)


@pytest.fixture
def setup(make_setup: Callable[[], Setup]) -> Setup:
    return make_setup()
