"""Markup as data: trees of elements in which text from the database stays text.

A tree is drawn by the browser element by element; no HTML is ever put together or parsed, so a
name such as `<script>` shows as it is written.
"""

from collections.abc import Callable, Mapping
from typing import Any

import anywidget
import traitlets

from spacex.dashboard.ui.assets import module

Node = str | list[Any]
"""A text, or an element: its name, its attributes, and its children."""

Act = Callable[[str, str], None]
"""What is called with an element's action and value when it is used."""


def tag(name: str, *children: Node | None, **attributes: str | bool | None) -> Node:
    """One element; children and attributes that are None or False are left out.

    A trailing underscore keeps an attribute's name clear of Python's, other underscores are dashes.
    The attribute `data_action` makes a link, button, select or input tell when it is used.

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


class Markup(anywidget.AnyWidget):
    """A tree of elements on the page."""

    _esm = module("markup")
    tree: traitlets.List[Node] = traitlets.List().tag(sync=True)

    def __init__(self, *nodes: Node, act: Act | None = None) -> None:
        super().__init__(tree=list(nodes))
        self._act = act
        self.on_msg(self._used)

    def show(self, *nodes: Node) -> None:
        """Draw these in place of what is drawn."""
        self.tree = list(nodes)

    def _used(self, _widget: object, content: Mapping[str, object], _buffers: object) -> None:
        if self._act is not None:
            self._act(str(content.get("action", "")), str(content.get("value", "")))
