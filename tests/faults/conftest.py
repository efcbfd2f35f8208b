from pathlib import Path

import pytest

from tests.faults.fault_setup import make


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that `make` filled; read only."""
    folder = tmp_path_factory.mktemp("setup")
    make(folder)
    return folder
