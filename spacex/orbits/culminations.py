"""Where satellites stand highest over a place, and when they cross an elevation before and after.

1. In low orbit the elevation has one maximum in a revolution. It lies in the step of the ephemeris
   in which the elevation turns from rising to falling.
2. Steps that end so far below the horizon that no satellite could get over it are left out.
3. The maximum, and the crossings on either side of it, are found by bisection, to a millisecond.
   A quarter of a revolution from its maximum a satellite is far below the horizon.

So no pass is missed, however short. For all satellites these are a few array operations.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spacex.orbits.elements import Array
from spacex.orbits.ephemeris import STEP_S, Ephemeris
from spacex.orbits.place import Place

_FASTEST_KM_S = 12.0
"""Above the speed over the ground of anything that stays in orbit."""

_PRECISION_S = 1e-3

Rows = NDArray[np.intp]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Culminations:
    """p culminations over a place, with the crossings of an elevation before and after.

    Attributes:
        row: the satellite's row in the ephemeris; shape (p,).
        elapsed_s: seconds from the ephemeris' start to rise, culmination and set; shape (p, 3).
        position_km: Earth-fixed positions there; shape (p, 3, 3): instants, then coordinates.
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
    """The culminations between two instants that reach an elevation.

    Where SGP4 fails in mid-pass, the pass ends at the last position that is known.

    Args:
        ephemeris: n satellites in low orbit.
        place: from where they are seen.
        inside_s: the two instants, in seconds from the ephemeris' start, which must lie at least a
            quarter of a revolution inside of it.
        quarter_s: a quarter of the longest revolution.
        min_elevation_deg: from 0.
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
    """Satellites and the beginnings of steps in which they culminate, perhaps in sight."""
    line = ephemeris.position_km - place.position_km
    height = line @ place.axes[2]
    is_near = np.fmax(height[:, :-1], height[:, 1:]) > -_FASTEST_KM_S * STEP_S / 2
    is_rising = _climb(line, ephemeris.velocity_km_s, place) > 0
    row, step = np.nonzero(is_near & is_rising[:, :-1] & ~is_rising[:, 1:])
    return row, np.asarray(step * STEP_S, np.float64)


def _climb(line_km: Array, velocity_km_s: Array, place: Place) -> Array:
    """The rate of the sine of the elevation, times the cube of the distance."""
    up = place.axes[2]
    along = np.einsum("...i,...i", line_km, velocity_km_s)
    distance2 = np.einsum("...i,...i", line_km, line_km)
    return np.asarray((velocity_km_s @ up) * distance2 - (line_km @ up) * along)


def _last(
    holds: Callable[[Rows, Array], Truths], row: Rows, inside_s: Array, outside_s: Array
) -> Array:
    """The last instants at which something holds, on the way from where it does to where not."""
    inside, outside = inside_s, outside_s
    while np.abs(outside - inside).max(initial=0) > _PRECISION_S:
        middle = (inside + outside) / 2
        is_inside = holds(row, middle)
        inside = np.where(is_inside, middle, inside)
        outside = np.where(is_inside, outside, middle)
    return inside
