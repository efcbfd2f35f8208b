"""SGP4 propagation of many satellites at once, from mean elements.

The theory is that of Hoots and Roehrich (Spacetrack Report No. 3), as revised by Vallado, Crawford,
Hujsak and Kelso (AIAA 2006-6753) and implemented in the `sgp4` package. Element sets are fitted
with the constants of WGS 72, so propagation uses them as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sgp4.api import SGP4_ERRORS, WGS72, Satrec, SatrecArray

from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array, Instants
from spacex.orbits.instants import When, instant, instants, julian_date
from spacex.units import MINUTES_PER_DAY, counted

_SGP4_DAY_ZERO = np.datetime64("1949-12-31T00:00:00", "us")
_DAY = np.timedelta64(1, "D")
_NO_NUMBER = 0
"""Placeholder. SGP4 has no catalogue numbers above 339999; `ElementSets` keeps the true ones."""

AGE_LIMIT_DAYS = 7.0
"""Beyond this age, positions are hardly better than the plane."""

DISPLAY_LIMIT_DAYS = 14.0
"""Beyond this age of the newest element set, the fleet is not shown at the present."""


@dataclass(frozen=True, eq=False)
class States:
    """Positions and velocities of n satellites at m instants, or error codes.

    The frame is SGP4's TEME: true equator, mean equinox of date.

    Attributes:
        norad_cat_id: catalogue numbers; shape (n,).
        instants: UTC; shape (m,), or (n, 1) if each satellite has its own.
        position_km: shape (n, m, 3); NaN where `error` is not 0, and where none was asked for.
        velocity_km_s: shape (n, m, 3); NaN at the same places.
        error: SGP4's error code, 0 for none; shape (n, m). After a decay (code 6), later codes and
            positions are meaningless.
    """

    norad_cat_id: NDArray[np.int64]
    instants: Instants
    position_km: Array
    velocity_km_s: Array
    error: NDArray[np.uint8]

    def failures(self) -> list[str]:
        """Return one message per satellite with an error."""
        rows = np.flatnonzero(self.error.any(axis=1)).tolist()
        return [self._failure(row) for row in rows]

    def _failure(self, row: int) -> str:
        first = np.flatnonzero(self.error[row])[0]
        reason = SGP4_ERRORS[int(self.error[row, first])]
        when = np.broadcast_to(self.instants, self.error.shape)[row, first]
        text = np.datetime_as_string(when, "s")
        return f"NORAD {self.norad_cat_id[row]} has no position at {text}Z: {reason}."


class Propagator:
    """SGP4 initialised once for a fleet, which costs about as much as six instants.

    Attributes:
        elements: element sets of the fleet; n satellites.
    """

    def __init__(self, elements: ElementSets) -> None:
        self.elements = elements
        self._each = list(satrecs(elements))
        self._satellites = SatrecArray(self._each)

    def states(self, when: When) -> States:
        """Return the states of the fleet at m instants, before or after the epochs."""
        at = instants(when)
        return _states(self.elements, at, *self._satellites.sgp4(*julian_date(at)))

    def some_states(self, when: When, is_wanted: NDArray[np.bool_]) -> States:
        """Return the states of some satellites at some of m instants.

        Args:
            when: the instants.
            is_wanted: which of them for each satellite; shape (n, m).
        """
        at = instants(when)
        day, part = (each[is_wanted.nonzero()[1]] for each in julian_date(at))
        ends = is_wanted.sum(axis=1).cumsum()
        error = np.zeros(is_wanted.shape, np.uint8)
        position, velocity = (np.full((*is_wanted.shape, 3), np.nan) for _ in range(2))
        found = [
            self._each[row].sgp4_array(day[first:last], part[first:last])
            for row, (first, last) in enumerate(pairwise([0, *ends.tolist()]))
            if last > first
        ]
        if found:
            states = (np.concatenate(each) for each in zip(*found, strict=True))
            error[is_wanted], position[is_wanted], velocity[is_wanted] = states
        return _states(self.elements, at, error, position, velocity)


def propagate(elements: ElementSets, when: When) -> States:
    """Return the states of a fleet at m instants; for several calls, keep a `Propagator`."""
    return Propagator(elements).states(when)


def at_epoch(elements: ElementSets) -> States:
    """Return the states of satellites at their own epochs, where SGP4's error is lowest; m is 1."""
    now = [satellite.sgp4_tsince(0.0) for satellite in satrecs(elements)]
    error, position, velocity = (np.array(part)[:, None] for part in zip(*now, strict=True))
    at = elements.epoch_utc[:, None]
    return _states(elements, at, error.astype(np.uint8), position, velocity)


