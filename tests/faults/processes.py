"""Faults of the processes of a whole run, with Prefect and kernels."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from tests.conftest import NOBODY_HOME
from tests.faults.fault_setup import copy, without_run_ids
from tests.faults.outcome import EITHER, NEW, UNCHANGED, Outcome, database_after
from tests.replica import Hang, Replica
from tests.stages import digest

GROUP = "Processes"
SPACEX = Path(sys.executable).with_name("spacex")
TIMEOUT_S = 60


@dataclass
class Run:
    """A `spacex run` that waits for a service that does not respond.

    Attributes:
        process: its main process.
        proxy: the proxy between it and the Prefect server.
        descendants: the processes below it that were seen.
    """

    process: "subprocess.Popen[str]"
    proxy: "Proxy"
    descendants: set[psutil.Process] = field(default_factory=set)

    def look(self) -> None:
        """Add the present descendants to those seen."""
        with suppress(psutil.NoSuchProcess):
            self.descendants |= set(psutil.Process(self.process.pid).children(recursive=True))

    def fork_server(self) -> psutil.Process:
        """Return the process that forks its kernels."""
        children = psutil.Process(self.process.pid).children()
        (found,) = (each for each in children if "multiprocessing.forkserver" in each.cmdline()[-1])
        return found

    def left_over(self) -> list[psutil.Process]:
        """Return its descendants, and the processes of its session, that still run."""
        found = [each for each in self.descendants if each.is_running()]
        for each in psutil.process_iter():
            with suppress(psutil.Error, ProcessLookupError):
                if os.getsid(each.pid) == self.process.pid:
                    found.append(each)
        return found


@dataclass(frozen=True)
class ProcessFault:
    """A fault that a run meets while it waits for a service.

    Attributes:
        name: name in the page.
        inject: injects it.
        environment: further environment variables of the run.
        is_race: whether the run may end before it notices the fault.
    """

    name: str
    inject: Callable[[Run], object] = lambda _: None
    environment: dict[str, str] = field(default_factory=dict)
    is_race: bool = False

    def __str__(self) -> str:
        return f"{GROUP}: {self.name}"


def _send(number: signal.Signals) -> Callable[[Run], object]:
    return lambda run: run.process.send_signal(number)


def _kill_kernel(run: Run) -> None:
    (kernel,) = run.fork_server().children()
    kernel.kill()


FAULTS = (
    ProcessFault("Ctrl-C (SIGINT)", _send(signal.SIGINT)),
    ProcessFault("SIGTERM", _send(signal.SIGTERM)),
    ProcessFault("terminal closed (SIGHUP)", _send(signal.SIGHUP)),
    ProcessFault("kernel killed", _kill_kernel),
    ProcessFault("fork server killed", lambda run: run.fork_server().kill()),
    ProcessFault("endless cell", environment={"SPACEX_CELL_TIMEOUT_S": "2"}),
    ProcessFault("Prefect server not running", environment={"PREFECT_API_URL": NOBODY_HOME}),
    ProcessFault("Prefect server lost", lambda run: run.proxy.close(), is_race=True),
)


def outcome(fault: ProcessFault, made: Path, prefect_api: str) -> Outcome:
    """Inject a fault into a run in a copy of a setup, and return its outcome.

    Args:
        fault: the fault.
        made: a folder that `make` filled.
        prefect_api: URL of a Prefect server.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        Replica(made / "responses") as replica,
        Proxy(prefect_api) as proxy,
    ):
        data = copy(made, Path(folder)) / "data"
        before = digest(data / "starlink.db")
        replica.script("launches", Hang())
        with _started(fault, data, replica, proxy) as run:
            _, error = run.process.communicate(timeout=TIMEOUT_S)
            _wait_until(lambda: not run.left_over())
            assert "Traceback" not in error
            message, remedy = _message(error, str(data), proxy.url)
            database = database_after(data / "starlink.db", before)
            if fault.is_race:
                message = re.sub(r"(?<=the run: ).+", "(how its connection failed)", message)
                assert database in {UNCHANGED, NEW}
                database = EITHER
            return Outcome(str(run.process.returncode), message, remedy, database)


@contextmanager
def _started(fault: ProcessFault, data: Path, replica: Replica, proxy: "Proxy") -> Iterator[Run]:
    inherited = {name: value for name, value in os.environ.items() if "PREFECT" not in name}
    environment = {
        "SPACEX_DATA_DIR": str(data),
        "SPACEX_BASE_URL": replica.url,
        "SPACEX_SOURCES": "spacexdata",
        "SPACEX_READ_TIMEOUT_S": "6",
        "SPACEX_ATTEMPTS": "1",
        "PREFECT_API_URL": proxy.url,
        "PREFECT_CLIENT_MAX_RETRIES": "0",
        "COLUMNS": "1000",
    }
    process = subprocess.Popen(
        [SPACEX, "run"],
        env=inherited | environment | fault.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    run = Run(process, proxy)

    def is_waiting_or_has_ended() -> bool:
        run.look()
        asked = any(each.endpoint == "launches" for each in replica.requests)
        return asked or process.poll() is not None

    try:
        _wait_until(is_waiting_or_has_ended)
        fault.inject(run)
        yield run
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _message(error: str, data: str, prefect: str) -> tuple[str, str]:
    """Return message and remedy of an error output, without this machine's folders and times."""
    text = without_run_ids(error).replace(data, "data").replace(prefect, "http://prefect/api")
    message, _, remedy = text[max(text.rfind("✗ "), text.rfind("Stopped.")) :].partition("\n→ ")
    return message.removeprefix("✗ ").strip(), remedy.strip()


class Proxy:
    """A TCP proxy for a server; once it is closed, the server is unreachable.

    Args:
        url: the server's URL.

    Attributes:
        url: the server's URL through the proxy.
    """

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}{self._target.path}"

    def __enter__(self) -> "Proxy":
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections and accept no others."""
        for each in [self._listening, *self._open]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection((self._target.hostname, self._target.port))
                self._open += [client, server]
                for ends in ((client, server), (server, client)):
                    threading.Thread(target=_forward, args=ends, daemon=True).start()


def _forward(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError), closing(source), closing(sink):
        while received := source.recv(65536):
            sink.sendall(received)
        sink.shutdown(socket.SHUT_WR)
