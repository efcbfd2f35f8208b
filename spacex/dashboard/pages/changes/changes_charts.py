"""The charts of the page Changes."""

import altair as alt
import pandas as pd

from spacex.notebook.charts import BLUE, GREEN, ORANGE

LISTING_CHANGES = {"newly_listed": GREEN, "newly_unlisted": ORANGE}
_UNSIGNED = "format(abs(datum.value), ',')"


def by_kind(frame: pd.DataFrame) -> alt.Chart:
    """Changes by kind: columns `kind`, `source`, `changes`."""
    totals = frame.groupby("kind")["changes"].sum().sort_values(ascending=False)
    ends = ", ".join(f"{kind} {count:,}" for kind, count in totals.items())
    words = f"Bars: changes by kind. {ends or 'There are none'}."
    chart: alt.Chart = (
        alt.Chart(frame, height=34 * max(len(totals), 1), description=words)
        .mark_bar(color=BLUE)
        .encode(
            x=alt.X("changes:Q", title="Changes").axis(tickMinStep=1, tickCount=5),
            y=alt.Y("kind:N", title=None, sort="-x"),
            tooltip=[alt.Tooltip("kind:N"), alt.Tooltip("source:N"), alt.Tooltip("changes:Q")],
        )
    )
    return chart


def fleet(lists: pd.DataFrame) -> alt.Chart:
    """Satellites in each list: columns `observed_utc`, `satellite_count`."""
    last = f" Now: {lists['satellite_count'].iloc[-1]:,}." if len(lists) else ""
    words = f"Line: satellites in each list of what is in orbit.{last}"
    chart: alt.Chart = (
        alt.Chart(lists, height=240, description=words)
        .mark_line(color=BLUE, point=alt.OverlayMarkDef(size=40, filled=True, color=BLUE))
        .encode(
            x=_observed(),
            y=alt.Y("satellite_count:Q", title="Satellites listed").scale(zero=False, padding=12),
            tooltip=[alt.Tooltip("observed_utc:T"), alt.Tooltip("satellite_count:Q", format=",")],
        )
    )
    return chart


def moves(lists: pd.DataFrame) -> alt.Chart:
    """Satellites newly listed, upwards, and newly unlisted, downwards, at each `observed_utc`."""
    words = (
        f"Bars: {lists['newly_listed'].sum():,} satellites newly listed, "
        f"{lists['newly_unlisted'].sum():,} newly unlisted."
    )
    long = lists.melt(["observed_utc", "since_utc"], list(LISTING_CHANGES), "move", "satellites")
    signed = long["satellites"].where(long["move"] == "newly_listed", -long["satellites"])
    chart: alt.Chart = (
        alt.Chart(long.assign(signed=signed), height=240, description=words)
        .mark_bar(size=6)
        .encode(
            x=_observed(),
            y=alt.Y("signed:Q", title="Satellites").axis(tickMinStep=1, labelExpr=_UNSIGNED),
            color=alt.Color("move:N", title=None).scale(
                domain=list(LISTING_CHANGES), range=list(LISTING_CHANGES.values())
            ),
            tooltip=[
                alt.Tooltip("move:N"),
                alt.Tooltip("satellites:Q"),
                alt.Tooltip("since_utc:T"),
                alt.Tooltip("observed_utc:T"),
            ],
        )
    )
    return chart


def climbs(batches: pd.DataFrame) -> alt.Chart:
    """Altitudes of launches list by list: `launch_designator`, `observed_utc`, `…_altitude_km`."""
    count = batches["launch_designator"].nunique()
    words = f"Lines: median altitude of the satellites of {count} launches, list by list."
    altitudes = [
        alt.Tooltip(f"{name}_altitude_km:Q", format=".0f") for name in ("low", "median", "high")
    ]
    chart: alt.Chart = (
        alt.Chart(batches, height=300, description=words)
        .mark_line(color=BLUE, opacity=0.8, point=True)
        .encode(
            x=_observed(),
            y=alt.Y("median_altitude_km:Q", title="Mean altitude (km)").scale(zero=False),
            detail=alt.Detail("launch_designator:N"),
            tooltip=[
                alt.Tooltip("launch_designator:N"),
                alt.Tooltip("launch:N"),
                alt.Tooltip("observed_utc:T"),
                alt.Tooltip("satellite_count:Q"),
                *altitudes,
            ],
        )
    )
    return chart


def _observed() -> alt.X:
    return alt.X("observed_utc:T", title=None).scale(type="utc")
