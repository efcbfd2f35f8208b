"""Make reports: each in a kernel and a folder of its own, several at a time.

The page of a report is reused until its data, notebook, parameters or the release change, and for
one day (UTC) at most, because reports say what can be seen tonight. A failed attempt leaves it.
"""

import os
import re
import shutil
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout
from jupyter_core.utils import ensure_event_loop

from spacex import __version__
from spacex.analysis.queries import run
from spacex.errors import NotebookError, SpacexError
from spacex.notebook.forked_kernel import PIPELINE, start_fork_server
from spacex.notebook.kernel_options import KernelOptions
from spacex.notebook.notebook_files import read_notebook
from spacex.notebook.reports.parameter_checks import checked
from spacex.notebook.reports.report_notebooks import Report
from spacex.notebook.reports.report_records import (
    FAILED,
    ReportRecord,
    read_report_record,
    write_report_record,
)
from spacex.notebook.run_index import write_index
from spacex.notebook.runner import Executed, PageOptions, Parameter, execute
from spacex.settings import IN_CHECKOUT, PROJECT, Settings, environment
from spacex.units import utc_now, utc_text
from spacex.warehouse.data_digest import data_digest

LONGEST_NAME = 80
_LOCKS = ".locks"
PRELOADED = (
    *PIPELINE,
    "spacex.notebook.article_charts",
    "spacex.analysis.articles.satellite",
    "spacex.analysis.articles.sources_and_limits",
)
"""Modules that kernels share, those of the project's notebooks among them."""


@dataclass(frozen=True)
class Order:
    """A report to be made, whose parameters are checked.

    Attributes:
        report: the report.
        parameters: those given, in their canonical form.
        beside: those of the file beside the notebook that are not given.
    """

    report: Report
    parameters: dict[str, Parameter]
    beside: dict[str, Parameter] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Parameter]:
        """The parameters with which the notebook is executed; the others have their defaults."""
        return self.beside | self.parameters

    @property
    def title(self) -> str:
        """Its heading with its parameters, which tells pages and mails of one report apart."""
        given = ", ".join(_given(self.report, self.parameters, " "))
        return f"{self.report.title}: {given}" if given else self.report.title

    @property
    def name(self) -> str:
        """The name of its folder, such as `launch_2022-010`."""
        return folder_name(self.report, self.parameters)


@dataclass(frozen=True)
class Made:
    """What became of an order.

    Attributes:
        order: the order.
        page: the report's page; None if there is none.
        record: its record; None if it could not be made.
        is_reused: whether the page was made before and is still right.
        error: why it could not be made; None if it was.
    """

    order: Order
    page: Path | None = None
    record: ReportRecord | None = None
    is_reused: bool = False
    error: SpacexError | None = None


def order(report: Report, given: Mapping[str, Parameter], database: Path) -> Order:
    """Return an order of a report, after checking its parameters.

    Args:
        report: the report.
        given: name → value, or text that stands for one.
        database: the database.

    Raises:
        NotebookError, DataError, SettingsError, DatabaseError: see `checked`.
    """
    run(database)  # names what is wrong with the file
    values = checked(report, {**report.beside, **given}, database)
    parameters = {name: value for name, value in values.items() if name in given}
    beside = {name: value for name, value in values.items() if name not in given}
    return Order(report, parameters, beside)


def make(settings: Settings, ordered: Order, *, again: bool = False) -> Made:
    """Make a report, or take the one made before if nothing has changed.

    Args:
        settings: the folders and time limits.
        ordered: the report and its parameters.
        again: whether to make it in any case.

    Returns:
        The report, or the error that kept it from being made.
    """
    try:
        locks = settings.reports_dir / _LOCKS
        locks.mkdir(parents=True, exist_ok=True)
        # Another process may make it as well.
        with FileLock(locks / f"{ordered.name}.lock", timeout=settings.notebook_timeout_s):
            _check_folder(settings, ordered)
            return _made_before(settings, ordered, again=again) or _make(settings, ordered)
    except Timeout:
        problem = NotebookError(
            f"Another process has been making it for more than {settings.notebook_timeout_s} s.",
            "Wait for its end, or stop it.",
        )
        return Made(ordered, error=problem)
    except SpacexError as error:
        return Made(ordered, error=error)
    except OSError as error:
        reason = error.strerror or error
        problem = NotebookError(f"The report cannot be written to {settings.reports_dir}: {reason}")
        return Made(ordered, error=problem)
    except Exception as error:  # noqa: BLE001 - the notebook, papermill or nbconvert may raise any
        problem = NotebookError(
            f"{ordered.report.path.name} cannot be made: {type(error).__name__}: {error}",
            "Open it in JupyterLab, run all cells, and save it.",
        )
        return Made(ordered, error=problem)


