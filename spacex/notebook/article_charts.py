"""Charts of the reports made to order that other pages do not have."""

from typing import Any

import altair as alt
import pandas as pd
from IPython.display import HTML

from spacex.analysis.growth import unknown
from spacex.analysis.source_coverage import pauses
from spacex.notebook import show
from spacex.notebook.chart_gaps import unbroken, with_gaps
from spacex.notebook.chart_style import (
    BLUE,
    GREY,
    MIDNIGHT,
    ORANGE,
    STATUSES,
    Drawing,
    bars,
    color,
    count_axis,
    integer_axis,
    titled,
    tooltips,
    with_rank,
)
from spacex.notebook.charts import (
    IN_ORBIT,
    UNKNOWN_IN_ORBIT,
    altitude_by_inclination,
    step_lines,
    steps,
)
from spacex.notebook.weather_strip import weather_words, with_weather
from spacex.units import counted


def turnarounds(fleet: pd.DataFrame, serial: str, gaps: pd.DataFrame | None = None) -> Drawing:
    """Return the days between the flights of a booster, over those of all boosters.

    Args:
        fleet: columns `serial`, `date_utc`, `launch`, `flight` and `turnaround_d`.
        serial: the booster.
        gaps: `spacex.analysis.source_coverage.gaps`, which are hatched.
    """
    known = fleet.dropna(subset="turnaround_d")
    own = known[known["serial"] == serial]
    base = alt.Chart().encode(
        x=dates_axis("date_utc"),
        y=alt.Y("turnaround_d:Q", title="Days since the flight before")
        .scale(type="log", nice=False)
        .axis(values=[5, 10, 20, 50, 100, 200, 500, 1000]),
        tooltip=tooltips("serial:N", "flight:Q", "launch:N", "date_utc:T", "turnaround_d:Q"),
    )
    others = base.mark_circle(size=22, color=GREY, opacity=0.5).properties(data=known)
    line = base.mark_line(color=BLUE, point=alt.OverlayMarkDef(size=70)).encode(
        detail=alt.Detail("series:N")
    )
    line = line.properties(data=unbroken(own, "date_utc", gaps))
    words = f"Dots: days between the flights of all boosters. Line: {len(own)} of {serial}."
    layers = alt.LayerChart(layer=[others, line])
    return with_gaps(layers, gaps, f"{serial} beside all boosters", words)


def flights_per_booster(counts: pd.DataFrame, serial: str) -> alt.Chart:
    """Return the number of boosters by their flights, with the bar of one booster marked.

    Args:
        counts: columns `flights`, `boosters` and `is_this`.
        serial: the booster.
    """
    chart = bars(
        counts,
        integer_axis(counts, "flights", "Flights, at least", first=1),
        count_axis("boosters", "Boosters"),
        ["flights:O", "boosters:Q"],
    ).encode(color=alt.condition("datum.is_this", alt.value(ORANGE), alt.value(BLUE)))
    boosters = counted(counts["boosters"].sum(), "booster")
    words = f"Bars: {boosters} by their recorded flights or highest flight number."
    return titled(chart, f"Boosters by flights, at least; orange: {serial}", words)


def climb(
    altitudes: pd.DataFrame, title: str, empty: str, weather: pd.DataFrame | None = None
) -> Drawing | HTML:
    """Return the altitudes of a launch's satellites over time: their median, and where most are.

    Args:
        altitudes: `spacex.analysis.raising.profile`.
        title: the launch.
        empty: what to say instead if there are not two GP lists.
        weather: as `with_weather`.
    """
    if len(altitudes) < 2:
        return show.table(altitudes[:0], empty=empty)
    gaps = pauses(altitudes["observed_utc"])
    base = alt.Chart(unbroken(altitudes, "observed_utc", gaps)).encode(
        detail=alt.Detail("series:N"),
        x=dates_axis("observed_utc"),
        tooltip=tooltips(
            "observed_utc:T",
            "satellite_count:Q",
            "low_altitude_km:Q",
            "median_altitude_km:Q",
            "high_altitude_km:Q",
        ),
    )
    low = alt.Y("low_altitude_km:Q", title="Mean altitude (km)").scale(zero=False)
    band = base.mark_area(color=BLUE, opacity=0.25).encode(y=low, y2=alt.Y2("high_altitude_km:Q"))
    line = base.mark_line(color=BLUE, point=True).encode(y="median_altitude_km:Q")
    lists = counted(len(altitudes), "GP list")
    words = f"Line: median altitude in {lists}. Band: where eight in ten satellites are."
    words += weather_words(weather, altitudes["observed_utc"])
    layers = with_weather(alt.LayerChart(layer=[band, line]), weather, altitudes["observed_utc"])
    return with_gaps(layers, gaps, f"{title}: altitude", words)


def remaining(
    counts: pd.DataFrame, title: str, weather: pd.DataFrame | None = None
) -> Drawing | HTML:
    """Return the number of satellites of a launch that are in orbit, by day; nothing if all are.

    Args:
        counts: `day` and `in_orbit`, which is missing where it is not known.
        title: the launch.
        weather: as `with_weather`.
    """
    known = counts["in_orbit"].dropna()
    if known.empty:
        return show.notice("")
    parts = steps(counts, "in_orbit", counts["in_orbit"].notna()).assign(fleet=IN_ORBIT)
    most, left = (int(known.iloc[end]) for end in (0, -1))
    y = count_axis("satellites", "Satellites").axis(tickCount=min(most, 6))
    chart = step_lines(parts, dates_axis("day"), y, {IN_ORBIT: BLUE})
    words = f"Line: catalogued satellites in orbit, from {most} down to {left}."
    words += weather_words(weather, counts["day"])
    layers = with_weather(chart, weather, counts["day"], is_local=True)
    return with_gaps(
        layers, unknown(counts), f"{title}: catalogued satellites", words, UNKNOWN_IN_ORBIT
    )


