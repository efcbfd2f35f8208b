"""Culminations of satellites over a place, with the rise and set on either side.

1. In low orbit the elevation has one maximum per revolution. It lies in the ephemeris step in which
   the elevation rate changes from positive to negative.
2. Steps too far below the horizon to reach it are skipped.
3. Bisection finds the maximum and both crossings to a millisecond. A quarter of a revolution from
   its maximum, a satellite is far below the horizon.

No pass is missed, however short, and all satellites share a few array operations.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spacex.orbits.elements import Array
from spacex.orbits.ephemeris import STEP_S, Ephemeris
from spacex.orbits.place import Place

_FASTEST_KM_S = 12.0
"""Upper limit of the ground-relative speed in orbit."""

_PRECISION_S = 1e-3

Rows = NDArray[np.intp]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Culminations:
    """The p culminations over a place, with their rises and sets.

    Attributes:
        row: row of the satellite in the ephemeris; shape (p,).
        elapsed_s: rise, culmination and set, in seconds from the start of the ephemeris; shape
            (p, 3).
        position_km: Earth-fixed positions then, by instant and coordinate; shape (p, 3, 3).
    """

    row: Rows
    elapsed_s: Array
    position_km: Array


def find_culminations(
    ephemeris: Ephemeris,
    place: Place,
    inside_s: tuple[float, float],
    quarter_s: float,
    min_elevation_deg: float,
) -> Culminations:
    """Return the culminations above an elevation between two instants.

    If SGP4 fails during a pass, the pass ends at the last known position.

    Args:
        ephemeris: n satellites in low orbit.
        place: the observer.
        inside_s: the two instants, in seconds from the start of the ephemeris; at least a quarter
            of a revolution from its ends.
        quarter_s: a quarter of the longest period, s.
        min_elevation_deg: elevation of rise and set; at least 0.
    """

    def is_rising(row: Rows, elapsed_s: Array) -> Truths:
        line = ephemeris.position(row, elapsed_s) - place.position_km
        return np.asarray(_climb(line, ephemeris.velocity(row, elapsed_s), place) > 0)

    def is_above(row: Rows, elapsed_s: Array) -> Truths:
        look = place.look(ephemeris.position(row, elapsed_s))
        return np.asarray(look.elevation_deg >= min_elevation_deg)

    row, begin_s = _turning_steps(ephemeris, place)
    top = _last(is_rising, row, begin_s, begin_s + STEP_S)
    is_wanted = is_above(row, top) & (top >= inside_s[0]) & (top <= inside_s[1])
    row, top = row[is_wanted], top[is_wanted]
    rise = _last(is_above, row, top, top - quarter_s)
    sets = _last(is_above, row, top, top + quarter_s)
    position = [ephemeris.position(row, elapsed_s) for elapsed_s in (rise, top, sets)]
    return Culminations(row, np.stack((rise, top, sets), axis=1), np.stack(position, axis=1))


def _turning_steps(ephemeris: Ephemeris, place: Place) -> tuple[Rows, Array]:
    """Return the rows and start times of the steps with a culmination that may be in sight."""
    is_known = np.isfinite(ephemeris.position_km[..., 0])
    line = ephemeris.position_km[is_known] - place.position_km
    height = np.full(is_known.shape, np.nan)
    height[is_known] = line @ place.axes[2]
    is_near = np.fmax(height[:, :-1], height[:, 1:]) > -_FASTEST_KM_S * STEP_S / 2
    is_rising = np.zeros(is_known.shape, np.bool_)
    is_rising[is_known] = _climb(line, ephemeris.velocity_km_s[is_known], place) > 0
    row, step = np.nonzero(is_near & is_rising[:, :-1] & ~is_rising[:, 1:])
    return row, np.asarray(step * STEP_S, np.float64)


def _climb(line_km: Array, velocity_km_s: Array, place: Place) -> Array:
    """Return the rate of sin(elevation) times the cube of the range."""
    up = place.axes[2]
    along = np.einsum("...i,...i", line_km, velocity_km_s)
    distance2 = np.einsum("...i,...i", line_km, line_km)
    return np.asarray((velocity_km_s @ up) * distance2 - (line_km @ up) * along)


def _last(
    holds: Callable[[Rows, Array], Truths], row: Rows, inside_s: Array, outside_s: Array
) -> Array:
    """Return the last instants at which a condition holds, by bisection from inside to outside."""
    inside, outside = inside_s, outside_s
    while np.abs(outside - inside).max(initial=0) > _PRECISION_S:
        middle = (inside + outside) / 2
        is_inside = holds(row, middle)
        inside = np.where(is_inside, middle, inside)
        outside = np.where(is_inside, outside, middle)
    return inside
