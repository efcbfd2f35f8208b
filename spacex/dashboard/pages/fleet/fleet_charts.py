"""The charts of the page Fleet, but for those of its shells; see `charts.shells`."""

import altair as alt
import pandas as pd

from spacex.notebook.charts import BLUE, GREEN, GREY, ORANGE, RED, SKY
from spacex.orbits.status import Status
from spacex.schema.starlink import UNLISTED

VIOLET = "#CC79A7"
STATUSES = {
    Status.OPERATIONAL: BLUE,
    Status.RAISING: GREEN,
    Status.LOWERING: ORANGE,
    Status.DECAYING: RED,
    Status.STALE: VIOLET,
    Status.DECAYED: GREY,
    UNLISTED: SKY,
}
LOST = "decayed or unlisted"
FATES = {"in orbit": BLUE, LOST: ORANGE}

MIDNIGHT = "T00:00:00"
"""After a day: without it, browsers west of Greenwich take a day for the one before."""

_GROWTH = {"launched": GREY, "in orbit": BLUE}


def growth(frame: pd.DataFrame) -> alt.Chart:
    """Satellites launched, and in orbit, up to each day: columns `from_date`, `until_date`."""
    daily = _daily(frame)
    last = f" Now: {daily['in orbit'].iloc[-1]:,} in orbit." if len(daily) else ""
    words = f"Lines: satellites launched up to each day, and those of them in orbit.{last}"
    chart: alt.Chart = (
        alt.Chart(daily.melt("day", list(_GROWTH), "fleet", "satellites"), description=words)
        .mark_line(interpolate="step-after")
        .encode(
            x=alt.X("day:T", title=None),
            y=alt.Y("satellites:Q", title="Satellites"),
            color=_colours("fleet", _GROWTH),
            tooltip=[alt.Tooltip("day:T"), alt.Tooltip("fleet:N"), alt.Tooltip("satellites:Q")],
        )
        .properties(height=280)
    )
    return chart


def survivors(frame: pd.DataFrame) -> alt.Chart:
    """Satellites of each batch by fate: columns `batch`, `fate`, `satellites`, and `survival`."""
    lost = int(frame.loc[frame["fate"] == LOST, "satellites"].sum())
    words = f"Bars: satellites of each of {frame['batch'].nunique()} batches; {lost:,} {LOST}."
    chart: alt.Chart = (
        alt.Chart(frame.assign(rank=frame["fate"] == LOST), height=260, description=words)
        .mark_bar()
        .encode(
            x=alt.X("batch:O", title=None).axis(
                labelAngle=0, labelExpr="slice(datum.label, 0, 8)", ticks=False
            ),
            y=alt.Y("satellites:Q", title="Satellites").axis(tickMinStep=1),
            color=_colours("fate", FATES),
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip("batch:N"),
                alt.Tooltip("fate:N"),
                alt.Tooltip("satellites:Q"),
                alt.Tooltip("survival:Q", format=".1%", title="still in orbit"),
            ],
        )
    )
    return chart


def by(frame: pd.DataFrame, field: str) -> alt.Chart:
    """Satellites by a column and status: columns of that name, `status`, `satellites`."""
    totals = frame.groupby(field)["satellites"].sum().items()
    words = f"Bars: satellites by {field}. {', '.join(f'{name}: {n:,}' for name, n in totals)}."
    chart: alt.Chart = (
        alt.Chart(frame, height=34 * max(frame[field].nunique(), 1), description=words)
        .mark_bar()
        .encode(
            x=alt.X("satellites:Q", title="Satellites").axis(tickMinStep=1, tickCount=5),
            y=alt.Y(f"{field}:N", title=None, sort="-x").axis(labelLimit=150),
            color=status(legend=field != "status"),
            tooltip=[
                alt.Tooltip(f"{field}:N"),
                alt.Tooltip("status:N"),
                alt.Tooltip("satellites:Q"),
            ],
        )
    )
    return chart


def decays(frame: pd.DataFrame) -> alt.Chart:
    """Re-entries by month: columns `month`, its first day, and `satellites`."""
    most = frame.nlargest(1, "satellites")
    worst = "".join(f" The most, {r.satellites}, in {r.month:.7}." for r in most.itertuples())
    chart: alt.Chart = (
        alt.Chart(frame, height=260, description=f"Bars: re-entries in each month.{worst}")
        .mark_bar(color=ORANGE)
        .encode(
            x=alt.X("month:T", timeUnit="yearmonth", title=None),
            y=alt.Y("satellites:Q", title="Re-entries").axis(tickMinStep=1),
            tooltip=[
                alt.Tooltip("month:T", timeUnit="yearmonth", title="month"),
                alt.Tooltip("satellites:Q"),
            ],
        )
    )
    return chart


def ages(frame: pd.DataFrame) -> alt.Chart:
    """Age at re-entry: columns `age_months`, whole ones, and `satellites`."""
    total = frame["satellites"].sum()
    early = frame.loc[frame["age_months"] < 12, "satellites"].sum()
    words = f"Bars: satellites by age at re-entry; {early} of {total} in their first year."
    every = list(range(int(frame["age_months"].max()) + 1)) if len(frame) else []
    chart: alt.Chart = (
        alt.Chart(frame, height=260, description=words)
        .mark_bar(color=ORANGE)
        .encode(
            x=alt.X("age_months:O", title="Months since launch")
            .axis(labelAngle=0)
            .scale(domain=every),
            y=alt.Y("satellites:Q", title="Re-entries").axis(tickMinStep=1),
            tooltip=[alt.Tooltip("age_months:O"), alt.Tooltip("satellites:Q")],
        )
    )
    return chart


def status(*, legend: bool = True) -> alt.Color:
    """One colour for each status."""
    colour = _colours("status", {str(name): colour for name, colour in STATUSES.items()})
    return colour if legend else colour.legend(None)


def _colours(field: str, colours: dict[str, str]) -> alt.Color:
    return alt.Color(f"{field}:N", title=None).scale(
        domain=list(colours), range=list(colours.values())
    )


def _daily(frame: pd.DataFrame) -> pd.DataFrame:
    """The sums up to each day on which a satellite came or went."""
    changes = pd.DataFrame(
        {
            "launched": frame["from_date"].value_counts(),
            "decayed": frame["until_date"].value_counts(),
        }
    )
    sums = changes.fillna(0).astype(int).sort_index().cumsum()
    sums["in orbit"] = sums["launched"] - sums["decayed"]
    return sums.assign(day=[f"{day}{MIDNIGHT}" for day in sums.index])
