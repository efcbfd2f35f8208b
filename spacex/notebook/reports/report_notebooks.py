"""The notebooks of reports: those of the project, and one's own."""

import os
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import msgspec

from spacex.errors import NotebookError
from spacex.files import read_file
from spacex.notebook.notebook_files import literal, read_notebook
from spacex.notebook.runner import Declared, Parameter, declared_parameters
from spacex.settings import Settings, command
from spacex.settings.values import nearest

COMMANDS = (COMPARE, PLANNED) = ("compare", "plan")
"""What `spacex report` does beside making reports; no report may have such a name."""

NUMBERED = re.compile(r"\d\d_")
"""How the name of a notebook begins that each run executes after the load."""


@dataclass(frozen=True)
class Report:
    """A report that can be made.

    Attributes:
        name: its name, that of the notebook.
        path: the notebook.
        title: the notebook's heading.
        parameters: what the notebook declares, in its order. Their defaults are those of the file
            beside it, if that has them.
        beside: name → value of the file beside it, `NAME.toml`; one's own notebooks may have one.
        is_own: whether it is one's own.
        problem: why it cannot be made; empty if it can.
    """

    name: str
    path: Path
    title: str = ""
    parameters: tuple[Declared, ...] = ()
    beside: dict[str, Parameter] = field(default_factory=dict)
    is_own: bool = False
    problem: str = ""

    @property
    def is_numbered(self) -> bool:
        """Whether each run executes it after the load."""
        return self.is_own and bool(NUMBERED.match(self.name))

    @property
    def example(self) -> str:
        """A command that makes it."""
        example = _EXAMPLES.get(self.name, "")
        return command("report", f"{self.name} {example}".strip())

    def default(self, name: str) -> Parameter | None:
        """Return the default of a parameter; None if the notebook computes it."""
        (found,) = (each for each in self.parameters if each.name == name)
        try:
            value: Parameter = literal(found.default)
        except ValueError:
            return None
        return value


_SUFFIX = ".ipynb"
_EXAMPLES = {
    "booster": "B1067",
    "fleet": "2025-06-30",
    "launch": "2022-010",
    "place": "Berlin --nights 3",
    "satellite": "STARLINK-3181",
    "week": "2025-06-02",
}


def find_reports(settings: Settings) -> list[Report]:
    """Return the reports by name, the project's own before those of the user.

    A notebook that cannot be read is among them, with its problem.
    """
    bundled = [_report(path) for path in _notebooks(settings.notebooks_dir / "reports")]
    names = [each.name for each in bundled]
    own = [_own(path, names) for path in _notebooks(settings.own_notebooks_dir)]
    return [*bundled, *own]


def report_names(settings: Settings) -> list[str]:
    """Return the names of all reports, without reading their notebooks."""
    folders = (settings.notebooks_dir / "reports", settings.own_notebooks_dir)
    return [path.stem for folder in folders for path in _notebooks(folder)]


def find_report(settings: Settings, name: str) -> Report:
    """Return a report by its name, or that of any notebook by its path.

    Raises:
        NotebookError: there is none of that name, or its notebook cannot be made.
    """
    known = find_reports(settings)
    if name.endswith(_SUFFIX):
        known.append(_of_file(Path(name), known))
        name = known[-1].name
    found = next((each for each in reversed(known) if each.name == name), None)
    if found is None:
        names = [each.name for each in known]
        raise NotebookError(
            f"There is no report {name!r}{nearest(name, names) or '.'}",
            f"The reports are {', '.join(names)}.",
        )
    if found.problem:
        raise NotebookError(f"The report {name} cannot be made: {found.problem}")
    return found


def _notebooks(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.glob(f"*{_SUFFIX}") if path.is_file())


def _of_file(path: Path, known: Iterable[Report]) -> Report:
    """Return the report of a notebook anywhere.

    Raises:
        NotebookError: there is no such file.
    """
    try:
        is_there = path.is_file()
    except OSError:  # such as a name that is too long
        is_there = False
    if not is_there:
        raise NotebookError(f"There is no notebook {path}.", "Check its path.")
    others = [each for each in known if not each.path.samefile(path)]
    if any(each.name == path.stem for each in others):
        return _taken(path)
    return _own(path, [each.name for each in others if not each.is_own])


def is_reserved(name: str, bundled: Iterable[str]) -> bool:
    """Return whether one's own notebook cannot have a name.

    Args:
        name: the name.
        bundled: the names of the project's reports. Their pages are in folders whose names begin
            with theirs.
    """
    lower = name.casefold()
    return lower in COMMANDS or any(f"{lower}_".startswith(f"{each}_") for each in bundled)


def _taken(path: Path) -> Report:
    problem = f"{path} has a name that is taken. Rename it."
    return Report(path.stem, path, is_own=True, problem=problem)


def _own(path: Path, bundled: Iterable[str]) -> Report:
    if is_reserved(path.stem, bundled):
        return _taken(path)
    report = _report(path, is_own=True)
    if report.problem:
        return report
    try:
        beside = _read_beside(report)
    except NotebookError as error:
        return replace(report, problem=str(error))
    parameters = tuple(
        replace(it, default=repr(beside[it.name])) if it.name in beside else it
        for it in report.parameters
    )
    return replace(report, parameters=parameters, beside=beside)


def _read_beside(report: Report) -> dict[str, Parameter]:
    """Return the values of the file beside a notebook; none if there is no such file.

    Raises:
        NotebookError: the file cannot be read, or has what is no parameter of the notebook.
    """
    path = report.path.with_suffix(".toml")
    if not os.path.lexists(path):
        return {}
    try:
        found = msgspec.toml.decode(read_file(path).removeprefix(BOM_UTF8))
    except (OSError, ValueError, RecursionError) as error:
        raise NotebookError(
            f"{path} cannot be read: {error}.", 'Write a line for each parameter: NAME = "VALUE".'
        ) from None
    names = [each.name for each in report.parameters]
    return dict(_checked_beside(path, name, value, names) for name, value in found.items())


def _checked_beside(
    path: Path, key: str, value: object, names: Sequence[str]
) -> tuple[str, Parameter]:
    """Return the parameter that an entry of a file beside a notebook means, and its value.

    Raises:
        NotebookError: there is no such parameter, or the value is of a type that none has.
    """
    name = key.replace("-", "_")
    if name not in names:
        listed = ", ".join(names) or "none"
        raise NotebookError(
            f"{path.name} has {key}, which is no parameter of {path.stem}.ipynb"
            f"{nearest(name, names) or '.'}",
            f"Its parameters: {listed}.",
        )
    if isinstance(value, date):  # also with a time
        return name, value.isoformat()
    try:
        return name, msgspec.convert(value, Parameter)
    except msgspec.ValidationError:
        raise NotebookError(
            f"{path.name}: {key} is {value}.",
            "Write a text in quotes, a number, true, false, or a list of texts.",
        ) from None


def _report(path: Path, *, is_own: bool = False) -> Report:
    try:
        parameters = tuple(declared_parameters(path).values())
        return Report(path.stem, path, _title(path), parameters, is_own=is_own)
    except NotebookError as error:
        return Report(path.stem, path, is_own=is_own, problem=str(error))


def _title(path: Path) -> str:
    """Return the heading of a notebook; empty if it does not begin with one."""
    cells = read_notebook(path).cells
    first = cells[0].source.strip().splitlines() if cells else []
    return first[0].lstrip("# ") if first and first[0].startswith("#") else ""
