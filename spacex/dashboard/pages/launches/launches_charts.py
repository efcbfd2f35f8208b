"""Charts of the page Launches that reports do not have."""

import altair as alt
import pandas as pd

from spacex.notebook import chart_style as style
from spacex.notebook.chart_gaps import unbroken, with_gaps, with_year_gaps, year_axis
from spacex.notebook.charts import RATE_TOOLTIPS, with_rates

WINDOW = 30
"""Launches in the rolling success rate."""


def cumulative(frame: pd.DataFrame, gaps: pd.DataFrame) -> style.Drawing:
    """Return the launches up to each day by rocket.

    Args:
        frame: `date_utc`, `name`, `rocket` and `launches`.
        gaps: the time that no source covers, in which more may have flown.
    """
    last, least = frame.groupby("rocket")["launches"].max(), "" if gaps.empty else "at least "
    counts = ", ".join(f"{rocket} {least}{count}" for rocket, count in last.items())
    latest = f" On {frame['date_utc'].max()[:10]}: {counts}." if counts else ""
    chart = (
        alt.Chart(unbroken(frame, "date_utc", gaps))
        .mark_line(interpolate="step-after")
        .encode(
            x=alt.X("date_utc:T", title=None),
            y=style.count_axis("launches", "Launches so far"),
            color=_rocket(frame),
            detail=alt.Detail("series:N"),
            tooltip=style.tooltips("name:N", "date_utc:T", "rocket:N", "launches:Q"),
        )
    )
    return with_gaps(chart, gaps, "Launches", f"Lines: launches up to each day.{latest}")


def rolling_success(frame: pd.DataFrame, gaps: pd.DataFrame) -> style.Drawing:
    """Return the rolling success rate with its interval; the window crosses no gap.

    Args:
        frame: `date_utc`, `name` and `success`.
        gaps: the time that no source covers.
    """
    known = unbroken(frame.sort_values("date_utc"), "date_utc", gaps).reset_index(drop=True)
    window = (
        known.astype({"success": float}).groupby("series")["success"].rolling(WINDOW, min_periods=1)
    )
    succeeded, flown = (each.droplevel("series") for each in (window.sum(), window.count()))
    rates = with_rates(known.assign(succeeded=succeeded, flown=flown), "succeeded", "flown")
    latest = f" Latest: {rates['rate'].iloc[-1]:.0%} of {flown.iloc[-1]:.0f}." if len(rates) else ""
    words = f"Line: success rate over the latest {WINDOW} launches, with its 95 % interval.{latest}"
    base = alt.Chart(rates).encode(x=alt.X("date_utc:T", title=None), detail=alt.Detail("series:N"))
    y = alt.Y("low:Q", title="Success rate").axis(format="%").scale(domain=[0, 1])
    band = base.mark_area(color=style.BLUE, opacity=0.18, interpolate="step-after").encode(
        y=y, y2=alt.Y2("high:Q")
    )
    line = base.mark_line(color=style.BLUE, interpolate="step-after").encode(
        y=alt.Y("rate:Q"), tooltip=style.tooltips("name:N", "date_utc:T", *RATE_TOOLTIPS)
    )
    return with_gaps(alt.LayerChart(layer=[band, line]), gaps, "Success rate", words)


def mass(frame: pd.DataFrame, gaps: pd.DataFrame) -> style.Drawing:
    """Return the payload mass of each year by rocket.

    Args:
        frame: `year`, `rocket` and `mass_t`.
        gaps: the years that no source covers entirely.
    """
    total = f" {frame['mass_t'].sum():,.0f} t in total." if len(frame) else ""
    chart = style.bars(
        frame,
        year_axis(frame, gaps),
        alt.Y("mass_t:Q", title="Payload mass (t)"),
        ["year:O", "rocket:N", alt.Tooltip("mass_t:Q", format=",.1f")],
    ).encode(color=_rocket(frame))
    words = f"Bars: known payload mass of each year.{total}"
    return with_year_gaps(chart, gaps, "Payload mass", words)


def _rocket(frame: pd.DataFrame) -> alt.Color:
    """Return the colours of the rockets in the data only."""
    present = set(frame["rocket"])
    colors = {rocket: style.ROCKETS[rocket] for rocket in style.ROCKETS if rocket in present}
    return style.color("rocket", colors, names=present)
