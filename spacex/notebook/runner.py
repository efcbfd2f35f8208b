"""Run a notebook with papermill, and write its HTML page.

Parameters are checked first, because papermill only warns about an unknown one. The executed
notebook and its page are written whether the notebook succeeds or fails.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from spacex import errors
from spacex.errors import NotebookError, SpacexError
from spacex.files import write_error
from spacex.notebook import live_charts, page_limits, pictures
from spacex.notebook.anchors import anchor, opening
from spacex.notebook.kernel_options import USUAL, KernelOptions
from spacex.notebook.notebook_files import literal, read_notebook, reading
from spacex.notebook.page_limits import MOST_OF_CHARTS
from spacex.settings.values import nearest

Parameter = str | int | float | bool | list[str]
Progress = Callable[[str, int, int, str], None]
"""Called after each cell with the notebook, cells run, number of cells, and the printed text."""

_TEMPLATE = Path(__file__).with_name("page_template")
_HEADING = re.compile(r"##? (.+)")
_RENDERING = Lock()
"""The writer of pages is shared by the threads of a process."""
_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "list[str]": (list,),
}


@dataclass(frozen=True)
class Declared:
    """A parameter as its notebook declares it.

    Attributes:
        name: its name.
        kind: its type, such as `int`; empty if it is not declared.
        default: its value, as Python code.
        help: the comment behind it.
    """

    name: str
    kind: str
    default: str
    help: str


@dataclass(frozen=True)
class PageOptions:
    """How the page of a notebook is written.

    Attributes:
        show_code: whether it shows the code.
        title: its title; its heading if empty.
    """

    show_code: bool = True
    title: str = ""


WITH_CODE = PageOptions()


@dataclass(frozen=True)
class Executed:
    """An executed notebook, its page, and its run time."""

    notebook: Path
    html: Path
    duration_s: float


def check_parameters(notebook: Path, parameters: Mapping[str, Parameter]) -> None:
    """Check that the notebook declares these parameters with these types.

    Raises:
        NotebookError: the notebook is missing, or has no cell tagged `parameters` for these, or a
            parameter is unknown or has the wrong type.
    """
    declared = declared_parameters(notebook)
    if parameters and not declared:
        raise NotebookError(
            f"{notebook.name} has no cell tagged `parameters`.",
            remedy="Tag the cell that sets the parameters.",
        )
    for name, value in parameters.items():
        if name not in declared:
            known = ", ".join(declared)
            hint = nearest(name, list(declared)) or "."
            raise NotebookError(
                f"{notebook.name} has no parameter {name}{hint}", remedy=f"Its parameters: {known}."
            )
        kind = declared[name].kind
        is_wrong_bool = isinstance(value, bool) and kind != "bool"
        if not isinstance(value, _JSON_TYPES.get(kind, ())) or is_wrong_bool:
            raise NotebookError(
                f"{notebook.name}: {name}={value!r} is not of type {kind}.",
                remedy="Pass a value of that type.",
            )


def prepare() -> None:
    """Import and start what the first execution would, while the process waits for others."""
    import papermill  # noqa: F401, PLC0415 - heavy

    _exporter(show_code=True)
    pictures.start()
    live_charts.prepare()


def execute(
    notebook: Path,
    folder: Path,
    parameters: Mapping[str, Parameter],
    *,
    kernel: KernelOptions = USUAL,
    page: PageOptions = WITH_CODE,
    on_cell: Progress | None = None,
) -> Executed:
    """Run a notebook with parameters, in a new kernel.

    Args:
        notebook: the notebook.
        folder: folder for the executed notebook and its page.
        parameters: values for its cell tagged `parameters`.
        kernel: how its kernel runs.
        page: how its page is written.
        on_cell: called after each cell.

    Raises:
        NotebookError: the parameters are wrong, a cell failed, the kernel died, or the folder
            cannot be written. The folder keeps the notebook and its page as far as it ran.
    """
    check_parameters(notebook, parameters)
    output = folder / notebook.name
    started = time.monotonic()
    with _writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            _run(notebook, output, parameters, kernel, on_cell)
        except BaseException:
            with suppress(SpacexError, OSError):  # what stopped it is the error
                render(output, page)
            raise
        html = render(output, page)
    return Executed(output, html, time.monotonic() - started)


def render(notebook: Path, options: PageOptions = WITH_CODE) -> Path:
    """Draw the charts of an executed notebook, and write its self-contained HTML page beside it.

    Raises:
        NotebookError: the notebook cannot be read, or a chart cannot be drawn.
    """
    import nbformat  # noqa: PLC0415 - heavy

    content = read_notebook(notebook, is_executed=True)
    (_, heading), *others = headings(content) or [("", notebook.stem)]
    written = "".join(each for cell in content.cells for each in _html(cell))
    contents = [(opening(h) if f"id='{opening(h)}'" in written else at, h) for at, h in others]
    resources: dict[str, Any] = {
        "metadata": {"name": options.title or heading},
        "contents": contents,
    }
    with _RENDERING:
        charts = pictures.draw(content)
        nbformat.write(content, notebook)
        page_limits.limit(content)
        if charts and len((live := live_charts.blocks(charts))["charts"]) <= MOST_OF_CHARTS:
            resources["live"] = live
        resources["summary"] = _summary(content) if options.show_code else ""
        page, _ = _exporter(show_code=options.show_code).from_notebook_node(content, resources)
    html = notebook.with_suffix(".html")
    html.write_text(page, encoding="utf-8")
    return html


def _summary(notebook: Any) -> str:
    """Take what a notebook says first out of its cell, to be shown above the code.

    Returns:
        The outputs of the first cell with a headline, and how long the notebook took; empty if no
        cell has one, as in a notebook that failed early, or if it has no heading to stand below.
    """
    has_heading = notebook.cells and notebook.cells[0].cell_type == "markdown"
    for cell in notebook.cells if has_heading else ():
        if any(_is_headline(each) for each in cell.get("outputs", ())):
            said, cell.outputs = "".join(_html(cell)), []
            duration_s = notebook.metadata.get("papermill", {}).get("duration")
            took = f"<p>This took {duration_s:.1f} s.</p>" if duration_s else ""
            return f"{said}{took}"
    return ""


def _is_headline(output: Any) -> bool:
    return "headline" in output.get("metadata", {}).get("text/html", {})


def headings(notebook: Any) -> list[tuple[str, str]]:
    """Return the anchor and the text of each heading of first and second level in its Markdown."""
    found = (
        _HEADING.match(line)
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
    )
    return [(anchor(each[1]), each[1]) for each in found if each]


def _html(cell: Any) -> list[str]:
    """Return the outputs of a cell that are HTML."""
    return [each.get("data", {}).get("text/html", "") for each in cell.get("outputs", ())]


@cache
def _exporter(*, show_code: bool) -> Any:
    """Return the writer of pages, which compiles its templates once."""
    from nbconvert import HTMLExporter  # noqa: PLC0415 - heavy

    return HTMLExporter(
        template_name=_TEMPLATE.name,
        extra_template_basedirs=[str(_TEMPLATE.parent)],
        exclude_input=not show_code,
        exclude_input_prompt=not show_code,
        exclude_output_prompt=not show_code,
    )


def declared_parameters(notebook: Path) -> dict[str, Declared]:
    """Return name → parameter, from the cell tagged `parameters`; none if there is no such cell.

    Raises:
        NotebookError: the notebook is missing, or cannot be run.
    """
    import papermill  # noqa: PLC0415 - heavy

    read_notebook(notebook)
    with reading(notebook):
        inspected = papermill.inspect_notebook(str(notebook))
    return {
        name: Declared(name, _kind(found), found["default"], found["help"])
        for name, found in inspected.items()
    }


def _kind(found: Mapping[str, str]) -> str:
    """Return the type that a parameter is declared with, or else that of its default."""
    declared = found["inferred_type_name"]
    if declared != "None":
        return declared
    with suppress(ValueError):
        return type(literal(found["default"])).__name__
    return ""


def _run(
    notebook: Path,
    output: Path,
    parameters: Mapping[str, Parameter],
    kernel: KernelOptions,
    on_cell: Progress | None,
) -> None:
    import papermill  # noqa: PLC0415 - heavy
    from nbclient.exceptions import CellTimeoutError, DeadKernelError  # noqa: PLC0415 - heavy

    kinds = [cell.cell_type for cell in read_notebook(notebook).cells]
    # To the last cell of code, with the injected parameters.
    cells = 1 + max((number for number, kind in enumerate(kinds, 1) if kind == "code"), default=0)

    def report(cell: Any, cell_index: int, **_: Any) -> None:
        if on_cell:
            on_cell(notebook.stem, cell_index + 1, cells, _printed(cell))

    started = time.monotonic()
    try:
        papermill.execute_notebook(
            str(notebook),
            str(output),
            parameters=dict(parameters),
            engine_name="spacex",
            progress_bar=False,
            options=kernel,
            start_timeout=60,
            on_cell_executed=report,
        )
    except papermill.PapermillExecutionError as error:
        raise _failed(notebook, output, error) from None
    except CellTimeoutError:
        raise NotebookError(
            f"A cell of {notebook.stem} ran for more than {kernel.cell_timeout_s} s. See {output}.",
            remedy="Raise SPACEX_CELL_TIMEOUT_S to allow more.",
        ) from None
    except DeadKernelError:
        if kernel.timeout_s and time.monotonic() - started >= kernel.timeout_s:
            raise NotebookError(
                f"{notebook.stem} ran for more than {kernel.timeout_s} s. See {output}.",
                remedy="SPACEX_NOTEBOOK_TIMEOUT_S allows more.",
            ) from None
        raise NotebookError(
            f"{notebook.stem}: its kernel died. See {output}.",
            remedy="The usual cause is a lack of memory: free some, then run again.",
        ) from None


@contextmanager
def _writing_to(folder: Path) -> Iterator[None]:
    """Turn errors of the file system into a NotebookError."""
    try:
        yield
    except TimeoutError:  # Prefect's time limit for the notebook
        raise
    except OSError as error:
        known = write_error(folder, error)
        raise NotebookError(known.message, known.remedy) from None


def _printed(cell: Any) -> str:
    return "".join(o["text"] for o in cell.get("outputs", []) if o["output_type"] == "stream")


def _failed(notebook: Path, output: Path, error: Any) -> NotebookError:
    """Return an error that names the failing cell, its error and the page."""
    is_own = error.evalue and hasattr(errors, error.ename)
    reason = error.evalue if is_own else f"{error.ename}: {error.evalue}"
    return NotebookError(
        f"{notebook.stem} stopped at cell {error.exec_count}{_failing_line(error)}. {reason}",
        remedy=f"See the notebook up to that cell: {output.with_suffix('.html')}",
        cause=error.ename,
    )


def _failing_line(error: Any) -> str:
    """Return the failing line of the cell, which the traceback marks with an arrow."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback))
    found = re.search(r"^-+> *\d+ (.+)$", plain, re.MULTILINE)
    return f" (`{found[1].strip()}`)" if found else ""
