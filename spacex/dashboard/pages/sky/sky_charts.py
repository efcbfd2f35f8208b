"""Charts of the page My sky: paths over the sky, and the hours of the night."""

from typing import Any

import altair as alt
import pandas as pd

from spacex.notebook.chart_style import BLUE, GREEN, GREY, PINK, RED, color, tooltips
from spacex.units import counted

TRAIN, SINGLE = "train", "single satellite"
KINDS = {TRAIN: RED, SINGLE: BLUE}
SIGHTS = {
    "seen in a town": RED,
    "seen in a dark place": BLUE,
    "too faint": GREY,
    "brightness unknown": GREEN,
    "not in sunlight, or by day": PINK,
}
"""The colour of each class of brightness, from the brightest on."""

DARK_SKY = 0.14
"""Opacity of the grey ground of dark sky."""

Layers = alt.LayerChart | alt.FacetChart

BIN = "15min"
NORTH = 180
"""Longitude of azimuth 0 in the projection, which puts north on top."""

_POINTS = {"N": 0, "E": 90, "S": 180, "W": 270}


def sky(paths: pd.DataFrame, tops: pd.DataFrame) -> alt.TopLevelSpec:
    """Return the paths over the sky, seen from below: north is up and east is left.

    Args:
        paths: the points of each in order: `event`, `azimuth_deg` and `elevation_deg`.
        tops: one row an event, in order: `azimuth_deg`, `elevation_deg`, `number`, `label`, `kind`.
    """
    words = f"Sky chart: the paths of {counted(len(tops), 'event')}. {'; '.join(tops['label'])}"
    lines = [_line(path) for _, path in paths.groupby("event")]
    shapes = tops[["label", "kind"]].assign(type="Feature", geometry=pd.Series(lines, dtype=object))
    kinds = color("kind", KINDS)
    ways = (
        alt.Chart(shapes)
        .mark_geoshape(filled=False, strokeWidth=2.5)
        .encode(color=kinds, tooltip=tooltips("label:N", "kind:N"))
    )
    dots = _at(tops).mark_circle(size=70, opacity=1)
    dots = dots.encode(
        color=kinds, tooltip=tooltips("label:N", "azimuth_deg:Q", "elevation_deg:Q", "kind:N")
    )
    numbers = _at(_beside(paths, tops)).mark_text(dx=11, fontSize=13, fontWeight="bold")
    numbers = numbers.encode(text=alt.Text("number:N"))
    chart = alt.layer(*_dome(), ways, dots, numbers, description=words)
    chart.projection = alt.Projection(
        type="azimuthalEquidistant",
        rotate=[0, -90, 0],
        clipAngle=90.01,
        scale=alt.expr("min(width, height) / 3.5"),
        translate=alt.expr("[width / 2, height / 2]"),
    )
    chart.usermeta, chart.height = {"ratio": 1, "tallest_px": 440}, 300
    return chart


def strip(counts: pd.DataFrame, trains: pd.DataFrame, dark: pd.DataFrame, zone: str) -> Layers:
    """Return the number of passes in each quarter of an hour, and the trains above them.

    Args:
        counts: columns `from`, `to`, local times, `sight`, `passes`, and the ends of their bar,
            `below` and `upto`.
        trains: columns `when`, local time, `label`, and `height`, of the top of the chart.
        dark: the spans of dark sky: `from` and `to`, local times.
        zone: the time zone of the local times.
    """
    found = {name: shade for name, shade in SIGHTS.items() if name in set(counts["sight"])}
    shades = found or SIGHTS  # Vega draws an empty legend of infinite height
    hours = alt.X("from:T", title=f"Time of day ({zone})").scale(type="utc").axis(format="%H:%M")
    night = alt.Chart(dark).mark_rect(fill=GREY, fillOpacity=DARK_SKY, aria=False)
    bars = (
        alt.Chart(counts)
        .mark_rect()
        .encode(
            x=hours,
            x2=alt.X2("to:T"),
            y=alt.Y("below:Q", title="Passes in 15 minutes").axis(tickMinStep=1).scale(zero=True),
            y2=alt.Y2("upto:Q"),
            color=color("sight", shades),
            tooltip=tooltips("from:T", "sight:N", "passes:Q"),
        )
    )
    at = alt.Chart(trains).encode(x=alt.X("when:T"), y=alt.Y("height:Q"))
    marks = at.mark_point(shape="triangle-down", filled=True, size=110, color=RED, opacity=1)
    marks = marks.encode(tooltip=tooltips("label:N"))
    night = night.encode(x=hours, x2=alt.X2("to:T"))
    shown = counted(counts["passes"].sum(), "pass", "passes")
    words = f"Bars: {shown} by time and brightness; {counted(len(trains), 'train')}."
    return alt.layer(night, bars, marks, description=words, height=360)


