"""The page Changes: its figures are those of the lists, and before two lists it says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from spacex.dashboard.pages import PAGES, changes
from spacex.dashboard.view import View
from spacex.dashboard.visit import Visit
from spacex.settings import Settings
from tests import steps
from tests.clock import Clock, install
from tests.dashboard.conftest import Visitor, replace
from tests.dashboard.test_browser import await_charts, figure
from tests.made import omm, omm_list
from tests.replicas import CelesTrak

LISTS = {
    "2026-11-01": omm_list(*(omm(100_000 + n) for n in range(10))),
    "2026-11-02": omm_list(
        *(omm(100_000 + n) for n in range(8)), *(omm(200_000 + n) for n in range(5))
    ),
    "2026-11-03": omm_list(
        *(omm(100_000 + n) for n in range(8)),
        *(omm(200_000 + n) for n in range(4)),
        omm(100_009, OBJECT_ID="2026-002A"),
    ),
}
"""Of ten satellites two go, and five come; then one of these goes, and one of those returns."""


@pytest.fixture(scope="module")
def three_days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A database that three lists have been published in, one after the other."""
    clock = Clock("2026-11-01")
    with pytest.MonkeyPatch.context() as patch, CelesTrak(clock) as celestrak:
        install(patch, clock)
        settings = Settings(
            _env_file=None,
            data_dir=tmp_path_factory.mktemp("days") / "data",
            celestrak_url=celestrak.gp_url,
            sources="celestrak",
        )
        for date, body in LISTS.items():
            clock.set(date)
            celestrak.publish(body)
            steps.publish(settings, "auto", date, accept_shrink=True)
        yield settings.database


def view(database: Path, **chosen: str) -> View:
    """The page's view, with its filters as the page makes them valid."""
    filters = changes.PAGE.filters
    values = {f.name: f.valid(chosen.get(f.name, ""), f.options(database)) for f in filters}
    return View(database, filters, values)


def kinds(of: View) -> dict[str, int]:
    """How many changes of each kind are chosen."""
    found = changes.found(of)
    return (
        found[found["kind"].isin(["new satellite", "gone", "returned"])]["kind"]
        .value_counts()
        .to_dict()
    )


def test_at_first_it_tells_what_the_newest_list_changed(three_days: Path) -> None:
    assert kinds(view(three_days)) == {"gone": 1, "returned": 1}
    assert "compared with 2026-11-03" in " ".join(changes.compared(view(three_days)))


def test_since_an_older_list_it_tells_more(three_days: Path) -> None:
    first = changes.SINCE.options(three_days)[-1]
    assert first.startswith("2026-11-01")
    assert kinds(view(three_days, since=first)) == {"gone": 3, "new satellite": 5, "returned": 1}
    assert kinds(view(three_days, since=first, kind="gone")) == {"gone": 3}
    assert kinds(view(three_days, since="nonsense' OR 1=1 --")) == {"gone": 1, "returned": 1}


def test_the_lists_stand_in_the_charts(three_days: Path) -> None:
    fleet = changes.fleet(view(three_days)).data
    assert fleet["satellite_count"].tolist() == [10, 13, 13]
    moves = changes.moves(view(three_days)).data
    assert moves.groupby("move")["signed"].sum().to_dict() == {"came": 6, "went": -3}
    assert changes.new_by_launch(view(three_days)).empty


def test_where_nothing_can_be_compared_it_says_so(sampled: Settings) -> None:
    (line,) = changes.compared(view(sampled.database))
    assert "no change is known" in line
    assert changes.found(view(sampled.database)).empty


def test_the_agreement_of_one_source_with_itself_is_no_finding(sampled: Settings) -> None:
    visit = Visit(sampled.database, PAGES)
    visit.state.read("page=data")
    assert "failed" not in str(
        [panel.widget._dom_classes for panel in visit._sheets["data"]._panels]
    )


@pytest.mark.browser
def test_a_visitor_goes_back_to_an_older_list(
    visitor: Visitor, database: Path, three_days: Path
) -> None:
    replace(database, three_days)
    shown = visitor.open("?page=changes")
    expect(figure(shown, "gone")).to_have_text("1")
    await_charts(shown)
    shown.locator("select[data-action=since]").select_option(index=2)
    expect(figure(shown, "gone")).to_have_text("3")
    shown.get_by_role("button", name="Show all").click()
    expect(figure(shown, "gone")).to_have_text("1")
    assert shown.locator(".panel.failed").count() == 0
