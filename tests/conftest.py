"""Shared fixtures: recorded responses, replicas of the services, data folders.

No test connects to another machine.
"""

import gc
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path

import hypothesis
import psutil
import pytest
import requests
from filelock import FileLock

from spacex.settings import PROJECT, Settings
from spacex.settings import settings as process_settings
from spacex.sources.sample import archive_history, write_sample
from tests import stages
from tests.clock import Clock
from tests.example_records import GP_LISTS
from tests.replica import Replica
from tests.service_replicas import CelesTrak, LaunchLibrary

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "recorded"
SAMPLE_SATELLITES = 1_800
"""Catalogued satellites of the sample in tests, a seventh of them all."""
PREFECT = Path(sys.executable).with_name("prefect")
NOBODY_HOME = "http://127.0.0.1:1/v4"
"""An address on this machine where nothing listens."""

# The same examples in every run, and no deadline, because machines may be busy.
hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("repeatable")

_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_MEMORY = Path("/dev/shm")  # noqa: S108
_MEMORY_NEEDED = 6 * 2**30


def _keep_files_in_memory() -> None:
    """Put the tests' files into memory where there is plenty; a quarter of their time is disk."""
    if "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK):
        return
    status = os.statvfs(_MEMORY)
    free = min(status.f_bavail * status.f_frsize, psutil.virtual_memory().available)
    if free >= _MEMORY_NEEDED and not status.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


_keep_files_in_memory()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need the recorded responses; `-m "not recorded"` deselects them.

    Long tests come first: at the end, one worker would execute them while the others are idle.
    """
    for item in items:
        if "recorded_dir" in getattr(item, "fixturenames", ()):
            item.add_marker("recorded")
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Collect garbage more rarely, and never look through the modules and tests again.

    The collector would take a quarter of the time of tests with many small frames.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.fixture(scope="session")
def recorded_dir() -> Path:
    """The folder of the services' recorded responses."""
    if not RECORDED.is_dir():
        message = f"the recorded responses are not at {RECORDED}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return RECORDED


@pytest.fixture(scope="session")
def sample_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of small responses of the r/SpaceX API: its archive, with 60 satellites."""
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, satellites=60, history=archive_history())
    return folder


@pytest.fixture(scope="session")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a folder with the published sample, shared between tests: read only.

    It has every launch, and one of seven satellites.
    """
    settings = settings_in(tmp_path_factory.mktemp("sampled"))
    stages.publish(settings, "sample", "first")
    return settings


@contextmanager
def opened(settings: Settings) -> Iterator[None]:
    """Let this process use the data folder of some settings, as `import spacex` does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEX_DATA_DIR", str(settings.data_dir))
        process_settings.cache_clear()
        yield
    process_settings.cache_clear()


@pytest.fixture
def door(sampled: Settings) -> Iterator[None]:
    """Let `import spacex` open the published sample."""
    with opened(sampled):
        yield


@pytest.fixture
def replica(recorded_dir: Path) -> Iterator[Replica]:
    """The r/SpaceX API, serving the recorded responses."""
    with Replica(recorded_dir / "spacexdata") as server:
        yield server


@pytest.fixture
def small_replica(sample_dir: Path) -> Iterator[Replica]:
    """The r/SpaceX API, serving the small responses of `sample_dir`."""
    with Replica(sample_dir) as server:
        yield server


@pytest.fixture
def celestrak() -> Iterator[CelesTrak]:
    """A replica of CelesTrak, without data."""
    with CelesTrak() as server:
        yield server


@pytest.fixture
def launchlibrary() -> Iterator[LaunchLibrary]:
    """A replica of Launch Library, without data."""
    with LaunchLibrary() as server:
        yield server


@pytest.fixture
def three_services(
    settings: Settings, small_replica: Replica, celestrak: CelesTrak, launchlibrary: LaunchLibrary
) -> Settings:
    """Settings with replicas of all three services, and an empty data folder.

    All of them answer, on a busy machine after more than a second: a run that did not wait would
    take the snapshot before.
    """
    return stages.at(
        settings,
        read_timeout_s=60,
        total_timeout_s=60,
        base_url=small_replica.url,
        celestrak_url=celestrak.gp_url,
        launchlibrary_url=launchlibrary.url,
        sources="spacexdata,celestrak,launchlibrary",
    )


@pytest.fixture(scope="session")
def recorded_settings(recorded_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return settings of a folder in which run `recorded` published the recorded responses.

    Shared between tests: read only.
    """
    settings = settings_in(tmp_path_factory.mktemp("recorded"))
    with Replica(recorded_dir / "spacexdata") as server:
        stages.publish(stages.at(settings, base_url=server.url), "api", "recorded")
    return settings


def publish_small(sample_dir: Path, folder: Path) -> Path:
    """Publish the small responses as real by a run `first`; return its data folder."""
    settings = settings_in(folder)
    with Replica(sample_dir) as server:
        stages.publish(stages.at(settings, base_url=server.url), "api", "first")
    return settings.data_dir


