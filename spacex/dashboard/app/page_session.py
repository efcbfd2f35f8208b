"""One page as one visitor has it: its controls, and its panels as last shown."""

from collections.abc import Mapping
from pathlib import Path

import ipywidgets
from traitlets.log import get_logger

from spacex.dashboard.ui.filters import Span
from spacex.dashboard.ui.markup import Markup, Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View

FAILED = "failed"
"""The style of a panel that could not be shown; it says so."""


class PageSession:
    """The widgets of one page for one visitor.

    Args:
        page: what the page is made of.
        state: what the visitor has chosen.
    """

    def __init__(self, page: Page, state: State) -> None:
        self._page, self._state = page, state
        self._options: dict[str, tuple[str, ...]] = {}
        self._panels = tuple(page.panels(state))
        intro = Markup(tag("h2", page.title), tag("p", page.lead, class_="lead"))
        self._controls = Markup(act=self._act)
        grid = ipywidgets.Box([panel.widget for panel in self._panels])
        grid.add_class("grid")
        self.widget = ipywidgets.Box([intro, self._controls, grid])
        self.widget.add_class("sheet")

    def show(self, database: Path) -> None:
        """Show what the database holds now, as chosen now.

        Raises:
            DatabaseError: there is no database, or it cannot be read.
        """
        self._options = {each.name: each.options(database) for each in self._page.filters}
        chosen = self._chosen()
        self._controls.show(*self._form(chosen))
        view = View(database, self._page.filters, {**self._state.values(), **chosen})
        for panel in self._panels:
            self._show(panel, view)

    def _show(self, panel: Panel, view: View) -> None:
        try:
            panel.show(view)
        except Exception:  # noqa: BLE001  # one panel's failure leaves the others standing
            get_logger().exception("A panel of the page %s failed.", self._page.name)
            panel.widget.add_class(FAILED)
        else:
            panel.widget.remove_class(FAILED)

    def _chosen(self) -> dict[str, str]:
        """What the filters choose; a value that is not on offer chooses nothing."""
        return {
            each.name: each.valid(self._state[each.name], self._options[each.name])
            for each in self._page.filters
        }

    def _form(self, chosen: Mapping[str, str]) -> list[Node]:
        filters = [each for each in self._page.filters if self._options[each.name]]
        if not filters:
            return []
        controls = [each.markup(chosen[each.name], self._options[each.name]) for each in filters]
        is_idle = all(chosen[f.name] == f.valid("", self._options[f.name]) for f in filters)
        reset = tag("button", "Show all", type="button", data_action="reset", disabled=is_idle)
        return [tag("form", *controls, reset, class_="filters", aria_label="Filters")]

    def _act(self, action: str, value: str) -> None:
        name, _, end = action.partition(".")
        if name == "reset":
            self._state.change({each.name: "" for each in self._page.filters})
        for each in self._page.filters:
            if each.name != name:
                continue
            if isinstance(each, Span):
                value = each.moved(end, value, self._chosen()[name], self._options[name])
            self._state.change({name: each.valid(value, self._options[name])})
