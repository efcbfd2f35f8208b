"""Widgets as trees of plain data and as HTML, for pages without a kernel.

The first view of a page and the static edition are made of the widgets of the live page, so that
they have the same texts.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlsplit

import ipywidgets

from spacex.dashboard.ui.markup import Markup, Node

_FORBIDDEN = frozenset(("script", "style", "iframe", "object", "embed", "link", "base", "meta"))
_WITHOUT_END = frozenset(("br", "hr", "img", "input", "wbr"))
_CONTROLS = frozenset(("button", "input", "select", "textarea"))


@dataclass
class Part:
    """What a widget shows.

    Attributes:
        classes: its CSS classes.
        nodes: its markup.
        parts: what the widgets in it show.
        drawing: what a script draws in it, such as a chart; its `kind` says which.
        attributes: further attributes of its element.
    """

    classes: list[str] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)
    drawing: Mapping[str, Any] | None = None
    attributes: dict[str, str] = field(default_factory=dict)

    def all(self) -> Iterator["Part"]:
        """Yield this part and all parts in it, in the order of the page."""
        yield self
        for each in self.parts:
            yield from each.all()


def part_of(
    widget: ipywidgets.Widget,
    special: Callable[[ipywidgets.Widget], Part | None] = lambda _: None,
) -> Part:
    """Return what a widget shows.

    Args:
        widget: the widget.
        special: returns what a widget shows that is not taken as it is; None for any other.
    """
    if (found := special(widget)) is not None:
        return found
    classes = list(getattr(widget, "_dom_classes", ()))
    if isinstance(widget, Markup):
        return Part([*classes, "markup"], list(widget.tree))
    if isinstance(widget, ipywidgets.Box):
        return Part(classes, parts=[part_of(each, special) for each in widget.children])
    return Part(classes)


def part_html(part: Part) -> str:
    """Return a part as HTML in which nothing can be operated until a script lets it."""
    content = "".join(map(node_html, part.nodes)) + "".join(map(part_html, part.parts))
    own = {"class": " ".join(part.classes), **part.attributes}
    return f"<div{''.join(_written(own))}>{content}</div>"


def node_html(node: Node) -> str:
    """Return a tree of elements as HTML, without those that markup.js would not create either.

    A control is disabled, a fold is open.

    >>> node_html(["p", {"class": "lead", "onclick": "…"}, "a < b", ["script", {}, "…"]])
    '<p class="lead">a &lt; b</p>'
    """
    if isinstance(node, str):
        return escape(node)
    name, attributes, *children = node
    if name in _FORBIDDEN:
        return ""
    start = f"<{name}{''.join(_attributes(name, attributes))}>"
    if name in _WITHOUT_END:
        return start
    return f"{start}{''.join(map(node_html, children))}</{name}>"


def node_text(node: Node) -> str:
    """Return the text of a tree of elements.

    >>> node_text(["p", {}, "a", ["b", {}, "c"]])
    'ac'
    """
    return node if isinstance(node, str) else "".join(map(node_text, node[2:]))


def _attributes(name: str, attributes: Mapping[str, str]) -> list[str]:
    """Return what follows the name of an element; see `isAllowed` of markup.js."""
    kept = {key: value for key, value in attributes.items() if _is_allowed(key, value)}
    kept |= {"disabled": ""} if name in _CONTROLS else {}
    kept |= {"open": ""} if "data-fold" in attributes else {}
    return _written(kept)


def _written(attributes: Mapping[str, str]) -> list[str]:
    return [f' {escape(key)}="{escape(value)}"' for key, value in attributes.items()]


def _is_allowed(name: str, value: str) -> bool:
    if name.startswith("on") or name in ("style", "srcdoc"):
        return False
    return name not in ("href", "src") or urlsplit(value.strip()).scheme in ("", "http", "https")
