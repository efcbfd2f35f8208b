"""Ephemerides: SGP4 states at regular steps, with cubic Hermite interpolation.

The interpolation error is at most step⁴/384 times the fourth derivative, 1e-8 km/s⁴ at 550 km. With
3-minute steps it is 27 m, or 4 ms of flight, and 40 m in the lowest orbits. Any time resolution
therefore needs one SGP4 evaluation per step.

For passes over a place, all satellites are evaluated at every fourth step only, and at the steps
around it those that can be in sight by then. These are a quarter, so that most evaluations are
saved. None is missed: the limits of distance and speed are wider than those of any orbit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spacex.orbits.earth import (
    EARTH_ROTATION_RAD_S,
    earth_fixed_km,
    earth_fixed_velocity_km_s,
    teme_km,
)
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array, Instants
from spacex.orbits.instants import after
from spacex.orbits.place import Place
from spacex.orbits.propagation import Propagator, States
from spacex.units import EARTH_MU_KM3_S2

STEP_S = 180.0

_COARSE = 4
"""Steps from one at which all satellites are evaluated to the next."""

_MARGIN_RAD = np.radians(1.5)
"""For the vertical, which does not point to the Earth's centre, by up to 0.2°, and rounding."""

_MARGIN_KM, _FASTER = 50.0, 1.03
"""By which a satellite may be higher and faster than its elements and last state say."""


@dataclass(frozen=True, eq=False)
class Ephemeris:
    """Earth-fixed positions and velocities of n satellites at m instants, one step apart.

    Attributes:
        start: the first instant, UTC.
        position_km: shape (n, m, 3); NaN where SGP4 fails, and where none is needed.
        velocity_km_s: relative to the ground; shape (n, m, 3).
        failures: one message per satellite for which SGP4 fails.
    """

    start: np.datetime64
    position_km: Array
    velocity_km_s: Array
    failures: list[str]

    def position(self, row: NDArray[np.intp], elapsed_s: Array) -> Array:
        """Interpolate positions of satellites, each at its own instant.

        Args:
            row: rows of the satellites; shape (p,).
            elapsed_s: seconds from the start, within the ephemeris; shape (p,).

        Returns:
            Shape (p, 3), km; NaN if SGP4 fails at the previous or next step.
        """
        u, (p0, p1, v0, v1) = self._around(row, elapsed_s)
        start = (1 + 2 * u) * (1 - u) ** 2 * p0 + u**2 * (3 - 2 * u) * p1
        return np.asarray(start + STEP_S * u * (1 - u) * ((1 - u) * v0 - u * v1))

    def velocity(self, row: NDArray[np.intp], elapsed_s: Array) -> Array:
        """Return the derivative of `position`, km/s; shape (p, 3)."""
        u, (p0, p1, v0, v1) = self._around(row, elapsed_s)
        ends = (1 - u) * (1 - 3 * u) * v0 + u * (3 * u - 2) * v1
        return np.asarray(6 * u * (1 - u) * (p1 - p0) / STEP_S + ends)

    def _around(self, row: NDArray[np.intp], elapsed_s: Array) -> tuple[Array, list[Array]]:
        """Return the elapsed share of the step and the states at both of its ends.

        A boundary belongs to the step before it, so that the last known position counts.
        """
        steps = np.asarray(elapsed_s) / STEP_S
        before = np.clip(np.ceil(steps).astype(np.int64) - 1, 0, self.position_km.shape[1] - 2)
        ends = [
            known[row, at]
            for known in (self.position_km, self.velocity_km_s)
            for at in (before, before + 1)
        ]
        return (steps - before)[:, None], ends


@dataclass(frozen=True)
class Sight:
    """What can be seen: satellites above an elevation over a place."""

    place: Place
    min_elevation_deg: float


def ephemeris(
    fleet: ElementSets, start: np.datetime64, duration_s: float, sight: Sight | None = None
) -> Ephemeris:
    """Compute the ephemeris of a fleet from an instant on.

    It needs 48 bytes per satellite and step; split large fleets for long spans.

    Args:
        fleet: n satellites.
        start: the first instant, UTC.
        duration_s: minimum length, s.
        sight: needed are the steps around what is in sight; all steps if None.
    """
    steps = int(np.ceil(duration_s / STEP_S)) + 1
    when = after(start, np.arange(steps, dtype=np.float64) * STEP_S)
    propagator = Propagator(fleet)
    if sight is None:
        states = propagator.states(when)
    else:
        states = propagator.some_states(when, _is_needed(propagator, when, sight))
    position = earth_fixed_km(states.position_km, when)
    velocity = earth_fixed_velocity_km_s(states.velocity_km_s, position, when)
    return Ephemeris(start, position, velocity, states.failures())


def _is_needed(propagator: Propagator, when: Instants, sight: Sight) -> NDArray[np.bool_]:
    """Return for each satellite the steps around those at which it may be in sight.

    Satellites for which SGP4 fails need all, so that the first failure is told.
    """
    last = len(when) - 1
    coarse = np.unique(np.append(np.arange(0, last, _COARSE), last))
    states = propagator.states(when[coarse])
    is_near = _is_near(propagator.elements, states, sight)
    is_needed = np.zeros((len(is_near), len(when)), np.bool_)
    for offset in range(-_COARSE // 2, _COARSE // 2 + 1):
        is_needed[:, np.clip(coarse + offset, 0, last)] |= is_near
    return np.asarray(is_needed | (states.error != 0).any(axis=1, keepdims=True))


def _is_near(fleet: ElementSets, states: States, sight: Sight) -> NDArray[np.bool_]:
    """Return which satellites can be in sight within half a coarse step; shape (n, m).

    A satellite in sight is at most so far from the place, as an angle at the Earth's centre, as its
    distance from there allows, and moves there at most as fast as at its perigee.
    """
    distance = np.linalg.norm(states.position_km, axis=2)
    axis, shape = fleet.semi_major_axis_km[:, None], fleet.eccentricity[:, None]
    highest = np.fmax(distance, axis * (1 + shape)) + _MARGIN_KM
    low = np.radians(sight.min_elevation_deg)
    here = np.linalg.norm(sight.place.position_km)
    reach = np.arccos(np.minimum(here / highest, 1) * np.cos(low)) - low
    lowest = np.fmin(distance, axis * (1 - shape))
    speed = np.sqrt(EARTH_MU_KM3_S2 * (1 + shape) / lowest**3) * _FASTER + EARTH_ROTATION_RAD_S
    limit = reach + speed * (_COARSE * STEP_S / 2) + _MARGIN_RAD
    place = teme_km(
        np.broadcast_to(sight.place.position_km, (len(states.instants), 3)), states.instants
    )
    cosine = np.einsum("nmi,mi->nm", states.position_km, place) / (distance * here)
    return np.asarray(cosine >= np.cos(np.minimum(limit, np.pi)))
