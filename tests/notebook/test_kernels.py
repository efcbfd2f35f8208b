"""The pipeline's kernels, forked and spawned."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from enum import StrEnum
from multiprocessing import forkserver
from pathlib import Path

import psutil
import pytest
from jupyter_core.utils import run_sync
from nbclient.exceptions import DeadKernelError

from spacex.notebook.forked_kernel import ForkedKernel, start_fork_server
from spacex.notebook.kernels import kernel
from spacex.notebook.runner import execute
from spacex.settings import settings
from tests.notebook.small_notebook import printed_text, write_notebook

CELLS = (
    "print(sorted(name for name in dir() if name[0] != '_'))",
    "import os; print(os.getpid())",
    """import sys
from spacex.notebook.forked_kernel import PIPELINE
print(all(name in sys.modules for name in PIPELINE), os.environ['MINE'])""",
    """import multiprocessing
child = multiprocessing.get_context("fork").Process(target=int)
child.start(); child.join(); print(child.exitcode)""",
    "import gc; print(gc.isenabled())",
    "print(get_ipython().history_manager.enabled)",
)
"""Print the names found, the process id, whether modules are there, an exit code, and whether
the kernel collects garbage and keeps a history."""


@pytest.fixture
def printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Return a function that runs a notebook of `CELLS` and returns the lines it prints."""
    monkeypatch.setenv("MINE", "1")
    notebook = write_notebook(tmp_path / "small.ipynb", "none: str = ''", *CELLS)
    return lambda: printed_text(execute(notebook, tmp_path / "out", {}).notebook).splitlines()


@pytest.fixture
def method(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[str]:
    monkeypatch.setenv("SPACEX_KERNELS", request.param)
    settings.cache_clear()
    yield request.param
    settings.cache_clear()


@pytest.fixture
def server() -> psutil.Process:
    start_fork_server()
    return fork_server(psutil.Process())


def fork_server(parent: psutil.Process) -> psutil.Process:
    """Wait until a child has become the fork server, and return it."""
    for _ in range(1000):
        for child in parent.children():
            with suppress(psutil.Error):  # one that has just ended
                if "multiprocessing.forkserver" in str(child.cmdline()):
                    return child
        time.sleep(0.01)
    raise AssertionError("there is no fork server")


def kill(server: psutil.Process) -> None:
    """Kill the fork server; multiprocessing reaps it."""
    server.kill()
    while server.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)


@pytest.mark.parametrize("method", ["fork", "spawn"], indirect=True)
def test_each_notebook_has_a_new_kernel(printed, method):
    first, second = printed(), printed()
    for names, _, imported, child, collects, remembers in (first, second):
        assert names == "['In', 'Out', 'exit', 'get_ipython', 'none', 'open', 'quit']"
        assert imported == f"{method == 'fork'} 1"
        assert child == "0"
        assert (collects, remembers) == ("True", "False")
    assert first[1] != second[1]


def test_a_kernel_is_forked_from_the_fork_server(server):
    with kernel() as manager:
        process = psutil.Process(manager.provisioner.pid)
        assert process.ppid() == server.pid
    assert not process.is_running()


def test_a_killed_fork_server_is_replaced(server, printed):
    kill(server)
    assert printed()[2] == "True 1"


def test_a_fork_server_that_dies_unnoticed_is_replaced(server, printed, monkeypatch):
    """A killed server cannot be reaped before all of its threads have ended."""
    ensure_running = forkserver.ensure_running
    looks = iter([False, False])
    kill(server)
    for place in (forkserver, forkserver._forkserver):
        monkeypatch.setattr(place, "ensure_running", lambda: next(looks, True) and ensure_running())
    assert printed()[2] == "True 1"


def test_kernels_exit_when_the_fork_server_dies(server):
    with kernel() as manager:
        process = psutil.Process(manager.provisioner.pid)
        server.kill()
        process.wait(timeout=60)


def test_a_fork_server_that_cannot_start_is_reported(server, monkeypatch):
    kill(server)
    monkeypatch.setattr("multiprocessing.spawn._python_exe", os.fsencode("/bin/false"))
    with pytest.raises(DeadKernelError, match="fork server"), kernel():
        pass


