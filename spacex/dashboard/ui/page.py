"""The parts of a page: its filters, and panels that show what the filters select."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import ipywidgets

from spacex.dashboard.ui.filters import Filter
from spacex.dashboard.ui.page_settings import Setting
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View


class Panel(Protocol):
    """One part of a page."""

    widget: ipywidgets.Widget

    def show(self, view: View) -> None:
        """Update the widget to the view."""


@dataclass(frozen=True)
class Subject:
    """The one thing that a page is about, chosen by its name.

    Attributes:
        name: name of the choice in the URL query.
        label: what kind of thing it is.
        find: returns the key of the thing that a text names in a database, or that of the default
            for an empty text; it raises an error if there is none, or several.
        title: returns the name of the thing with a key.
        other_names: names of filters of other pages that stand for it in a link to this one.
    """

    name: str
    label: str
    find: Callable[[Path, str], str]
    title: Callable[[Path, str], str]
    other_names: tuple[str, ...] = ()


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
        subject: the one thing that the page is about; None if it is about many.
        under: name of the page under which this one is, in place of an entry of its own in the
            navigation; empty if it has one.
        looks: names of values in the URL query that only say how something is looked at: the
            browser's Back does not undo their changes one by one.
        settings: the choices in the URL query that are no filters. A panel may have more of them,
            as a tuple `settings`.
    """

    name: str
    title: str
    lead: str
    filters: tuple[Filter, ...]
    panels: Callable[[State], Sequence[Panel]]
    folds_filters: bool = False
    subject: Subject | None = None
    under: str = ""
    looks: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()

    @property
    def choices(self) -> tuple[str, ...]:
        """The names of the choices in the URL query that other pages keep."""
        names = tuple(each.name for each in self.filters)
        return (*names, self.subject.name) if self.subject else names
