"""Hatch the time that no source covers, in charts by year and over time."""

from bisect import bisect_left, bisect_right
from typing import Any, Literal

import altair as alt
import pandas as pd

from spacex.analysis.growth import NOT_COVERED
from spacex.analysis.source_coverage import IN_PART
from spacex.notebook.chart_style import (
    HEIGHT,
    LABEL,
    WIDTH,
    Drawing,
    integer_axis,
    tooltips,
)

_STRIPES = 6
_LIGHT, _DARK = "rgba(128, 128, 128, 0.14)", "rgba(128, 128, 128, 0.5)"
_HATCHED: dict[str, Any] = {
    "gradient": "linear",
    "x1": 0,
    "y1": 0,
    "x2": 1,
    "y2": 1,
    "stops": [
        {"color": shade, "offset": (stripe + edge) / _STRIPES}
        for stripe in range(_STRIPES)
        for shade, edge in ((_LIGHT, 0), (_LIGHT, 0.7), (_DARK, 0.7), (_DARK, 1))
    ],
}
"""The fill of what is unknown."""

_TOP: alt.YValue = alt.YValue(0)  # type: ignore[no-untyped-call]
_BOTTOM: alt.Y2Value = alt.Y2Value(HEIGHT)  # type: ignore[no-untyped-call]
"""Altair takes 10 ms to find the classes of `alt.value`."""

_LABELS = 40
"""How many upright labels there is room for."""

_PALE = 0.55
"""The opacity of bars in front of hatching."""


def with_year_gaps(
    chart: Drawing, gaps: pd.DataFrame | None, title: str, description: str
) -> Drawing:
    """Return a chart with its title, and with the years hatched that no source covers entirely.

    The bars of years that are covered in part are pale, so that the hatching shows behind them.

    Args:
        chart: bars by year, or layers of other marks; their axis has the years of the gaps.
        gaps: `spacex.analysis.source_coverage.year_gaps`; None or empty if there are none.
        title: of the chart.
        description: what it shows, with its main figures.
    """
    if gaps is None or gaps.empty:
        return _sized(chart, title, description)
    fields = tooltips("year:O", "coverage:N", "seen_in_orbit:Q")
    bars = chart if isinstance(chart, alt.Chart) else None
    x = (bars or chart.layer[0]).encoding.x
    hatch = _hatched("bar", gaps).encode(x=x, tooltip=fields)
    is_part = gaps["coverage"] == IN_PART
    none = _gap_label(gaps[~is_part])
    part = _gap_label(gaps[is_part], text="part", baseline="bottom", dy=-2, fontSize=8)
    labels = [each.encode(x=x, tooltip=fields) for each in (none, part)]
    test = {"field": "year", "oneOf": gaps.loc[is_part, "year"].tolist()}
    pale = alt.FillOpacityValue(1, condition={"test": test, "value": _PALE})
    reason = "no source covers the year, or only a part of it"
    words = f"{description} Hatched: {reason}."
    drawn = bars.encode(fillOpacity=pale) if bars else chart
    return _layered([hatch, drawn, *labels], title, words)


def with_gaps(
    chart: Drawing,
    gaps: pd.DataFrame | None,
    title: str,
    description: str,
    reason: str = "no source covers the time",
) -> Drawing:
    """Return a chart with its title, and with the time hatched of which something is not known.

    Args:
        chart: the chart, whose x axis is time.
        gaps: `spacex.analysis.source_coverage.gaps`; None or empty if there are none. With `label`,
            which says why it is not known; by default, it is not covered.
        title: of the chart.
        description: what it shows, with its main figures.
        reason: what the hatching means.
    """
    if gaps is None or gaps.empty:
        return _sized(chart, title, description)
    spans = pd.DataFrame({"label": NOT_COVERED, **gaps, "middle_utc": _middles(gaps)})
    fields = tooltips("label:N", "from_utc:T", "to_utc:T")
    hatch = _hatched("rect", spans).encode(
        x=alt.X("from_utc:T", title=None), x2=alt.X2("to_utc:T"), tooltip=fields
    )
    label = _gap_label(_wide(spans)).encode(
        x=alt.X("middle_utc:T", title=None), text=alt.Text("label:N"), tooltip=fields
    )
    return _layered([hatch, chart, label], title, f"{description} Hatched: {reason}.")


def unbroken(frame: pd.DataFrame, instant: str, gaps: pd.DataFrame | None) -> pd.DataFrame:
    """Add `series`, which counts the gaps before a row: a line that has it does not cross them.

    Args:
        frame: the rows.
        instant: the column with their instants.
        gaps: `spacex.analysis.source_coverage.gaps` or `pauses`; None if there are none.
    """
    if gaps is None:
        return frame.assign(series=0)
    since, until = ([*gaps[name].sort_values()] for name in ("from_utc", "to_utc"))
    series = [bisect_left(since, at) + bisect_right(until, at) for at in frame[instant]]
    return frame.assign(series=series)


def _wide(gaps: pd.DataFrame) -> pd.DataFrame:
    """Return the gaps that are wide enough for a label beside that of another."""
    since, until = (pd.to_datetime(gaps[name], utc=True) for name in ("from_utc", "to_utc"))
    return gaps[until - since >= (until.max() - since.min()) / _LABELS]


def _middles(gaps: pd.DataFrame) -> "pd.Series[str]":
    since, until = (pd.to_datetime(gaps[name], utc=True) for name in ("from_utc", "to_utc"))
    return (since + (until - since) / 2).dt.strftime("%Y-%m-%dT%H:%M:%SZ")


def _hatched(mark: Literal["bar", "rect"], gaps: pd.DataFrame) -> alt.Chart:
    """Return hatched marks as high as the chart."""
    # As a dict: Altair takes 10 ms to validate the stripes, for each of the charts of a page.
    stripes: Any = {"type": mark, "color": _HATCHED}
    hatch = alt.Chart(gaps, mark=stripes)
    encoded: alt.Chart = hatch.encode(y=_TOP, y2=_BOTTOM)
    return encoded


def _gap_label(gaps: pd.DataFrame, **mark: Any) -> alt.Chart:
    """Return the label of each gap at the top, by default upright."""
    upright = {
        "text": NOT_COVERED,
        "angle": 270,
        "align": "right",
        "baseline": "middle",
        "dx": -6,
    }
    label = alt.Chart(gaps).mark_text(color=LABEL, **(mark or upright))
    encoded: alt.Chart = label.encode(y=_TOP)
    return encoded


def _layered(layers: list[Drawing], title: str, description: str) -> Drawing:
    """Return a chart above its hatched gaps and below their labels."""
    return _sized(alt.LayerChart(layer=layers), title, description)


def _sized(chart: Drawing, title: str, description: str) -> Drawing:
    text = {"title": title, "description": description}
    sized: Drawing = chart.properties(width=WIDTH, height=HEIGHT, **text)
    return sized


def year_axis(frame: pd.DataFrame, gaps: pd.DataFrame | None) -> alt.X:
    """Return the axis of the years of a frame and of its gaps."""
    every = [frame[["year"]], *([] if gaps is None else [gaps[["year"]]])]
    return integer_axis(pd.concat(every), "year")
