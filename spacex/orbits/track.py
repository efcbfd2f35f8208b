"""Ground tracks of satellites."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.errors import DataError
from spacex.orbits.earth import Geodetic, earth_fixed_km, geodetic, wrapped_deg
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array, Instants
from spacex.orbits.instants import When, after, seconds_since, span
from spacex.orbits.propagation import propagate


def ground_track(
    satellite: ElementSets, start: When, end: When, step_s: float = 30.0
) -> pd.DataFrame:
    """Return the ground track of a satellite, in segments that do not cross the antimeridian.

    At a crossing, one segment ends on the antimeridian and the next begins on its other side at the
    same instant, so that each segment reaches the edge of a map.

    Args:
        satellite: one element set.
        start: first instant, UTC.
        end: last instant, UTC.
        step_s: time between points; 30 s are 2° of arc in low orbit.

    Returns:
        One row per point, in time order: `segment` from 0, `instant_utc`, `longitude_deg` from
        -180 to 180, `latitude_deg`, and `height_km` over the ellipsoid.

    Raises:
        SettingsError: the end is not after the start, or the step is not positive.
        DataError: there are several satellites, or SGP4 fails at one of the instants.
    """
    when = span(start, end, step_s)
    points = _points(satellite, when)
    last, share = _crossings(points.longitude_deg)
    index = np.arange(len(when), dtype=np.float64)
    fractional = np.insert(index, np.repeat(last + 1, 2), np.repeat(last + share, 2))
    elapsed_s = np.interp(fractional, index, seconds_since(when[0], when))
    return pd.DataFrame(
        {
            "segment": _segment(len(when), last),
            "instant_utc": pd.DatetimeIndex(after(when[0], elapsed_s), tz="UTC"),
            "longitude_deg": _with_edges(points.longitude_deg, last),
            "latitude_deg": np.interp(fractional, index, points.latitude_deg),
            "height_km": np.interp(fractional, index, points.height_km),
        }
    )


def _points(satellite: ElementSets, when: Instants) -> Geodetic:
    if len(satellite) != 1:
        raise DataError(
            f"A ground track needs one satellite; {len(satellite)} were given.",
            remedy="Select one element set.",
        )
    states = propagate(satellite, when)
    failures = states.failures()
    if failures:
        raise DataError(failures[0], remedy="Choose a span closer to the epoch of its elements.")
    return geodetic(earth_fixed_km(states.position_km[0], when))


def _crossings(longitude_deg: Array) -> tuple[NDArray[np.intp], Array]:
    """Return the point before each antimeridian crossing, and the share of the step to it."""
    last = np.flatnonzero(np.abs(np.diff(longitude_deg)) > 180)
    before, step = longitude_deg[last], wrapped_deg(np.diff(longitude_deg)[last])
    return last, (np.copysign(180, step) - before) / step


def _with_edges(longitude_deg: Array, last: NDArray[np.intp]) -> Array:
    """Insert both sides of the antimeridian at each crossing."""
    edge = np.copysign(180, longitude_deg[last])
    return np.insert(longitude_deg, np.repeat(last + 1, 2), np.stack((edge, -edge), 1).ravel())


def _segment(points: int, last: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the segment of each point; it increases at the second point of each inserted pair."""
    increments = np.tile(np.array([0, 1]), len(last))
    return np.insert(np.zeros(points, np.int64), np.repeat(last + 1, 2), increments).cumsum()
