"""Charts of the page Changes."""

import altair as alt
import pandas as pd

from spacex.analysis.source_coverage import pauses
from spacex.notebook.chart_gaps import unbroken, with_gaps
from spacex.notebook.chart_style import BLUE, GREEN, ORANGE, Drawing, color, count_axis, tooltips
from spacex.notebook.weather_strip import weather_words, with_weather
from spacex.units import counted

LISTING_CHANGES = {"newly listed": GREEN, "newly unlisted": ORANGE}
PALE = 0.4
"""The opacity of changes over a gap."""


def satellites_listed(lists: pd.DataFrame) -> Drawing:
    """Return the number of satellites in each GP list: `observed_utc`, `satellite_count`."""
    newest = lists[["observed_utc", "satellite_count"]].tail(1).itertuples(index=False)
    last = "".join(f" On {at[:10]}: {count:,}." for at, count in newest)
    gaps = pauses(lists["observed_utc"])
    chart = (
        alt.Chart(unbroken(lists, "observed_utc", gaps))
        .mark_line(color=BLUE, point=alt.OverlayMarkDef(size=40, filled=True, color=BLUE))
        .encode(
            x=_observed(),
            y=alt.Y("satellite_count:Q", title="Satellites listed").scale(zero=False, padding=12),
            detail=alt.Detail("series:N"),
            tooltip=tooltips("observed_utc:T", alt.Tooltip("satellite_count:Q", format=",")),
        )
    )
    words = f"Line: satellites in each GP list.{last}"
    return with_gaps(chart, gaps, "Satellites listed", words)


def listing_changes(lists: pd.DataFrame) -> Drawing:
    """Return the newly listed and unlisted satellites of `v_observations`, up and downwards.

    Changes over a gap between the lists are pale and as wide as the gap.
    """
    gaps = pauses(lists["observed_utc"])
    is_over_gap = lists["observed_utc"].isin(gaps["to_utc"])
    layers = [_changes(lists[~is_over_gap]).mark_bar(size=6).encode(x=_observed())]
    words = f"Bars: {_in_words(lists)}."
    if is_over_gap.any():
        spans = _changes(lists[is_over_gap]).mark_rect(opacity=PALE)
        x = _observed("since_utc")
        layers.append(spans.encode(x=x, x2=alt.X2("observed_utc:T"), y2=alt.Y2Datum(0)))
        words += f" Of these, on unknown days of a gap: {_in_words(lists[is_over_gap])}."
    return with_gaps(alt.LayerChart(layer=layers), gaps, "Newly listed and unlisted", words)


def _changes(lists: pd.DataFrame) -> alt.Chart:
    """Return the chart of the changes, whose mark and x axis are still to be set."""
    named = lists.rename(columns=lambda name: name.replace("newly_", "newly "))
    long = named.melt(["observed_utc", "since_utc"], list(LISTING_CHANGES), "change", "satellites")
    signed = long["satellites"].where(long["change"] == "newly listed", -long["satellites"])
    chart: alt.Chart = alt.Chart(long.assign(signed=signed)).encode(
        y=count_axis("signed", "Satellites"),
        color=color("change", LISTING_CHANGES),
        tooltip=tooltips("change:N", "satellites:Q", "since_utc:T", "observed_utc:T"),
    )
    return chart


def _in_words(lists: pd.DataFrame) -> str:
    listed, unlisted = (lists[f"newly_{each}"].sum() for each in ("listed", "unlisted"))
    return f"{counted(listed, 'satellite')} newly listed, {unlisted:,} newly unlisted"


def launch_altitudes(altitudes: pd.DataFrame, weather: pd.DataFrame | None = None) -> Drawing:
    """Return the median altitudes of launches over time.

    Args:
        altitudes: columns of `v_launch_altitudes`.
        weather: as `with_weather`.
    """
    gaps = pauses(altitudes["observed_utc"])
    chart = (
        alt.Chart(unbroken(altitudes, "observed_utc", gaps))
        .mark_line(color=BLUE, opacity=0.8, point=True)
        .encode(
            x=_observed(),
            y=alt.Y("median_altitude_km:Q", title="Mean altitude (km)").scale(zero=False),
            detail=[alt.Detail("launch_designator:N"), alt.Detail("series:N")],
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
    words += weather_words(weather, altitudes["observed_utc"])
    layers = with_weather(chart, weather, altitudes["observed_utc"])
    return with_gaps(layers, gaps, "Altitudes of launches", words)


def _observed(field: str = "observed_utc") -> alt.X:
    return alt.X(f"{field}:T", title=None).scale(type="utc")
