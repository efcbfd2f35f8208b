"""The page Changes: its figures are those of the lists, and before two lists it says so."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.app.session import VisitorSession
from spacex.dashboard.pages import PAGES
from spacex.dashboard.pages.changes import changes_page
from spacex.dashboard.ui.view import View
from spacex.settings import Settings
from tests.dashboard.conftest import Visitor, replace
from tests.dashboard.test_browser import await_charts, figure


def view(database: Path, **chosen: str) -> View:
    """The page's view, with its filters as the page makes them valid."""
    filters = changes_page.PAGE.filters
    published = PublishedDatabase(database)
    values = {f.name: f.validate(chosen.get(f.name, ""), f.options(published)) for f in filters}
    return View(published, filters, values)


def kinds(of: View) -> dict[str, int]:
    """How many changes of each kind are chosen."""
    found = changes_page.found(of)
    return (
        found[found["kind"].isin(["new satellite", "unlisted", "returned"])]["kind"]
        .value_counts()
        .to_dict()
    )


def test_at_first_it_tells_what_the_newest_list_changed(three_days: Path) -> None:
    assert kinds(view(three_days)) == {"unlisted": 1, "returned": 1}
    assert "compared with 2026-11-03" in " ".join(changes_page.compared(view(three_days)))


def test_since_an_older_list_it_tells_more(three_days: Path) -> None:
    first = changes_page.SINCE.options(PublishedDatabase(three_days))[-1]
    assert first.startswith("2026-11-01")
    assert kinds(view(three_days, since=first)) == {
        "unlisted": 3,
        "new satellite": 5,
        "returned": 1,
    }
    assert kinds(view(three_days, since=first, kind="unlisted")) == {"unlisted": 3}
    assert kinds(view(three_days, since="nonsense' OR 1=1 --")) == {"unlisted": 1, "returned": 1}


def test_the_lists_stand_in_the_charts(three_days: Path) -> None:
    fleet = changes_page.fleet(view(three_days)).data
    assert fleet["satellite_count"].tolist() == [10, 13, 13]
    moves = changes_page.moves(view(three_days)).data
    assert moves.groupby("change")["signed"].sum().to_dict() == {
        "newly listed": 6,
        "newly unlisted": -3,
    }
    assert changes_page.new_by_launch(view(three_days)).empty


def test_where_nothing_can_be_compared_it_says_so(sampled: Settings) -> None:
    (line,) = changes_page.compared(view(sampled.database))
    assert "no change is known" in line
    assert changes_page.found(view(sampled.database)).empty


def test_the_agreement_of_one_source_with_itself_is_no_finding(sampled: Settings) -> None:
    session = VisitorSession(sampled.database, PAGES)
    session.state.read("page=data")
    assert "failed" not in str(
        [panel.widget._dom_classes for panel in session._page_sessions["data"]._panels]
    )


@pytest.mark.browser
def test_a_visitor_goes_back_to_an_older_list(
    visitor: Visitor, database: Path, three_days: Path
) -> None:
    replace(database, three_days)
    shown = visitor.open("?page=changes")
    expect(figure(shown, "unlisted")).to_have_text("1")
    await_charts(shown)
    shown.locator("select[data-action=since]").select_option(index=2)
    expect(figure(shown, "unlisted")).to_have_text("3")
    shown.get_by_role("button", name="Show all").click()
    expect(figure(shown, "unlisted")).to_have_text("1")
    assert shown.locator(".panel.failed").count() == 0