@pytest.fixture(scope="session")
def _small_data(sample_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_small(sample_dir, tmp_path_factory.mktemp("small"))


@pytest.fixture
def published(settings: Settings, _small_data: Path) -> Settings:
    """Return settings of a folder in which run `first` published the small responses as real."""
    shutil.copytree(_small_data, settings.data_dir)
    return settings


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount an empty file system of 1 MiB; only root can."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)]
    try:
        mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("this user cannot mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A clock that shows noon of 1 November 2026 until a test sets it."""
    with Clock("2026-11-01") as clock:
        yield clock


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings with an own data folder, unreachable services and short time limits."""
    return settings_in(tmp_path)


def settings_in(folder: Path) -> Settings:
    """Return settings with a data folder in this folder, and impatient limits."""
    return Settings(
        _env_file=None,
        data_dir=folder / "data",
        base_url=NOBODY_HOME,
        celestrak_url=NOBODY_HOME,
        launchlibrary_url=NOBODY_HOME,
        connect_timeout_s=1,
        read_timeout_s=1,
        total_timeout_s=5,
        attempts=1,
        lock_timeout_s=0.1,
    )


@pytest.fixture(scope="session")
def three_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which the `GP_LISTS` have been published, one after the other."""
    with Clock(min(GP_LISTS)) as clock, CelesTrak() as celestrak:
        settings = stages.at(
            settings_in(tmp_path_factory.mktemp("days")),
            celestrak_url=celestrak.gp_url,
            sources="celestrak",
        )
        for date, body in GP_LISTS.items():
            clock.set(date)
            celestrak.publish(body)
            stages.publish(settings, "auto", date, accept_shrink=True)
    return settings.database


@pytest.fixture(autouse=True, scope="session")
def _environment_of_the_tests() -> Iterator[None]:
    """Remove settings and proxies of the shell; select the archive only, and a small sample.

    Tests of other services name them, with the address of a replica.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith("SPACEX_") or name.lower() in _PROXIES:
                patch.delenv(name)
        patch.setenv("SPACEX_SOURCES", "spacexdata")
        patch.setenv("SPACEX_SAMPLE_SATELLITES", f"{SAMPLE_SATELLITES}")
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_pause_before_new_files() -> Iterator[None]:
    """Look twice at new manual files without a pause in between."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("spacex.extract.unfinished_files._PAUSE_S", 0)
        yield


@pytest.fixture(autouse=True, scope="session")
def _signals_of_a_terminal() -> None:
    """Let programs that tests start receive Ctrl-C and SIGHUP, though the tests may ignore them.

    They do so after `nohup` and in the background of a shell script, and programs inherit it.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


@pytest.fixture(autouse=True, scope="session")
def _only_this_machine() -> Iterator[None]:
    """Fail a test that connects to another machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: tuple[str, int] | str | bytes) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            host = str(address[0])
            if host != "localhost" and not ip_address(host.partition("%")[0]).is_loopback:
                pytest.fail(f"a test tried to connect to {host}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a real Prefect server once for all tests and return the address of its API."""
    with prefect_server(tmp_path_factory.mktemp("prefect")) as api:
        yield api


@contextmanager
def prefect_server(folder: Path) -> Iterator[str]:
    """Run a real Prefect server with its files in a folder; yield the address of its API."""
    port = free_port()
    folder.mkdir(exist_ok=True)
    quiet = {"PREFECT_HOME": str(folder), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    copy_prefect_database(folder / "prefect.db")
    command = [PREFECT, "server", "start", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, env=os.environ | quiet, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/api/health", server, folder / "log")
        yield f"http://127.0.0.1:{port}/api"
    finally:
        server.terminate()
        server.wait()


def copy_prefect_database(to: Path) -> None:
    """Copy an empty database of Prefect; to make one takes as long as to start the server.

    All workers of a run, and later runs with the same Prefect, share it.
    """
    made = PROJECT / ".pytest_cache" / "prefect"
    made.mkdir(parents=True, exist_ok=True)
    database = made / f"{version('prefect')}.db"
    with FileLock(f"{database}.lock"):
        if not database.exists():
            with tempfile.TemporaryDirectory(dir=made) as folder:
                subprocess.run(
                    [PREFECT, "server", "database", "upgrade", "--yes"],
                    env=os.environ | {"PREFECT_HOME": folder},
                    check=True,
                    capture_output=True,
                )
                Path(folder, "prefect.db").replace(database)
    shutil.copyfile(database, to)


def free_port() -> int:
    """Return a free port of this machine.

    It is below those that the system gives to outgoing connections, which others could receive
    before the caller's server listens.
    """
    for port in random.SystemRandom().sample(range(10_000, 32_000), 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("100 ports are in use")


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path, within_s: float = 120) -> None:
    """Wait until the server responds with 200."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if requests.get(url, timeout=5).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.2)
    pytest.fail(f"no response from {url}: {log.read_text()[-2000:]}")
