"""Kernels started ahead: real ones, as the flow takes them."""

import os
import signal

import nbformat
import psutil
import pytest

from spacex import kernels
from spacex.errors import NotebookError
from spacex.notebooks import execute


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
        nbformat.v4.new_code_cell("print('spacex.exhibits' in sys.modules, os.environ['MINE'])"),
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


def waiting():
    """The process of the kernel that waits."""
    return psutil.Process(kernels._supply.waiting.manager.provisioner.pid)


def test_each_notebook_has_a_kernel_of_its_own_that_has_run_nothing(shown):
    with kernels.ahead(2):
        first, second = shown(), shown()
    third = shown()
    for names, _, rest, _ in (first, second, third):
        assert names == "['In', 'Out', 'exit', 'get_ipython', 'none', 'open', 'quit']"
        assert rest == "True 1"
    assert len({first[1], second[1], third[1]}) == 3


def test_the_next_kernel_is_started_as_one_is_taken_and_none_too_many(shown):
    with kernels.ahead(2):
        ahead = waiting().pid
        assert shown()[1] == str(ahead)
        ahead = waiting().pid
        assert shown()[1] == str(ahead)
        assert kernels._supply.waiting is None


def test_a_kernel_that_died_while_it_waited_is_replaced(shown):
    with kernels.ahead(1):
        os.kill(waiting().pid, signal.SIGKILL)
        assert shown()[2] == "True 1"


def test_no_kernel_outlives_the_run_that_stops():
    def run():
        with kernels.ahead(3):
            started.append(waiting())
            raise NotebookError("Stopped.")

    started = []
    with pytest.raises(NotebookError):
        run()
    assert not started[0].is_running()
    assert kernels._supply.waiting is None
