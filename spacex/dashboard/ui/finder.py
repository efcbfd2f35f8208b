"""A panel to find one of many things by a part of its name."""

from collections.abc import Callable, Sequence

from spacex.dashboard.ui.controls import Option, combobox, form
from spacex.dashboard.ui.markup import Markup, tag
from spacex.dashboard.ui.panels import panel_box
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View

FIND, CHOOSE = "find", "choose"
"""The actions of typing a text, and of choosing what it found."""


class FinderPanel:
    """A combobox: it offers what contains the text, and opens the page of what is chosen.

    The text is no part of the visitor's state, so that typing leaves the page as it is.

    Args:
        label: what can be found.
        hint: returns what is shown while nothing is typed.
        find: returns what a text finds in a view, the best first, with URL queries as values.
        state: the visitor's state.
    """

    def __init__(
        self,
        label: str,
        hint: Callable[[View], str],
        find: Callable[[View, str], Sequence[Option]],
        state: State,
    ) -> None:
        self._label, self._hint, self._find, self._state = label, hint, find, state
        self._text = ""
        self._view: View | None = None
        self._markup = Markup(on_action=self._act)
        self.widget = panel_box(self._markup, wide=True)
        self.widget.add_class("finder")

    def show(self, view: View) -> None:
        """See `Panel`."""
        self._view = view
        options = self._find(view, self._text)
        box = combobox(self._label, (FIND, CHOOSE), self._text, self._hint(view), options)
        kind = "quiet" if options else "note"
        self._markup.show(
            form("Find", *box), tag("p", self._result(len(options)), class_=kind, role="status")
        )

    def _result(self, count: int) -> str:
        if not self._text.strip():
            return ""
        return f"Offered: {count}." if count else "Nothing has this in its name."

    def _act(self, action: str, value: str) -> None:
        if action == FIND:
            self._text = value
        elif action == CHOOSE:
            self._text = ""
            self._state.read(value)
        if self._view is not None:
            self.show(self._view)
