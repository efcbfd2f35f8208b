"""The notebooks of reports: those of the project, and one's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spacex.errors import NotebookError
from spacex.notebook.notebook_files import literal, read_notebook
from spacex.notebook.runner import Declared, Parameter, declared_parameters
from spacex.settings import Settings, command
from spacex.settings.values import nearest

COMMANDS = (COMPARE, PLANNED, NEW) = ("compare", "plan", "new")
"""What `spacex report` does beside making reports; no report may have such a name."""


@dataclass(frozen=True)
class Report:
    """A report that can be made.

    Attributes:
        name: its name, that of the notebook.
        path: the notebook.
        title: the notebook's heading.
        parameters: what the notebook declares, in its order.
        is_own: whether it is one's own.
        problem: why it cannot be made; empty if it can.
    """

    name: str
    path: Path
    title: str = ""
    parameters: tuple[Declared, ...] = ()
    is_own: bool = False
    problem: str = ""

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
    taken = {*COMMANDS, *(each.name for each in bundled)}
    own = [_own(path, taken) for path in _notebooks(settings.own_notebooks_dir)]
    return [*bundled, *own]


def report_names(settings: Settings) -> list[str]:
    """Return the names of all reports, without reading their notebooks."""
    folders = (settings.notebooks_dir / "reports", settings.own_notebooks_dir)
    return [path.stem for folder in folders for path in _notebooks(folder)]


def find_report(settings: Settings, name: str) -> Report:
    """Return a report by its name.

    Raises:
        NotebookError: there is none of that name, or its notebook cannot be made.
    """
    known = find_reports(settings)
    found = next((each for each in known if each.name == name), None)
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
    yield from sorted(path for path in folder.glob("*.ipynb") if path.is_file())


def _own(path: Path, taken: set[str]) -> Report:
    if path.stem in taken:
        problem = f"{path} has a name that is taken. Rename it."
        return Report(path.stem, path, is_own=True, problem=problem)
    return _report(path, is_own=True)


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
