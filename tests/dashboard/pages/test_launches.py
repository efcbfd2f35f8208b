"""The page Launches."""

import re

import pytest

from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.pages.launches import launches_page
from spacex.dashboard.ui.view import View
from spacex.settings import Settings


@pytest.mark.parametrize(
    ("years", "count"),
    [("", r"at least \d+"), ("2009-2013", r"at least \d+"), ("2012-2013", r"\d+")],
)
def test_launches_so_far_are_a_lower_bound_from_a_start_without_coverage(
    sampled: Settings, monkeypatch: pytest.MonkeyPatch, years: str, count: str
) -> None:
    spans = [("2010-06-01T00:00:00Z", "2026-01-01T00:00:00Z")]
    monkeypatch.setattr(launches_page, "covered", lambda *_: spans)
    filters = launches_page.PAGE.filters
    view = View(PublishedDatabase(sampled.database), filters, {"years": years})
    words = launches_page.cumulative(view).to_dict()["description"]
    assert re.search(f"Falcon 9 {count}[,.]", words)
    assert ("Hatched" in words) == ("at least" in count)
