"""Markup as data: trees of elements in which text always stays text.

The browser creates the elements one by one. No HTML is concatenated or parsed, so a name such as
`<script>` is shown literally.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import anywidget
import traitlets

from spacex.dashboard.ui.assets import module

Node = str | list[Any]
"""A text, or an element: its name, its attributes and its children."""

_DATE = re.compile(r"(\d{4}-\d\d-\d\d)")

ActionHandler = Callable[[str, str], None]
"""Called with the action and the value of an element that is used."""


def tag(name: str, *children: Node | None, **attributes: str | bool | None) -> Node:
    """Return an element; children and attributes that are None or False are left out.

    Underscores in attribute names become hyphens; a trailing one is dropped, as in `class_`.
    A link, button, select or input with `data_action` reports when it is used.

    >>> tag("p", "Hello ", tag("b", "you"), class_="lead")
    ['p', {'class': 'lead'}, 'Hello ', ['b', {}, 'you']]
    """
    named = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    kept = {
        key: "" if value is True else value
        for key, value in named.items()
        if value is not None and value is not False
    }
    return [name, kept, *(child for child in children if child is not None)]


def with_dates(text: str) -> list[Node]:
    """Return a text as nodes, in which the browser does not break dates into two lines.

    >>> with_dates("on 2025-06-01")
    ['on ', ['time', {}, '2025-06-01'], '']
    """
    parts = _DATE.split(text)
    return [tag("time", part) if number % 2 else part for number, part in enumerate(parts)]


class Markup(anywidget.AnyWidget):
    """A widget that shows a tree of elements.

    Attributes:
        rows: returns all rows of a table of which it shows some; None if it shows all.
    """

    _esm = module("markup")
    tree: traitlets.List[Node] = traitlets.List().tag(sync=True)

    def __init__(self, *nodes: Node, on_action: ActionHandler | None = None) -> None:
        super().__init__(tree=list(nodes))
        self.rows: Callable[[], Sequence[Node]] | None = None
        self._on_action = on_action
        self.on_msg(self._receive)

    def show(self, *nodes: Node) -> None:
        """Replace what is shown."""
        self.tree = list(nodes)

    def save(self, name: str, text: str, media_type: str) -> None:
        """Have the browser save a text as a file.

        Args:
            name: of the file.
            text: its content.
            media_type: its type.
        """
        self.send({"save": name, "text": text, "type": media_type})

    def _receive(self, _widget: object, content: Mapping[str, object], _buffers: object) -> None:
        if self._on_action is not None:
            self._on_action(str(content.get("action", "")), str(content.get("value", "")))
