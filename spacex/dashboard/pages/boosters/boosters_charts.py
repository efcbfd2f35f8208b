"""Charts of the page Boosters that reports do not have."""

import altair as alt
import pandas as pd

from spacex.analysis.booster_flights import LANDING_LABELS
from spacex.dashboard.ui.chart_widget import selectable
from spacex.notebook import chart_style as style
from spacex.notebook.chart_gaps import unbroken, with_gaps, with_year_gaps, year_axis
from spacex.notebook.charts import RATE_TOOLTIPS, with_rates
from spacex.units import counted

WINDOW = 15
"""Turnarounds in the rolling median."""

_SHARE = alt.Scale(domain=[0, 1])


def success_by_year(frame: pd.DataFrame, gaps: pd.DataFrame) -> style.Drawing:
    """Return the landing success rate of each year with its interval.

    Args:
        frame: `year`, `made` and `tried`.
        gaps: the years whose landings no source covers entirely.
    """
    rates = with_rates(frame, "made", "tried")
    latest = f" Latest: {rates['rate'].iloc[-1]:.0%}." if len(rates) else ""
    words = f"Dots: landing success rate of each year, with 95 % intervals.{latest}"
    base = alt.Chart(rates).encode(
        x=year_axis(frame, gaps),
        tooltip=style.tooltips("year:O", "made:Q", "tried:Q", *RATE_TOOLTIPS),
    )
    y = alt.Y("low:Q", title="Landings made").axis(format="%").scale(_SHARE)
    rules = base.mark_rule(color=style.GREY, strokeWidth=3).encode(y=y, y2=alt.Y2("high:Q"))
    dots = base.mark_circle(size=110, color=style.BLUE).encode(y=alt.Y("rate:Q").scale(_SHARE))
    layers = alt.LayerChart(layer=[rules, selectable(dots, "year")])
    return with_year_gaps(layers, gaps, "Landing success rate by year", words)


def success_by_type(frame: pd.DataFrame) -> alt.TopLevelSpec:
    """Return the landing success rate by type with its interval: `landing`, `made`, `tried`."""
    rates = with_rates(frame, "made", "tried")
    each = ", ".join(f"{row.landing} {row.rate:.0%}" for row in rates.itertuples())
    words = f"Dots: landing success rate by type, with 95 % intervals: {each}."
    labels = style.label_expression(LANDING_LABELS)
    base = alt.Chart(rates, height=70 * max(len(rates), 1)).encode(
        y=alt.Y("landing:N", title=None).axis(labelExpr=labels, labelLimit=150),
        tooltip=style.tooltips("landing:N", "made:Q", "tried:Q", *RATE_TOOLTIPS),
    )
    x = alt.X("low:Q", title="Landings made").axis(format="%", tickCount=5).scale(_SHARE)
    rules = base.mark_rule(color=style.GREY, strokeWidth=3).encode(x=x, x2=alt.X2("high:Q"))
    dots = base.mark_circle(size=110, color=style.BLUE).encode(x=alt.X("rate:Q").scale(_SHARE))
    return alt.layer(rules, selectable(dots, "landing"), description=words)


def reuse(frame: pd.DataFrame, gaps: pd.DataFrame) -> style.Drawing:
    """Return the share of flights on used boosters, a year.

    Args:
        frame: `year`, `flights` and `reused`.
        gaps: the years whose launches no source covers entirely.
    """
    shares = frame.assign(share=frame["reused"] / frame["flights"])
    latest = f" Latest: {shares['share'].iloc[-1]:.0%}." if len(shares) else ""
    chart = style.bars(
        shares,
        year_axis(frame, gaps),
        alt.Y("share:Q", title="Flights on used boosters").axis(format="%").scale(_SHARE),
        ["year:O", "flights:Q", "reused:Q", alt.Tooltip("share:Q", format=".1%")],
    )
    words = f"Bars: share of each year's flights on used boosters.{latest}"
    return with_year_gaps(selectable(chart, "year"), gaps, "Flights on used boosters", words)


def flights_per_booster(frame: pd.DataFrame) -> alt.Chart:
    """Return the number of boosters by their recorded flights.

    Args:
        frame: `flights`, `boosters`, and `flew_more`, how many of these have a higher flight
            number.
    """
    most = f" The most: {frame['flights'].max()}." if len(frame) else ""
    chart = style.bars(
        frame,
        style.integer_axis(frame, "flights", "Recorded flights", first=1),
        style.count_axis("boosters", "Boosters"),
        [
            "flights:O",
            "boosters:Q",
            alt.Tooltip("flew_more:Q", title="of these, with a higher flight number"),
        ],
    )
    higher = counted(frame["flew_more"].sum(), "booster")
    words = (
        f"Bars: number of boosters of which one flight, two and so on are recorded.{most} "
        f"By the flight number, {higher} flew more often than these flights show."
    )
    return style.describe(chart, words)


def turnaround(frame: pd.DataFrame, gaps: pd.DataFrame) -> style.Drawing:
    """Return the days between a booster's flights, with their rolling median within coverage.

    Args:
        frame: columns `date_utc`, `launch`, `booster`, `flight`, `turnaround_d`.
        gaps: the time whose launches no source covers.
    """
    ordered = unbroken(frame.sort_values("date_utc"), "date_utc", gaps)
    rolling = ordered.groupby("series")["turnaround_d"].rolling(WINDOW, min_periods=1).median()
    median = f" Median: {frame['turnaround_d'].median():.0f} days." if len(frame) else ""
    words = f"Dots: days between two flights of a booster; line: rolling median.{median}"
    base = alt.Chart(ordered.assign(median_d=rolling.droplevel("series"))).encode(
        x=alt.X("date_utc:T", title=None)
    )
    dots = base.mark_circle(size=60, color=style.BLUE).encode(
        y=alt.Y("turnaround_d:Q", title="Days since its previous flight").scale(type="log"),
        tooltip=style.tooltips(
            "booster:N",
            "flight:Q",
            "launch:N",
            "date_utc:T",
            alt.Tooltip("turnaround_d:Q", title="days", format=".0f"),
        ),
    )
    line = base.mark_line(color=style.ORANGE, interpolate="step-after").encode(
        y=alt.Y("median_d:Q"), detail=alt.Detail("series:N")
    )
    layers = alt.LayerChart(layer=[line, selectable(dots, "booster")])
    return with_gaps(layers, gaps, "Turnaround", words)
