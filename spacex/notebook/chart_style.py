"""Colours, axes and legends shared by the charts of reports, notebooks and the dashboard.

The colours have the hues of Okabe and Ito, which remain distinct with any colour vision. They are
darker, so that each has a contrast of 3:1 with light pages, as WCAG 2.2 asks of marks (1.4.11);
`ON_DARK` has the lighter ones for dark pages.
"""

from collections.abc import Iterable, Mapping, Sequence

import altair as alt
import pandas as pd

from spacex.orbits.status import Status
from spacex.schema.starlink import NO_ELEMENTS, UNLISTED

BLUE, SKY, GREEN, YELLOW = "#0067ab", "#3096d2", "#008860", "#665e00"
ORANGE, RED, PINK, GREY = "#c27900", "#b33000", "#94377d", "#737980"

SEA, LAND, NIGHT = "#e6f0f8", "#dde3e9", "#0a152429"
"""The grounds of a map; NIGHT is translucent and lies over the others."""
LABEL = "#5f6670"
"""Text in a chart, beside its marks."""

ON_DARK = {
    BLUE: "#57a5ea",
    SKY: "#bfe8ff",
    GREEN: "#2fc492",
    YELLOW: "#f5ec6a",
    ORANGE: "#e69f00",
    RED: "#fb7c4a",
    PINK: "#f0a0d4",
    GREY: "#9ea8b2",
    SEA: "#16263a",
    LAND: "#2b3e56",
    NIGHT: "#00000073",
    LABEL: "#aab4bf",
}
"""Each colour → the one in its place on a dark page."""

OUTCOMES = {
    "success": BLUE,
    "failure": RED,
    "unknown": ORANGE,
    "overdue": YELLOW,
    "superseded": PINK,
    "planned": GREY,
}
NOT_FLOWN = ("overdue", "superseded", "planned")
"""The outcomes of launches that no source has as flown."""
ROCKETS = {"Falcon 9": BLUE, "Falcon Heavy": GREEN, "Falcon 1": ORANGE, "Starship": RED}
MISSED = "missed"
LANDINGS = {"ASDS": BLUE, "RTLS": GREEN, "Ocean": SKY, MISSED: RED}
STATUSES: dict[str, str] = {
    Status.OPERATIONAL: BLUE,
    Status.RAISING: GREEN,
    Status.LOWERING: ORANGE,
    Status.DECAYING: RED,
    Status.STALE: PINK,
    Status.DECAYED: GREY,
    UNLISTED: SKY,
    NO_ELEMENTS: YELLOW,
}

Drawing = alt.Chart | alt.LayerChart

WIDTH, HEIGHT = 480, 260
"""Size of a chart in px; two fit side by side on a page 1,200 px wide."""

MIDNIGHT = "T00:00:00"
"""Appended to a date: browsers read a bare date as UTC, which is the day before in America."""

WHOLE_NUMBER = "datum.value % 1 ? '' : format(abs(datum.value), ',')"
"""The label of an axis of counts: in spite of `tickMinStep`, Vega puts ticks at halves up to 2."""


def in_words(name: str) -> str:
    """Return the name of a table or column in words.

    >>> in_words("starlink_elements")
    'starlink elements'
    """
    return name.replace("_", " ").strip()


def describe(chart: alt.Chart, description: str, height: int = HEIGHT) -> alt.Chart:
    """Set a chart's height and its description, the text alternative of the picture.

    Args:
        chart: the chart.
        description: what it shows, with its main figures.
        height: in px.
    """
    described: alt.Chart = chart.properties(description=description, height=height)
    return described


def titled(chart: alt.Chart, title: str, description: str = "", width: int = WIDTH) -> alt.Chart:
    """Return a chart with a title, which is also its description unless one is given.

    Args:
        chart: the chart.
        title: the title.
        description: what the chart shows, with its main figures.
        width: in px.
    """
    named: alt.Chart = chart.properties(title=title, width=width)
    return describe(named, description or f"{title}.")


def color(
    field: str,
    colors: Mapping[str, str],
    *,
    names: Iterable[str] = (),
    labels: Mapping[str, str] | None = None,
    legend: bool = True,
) -> alt.Color:
    """Return the colour encoding of a nominal field, with its legend on top.

    Args:
        field: the field.
        colors: the colour of each value.
        names: the values in the data; those without a colour are grey.
        labels: legend labels of values, where they differ from the value.
        legend: whether to show a legend.
    """
    scale = {**colors, **dict.fromkeys(sorted(set(names) - colors.keys()), GREY)}
    encoding = alt.Color(f"{field}:N", title=None).scale(
        domain=list(scale), range=list(scale.values())
    )
    if not legend or not scale:  # Vega draws a legend of nothing endlessly high
        return encoding.legend(None)
    return encoding.legend(orient="top", labelExpr=label_expression(labels or {}))


def label_expression(labels: Mapping[str, str]) -> str:
    """Return the Vega expression that replaces labels; other labels stay.

    >>> label_expression({"RTLS": "land"})
    "datum.label === 'RTLS' ? 'land' : datum.label"
    """
    cases = (f"datum.label === '{name}' ? '{label}' : " for name, label in labels.items())
    return f"{''.join(cases)}datum.label"


def integer_axis(
    frame: pd.DataFrame, field: str, title: str | None = None, first: int | None = None
) -> alt.X:
    """Return an x axis with every integer up to the maximum, including those without rows.

    Args:
        frame: the rows.
        field: the integer field.
        title: of the axis.
        first: the first integer; the minimum if None.
    """
    values = frame[field]
    start = int(values.min()) if first is None and len(frame) else first or 0
    every = list(range(start, int(values.max()) + 1)) if len(frame) else []
    return (
        alt.X(f"{field}:O", title=title)
        .axis(labelAngle=0, labelOverlap="greedy", labelSeparation=6)
        .scale(domain=every)
    )


def count_axis(field: str, title: str) -> alt.Y:
    """Return a y axis of counts, whose labels are whole numbers without a sign."""
    return alt.Y(f"{field}:Q", title=title).axis(tickMinStep=1, labelExpr=WHOLE_NUMBER)


def bars(frame: pd.DataFrame, x: alt.X, y: alt.Y, fields: Sequence[str | alt.Tooltip]) -> alt.Chart:
    """Return bars; blue, unless a colour is encoded.

    Args:
        frame: the rows.
        x: the x axis.
        y: the y axis.
        fields: the fields of the tooltip; see `tooltips`.
    """
    chart: alt.Chart = (
        alt.Chart(frame).mark_bar(color=BLUE).encode(x=x, y=y, tooltip=tooltips(*fields))
    )
    return chart


def tooltips(*fields: str | alt.Tooltip) -> list[alt.Tooltip]:
    """Return the tooltip encodings of these fields, such as `"launches:Q"`."""
    return [alt.Tooltip(field) if isinstance(field, str) else field for field in fields]


def with_rank(frame: pd.DataFrame, by: str, order: Iterable[str]) -> pd.DataFrame:
    """Add `rank`, the position in a stack of bars from the bottom; unlisted values rank lowest.

    Args:
        frame: the rows.
        by: the column whose values are stacked.
        order: these values from the bottom to the top.
    """
    ranks = {name: rank for rank, name in enumerate(order)}
    return frame.assign(rank=frame[by].astype(object).map(ranks).fillna(-1))
