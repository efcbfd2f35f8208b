"""Links between pages."""

from spacex.dashboard.ui.markup import ActionHandler, Node, tag
from spacex.dashboard.ui.state import State

OPEN = "open"
"""The action of a link to a page."""


def page_link(words: str, query: str) -> Node:
    """Return a link to a page, for markup whose actions `opens` handles.

    Args:
        words: its text.
        query: the URL query of the page.
    """
    return tag("a", words, href=f"?{query}", data_action=OPEN, data_value=query)


def opens(state: State) -> ActionHandler:
    """Return the handler of the links to pages."""

    def act(action: str, value: str) -> None:
        if action == OPEN:
            state.read(value)

    return act
