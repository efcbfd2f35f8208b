"""The chart widget: Altair's, drawn without a network and fed with new rows in place."""

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import traitlets

from spacex.dashboard.ui.assets import module

Columns = dict[str, Any]
"""The columns of one dataset: numbers as the bytes of 64-bit floats, anything else as a list."""

_APART = {"datasets", "title", "description"}

PICKED = "picked"
"""The chart parameter that holds the values picked; the rest is shown pale."""


class Chart(alt.JupyterChart):
    """One chart on the page, as wide as its place.

    The rows travel apart from the specification, in columns, and so does its description, which is
    what those who do not see the chart are told. When a new chart differs in these alone, they are
    put into the one already drawn, which keeps its selections and costs little.

    Args:
        chart: what to draw first; nothing if None.
        picks: the field whose value is told when a mark is clicked; none if empty.
        on_pick: is called with that value as text, or with None for a click beside the marks.
        on_drawn: is called each time the browser has drawn what it was last sent.
        canvas: draw on a canvas, which is faster for thousands of marks; else as SVG.
    """

    _esm = module("chart")
    _css = ""
    columns = traitlets.Dict().tag(sync=True)
    moved = traitlets.Dict().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)
    picks = traitlets.Unicode().tag(sync=True)
    tells = traitlets.Bool().tag(sync=True)

    def __init__(
        self,
        chart: alt.TopLevelSpec | None = None,
        *,
        picks: str = "",
        on_pick: Callable[[str | None], None] | None = None,
        on_drawn: Callable[[], None] | None = None,
        canvas: bool = False,
    ) -> None:
        options = {"renderer": "canvas" if canvas else "svg"}
        tells = on_drawn is not None
        super().__init__(None, picks=picks, tells=tells, embed_options=options)  # type: ignore[arg-type]
        self._on_pick, self._on_drawn = on_pick, on_drawn
        self.on_msg(self._clicked)
        if chart is not None:
            self.show(chart)

    def show(self, chart: alt.TopLevelSpec) -> None:
        """Draw a chart; if it differs from the one drawn in its rows alone, only they are sent."""
        # Altair stops at 5,000 rows lest a page grow heavy; the fleet has more, in thin columns.
        with alt.data_transformers.disable_max_rows(), self.hold_sync():
            whole = chart.to_dict(validate=False)  # it is validated when it is drawn
            spec, columns = separate(whole)
            self.words = str(whole.get("description", ""))
            self.columns, self.moved = columns, {}
            if spec != self.spec:
                self.chart = chart

    def put(self, **frames: pd.DataFrame) -> None:
        """Give datasets of the chart new rows, by name: `rows` is the first, then `rows2` ….

        A quick way to change a chart: columns of numbers are sent as they lie in memory.
        A point in time becomes a number: milliseconds since 1970, UTC.
        """
        self.columns = {**self.columns, **{name: columns_of(f) for name, f in frames.items()}}

    def move(self, **frames: pd.DataFrame) -> None:
        """Give some columns of datasets new values, row by row; the other columns stay unsent."""
        self.moved = {**self.moved, **{name: columns_of(f) for name, f in frames.items()}}

    @traitlets.validate("spec")
    def _without_rows(self, proposal: dict[str, Any]) -> dict[str, Any] | None:
        return separate(proposal["value"])[0] if proposal["value"] else None

    def _clicked(self, _widget: object, content: Mapping[str, object], _buffers: object) -> None:
        if self._on_pick is not None and "picked" in content:
            value = content["picked"]
            self._on_pick(None if value is None else str(value))
        if self._on_drawn is not None and "drawn" in content:
            self._on_drawn()


def pickable(chart: alt.Chart, field: str) -> alt.Chart:
    """The chart with marks that turn pale while values of that field are picked, and not theirs."""
    picked = alt.param(name=PICKED, value=[])
    is_lit = f"!length({PICKED}) || indexof({PICKED}, toString(datum[{field!r}])) >= 0"
    opacity = alt.when(is_lit).then(alt.value(1)).otherwise(alt.value(0.25))
    return chart.add_params(picked).encode(opacity=opacity)


def separate(spec: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Columns]]:
    """A specification fitted to its place, without rows, title and description; and the rows.

    The rows are by dataset. Altair names a dataset by its content; here it is named by its place,
    so that the name stays.
    """
    datasets = spec.get("datasets", {})
    names = {old: f"rows{n}" if n > 1 else "rows" for n, old in enumerate(datasets, 1)}
    lean = _renamed({key: spec[key] for key in spec.keys() - _APART}, names)
    columns = {names[old]: _columns_of_records(records) for old, records in datasets.items()}
    return _fitted(lean), columns


def columns_of(frame: pd.DataFrame) -> Columns:
    """The columns of a frame, as they are sent."""
    return {str(name): _column(frame[name]) for name in frame.columns}


def _columns_of_records(records: list[dict[str, Any]]) -> Columns:
    return columns_of(pd.DataFrame.from_records(records))


def _column(values: pd.Series) -> Any:
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.as_unit("ms").astype("int64").where(values.notna())
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return values.to_numpy(dtype="<f8", na_value=np.nan).tobytes()
    return values.astype(object).where(values.notna(), None).tolist()


def _renamed(node: Any, names: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_renamed(item, names) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {**value, "name": names.get(value["name"], value["name"])}
        if key == "data" and isinstance(value, dict) and "name" in value
        else _renamed(value, names)
        for key, value in node.items()
    }


def _fitted(spec: dict[str, Any]) -> dict[str, Any]:
    is_one_view = not {"concat", "hconcat", "vconcat", "repeat", "facet"} & spec.keys()
    if not is_one_view:
        return spec
    return {**spec, "width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}
