"""Charts of re-entries, on the page Fleet."""

import altair as alt
import pandas as pd

from spacex.analysis.source_coverage import month_after
from spacex.notebook.chart_gaps import with_gaps
from spacex.notebook.chart_style import ORANGE, Drawing, bars, count_axis, describe, integer_axis
from spacex.notebook.weather_strip import weather_words, with_weather

MOST_MONTHS = 600
"""No satellite is older; the axis has a label for each year of age."""


def reentries_by_month(
    frame: pd.DataFrame, gaps: pd.DataFrame, weather: pd.DataFrame | None = None
) -> Drawing:
    """Return the re-entries of each month.

    Args:
        frame: `month`, its first instant, and `satellites`.
        gaps: the time whose decays no source covers.
        weather: as `with_weather`.
    """
    shown = pd.concat([frame["month"], month_after(frame["month"])])
    most = frame.nlargest(1, "satellites")
    worst = "".join(f" The most known: {r.satellites}, in {r.month:.7}." for r in most.itertuples())
    chart = bars(
        frame,
        alt.X("month:T", timeUnit="yearmonth", title=None),
        count_axis("satellites", "Re-entries"),
        [alt.Tooltip("month:T", timeUnit="yearmonth", title="month"), "satellites:Q"],
    ).mark_bar(color=ORANGE)
    words = f"Bars: re-entries in each month.{worst}{weather_words(weather, shown)}"
    layers = with_weather(chart, weather, shown, is_local=True)
    return with_gaps(layers, gaps, "Re-entries", words)


def age_at_reentry(frame: pd.DataFrame) -> alt.Chart:
    """Return the re-entries by age: `age_months`, whole months, and `satellites`."""
    early = frame.loc[frame["age_months"] < 12, "satellites"].sum()
    total = frame["satellites"].sum()
    chart = bars(
        frame,
        integer_axis(frame, "age_months", "Months since launch", first=0).axis(
            labelAngle=0, values=list(range(0, MOST_MONTHS, 12))
        ),
        count_axis("satellites", "Re-entries"),
        ["age_months:O", "satellites:Q"],
    ).mark_bar(color=ORANGE)
    words = f"Bars: satellites by age at re-entry; {early} of {total} in their first year."
    return describe(chart, words)
