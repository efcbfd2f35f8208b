"""Kernels of the pipeline: real ones, forked as the flow takes them."""

import os
import signal

import nbformat
import psutil
import pytest
from jupyter_core.utils import run_sync
from nbclient.exceptions import DeadKernelError

from spacex.notebook.forkserver import fork_server
from spacex.notebook.kernels import PIPELINE, kernel
from spacex.notebook.runner import execute


@pytest.fixture
def notebook(tmp_path):
    """A notebook that shows the names it finds, the process it is in, and a setting."""
    book = nbformat.v4.new_notebook()
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    book.metadata["language_info"] = {"name": "python"}
    book.cells = [
        nbformat.v4.new_code_cell("none: str = ''", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("print(sorted(name for name in dir() if name[0] != '_'))"),
        nbformat.v4.new_code_cell("import os, sys; print(os.getpid())"),
        nbformat.v4.new_code_cell(
            "print('spacex.notebook.show' in sys.modules, os.environ['MINE'])"
        ),
    ]
    path = tmp_path / "small.ipynb"
    nbformat.write(book, path)
    return path


@pytest.fixture
def shown(notebook, tmp_path, monkeypatch):
    """Run the notebook; returns the lines it prints."""
    monkeypatch.setenv("MINE", "1")

    def run() -> list[str]:
        executed = execute(notebook, tmp_path / "out", {})
        cells = nbformat.read(executed.notebook, as_version=4).cells
        return "".join(each["text"] for cell in cells for each in cell.get("outputs", [])).split(
            "\n"
        )

    return run


@pytest.fixture
def server():
    """The process the kernels are forked from."""
    ours = fork_server(*PIPELINE)
    ours.start()
    return psutil.Process(ours._process.pid)


def test_each_notebook_has_a_kernel_of_its_own_that_has_run_nothing(shown):
    first, second = shown(), shown()
    for names, _, rest, _ in (first, second):
        assert names == "['In', 'Out', 'exit', 'get_ipython', 'none', 'open', 'quit']"
        assert rest == "True 1"
    assert first[1] != second[1]


def test_a_kernel_is_forked_from_the_process_that_has_imported_its_modules(server):
    with kernel() as manager:
        process = psutil.Process(manager.provisioner.pid)
        assert process.ppid() == server.pid
    assert not process.is_running()


def test_where_the_process_they_are_forked_from_has_died_it_is_started_anew(server, shown):
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    assert shown()[2] == "True 1"


def test_kernels_end_with_the_process_they_are_forked_from(server):
    with kernel() as manager:
        process = psutil.Process(manager.provisioner.pid)
        os.kill(server.pid, signal.SIGKILL)
        process.wait(timeout=10)


@pytest.mark.parametrize(
    ("accident", "timeout_s"), [(signal.SIGKILL, 60), (signal.SIGSTOP, 1)], ids=["died", "stuck"]
)
def test_a_kernel_that_cannot_answer_is_waited_for_no_longer_than_said(accident, timeout_s):
    with kernel() as manager:
        os.kill(manager.provisioner.pid, accident)
        client = manager.client()
        client.start_channels()
        with pytest.raises(DeadKernelError):
            run_sync(client.wait_for_ready)(timeout=timeout_s)
        client.stop_channels()
