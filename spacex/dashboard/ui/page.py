"""The parts of a page: its filters, and panels that show what the filters select."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import ipywidgets

from spacex.dashboard.ui.filters import Filter
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View


class Panel(Protocol):
    """One part of a page."""

    widget: ipywidgets.Widget

    def show(self, view: View) -> None:
        """Update the widget to the view."""


@dataclass(frozen=True)
class Page:
    """One page of the dashboard.

    Attributes:
        name: name in the URL query.
        title: title in the navigation and above the page.
        lead: one or two sentences that introduce the page to a newcomer.
        filters: the filters, which apply to all panels.
        panels: creates the panels for one visitor; panels may change the state they receive.
        folds_filters: whether the filters are folded on wide screens, too, because the page has a
            form of its own.
    """

    name: str
    title: str
    lead: str
    filters: tuple[Filter, ...]
    panels: Callable[[State], Sequence[Panel]]
    folds_filters: bool = False
