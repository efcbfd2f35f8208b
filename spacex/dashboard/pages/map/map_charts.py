"""The chart of the page Map: the Earth, flat or as a globe, with the fleet.

Moving layers have named datasets, updated in the drawn chart: `satellites`, `night`, `track` and
`marked`.
"""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from spacex.dashboard.pages.earth_layers import RATIO, flat, shapes
from spacex.notebook import chart_style as style

PALETTE = (style.BLUE, style.ORANGE, style.GREEN, style.PINK, style.SKY, style.RED, style.YELLOW)
"""Colours that remain distinct in small dots."""

OTHERS = "others"


def map_chart(
    colors: Mapping[str, str], launchpads: pd.DataFrame, *, is_globe: bool
) -> alt.TopLevelSpec:
    """Return the map without the rows of its moving layers.

    Args:
        colors: the colour of each group of satellites.
        launchpads: columns `name`, `latitude_deg`, `longitude_deg`.
        is_globe: whether to draw a globe, with its centre at the longitude and latitude of the
            parameters `turn` and `tilt`.
    """
    points = _points(colors, launchpads)
    chart = alt.layer(*shapes(), *(map(_near_side, points) if is_globe else points))
    chart.projection = _globe() if is_globe else flat()
    if is_globe:
        chart = chart.add_params(alt.param(name="turn", value=0), alt.param(name="tilt", value=20))
    size = {"ratio": 1, "tallest_px": 620} if is_globe else {"ratio": RATIO}
    chart.usermeta, chart.height = size, 300
    return chart


def group_colors(field: str, counts: "pd.Series[int]") -> dict[str, str]:
    """Return the colour of each group; small groups beyond the palette share one.

    Args:
        field: what groups the satellites; `status` has fixed colours.
        counts: satellites of each group.
    """
    if field == "status":
        return {name: colour for name, colour in style.STATUSES.items() if name in counts.index}
    largest = sorted(counts.nlargest(len(PALETTE)).index)
    colors = dict(zip(largest, PALETTE, strict=False))
    return {**colors, OTHERS: style.GREY} if len(counts) > len(colors) else colors


def _globe() -> alt.Projection:
    return alt.Projection(
        type="orthographic",
        scale=alt.expr("min(width, height) / 2.02"),
        translate=alt.expr("[width / 2, height / 2]"),
        rotate=alt.expr("[-turn, -tilt, 0]"),
    )


def _points(colors: Mapping[str, str], launchpads: pd.DataFrame) -> list[alt.Chart]:
    """Return the layers of the launch pads, the satellites and the marked satellite."""
    pads: list[Any] = launchpads.to_dict("records")
    layers = [
        alt.Chart(alt.InlineData(values=pads, name="pads"))
        .mark_point(shape="triangle-up", size=60, filled=True, fill="#fff", stroke="#000")
        .encode(tooltip=[alt.Tooltip("name:N", title="launch pad")]),
        alt.Chart(alt.NamedData("satellites"))
        .transform_filter("isValid(datum.latitude_deg)")
        .mark_circle(size=11, opacity=0.9, aria=False)  # describing each takes longer than drawing
        .encode(color=style.color("group", colors), tooltip=alt.Tooltip("name:N")),
        alt.Chart(alt.NamedData("marked"))
        .mark_point(size=190, stroke=style.RED, strokeWidth=3)
        .encode(tooltip=alt.Tooltip("name:N")),
    ]
    return [
        layer.encode(
            longitude=alt.Longitude("longitude_deg:Q"), latitude=alt.Latitude("latitude_deg:Q")
        )
        for layer in layers
    ]


def _near_side(layer: alt.Chart) -> alt.Chart:
    """Filter out points on the far side, where the projection clips shapes only."""
    degree = 3.141592653589793 / 180
    chart: alt.Chart = layer.transform_filter(
        f"sin(datum.latitude_deg * {degree}) * sin(tilt * {degree})"
        f" + cos(datum.latitude_deg * {degree}) * cos(tilt * {degree})"
        f" * cos((datum.longitude_deg - turn) * {degree}) > 0"
    )
    return chart
