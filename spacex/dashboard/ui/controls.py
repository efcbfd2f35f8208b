"""Form controls as markup: dropdowns, text inputs, sliders, buttons.

When a control is used, its `action` and its value are sent to the action handler of the markup.
`value` is the value now.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from spacex.dashboard.ui.formatting import shorten
from spacex.dashboard.ui.markup import Node, tag


class Option(NamedTuple):
    """What a combobox offers.

    Attributes:
        group: the heading under which it is; empty for none.
        label: its text.
        value: sent if it is chosen.
    """

    group: str
    label: str
    value: str


def form(label: str, *fields: Node) -> Node:
    """Return a form whose fields wrap on narrow screens."""
    return tag("form", *fields, class_="filters", aria_label=label)


def field(label: str, *controls: Node) -> Node:
    """Return labelled controls; several of them form a range."""
    name, kind = ("label", "field") if len(controls) == 1 else ("div", "field range")
    named = tag("span", label, class_="name")
    return tag(name, named, tag("span", *controls, class_="controls"), class_=kind)


def select(action: str, value: str, options: Mapping[str, str], label: str | None = None) -> Node:
    """Return a select.

    Args:
        action: the name of the action.
        value: the selected value.
        options: value → text.
        label: label for assistive technology, if no label is visible.
    """
    entries = [
        tag("option", shorten(text), value=option, selected=option == value)
        for option, text in options.items()
    ]
    return tag("select", *entries, data_action=action, aria_label=label)


def dropdown(label: str, action: str, value: str, options: Mapping[str, str]) -> Node:
    """Return a labelled select.

    Args:
        label: the visible label.
        action: the name of the action.
        value: the selected value.
        options: value → text.
    """
    return field(label, select(action, value, options))


def text_input(
    label: str,
    action: str,
    value: str,
    hint: str,
    *,
    kind: str = "text",
    suggestions: Sequence[str] = (),
) -> Node:
    """Return an input of an HTML type; it reports on Enter or when it loses the focus.

    Args:
        label: the visible label.
        action: the name of the action.
        value: the text.
        hint: shown while the input is empty.
        kind: its HTML type.
        suggestions: texts that the browser offers while the visitor types.
    """
    attributes: dict[str, str | bool] = {"placeholder": hint, "data_on_commit": True}
    if not suggestions:
        return field(label, _input(kind, action, value, **attributes))
    known = f"{action}-suggestions"
    options = tag("datalist", *(tag("option", value=each) for each in suggestions), id=known)
    named = _input(kind, action, value, list=known, autocomplete="off", **attributes)
    return field(label, tag("span", named, options, class_="controls"))


def search_input(label: str, action: str, value: str, hint: str) -> Node:
    """Return an input that reports while the visitor types.

    Args:
        label: the visible label.
        action: the name of the action.
        value: the text.
        hint: shown while the input is empty.
    """
    return field(label, _input("search", action, value, placeholder=hint, autocomplete="off"))


def combobox(
    label: str, actions: tuple[str, str], text: str, hint: str, options: Sequence[Option]
) -> list[Node]:
    """Return an input that reports while the visitor types, and the list of what it found.

    The arrow keys move in the list, Enter chooses the marked option or the first one, and Escape
    closes the list.

    Args:
        label: the visible label.
        actions: the names of the actions of typing and of choosing.
        text: the text, for which the options are.
        hint: shown while the input is empty.
        options: what is offered; those of a group follow each other.
    """
    typing, choosing = actions
    known = f"{typing}-options"
    entry = _input(
        "search",
        typing,
        text,
        placeholder=hint,
        autocomplete="off",
        role="combobox",
        aria_autocomplete="list",
        aria_expanded="false",
        aria_controls=known,
    )
    numbered = enumerate(options)
    groups = [
        _option_group(name, [_option(f"{known}-{number}", each) for number, each in members])
        for name, members in groupby(numbered, key=lambda item: item[1].group)
    ]
    listed = tag(
        "div",
        *(node for group in groups for node in group),
        id=known,
        role="listbox",
        class_="options",
        aria_label=label,
        data_choose=choosing,
        data_for=text,
        hidden=True,
    )
    return [field(label, entry), listed]


def _option(name: str, option: Option) -> Node:
    return tag(
        "div", option.label, id=name, role="option", aria_selected="false", data_value=option.value
    )


def _option_group(name: str, options: list[Node]) -> list[Node]:
    if not name:
        return options
    heading = tag("div", name, class_="name", aria_hidden="true")
    return [tag("div", heading, *options, role="group", aria_label=name)]


def slider(label: str, action: str, value: float, bounds: tuple[float, float], step: float) -> Node:
    """Return a slider that reports while it moves.

    Args:
        label: the visible label.
        action: the name of the action.
        value: the position.
        bounds: the least and the greatest value.
        step: the distance of two positions.
    """
    low, high = (f"{bound:g}" for bound in bounds)
    return field(label, _input("range", action, f"{value:g}", min=low, max=high, step=f"{step:g}"))


def button(
    label: Node,
    action: str,
    value: str = "",
    *,
    is_pressed: bool | None = None,
    is_disabled: bool = False,
) -> Node:
    """Return a button.

    Args:
        label: its content.
        action: the name of the action.
        value: sent with the action.
        is_pressed: the state of a toggle button; None for any other.
        is_disabled: whether it cannot be pressed.
    """
    return tag(
        "button",
        label,
        type="button",
        data_action=action,
        data_value=value,
        aria_pressed=None if is_pressed is None else str(is_pressed).lower(),
        disabled=is_disabled,
    )


def locate_button(label: str, action: str) -> Node:
    """Return a button that asks the browser where it is, and a place to say why it does not tell.

    Its action has the value "latitude, longitude zone", in degrees, with the IANA time zone.
    """
    ask = tag("button", label, type="button", data_action=action, data_locate=True)
    return tag("span", ask, tag("span", role="status", class_="note"), class_="locate")


def clamped_number(text: str, bounds: tuple[float, float], default: float) -> float:
    """Return the number in a text, clamped to the bounds; the default if it is not a number.

    Args:
        text: the text.
        bounds: the least and the greatest number.
        default: the number for a text that is not one.
    """
    try:
        value = float(text)
    except ValueError:
        return default
    return min(max(value, bounds[0]), bounds[1]) if math.isfinite(value) else default


def _input(kind: str, action: str, value: str, **attributes: str | bool) -> Node:
    length = None if kind == "range" else "100"
    return tag("input", type=kind, value=value, data_action=action, maxlength=length, **attributes)
