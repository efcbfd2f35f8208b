from pathlib import Path

import pytest

from tests.faults.world import make


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that `make` filled; read only."""
    folder = tmp_path_factory.mktemp("world")
    make(folder)
    return folder
