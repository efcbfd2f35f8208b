"""The charts of the page Launches."""

import altair as alt
import pandas as pd

from spacex.analysis.intervals import wilson
from spacex.notebook.charts import BLUE, GREEN, GREY, ORANGE, OUTCOMES, RED, ranked

ROCKETS = {"Falcon 9": BLUE, "Falcon Heavy": GREEN, "Falcon 1": ORANGE, "Starship": RED}
WINDOW = 30
"""Launches that a rolling rate looks back on."""


def by_year(frame: pd.DataFrame) -> alt.Chart:
    """Launches a year by outcome: columns `year`, `outcome`, `launches`."""
    total = frame.groupby("year")["launches"].sum()
    best = f" The most, {total.max()}, in {total.idxmax()}." if len(total) else ""
    chart: alt.Chart = (
        alt.Chart(
            ranked(frame, "outcome", OUTCOMES),
            height=260,
            description=f"Bars: launches in each year.{best}",
        )
        .mark_bar()
        .encode(
            x=_year(frame),
            y=alt.Y("launches:Q", title="Launches").axis(tickMinStep=1),
            color=_outcome(),
            order=alt.Order("rank:Q"),
            tooltip=[alt.Tooltip("year:O"), alt.Tooltip("outcome:N"), alt.Tooltip("launches:Q")],
        )
    )
    return chart


def by(frame: pd.DataFrame, field: str, label: str) -> alt.Chart:
    """Launches by a category and outcome: columns of that name, `outcome`, `launches`."""
    height = 34 * max(frame[field].nunique(), 1)
    chart: alt.Chart = (
        alt.Chart(
            ranked(frame, "outcome", OUTCOMES),
            height=height,
            description=f"Bars: launches by {label}.",
        )
        .mark_bar()
        .encode(
            x=alt.X("launches:Q", title="Launches").axis(tickMinStep=1, tickCount=5),
            y=alt.Y(f"{field}:N", title=None, sort="-x").axis(labelLimit=150),
            color=_outcome(legend=False),
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip(f"{field}:N"),
                alt.Tooltip("outcome:N"),
                alt.Tooltip("launches:Q"),
            ],
        )
    )
    return chart


def cumulative(frame: pd.DataFrame) -> alt.Chart:
    """Launches up to each day by rocket: columns `date_utc`, `rocket`, `launches`."""
    last = frame.groupby("rocket")["launches"].max()
    ends = ", ".join(f"{rocket} {count}" for rocket, count in last.items())
    chart: alt.Chart = (
        alt.Chart(frame, height=260, description=f"Lines: launches up to each day. Now: {ends}.")
        .mark_line(interpolate="step-after")
        .encode(
            x=alt.X("date_utc:T", title=None),
            y=alt.Y("launches:Q", title="Launches so far").axis(tickMinStep=1),
            color=_rocket(frame),
            tooltip=[
                alt.Tooltip("name:N"),
                alt.Tooltip("date_utc:T"),
                alt.Tooltip("rocket:N"),
                alt.Tooltip("launches:Q"),
            ],
        )
    )
    return chart


def rolling_success(frame: pd.DataFrame) -> alt.TopLevelSpec:
    """The success rate over the latest launches, with its interval: `date_utc`, `success`."""
    rates = _rates(frame)
    latest = f" Latest: {rates['rate'].iloc[-1]:.0%}." if len(rates) else ""
    words = f"Line: success rate over the latest {WINDOW} launches, with its 95 % interval.{latest}"
    base = alt.Chart(rates, height=260).encode(x=alt.X("date_utc:T", title=None))
    y = alt.Y("low:Q", title="Success rate").axis(format="%").scale(domain=[0, 1])
    band = base.mark_area(color=BLUE, opacity=0.18, interpolate="step-after").encode(
        y=y, y2=alt.Y2("high:Q")
    )
    line = base.mark_line(color=BLUE, interpolate="step-after").encode(
        y=alt.Y("rate:Q"),
        tooltip=[
            alt.Tooltip("name:N"),
            alt.Tooltip("date_utc:T"),
            *(alt.Tooltip(f"{c}:Q", format=".1%") for c in _RATE),
        ],
    )
    return alt.layer(band, line, description=words)


def mass(frame: pd.DataFrame) -> alt.Chart:
    """Payload mass a year by rocket: columns `year`, `rocket`, `mass_t`."""
    total = f"{frame['mass_t'].sum():,.0f} t in all." if len(frame) else ""
    chart: alt.Chart = (
        alt.Chart(frame, height=260, description=f"Bars: known payload mass of each year. {total}")
        .mark_bar()
        .encode(
            x=_year(frame),
            y=alt.Y("mass_t:Q", title="Payload mass (t)"),
            color=_rocket(frame),
            tooltip=[
                alt.Tooltip("year:O"),
                alt.Tooltip("rocket:N"),
                alt.Tooltip("mass_t:Q", format=",.1f"),
            ],
        )
    )
    return chart


def _year(frame: pd.DataFrame) -> alt.X:
    """Every year from the first to the last, those without launches too."""
    years = list(range(frame["year"].min(), frame["year"].max() + 1)) if len(frame) else []
    return alt.X("year:O", title=None).axis(labelAngle=0).scale(domain=years)


_RATE = ("rate", "low", "high")


def _rates(frame: pd.DataFrame) -> pd.DataFrame:
    known = frame.dropna(subset="success").sort_values("date_utc").reset_index(drop=True)
    window = known["success"].astype(float).rolling(WINDOW, min_periods=1)
    ends = [wilson(int(s), int(n)) for s, n in zip(window.sum(), window.count(), strict=True)]
    low, high = zip(*ends, strict=True) if ends else ((), ())
    return known.assign(rate=window.mean(), low=low, high=high)


def _outcome(*, legend: bool = True) -> alt.Color:
    colour = alt.Color("outcome:N", title=None).scale(
        domain=list(OUTCOMES), range=list(OUTCOMES.values())
    )
    return colour if legend else colour.legend(None)


def _rocket(frame: pd.DataFrame) -> alt.Color:
    """One colour for each rocket there is; grey for one without a colour of its own."""
    there = set(frame["rocket"])
    rockets = [name for name in ROCKETS if name in there] + sorted(there - ROCKETS.keys())
    colours = [ROCKETS.get(name, GREY) for name in rockets]
    return alt.Color("rocket:N", title=None).scale(domain=rockets, range=colours)
