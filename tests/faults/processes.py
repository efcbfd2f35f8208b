"""What befalls the processes of a run: all of it, with Prefect and kernels, as a person runs it."""

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
from tests.faults.outcome import EITHER, NEW, UNCHANGED, Outcome, database_after
from tests.faults.world import copy
from tests.replica import Hang, Replica
from tests.stages import digest

GROUP = "Processes"
SPACEX = Path(sys.executable).with_name("spacex")
PATIENCE_S = 60


@dataclass
class Run:
    """A run of `spacex run` that waits for a service which does not answer.

    Attributes:
        process: the program.
        proxy: what stands between it and the Prefect server.
        others: the processes it has started, and those they have, as far as it was looked at.
    """

    process: "subprocess.Popen[str]"
    proxy: "Proxy"
    others: set[psutil.Process] = field(default_factory=set)

    def look(self) -> None:
        """Remember the processes it has by now, if it has not ended."""
        with suppress(psutil.NoSuchProcess):
            self.others |= set(psutil.Process(self.process.pid).children(recursive=True))

    def fork_server(self) -> psutil.Process:
        """The process its kernels are forked from."""
        children = psutil.Process(self.process.pid).children()
        (found,) = (each for each in children if "multiprocessing.forkserver" in each.cmdline()[-1])
        return found

    def left_over(self) -> list[psutil.Process]:
        """What of its processes is still there when it has ended, those of its session included."""
        found = [each for each in self.others if each.is_running()]
        for each in psutil.process_iter():
            with suppress(psutil.Error, ProcessLookupError):
                if os.getsid(each.pid) == self.process.pid:
                    found.append(each)
        return found


@dataclass(frozen=True)
class Accident:
    """Something that befalls a run while it waits for a service.

    Attributes:
        name: what it is.
        befall: makes it happen.
        environment: what else is set.
        is_race: whether the run may end before it feels it.
    """

    name: str
    befall: Callable[[Run], object] = lambda _: None
    environment: dict[str, str] = field(default_factory=dict)
    is_race: bool = False

    def __str__(self) -> str:
        return f"{GROUP}: {self.name}"


def _sends(number: signal.Signals) -> Callable[[Run], object]:
    return lambda run: run.process.send_signal(number)


def _kills_kernel(run: Run) -> None:
    (kernel,) = run.fork_server().children()
    kernel.kill()


ACCIDENTS = (
    Accident("Ctrl-C is pressed", _sends(signal.SIGINT)),
    Accident("it is told to end (SIGTERM)", _sends(signal.SIGTERM)),
    Accident("its terminal is closed (SIGHUP)", _sends(signal.SIGHUP)),
    Accident("its kernel is killed", _kills_kernel),
    Accident("what its kernels are forked from is killed", lambda run: run.fork_server().kill()),
    Accident("a cell does not end", environment={"SPACEX_CELL_TIMEOUT_S": "2"}),
    Accident("Prefect's server is not there", environment={"PREFECT_API_URL": NOBODY_HOME}),
    Accident("Prefect's server is lost on the way", lambda run: run.proxy.close(), is_race=True),
)


def outcome(accident: Accident, made: Path, prefect_api: str) -> Outcome:
    """Let the accident befall a run in a copy of a world; what comes of it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Replica(made / "answers") as replica,
        Proxy(prefect_api) as proxy,
    ):
        data = copy(made, Path(folder)) / "data"
        before = digest(data / "starlink.db")
        replica.script("launches", Hang())
        with _started(accident, data, replica, proxy) as run:
            _, error = run.process.communicate(timeout=PATIENCE_S)
            _await(lambda: not run.left_over())
            assert "Traceback" not in error
            told, remedy = _words(error, str(data), proxy.url)
            database = database_after(data / "starlink.db", before)
            if accident.is_race:
                told = re.sub(r"(?<=the run: ).+", "(how its connection has failed)", told)
                assert database in {UNCHANGED, NEW}
                database = EITHER
            return Outcome(str(run.process.returncode), told, remedy, database)


@contextmanager
def _started(accident: Accident, data: Path, replica: Replica, proxy: "Proxy") -> Iterator[Run]:
    clean = {name: value for name, value in os.environ.items() if "PREFECT" not in name}
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
        env=clean | environment | accident.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    run = Run(process, proxy)

    def waits_or_has_ended() -> object:
        run.look()
        return any(a.endpoint == "launches" for a in replica.requests) or process.poll()

    try:
        _await(waits_or_has_ended)
        accident.befall(run)
        yield run
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _await(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.05)


def _words(error: str, data: str, prefect: str) -> tuple[str, str]:
    """What is told and what to do, without this machine's folders and instants."""
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{6}Z", "RUN", error)
    text = text.replace(data, "data").replace(prefect, "http://prefect/api")
    told, _, remedy = text[max(text.rfind("✗ "), text.rfind("Stopped.")) :].partition("\n→ ")
    return told.removeprefix("✗ ").strip(), remedy.strip()


class Proxy:
    """Stands between a program and a server, until it is closed: then the server is gone.

    Attributes:
        url: what the program is told.
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
        """End all connections, and take no other."""
        for each in [self._listening, *self._open]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._listening.accept()
                server = socket.create_connection((self._target.hostname, self._target.port))
                self._open += [caller, server]
                for ends in ((caller, server), (server, caller)):
                    threading.Thread(target=_pass_on, args=ends, daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError), closing(source), closing(sink):
        while received := source.recv(65536):
            sink.sendall(received)
        sink.shutdown(socket.SHUT_WR)
