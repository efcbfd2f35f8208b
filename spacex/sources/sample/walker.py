"""The slots of the shells: Walker delta patterns."""

from typing import NamedTuple

import numpy as np

from spacex.orbits.elements import Array
from spacex.sources.sample.facts import Shell

_FAMILY_DEG = 1.0
"""Shells whose inclinations differ by less are filled one after the other."""

_PHASING = 1
"""Walker's F: phase of each plane ahead of the previous, in units of 360 deg / satellites."""

_GOLDEN = 0.618033988749895
"""The multiples of the golden ratio modulo 1 are distinct, so that each round has new slots."""

Family = tuple[Shell, ...]
"""Shells of similar inclination, in the order in which they are filled."""


class Slots(NamedTuple):
    """Slots in the constellation, one per satellite.

    Attributes:
        inclination_deg: inclination.
        altitude_km: altitude of the circular orbit above the equatorial radius.
        raan_deg: right ascension of the ascending node, from 0 to 360.
        phase_deg: angle from the ascending node along the orbit, from 0 to 360.
    """

    inclination_deg: Array
    altitude_km: Array
    raan_deg: Array
    phase_deg: Array


def family(inclination_deg: float, shells: tuple[Shell, ...]) -> Family:
    """Return the shells near an inclination, nearest first."""
    by_distance = sorted(shells, key=lambda shell: abs(shell.inclination_deg - inclination_deg))
    nearest = by_distance[0].inclination_deg
    return tuple(s for s in by_distance if abs(s.inclination_deg - nearest) < _FAMILY_DEG)


def slots(shells: Family, count: int) -> Slots:
    """Return the first slots of a family, plane by plane and shell by shell.

    If there are too few, further rounds add slots between the first ones.
    """
    table = np.concatenate([_table(shell) for shell in shells])
    round_, slot = np.divmod(np.arange(count), len(table))
    inclination, altitude, raan, phase, spacing = table[slot].T
    phase = (phase + spacing * (round_ * _GOLDEN % 1)) % 360
    return Slots(inclination, altitude, raan, phase)


def _table(shell: Shell) -> Array:
    """Return a row per slot: the columns of `Slots`, and the spacing in its plane, deg."""
    total = shell.planes * shell.satellites_per_plane
    spacing = 360 / shell.satellites_per_plane
    plane, position = np.divmod(np.arange(total), shell.satellites_per_plane)
    return np.column_stack(
        [
            np.full(total, shell.inclination_deg),
            np.full(total, shell.altitude_km),
            plane * 360 / shell.planes,
            (position * spacing + plane * _PHASING * 360 / total) % 360,
            np.full(total, spacing),
        ]
    )