@pytest.mark.parametrize(("code", "status"), [("import os; os._exit(9)", 9), ("exit", 0)])
def test_the_exit_code_of_a_kernel_is_known(code, status):
    with kernel() as manager:
        process = manager.provisioner.process
        client = manager.client()
        client.start_channels()
        run_sync(client.wait_for_ready)(timeout=60)
        client.execute(code)
        assert process.wait(10) == process.poll() == status
        client.stop_channels()


MAIN = """
print("imported", flush=True)
if __name__ == "__main__":
    from time import sleep
    from spacex.notebook.kernels import kernel
    with kernel() as manager:
        print(manager.provisioner.pid, flush=True)
        sleep(60)
"""


@pytest.mark.parametrize(
    ("folder", "command", "number"),
    [
        (".", ["folder/program.py"], signal.SIGKILL),
        ("folder", ["-m", "program"], signal.SIGINT),
    ],
)
def test_kernels_do_not_import_the_main_module_nor_outlive_it(tmp_path, folder, command, number):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "program.py").write_text(MAIN)
    (tmp_path / "random.py").write_text("raise SystemExit('shadows the standard library')")
    environment = {name: each for name, each in os.environ.items() if name != "PYTHONSAFEPATH"}
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=tmp_path / folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as program:
        try:
            assert program.stdout.readline() == "imported\n"
            pid = int(program.stdout.readline())
            children = psutil.Process(program.pid).children(recursive=True)
            assert pid in {child.pid for child in children}
            program.send_signal(number)
            assert psutil.wait_procs(children, timeout=10)[1] == []
            assert program.stdout.read() == ""
        finally:
            program.kill()


@pytest.mark.parametrize(
    ("number", "timeout_s"), [(signal.SIGKILL, 60), (signal.SIGSTOP, 1)], ids=["died", "stuck"]
)
def test_the_wait_for_a_kernel_ends_at_its_death_or_the_timeout(number, timeout_s):
    with kernel() as manager:
        os.kill(manager.provisioner.pid, number)
        client = manager.client()
        client.start_channels()
        started = time.monotonic()
        with pytest.raises(DeadKernelError):
            run_sync(client.wait_for_ready)(timeout=timeout_s)
        assert time.monotonic() - started < 30
        client.stop_channels()


def test_a_kernel_imports_nothing_for_the_names_in_its_environment() -> None:
    class Name(StrEnum):  # cannot be imported, unlike that of Voila
        MINE = "MINE"

    forked = ForkedKernel([], {Name.MINE: "1"}, "")
    try:
        forked.start()
    finally:
        forked.kill()


BESIDE = """
import os
from jupyter_core.utils import run_sync
from spacex.notebook.kernels import kernel

code = '''
import beside, csv, functools, json, multiprocessing, random
kept = multiprocessing.get_context("spawn").Lock()
print(beside.NAME)
'''
if __name__ == "__main__":
    os.chdir("notebooks")
    with kernel() as manager:
        client = manager.client()
        client.start_channels()
        run_sync(client.wait_for_ready)(timeout=60)
        reply = run_sync(client.execute_interactive)(code)
        client.stop_channels()
        assert reply["content"]["status"] == "ok", reply
"""


@pytest.mark.attack("replace a module of Python by a file beside a notebook", "not imported")
@pytest.mark.parametrize("kernels", ["fork", "spawn"])
def test_modules_beside_a_notebook_shadow_nothing(tmp_path, kernels):
    """They can be imported; and what multiprocessing leaves behind causes no warning."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for name in ("csv", "functools", "json", "random"):
        (folder / f"{name}.py").write_text("raise SystemExit('shadows the standard library')")
    (folder / "beside.py").write_text("NAME = 'beside'")
    (tmp_path / "program.py").write_text(BESIDE)
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=tmp_path,
        env=os.environ | {"SPACEX_KERNELS": kernels},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "beside\n", "")


@pytest.mark.parametrize("first", ["spacex.notebook.papermill_engine", "papermill"])
def test_the_engine_is_found_whatever_is_imported_first(first):
    code = (
        f"import {first}, papermill.engines as e; print(e.papermill_engines.get_engine('spacex'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "ForkingEngine" in done.stdout, done.stderr
