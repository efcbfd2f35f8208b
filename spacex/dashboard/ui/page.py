"""What a page is made of: filters, and panels that show what the filters choose."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import altair as alt
import ipywidgets

from spacex.dashboard.ui.chart_widget import PICKED, Chart
from spacex.dashboard.ui.filters import Filter
from spacex.dashboard.ui.markup import Markup, Node, tag
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View


class Panel(Protocol):
    """One part of a page: a widget, and how it follows what is chosen."""

    widget: ipywidgets.Widget

    def show(self, view: View) -> None:
        """Show what is chosen now."""


@dataclass(frozen=True)
class Page:
    """One page of the dashboard.

    Attributes:
        name: in the address.
        title: in the navigation, and above the page.
        lead: one or two sentences that tell a newcomer what is here.
        filters: what the visitor can choose by; they act on all panels.
        panels: makes the page's panels for one visitor; they may change the state they are given.
    """

    name: str
    title: str
    lead: str
    filters: tuple[Filter, ...]
    panels: Callable[[State], Sequence[Panel]]


class TextPanel:
    """A panel of markup: figures, sentences, a small table."""

    def __init__(self, draw: Callable[[View], Sequence[Node]], *, wide: bool = True) -> None:
        self._draw = draw
        self._markup = Markup()
        self.widget = boxed(self._markup, kind="words", wide=wide)

    def show(self, view: View) -> None:
        """Show what is chosen now."""
        self._markup.show(*self._draw(view))


class ChartPanel:
    """A panel of one chart, under its title and above a note on how to read it.

    Args:
        title: what is shown.
        draw: makes the chart.
        note: how to read it, or what to be careful about.
        wide: whether it takes a whole row.
        canvas: see `Chart`.
        picks: the field that a click on a mark picks by, and the filter and state it changes; the
            chart then has to be `pickable` by that field, and its rows to ignore that filter.
    """

    def __init__(
        self,
        title: str,
        draw: Callable[[View], alt.TopLevelSpec],
        note: str = "",
        *,
        wide: bool = False,
        canvas: bool = False,
        picks: tuple[str, Filter, State] | None = None,
    ) -> None:
        self._draw = draw
        self._picks = picks
        self.chart = Chart(picks=picks[0] if picks else "", on_pick=self._pick, canvas=canvas)
        heading = Markup(tag("h3", title))
        below = Markup(tag("p", note, class_="note")) if note else Markup()
        self.widget = boxed(heading, self.chart, below, kind="figure", wide=wide)

    def show(self, view: View) -> None:
        """Show what is chosen now."""
        self.chart.show(self._draw(view))
        if self._picks:
            _, by, _ = self._picks
            setattr(self.chart.params, PICKED, by.lit(view[by.name]))

    def _pick(self, datum: str | None) -> None:
        if self._picks:
            _, by, state = self._picks
            now = state[by.name]
            state.change({by.name: "" if datum is None else by.of(datum, now)})


def boxed(*children: ipywidgets.Widget, kind: str, wide: bool) -> ipywidgets.Box:
    """The widgets in the frame of a panel.

    Args:
        children: from top to bottom.
        kind: `words` or `figure`.
        wide: whether it takes a whole row of the page.
    """
    box = ipywidgets.Box(children)
    for name in ("panel", kind, *(("wide",) if wide else ())):
        box.add_class(name)
    return box
