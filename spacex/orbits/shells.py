"""Shells: inclinations and altitudes that many satellites hold, found from the elements.

Shells are found rather than looked up, because filings describe plans.

1. Use only satellites that hold their altitude within 2 km per day.
2. Inclination bands are the densest windows of 0.04°, at least 0.05° apart.
3. Within a band, altitude modes are the densest windows of 5 km, at least 10 km apart.
4. The highest mode of a band is a shell. A lower one is a shell if it has at least 200 satellites,
   or at least 100 whose nodes, moved to one instant, occupy at least 15 sectors of 10°. This
   excludes launches that are parked during orbit raising: they are below the shell that they are
   raised to, and few at a time in a few planes. In the recorded fleets of 2021 to 2026, 164
   satellites were parked in 8 sectors, and 72 in 13; the smallest lower shell had 199 in 17.

A mode is judged by itself, so that no shell is lost because another one grows. Bands and modes have
at least 20 satellites. The rule is deterministic, and shells are ordered by inclination and
altitude.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array

NO_SHELL = -1

LEAST_SATELLITES = 20
STEADY_KM_PER_DAY = 2.0
"""More than the drag of a magnetic storm does to shells; less than the rate of orbit raising."""
SHELL_HALF_HEIGHT_KM = 5.0
"""Largest distance of a satellite from the altitude of its shell."""

_BAND_WIDTH_DEG = 0.04
_BAND_SEPARATION_DEG = 0.05
_BAND_REACH_DEG = 0.5
"""Largest distance of a satellite from its band; some are inserted at a lower inclination."""

_MODE_WIDTH_KM = 5.0
_MODE_SEPARATION_KM = 10.0
_SECTOR_DEG = 10.0
_LEAST_SECTORS = 15
_SPREAD_SATELLITES, _MANY_SATELLITES = 100, 200
"""Satellites of a lower shell, in many sectors and in any; parked launches have fewer."""


@dataclass(frozen=True, eq=False)
class Shells:
    """The shells of a fleet of n satellites.

    Attributes:
        inclination_deg: median inclination of each shell; shape (k,).
        altitude_km: median mean altitude of each shell; shape (k,).
        count: number of satellites in each shell; shape (k,).
        label: shell of each satellite, from 0, or NO_SHELL; shape (n,).
        band_altitude_km: altitude of the highest shell in the inclination band of each satellite,
            or NaN; shape (n,).
    """

    inclination_deg: Array
    altitude_km: Array
    count: NDArray[np.int64]
    label: NDArray[np.int64]
    band_altitude_km: Array

    def frame(self) -> pd.DataFrame:
        """Return one row per shell: `shell`, `inclination_deg`, `altitude_km`, `satellites`."""
        return pd.DataFrame(
            {
                "shell": self.names(),
                "inclination_deg": self.inclination_deg,
                "altitude_km": self.altitude_km,
                "satellites": self.count,
            }
        )

    def names(self) -> list[str]:
        """Return names such as `53.05° 547 km`, in the order of the labels."""
        pairs = zip(self.inclination_deg, self.altitude_km, strict=True)
        return [f"{inclination:.2f}° {altitude:.0f} km" for inclination, altitude in pairs]


def find_shells(fleet: ElementSets) -> Shells:
    """Find the shells of a fleet by the rule of this module; there may be none.

    Args:
        fleet: one element set per satellite (`ElementSets.newest`); n of them.
    """
    steady = np.abs(fleet.altitude_rate_km_per_day) <= STEADY_KM_PER_DAY
    bands = modes(fleet.inclination_deg[steady], _BAND_WIDTH_DEG, _BAND_SEPARATION_DEG)
    altitudes = _altitudes_by_band(fleet, bands, steady)
    bands = bands[[len(shells) > 0 for shells in altitudes]]  # bands without a shell
    altitudes = [shells for shells in altitudes if len(shells)]
    band = nearest(fleet.inclination_deg, bands, _BAND_REACH_DEG)
    return _summary(fleet, band, altitudes)


def modes(values: Array, width: float, separation: float) -> Array:
    """Return the medians of the densest windows, chosen by density, in ascending order.

    Args:
        values: shape (n,).
        width: width of the windows, which are centred on values.
        separation: minimum distance between the centres of windows.

    Returns:
        Shape (k,); windows with fewer than LEAST_SATELLITES values are left out.
    """
    ordered = np.sort(values)
    first = np.searchsorted(ordered, ordered - width / 2, "left")
    last = np.searchsorted(ordered, ordered + width / 2, "right")
    density = last - first
    found = []
    while density.max(initial=0) >= LEAST_SATELLITES:
        best = density.argmax()
        found.append(np.median(ordered[first[best] : last[best]]))
        density[np.abs(ordered - ordered[best]) < separation] = 0
    return np.sort(np.array(found, np.float64))


def nearest(values: Array, centres: Array, reach: float) -> NDArray[np.int64]:
    """Return the index of the nearest centre of each value, or NO_SHELL if none is in reach.

    Args:
        values: shape (n,).
        centres: shape (k,).
        reach: greatest distance of a value from its centre.
    """
    if len(centres) == 0:
        return np.full(len(values), NO_SHELL)
    distance = np.abs(values[:, None] - centres)
    return np.where(distance.min(axis=1) <= reach, distance.argmin(axis=1), NO_SHELL)


def _altitudes_by_band(fleet: ElementSets, bands: Array, steady: NDArray[np.bool_]) -> list[Array]:
    """Return the altitudes of the shells of each band."""
    band = nearest(fleet.inclination_deg, bands, _BAND_REACH_DEG)
    members = [steady & (band == number) for number in range(len(bands))]
    return [_shell_altitudes(fleet.select(inside)) for inside in members]


def _shell_altitudes(band: ElementSets) -> Array:
    """Return the altitudes of the modes of a band that are shells rather than parking orbits."""
    altitudes = modes(band.altitude_km, _MODE_WIDTH_KM, _MODE_SEPARATION_KM)
    mode = nearest(band.altitude_km, altitudes, SHELL_HALF_HEIGHT_KM)
    sectors = np.floor(band.raan_at_deg(band.epoch_utc.max()) / _SECTOR_DEG)
    members = [mode == number for number in range(len(altitudes))]
    counts = [(np.count_nonzero(each), len(np.unique(sectors[each]))) for each in members]
    is_shell = [
        count >= _MANY_SATELLITES or (count >= _SPREAD_SATELLITES and spread >= _LEAST_SECTORS)
        for count, spread in counts
    ]
    is_shell[-1:] = [True] * len(is_shell[-1:])  # the highest
    return altitudes[np.array(is_shell, np.bool_)]


def _summary(fleet: ElementSets, band: NDArray[np.int64], altitudes: list[Array]) -> Shells:
    label = np.full(len(fleet), NO_SHELL)
    top = np.full(len(fleet), np.nan)
    members: list[NDArray[np.bool_]] = []
    for number, shells in enumerate(altitudes):
        top[band == number] = shells.max()
        for altitude in shells:
            inside = (band == number) & (
                np.abs(fleet.altitude_km - altitude) <= SHELL_HALF_HEIGHT_KM
            )
            label[inside] = len(members)
            members.append(inside)
    return Shells(
        inclination_deg=np.array([np.median(fleet.inclination_deg[inside]) for inside in members]),
        altitude_km=np.array([np.median(fleet.altitude_km[inside]) for inside in members]),
        count=np.array([np.count_nonzero(inside) for inside in members], np.int64),
        label=label,
        band_altitude_km=top,
    )
