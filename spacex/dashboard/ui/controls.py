"""Controls of the dashboard: choices, sliders, boxes to type in, and the panel they stand in."""

import math
from collections.abc import Callable, Mapping, Sequence

from spacex.dashboard.ui.cells import shortened
from spacex.dashboard.ui.markup import Act, Markup, Node, tag
from spacex.dashboard.ui.page import boxed
from spacex.dashboard.ui.view import View


class Controls:
    """A panel of controls.

    Args:
        draw: makes the controls, with what is chosen.
        act: is called with a control's action and value when it is used.
    """

    def __init__(self, draw: Callable[[View], Sequence[Node]], act: Act) -> None:
        self._draw = draw
        self._markup = Markup(act=act)
        self.widget = boxed(self._markup, kind="words", wide=True)

    def show(self, view: View) -> None:
        """Show what is chosen now."""
        self._markup.show(*self._draw(view))


def form(label: str, *fields: Node) -> Node:
    """Fields in a row, or below each other where that is too narrow."""
    return tag("form", *fields, class_="filters", aria_label=label)


def choice(label: str, action: str, value: str, options: Mapping[str, str]) -> Node:
    """One out of a few: the values, and what they are called."""
    entries = [
        tag("option", shortened(words), value=option, selected=option == value)
        for option, words in options.items()
    ]
    return _field(label, tag("select", *entries, data_action=action))


def box(label: str, action: str, value: str, hint: str, *, kind: str = "text") -> Node:
    """A box to type in, which tells when one has done so: at Enter, or when it is left."""
    typed = tag(
        "input",
        type=kind,
        value=value,
        data_action=action,
        data_settled=True,
        placeholder=hint,
        maxlength="100",
    )
    return _field(label, typed)


def search(label: str, action: str, value: str, hint: str) -> Node:
    """A box to type in, which tells while one types."""
    typed = tag(
        "input",
        type="search",
        value=value,
        data_action=action,
        placeholder=hint,
        maxlength="100",
        autocomplete="off",
    )
    return _field(label, typed)


def slider(label: str, action: str, value: float, ends: tuple[float, float], step: float) -> Node:
    """A number between two ends, which tells while it is moved."""
    low, high = ends
    moved = tag(
        "input",
        type="range",
        min=f"{low:g}",
        max=f"{high:g}",
        step=f"{step:g}",
        value=f"{value:g}",
        data_action=action,
    )
    return _field(label, moved)


def button(label: str, action: str, value: str = "", *, is_pressed: bool | None = None) -> Node:
    """A button; one that can stay pressed says whether it is."""
    pressed = None if is_pressed is None else str(is_pressed).lower()
    return tag(
        "button",
        label,
        type="button",
        data_action=action,
        data_value=value,
        aria_pressed=pressed,
    )


def within(text: str, ends: tuple[float, float], otherwise: float) -> float:
    """The number a text says, brought between two ends; another if it says none."""
    try:
        value = float(text)
    except ValueError:
        return otherwise
    return min(max(value, ends[0]), ends[1]) if math.isfinite(value) else otherwise


def _field(label: str, control: Node) -> Node:
    named = tag("span", label, class_="name")
    return tag("label", named, tag("span", control, class_="controls"), class_="field")
