"""The documentation is held to what it tells of: files, commands, settings, tables and SQL."""

import ast
import importlib
import re
import subprocess
from pathlib import Path

import nbformat
import pytest
import typer

from spacex.analysis.queries import query
from spacex.cli.app import app
from spacex.schema import TABLES
from spacex.settings import PROJECT, Settings
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

NOT_OURS = [
    "py" + r"pi\.(org|io)",
    r"python" + r"hosted\.org",
    r"npm" + r"js\.(org|com)",
    r"ana" + r"conda\.(org|com)",
    r"(?<![\w.<])/" + r"work/",
    r"(?<![\w.<])/" + r"home/\w",
    r"(?<![\w.<])/" + r"Users/\w",
]
"""Places that packages come from, and paths of somebody's machine."""

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def cells(notebook: Path, kind: str) -> str:
    """The cells of a kind of a notebook, one below the other."""
    every = nbformat.read(notebook, as_version=4).cells
    return "\n\n".join(cell.source for cell in every if cell.cell_type == kind)


def prose(page: Path) -> str:
    """What a page says, in Markdown."""
    return cells(page, "markdown") if page in NOTEBOOKS else page.read_text()


def blocks(page: Path, language: str = r"\w*") -> list[str]:
    """The fenced blocks of a page in a language, or in any, without their indent."""
    fenced = rf"^ *```{language}\n(.*?)^ *```"
    return re.findall(fenced, prose(page), re.MULTILINE | re.DOTALL)


def spans(page: Path) -> list[str]:
    """The words of a page that are set as code, outside of blocks."""
    rest = re.sub(r"^ *```.*?^ *```", "", prose(page), flags=re.MULTILINE | re.DOTALL)
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", rest)]


def lines_of_code(page: Path) -> list[str]:
    indented = re.findall(r"^ {4}(.+)$", prose(page), re.MULTILINE)
    return [*spans(page), *indented, *(line for each in blocks(page) for line in each.splitlines())]


@every_page
def test_every_link_leads_to_a_file(page):
    links = re.findall(r"\]\(([^)#\s]+)", prose(page))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


@every_page
def test_every_target_of_make_is_there(page):
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    asked = {name for line in lines_of_code(page) for name in re.findall(r"\bmake ([a-z]+)", line)}
    assert asked - targets == set()


def commands(line: str) -> list[tuple[str, str]]:
    """Each command of ours in a line of code, and what follows it."""
    if line.lstrip().startswith(("from ", "import ")):
        return []
    found = re.findall(r"(?:^|[\s/])spacex ([a-z-]+)([^|;&>]*)", line)
    return found + [("run", options) for options in re.findall(r'\bmake run ARGS="([^"]*)"', line)]


@every_page
def test_every_command_and_option_is_there(page):
    for line in lines_of_code(page):
        for name, rest in commands(line):
            command = COMMANDS if name.startswith("-") else COMMANDS.commands[name]
            options = {option for parameter in command.params for option in parameter.opts}
            asked = set(re.findall(r"(?<!\S)--[a-z-]+", f"{name} {rest}"))
            assert asked <= options | {"--help"}, line


def variables(text: str) -> set[str]:
    return set(re.findall(r"\bSPACEX_[A-Z_]*[A-Z]\b", text))


SETTINGS = {f"SPACEX_{name.upper()}" for name in Settings.model_fields}


@every_page
def test_every_variable_is_a_setting_or_one_of_the_containers(page):
    containers = variables((PROJECT / "docker-compose.yml").read_text())
    assert variables(prose(page)) - SETTINGS - containers == set()


def test_the_example_of_settings_has_all_of_them():
    assert variables((PROJECT / ".env.example").read_text()) >= SETTINGS


COLUMN = rf"({'|'.join(TABLES)})\.[a-z_]+"
"""A column with its table, `launches.name`."""


@every_page
def test_every_table_view_and_column_is_there(page):
    views = {name for name in spans(page) if re.fullmatch(r"v_[a-z_]+", name)}
    records = {name for name in spans(page) if re.fullmatch(r"_[a-z]+", name)}
    assert views - VIEWS.keys() == set()
    assert records - TABLES.keys() == set()
    for table, column in (name.split(".") for name in spans(page) if re.fullmatch(COLUMN, name)):
        assert column in TABLES[table].column_names


@every_page
def test_every_module_is_there(page):
    """And what is named in it: `spacex.units.utc_now` as well as `spacex.units`."""
    for name in spans(page):
        if re.fullmatch(r"(spacex|flows)(\.\w+)+", name):
            module, _, inside = name.rpartition(".")
            found = importlib.import_module(module)
            assert hasattr(found, inside) or importlib.import_module(name)


@every_page
def test_every_file_of_the_project_that_is_named_is_there(page):
    folders = r"(spacex|flows|notebooks|tests|docs)/[\w/.]*"
    named = [span for span in spans(page) if re.fullmatch(folders, span)]
    assert [name for name in named if "NAME" not in name and not (PROJECT / name).exists()] == []


def test_the_dictionary_is_that_of_the_declared_tables():
    assert DICTIONARY.read_text() == markdown(), "make dictionary"


def test_every_part_of_the_package_has_its_place_in_the_architecture():
    diagrams = blocks(PROJECT / "docs" / "architecture.md")
    (layers,) = [each for each in diagrams if each.startswith("cli")]
    placed = {name for line in layers.splitlines() for name in line[:26].strip().split(", ")}
    paths = (PROJECT / "spacex").iterdir()
    parts = {path.stem for path in paths if path.suffix == ".py" or list(path.glob("*.py"))}
    assert parts - placed == {"__init__", "__main__"}


@every_page
def test_every_block_of_python_can_be_read(page):
    for block in blocks(page, "python"):
        ast.parse(re.sub(r"^ {3}", "", block, flags=re.MULTILINE))


def recipes() -> list[str]:
    """The queries of the cookbook: each text of its code that begins as one."""
    code = ast.parse(cells(COOKBOOK, "code"))
    texts = [node.value for node in ast.walk(code) if isinstance(node, ast.Constant)]
    return [text for text in texts if isinstance(text, str) and re.match("SELECT|WITH", text)]


SQL = [*(block for page in PAGES for block in blocks(page, "sql")), *recipes()]


def test_there_are_recipes():
    assert len(SQL) >= 20


@pytest.mark.parametrize("sql", SQL, ids=lambda sql: " ".join(sql.split())[:60])
def test_every_query_finds_something(sql, sampled, three_days):
    """In the sample; what is asked of the history, in a database that has one."""
    is_of_history = re.search("v_changes|v_observations", sql)
    assert not query(three_days if is_of_history else sampled.database, sql).empty


def ours() -> list[Path]:
    """Every file that is, or is about to be, part of the project."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    return [PROJECT / name for name in listed.stdout.splitlines()]


def test_no_file_names_a_place_of_packages_or_of_a_machine():
    forbidden = re.compile("|".join(NOT_OURS))
    found = {
        str(path.relative_to(PROJECT)): match[0]
        for path in ours()
        if path.is_file() and (match := forbidden.search(path.read_text(errors="replace")))
    }
    assert found == {}
