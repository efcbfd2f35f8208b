"""The chart of the page Map: the Earth, flat or as a globe, with the fleet above it.

What moves is in datasets of its own, which are put into the drawn chart: `satellites`, `night`,
`track` and `marked`.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from spacex.notebook.chart_style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    RED,
    SKY,
    STATUSES,
    YELLOW,
)

PALETTE = (BLUE, ORANGE, GREEN, PINK, SKY, RED, YELLOW)
"""Colours that remain distinct in small dots."""

OTHERS = "others"

_LAND = Path(__file__).with_name("land.json")
_RATIO = 0.52
"""Height of the projection Natural Earth for a width of 1."""


def world(groups: Mapping[str, str], pads: pd.DataFrame, *, is_globe: bool) -> alt.TopLevelSpec:
    """The Earth, without what moves.

    Args:
        groups: the groups of satellites, and their colours.
        pads: launch pads: `name`, `latitude_deg`, `longitude_deg`.
        is_globe: whether it is seen as a globe; its parameters `turn` and `tilt` are the longitude
            and latitude in the middle.
    """
    layers = [*_ground(), _night(), _track(), _pads(pads), _satellites(groups), _marked()]
    if is_globe:
        layers[-3:] = [_near_side(layer) for layer in layers[-3:]]
    chart = alt.layer(*layers)
    chart.projection = _globe() if is_globe else _flat()
    if is_globe:
        chart = chart.add_params(alt.param(name="turn", value=0), alt.param(name="tilt", value=20))
    size = {"ratio": 1, "tallest_px": 620} if is_globe else {"ratio": _RATIO}
    chart.usermeta, chart.height = size, 300
    return chart


def colours(kind: str, counts: "pd.Series[int]") -> dict[str, str]:
    """The colour of each group: the most numerous ones have their own.

    Args:
        kind: what the groups are; each `status` has its colour for good.
        counts: satellites of each group.
    """
    if kind == "status":
        return {name: colour for name, colour in STATUSES.items() if name in counts.index}
    names = sorted(counts.nlargest(len(PALETTE)).index)
    own = dict(zip(names, PALETTE, strict=False))
    return {**own, OTHERS: GREY} if len(counts) > len(own) else own


def shape(geometry: Mapping[str, Any]) -> pd.DataFrame:
    """A shape on the ground, as the rows of a dataset."""
    return pd.DataFrame({"type": ["Feature"], "geometry": [geometry]})


def _flat() -> alt.Projection:
    scale, translate = alt.expr("width / 5.48"), alt.expr("[width / 2, height / 2]")
    return alt.Projection(type="naturalEarth1", scale=scale, translate=translate)


def _globe() -> alt.Projection:
    return alt.Projection(
        type="orthographic",
        scale=alt.expr("min(width, height) / 2.02"),
        translate=alt.expr("[width / 2, height / 2]"),
        rotate=alt.expr("[-turn, -tilt, 0]"),
    )


def _ground() -> list[alt.Chart]:
    land = alt.InlineData(values=_land(), name="land")
    return [
        alt.Chart(alt.sphere()).mark_geoshape(fill=SKY, fillOpacity=0.13, stroke=GREY),
        alt.Chart(alt.graticule(step=(30, 30))).mark_geoshape(
            filled=False, stroke=GREY, strokeOpacity=0.3, strokeWidth=0.5
        ),
        alt.Chart(land).mark_geoshape(fill=GREY, fillOpacity=0.36),
    ]


def _night() -> alt.Chart:
    chart: alt.Chart = alt.Chart(alt.NamedData("night")).mark_geoshape(
        fill="#0a1524", fillOpacity=0.22
    )
    return chart


def _track() -> alt.Chart:
    chart: alt.Chart = alt.Chart(alt.NamedData("track")).mark_geoshape(
        filled=False, stroke=RED, strokeWidth=2, strokeDash=[6, 3]
    )
    return chart


def _pads(pads: pd.DataFrame) -> alt.Chart:
    values: list[Any] = pads.to_dict("records")
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=values, name="pads"))
        .mark_point(shape="triangle-up", size=60, filled=True, fill="#fff", stroke="#000")
        .encode(
            longitude=alt.Longitude("longitude_deg:Q"),
            latitude=alt.Latitude("latitude_deg:Q"),
            tooltip=[alt.Tooltip("name:N", title="launch pad")],
        )
    )
    return chart


def _satellites(groups: Mapping[str, str]) -> alt.Chart:
    scale = alt.Scale(domain=list(groups), range=list(groups.values()))
    chart: alt.Chart = (
        alt.Chart(alt.NamedData("satellites"))
        .transform_filter("isValid(datum.latitude_deg)")
        .mark_circle(size=11, opacity=0.9, aria=False)  # to describe each takes longer than to draw
        .encode(
            longitude=alt.Longitude("longitude_deg:Q"),
            latitude=alt.Latitude("latitude_deg:Q"),
            color=alt.Color("group:N", title=None, scale=scale),
            tooltip=alt.Tooltip("name:N"),
        )
    )
    return chart


def _marked() -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(alt.NamedData("marked"))
        .mark_point(size=190, stroke=RED, strokeWidth=3)
        .encode(
            longitude=alt.Longitude("longitude_deg:Q"),
            latitude=alt.Latitude("latitude_deg:Q"),
            tooltip=alt.Tooltip("name:N"),
        )
    )
    return chart


def _near_side(layer: alt.Chart) -> alt.Chart:
    """Without the points of the far side: a projection hides shapes there, but not points."""
    degree = 3.141592653589793 / 180
    chart: alt.Chart = layer.transform_filter(
        f"sin(datum.latitude_deg * {degree}) * sin(tilt * {degree})"
        f" + cos(datum.latitude_deg * {degree}) * cos(tilt * {degree})"
        f" * cos((datum.longitude_deg - turn) * {degree}) > 0"
    )
    return chart


@cache
def _land() -> dict[str, Any]:
    land: dict[str, Any] = json.loads(_LAND.read_text(encoding="utf-8"))
    return land