def satrecs(elements: ElementSets) -> Iterator[Satrec]:
    """Yield each satellite as a `Satrec`, without its catalogue number."""
    for row in _sgp4_rows(elements):
        satellite = Satrec()
        satellite.sgp4init(WGS72, "i", _NO_NUMBER, *row)
        yield satellite


def display_instant(epochs: Instants, now: When) -> np.datetime64:
    """Return the default instant to show a fleet, or one satellite of it, at.

    This is the present, unless the newest elements are older than DISPLAY_LIMIT_DAYS. Then it is
    the median epoch, to the minute. The newest epoch is unsuitable: a few epochs are hours in the
    future.

    Args:
        epochs: of the newest elements of all satellites in orbit, in any case.
        now: the present.
    """
    present = instant(now)
    if (present - epochs.max()) / _DAY <= DISPLAY_LIMIT_DAYS:
        return present
    middle = np.sort(epochs)[len(epochs) // 2]
    return instant(np.datetime64(middle, "m"))


def age_warning(elements: ElementSets, when: When) -> str:
    """Return a warning if elements are propagated more than AGE_LIMIT_DAYS from their epochs."""
    at = instants(when)
    age = np.maximum(at.max() - elements.epoch_utc, elements.epoch_utc - at.min()) / _DAY
    too_old = int(np.count_nonzero(age > AGE_LIMIT_DAYS))
    if not too_old:
        return ""
    is_before = at.min() < elements.epoch_utc[age > AGE_LIMIT_DAYS].min()
    needed = "Elements of before that instant are needed." if is_before else "Load newer elements."
    return (
        f"The elements of {too_old:,} of {counted(len(elements), 'satellite')} are more than "
        f"{AGE_LIMIT_DAYS:g} days away (at most {age.max():.1f} days): SGP4 errs by kilometres "
        f"more each day, and by far more after a manoeuvre. {needed}"
    )


def _states(
    elements: ElementSets, at: Instants, error: NDArray[np.uint8], position: Array, velocity: Array
) -> States:
    failed = error != 0
    if failed.any():  # SGP4 leaves meaningless numbers for some errors
        position[failed] = velocity[failed] = np.nan
    return States(elements.norad_cat_id, at, position, velocity, error)


def _sgp4_rows(elements: ElementSets) -> list[list[float]]:
    """Return each satellite's elements in the order and units of `sgp4init`.

    Units are days since 1949-12-31, rad, and powers of rad/min. The derivatives keep the factors
    1/2 and 1/6.
    """
    rad_per_min = 2 * np.pi / MINUTES_PER_DAY
    rows = np.column_stack(
        (
            (elements.epoch_utc - _SGP4_DAY_ZERO) / _DAY,
            elements.bstar,
            elements.mean_motion_dot * rad_per_min / MINUTES_PER_DAY,
            elements.mean_motion_ddot * rad_per_min / MINUTES_PER_DAY**2,
            elements.eccentricity,
            np.radians(elements.arg_of_pericenter_deg),
            np.radians(elements.inclination_deg),
            np.radians(elements.mean_anomaly_deg),
            elements.mean_motion_rev_per_day * rad_per_min,
            np.radians(elements.raan_deg),
        )
    )
    return list(rows.tolist())
