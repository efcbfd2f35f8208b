"""Nothing moves on a page by itself: neither as it comes, nor after a choice."""

import pytest

from spacex.dashboard.pages import PAGES
from spacex.dashboard.ui.page import Page
from tests.dashboard.browser import DESKTOP, PHONE, await_charts, await_value
from tests.dashboard.conftest import Visitor

pytestmark = pytest.mark.browser

MOST_SHIFT = 0.05
"""By web.dev, up to 0.1 is good."""
QUIET_MS = 800
"""Time without a change of the page after which it has come."""
REDRAWN_MS = 150
"""Time without a change after the changes that a choice caused; what comes later is counted too."""
OBSERVE = """
window.shift = 0;
window.chosen = 0;
window.changed = performance.now();
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
new MutationObserver((changes) => {
  const isClock = ({ target }) => target.closest?.(".countdown");
  if (!changes.every(isClock)) window.changed = performance.now();
}).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
"""
CHOOSE = """(number) => {
  const select = document.querySelectorAll("#rendered_cells select[data-action]")[number];
  window.chosen = performance.now();
  const other = [...select.options].findIndex((each) => !each.selected && !each.disabled);
  if (other < 0) return;
  select.selectedIndex = other;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}"""
"""Choose another option, as a script: input of a person would excuse the shift."""
SUBJECTS = {
    "launch": ("2021-005", "2022-010"),
    "booster": ("B1049", "B1051"),
    "satellite": ("200001", "200065", "201800"),
}
"""Also a decayed satellite, and one that is being raised."""


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_does_not_move_as_it_comes_and_after_choices(
    visitor: Visitor, page: Page, window: dict[str, int]
) -> None:
    shown = visitor.page
    shown.add_init_script(OBSERVE)
    shown.set_viewport_size(window)
    shown.goto(f"{visitor.site.url}?page={page.name}")
    shifts = {"visit": settled_shift(visitor)}
    for number in range(shown.locator("#rendered_cells select[data-action]").count()):
        shown.evaluate(CHOOSE, number)
        shifts[f"choice {number}"] = settled_shift(visitor, REDRAWN_MS)
    for key in SUBJECTS.get(page.name, ()):
        visitor.go_to(f"?page={page.name}&{page.subject.name}={key}")
        shifts[key] = settled_shift(visitor, REDRAWN_MS)
    shifts["at last"] = settled_shift(visitor)
    assert {what: shift for what, shift in shifts.items() if shift >= MOST_SHIFT} == {}


def settled_shift(visitor: Visitor, redrawn_ms: int = QUIET_MS) -> float:
    """Return how much of the page has moved since the last call.

    Args:
        visitor: that of the page.
        redrawn_ms: time without a change after which the last choice is shown. A choice that
            changes nothing is waited for as long as a page.
    """
    await_value(visitor.page, "'shown' in document.body.dataset")
    await_charts(visitor.page)
    quiet_ms = f"window.changed > window.chosen ? {redrawn_ms} : {QUIET_MS}"
    since = "performance.now() - Math.max(window.changed, window.chosen)"
    await_value(visitor.page, f"{since} > ({quiet_ms})")
    await_charts(visitor.page)
    shift: float = visitor.page.evaluate("[window.shift, (window.shift = 0)][0]")
    return shift
