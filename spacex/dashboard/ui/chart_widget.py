"""The chart widget: it draws without a network, and gets its rows apart from the chart."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, ClassVar, TypeVar

import altair as alt
import anywidget
import numpy as np
import pandas as pd
import traitlets

from spacex.dashboard.ui.assets import module

Dataset = dict[str, Any]
"""The columns of a dataset: numbers as the bytes of 64-bit floats, other columns as lists."""

SELECTED = "selected"
"""The chart parameter that holds the selected values; marks of other values are dimmed."""

_FINDING = "finding"
Drawn = TypeVar("Drawn", bound=alt.TopLevelSpec)

_TEXTS = {"title", "description"}
"""Not in the specification: the page shows the title, and `alt_text` is the description."""


class ChartWidget(anywidget.AnyWidget):
    """One chart, as wide as its container.

    The rows and the alternative text are sent apart from the specification. A new chart that
    differs only in these updates the one already drawn, which is fast and keeps its selections.

    Args:
        chart: the first chart to draw, if any.
        click_field: the field whose value a click on a mark reports; empty to report none.
        on_click: called with that value as text, or with None for a click beside the marks.
        canvas: draw on a canvas, which is faster for thousands of marks; by default as SVG.

    Attributes:
        finding: what the chart shows, in a sentence; see `told`.
    """

    _esm = module("chart")
    spec = traitlets.Dict(None, allow_none=True).tag(sync=True)
    params = traitlets.Dict().tag(sync=True)
    datasets = traitlets.Dict().tag(sync=True)
    alt_text = traitlets.Unicode().tag(sync=True)
    click_field = traitlets.Unicode().tag(sync=True)
    on_dark = traitlets.Dict().tag(sync=True)
    dark_colours: ClassVar[Mapping[str, str]] = {}
    """Each colour of charts → that on a dark page; the application sets it."""
    renderer = traitlets.Unicode().tag(sync=True)
    how_known = traitlets.Unicode().tag(sync=True)
    how_known_page: ClassVar[str] = ""
    """URL query of the page that says how figures are known; the application sets it."""

    def __init__(
        self,
        chart: alt.TopLevelSpec | None = None,
        *,
        click_field: str = "",
        on_click: Callable[[str | None], None] | None = None,
        canvas: bool = False,
    ) -> None:
        super().__init__(
            click_field=click_field,
            on_dark=dict(self.dark_colours),
            how_known=self.how_known_page,
            renderer="canvas" if canvas else "svg",
        )
        self._on_click = on_click
        self.finding = ""
        self.on_msg(self._receive)
        if chart is not None:
            self.show(chart)

    def show(self, chart: alt.TopLevelSpec) -> None:
        """Draw a chart; send only its rows if the rest is drawn already."""
        frames: dict[str, pd.DataFrame] = {}
        with alt.data_transformers.enable(_APART, frames=frames):
            whole = chart.to_dict(validate=False)  # which takes half the time; the tests validate
        notes = dict(whole.pop("usermeta", {}))
        self.finding = str(notes.pop(_FINDING, ""))
        whole |= {"usermeta": notes} if notes else {}
        with self.hold_sync():
            self.spec = _sized({key: whole[key] for key in whole.keys() - _TEXTS})
            self.datasets = _datasets(frames)
            self.alt_text = str(whole.get("description", ""))

    def set_params(self, **values: object) -> None:
        """Set parameters of the chart by name."""
        self.params = {**self.params, **values}

    def set_rows(self, **frames: pd.DataFrame) -> None:
        """Replace datasets of the chart by name: `rows` is the first, then `rows2` and so on."""
        self.datasets = {**self.datasets, **_datasets(frames)}

    def _receive(self, _widget: object, content: Mapping[str, object], _buffers: object) -> None:
        if self._on_click is not None and "clicked" in content:
            value = content["clicked"]
            self._on_click(None if value is None else str(value))


def told(chart: Drawn, finding: str) -> Drawn:
    """Return a chart with a sentence on what it shows, which is not part of the drawing."""
    notes = {} if chart.usermeta is alt.Undefined else dict(chart.usermeta)
    chart.usermeta = {**notes, _FINDING: finding}
    return chart


def selectable(chart: alt.Chart, field: str) -> alt.Chart:
    """Return the chart with marks dimmed while other values of the field are selected."""
    selected = alt.param(name=SELECTED, value=[])
    return chart.add_params(selected).encode(opacity=_opacity(field))


@cache
def _opacity(field: str) -> alt.OpacityValue:
    """Return the opacity of marks; `alt.when` takes 100 ms to build one."""
    is_bright = f"!length({SELECTED}) || indexof({SELECTED}, toString(datum[{field!r}])) >= 0"
    return alt.OpacityValue(0.25, condition={"test": is_bright, "value": 1})


def _apart(frame: Any, *, frames: dict[str, pd.DataFrame]) -> dict[str, str]:
    """Add the frame of a chart to `frames`, once; return its name as the data of the chart.

    Altair names a dataset by a hash of its rows; here its name is its position, so that charts
    with other rows have the same specification.
    """
    for name, known in frames.items():
        if known is frame:
            return {"name": name}
    name = f"rows{len(frames) + 1}" if frames else "rows"
    frames[name] = frame
    return {"name": name}


_APART = "apart"
alt.data_transformers.register(_APART, _apart)


def dataset(frame: pd.DataFrame) -> Dataset:
    """Return the columns of a frame as they are sent; instants as ms since 1970, UTC."""
    return {str(name): _column(frame[name]) for name in frame.columns}


def _datasets(frames: Mapping[str, pd.DataFrame]) -> dict[str, Dataset]:
    return {name: dataset(frame) for name, frame in frames.items()}


def _column(values: pd.Series) -> Any:
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.as_unit("ms").astype("int64").where(values.notna())
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return values.to_numpy(dtype="<f8", na_value=np.nan).tobytes()
    return values.astype(object).where(values.notna(), None).tolist()


def _sized(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a specification as wide as its container, unless it is made of several views."""
    is_one_view = not {"concat", "hconcat", "vconcat", "repeat", "facet"} & spec.keys()
    if not is_one_view:
        return spec
    return {**spec, "width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}
