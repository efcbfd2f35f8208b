"""The charts of the page Boosters."""

import altair as alt
import pandas as pd

from spacex.analysis.intervals import wilson
from spacex.dashboard.ui.chart_widget import pickable
from spacex.notebook.charts import BLUE, GREY, LANDINGS, ORANGE, ranked

MISSED = "missed"
WINDOW = 15
"""Turnarounds that a rolling median looks back on."""

_LANDINGS = {"ASDS": "drone ship", "RTLS": "land", "Ocean": "water", MISSED: MISSED}
"""What the source's abbreviations mean."""


def landings(frame: pd.DataFrame) -> alt.Chart:
    """Landings a year, made by type or missed: columns `year`, `landing`, `made`, `missed`."""
    made = frame.assign(boosters=frame["made"])
    missed = frame.assign(boosters=frame["missed"], landing=MISSED)
    both = pd.concat([made, missed]).groupby(["year", "landing"], as_index=False)
    ends = both.agg(boosters=("boosters", "sum"))
    words = (
        f"Bars: landings tried in each year; {frame['made'].sum()} made, "
        f"{frame['missed'].sum()} missed."
    )
    chart: alt.Chart = (
        alt.Chart(
            ranked(ends[ends["boosters"] > 0], "landing", LANDINGS), height=260, description=words
        )
        .mark_bar()
        .encode(
            x=_year(frame),
            y=alt.Y("boosters:Q", title="Landings tried").axis(tickMinStep=1),
            color=_landing(ends),
            order=alt.Order("rank:Q"),
            tooltip=[alt.Tooltip("year:O"), alt.Tooltip("landing:N"), alt.Tooltip("boosters:Q")],
        )
    )
    return chart


def success_by_year(frame: pd.DataFrame) -> alt.TopLevelSpec:
    """Share of landings made a year, with its interval: columns `year`, `made`, `tried`."""
    rates = _rates(frame)
    latest = f" Latest: {rates['rate'].iloc[-1]:.0%}." if len(rates) else ""
    words = f"Dots: share of landings that were made in each year, with 95 % intervals.{latest}"
    base = alt.Chart(rates, height=260).encode(
        x=_year(frame), tooltip=[alt.Tooltip("year:O"), *_rate()]
    )
    share = alt.Scale(domain=[0, 1])
    y = alt.Y("low:Q", title="Landings made").axis(format="%").scale(share)
    rules = base.mark_rule(color=GREY, strokeWidth=3).encode(y=y, y2=alt.Y2("high:Q"))
    dots = base.mark_circle(size=110, color=BLUE).encode(y=alt.Y("rate:Q").scale(share))
    return alt.layer(rules, pickable(dots, "year"), description=words)


def success_by_type(frame: pd.DataFrame) -> alt.TopLevelSpec:
    """Share of landings made by type, with its interval: columns `landing`, `made`, `tried`."""
    rates = _rates(frame)
    each = ", ".join(f"{row.landing} {row.rate:.0%}" for row in rates.itertuples())
    words = f"Dots: share of landings that were made, by where, with 95 % intervals: {each}."
    base = alt.Chart(rates, height=70 * max(len(rates), 1)).encode(
        y=alt.Y("landing:N", title=None).axis(labelExpr=_labels(), labelLimit=150),
        tooltip=[alt.Tooltip("landing:N"), *_rate()],
    )
    share = alt.Scale(domain=[0, 1])
    x = alt.X("low:Q", title="Landings made").axis(format="%", tickCount=5).scale(share)
    rules = base.mark_rule(color=GREY, strokeWidth=3).encode(x=x, x2=alt.X2("high:Q"))
    dots = base.mark_circle(size=110, color=BLUE).encode(x=alt.X("rate:Q").scale(share))
    return alt.layer(rules, pickable(dots, "landing"), description=words)


