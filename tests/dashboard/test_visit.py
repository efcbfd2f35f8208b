"""The widgets of one visitor, without a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from ipywidgets import Widget

from spacex.dashboard.app.database_watch import Watch
from spacex.dashboard.app.page_session import FAILED
from spacex.dashboard.app.session import VisitorSession
from spacex.dashboard.pages import PAGES
from spacex.dashboard.ui.filters import Choice
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.page import Page, TextPanel
from spacex.dashboard.ui.view import View
from spacex.settings import Settings

LARGEST_BYTES = 1_000_000


def words(view: View) -> list[Node]:
    found = view.rows("SELECT count(*) AS launches FROM v_launches WHERE {chosen}")
    return [tag("p", str(found["launches"].item()))]


def broken(_view: View) -> list[Node]:
    raise ZeroDivisionError


PLAIN = Page(
    name="plain",
    title="Plain",
    lead="A page for tests.",
    filters=(Choice("rocket", "Rocket", "rocket"),),
    panels=lambda _state: (TextPanel(words), TextPanel(broken)),
)


def shown(visit: VisitorSession) -> list[str]:
    """The first texts of the panels of the page that is shown."""
    grid = visit._body.children[0].children[2]
    return [str(panel.children[0].tree) for panel in grid.children]


def test_a_panel_that_fails_leaves_the_others_standing(sampled: Settings) -> None:
    visit = VisitorSession(sampled.database, [PLAIN])
    good, bad = visit._body.children[0].children[2].children
    assert "205" in str(good.children[0].tree)
    assert FAILED in bad._dom_classes
    assert FAILED not in good._dom_classes


def test_the_address_and_the_state_follow_each_other(sampled: Settings) -> None:
    visit = VisitorSession(sampled.database, [PLAIN])
    visit.address.query = "rocket=Falcon+1"
    assert "'5'" in shown(visit)[0]
    visit.state.change({"rocket": ""})
    assert visit.address.query == ""
    assert "205" in shown(visit)[0]


def test_without_a_database_it_says_so_and_fills_when_one_comes(
    sampled: Settings, tmp_path: Path
) -> None:
    database = tmp_path / "starlink.db"
    visit = VisitorSession(database, [PLAIN])
    assert "make run" in str(visit._head.tree)
    assert visit._body.children == ()
    database.write_bytes(sampled.database.read_bytes())
    visit.watch.look()
    assert "205" in shown(visit)[0]
    database.unlink()
    visit.watch.look()
    assert "make run" in str(visit._head.tree)


def test_a_file_is_reported_when_it_comes_changes_and_goes(tmp_path: Path) -> None:
    path, seen = tmp_path / "file", []
    watch = Watch(path, lambda: seen.append(path.exists()))
    watch.look()
    path.write_text("one")
    watch.look()
    watch.look()
    (tmp_path / "new").write_text("two")
    (tmp_path / "new").replace(path)
    watch.look()
    path.unlink()
    watch.look()
    assert seen == [True, True, False]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_widget_of_a_page_is_heavy(sampled: Settings, page: Page) -> None:
    visit = VisitorSession(sampled.database, PAGES)
    visit.state.change({"page": page.name})
    assert max(len(str(state)) for state in states(visit.widget)) < LARGEST_BYTES


def states(widget: Widget) -> Iterator[dict[str, object]]:
    """What is sent for a widget and all within it, its module apart: the server sends that once."""
    state = widget.get_state()
    yield {name: value for name, value in state.items() if name not in {"_esm", "_css"}}
    for child in getattr(widget, "children", ()):
        yield from states(child)
