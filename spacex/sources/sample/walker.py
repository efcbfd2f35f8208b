"""The slots of the constellation's shells: Walker-delta patterns of evenly spaced satellites."""

from typing import NamedTuple

import numpy as np

from spacex.orbits.elements import Array
from spacex.sources.sample.facts import Shell

_ALIKE_DEG = 1.0
"""Shells whose inclinations differ by less are filled one after the other."""

_PHASING = 1
"""Walker's F: how far each plane is ahead of the one before, in units of 360 deg / satellites."""

_GOLDEN = 0.618033988749895
"""Its multiples, taken mod 1, never meet: each round of places gets new ones."""

Family = tuple[Shell, ...]
"""Shells of about one inclination, in the order they are filled."""


class Slots(NamedTuple):
    """Places in the constellation, one a satellite.

    Attributes:
        inclination_deg: inclination.
        altitude_km: altitude of the circular orbit over the equatorial radius.
        raan_deg: right ascension of the ascending node, from 0 to 360.
        phase_deg: angle from the ascending node along the orbit, from 0 to 360.
    """

    inclination_deg: Array
    altitude_km: Array
    raan_deg: Array
    phase_deg: Array


def family(inclination_deg: float, shells: tuple[Shell, ...]) -> Family:
    """The shell nearest to an inclination, and the others of about the same, nearest first."""
    by_distance = sorted(shells, key=lambda shell: abs(shell.inclination_deg - inclination_deg))
    nearest = by_distance[0].inclination_deg
    return tuple(s for s in by_distance if abs(s.inclination_deg - nearest) < _ALIKE_DEG)


def slots(shells: Family, count: int) -> Slots:
    """The first places of a family: plane by plane, then shell by shell.

    Where there are fewer places than wanted, they are dealt out again, between the first ones.
    """
    table = np.concatenate([_table(shell) for shell in shells])
    turn, place = np.divmod(np.arange(count), len(table))
    inclination, altitude, raan, phase, spacing = table[place].T
    phase = (phase + spacing * (turn * _GOLDEN % 1)) % 360
    return Slots(inclination, altitude, raan, phase)


def _table(shell: Shell) -> Array:
    """A row for each place: the columns of `Slots`, and the spacing in its plane, deg."""
    total = shell.planes * shell.satellites_per_plane
    spacing = 360 / shell.satellites_per_plane
    plane, place = np.divmod(np.arange(total), shell.satellites_per_plane)
    return np.column_stack(
        [
            np.full(total, shell.inclination_deg),
            np.full(total, shell.altitude_km),
            plane * 360 / shell.planes,
            (place * spacing + plane * _PHASING * 360 / total) % 360,
            np.full(total, spacing),
        ]
    )