def _check_folder(settings: Settings, ordered: Order) -> None:
    """Check that the folder of a report is not that of another one.

    Raises:
        NotebookError: it is, because their names differ only in what no folder is named with.
    """
    folder = settings.reports_dir / ordered.name
    record = read_report_record(folder)
    if record and record.report != ordered.report.name:
        raise NotebookError(
            f"Its folder {folder} has the page of {record.report}.",
            f"Rename the notebook, or remove the folder if there is no {record.report} any more.",
        )


def make_all(
    settings: Settings,
    orders: Sequence[Order],
    *,
    again: bool = False,
    in_order: bool = False,
    on_made: Callable[[Made], None] = lambda _made: None,
) -> list[Made]:
    """Make reports, as many at a time as there are processors; one that fails harms no other.

    Args:
        settings: the folders and time limits.
        orders: the reports and their parameters; each is made once.
        again: whether to make them in any case.
        in_order: whether to make one after the other.
        on_made: called after each, in the order of the reports.

    Raises:
        StorageError: the page that lists the reports cannot be written.
    """
    once = list({(each.report.path, each.name): each for each in orders}.values())
    start_fork_server(PRELOADED)
    at_once = 1 if in_order else min(processors(), len(once)) or 1
    with ThreadPoolExecutor(max_workers=at_once) as threads:
        made = []
        try:
            for each in threads.map(partial(_make_in_thread, settings, again), once):
                on_made(each)
                made.append(each)
        except BaseException:  # such as Ctrl-C; the threads end with their kernels
            from spacex.notebook.kernels import kill_kernels  # noqa: PLC0415 - heavy

            kill_kernels()
            raise
    write_index(settings)
    return made


def _make_in_thread(settings: Settings, again: bool, ordered: Order) -> Made:  # noqa: FBT001 - of `partial`
    """Make a report, and close the event loop that Jupyter opens for the thread."""
    loop = ensure_event_loop()
    try:
        return make(settings, ordered, again=again)
    finally:
        loop.close()


def processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def folder_name(report: Report, parameters: Mapping[str, Parameter]) -> str:
    """Return the name of a report's folder, of letters, digits, `-` and `_`.

    If letters are replaced, or if other parameters could have the same name, a digest keeps the
    names of different values apart.

    Args:
        report: the report.
        parameters: the parameters given.
    """
    whole = "_".join([report.name, *_given(report, parameters, "-")])
    plain = _plain(whole)
    if _is_ambiguous(report, parameters):
        whole = msgspec.json.encode((report.name, parameters), order="sorted").decode()
    elif plain == whole.replace(" ", "-") and len(plain) <= LONGEST_NAME:
        return plain
    return f"{plain[:LONGEST_NAME].rstrip('-')}-{sha256(whole.encode()).hexdigest()[:8]}"


def _is_ambiguous(report: Report, parameters: Mapping[str, Parameter]) -> bool:
    """Return whether a value looks like several, or like the name of a parameter with its value."""
    names = tuple(f"{each.name}-" for each in report.parameters)
    parts = [
        part
        for value in parameters.values()
        for part in (value if isinstance(value, list) else [str(value)])
    ]
    first = str(parameters.get(report.parameters[0].name, "")) if report.parameters else ""
    is_list = any(isinstance(value, list) for value in parameters.values())
    return any("_" in part or (is_list and "," in part) for part in parts) or first.startswith(
        names
    )