def _at(points: pd.DataFrame) -> alt.Chart:
    """Return a chart of points over the sky."""
    chart = alt.Chart(points.assign(longitude=points["azimuth_deg"].map(_longitude)))
    placed: alt.Chart = chart.encode(
        longitude=alt.Longitude("longitude:Q"), latitude=alt.Latitude("elevation_deg:Q")
    )
    return placed


def _beside(paths: pd.DataFrame, tops: pd.DataFrame) -> pd.DataFrame:
    """Return where the number of each path stands: further along on each, so that none overlap."""
    rank = paths.groupby("event").cumcount()
    last = rank.groupby(paths["event"]).transform("max")
    step = (last * (paths["event"].astype(int) + 1) / (len(tops) + 1)).round()
    return paths[rank == step].reset_index(drop=True).assign(number=tops["number"])


def _line(path: pd.DataFrame) -> dict[str, Any]:
    """Return a path over the sky as a GeoJSON line on a globe whose pole is the zenith."""
    points = zip(path["azimuth_deg"], path["elevation_deg"], strict=True)
    return {"type": "LineString", "coordinates": [[_longitude(a), round(e, 2)] for a, e in points]}


_RINGS = (0, 30, 60)
"""Elevations that the chart has rings of, in degrees; all but the horizon are labelled."""


def _dome() -> list[alt.Chart]:
    ring = [[[lon, height] for lon in range(-180, 181, 5)] for height in _RINGS]
    rings = {"type": "Feature", "geometry": {"type": "MultiLineString", "coordinates": ring}}
    marks = [
        {"text": name, "longitude": _longitude(azimuth), "latitude": -6}
        for name, azimuth in _POINTS.items()
    ] + [{"text": f"{height}°", "longitude": 135, "latitude": height} for height in _RINGS[1:]]
    return [
        alt.Chart(alt.InlineData(values=[rings], name="rings")).mark_geoshape(
            filled=False, stroke=GREY, strokeOpacity=0.6, aria=False
        ),
        alt.Chart(alt.InlineData(values=marks, name="marks"))
        .mark_text(fontSize=12)
        .encode(
            longitude=alt.Longitude("longitude:Q"),
            latitude=alt.Latitude("latitude:Q"),
            text=alt.Text("text:N"),
        ),
    ]


def _longitude(azimuth_deg: float) -> float:
    return round((NORTH + azimuth_deg + 180) % 360 - 180, 2)


def by_latitude(found: pd.DataFrame, latitude_deg: float) -> alt.TopLevelSpec:
    """Return the mean number of satellites in sight by latitude, and where the place is.

    Args:
        found: `latitude_deg` and `satellites`.
        latitude_deg: that of the place.
    """
    most = found.loc[[int(found["satellites"].to_numpy(float).argmax())], "latitude_deg"].iloc[0]
    words = f"Line: mean number of satellites above 25° by latitude, most at {abs(most):.0f}°."
    line = (
        alt.Chart(found)
        .mark_line(color=BLUE, strokeWidth=2.5)
        .encode(
            x=alt.X("latitude_deg:Q", title="Latitude (°, north positive)").scale(nice=False),
            y=alt.Y("satellites:Q", title="Satellites above 25°"),
            tooltip=tooltips("latitude_deg:Q", alt.Tooltip("satellites:Q", format=".1f")),
        )
    )
    here = alt.Chart(pd.DataFrame({"latitude_deg": [latitude_deg]}))
    rule = here.mark_rule(color=RED, strokeWidth=2).encode(x=alt.X("latitude_deg:Q"))
    return alt.layer(line, rule, description=words, height=260)


def through_the_year(found: pd.DataFrame) -> alt.TopLevelSpec:
    """Return how many satellites the naked eye sees at once, by month and hour of the night.

    Args:
        found: columns of `spacex.analysis.sky_service.naked_eye`.
    """
    dark = found[found["is_dark"]]
    shown = dark.assign(
        name=pd.to_datetime(dark["month"].map("2026-{:02d}-15".format)).dt.strftime("%b"),
        after_noon=(dark["hour"] + 12) % 24,
        clock=dark["hour"].map(lambda hour: f"{int(hour):02d}:{int(60 * (hour % 1)):02d}"),
    )
    order = list(dict.fromkeys(shown.sort_values("after_noon")["clock"]))
    most = float(dark["dark_place"].max()) if len(dark) else 0.0
    words = (
        f"Squares: satellites seen at once in a dark place, by month and hour; {most:.0f} at most."
    )
    chart: alt.Chart = alt.Chart(shown, description=words, height=320).mark_rect()
    return chart.encode(
        x=alt.X("name:N", title=None, sort=list(dict.fromkeys(shown["name"]))),
        y=alt.Y("clock:N", title="Local solar time", sort=order).axis(labelOverlap=True),
        color=alt.Color("dark_place:Q", title="Seen at once").scale(scheme="viridis"),
        tooltip=tooltips(
            "name:N",
            "clock:N",
            alt.Tooltip("dark_place:Q", format=".1f"),
            alt.Tooltip("town:Q", format=".1f"),
        ),
    )
