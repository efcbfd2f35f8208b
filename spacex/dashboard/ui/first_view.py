"""What a visitor sees until the scripts have come: the texts of the widgets, as HTML.

The scripts draw the same trees afterwards. Charts and globes have an empty element in their place.
"""

import re
from collections.abc import Mapping
from html import escape
from urllib.parse import urlsplit

import ipywidgets

from spacex.dashboard.ui.markup import Markup, Node

_FORBIDDEN = frozenset(("script", "style", "iframe", "object", "embed", "link", "base", "meta"))
_WITHOUT_END = frozenset(("br", "hr", "img", "input", "wbr"))
_CONTROLS = frozenset(("button", "input", "select", "textarea"))

_FIRST_VIEW = re.compile(
    r'<div id="first-view" data-state="(.*?)".*?</div><!-- end of the first view -->', re.DOTALL
)


def first_view(widget: ipywidgets.Widget, state: str) -> str:
    """Return the HTML of a widget that shows a state of the data."""
    start = f'<div id="first-view" data-state="{escape(state)}" aria-busy="true">'
    return f"{start}{widget_html(widget)}</div><!-- end of the first view -->"


def without_outdated(html: str, state: str) -> str:
    """Return a part of a page, without a first view of another state of the data than this."""
    return _FIRST_VIEW.sub(lambda found: found[0] if found[1] == escape(state) else "", html)


def widget_html(widget: ipywidgets.Widget) -> str:
    """Return the texts of a widget and of those in it, as HTML in which nothing can be operated."""
    classes = list(getattr(widget, "_dom_classes", ()))
    content = ""
    if isinstance(widget, Markup):
        classes.append("markup")
        content = "".join(map(node_html, widget.tree))
    elif isinstance(widget, ipywidgets.Box):
        content = "".join(map(widget_html, widget.children))
    return f'<div class="{escape(" ".join(classes))}">{content}</div>'


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


def _attributes(name: str, attributes: Mapping[str, str]) -> list[str]:
    """Return what follows the name of an element; see `isAllowed` of markup.js."""
    kept = {key: value for key, value in attributes.items() if _is_allowed(key, value)}
    kept |= {"disabled": ""} if name in _CONTROLS else {}
    kept |= {"open": ""} if "data-fold" in attributes else {}
    return [f' {escape(key)}="{escape(value)}"' for key, value in kept.items()]


def _is_allowed(name: str, value: str) -> bool:
    if name.startswith("on") or name in ("style", "srcdoc"):
        return False
    return name not in ("href", "src") or urlsplit(value.strip()).scheme in ("", "http", "https")
