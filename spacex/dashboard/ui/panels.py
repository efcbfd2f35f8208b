"""Panels of markup and of charts."""

from collections.abc import Callable, Mapping, Sequence

import altair as alt
import ipywidgets
import pandas as pd

from spacex.dashboard.ui.chart_widget import SELECTED, ChartWidget
from spacex.dashboard.ui.filters import Filter
from spacex.dashboard.ui.markup import ActionHandler, Markup, Node, tag
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View

ABSENT = "absent"
"""CSS class of a panel that has nothing to show."""

CHARTED = "charted"
"""CSS class of a panel of a chart, which has room for the tools of the chart."""

REASON = "reason"
"""CSS class of a panel that has the reason in place of a chart."""


class MarkupPanel:
    """A panel of markup: key figures, sentences, a small table, controls. Without, it is absent.

    Args:
        draw: returns the markup for a view.
        on_action: called when a control in the markup is used.
        wide: whether the panel spans the page.
    """

    def __init__(
        self,
        draw: Callable[[View], Sequence[Node]],
        on_action: ActionHandler | None = None,
        *,
        wide: bool = True,
    ) -> None:
        self._draw = draw
        self._markup = Markup(on_action=on_action)
        self.widget = panel_box(self._markup, wide=wide)

    def show(self, view: View) -> None:
        """See `Panel`."""
        nodes = self._draw(view)
        self._markup.show(*nodes)
        _set_class(self.widget, ABSENT, is_set=not nodes)


class ChartPanel:
    """A panel of one chart, between its title and a note.

    Args:
        title: what the chart shows.
        draw: returns the chart for a view.
        note: how to read the chart, or its limits.
        wide: whether the panel spans the page.
        canvas: see `ChartWidget`.
        finding: returns what the chart shows, in a sentence; by default, the chart is `told`.
        nothing: returns why there is nothing to draw; None to draw the chart. If it is empty, the
            panel is absent.
        rows: returns the rows of the named datasets of a chart that is drawn once and then stays.
        selects: a field, and the filter and state that a click on a mark changes by its value.
            The chart must be `selectable` by the field, and its query must exclude the filter.
    """

    def __init__(  # noqa: PLR0913 - all but two have defaults
        self,
        title: str,
        draw: Callable[[View], alt.TopLevelSpec],
        note: str = "",
        *,
        wide: bool = False,
        canvas: bool = False,
        finding: Callable[[View], str] | None = None,
        nothing: Callable[[View], str | None] | None = None,
        rows: Callable[[View], Mapping[str, pd.DataFrame]] | None = None,
        selects: tuple[str, Filter, State] | None = None,
    ) -> None:
        self._draw, self._find, self._nothing = draw, finding, nothing
        self._rows = rows
        self._selects = selects
        field = selects[0] if selects else ""
        self.chart = ChartWidget(click_field=field, on_click=self._select, canvas=canvas)
        self._heading = Markup(tag("h3", title))
        below = Markup(tag("p", note, class_="note")) if note else Markup()
        self._drawn, self._reason = (self._heading, self.chart, below), Markup()
        self.widget = panel_box(*self._drawn, wide=wide)
        self.widget.add_class(CHARTED)

    def show(self, view: View) -> None:
        """See `Panel`."""
        reason = self._nothing(view) if self._nothing else None
        self.widget.children = self._drawn if reason is None else (self._heading, self._reason)
        _set_class(self.widget, ABSENT, is_set=reason == "")
        _set_class(self.widget, REASON, is_set=reason is not None)
        if reason is not None:
            self._reason.show(tag("p", reason))
            return
        with self.chart.hold_sync():
            if self._rows is None or not self.chart.spec:
                self.chart.show(self._draw(view))
            if self._rows is not None:
                self.chart.set_rows(**self._rows(view))
        finding = self._find(view) if self._find else self.chart.finding
        title, *_ = self._heading.tree
        self._heading.show(title, *([tag("p", finding, class_="finding")] if finding else []))
        if self._selects:
            _, by, _ = self._selects
            self.chart.set_params(**{SELECTED: by.selected_values(view[by.name])})

    def _select(self, datum: str | None) -> None:
        if self._selects:
            _, by, state = self._selects
            value = "" if datum is None else by.toggle(datum, state[by.name])
            state.change({by.name: value})


def _set_class(widget: ipywidgets.DOMWidget, name: str, *, is_set: bool) -> None:
    if is_set:
        widget.add_class(name)
    else:
        widget.remove_class(name)


def panel_box(*children: ipywidgets.Widget, wide: bool) -> ipywidgets.Box:
    """Return the widgets in the frame of a panel, from top to bottom."""
    box = ipywidgets.Box(children)
    box.add_class("panel")
    if wide:
        box.add_class("wide")
    return box
