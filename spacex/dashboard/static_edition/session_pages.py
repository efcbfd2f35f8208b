"""The pages of the live dashboard, made by the same session without its kernel."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ipywidgets

from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.app.page_session import FAILED
from spacex.dashboard.app.session import VisitorSession
from spacex.dashboard.pages import PAGES
from spacex.dashboard.pages.life_panels import FINDERS
from spacex.dashboard.pages.search import BOOSTERS, LAUNCHES, SATELLITES, hint
from spacex.dashboard.static_edition.drawings import chart_drawing
from spacex.dashboard.static_edition.links import Links, static_nodes
from spacex.dashboard.ui.chart_widget import ChartWidget
from spacex.dashboard.ui.controls import combobox, form
from spacex.dashboard.ui.globe_widget import GlobeWidget
from spacex.dashboard.ui.markup import Markup, Node, tag
from spacex.dashboard.ui.panels import ABSENT
from spacex.dashboard.ui.static_tree import Part, part_of
from spacex.errors import DataError

LEFT_OUT = ("sky", "data")
"""Pages that are nothing without a kernel: they compute for a place, and search the database."""

LIVES = ("launch", "booster", "satellite")
"""Pages about one thing each."""

WITHOUT_FILTERS = (
    "This edition shows the page without a filter. The live dashboard has filters for it."
)
ANYTHING = "Find a satellite, launch or booster"
_KINDS = {
    **dict.fromkeys(("launches", "launch"), LAUNCHES),
    **dict.fromkeys(("boosters", "booster"), BOOSTERS),
    **dict.fromkeys(("fleet", "satellite"), SATELLITES),
}
"""The name of a page → what its search finds; on other pages, it finds everything."""

FINDER = "finder"
_CLICK = re.compile(r" ?\b(?:Click a (?:bar|point|dot|disc)|Choose one by a click)[^.]*\.")
"""Sentences on what only a kernel does."""


@dataclass(frozen=True)
class Shown:
    """A page as it is shown.

    Attributes:
        title: its title.
        head: the header and the navigation.
        body: the page itself: its heading and its panels.
        footer: what stands below.
    """

    title: str
    head: list[Part]
    body: Part
    footer: Part


class SessionPages:
    """The pages of a session whose visitor never comes.

    Args:
        database: the database.
        links: the files to which links lead.
        globe: returns what a globe needs; see `globe_frames`.
    """

    def __init__(
        self, database: Path, links: Links, globe: Callable[[GlobeWidget], Mapping[str, Any]]
    ) -> None:
        self._links, self._globe = links, globe
        self._database = PublishedDatabase(database)
        self._session = VisitorSession(
            database, [page for page in PAGES if page.name not in LEFT_OUT]
        )
        self._page, self._root = "", ""

    def show(self, query: str, root: str = "") -> Shown:
        """Return the page that a URL query asks for.

        Args:
            query: the query.
            root: the way from its file to the folder of the edition.

        Raises:
            DataError: a panel of the page could not be shown.
        """
        session = self._session
        session.state.read(query)
        self._page, self._root = session.state["page"], root
        _, head, navigation, body, footer = part_of(session.widget, self._special).parts
        if any(FAILED in part.classes for part in body.all()):
            raise DataError(f"A panel of the page {query} cannot be shown.")
        _prune(body)
        return Shown(session.url.title, [head, navigation], body, footer)

    def _special(self, widget: ipywidgets.Widget) -> Part | None:
        """Return what a widget shows in an edition, if that is not what the live page shows."""
        classes = _classes(widget)
        if isinstance(widget, ChartWidget):
            return _chart(widget)
        if isinstance(widget, GlobeWidget):
            return Part([*classes, "globe"], drawing=self._globe(widget) if widget.groups else None)
        if isinstance(widget, Markup):
            return self._markup(widget)
        if FINDER in classes:
            return Part(classes, parts=[self._finder(_KINDS.get(self._page, ""))])
        if ABSENT in classes or _asks(widget):
            return Part([ABSENT])
        return None

    def _finder(self, kind: str) -> Part:
        """Return the search of a kind, or of everything but places."""
        kinds = [kind] if kind else list(FINDERS)
        label, example = FINDERS.get(kind, ANYTHING), hint(self._database, *kinds)
        nodes = [
            form("Find", *combobox(label, ("find", "choose"), "", example, ())),
            tag("p", "", class_="quiet", role="status"),
        ]
        return Part(["markup"], nodes, drawing={"kind": "finder", "kinds": kinds, "tree": nodes})

    def _markup(self, widget: Markup) -> Part:
        nodes = static_nodes(_without_clicks(widget.tree), self._links, self._root)
        is_main = self._page not in LIVES
        if is_main and any(_is_filter_form(each) for each in widget.tree):
            nodes.append(tag("p", WITHOUT_FILTERS, class_="without"))
        part = Part([*_classes(widget), "markup"], nodes)
        if widget.rows is not None and "Next" in _buttons(widget.tree):
            rows = static_nodes(list(widget.rows()), self._links, self._root)
            has_search = any(each.get("type") == "search" for each in _inputs(widget.tree))
            part.drawing = {"kind": "rows", "rows": rows, "search": has_search}
        return part


def _without_clicks(nodes: list[Node]) -> list[Node]:
    """Return markup that does not ask for clicks that filter a page."""
    return [_without_click(each) if _is_note(each) else each for each in nodes]


def _classes(widget: ipywidgets.Widget) -> list[str]:
    return list(getattr(widget, "_dom_classes", ()))


def _is_note(node: Node) -> bool:
    return not isinstance(node, str) and node[1].get("class") in ("note", "lead")


def _without_click(note: Node) -> Node:
    name, attributes, *children = list(note)
    return [
        name,
        attributes,
        *(_CLICK.sub("", each) if isinstance(each, str) else each for each in children),
    ]


def _chart(widget: ChartWidget) -> Part:
    height = (widget.spec or {}).get("height")
    style = {"style": f"min-height: {height}px"} if isinstance(height, int) else {}
    named = {"role": "img", "aria-label": widget.alt_text}
    drawing = chart_drawing(widget)
    return Part([*_classes(widget), "chart"], drawing=drawing, attributes=named | style)


def _asks(widget: ipywidgets.Widget) -> bool:
    """Return whether a panel asks its visitor for something that a kernel then computes."""
    children = getattr(widget, "children", ())
    return any(
        isinstance(each, Markup) and any(i.get("type") == "text" for i in _inputs(each.tree))
        for each in children
        if "panel" in _classes(widget)
    )


def _elements(nodes: list[Node]) -> list[list[Any]]:
    """Return all elements of markup."""
    found: list[list[Any]] = []
    for node in nodes:
        if not isinstance(node, str):
            found += [node, *_elements(node[2:])]
    return found


def _inputs(nodes: list[Node]) -> list[Mapping[str, str]]:
    return [attributes for name, attributes, *_ in _elements(nodes) if name == "input"]


def _buttons(nodes: list[Node]) -> set[str]:
    return {str(rest[0]) for name, _, *rest in _elements(nodes) if name == "button" and rest}


def _is_filter_form(node: Node) -> bool:
    return node[0] == "details" and any(child[0] == "form" for child in node[2:])


def _prune(part: Part) -> None:
    """Leave out panels that have nothing to show."""
    part.parts = [each for each in part.parts if ABSENT not in each.classes]
    for each in part.parts:
        _prune(each)
