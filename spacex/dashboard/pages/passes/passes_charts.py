"""Charts of the page Passes: paths over the sky, and a timeline."""

from typing import Any

import altair as alt
import pandas as pd

from spacex.notebook.chart_style import GREY, ORANGE, SKY, color, describe, tooltips
from spacex.units import counted

VISIBLE = {"visible": ORANGE, "not visible": SKY}
NORTH = 180
"""Longitude of azimuth 0 in the projection, which puts north on top."""

_POINTS = {"N": 0, "E": 90, "S": 180, "W": 270}


def sky(paths: pd.DataFrame, culminations: pd.DataFrame) -> alt.TopLevelSpec:
    """Return the paths over the sky, seen from below: north is up and east is left.

    Args:
        paths: columns `type` and `geometry`, from `line`; `pass`, `sight`.
        culminations: columns `azimuth_deg`, `elevation_deg`, `pass`, `sight`.
    """
    shown = counted(len(paths), "pass", "passes")
    words = f"Sky chart: the paths of {shown}. {'; '.join(culminations['pass'].head(5))}"
    lines = (
        alt.Chart(paths)
        .mark_geoshape(filled=False, strokeWidth=2.5)
        .encode(color=color("sight", VISIBLE), tooltip=tooltips("pass:N", "sight:N"))
    )
    dots = (
        alt.Chart(culminations.assign(longitude=culminations["azimuth_deg"].map(_longitude)))
        .mark_circle(size=70)
        .encode(
            longitude=alt.Longitude("longitude:Q"),
            latitude=alt.Latitude("elevation_deg:Q"),
            color=color("sight", VISIBLE),
            tooltip=tooltips("pass:N", "azimuth_deg:Q", "elevation_deg:Q", "sight:N"),
        )
    )
    chart = alt.layer(*_dome(), lines, dots, description=words)
    chart.projection = alt.Projection(
        type="azimuthalEquidistant",
        rotate=[0, -90, 0],
        clipAngle=90.01,
        scale=alt.expr("min(width, height) / 3.5"),
        translate=alt.expr("[width / 2, height / 2]"),
    )
    chart.usermeta, chart.height = {"ratio": 1, "tallest_px": 480}, 300
    return chart


def line(azimuth_deg: list[float], elevation_deg: list[float]) -> dict[str, Any]:
    """Return a path over the sky as a GeoJSON line on a globe whose pole is the zenith."""
    points = zip(azimuth_deg, elevation_deg, strict=True)
    return {"type": "LineString", "coordinates": [[_longitude(a), round(e, 2)] for a, e in points]}


def timeline(passes: pd.DataFrame) -> alt.Chart:
    """Return the passes over time, each at its greatest elevation: see `PassResult.passes`."""
    height = alt.Y("culmination_elevation_deg:Q", title="Greatest elevation (°)")
    chart = (
        alt.Chart(passes)
        .mark_rule(strokeWidth=5, strokeCap="round")
        .encode(
            x=alt.X("rise_utc:T", title="UTC").scale(type="utc").axis(format="%H:%M"),
            x2=alt.X2("set_utc:T"),
            y=height.scale(domain=[0, 90]),
            color=color("sight", VISIBLE),
            tooltip=tooltips("pass:N", "culmination_elevation_deg:Q", "sight:N"),
        )
    )
    shown = counted(len(passes), "pass", "passes")
    return describe(chart, f"Timeline of {shown}: their times and elevations.")


def _dome() -> list[alt.Chart]:
    ring = [[[lon, height] for lon in range(-180, 181, 5)] for height in (0, 30, 60)]
    rings = {"type": "Feature", "geometry": {"type": "MultiLineString", "coordinates": ring}}
    marks = [
        {"text": name, "longitude": _longitude(azimuth), "latitude": -6}
        for name, azimuth in _POINTS.items()
    ] + [{"text": f"{height}°", "longitude": 135, "latitude": height} for height in (30, 60)]
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
