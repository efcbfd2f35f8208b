"""The stored notebooks: short, typed, without outputs, and runnable by hand."""

import ast
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from spacex.notebook import live_charts
from spacex.notebook.run_index import PAGE
from spacex.notebook.runner import Executed, execute, headings
from spacex.settings import PROJECT
from tests.conftest import NOBODY_HOME

NOTEBOOKS = sorted(
    [*(PROJECT / "notebooks").rglob("*.ipynb"), *(PROJECT / "spacex").rglob("*.ipynb")]
)
PIPELINE = [path for path in NOTEBOOKS if re.match(r"\d\d_", path.name)]

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
every_stage = pytest.mark.parametrize("path", PIPELINE, ids=lambda path: path.stem)


def cells(path: Path, kind: str = "code") -> list[nbformat.NotebookNode]:
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    return [cell for cell in book.cells if cell.cell_type == kind]


def code(path: Path) -> ast.Module:
    return ast.parse("\n".join(cell.source for cell in cells(path)))


def test_the_pipeline_has_four_stages():
    names = [path.stem for path in PIPELINE]
    assert names == ["10_extract", "20_transform", "30_load", "40_report"]


@every_notebook
def test_a_notebook_has_no_outputs(path):
    assert not any(cell.outputs or cell.execution_count for cell in cells(path))


@every_notebook
def test_a_notebook_is_short(path):
    assert len(cells(path)) <= 12
    assert max(len(re.findall("^.", cell.source, re.MULTILINE)) for cell in cells(path)) <= 12
    for node in ast.walk(code(path)):
        assert not isinstance(node, ast.Try)
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 5


@every_notebook
def test_a_notebook_starts_with_a_title(path):
    first = nbformat.read(path, as_version=4).cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")


@every_stage
def test_parameters_are_typed_and_commented_and_imports_follow(path):
    parameters, imports, *rest = cells(path)
    assert parameters.metadata["tags"] == ["parameters"]
    for line in parameters.source.splitlines():
        assert re.fullmatch(r"\w+: (str|int|float|bool|list\[str\]) = .+  # .+", line)
    assert "import" in imports.source
    for cell in rest:
        assert not re.search(r"^(import|from) ", cell.source, re.MULTILINE)


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Executed]:
    """Execute the four stages with their defaults, in another folder and without a network."""
    folder = tmp_path_factory.mktemp("by_hand")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEX_DATA_DIR", str(folder / "data"))
        patch.setenv("SPACEX_BASE_URL", NOBODY_HOME)
        patch.setenv("SPACEX_ATTEMPTS", "1")
        patch.chdir(folder)
        return {path.stem: execute(path, folder / "out", {}) for path in PIPELINE}


class Addresses(HTMLParser):
    """Collect the addresses of resources that a page loads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        loads = {"script": "src", "img": "src", "link": "href", "iframe": "src"}
        self.found += [value for name, value in attrs if name == loads.get(tag) and value]


@every_stage
def test_a_page_is_self_contained_and_its_pictures_have_descriptions(path, executed):
    page = executed[path.stem].html.read_text()
    assert [each[:60] for each in Addresses(page).found if not each.startswith("data:")] == []
    assert "No description has been provided" not in page
    assert "<table" in page
    scripts = [live_charts.SCRIPT.read_text()] if "data-chart" in page else []
    assert re.findall(r"<script>(.*?)</script>", page, re.DOTALL) == scripts


@every_stage
def test_a_page_ends_with_links_to_the_other_pages_of_its_run(path, executed):
    page = executed[path.stem].html
    linked = re.findall(r'<a href="([^"#]*)">', page.read_text().rpartition("jp-Markdown")[2])
    *stages, runs = linked
    assert runs == f"../{PAGE}"
    assert stages
    assert {page.with_name(name).exists() for name in stages} == {True}


@every_stage
def test_a_page_has_the_title_of_its_notebook_and_links_to_its_headings(path, executed):
    page = executed[path.stem].html.read_text()
    (_, title), *contents = headings(nbformat.read(path, as_version=4))
    assert f"<title>{title}</title>" in page
    links = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', page)
    assert [(anchor.removesuffix("-open"), heading) for anchor, heading in links] == contents
    assert all(f'id="{anchor}"' in page for anchor, _ in links)


@every_stage
def test_a_page_begins_with_its_summary_and_has_words_for_people(path, executed):
    page = executed[path.stem].html.read_text()
    body = page[page.index("<main>") :]
    if path.stem != "40_report":
        assert body.index('class="summary"') < body.index("<nav") < body.index("jp-CodeCell")
        assert re.search(r"This took \d+\.\d s\.", body)
    tables = " ".join(re.findall(r"<t[dh][^>]*>.*?</t[dh]>", body, re.DOTALL))
    words = re.sub("<[^>]+>", " ", tables)
    assert re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z|https?://\S+", words) == []
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", words) == []


def test_the_report_says_that_the_fleet_is_simulated(executed):
    page = executed["40_report"].html.read_text()
    assert "The Starlink fleet is simulated" in page
    assert "cannot be reached" in page
    assert "1,800" in page


def test_the_report_claims_no_absence_of_changes_without_two_lists_and_cuts_no_year(executed):
    page = executed["40_report"].html.read_text()
    changes = page[page.index("New satellites by launch") : page.rindex("Agreement of the sources")]
    assert "Nothing to compare yet." in changes
    assert len(re.findall(r">2021<", page)) == 3  # the three sites that SpaceX used
    assert ">2020<" not in page


def test_modules_imported_by_notebooks_print_nothing(tmp_path):
    """A warning during import would appear in every report."""
    imports = {
        ast.unparse(node)
        for path in PIPELINE
        for node in ast.walk(code(path))
        if isinstance(node, ast.ImportFrom)
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "; ".join(sorted(imports))],
        env=os.environ | {"SPACEX_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
