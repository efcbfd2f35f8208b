"""What a visitor sees until the scripts have come: the texts of the widgets, as HTML.

The scripts draw the same trees afterwards. Charts and globes have an empty element in their place.
"""

import re
from html import escape

import ipywidgets

from spacex.dashboard.ui.static_tree import part_html, part_of

_FIRST_VIEW = re.compile(
    r'<div id="first-view" data-state="(.*?)".*?</div><!-- end of the first view -->', re.DOTALL
)


def first_view(widget: ipywidgets.Widget, state: str) -> str:
    """Return the HTML of a widget that shows a state of the data."""
    start = f'<div id="first-view" data-state="{escape(state)}" aria-busy="true">'
    return f"{start}{part_html(part_of(widget))}</div><!-- end of the first view -->"


def without_outdated(html: str, state: str) -> str:
    """Return a part of a page, without a first view of another state of the data than this."""
    return _FIRST_VIEW.sub(lambda found: found[0] if found[1] == escape(state) else "", html)
