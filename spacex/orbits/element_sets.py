"""Element sets of a fleet, validated on construction."""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from spacex.errors import DataError
from spacex.orbits import elements
from spacex.orbits.elements import Array, Instants
from spacex.units import EARTH_RADIUS_KM, counted

if TYPE_CHECKING:  # whoever passes a frame has imported pandas
    import pandas as pd

EPOCH_LEAD_DAYS = 3
"""Longest plausible time from a response to an epoch in it, d: operators publish orbits predicted
for the next day or two, and all other epochs are of the past."""

Index = NDArray[np.bool_] | NDArray[np.intp] | slice


@dataclass(frozen=True, eq=False)
class ElementSets:
    """SGP4 mean elements of n satellites, with the names of the table `starlink_elements`.

    Attributes:
        norad_cat_id: catalogue numbers, up to nine digits; all arrays have shape (n,).
        epoch_utc: epochs, in microseconds.
        mean_motion_rev_per_day: Kozai mean motion, rev/d.
        eccentricity: from 0 to below 1.
        inclination_deg: from 0 to 180.
        raan_deg: right ascension of the ascending node, true equator and mean equinox (TEME).
        arg_of_pericenter_deg: argument of perigee.
        mean_anomaly_deg: mean anomaly.
        bstar: drag term B*, 1/Earth radius; often zero or negative.
        mean_motion_dot: half the first derivative of the mean motion, rev/d².
        mean_motion_ddot: a sixth of the second derivative, rev/d³.

    Raises:
        DataError: there are no satellites, the columns differ in length, or a value is not finite
            or out of range.
    """

    norad_cat_id: NDArray[np.int64]
    epoch_utc: Instants
    mean_motion_rev_per_day: Array
    eccentricity: Array
    inclination_deg: Array
    raan_deg: Array
    arg_of_pericenter_deg: Array
    mean_anomaly_deg: Array
    bstar: Array
    mean_motion_dot: Array
    mean_motion_ddot: Array

    def __post_init__(self) -> None:
        if len(self) == 0:
            raise DataError("There are no orbital elements.", remedy="Load a fleet first.")
        lengths = {name: len(getattr(self, name)) for name in _NAMES}
        if len(set(lengths.values())) > 1:
            raise DataError(f"Columns of elements differ in length: {lengths}.")
        for name in _NAMES:
            self._reject(~np.isfinite(getattr(self, name)), f"{name} is missing or not finite")
        self._reject(self.mean_motion_rev_per_day <= 0, "mean_motion_rev_per_day is not positive")
        outside = (self.eccentricity < 0) | (self.eccentricity >= 1)
        self._reject(outside, "eccentricity is not from 0 to below 1")
        outside = (self.inclination_deg < 0) | (self.inclination_deg > 180)
        self._reject(outside, "inclination_deg is not from 0 to 180")

    def __len__(self) -> int:
        return len(self.norad_cat_id)

    @classmethod
    def from_frame(cls, frame: "pd.DataFrame") -> Self:
        """Read element sets from a frame with the columns of `starlink_elements`.

        Epochs may be ISO 8601 texts (UTC if without offset) or datetimes.

        Raises:
            DataError: a column is missing or has invalid values.
        """
        missing = [name for name in _NAMES if name not in getattr(frame, "columns", ())]
        if missing:
            raise DataError(
                f"Orbital elements lack {', '.join(missing)}.",
                remedy="Select these columns of starlink_elements too.",
            )
        return cls(**{name: _column(frame[name]) for name in _NAMES})

    def select(self, index: Index) -> Self:
        """Select element sets by a mask, indices or a slice, in that order.

        Raises:
            DataError: the selection is empty.
        """
        return type(self)(**{name: getattr(self, name)[index] for name in _NAMES})

    def newest(self) -> Self:
        """Return the newest element set of each satellite, by catalogue number."""
        order = np.lexsort((self.epoch_utc, self.norad_cat_id))
        is_last = np.append(np.diff(self.norad_cat_id[order]) != 0, True)
        return self.select(order[is_last])

    @cached_property
    def semi_major_axis_km(self) -> Array:
        """Semi-major axes, km; shape (n,)."""
        return elements.semi_major_axis_km(self.mean_motion_rev_per_day)

    @cached_property
    def altitude_km(self) -> Array:
        """Mean altitudes, km: semi-major axes less the equatorial radius; shape (n,)."""
        return self.semi_major_axis_km - EARTH_RADIUS_KM

    @cached_property
    def altitude_rate_km_per_day(self) -> Array:
        """Rates of the mean altitudes, km/d, positive when climbing; shape (n,)."""
        return elements.altitude_rate_km_per_day(self.mean_motion_rev_per_day, self.mean_motion_dot)

    def raan_at_deg(self, at_utc: np.datetime64) -> Array:
        """Return the right ascensions of the ascending node, deg, at one instant; shape (n,).

        The nodes precess by J2 to first order.
        """
        rate = elements.raan_rate_deg_per_day(
            self.semi_major_axis_km, self.eccentricity, self.inclination_deg
        )
        return elements.raan_at_deg(self.raan_deg, self.epoch_utc, at_utc, rate)

    def _reject(self, is_bad: NDArray[np.bool_], what: str) -> None:
        if is_bad.any():
            some = ", ".join(str(number) for number in self.norad_cat_id[is_bad][:5])
            raise DataError(
                f"{what} in {counted(np.count_nonzero(is_bad), 'element set')} (NORAD {some}).",
                remedy="Leave these satellites out, or correct their elements.",
            )


_NAMES = tuple(field.name for field in fields(ElementSets))


def _column(values: "pd.Series[Any]") -> NDArray[Any]:
    """Convert a column to its type."""
    try:
        if values.name == "epoch_utc":
            return _epochs(values)
        dtype = np.int64 if values.name == "norad_cat_id" else np.float64
        return values.to_numpy(dtype)
    except (TypeError, ValueError) as error:
        raise DataError(
            f"{values.name} has invalid values: {error}.",
            remedy="Read it as the table starlink_elements declares it.",
        ) from error


def _epochs(values: "pd.Series[Any]") -> Instants:
    import pandas as pd  # noqa: PLC0415 - kept out of the import of this package

    instants = pd.to_datetime(values, utc=True, format="ISO8601")
    return instants.dt.tz_localize(None).to_numpy("datetime64[us]")
