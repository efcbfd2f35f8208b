"""Apparent visual magnitudes of Starlink satellites, by design, distance and phase angle.

The magnitude is V = 5 log10(d / 1000 km) + p(φ) + c.

- p(φ) = 2.630 + 0.1065 φ - 0.0005167 φ², φ in degrees, is the magnitude of a V2 mini at 1,000 km
  while its brightness is mitigated (Mallama et al. 2023, arXiv:2306.06657, figure 5). Beyond the
  phase angles of `PHASE_RANGE_DEG` the value at its end is taken.
- c is the difference of a design. Of the first generation it follows from the characteristic
  magnitude, that of a satellite overhead at 550 km at the end of astronomical twilight, where
  φ = 72° (Mallama and Respler 2022, arXiv:2210.17268). Direct to cell differs by the means at
  1,000 km, 6.47 and 7.87 (Mallama et al. 2025, arXiv:2502.03651).
- A V2 mini that is being raised is a factor of 12 brighter: its brightness is not mitigated yet
  (arXiv:2306.06657).

The published scatter is about 1 magnitude. No value is published of other satellites, nor of those
that are raised or lowered, but for the V2 mini: their magnitude is unknown. V2 mini optimized
counts as one. Extinction is left out, as in published magnitudes, which compare with stars nearby.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from spacex.orbits.elements import Array
from spacex.orbits.status import Status

UNCERTAINTY_MAG = 1.0
DARK_PLACE_MAG, TOWN_MAG = 6.5, 4.0
"""The faintest magnitudes that the naked eye sees in a dark place, and in a town."""

PHASE_RANGE_DEG = (30.0, 150.0)
VISORS_SINCE = date(2020, 8, 1)
"""All satellites of version v1.0 that were launched later have a visor; one before it had."""

_STANDARD_KM = 1000.0
_PHASE = (2.630, 0.1065, -0.0005167)
_CHARACTERISTIC_KM, _CHARACTERISTIC_PHASE_DEG = 550.0, 72.0
_UNMITIGATED_FACTOR = 12.0
_MINI = ("V2 mini", "V2 mini optimized")


def apparent_magnitude(difference_mag: Array, range_km: Array, phase_angle_deg: Array) -> Array:
    """Return apparent magnitudes.

    Args:
        difference_mag: of the designs, from `design_difference_mag`.
        range_km: distances of the satellites.
        phase_angle_deg: angles at the satellites between the Sun and the observer.

    Returns:
        Magnitudes, ± `UNCERTAINTY_MAG`; NaN if unknown.
    """
    distance = 5 * np.log10(np.asarray(range_km) / _STANDARD_KM)
    return np.asarray(distance + _phase_mag(phase_angle_deg) + difference_mag)


def design_difference_mag(
    version: Sequence[str | None], launch_date: Sequence[str | None], status: Sequence[str | None]
) -> Array:
    """Return by how many magnitudes satellites differ from a V2 mini in operation.

    Args:
        version: their versions.
        launch_date: their launch dates, ISO 8601, which tell whether a v1.0 has a visor.
        status: their orbit statuses.

    Returns:
        Shape (n,); NaN if their magnitude is unknown.
    """
    rows = zip(version, launch_date, status, strict=True)
    return np.array([_difference_mag(*row) for row in rows], np.float64)


def _difference_mag(version: str | None, launch_date: str | None, status: str | None) -> float:
    if status == Status.RAISING and version in _MINI:
        return float(-2.5 * np.log10(_UNMITIGATED_FACTOR))
    if status != Status.OPERATIONAL or not isinstance(version, str):
        return np.nan
    if version != "v1.0":
        return _DIFFERENCE_MAG.get(version, np.nan)
    if not isinstance(launch_date, str):
        return np.nan
    has_visor = launch_date[:10] >= VISORS_SINCE.isoformat()
    return _characteristic(6.2 if has_visor else 4.7)


def _phase_mag(phase_angle_deg: Array | float) -> Array:
    phase = np.clip(phase_angle_deg, *PHASE_RANGE_DEG)
    return np.asarray(np.polynomial.polynomial.polyval(phase, _PHASE))


def _characteristic(magnitude: float) -> float:
    """Return the difference of a design with a characteristic magnitude."""
    distance = 5 * np.log10(_CHARACTERISTIC_KM / _STANDARD_KM)
    return float(magnitude - distance - _phase_mag(_CHARACTERISTIC_PHASE_DEG))


_DIFFERENCE_MAG = {
    **dict.fromkeys(_MINI, 0.0),
    "V2 mini direct to cell": 6.47 - 7.87,
    "v0.9": _characteristic(4.7),
    "v1.5": _characteristic(5.5),
}
"""By version, in operation; that of v1.0 depends on the launch date."""
