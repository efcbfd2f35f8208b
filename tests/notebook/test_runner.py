"""The notebook runner, with small notebooks in real kernels."""

import errno
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import nbformat
import papermill
import pytest

from spacex.errors import NotebookError
from spacex.notebook import pictures, runner
from spacex.notebook.kernel_options import KernelOptions
from spacex.notebook.notebook_files import read_notebook
from spacex.notebook.runner import PageOptions, check_parameters, declared_parameters, execute
from tests.notebook.small_notebook import printed_text, write_notebook

PARAMETERS = """run_id: str = ""  # the run
share: float = 0.5  # of all
only: list[str] = []  # some
strict: bool = False  # or not
"""


@pytest.fixture
def notebook(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a notebook with `PARAMETERS` and the given cells."""
    return partial(write_notebook, tmp_path / "small.ipynb", PARAMETERS)


def test_a_notebook_runs_with_its_parameters_and_writes_a_page(notebook, tmp_path):
    progress = []
    executed = execute(
        notebook("print(run_id, share, only, strict)", "1 + 1"),
        tmp_path / "out",
        {"run_id": "one", "share": 1, "only": ["launches"], "strict": True},
        on_cell=lambda *cell: progress.append(cell),
    )
    assert printed_text(executed.notebook) == "one 1 ['launches'] True\n"
    assert "one 1 ['launches'] True" in executed.html.read_text()
    assert progress[-2:] == [("small", 3, 4, "one 1 ['launches'] True\n"), ("small", 4, 4, "")]


CHART = """import altair as alt
import pandas as pd
from spacex.notebook import charts
charts.for_reports()
alt.Chart(pd.DataFrame({"n": range(9_000)}), description="A <bar>").mark_bar().encode(
    alt.X("n:Q", bin=True), y="count()"
)"""


def test_charts_are_pictures_with_a_text_in_the_notebook_and_on_the_page(notebook, tmp_path):
    executed = execute(notebook(CHART), tmp_path / "out", {})
    picture = "<img alt='A &lt;bar&gt;' data-chart='0' style='max-width:100%;background:white' src="
    (shown,) = nbformat.read(executed.notebook, as_version=4).cells[-1].outputs
    assert shown.data["text/html"].startswith(picture)
    assert shown.data.keys() == {"text/html", "text/plain"}
    page = executed.html.read_text()
    assert 'alt="A &lt;bar&gt;" data-chart="0" src="data:image/svg' in page
    assert page.count("<script") == 3  # Vega, the specification, the script that draws it


def test_what_the_first_page_needs_can_be_prepared():
    code = (
        "import sys; from spacex.notebook.runner import prepare; prepare(); "
        "print({'papermill', 'nbconvert', 'vl_convert'} - sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_charts_side_by_side_are_a_picture_each_with_its_own_text(notebook, tmp_path):
    pair = (
        CHART.replace("alt.Chart(", "one = alt.Chart(")
        + """
other = one.properties(description="Another")
charts.side_by_side(one, other)"""
    )
    executed = execute(notebook(pair), tmp_path / "out", {})
    (shown,) = nbformat.read(executed.notebook, as_version=4).cells[-1].outputs
    texts = re.findall("<img alt='([^']*)'", shown.data["text/html"])
    assert texts == ["A &lt;bar&gt;", "Another"]


def test_a_chart_that_cannot_be_drawn_is_named(notebook, tmp_path):
    specification = {pictures.SPECIFICATION: '{"mark": "no mark"}'}
    cell = f"display({specification}, raw=True)"
    with pytest.raises(NotebookError, match="A chart cannot be drawn: "):
        execute(notebook(cell), tmp_path / "out", {})


@pytest.mark.attack("print markup in a notebook", "shown as text")
def test_printed_text_is_escaped_on_the_page(notebook, tmp_path):
    executed = execute(notebook("print('<script>' + 'alert(1)</script>')"), tmp_path / "out", {})
    page = executed.html.read_text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_the_page_can_hide_the_code(notebook, tmp_path):
    executed = execute(
        notebook("print('shown' * 2)"), tmp_path / "out", {}, page=PageOptions(show_code=False)
    )
    page = executed.html.read_text()
    assert "shownshown" in page
    assert "print(" not in page


LARGE = """import sys
print("<&\x1b[31m\\n" * 500_000)
print("'" * 3_000_000, file=sys.stderr)
display({"text/html": "<b>" + "x" * 9_000_000}, raw=True)
display({"text/plain": "line\\n" * 2000}, raw=True)
for _ in range(9):
    display({"text/html": "y" * 1_900_000, "text/plain": "y" * 1_900_000}, raw=True)"""


def test_a_page_takes_only_the_beginning_of_large_outputs(notebook, tmp_path):
    failing = "raise ValueError('&' * 5_000_000)"
    with pytest.raises(NotebookError, match="ValueError"):
        execute(notebook(LARGE, "print('at the end')", failing), tmp_path / "out", {})
    stored = tmp_path / "out" / "small.ipynb"
    assert printed_text(stored).count("<&") == 500_000
    page = stored.with_suffix(".html").read_text()
    assert len(page.encode()) < 6_000_000
    for sentence in (
        "The first 1,000 of 500,001 lines; the notebook has all.",
        "The first 100,000 of 3,000,001 characters; the notebook has all.",
        "An output of 9.0 MB is left out; the notebook has all.",
        "More outputs are left out; the notebook has all.",
    ):
        assert page.count(sentence) >= 1, sentence
    assert "at the end" in page


def test_charts_of_too_many_data_are_pictures_only(notebook, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "MOST_OF_CHARTS", 100)
    page = execute(notebook(CHART), tmp_path / "out", {}).html.read_text()
    assert 'data-chart="0" src="data:image/svg' in page
    assert "<script" not in page


SAYS = """from spacex.notebook import show
display(show.verdict(["12 came."]))
show.notice("One is down.")"""


def test_a_page_with_code_begins_with_what_its_notebook_says_first_and_its_time(notebook, tmp_path):
    path = notebook("1 + 1", SAYS)
    book = nbformat.read(path, as_version=4)
    book.cells.insert(0, nbformat.v4.new_markdown_cell("# All"))
    nbformat.write(book, path)
    executed = execute(path, tmp_path / "out", {})
    page = executed.html.read_text()
    assert page.count(">12 came.<") == 1
    assert page.index(">12 came.<") < page.index(">One is down.<") < page.index("jp-CodeCell")
    assert re.search(r"<p>This took \d+\.\d s\.</p>", page)
    stored = nbformat.read(executed.notebook, as_version=4).cells[-1]
    assert "12 came." in stored.outputs[0].data["text/html"]
    report = execute(path, tmp_path / "out", {}, page=PageOptions(show_code=False))
    assert "This took" not in report.html.read_text()
    without_heading = execute(notebook(SAYS), tmp_path / "out", {}).html.read_text()
    assert ">12 came.<" in without_heading


FOLDS = """from spacex.notebook import show
show.folded(show.table(__import__("pandas").DataFrame({"n": [1]})), "One", "What is known")"""


def test_the_list_of_contents_links_into_what_is_folded(tmp_path):
    path = write_notebook(tmp_path / "small.ipynb", PARAMETERS, FOLDS)
    book = nbformat.read(path, as_version=4)
    heads = [
        nbformat.v4.new_markdown_cell(each) for each in ("# All", "## What is known", "## Open")
    ]
    book.cells = [heads[0], book.cells[0], heads[1], *book.cells[1:], heads[2]]
    nbformat.write(book, path)
    page = execute(path, tmp_path / "out", {}).html.read_text()
    links = re.findall(r'<li><a href="#([^"]+)">', page)
    assert links == ["What-is-known-open", "Open"]
    assert 'id="What-is-known-open"' in page


ALL = "Its parameters: run_id, share, only, strict."


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"run": "one"}, "small.ipynb has no parameter run; did you mean run_id? " + ALL),
        ({"run_id": 1}, "run_id=1 is not of type str"),
        ({"share": "half"}, "share='half' is not of type float"),
        ({"share": True}, "share=True is not of type float"),
        ({"strict": 1}, "strict=1 is not of type bool"),
        ({"only": "launches"}, "only='launches' is not of type list"),
    ],
)
def test_unknown_or_mistyped_parameters_raise(notebook, parameters, message):
    with pytest.raises(NotebookError, match=r"parameter|type") as caught:
        check_parameters(notebook(), parameters)
    assert message in str(caught.value)


def test_a_notebook_without_a_parameters_cell_raises(notebook):
    with pytest.raises(NotebookError, match="has no cell tagged `parameters`"):
        check_parameters(notebook(tag=""), {"run_id": "x"})


def test_a_missing_or_invalid_notebook_raises(tmp_path):
    path = tmp_path / "odd.ipynb"
    with pytest.raises(NotebookError, match=r"There is no notebook .*odd\.ipynb"):
        check_parameters(path, {})
    path.write_text("print(1)")
    with pytest.raises(NotebookError, match=r"odd\.ipynb is not a runnable notebook"):
        check_parameters(path, {})


CELL = '{"cell_type": "%s", "metadata": %s, "source": "%s"%s}'
CODE = ', "execution_count": null, "outputs": []'
BOOK = (
    '{"cells": %s, "metadata": {"kernelspec": {"name": "python3"}%s}, '
    '"nbformat": 4, "nbformat_minor": 4}'
)
TAGGED = '{"tags": ["parameters"]}'
LANGUAGE = ', "language_info": {"name": "python"}'


@pytest.mark.parametrize(
    "content",
    [
        BOOK % ("[" + CELL % ("code", '{"tags": null}', "", CODE) + "]", LANGUAGE),
        BOOK % ("[" + CELL % ("code", TAGGED, "", "") + "]", LANGUAGE),
        BOOK % ("null", LANGUAGE),
        BOOK % ("[null]", LANGUAGE),
        BOOK % ("[]", ', "language_info": null'),
        '{"cells": [], "metadata": null, "nbformat": 4, "nbformat_minor": 4}',
        '{"nbformat": "x"}',
        '{"nbformat": 99}',
        "[]",
        "null",
        "[" * 100_000,
        "\udcff",
        "",
    ],
)
def test_a_damaged_notebook_is_named(tmp_path, content):
    path = tmp_path / "odd.ipynb"
    path.write_bytes(content.encode(errors="surrogateescape"))
    for read in (declared_parameters, read_notebook):
        with pytest.raises(NotebookError, match=r"odd\.ipynb is not a runnable") as caught:
            read(path)
        assert "JupyterLab" in caught.value.remedy


def test_a_folder_or_pipe_is_no_notebook(tmp_path):
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "folder.ipynb").mkdir()
    for name in ("pipe.ipynb", "folder.ipynb"):
        with pytest.raises(NotebookError, match=f"{name} is not a runnable notebook"):
            declared_parameters(tmp_path / name)


def test_a_default_that_is_no_value_has_no_type(notebook):
    path = notebook()
    book = nbformat.read(path, as_version=4)
    book.cells[0].source = "a = {[]: 1}\nb = " + "[" * 250 + "]" * 250
    nbformat.write(book, path)
    assert [each.kind for each in declared_parameters(path).values()] == ["", ""]


@pytest.mark.parametrize("left", ["", "{"])
def test_a_full_disk_is_named_though_the_page_cannot_be_written(
    notebook, tmp_path, monkeypatch, left
):
    def full(_source: str, output: str, **_: object) -> None:
        Path(output).write_text(left)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(papermill, "execute_notebook", full)
    with pytest.raises(NotebookError, match="disk is full"):
        execute(notebook(), tmp_path / "out", {})


def test_the_error_names_the_failing_cell_and_line(notebook, tmp_path):
    path = notebook("print('before')", "numerator = 1\nnumerator / 0\nnumerator + 1")
    with pytest.raises(NotebookError) as caught:
        execute(path, tmp_path / "out", {})
    error = caught.value
    page = tmp_path / "out" / "small.html"
    stopped = "small stopped at cell 3 (`numerator / 0`). ZeroDivisionError: division by zero"
    assert (error.message, error.cause) == (stopped, "ZeroDivisionError")
    assert error.remedy == f"See the notebook up to that cell: {page}"
    assert "before" in page.read_text()


def test_an_error_of_the_project_is_quoted_without_its_class(notebook, tmp_path):
    raising = "from spacex.errors import DataError\nraise DataError('Too few rows.', 'Run again.')"
    with pytest.raises(NotebookError) as caught:
        execute(notebook(raising), tmp_path / "out", {})
    assert caught.value.message.endswith("). Too few rows. Run again.")
    assert caught.value.cause == "DataError"


@pytest.mark.attack("block a run with a cell that never ends", "ends at `SPACEX_CELL_TIMEOUT_S`")
def test_a_hanging_cell_times_out(notebook, tmp_path):
    slow = notebook("import time", "time.sleep(60)")
    with pytest.raises(NotebookError, match="A cell of small ran for more than 1 s"):
        execute(slow, tmp_path / "out", {}, kernel=KernelOptions(cell_timeout_s=1))
    assert (tmp_path / "out" / "small.html").exists()


def test_a_dead_kernel_raises(notebook, tmp_path):
    with pytest.raises(NotebookError, match="small: its kernel died"):
        execute(notebook("import os", "os._exit(9)"), tmp_path / "out", {})
    assert (tmp_path / "out" / "small.html").exists()
