"""Orbital planes of a shell, found from its ascending nodes.

1. Precess all nodes to one instant. At their own epochs they blur the planes: the nodes of a 53°
   shell move by 4.5° per day, about the spacing of its planes.
2. For k evenly spaced planes, k times the node is the same angle for all satellites, so the
   concentration |mean exp(i k node)| is 1. For other k it is about 1/sqrt(n) (the mean resultant
   length of Mardia and Jupp, Directional Statistics, section 2.3).
3. The number of planes is the k with the highest concentration. Multiples of k fit nearly as well,
   so the smallest of equal fits is chosen.
4. If the best fit is poor, or there are fewer than 20 satellites, there are no planes. Shells that
   are being filled or vacated have none.

Planes are evenly spaced slots, and some may be empty. A plane is occupied if it has at least 3
satellites; fewer are strays. In a shell with only a few planes, the rule finds the smallest number
of slots that fits them, and the layout may have a multiple or a divisor of it: the number is
uncertain unless at least half of the planes are occupied.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array
from spacex.orbits.instants import When, instant
from spacex.orbits.shells import LEAST_SATELLITES

NO_PLANE = -1

MOST_PLANES = 144
LEAST_CONCENTRATION = 0.8
"""Below it, planes are unresolved. n satellites reach it by chance with a probability below
144 exp(-0.64 n), which is 4e-4 for the required 20."""

OCCUPIED_FROM = 3
"""Fewest satellites of an occupied plane."""

_EQUAL_CONCENTRATION = 1e-3
"""Difference between equal fits, from rounding and single satellites."""


@dataclass(frozen=True, eq=False)
class Planes:
    """The planes of a shell of n satellites.

    Attributes:
        at_utc: instant of the nodes.
        count: number of planes, including empty ones; 0 if none were found.
        raw_concentration: concentration of the nodes at their own epochs, for the same number.
        concentration: concentration of the nodes at one instant.
        plane_raan_deg: node of each plane, eastward from the first past 0°; shape (count,).
        raan_deg: node of each satellite at that instant; shape (n,).
        label: plane of each satellite, from 0, or NO_PLANE; shape (n,).
        offset_deg: node of each satellite relative to its plane, positive eastward, NaN without
            planes; shape (n,).
    """

    at_utc: np.datetime64
    count: int
    raw_concentration: float
    concentration: float
    plane_raan_deg: Array
    raan_deg: Array
    label: NDArray[np.int64]
    offset_deg: Array

    @property
    def satellites(self) -> NDArray[np.int64]:
        """Number of satellites in each plane; shape (count,)."""
        return np.bincount(self.label[self.label != NO_PLANE], minlength=self.count)

    @property
    def is_occupied(self) -> NDArray[np.bool_]:
        """Whether each plane is occupied; shape (count,)."""
        return self.satellites >= OCCUPIED_FROM

    @property
    def is_certain(self) -> bool:
        """Whether planes were found, and at least half of them are occupied."""
        return bool(0 < self.count <= 2 * np.count_nonzero(self.is_occupied))

    def frame(self) -> pd.DataFrame:
        """Return one row per plane: `plane`, `raan_deg`, `satellites`, `is_occupied`."""
        return pd.DataFrame(
            {
                "plane": np.arange(self.count),
                "raan_deg": self.plane_raan_deg,
                "satellites": self.satellites,
                "is_occupied": self.is_occupied,
            }
        )


def find_planes(shell: ElementSets, at_utc: When | None = None) -> Planes:
    """Find the planes of a shell by the rule of this module; there may be none.

    Args:
        shell: one element set per satellite of a shell.
        at_utc: common instant of the nodes; by default the newest epoch.
    """
    at = shell.epoch_utc.max() if at_utc is None else instant(at_utc)
    raan = shell.raan_at_deg(at)
    fits = concentrations(raan)
    best = int(np.flatnonzero(fits >= fits.max() - _EQUAL_CONCENTRATION)[0]) + 1
    is_found = len(shell) >= LEAST_SATELLITES and fits[best - 1] >= LEAST_CONCENTRATION
    plane_raan = _plane_raan_deg(raan, best if is_found else 0)
    label = _nearest(raan, plane_raan)
    raw = concentrations(shell.raan_deg)[best - 1]
    return Planes(
        at_utc=at,
        count=len(plane_raan),
        raw_concentration=float(raw),
        concentration=float(fits[best - 1]),
        plane_raan_deg=plane_raan,
        raan_deg=raan,
        label=label,
        offset_deg=_offset(raan, plane_raan, label),
    )


def concentrations(raan_deg: Array) -> Array:
    """Return how well nodes fit 1, 2, … evenly spaced planes, 0 to 1; shape (MOST_PLANES,)."""
    turn = np.exp(1j * np.radians(raan_deg))
    turns = np.broadcast_to(turn, (MOST_PLANES, len(turn)))
    return np.asarray(np.abs(np.cumprod(turns, axis=0).mean(axis=1)))


def _plane_raan_deg(raan_deg: Array, count: int) -> Array:
    """Return the nodes of evenly spaced planes, with the mean phase of the satellites."""
    if count == 0:
        return np.empty(0)
    phase = np.angle(np.exp(1j * count * np.radians(raan_deg)).mean(), deg=True)
    return np.asarray((phase % 360 + 360 * np.arange(count)) / count)


def _nearest(raan_deg: Array, plane_raan_deg: Array) -> NDArray[np.int64]:
    count = len(plane_raan_deg)
    if count == 0:
        return np.full(len(raan_deg), NO_PLANE)
    slots = np.rint((raan_deg - plane_raan_deg[0]) * count / 360)
    return np.asarray(slots.astype(np.int64) % count)


def _offset(raan_deg: Array, plane_raan_deg: Array, label: NDArray[np.int64]) -> Array:
    if len(plane_raan_deg) == 0:
        return np.full(len(raan_deg), np.nan)
    return np.asarray((raan_deg - plane_raan_deg[label] + 180) % 360 - 180)
