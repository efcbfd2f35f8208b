"""The frame of a page: its head with the policy for scripts, and the data that scripts draw."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from spacex.dashboard.static_edition.scripts import Scripts
from spacex.dashboard.ui.markup import Node
from spacex.dashboard.ui.static_tree import Part, part_html

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'"
)
"""Scripts are files of the edition only, and nothing is loaded from other hosts."""

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle "
    "cx='8' cy='8' r='4' fill='%230072B2'/%3E%3Cellipse cx='8' cy='8' rx='7.5' ry='2.6' "
    "fill='none' stroke='%23E69F00' transform='rotate(-28 8 8)'/%3E%3C/svg%3E"
)
DESCRIPTION = "Launches and the Starlink fleet, with the source and date of every figure."


@dataclass(frozen=True)
class Layout:
    """What all pages of an edition share.

    Attributes:
        scripts: the scripts and styles.
        feeds: the path of each feed → its media type and title.
    """

    scripts: Scripts
    feeds: Mapping[str, tuple[str, str]]

    def page(self, title: str, parts: Sequence[Part], root: str = "") -> str:
        """Return a page.

        Args:
            title: its title in the browser.
            parts: what it shows, from top to bottom.
            root: the way from its file to the folder of the edition.
        """
        drawings = _numbered(parts)
        body = "\n".join(map(part_html, parts))
        kinds = {each["kind"] for each in drawings}
        names = [self.scripts.vega] if kinds & {"chart", "lives"} else []
        names.append(self.scripts.widgets)
        loaded = [each.name for each in names]
        after = [self.scripts.globe.name] if "globe" in kinds else []
        scripts = "\n".join(
            f'<script defer src="{root}{each}"></script>' for each in (*after, *loaded)
        )
        feeds = "\n".join(
            f'<link rel="alternate" type="{kind}" title="SpaceX Insights: {escape(name)}" '
            f'href="{root}{path}">'
            for path, (kind, name) in self.feeds.items()
        )
        return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="description" content="{DESCRIPTION}">
<title>{escape(title)}</title>
<link rel="icon" href="{ICON}">
<link rel="stylesheet" href="{root}{self.scripts.style.name}">
{scripts}
{feeds}
</head>
<body class="dashboard" data-root="{root}" data-head data-shown>
<main>
{body}
</main>
<script type="application/json" id="drawings">{in_script(drawings)}</script>
</body>
</html>
"""


def in_script(value: object) -> str:
    r"""Return a value as JSON that cannot end the element in which it is.

    >>> in_script("</script>")
    '"\\u003c/script>"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _numbered(parts: Sequence[Part]) -> list[Mapping[str, Any]]:
    """Number the drawings of a page, in their elements; return them."""
    drawings: list[Mapping[str, Any]] = []
    for part in (each for top in parts for each in top.all()):
        if part.drawing is not None:
            part.attributes["data-drawing"] = str(len(drawings))
            drawings.append(part.drawing)
    return drawings


def texts(*nodes: Node) -> Part:
    """Return markup as a part of a page."""
    return Part(["markup"], list(nodes))
