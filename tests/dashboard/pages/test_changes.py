"""The page Changes: its figures match the GP lists; it says when there is only one."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from spacex.analysis import history
from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.app.session import VisitorSession
from spacex.dashboard.pages import PAGES
from spacex.dashboard.pages.changes import changes_charts, changes_page
from spacex.dashboard.ui.view import View
from spacex.settings import Settings
from tests.dashboard.browser import await_charts, figure
from tests.dashboard.conftest import Visitor, replace


def view(database: Path, **values: str) -> View:
    """Return the page's view with validated filter values."""
    filters = changes_page.PAGE.filters
    published = PublishedDatabase(database)
    valid = {f.name: f.validate(values.get(f.name, ""), f.options(published)) for f in filters}
    return View(published, filters, valid)


KINDS = ("unlisted", "new satellite", "returned")


def kinds(of: View) -> dict[str, int]:
    """Return the number of selected changes of each kind."""
    counts = changes_page.selected(of)["kind"].value_counts()
    return {kind: counts[kind] for kind in KINDS if kind in counts}


def test_by_default_the_changes_of_the_newest_list_are_shown(three_days: Path) -> None:
    assert kinds(view(three_days)) == {"unlisted": 1, "returned": 1}
    assert "compared with 2026-11-03" in " ".join(changes_page.compared(view(three_days)))


def test_since_an_older_list_there_are_more_changes(three_days: Path) -> None:
    first = changes_page.SINCE.options(PublishedDatabase(three_days))[-1]
    assert first.startswith("2026-11-01")
    assert kinds(view(three_days, since=first)) == dict(zip(KINDS, (3, 5, 1), strict=True))
    assert kinds(view(three_days, since=first, kind="unlisted")) == {"unlisted": 3}
    assert kinds(view(three_days, since="nonsense' OR 1=1 --")) == {"unlisted": 1, "returned": 1}


def test_charts_contain_all_lists(three_days: Path) -> None:
    listed = changes_charts.satellites_listed(history.gp_lists(three_days)).data
    assert listed["satellite_count"].tolist() == [10, 13, 13]
    changes = changes_charts.listing_changes(history.gp_lists(three_days)).data
    totals = changes.groupby("change")["signed"].sum().to_dict()
    assert totals == {"newly listed": 6, "newly unlisted": -3}
    assert changes_page.new_by_launch(view(three_days)).empty


def test_without_a_comparison_a_message_is_shown(sampled: Settings) -> None:
    (line,) = changes_page.compared(view(sampled.database))
    assert "no known change" in line
    assert changes_page.selected(view(sampled.database)).empty


def test_the_page_data_is_shown_with_a_single_source(sampled: Settings) -> None:
    session = VisitorSession(sampled.database, PAGES)
    session.state.read("page=data")
    panels = session._page_sessions["data"]._panels
    assert "failed" not in str([panel.widget._dom_classes for panel in panels])


@pytest.mark.browser
def test_changes_since_an_older_list_are_selected(
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
