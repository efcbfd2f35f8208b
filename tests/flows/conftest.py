"""A temporary Prefect server, and flows that run in a temporary folder.

Notebooks run in real kernels, which read their settings from the environment. Most runs use the
minimal notebooks: the same stages without tables and charts.
"""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

# Prefect reads its settings on import: set this variable first.
_HOME = tempfile.TemporaryDirectory(prefix="prefect-")
os.environ["PREFECT_HOME"] = _HOME.name

import pytest  # noqa: E402
from prefect.artifacts import Artifact  # noqa: E402
from prefect.client.orchestration import SyncPrefectClient, get_client  # noqa: E402
from prefect.client.schemas.filters import (  # noqa: E402
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterParentFlowRunId,
)
from prefect.client.schemas.objects import State  # noqa: E402
from prefect.settings import PREFECT_API_URL, temporary_settings  # noqa: E402

from flows.etl import Outcome, etl  # noqa: E402
from spacex.settings import Settings, settings  # noqa: E402
from tests.conftest import NOBODY_HOME, copy_prefect_database, prefect_server  # noqa: E402

MINIMAL_NOTEBOOKS = Path(__file__).with_name("notebooks")


@dataclass(frozen=True)
class FinishedRun:
    """A finished flow run, and its records on the server."""

    state: State
    log: list[logging.LogRecord]

    @property
    def outcome(self) -> Outcome:
        return self.state.result()

    @property
    def error(self) -> BaseException:
        return self.state.result(raise_on_failure=False)

    @property
    def lines(self) -> list[str]:
        return [record.getMessage() for record in self.log]

    def _filter(self) -> FlowRunFilter:
        return FlowRunFilter(id=FlowRunFilterId(any_=[self.state.state_details.flow_run_id]))

    def artifacts(self) -> dict[str, str]:
        """Return the content of each artifact of the run, by key."""
        with get_client(sync_client=True) as client:
            found: list[Artifact] = client.read_artifacts(flow_run_filter=self._filter(), limit=100)
        return {artifact.key: str(artifact.data) for artifact in found}

    def tasks(self) -> dict[str, tuple[str, int]]:
        """Return the state and the number of attempts of each task run, by name."""
        with get_client(sync_client=True) as client:
            found = client.read_task_runs(flow_run_filter=self._filter(), limit=100)
        return {run.name: (run.state.name, run.run_count) for run in found}

    def children(self) -> list[State]:
        """Return the states of the flow runs that this one started."""
        parent = FlowRunFilterParentFlowRunId(any_=[self.state.state_details.flow_run_id])
        with get_client(sync_client=True) as client:
            found = client.read_flow_runs(
                flow_run_filter=FlowRunFilter(parent_flow_run_id=parent),
                sort="EXPECTED_START_TIME_ASC",
                limit=100,
            )
        return [run.state for run in found]


@pytest.fixture(scope="session", autouse=True)
def _prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the flows of these tests use a server of their own."""
    copy_prefect_database(Path(_HOME.name) / "prefect.db")  # of commands without a server
    with (
        prefect_server(tmp_path_factory.mktemp("flows")) as api,
        temporary_settings({PREFECT_API_URL: api}),
    ):
        yield


@contextmanager
def environment(data_dir: Path, **changes: object) -> Iterator[pytest.MonkeyPatch]:
    """Set the flow's and its kernels' settings: a folder, an unreachable service, short limits."""
    variables = {
        "data_dir": data_dir,
        "base_url": NOBODY_HOME,
        "sources": "spacexdata",
        "attempts": 1,
        "retry_delay_s": 0,
        "lock_timeout_s": 60,
        **changes,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(f"SPACEX_{name.upper()}", str(value))
        settings.cache_clear()
        yield patch
    settings.cache_clear()


def schedule_runs(client: SyncPrefectClient, deployment_id: UUID, **period: object) -> None:
    """Let the server schedule runs of a deployment, in a period that may be past."""
    path = "/deployments/{id}/schedule"
    client.request("POST", path, path_params={"id": deployment_id}, json=period)


def run(**parameters: object) -> FinishedRun:
    """Run the flow until it succeeds or fails."""
    log: list[logging.LogRecord] = []
    handler = logging.Handler(logging.DEBUG)
    handler.emit = log.append
    loggers = [logging.getLogger(f"prefect.{name}") for name in ("flow_runs", "task_runs")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    try:
        return FinishedRun(etl(**parameters, return_state=True), log)
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
            logger.setLevel(logging.NOTSET)


@pytest.fixture
def configure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Settings]]:
    """Use a new data folder; `configure(keep_runs=1)` changes a setting and returns all."""
    monkeypatch.setattr(Settings, "notebooks_dir", MINIMAL_NOTEBOOKS)
    with environment(tmp_path / "data") as patch:

        def change(**changes: object) -> Settings:
            for name, value in changes.items():
                patch.setenv(f"SPACEX_{name.upper()}", str(value))
            settings.cache_clear()
            return settings()

        yield change


@pytest.fixture
def notebooks_copy(
    configure: Callable[..., Settings],  # noqa: ARG001 - its settings apply
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Run a copy of the minimal notebooks, which tests may modify; return its folder."""
    folder = tmp_path / "notebooks"
    shutil.copytree(MINIMAL_NOTEBOOKS, folder)
    monkeypatch.setattr(Settings, "notebooks_dir", folder)
    return folder


@pytest.fixture
def published_data(configure: Callable[..., Settings], _small_data: Path) -> Path:
    """Return a data folder to which run `first` published the small responses."""
    folder = configure().data_dir
    shutil.copytree(_small_data, folder)
    return folder
