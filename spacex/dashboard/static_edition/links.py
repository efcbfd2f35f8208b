"""The file of each page: what the edition has in place of the URL queries of the dashboard."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from spacex.dashboard.ui.markup import Node

SATELLITE_PAGE = "satellite.html"
_ACTIONS = ("data-action", "data-value")
_CONTROLS = frozenset(("form", "input", "label", "select", "textarea"))
_PLAIN = re.compile(r"[0-9A-Za-z][\w.-]{0,60}", re.ASCII)


@dataclass
class Links:
    """The files to which the links of pages lead.

    Attributes:
        pages: the name of a page → its file.
        lives: the name of a page, and that of the choice of its subject → the key of each subject
            and its file.
        files: the other files of the edition to which pages link, by their path.
    """

    pages: Mapping[str, str]
    lives: Mapping[tuple[str, str], Callable[[str], str | None]] = field(default_factory=dict)
    files: frozenset[str] = frozenset()

    def of_query(self, query: str) -> str | None:
        """Return the file that shows what a URL query asks for; None if there is none."""
        values = dict(parse_qsl(query))
        page = values.pop("page", "")
        if not values:
            return self.pages.get(page)
        for (name, choice), find in self.lives.items():
            if name == page and values.keys() == {choice}:
                return find(values[choice])
        return None

    def of_address(self, address: str) -> str | None:
        """Return the address to which a link of a page leads; None if the edition lacks it."""
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") or address.startswith("#"):
            return address
        if address.startswith("?"):
            return self.of_query(parts.query)
        path = f"{parts.path}index.html" if parts.path.endswith("/") else parts.path
        return path if path in self.files else None


def life_file(page: str, key: str) -> str:
    """Return the file of the page about one thing, whose key is any text.

    >>> life_file("launch", "2022-010"), life_file("launch", "A/B")
    ('launch/2022-010.html', 'launch/A-B-998d3ed8.html')
    """
    if _PLAIN.fullmatch(key):
        return f"{page}/{key}.html"
    short = re.sub(r"[^0-9A-Za-z]+", "-", key)[:40].strip("-")
    return f"{page}/{short}-{hashlib.sha256(key.encode()).hexdigest()[:8]}.html"


def static_nodes(nodes: list[Node], links: Links, root: str) -> list[Node]:
    """Return markup without controls, whose links lead to files.

    Args:
        nodes: the markup of the live page.
        links: the files.
        root: the way from the page to the folder of the edition, such as `../`.
    """
    found = (_static(each, links, root) for each in nodes)
    return [each for each in found if each is not None]


def _static(node: Node, links: Links, root: str) -> Node | None:
    """Return an element as the edition has it; None if it does not."""
    if isinstance(node, str):
        return node
    name, attributes, *children = node
    classes = attributes.get("class", "").split()
    if name == "button":
        return _label(children)
    if name in _CONTROLS or "field" in classes or _is_fold_of_form(node):
        return None
    if "links" in classes:
        children = [each for each in children if not _is_lost(each, links)]
    inner = static_nodes(children, links, root)
    if "bar" in classes and not inner:
        return None
    kept = {key: value for key, value in attributes.items() if key not in _ACTIONS}
    if attributes.get("data-action") == "page":  # it keeps the choices of the page
        kept["href"] = f"?page={attributes['data-value']}"
    return _link(kept, inner, links, root) if name == "a" else [name, kept, *inner]


def _is_lost(node: Node, links: Links) -> bool:
    """Return whether a link leads to what the edition lacks."""
    if isinstance(node, str) or node[0] != "a":
        return False
    return links.of_address(node[1].get("href", "")) is None


def _link(attributes: dict[str, str], inner: list[Node], links: Links, root: str) -> Node:
    """Return a link to a file or another site; its words if the edition lacks what it leads to."""
    address = links.of_address(attributes.get("href", ""))
    if address is None:
        return ["span", {}, *inner]
    is_inside = not (urlsplit(address).scheme or address.startswith("#"))
    return ["a", {**attributes, "href": f"{root}{address}" if is_inside else address}, *inner]


def _is_fold_of_form(node: Node) -> bool:
    return node[0] == "details" and any(child[0] == "form" for child in node[2:])


def _label(children: list[Node]) -> Node | None:
    """Return what stays of a button: the heading of a column, in place of the one that sorts."""
    (child,) = children
    return None if isinstance(child, str) else ["span", {}, *child[2:3]]
