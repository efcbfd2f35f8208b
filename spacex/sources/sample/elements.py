"""Simulated mean elements: satellites in slots, with small deviations, moved to an epoch."""

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array, Instants
from spacex.sources.sample.walker import Slots
from spacex.units import EARTH_J2, EARTH_MU_KM3_S2, EARTH_RADIUS_KM, SECONDS_PER_DAY


class State(IntEnum):
    """The phase of a satellite's life."""

    IN_SHELL = 0
    RAISING = 1
    DECAYED = 2


def simulate(
    slots: Slots,
    state: NDArray[np.int64],
    epoch: Instants,
    reference: np.datetime64,
    rng: np.random.Generator,
) -> ElementSets:
    """Return elements at each satellite's epoch, for satellites in their slots at one instant.

    They are numbered by index, and rounded as in the catalogue.

    Args:
        slots: the slots; satellites that are raising their orbit or have decayed are below them.
        state: the satellites' `State`.
        epoch: the epochs, UTC.
        reference: the instant of the slots, UTC.
        rng: source of random numbers.
    """
    inclination = slots.inclination_deg + _draw(rng, state, (-0.02, 0.02))
    altitude = np.where(state == State.IN_SHELL, slots.altitude_km, 0) + _draw(
        rng, state, (-0.3, 0.3), raising=(320, 500), decayed=(160, 200)
    )
    eccentricity = _draw(rng, state, (5e-5, 2.5e-4), raising=(1e-4, 1e-3), decayed=(1e-4, 6e-4))
    pericenter = _degrees(_draw(rng, state, (60, 120)))
    mean_motion = _mean_motion(altitude)
    raan, phase = _drift(slots, mean_motion, inclination, epoch - reference)
    return ElementSets(
        norad_cat_id=np.arange(len(epoch)),
        epoch_utc=epoch,
        mean_motion_rev_per_day=mean_motion.round(8),
        eccentricity=eccentricity.round(7),
        inclination_deg=inclination.round(4),
        raan_deg=_degrees(raan),
        arg_of_pericenter_deg=pericenter,
        mean_anomaly_deg=_degrees(phase - pericenter),
        bstar=_draw(rng, state, (-1e-4, 4e-4), (2e-4, 1e-3), (5e-4, 3e-3)).round(8),
        mean_motion_dot=_draw(rng, state, (-2e-5, 4e-5), (-5e-3, -1e-3), (0.05, 0.4)).round(8),
        mean_motion_ddot=np.zeros(len(epoch)),
    )


def _draw(
    rng: np.random.Generator,
    state: NDArray[np.int64],
    in_shell: tuple[float, float],
    raising: tuple[float, float] | None = None,
    decayed: tuple[float, float] | None = None,
) -> Array:
    """Draw a number for each satellite, uniform over the range of its state."""
    low, high = np.array([in_shell, raising or in_shell, decayed or in_shell])[state].T
    return np.asarray(rng.uniform(low, high))


def _mean_motion(altitude_km: Array) -> Array:
    """Return the mean motion of a circular orbit, rev/d: n² = mu/a³ (Kepler's third law)."""
    n_rad_s = np.sqrt(EARTH_MU_KM3_S2 / (EARTH_RADIUS_KM + altitude_km) ** 3)
    return np.asarray(n_rad_s * SECONDS_PER_DAY / (2 * np.pi))


def _drift(
    slots: Slots, mean_motion: Array, inclination_deg: Array, elapsed: NDArray[np.timedelta64]
) -> tuple[Array, Array]:
    """Return node and phase, deg, moved by the secular effect of J2 during the elapsed time.

    With k = 1.5 J2 (RE/a)² and a circular orbit: dΩ/dt = -k n cos i. The phase, the sum of argument
    of perigee and mean anomaly, changes by n (1 + k (4 cos²i - 1)) (Kozai 1959).
    """
    n_rad_s = mean_motion * 2 * np.pi / SECONDS_PER_DAY
    semi_major_axis = (EARTH_MU_KM3_S2 / n_rad_s**2) ** (1 / 3)
    k = 1.5 * EARTH_J2 * (EARTH_RADIUS_KM / semi_major_axis) ** 2
    cos_i = np.cos(np.radians(inclination_deg))
    traversed = 360 * mean_motion * (elapsed / np.timedelta64(1, "D"))
    return (
        slots.raan_deg - k * cos_i * traversed,
        slots.phase_deg + (1 + k * (4 * cos_i**2 - 1)) * traversed,
    )


def _degrees(angle: Any) -> Array:
    """Return an angle in [0, 360), rounded to four decimals as in the catalogue."""
    return np.asarray((angle % 360).round(4) % 360)
