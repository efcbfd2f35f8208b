"""The sentence of figures that a page begins with."""

from spacex.dashboard.ui.markup import Node, tag


def summary(*parts: Node) -> Node:
    """Figures side by side."""
    return tag("dl", *parts, class_="summary")


def part(key: str, label: str, value: str, note: str) -> Node:
    """One figure.

    Args:
        key: names it, for those who look for it in the page.
        label: what it is of.
        value: the figure, for people.
        note: what it has to be read against.
    """
    return tag(
        "div", tag("dt", label), tag("dd", value, data_figure=key), tag("dd", note, class_="note")
    )
