"""Charts of the page Changes."""

import altair as alt
import pandas as pd

from spacex.notebook.chart_style import BLUE, GREEN, ORANGE, color, describe, tooltips
from spacex.units import counted

LISTING_CHANGES = {"newly listed": GREEN, "newly unlisted": ORANGE}
_UNSIGNED = "format(abs(datum.value), ',')"


def satellites_listed(lists: pd.DataFrame) -> alt.Chart:
    """Return the number of satellites in each GP list: `observed_utc`, `satellite_count`."""
    last = f" Now: {lists['satellite_count'].iloc[-1]:,}." if len(lists) else ""
    chart = (
        alt.Chart(lists)
        .mark_line(color=BLUE, point=alt.OverlayMarkDef(size=40, filled=True, color=BLUE))
        .encode(
            x=_observed(),
            y=alt.Y("satellite_count:Q", title="Satellites listed").scale(zero=False, padding=12),
            tooltip=tooltips("observed_utc:T", alt.Tooltip("satellite_count:Q", format=",")),
        )
    )
    return describe(chart, f"Line: satellites in each GP list.{last}", height=240)


def listing_changes(lists: pd.DataFrame) -> alt.Chart:
    """Return the newly listed and unlisted satellites of `v_observations`, up and downwards."""
    named = lists.rename(columns=lambda name: name.replace("newly_", "newly "))
    long = named.melt(["observed_utc", "since_utc"], list(LISTING_CHANGES), "change", "satellites")
    signed = long["satellites"].where(long["change"] == "newly listed", -long["satellites"])
    chart = (
        alt.Chart(long.assign(signed=signed))
        .mark_bar(size=6)
        .encode(
            x=_observed(),
            y=alt.Y("signed:Q", title="Satellites").axis(tickMinStep=1, labelExpr=_UNSIGNED),
            color=color("change", LISTING_CHANGES),
            tooltip=tooltips("change:N", "satellites:Q", "since_utc:T", "observed_utc:T"),
        )
    )
    words = (
        f"Bars: {counted(lists['newly_listed'].sum(), 'satellite')} newly listed, "
        f"{lists['newly_unlisted'].sum():,} newly unlisted."
    )
    return describe(chart, words, height=240)


def launch_altitudes(altitudes: pd.DataFrame) -> alt.Chart:
    """Return the median altitudes of launches over time: columns of `v_launch_altitudes`."""
    chart = (
        alt.Chart(altitudes)
        .mark_line(color=BLUE, opacity=0.8, point=True)
        .encode(
            x=_observed(),
            y=alt.Y("median_altitude_km:Q", title="Mean altitude (km)").scale(zero=False),
            detail=alt.Detail("launch_designator:N"),
            tooltip=tooltips(
                "launch_designator:N",
                "launch:N",
                "observed_utc:T",
                "satellite_count:Q",
                *(
                    alt.Tooltip(f"{name}_altitude_km:Q", format=".0f")
                    for name in ("low", "median", "high")
                ),
            ),
        )
    )
    launches = counted(altitudes["launch_designator"].nunique(), "launch", "launches")
    words = f"Lines: median altitude of the satellites of {launches}, by GP list."
    return describe(chart, words, height=300)


def _observed() -> alt.X:
    return alt.X("observed_utc:T", title=None).scale(type="utc")
