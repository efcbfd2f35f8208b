"""Draw the geomagnetic index Ap behind charts over time, as quiet bars at their foot.

The bars have an axis of their own, on the right. Predicted days are outlined. Days of which nothing
is known have no bar and no base line, which a day with an Ap of zero has.
"""

from math import ceil

import altair as alt
import pandas as pd

from spacex.notebook.chart_style import GREY, LABEL, Drawing, tooltips
from spacex.schema.space_weather import KNOWN

HOW_TO_READ = (
    "Grey bars: Ap, how disturbed the Earth's magnetic field was on the day, by the axis on the "
    "right; outlined if predicted, none where it is not known."
)
_HEIGHT = 0.25
"""The share of the chart that the highest bar takes."""
_LEAST_TOP = 60
"""The Ap that it stands for at least: quiet days stay low."""
_MOST_BARS = 240
_TICKS = ((60, 30), (150, 50), (401, 100))
"""Up to this Ap, the ticks are so far apart."""


def with_weather(
    chart: Drawing,
    weather: pd.DataFrame | None,
    instants: "pd.Series[str]",
    *,
    is_local: bool = False,
) -> Drawing:
    """Return a chart in front of the bars of Ap; as it is if no Ap is known of its time.

    Args:
        chart: the chart, whose x axis is time.
        weather: `spacex.analysis.space_weather.weather_days`; None if there is none.
        instants: the dates or instants that the chart shows.
        is_local: whether the chart has its days in the time of the browser, not in UTC.
    """
    days = _shown(weather, instants)
    if days.empty:
        return chart
    bins = _binned(days, is_local=is_local)
    top = max(_LEAST_TOP, int(days["ap"].max()))
    step = next(step for most, step in _TICKS if top <= most)
    axis = alt.Axis(
        orient="right",
        values=[*range(0, top + 1, step)],
        grid=False,
        titleColor=LABEL,
        labelColor=LABEL,
        titleAnchor="start",
        titleAlign="right",
    )
    per_bar = int(bins["days"].max())
    highest = "" if per_bar == 1 else f", highest of {per_bar} days"
    has_predicted = (~bins["is_observed"]).any()
    outlined = "; outlined: predicted" if has_predicted else ""
    y = alt.Y("ap:Q", title=f"Ap{highest or ' by day'}{outlined}", axis=axis)
    base = alt.Chart(bins).encode(
        x=alt.X("from_utc:T", title=None),
        x2=alt.X2("to_utc:T"),
        tooltip=tooltips("day:N", "ap:Q", "kind:N"),
    )
    foot = alt.Y2Datum(0)
    y = y.scale(domain=[0, top / _HEIGHT], nice=False)
    layers = [
        base.transform_filter("datum.is_observed")
        .mark_rect(color=GREY, opacity=0.4)
        .encode(y=y, y2=foot),
        base.transform_filter("!datum.is_observed")
        .mark_rect(fillOpacity=0, stroke=GREY, strokeWidth=1, strokeOpacity=0.7)
        .encode(y=y, y2=foot),
        base.mark_rule(color=GREY, opacity=0.6).encode(y=alt.YDatum(0)),
    ]
    strip = alt.LayerChart(layer=layers)
    both: alt.LayerChart = alt.LayerChart(layer=[strip, chart]).resolve_scale(y="independent")
    return both


def weather_words(weather: pd.DataFrame | None, instants: "pd.Series[str]") -> str:
    """Return a sentence on the bars for the text alternative of a chart; empty if it has none.

    Args:
        weather: as `with_weather`.
        instants: as `with_weather`.
    """
    days = _shown(weather, instants)
    if days.empty:
        return ""
    highest = days.sort_values("ap", kind="stable").iloc[-1]
    words = f" Bars at the foot: the geomagnetic index Ap by day, at most {highest['ap']}"
    predicted = (~days["kind"].isin(KNOWN)).sum()
    told = f"; predicted for {predicted} of {len(days)} days" if predicted else ""
    return f"{words} on {highest['utc_date']}{told}."


def _shown(weather: pd.DataFrame | None, instants: "pd.Series[str]") -> pd.DataFrame:
    """Return the days with a known Ap between the first and the last of some instants."""
    known = instants.dropna().astype(str)
    if weather is None or known.empty:
        return pd.DataFrame()
    is_shown = weather["utc_date"].between(known.min()[:10], known.max()[:10])
    return weather[is_shown].dropna(subset="ap").astype({"ap": int})


def _binned(days: pd.DataFrame, *, is_local: bool) -> pd.DataFrame:
    """Return the bars: one a day, or the highest day of several, observed and predicted apart.

    Returns:
        `from_utc`, `to_utc`, `day` in words, `ap`, `kind`, `days` and `is_observed`.
    """
    dates = pd.to_datetime(days["utc_date"])
    per_bar = ceil(((dates.iloc[-1] - dates.iloc[0]).days + 1) / _MOST_BARS)
    place = (dates - dates.iloc[0]).dt.days // per_bar
    found = days.assign(place=place, date=dates, is_observed=days["kind"].isin(KNOWN))
    highest = found.sort_values("ap", kind="stable", ascending=False)
    groups = ["place", "is_observed"]
    bars = highest.groupby(groups, as_index=False).agg(
        ap=("ap", "first"), kind=("kind", "first"), day=("utc_date", "first"), days=("ap", "size")
    )
    ends = found.groupby(groups, as_index=False)["date"].agg(["min", "max"])
    form = "%Y-%m-%dT%H:%M:%S" + ("" if is_local else "Z")
    return bars.assign(
        days=per_bar,
        from_utc=ends["min"].dt.strftime(form),
        to_utc=(ends["max"] + pd.Timedelta(days=1)).dt.strftime(form),
    )
