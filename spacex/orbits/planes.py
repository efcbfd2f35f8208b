"""Orbital planes of one shell, found in its ascending nodes.

1. All nodes are brought to one instant. At their own epochs they hide the planes: in a day the
   nodes of a 53° shell drift by 4.5°, nearly as far as from one plane to the next.
2. If the planes are k and evenly spaced, k times the node is the same angle for all satellites. So
   their concentration |mean exp(i k node)| is 1, and about 1/sqrt(n) for k that do not fit (the
   mean resultant length of Mardia and Jupp, Directional Statistics, section 2.3).
3. The number of planes is the k of the highest concentration. Multiples of k fit nearly as well, so
   the smallest is taken of those that fit equally well.
4. Where even the best fits badly, or there are fewer than 20 satellites, no planes are found: a
   shell that is being filled or left has none.

Planes are slots round the Earth, and some may be empty. While a shell has but a few planes, the
rule finds the fewest slots that these fit into.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array
from spacex.orbits.instants import When, instant
from spacex.orbits.shells import LEAST_SATELLITES

if TYPE_CHECKING:
    import pandas as pd

NO_PLANE = -1

MOST_PLANES = 144
LEAST_CONCENTRATION = 0.8
"""Below it planes are not told apart; n satellites reach it by chance with a probability below
144 exp(-0.64 n), which is 4e-4 for the 20 that are asked for."""

_EQUAL_CONCENTRATION = 1e-3
"""What rounding and single satellites may make of two numbers of planes that fit equally well."""


@dataclass(frozen=True, eq=False)
class Planes:
    """The planes of a shell of n satellites.

    Attributes:
        at_utc: the instant the nodes are of.
        count: number of planes, empty ones among them; 0 if none were found.
        raw_concentration: concentration of the nodes as they are at their own epochs.
        concentration: concentration of the nodes at one instant, of the same number of planes.
        plane_raan_deg: node of each plane, eastward from the first one past 0°; shape (count,).
        raan_deg: node of each satellite at that instant; shape (n,).
        label: the plane of each satellite, from 0, or NO_PLANE; shape (n,).
        offset_deg: how far its node is east of its plane's, NaN if there are none; shape (n,).
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
        """How many satellites each plane has; shape (count,)."""
        return np.bincount(self.label[self.label != NO_PLANE], minlength=self.count)

    def frame(self) -> "pd.DataFrame":
        """One row per plane: `plane`, `raan_deg`, `satellites`."""
        import pandas as pd  # noqa: PLC0415 - kept out of the import of this package

        return pd.DataFrame(
            {
                "plane": np.arange(self.count),
                "raan_deg": self.plane_raan_deg,
                "satellites": self.satellites,
            }
        )


def find_planes(shell: ElementSets, at_utc: When | None = None) -> Planes:
    """The planes of one shell, by the rule of this module; there may be none.

    Args:
        shell: the satellites of one shell, one element set each.
        at_utc: the instant nodes are brought to; if None, the newest epoch.

    Raises:
        SettingsError: the instant is missing, or there are several.
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


def concentrations(raan_deg: Array, most_planes: int = MOST_PLANES) -> Array:
    """How well nodes fit 1, 2, … evenly spaced planes, from 0 to 1; shape (most_planes,)."""
    turn = np.exp(1j * np.radians(raan_deg))
    turns = np.broadcast_to(turn, (most_planes, len(turn)))
    return np.asarray(np.abs(np.cumprod(turns, axis=0).mean(axis=1)))


def _plane_raan_deg(raan_deg: Array, count: int) -> Array:
    """Nodes of evenly spaced planes, as the satellites' nodes have them on average."""
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
