"""The documentation agrees with the project: files, commands, settings, tables and SQL."""

import ast
import importlib
import os
import re
import shlex
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
import typer
from typer.testing import CliRunner

from spacex.analysis.queries import query
from spacex.cli.app import app
from spacex.notebook.reports.report_notebooks import find_reports
from spacex.schema import TABLES
from spacex.schema.starlink import STARLINK_ELEMENTS
from spacex.settings import PROJECT, Settings
from spacex.settings import settings as process_settings
from spacex.warehouse.dictionary import markdown
from spacex.warehouse.views import VIEWS

DICTIONARY = PROJECT / "docs" / "data-dictionary.md"
NOTEBOOKS = sorted((PROJECT / "notebooks" / "explore").glob("*.ipynb"))
PAGES = [
    *(PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted({DICTIONARY, *(PROJECT / "docs").glob("*.md")}),
    *NOTEBOOKS,
]
COOKBOOK = PROJECT / "notebooks" / "explore" / "sql_cookbook.ipynb"
COMMANDS = typer.main.get_command(app)

OF_REPORTS = {
    f"--{parameter.name}" for report in find_reports(Settings()) for parameter in report.parameters
}

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def cells(notebook: Path, kind: str) -> str:
    """Return the joined cells of a notebook of one type, "markdown" or "code"."""
    all_cells = nbformat.read(notebook, as_version=4).cells
    return "\n\n".join(cell.source for cell in all_cells if cell.cell_type == kind)


def prose(page: Path) -> str:
    """Return the Markdown of a page."""
    return cells(page, "markdown") if page in NOTEBOOKS else page.read_text()


def blocks(page: Path, language: str = r"\w*") -> list[str]:
    """Return the contents of the fenced blocks of a page, by default in any language."""
    fenced = rf"^ *```{language}\n(.*?)^ *```"
    return re.findall(fenced, prose(page), re.MULTILINE | re.DOTALL)


def spans(page: Path) -> list[str]:
    """Return the inline code of a page."""
    text = re.sub(r"^ *```.*?^ *```", "", prose(page), flags=re.MULTILINE | re.DOTALL)
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", text)]


def lines_of_code(page: Path) -> list[str]:
    """Return the inline code of a page and the lines of its code blocks."""
    indented = re.findall(r"^ {4}(.+)$", prose(page), re.MULTILINE)
    fenced = [line for block in blocks(page) for line in block.splitlines()]
    return [*spans(page), *indented, *fenced]


@every_page
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", prose(page))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


@every_page
def test_every_make_target_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    used = {name for line in lines_of_code(page) for name in re.findall(r"\bmake ([a-z]+)", line)}
    assert used - targets == set()


def commands(line: str) -> list[tuple[str, str]]:
    """Return the `spacex` commands in a line of code, each with its arguments."""
    if line.lstrip().startswith(("from ", "import ")):
        return []
    found = re.findall(r"(?:^|[\s/])spacex ([a-z-]+)([^|;&>]*)", line)
    return found + [("run", options) for options in re.findall(r'\bmake run ARGS="([^"]*)"', line)]


@every_page
def test_every_command_and_option_exists(page: Path) -> None:
    for line in lines_of_code(page):
        for name, arguments in commands(line):
            command = COMMANDS if name.startswith("-") else COMMANDS.commands[name]
            options = {option for parameter in command.params for option in parameter.opts}
            options |= OF_REPORTS if name == "report" else set()
            used = set(re.findall(r"(?<!\S)--[a-z-]+", f"{name} {arguments}"))
            assert used <= options | {"--help"}, line


def variables(text: str) -> set[str]:
    """Return the `SPACEX_` variables in a text."""
    return set(re.findall(r"\bSPACEX_[A-Z_]*[A-Z]\b", text))


SETTINGS = {f"SPACEX_{name.upper()}" for name in Settings.model_fields}


@every_page
def test_every_variable_is_a_setting_or_in_the_compose_file(page: Path) -> None:
    containers = variables((PROJECT / "docker-compose.yml").read_text())
    assert variables(prose(page)) - SETTINGS - containers == set()


def test_the_example_has_every_setting() -> None:
    assert variables((PROJECT / ".env.example").read_text()) >= SETTINGS


COLUMN = rf"({'|'.join(TABLES)})\.[a-z_]+"
"""Matches a column with its table: `launches.name`."""


@every_page
def test_every_table_view_and_column_exists(page: Path) -> None:
    views = {name for name in spans(page) if re.fullmatch(r"v_[a-z_]+", name)}
    tables = {name for name in spans(page) if re.fullmatch(r"_[a-z]+", name)}
    assert views - VIEWS.keys() == set()
    assert tables - TABLES.keys() == set()
    for table, column in (name.split(".") for name in spans(page) if re.fullmatch(COLUMN, name)):
        assert column in TABLES[table].column_names


@every_page
def test_every_module_and_its_members_exist(page: Path) -> None:
    for name in spans(page):
        if re.fullmatch(r"(spacex|flows)(\.\w+)+", name):
            module, _, member = name.rpartition(".")
            found = importlib.import_module(module)
            assert hasattr(found, member) or importlib.import_module(name)


@every_page
def test_every_project_file_exists(page: Path) -> None:
    folders = r"(spacex|flows|notebooks|tests|docs)/[\w/.]*"
    names = [span for span in spans(page) if re.fullmatch(folders, span)]
    assert [name for name in names if "NAME" not in name and not (PROJECT / name).exists()] == []


def test_the_dictionary_is_up_to_date() -> None:
    assert DICTIONARY.read_text() == markdown(), "make dictionary"


def test_the_architecture_places_every_part_of_the_package() -> None:
    diagrams = blocks(PROJECT / "docs" / "architecture.md")
    (layers,) = [each for each in diagrams if each.startswith("cli")]
    placed = {name for line in layers.splitlines() for name in line[:26].strip().split(", ")}
    paths = (PROJECT / "spacex").iterdir()
    parts = {path.stem for path in paths if path.suffix == ".py" or list(path.glob("*.py"))}
    assert parts - placed == {"__init__", "__main__"}


@every_page
def test_every_python_block_parses(page: Path) -> None:
    for block in blocks(page, "python"):
        ast.parse(re.sub(r"^ {3}", "", block, flags=re.MULTILINE))


DOOR = [
    pytest.param(block, id=f"{page.stem} {number}")
    for page in PAGES
    for number, block in enumerate(blocks(page, "python"))
    if block.startswith(("import spacex\n", "from spacex."))
]

analyst = pytest.mark.filterwarnings("ignore::spacex.errors.DataWarning")


@pytest.mark.parametrize("block", DOOR)
@pytest.mark.usefixtures("door")
@analyst
def test_the_python_of_the_door_runs_as_it_stands(block, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(block, {})  # noqa: S102


IMPORTS, *SECTIONS = re.split("^## ", (PROJECT / "docs" / "tasks.md").read_text(), flags=re.M)
TASKS = [pytest.param(each, id=each.partition(" (")[0]) for each in SECTIONS if "```" in each]
PYTHON_TASKS = [each for each in TASKS if "```python" in str(each.values[0])]


def fenced(text: str, language: str) -> str:
    """Return the fenced block of a text; empty if there is none."""
    found = re.search(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def test_there_are_ten_tasks() -> None:
    assert len(SECTIONS) == 10
    assert len(TASKS) == 8
    assert len(PYTHON_TASKS) == 7


def has_as_many_lines(task: str, code: str) -> bool:
    """Return whether the heading of a task tells the number of lines, six at most."""
    lines = len([line for line in code.splitlines() if line])
    return lines <= 6 and bool(re.search(rf"\({lines} lines?[,)]", task.partition("\n")[0]))


def test_the_commands_of_a_task_run_as_they_stand(sampled, tmp_path, monkeypatch):
    (task,) = (each for each in SECTIONS if fenced(each, "sh"))
    monkeypatch.setenv("SPACEX_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SPACEX_NOTEBOOKS", str(tmp_path / "mine"))
    os.link(sampled.database, tmp_path / "starlink.db")
    process_settings.cache_clear()
    code = fenced(task, "sh")
    for line in code.splitlines():
        done = CliRunner().invoke(app, shlex.split(line)[1:])
        assert done.exit_code == 0, done.output
    process_settings.cache_clear()
    assert "satellites at 480 km or higher." in done.stdout
    assert has_as_many_lines(task, code)


@pytest.mark.parametrize("task", PYTHON_TASKS)
@pytest.mark.usefixtures("door")
@analyst
def test_a_task_runs_as_it_stands_in_as_many_lines(task, three_days, tmp_path, monkeypatch):
    title, code, output = task.partition("\n")[0], fenced(task, "python"), fenced(task, "text")
    if "lists" in title.rpartition("(")[2]:
        monkeypatch.setenv("SPACEX_DATA_DIR", str(three_days.parent))
    monkeypatch.chdir(tmp_path)
    Path("stations.csv").write_text("name,latitude_deg,longitude_deg\nBonn,50.7,7.1\nOslo,60,11\n")
    *statements, last = ast.parse(code).body
    names: dict[str, object] = {}
    exec(fenced(IMPORTS, "python") + "\n".join(map(ast.unparse, statements)), names)  # noqa: S102
    shown = eval(ast.unparse(last), names)  # noqa: S307
    assert has_as_many_lines(task, code)
    assert not output or repr(shown) == output.strip("\n")


REPORTS = PROJECT / "docs" / "reports.md"


def test_every_report_is_described() -> None:
    described = re.findall(r"^\| `(\w+)` \|", REPORTS.read_text(), re.MULTILINE)
    assert sorted(described) == [each.name for each in find_reports(Settings()) if not each.is_own]


def test_the_report_of_ones_own_is_shown_as_it_is_written() -> None:
    book = nbformat.read(PROJECT / "spacex/notebook/reports/own_report.ipynb", as_version=4)
    cells = [cell.source for cell in book.cells if cell.cell_type == "code"]
    assert [block.strip() for block in blocks(REPORTS, "python")] == cells


def recipes() -> list[str]:
    """Return the queries of the cookbook: its string literals that begin as one."""
    code = ast.parse(cells(COOKBOOK, "code"))
    texts = [node.value for node in ast.walk(code) if isinstance(node, ast.Constant)]
    return [text for text in texts if isinstance(text, str) and re.match("SELECT|WITH", text)]


SQL = [*(block for page in PAGES for block in blocks(page, "sql")), *recipes()]


def test_there_are_recipes() -> None:
    assert len(SQL) >= 20


@pytest.mark.parametrize("sql", SQL, ids=lambda sql: " ".join(sql.split())[:60])
def test_every_query_finds_something(sql, sampled, three_days):
    reads_history = re.search("v_changes|v_observations", sql)
    assert not query(three_days if reads_history else sampled.database, sql).empty


def test_the_history_of_one_satellite_is_of_one_with_a_history(three_days, tmp_path):
    database = shutil.copy(three_days, tmp_path)
    rest = ", ".join(STARLINK_ELEMENTS.column_names[1:])
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            f"""INSERT INTO starlink_elements SELECT '2026-10-31' || substr(epoch_utc, 11), {rest}
                FROM starlink_elements WHERE norad_cat_id = 100005"""  # noqa: S608
        )
        connection.commit()
    (sql,) = (sql for sql in SQL if "altitude_km,\n       inclination_deg, bstar" in sql)
    days = query(database, sql)["epoch_utc"].str[:10]
    assert days.tolist() == ["2026-10-31", "2026-11-01"]