def _given(report: Report, parameters: Mapping[str, Parameter], between: str) -> list[str]:
    """Return the value of the first parameter, then name and value of the others that are given."""
    first = report.parameters[0].name if report.parameters else ""
    texts = {name: _text(value) for name, value in sorted(parameters.items())}
    parts = [texts[first]] if first in texts else []
    return parts + [f"{name}{between}{text}" for name, text in texts.items() if name != first]


def _text(value: Parameter) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^0-9A-Za-z_-]+", "-", letters).strip("-") or "report"


def _made_before(settings: Settings, ordered: Order, *, again: bool) -> Made | None:
    """Return the report if it was made from the same data, notebook, parameters and release."""
    folder = settings.reports_dir / ordered.name
    record = read_report_record(folder)
    if again or not record or record.basis != _basis(settings, ordered):
        return None
    page = folder / record.page
    return Made(ordered, page, record, is_reused=True) if page.is_file() else None


def _make(settings: Settings, ordered: Order) -> Made:
    """Make a report in a folder of its own, whose files then replace those made before."""
    folder = settings.reports_dir / ordered.name
    attempt = folder / FAILED
    shutil.rmtree(attempt, ignore_errors=True)
    record = _record(settings, ordered)
    started = time.monotonic()
    try:
        executed = execute(
            ordered.report.path,
            attempt,
            ordered.values,
            kernel=_kernel(settings, ordered.report),
            page=PageOptions(show_code=False, title=record.title),
        )
    except NotebookError as error:
        record.duration_s = time.monotonic() - started
        record.failure = error.message
        write_report_record(attempt, record)
        return Made(ordered, error=error)
    record.duration_s = executed.duration_s
    record.headline = headline(executed.notebook)
    return Made(ordered, _put(executed, folder, record), record)


def _kernel(settings: Settings, report: Report) -> KernelOptions:
    """Return how the kernel of a report runs: that of one's own in the folder of the notebook."""
    folder = report.path.parent.absolute() if report.is_own else None
    return KernelOptions(
        settings.cell_timeout_s, settings.notebook_timeout_s, folder, environment(settings)
    )


def _put(executed: Executed, folder: Path, record: ReportRecord) -> Path:
    """Move the files of a report to its folder, the record last; return its page."""
    for path in (executed.notebook, executed.html):
        path.replace(folder / path.name)
    shutil.rmtree(executed.html.parent, ignore_errors=True)
    write_report_record(folder, record)
    return folder / executed.html.name


def _record(settings: Settings, ordered: Order) -> ReportRecord:
    """Return the record of a report that is about to be made."""
    published = run(settings.database)
    return ReportRecord(
        report=ordered.report.name,
        title=ordered.title,
        parameters=ordered.values,
        page=f"{ordered.report.path.stem}.html",
        made_utc=utc_text(utc_now()),
        duration_s=0,
        run_id=str(published["run_id"]),
        is_simulated=bool(published["is_simulated"]),
        version=__version__,
        basis=_basis(settings, ordered),
    )


def _basis(settings: Settings, ordered: Order) -> str:
    """Return the digest of all that a report depends on."""
    parts = (
        data_digest(settings.database),
        sha256(ordered.report.path.read_bytes()).hexdigest(),
        ordered.values,
        __version__,
        _newest_code() if IN_CHECKOUT else 0,
        f"{utc_now():%Y-%m-%d}",
    )
    return sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()


@cache
def _newest_code() -> int:
    """Return when the code of the project was last changed, ns since 1970."""
    return max(path.stat().st_mtime_ns for path in (PROJECT / "spacex").rglob("*.py"))


def headline(notebook: Path) -> str:
    """Return the sentences that an executed notebook shows with `show.verdict`; empty if none."""
    return next(_headlines(read_notebook(notebook, is_executed=True).cells), "")


def _headlines(cells: Sequence[Mapping[str, object]]) -> Iterator[str]:
    for cell in cells:
        outputs = cell.get("outputs", ())
        for output in outputs if isinstance(outputs, list) else ():
            shown = output.get("metadata", {}).get("text/html", {})
            if text := shown.get("headline"):
                yield text