def reuse(frame: pd.DataFrame) -> alt.Chart:
    """Share of flights on used boosters a year: columns `year`, `flights`, `reused`."""
    shares = frame.assign(share=frame["reused"] / frame["flights"])
    latest = f" Latest: {shares['share'].iloc[-1]:.0%}." if len(shares) else ""
    words = f"Bars: share of boosters' flights in each year that were not their first.{latest}"
    chart: alt.Chart = (
        alt.Chart(shares, height=260, description=words)
        .mark_bar(color=BLUE)
        .encode(
            x=_year(frame),
            y=alt.Y("share:Q", title="Flights on used boosters")
            .axis(format="%")
            .scale(domain=[0, 1]),
            tooltip=[
                alt.Tooltip("year:O"),
                alt.Tooltip("flights:Q"),
                alt.Tooltip("reused:Q"),
                alt.Tooltip("share:Q", format=".1%"),
            ],
        )
    )
    return chart


def flights_per_booster(frame: pd.DataFrame) -> alt.Chart:
    """Boosters by how often they flew: columns `flights`, `boosters`."""
    most = f" At most {frame['flights'].max()}." if len(frame) else ""
    every = list(range(1, frame["flights"].max() + 1)) if len(frame) else []
    words = f"Bars: number of boosters that flew once, twice and so on.{most}"
    chart: alt.Chart = (
        alt.Chart(frame, height=260, description=words)
        .mark_bar(color=BLUE)
        .encode(
            x=alt.X("flights:O", title="Flights").axis(labelAngle=0).scale(domain=every),
            y=alt.Y("boosters:Q", title="Boosters").axis(tickMinStep=1),
            tooltip=[alt.Tooltip("flights:O"), alt.Tooltip("boosters:Q")],
        )
    )
    return chart


def turnaround(frame: pd.DataFrame) -> alt.TopLevelSpec:
    """Days between a booster's flights: columns `date_utc`, `launch`, `booster`, `turnaround_d`."""
    ordered = frame.sort_values("date_utc")
    rolling = ordered["turnaround_d"].rolling(WINDOW, min_periods=1).median()
    median = f" Median: {frame['turnaround_d'].median():.0f} days." if len(frame) else ""
    words = f"Dots: days between two flights of a booster, over time; line: rolling median.{median}"
    base = alt.Chart(ordered.assign(median_d=rolling), height=280).encode(
        x=alt.X("date_utc:T", title=None)
    )
    dots = base.mark_circle(size=60, color=BLUE).encode(
        y=alt.Y("turnaround_d:Q", title="Days since its flight before").scale(type="log"),
        tooltip=[
            alt.Tooltip("booster:N"),
            alt.Tooltip("flight:Q"),
            alt.Tooltip("launch:N"),
            alt.Tooltip("date_utc:T"),
            alt.Tooltip("turnaround_d:Q", title="days", format=".0f"),
        ],
    )
    line = base.mark_line(color=ORANGE, interpolate="step-after").encode(y=alt.Y("median_d:Q"))
    return alt.layer(line, pickable(dots, "booster"), description=words)


def _rates(frame: pd.DataFrame) -> pd.DataFrame:
    pairs = zip(frame["made"], frame["tried"], strict=True)
    ends = [wilson(int(made), int(tried)) for made, tried in pairs]
    low, high = zip(*ends, strict=True) if ends else ((), ())
    return frame.assign(rate=frame["made"] / frame["tried"], low=low, high=high)


def _rate() -> list[alt.Tooltip]:
    """What is told of a share: its counts, and the ends of its interval."""
    counts = [alt.Tooltip(f"{name}:Q") for name in ("made", "tried")]
    return counts + [alt.Tooltip(f"{name}:Q", format=".1%") for name in ("rate", "low", "high")]


def _year(frame: pd.DataFrame) -> alt.X:
    """Every year from the first to the last, those without flights too."""
    years = list(range(frame["year"].min(), frame["year"].max() + 1)) if len(frame) else []
    return alt.X("year:O", title=None).axis(labelAngle=0).scale(domain=years)


def _landing(frame: pd.DataFrame) -> alt.Color:
    """One colour for each end of a landing; grey for one of a kind that has none."""
    names = [*LANDINGS, *sorted(set(frame["landing"]) - LANDINGS.keys())]
    colours = [LANDINGS.get(name, GREY) for name in names]
    return (
        alt.Color("landing:N", title=None)
        .scale(domain=names, range=colours)
        .legend(labelExpr=_labels())
    )


def _labels() -> str:
    """An expression of Vega: the label of an end of a landing."""
    known = "".join(f"datum.label === '{name}' ? '{words}' : " for name, words in _LANDINGS.items())
    return f"{known}datum.label"
