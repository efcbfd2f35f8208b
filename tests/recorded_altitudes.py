"""The recorded histories of altitudes that changes are looked for in, and changes put into them.

The satellites whose altitude stays within STILL_KM of its median are still: what is found in their
histories is false. A change that is put into one of them is to be found. Half of the satellites
were looked at when the rule was made; the others are held out.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.orbits.altitude_changes import (
    AltitudeChange,
    Altitudes,
    altitude_changes,
    find_steps,
)
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array
from tests.recorded_orbits import recorded_lists, recorded_pairs

STILL_KM = 0.2
SEED = 21
DAYS_PER_YEAR = 365.25


def recorded_altitudes(recorded: Path, period: str) -> Altitudes:
    """Return the histories of the element sets of April (pairs) or May 2026 (daily lists)."""
    if period == "May":
        return _of(recorded_lists(recorded)[0])
    first, later, _ = recorded_pairs(recorded)
    both = _of(first), _of(later)
    return Altitudes.of(
        np.concatenate([each.norad_cat_id for each in both]),
        np.concatenate([each.epoch_utc for each in both]),
        np.concatenate([each.altitude_km for each in both]),
    )


def _of(sets: ElementSets) -> Altitudes:
    return Altitudes.of(sets.norad_cat_id, sets.epoch_utc, sets.altitude_km)


def chosen(of: Altitudes, numbers: NDArray[np.int64]) -> Altitudes:
    """Return the histories of some satellites."""
    is_one = np.isin(of.norad_cat_id, numbers)
    return Altitudes(of.norad_cat_id[is_one], of.epoch_utc[is_one], of.altitude_km[is_one])


def still(of: Altitudes, *, held_out: bool) -> Altitudes:
    """Return the still satellites of either half."""
    altitude = pd.Series(of.altitude_km).groupby(of.norad_cat_id)
    off = np.abs(of.altitude_km - altitude.transform("median").to_numpy())
    greatest = pd.Series(off).groupby(of.norad_cat_id).max()
    numbers = np.unique(of.norad_cat_id)
    half = np.random.default_rng(SEED).choice(numbers, len(numbers) // 2, replace=False)
    is_one = (greatest < STILL_KM) & (np.isin(greatest.index, half) == held_out)
    return chosen(of, greatest.index[is_one].to_numpy())


class Found(NamedTuple):
    """What is found where nothing is, and where a change was put in.

    Attributes:
        years: satellite-years that were tested.
        false: changes found in still histories.
        put: the changes put in, one for each satellite that can be tested.
        found: those found at their set, or the set before or after it.
        exact: those found at their set.
        days_until_known: from the change until it is known, the median.
    """

    years: float
    false: int
    put: int
    found: int
    exact: int
    days_until_known: float


def find(of: Altitudes, change: Callable[[Array], Array]) -> Found:
    """Return what is found in still histories.

    Args:
        of: the histories.
        change: the change of the altitude, km, by the days since its instant, from 0 on.
    """
    steps = find_steps(of)
    years = float(steps.gap_days.sum()) / DAYS_PER_YEAR
    random = np.random.default_rng(SEED)
    by_number = pd.Series(steps.row).groupby(of.norad_cat_id[steps.row])
    put = by_number.agg(lambda rows: int(random.choice(rows.to_numpy())))
    altitude, days = of.altitude_km.copy(), of.days
    for number, row in put.items():
        later = slice(row, np.searchsorted(of.norad_cat_id, number, "right"))
        start = (days[row - 1] + days[row]) / 2
        sign = random.choice([-1, 1])
        altitude[later] += sign * change(days[later] - start)
    changed = Altitudes(of.norad_cat_id, of.epoch_utc, altitude)
    rows = {
        (int(n), t): row
        for row, (n, t) in enumerate(zip(of.norad_cat_id, of.epoch_utc, strict=True))
    }
    off: dict[int, tuple[int, float]] = {}
    for each in altitude_changes(changed):
        row = put.get(each.norad_cat_id)
        if row is None:
            continue
        apart = rows[each.norad_cat_id, each.until_utc] - int(row)
        lag = (each.known_utc - of.epoch_utc[row]) / np.timedelta64(1, "D")
        if abs(apart) <= 1 and abs(apart) < abs(off.get(each.norad_cat_id, (2, 0))[0]):
            off[each.norad_cat_id] = apart, float(lag)
    return Found(
        years=years,
        false=len(altitude_changes(of)),
        put=len(put),
        found=len(off),
        exact=sum(apart == 0 for apart, _ in off.values()),
        days_until_known=float(np.median([lag for _, lag in off.values()] or [np.nan])),
    )


def as_known(found: list[AltitudeChange], until_utc: np.datetime64) -> list[AltitudeChange]:
    """Return the changes that were known at an instant."""
    return [each for each in found if each.known_utc <= until_utc]
