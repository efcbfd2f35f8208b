"""The layers of a map: the Earth, its night side, and the ground track of a satellite."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from spacex.analysis.error_laws import is_beyond_use
from spacex.dashboard.pages.fleet_model import Fleet
from spacex.dashboard.pages.fleet_motion import track_error
from spacex.dashboard.pages.land import land
from spacex.errors import DataError
from spacex.notebook import chart_style as style
from spacex.orbits.sun import subsolar_point, terminator
from spacex.orbits.track import ground_track
from spacex.units import MINUTES_PER_DAY

RATIO = 0.52
"""Height of the Natural Earth projection per unit of width."""
NIGHT_POINTS = 121
NO_SHAPE = pd.DataFrame({"type": [], "geometry": []})


def flat() -> alt.Projection:
    """Return the projection of a flat map."""
    scale, translate = alt.expr("width / 5.48"), alt.expr("[width / 2, height / 2]")
    return alt.Projection(type="naturalEarth1", scale=scale, translate=translate)


def shapes() -> list[alt.Chart]:
    """Return the layers of the Earth, its night side `night` and a ground track `track`."""
    outlines = alt.InlineData(values=land(), name="land")
    return [
        alt.Chart(alt.sphere()).mark_geoshape(fill=style.SEA, stroke=style.GREY),
        alt.Chart(alt.graticule(step=(30, 30))).mark_geoshape(
            filled=False, stroke=style.GREY, strokeOpacity=0.3, strokeWidth=0.5
        ),
        alt.Chart(outlines).mark_geoshape(fill=style.LAND),
        alt.Chart(alt.NamedData("night")).mark_geoshape(fill=style.NIGHT),
        alt.Chart(alt.NamedData("track")).mark_geoshape(
            filled=False, stroke=style.RED, strokeWidth=2, strokeDash=[6, 3]
        ),
    ]


def shape(geometry: Mapping[str, Any]) -> pd.DataFrame:
    """Return a GeoJSON geometry as the rows of a dataset."""
    return pd.DataFrame({"type": ["Feature"], "geometry": [geometry]})


def night(at: np.datetime64) -> pd.DataFrame:
    """Return the night side of the Earth as a shape."""
    edge = terminator(at, NIGHT_POINTS)[["longitude_deg", "latitude_deg"]].round(2)
    declination, _ = subsolar_point(at)
    ring = edge.to_numpy().tolist()
    ring = ring if declination[0] > 0 else ring[::-1]  # a ring is clockwise around its inside
    return shape({"type": "Polygon", "coordinates": [ring]})


def track(fleet: Fleet, row: int, at: np.datetime64) -> pd.DataFrame:
    """Return the ground track of a satellite's next revolution as a shape; empty if SGP4 fails.

    Args:
        fleet: the fleet.
        row: row of the satellite in it.
        at: the instant at which the track begins, UTC.
    """
    lines: list[Any] = track_lines(fleet, row, at)
    return shape({"type": "MultiLineString", "coordinates": lines}) if lines else NO_SHAPE


def track_lines(fleet: Fleet, row: int, at: np.datetime64) -> list[list[tuple[float, float]]]:
    """Return the ground track of a satellite's next revolution.

    It is empty if SGP4 fails, or the prediction is beyond use.

    Args:
        fleet: the fleet.
        row: row of the satellite in it.
        at: the instant at which the track begins, UTC.

    Returns:
        The longitudes and latitudes of lines that do not cross the antimeridian.
    """
    if is_beyond_use(float(track_error(fleet, row, at)["error_km"])):
        return []
    satellite = fleet.elements.select(np.array([row]))
    minutes = MINUTES_PER_DAY / float(satellite.mean_motion_rev_per_day[0])
    try:
        track = ground_track(satellite, at, at + np.timedelta64(round(minutes * 60), "s"), 60)
    except DataError:
        return []
    places = track[["longitude_deg", "latitude_deg"]].round(2)
    return [
        [*part.itertuples(index=False, name=None)] for _, part in places.groupby(track["segment"])
    ]
