"""Where satellites are over a span: SGP4 at even steps, and an interpolation between them.

Between two steps a cubic through both positions and velocities (Hermite's) is off by at most
step⁴/384 times the fourth derivative, which is 1e-8 km/s⁴ at 550 km: 27 m at steps of 3 minutes,
or 4 ms of flight, and 40 m in the lowest orbits. So SGP4 is asked but once for each step, however
closely the span is looked at.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spacex.orbits.earth import earth_fixed_km, earth_fixed_velocity_km_s
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array
from spacex.orbits.instants import after
from spacex.orbits.propagation import propagate

STEP_S = 180.0


@dataclass(frozen=True, eq=False)
class Ephemeris:
    """Positions and velocities of n satellites at m instants, a step apart, over the ground.

    Attributes:
        start: the first instant, UTC; seconds are counted from it.
        position_km: Earth-fixed; shape (n, m, 3); NaN where SGP4 fails.
        velocity_km_s: relative to the turning ground; shape (n, m, 3).
        failures: one sentence for each satellite that SGP4 fails for.
    """

    start: np.datetime64
    position_km: Array
    velocity_km_s: Array
    failures: list[str]

    def position(self, row: NDArray[np.intp], elapsed_s: Array) -> Array:
        """Earth-fixed positions of the satellites in these rows, each at its own instant.

        Args:
            row: shape (p,).
            elapsed_s: seconds since the start, within the span; shape (p,).

        Returns:
            Shape (p, 3), km; NaN where SGP4 fails at the step before or after.
        """
        u, (p0, p1, v0, v1) = self._around(row, elapsed_s)
        start = (1 + 2 * u) * (1 - u) ** 2 * p0 + u**2 * (3 - 2 * u) * p1
        return np.asarray(start + STEP_S * u * (1 - u) * ((1 - u) * v0 - u * v1))

    def velocity(self, row: NDArray[np.intp], elapsed_s: Array) -> Array:
        """Velocities over the ground, km/s: the derivative of `position`; shape (p, 3)."""
        u, (p0, p1, v0, v1) = self._around(row, elapsed_s)
        ends = (1 - u) * (1 - 3 * u) * v0 + u * (3 * u - 2) * v1
        return np.asarray(6 * u * (1 - u) * (p1 - p0) / STEP_S + ends)

    def _around(self, row: NDArray[np.intp], elapsed_s: Array) -> tuple[Array, list[Array]]:
        """The share of the step that has passed, and what is known at both of its ends.

        An instant between two steps belongs to the first: the last position that is known counts.
        """
        steps = np.asarray(elapsed_s) / STEP_S
        before = np.clip(np.ceil(steps).astype(np.int64) - 1, 0, self.position_km.shape[1] - 2)
        ends = [
            known[row, at]
            for known in (self.position_km, self.velocity_km_s)
            for at in (before, before + 1)
        ]
        return (steps - before)[:, None], ends


def ephemeris(fleet: ElementSets, start: np.datetime64, duration_s: float) -> Ephemeris:
    """The satellites of a fleet from an instant on, at least for a duration.

    It takes 48 bytes for each satellite and step: cut a large fleet into parts for a long span.
    """
    steps = int(np.ceil(duration_s / STEP_S)) + 1
    when = after(start, np.arange(steps, dtype=np.float64) * STEP_S)
    states = propagate(fleet, when)
    position = earth_fixed_km(states.position_km, when)
    velocity = earth_fixed_velocity_km_s(states.velocity_km_s, position, when)
    return Ephemeris(start, position, velocity, states.failures())