def altitude_history(
    elements: pd.DataFrame, title: str, empty: str, weather: pd.DataFrame | None = None
) -> Drawing | HTML:
    """Return the altitude of a satellite over time: its mean, and its perigee and apogee.

    Args:
        elements: `epoch_utc`, `mean_altitude_km`, `perigee_altitude_km` and `apogee_altitude_km`.
        title: the satellite.
        empty: what to say instead if there are not two element sets.
        weather: as `with_weather`.
    """
    if len(elements) < 2:
        return show.table(elements[:0], empty=empty)
    names = ("mean", "perigee", "apogee")
    gaps = pauses(elements["epoch_utc"])
    base = alt.Chart(unbroken(elements, "epoch_utc", gaps)).encode(
        detail=alt.Detail("series:N"),
        x=dates_axis("epoch_utc"),
        tooltip=tooltips("epoch_utc:T", *(f"{name}_altitude_km:Q" for name in names)),
    )
    low = alt.Y("perigee_altitude_km:Q", title="Altitude (km)").scale(zero=False)
    band = base.mark_area(color=BLUE, opacity=0.25).encode(y=low, y2=alt.Y2("apogee_altitude_km:Q"))
    line = base.mark_line(color=BLUE, point=True).encode(y="mean_altitude_km:Q")
    first, last = (elements["mean_altitude_km"].iloc[end] for end in (0, -1))
    words = f"Line: mean altitude, from {first:.0f} to {last:.0f} km. Band: perigee to apogee."
    words += weather_words(weather, elements["epoch_utc"])
    layers = with_weather(alt.LayerChart(layer=[band, line]), weather, elements["epoch_utc"])
    return with_gaps(layers, gaps, f"{title}: altitude", words)


def orbits(places: pd.DataFrame) -> alt.Chart:
    """Return the satellites in orbit by altitude and inclination, in the colour of their status.

    Args:
        places: `inclination_deg`, `mean_altitude_km`, `status` and `satellites`.
    """
    chart = altitude_by_inclination(places)
    found = {name: STATUSES[name] for name in STATUSES if places["status"].eq(name).any()}
    if not found:
        return titled(chart, "The orbits are not known").properties(height=20)
    coloured: alt.Chart = chart.encode(color=color("status", found))
    return coloured


def passes_by_hour(counts: pd.DataFrame, zone: str) -> alt.Chart:
    """Return the number of passes to be seen, by night and hour.

    Args:
        counts: columns `evening`, `night`, its label, `hour`, its `order` in the night, and
            `passes`.
        zone: the time zone of the hours.
    """
    chart = (
        alt.Chart(counts)
        .mark_rect()
        .encode(
            x=alt.X("hour:O", title=f"Hour ({zone})", sort=alt.SortField("order")),
            y=alt.Y("night:O", title="Night of", sort=alt.SortField("evening")),
            color=alt.Color("passes:Q", title="Passes").scale(scheme="blues", domainMin=0),
            tooltip=tooltips("night:N", "hour:N", "passes:Q"),
        )
    )
    seen = counted(counts["passes"].sum(), "pass", "passes")
    words = f"Rectangles: {seen} to be seen, by night and hour."
    height = 44 * max(counts["night"].nunique(), 1)
    return titled(chart, "Passes to be seen", words).properties(height=height)


def satellites_by_day(days: pd.DataFrame, gaps: pd.DataFrame) -> Drawing:
    """Return the satellites that were launched, upwards, and those that were lost, downwards.

    Args:
        days: columns `day`, `launched`, `decayed` and `unlisted`.
        gaps: the days that no source covers, `from_utc` and `to_utc`; they are hatched.
    """
    colors = {"launched": BLUE, "decayed": ORANGE, "unlisted": GREY}
    long = days.melt("day", list(colors), "change", "satellites")
    is_gain = long["change"].eq("launched")
    long["balance"] = long["satellites"].where(is_gain, -long["satellites"])
    most = max([0, *days["launched"]])
    least = -max([0, *days[["decayed", "unlisted"]].sum(axis=1)])
    ticks: Any = {"interval": "day", "step": 1 + len(days) // 10}
    chart = bars(
        with_rank(long.assign(day=long["day"] + MIDNIGHT), "change", colors),
        alt.X("yearmonthdate(day):T", title=None).axis(tickCount=ticks, format="%-d %b"),
        count_axis("balance", "Lost (down), launched (up)").scale(
            domain=[int(least), int(max(most, least == 0))]
        ),
        ["day:T", "change:N", "satellites:Q"],
    ).encode(color=color("change", colors), order=alt.Order("rank:Q"))
    dated = gaps.assign(from_utc=gaps["from_utc"] + MIDNIGHT, to_utc=gaps["to_utc"] + MIDNIGHT)
    counts = ", ".join(f"{days[name].sum():,} {name}" for name in colors)
    return with_gaps(chart, dated, "Satellites by day", f"Bars, up and down: {counts}.")


def dates_axis(field: str) -> alt.X:
    """Return an axis of dates whose labels have the year below the day."""
    label = "[timeFormat(datum.value, '%-d %b'), timeFormat(datum.value, '%Y')]"
    return alt.X(f"{field}:T", title=None).axis(labelExpr=label, tickCount=6)
