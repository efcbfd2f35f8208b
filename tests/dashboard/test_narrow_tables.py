"""No column of a table is cut: on a phone, rows are cards; on a desktop, headings wrap."""

import pytest

from tests.dashboard.browser import PHONE
from tests.dashboard.conftest import Visitor

pytestmark = pytest.mark.browser

CUT = """() => [...document.querySelectorAll("#rendered_cells .panel :is(.scroll, .chart-tools)")]
  .filter((each) => each.clientWidth && each.scrollWidth > each.clientWidth + 1)
  .map((each) => each.ariaLabel)"""


@pytest.mark.parametrize("page", ["launches", "boosters", "changes", "data"])
def test_no_column_is_cut_on_a_phone(guest: Visitor, page: str) -> None:
    shown = guest.go_to(f"?page={page}")
    shown.set_viewport_size(PHONE)
    assert shown.evaluate(CUT) == []


def test_no_column_of_boosters_is_cut_on_a_desktop(guest: Visitor) -> None:
    shown = guest.go_to("?page=boosters")
    shown.set_viewport_size({"width": 1400, "height": 1000})
    assert shown.evaluate(CUT) == []
