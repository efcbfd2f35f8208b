"""Passes of satellites over a place: rise, culmination, set and visibility.

A pass belongs to the span of its culmination, even if it begins or ends outside. The method is that
of `spacex.orbits.ephemeris` and `spacex.orbits.culminations`. Large fleets are processed in parts,
to limit memory to some tens of megabytes plus the passes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.errors import DataError, SettingsError
from spacex.orbits.culminations import find_culminations
from spacex.orbits.earth import teme_km
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array, Instants
from spacex.orbits.ephemeris import STEP_S, Sight, ephemeris
from spacex.orbits.instants import When, after, bounds, seconds, seconds_since
from spacex.orbits.place import LookAngles, Place
from spacex.orbits.sun import is_dark_sky, is_sunlit, phase_angle_deg
from spacex.units import SECONDS_PER_DAY, counted

LEAST_REV_PER_DAY = 11.25
"""Limit of low orbits: a period of 128 minutes, or an altitude of about 2,000 km."""

MIN_ELEVATION_DEG = 10.0
"""Below this elevation, buildings, trees and haze block the view."""

_PART_SIZE = 150_000
"""Satellites times steps processed at once."""


@dataclass(frozen=True, eq=False)
class Passes:
    """The p passes over a place, in the order of their culminations.

    Attributes:
        norad_cat_id: catalogue numbers; shape (p,).
        at_utc: instants of rise, culmination and set; shape (p, 3).
        look: directions at these instants; arrays of shape (p, 3).
        is_sunlit: whether the satellite is in sunlight at culmination; shape (p,).
        is_dark_sky: whether the sky over the place is dark then; shape (p,).
        phase_angle_deg: angle at the satellite between the Sun and the place then; shape (p,).
        failures: one message per satellite for which SGP4 fails; its passes may be missing or cut
            short.
    """

    norad_cat_id: NDArray[np.int64]
    at_utc: Instants
    look: LookAngles
    is_sunlit: NDArray[np.bool_]
    is_dark_sky: NDArray[np.bool_]
    phase_angle_deg: Array
    failures: list[str]

    def __len__(self) -> int:
        return len(self.norad_cat_id)

    @property
    def is_visible(self) -> NDArray[np.bool_]:
        """Whether the satellite is sunlit in a dark sky at culmination; shape (p,)."""
        return self.is_sunlit & self.is_dark_sky

    def frame(self) -> pd.DataFrame:
        """Return one row per pass; instants have the time zone UTC."""
        return pd.DataFrame(
            {
                "norad_cat_id": self.norad_cat_id,
                "rise_utc": pd.DatetimeIndex(self.at_utc[:, 0], tz="UTC"),
                "rise_azimuth_deg": self.look.azimuth_deg[:, 0],
                "culmination_utc": pd.DatetimeIndex(self.at_utc[:, 1], tz="UTC"),
                "culmination_azimuth_deg": self.look.azimuth_deg[:, 1],
                "culmination_elevation_deg": self.look.elevation_deg[:, 1],
                "culmination_range_km": self.look.range_km[:, 1],
                "culmination_phase_angle_deg": self.phase_angle_deg,
                "set_utc": pd.DatetimeIndex(self.at_utc[:, 2], tz="UTC"),
                "set_azimuth_deg": self.look.azimuth_deg[:, 2],
                "is_sunlit": self.is_sunlit,
                "is_dark_sky": self.is_dark_sky,
                "is_visible": self.is_visible,
            }
        )


@dataclass(frozen=True, eq=False)
class _Part:
    """The passes of a part of the fleet, with the shapes of `Passes`."""

    norad_cat_id: NDArray[np.int64]
    elapsed_s: Array
    position_km: Array
    failures: list[str]


def find_passes(
    fleet: ElementSets,
    place: Place,
    start: When,
    end: When,
    min_elevation_deg: float = MIN_ELEVATION_DEG,
) -> Passes:
    """Return the passes of a fleet that culminate over a place in a span.

    Args:
        fleet: one or many satellites in low orbit.
        place: the observer.
        start: first instant, UTC.
        end: last instant, UTC.
        min_elevation_deg: geometric elevation of rise and set; lower passes are left out; from 0
            to below 90.

    Raises:
        SettingsError: the end is not after the start, or the elevation is out of range.
        DataError: the period of a satellite exceeds 128 minutes.
    """
    first, last = bounds(start, end)
    _require_elevation(min_elevation_deg)
    _require_low_orbits(fleet)
    lead_s = SECONDS_PER_DAY / float(fleet.mean_motion_rev_per_day.min()) / 4
    begin = first - seconds(lead_s)
    span_s = (lead_s, lead_s + float(seconds_since(first, np.asarray(last))))
    parts = [
        _part(some, place, begin, span_s, min_elevation_deg)
        for some in _split(fleet, span_s[1] + lead_s)
    ]
    return _joined(parts, place, begin)


def _part(
    some: ElementSets,
    place: Place,
    begin: np.datetime64,
    span_s: tuple[float, float],
    min_elevation_deg: float,
) -> _Part:
    lead_s = span_s[0]
    flight = ephemeris(some, begin, span_s[1] + lead_s, Sight(place, min_elevation_deg))
    found = find_culminations(flight, place, span_s, lead_s, min_elevation_deg)
    number = some.norad_cat_id[found.row]
    return _Part(number, found.elapsed_s, found.position_km, flight.failures)


def _joined(parts: list[_Part], place: Place, begin: np.datetime64) -> Passes:
    """Join the passes of all parts, with directions and visibility."""
    elapsed_s = np.concatenate([part.elapsed_s for part in parts])
    order = elapsed_s[:, 1].argsort(kind="stable")
    position = np.concatenate([part.position_km for part in parts])[order]
    at = after(begin, elapsed_s[order])
    is_lit, is_dark, phase_deg = _light(place, position[:, 1], at[:, 1])
    return Passes(
        norad_cat_id=np.concatenate([part.norad_cat_id for part in parts])[order],
        at_utc=at,
        look=place.look(position),
        is_sunlit=is_lit,
        is_dark_sky=is_dark,
        phase_angle_deg=phase_deg,
        failures=[failure for part in parts for failure in part.failures],
    )


def _light(
    place: Place, earth_fixed_km: Array, when: Instants
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], Array]:
    """Return whether satellites are sunlit, whether the sky is dark, and the phase angles."""
    if len(when) == 0:
        return np.zeros(0, np.bool_), np.zeros(0, np.bool_), np.zeros(0)
    is_lit = is_sunlit(teme_km(earth_fixed_km, when), when)
    return is_lit, is_dark_sky(place, when), phase_angle_deg(place, earth_fixed_km, when)


def _split(fleet: ElementSets, duration_s: float) -> Iterator[ElementSets]:
    size = max(1, int(_PART_SIZE * STEP_S / duration_s))
    for first in range(0, len(fleet), size):
        yield fleet.select(slice(first, first + size))


def _require_elevation(min_elevation_deg: float) -> None:
    is_number = isinstance(min_elevation_deg, int | float | np.number)
    if not (is_number and 0 <= min_elevation_deg < 90):
        raise SettingsError(
            f"The minimum elevation is {min_elevation_deg}°.", remedy="Give one from 0 to below 90."
        )


def _require_low_orbits(fleet: ElementSets) -> None:
    is_high = fleet.mean_motion_rev_per_day < LEAST_REV_PER_DAY
    if is_high.any():
        some = ", ".join(str(number) for number in fleet.norad_cat_id[is_high][:5])
        high = counted(np.count_nonzero(is_high), "satellite")
        raise DataError(
            f"The period is above 128 minutes for {high} (NORAD {some}).",
            remedy="Leave them out. Passes are computed for low orbits only.",
        )
