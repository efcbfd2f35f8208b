"""Pages of one's own, from files."""

import re
from pathlib import Path

import pytest

from spacex.dashboard.app.own_pages import own_pages
from spacex.dashboard.app.page_session import FAILED
from spacex.dashboard.app.session import VisitorSession
from spacex.dashboard.pages import PAGES
from spacex.settings import PROJECT, Settings

EXTENDING = (PROJECT / "docs" / "extending.md").read_text()
(EXAMPLE,) = re.findall(r"```python\n(\"\"\"The page Pads.*?)```", EXTENDING, re.DOTALL)
"""The page that docs/extending.md shows."""


def session_of(folder: Path, sampled: Settings) -> VisitorSession:
    """Return a visitor's session with the pages of a folder after those of the project."""
    taken = {page.name for page in PAGES}
    return VisitorSession(sampled.database, [*PAGES, *own_pages(folder, taken)])


def opened(session: VisitorSession, page: str) -> list[str]:
    """Open a page; return the markup of its panels."""
    session.url.query = f"page={page}"
    grid = session._body.children[0].children[2]
    return [str(getattr(panel.children[0], "tree", "")) for panel in grid.children]


def test_the_page_of_the_docs_works_as_it_stands(tmp_path: Path, sampled: Settings) -> None:
    (tmp_path / "pads.py").write_text(EXAMPLE)
    session = session_of(tmp_path, sampled)
    assert "Launches by site" in opened(session, "pads")[0]
    (panel,) = session._body.children[0].children[2].children
    assert FAILED not in panel._dom_classes
    assert "CCSFS SLC 40" in str(panel.children[1].datasets)
    assert session.url.title.startswith("Pads")


UNUSABLE = {
    "PAGE = ": "SyntaxError in line 1: ",
    "import nowhere": "ModuleNotFoundError in line 1: No module named 'nowhere'.",
    "\n\nraise SystemExit(3)": "SystemExit in line 3: 3.",
    "page = 1": "It does not end in PAGE = Page(…).",
    "PAGE = 1": "It does not end in PAGE = Page(…).",
    EXAMPLE.replace('"pads"', '"now"'): "There is another page with the name 'now'.",
    EXAMPLE.replace("PAGE = Page(", "PAGE = Page(nothing=1, "): "TypeError in line ",
}


@pytest.mark.parametrize(("code", "reason"), UNUSABLE.items(), ids=range(len(UNUSABLE)))
def test_an_unusable_file_is_named_with_its_reason(
    tmp_path: Path, sampled: Settings, code: str, reason: str
) -> None:
    (tmp_path / "a.py").write_text(code)
    (tmp_path / "b.py").write_text(EXAMPLE)
    session = session_of(tmp_path, sampled)
    (panel,) = opened(session, "own-a")
    assert f"a.py: {reason}" in panel
    assert "Launches by site" in opened(session, "pads")[0]


def test_a_page_without_panels_says_why(tmp_path: Path, sampled: Settings) -> None:
    (tmp_path / "pads.py").write_text(EXAMPLE.replace("return (ChartPanel", "return (Unknown"))
    (panel,) = opened(session_of(tmp_path, sampled), "pads")
    assert re.search(r"pads\.py: NameError in line \d+: name 'Unknown' is not defined\.", panel)


def test_a_filter_without_a_column_does_not_affect_other_pages(
    tmp_path: Path, sampled: Settings
) -> None:
    wrong = 'Choice("x", "X", "no_such_column", "v_launches")'
    code = EXAMPLE.replace("(YEARS, ROCKET)", f"({wrong},)")
    (tmp_path / "pads.py").write_text(f"from spacex.dashboard.ui.filters import Choice\n{code}")
    session = session_of(tmp_path, sampled)
    session.url.query = "page=pads"
    form = session._body.children[0].children[1]
    assert "The filter X cannot be used: The statement cannot be run" in str(form.tree)
    assert session._navigation.tree
    assert opened(session, "launches")


def test_of_two_files_with_one_name_the_first_counts(tmp_path: Path, sampled: Settings) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(EXAMPLE)
    session = session_of(tmp_path, sampled)
    assert "Launches by site" in opened(session, "pads")[0]
    assert "There is another page with the name 'pads'" in opened(session, "own-b")[0]


def test_there_need_be_no_folder(tmp_path: Path) -> None:
    assert own_pages(tmp_path / "none", ()) == []
