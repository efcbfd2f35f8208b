"""Key figures side by side, each with its label and a note."""

from spacex.dashboard.ui.markup import Node, tag

AT_LEAST = "at least "
"""Words before a number, for which its card has room for a sign only."""


def key_figures(*figures: Node) -> Node:
    """Return the list of key figures at the top of a page."""
    return tag("dl", *figures, class_="summary")


def key_figure(label: str, value: str, note: str, key: str | None = None) -> Node:
    """Return one key figure.

    Args:
        label: what it counts or measures.
        value: the figure, formatted.
        note: what to compare it with, or its uncertainty.
        key: identifies it in the page, as `data-figure`.
    """
    number = value.removeprefix(AT_LEAST)
    shown = (value,) if number == value else (tag("abbr", "≥", title=AT_LEAST.strip()), number)
    return tag(
        "div", tag("dt", label), tag("dd", *shown, data_figure=key), tag("dd", note, class_="note")
    )
