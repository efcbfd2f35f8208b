"""Nights over a place, and when its sky is dark. A night lasts from noon to noon."""

from collections.abc import Sequence
from itertools import count

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.orbits.cities import City
from spacex.orbits.elements import Instants
from spacex.orbits.instants import seconds, span
from spacex.orbits.sun import is_dark_sky, sun_elevation_deg
from spacex.units import EARTH_RADIUS_KM

DarkSpan = tuple[np.datetime64, np.datetime64]
_TWILIGHT_STEP_S = 60.0
_POLAR_RADIUS_KM = 6356.8
_MARGIN_DEG = 1.0
"""For the vertical, which does not point to the Earth's centre, by up to 0.2°, and twilight."""
_HALF_DAY = pd.Timedelta(hours=12)
_DAY = np.timedelta64(24, "h")


def first_night(start: np.datetime64, place: City) -> tuple[str, np.datetime64]:
    """Return the date of the evening of the first night, and the noon after it, within an hour.

    A night that has begun counts until its end: after midnight, while the sky still gets dark.
    """
    local = clock(pd.Series([start]), place).iloc[0]
    noon = (local - _HALF_DAY).normalize() + 3 * _HALF_DAY
    end = start + seconds((noon - local).total_seconds())
    is_morning = noon.date() == local.date()
    if is_morning and not is_dark_sky(place, span(start, end, _TWILIGHT_STEP_S)).any():
        noon, end = noon + 2 * _HALF_DAY, end + _DAY
    return f"{noon - 2 * _HALF_DAY:%Y-%m-%d}", end


def coming_night(start: np.datetime64, place: City) -> tuple[str, list[DarkSpan]]:
    """Return the date of the evening of the first night, and when it is dark.

    Where it is dark at noon, the night lasts until the sky is no longer dark, or for a day.
    """
    evening, noon = first_night(start, place)
    spans = dark_spans(place, start, max(noon, start + _DAY))
    return evening, [each for each in spans if each[0] < noon]


def next_dark(start: np.datetime64, place: City) -> np.datetime64:
    """Return the first minute of dark sky from an instant on; each place has one within a year."""
    months = (span(start + 30 * n * _DAY, start + 30 * (n + 1) * _DAY, 60.0) for n in count())
    found = ((when, is_dark_sky(place, when)) for when in months)
    when, is_dark = next(each for each in found if each[1].any())
    return np.datetime64(when[is_dark.argmax()], "us")


def dark_spans(place: City, start: np.datetime64, end: np.datetime64) -> list[DarkSpan]:
    """Return when the sky over a place is dark, to a minute that includes twilight.

    Args:
        place: the place.
        start: the first instant.
        end: the last instant.
    """
    when: Instants = span(start, end, _TWILIGHT_STEP_S)
    return _spans(when, is_dark_sky(place, when))


def lit_spans(
    place: City, dark: Sequence[DarkSpan], radius_km: float, min_elevation_deg: float
) -> list[DarkSpan]:
    """Return the parts of dark spans in which a satellite in sight can be in sunlight.

    The Sun is then at most as far below the horizon as the satellite's horizon is, seen from the
    Earth's centre, and the satellite is at most as far from the place as its elevation allows.

    Args:
        place: the place.
        dark: spans of dark sky.
        radius_km: the greatest distance of the satellites from the Earth's centre.
        min_elevation_deg: the least elevation of interest.
    """
    low = np.radians(min_elevation_deg)
    apart = np.arccos(_POLAR_RADIUS_KM / radius_km * np.cos(low)) - low
    deepest_deg = np.degrees(np.arccos(EARTH_RADIUS_KM / radius_km) + apart) + _MARGIN_DEG
    times = [span(*each, _TWILIGHT_STEP_S) for each in dark]
    return [
        part
        for when in times
        for part in _spans(when, sun_elevation_deg(place, when) > -deepest_deg)
    ]


def _spans(when: Instants, holds: NDArray[np.bool_]) -> list[DarkSpan]:
    """Return the spans in which a condition holds, with one instant more on either side."""
    edges = np.flatnonzero(np.diff(np.r_[False, holds, False].astype(int)))
    return [
        (when[max(first - 1, 0)], when[min(last, len(when) - 1)])
        for first, last in zip(edges[::2], edges[1::2], strict=True)
    ]


def evening(instants: "pd.Series[pd.Timestamp]", place: City) -> "pd.Series[str]":
    """Return the date of the evening of the night of each instant."""
    return (clock(instants, place) - _HALF_DAY).dt.strftime("%Y-%m-%d")


def clock(instants: "pd.Series[pd.Timestamp]", place: City) -> "pd.Series[pd.Timestamp]":
    """Return instants in the time zone of a city, or in mean solar time if it is unknown."""
    utc = pd.to_datetime(instants, utc=True)
    if place.name:
        return utc.dt.tz_convert(place.time_zone).dt.tz_localize(None)
    return utc.dt.tz_localize(None) + pd.Timedelta(hours=place.longitude_deg / 15)
