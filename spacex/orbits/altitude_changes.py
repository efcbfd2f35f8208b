"""Changes of the orbit in the history of the mean altitude: manoeuvres, and the ends of a phase.

The element sets of a satellite are thinned to the first in each quarter of a day. A satellite that
keeps its altitude has changed it after a set if the AFTER sets that follow lie beyond the median of
the BEFORE sets until then: their median by more than STEP_KM, and each of them by half of that. The
same must hold once the common trend of both groups is taken away, which is the median of the slopes
between their sets (Theil, 1950; Sen, Journal of the American Statistical Association 63, 1968,
1379). Single sets that are off, and steady trends, therefore change nothing.

The slope of the AFTER sets tells what has begun: a climb, a descent, or, if the altitude is kept
again, a single manoeuvre. A climb or descent ends with the first AFTER sets whose slope is at most
KEPT_KM_PER_DAY, or has the other sign. A satellite that sinks too slowly for a step no longer keeps
its altitude if it has lost DRIFT_KM in DRIFT_DAYS, in both halves of them and without rising.

A change is known with the last of the AFTER sets, and depends on no later one: what is found in the
element sets of until a date is what was found on that date.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spacex.orbits.elements import Array, Instants
from spacex.orbits.status import HOLDING_KM_PER_DAY

STEP_KM = 0.12
"""Least step. The noise of the axis is 0.01 to 0.03 km, with excursions of days to 0.1 km."""
CERTAIN_KM = 0.25
"""A change by more than this is certain: none such was found where there was none."""
TREND_SHARE = 0.5
"""The least step, as a share of what the trend changes between the two groups."""
BEFORE, AFTER = 4, 3
LONGEST_BEFORE_DAYS, LONGEST_AFTER_DAYS = 7.0, 5.0
"""Longest time that the BEFORE sets span, and from the last of them to the last AFTER set."""
KEPT_KM_PER_DAY = HOLDING_KM_PER_DAY / 2
"""A climb or descent has ended at this rate; it begins at HOLDING_KM_PER_DAY."""
FLOORS_KM = (0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0)
FOUND_SHARE = 0.95
DRIFT_DAYS, DRIFT_KM, RISE_KM = 14.0, 0.5, 0.1
LEAST_DRIFT_DAYS, LEAST_DRIFT_SETS = 10.0, 6

_THIN = np.timedelta64(6, "h")
_DAY = np.timedelta64(1, "D")
_ORIGIN = np.datetime64("2000-01-01", "us")
_LEAST_APART_DAYS = 0.2
_MISSED_KM = 1.0
"""Altitude gained or lost in four sets that shows a climb or descent whose start was missed."""


class Change(StrEnum):
    """What happened to the altitude."""

    RAISED = "raised"
    LOWERED = "lowered"
    CLIMBS = "began to climb"
    SINKS = "began to sink"
    HOLDS = "keeps its altitude"
    DRIFTS = "no longer keeps its altitude"


MANOEUVRES = frozenset({Change.RAISED, Change.LOWERED})
_OF_RATE = {0: Change.HOLDS, 1: Change.CLIMBS, -1: Change.SINKS}


class AltitudeChange(NamedTuple):
    """One change in the altitude of one satellite.

    Attributes:
        norad_cat_id: the catalogue number.
        kind: what happened.
        after_utc: epoch of the last element set before it.
        until_utc: epoch of the first element set after it.
        known_utc: epoch of the element set by which it is known.
        altitude_km: mean altitude before it.
        change_km: by how much the altitude had changed in the first sets after it.
        rate_km_per_day: how fast the altitude changed then.
    """

    norad_cat_id: int
    kind: Change
    after_utc: np.datetime64
    until_utc: np.datetime64
    known_utc: np.datetime64
    altitude_km: float
    change_km: float
    rate_km_per_day: float

    @property
    def is_certain(self) -> bool:
        """Whether the altitude changed by more than CERTAIN_KM."""
        return abs(self.change_km) >= CERTAIN_KM


@dataclass(frozen=True, eq=False)
class Altitudes:
    """The thinned histories of the altitudes of some satellites.

    Attributes:
        norad_cat_id: catalogue numbers, ascending; all arrays have shape (n,).
        epoch_utc: epochs, ascending for each satellite.
        altitude_km: mean altitudes.
    """

    norad_cat_id: NDArray[np.int64]
    epoch_utc: Instants
    altitude_km: Array

    @classmethod
    def of(
        cls, norad_cat_id: NDArray[np.int64], epoch_utc: Instants, altitude_km: Array
    ) -> "Altitudes":
        """Return the thinned histories of element sets in any order.

        Args:
            norad_cat_id: catalogue numbers; shape (m,).
            epoch_utc: epochs; shape (m,).
            altitude_km: mean altitudes; shape (m,).
        """
        order = np.lexsort((epoch_utc, norad_cat_id))
        number, epoch = norad_cat_id[order], epoch_utc[order].astype("M8[us]")
        quarter = epoch.astype(np.int64) // _THIN.astype("m8[us]").astype(np.int64)
        is_first = (np.diff(number) != 0) | (np.diff(quarter) != 0)
        kept = np.append(np.ones(min(len(number), 1), bool), is_first)
        return cls(number[kept], epoch[kept], altitude_km[order][kept])

    @cached_property
    def days(self) -> Array:
        """Epochs in days since 2000, whatever other sets there are."""
        return np.asarray((self.epoch_utc - _ORIGIN) / _DAY)


@dataclass(frozen=True, eq=False)
class Steps:
    """The test of each set that has BEFORE sets before it, and AFTER - 1 after it, near enough.

    Attributes:
        row: rows of the sets in the histories; all arrays have shape (k,).
        gap_days: time from the set before.
        step_km: the step, or what is left of it without the trend, if that is less.
        is_step: whether the altitude has changed there, of a satellite that kept it.
    """

    row: NDArray[np.intp]
    gap_days: Array
    step_km: Array
    is_step: NDArray[np.bool_]


def find_steps(of: Altitudes, put_km: float = 0.0) -> Steps:
    """Test each set of the histories for a change after the set before it.

    Args:
        of: the histories.
        put_km: a step that is put in at each set, when that set is tested.
    """
    number, days, altitude = of.norad_cat_id, of.days, of.altitude_km
    row = np.arange(BEFORE, len(number) - AFTER + 1)
    last, previous = row + AFTER - 1, row - 1
    row = row[
        (number[row - BEFORE] == number[last])
        & (days[previous] - days[row - BEFORE] <= LONGEST_BEFORE_DAYS)
        & (days[last] - days[previous] <= LONGEST_AFTER_DAYS)
    ]
    before, after = row[:, None] + np.arange(-BEFORE, 0), row[:, None] + np.arange(AFTER)
    is_before, is_after = altitude[before], altitude[after] + put_km
    slopes = np.hstack((_slopes(days[before], is_before), _slopes(days[after], is_after)))
    trend = np.median(slopes, axis=1)[:, None]
    middle = (days[row] + days[row - 1])[:, None] / 2
    raw = is_after - np.median(is_before, axis=1)[:, None]
    level = np.median(is_before - trend * (days[before] - middle), axis=1)[:, None]
    less_trend = is_after - trend * (days[after] - middle) - level
    sign = np.sign(np.median(raw, axis=1))[:, None]
    both = np.stack((raw, less_trend)) * sign
    step = np.median(both, axis=2).min(axis=0)
    apart = np.median(days[after], axis=1) - np.median(days[before], axis=1)
    least = np.maximum(STEP_KM, TREND_SHARE * np.abs(trend[:, 0]) * apart)
    is_step = (step > least) & (both.min(axis=(0, 2)) > least / 2)
    return Steps(row, days[row] - days[row - 1], step * sign[:, 0], is_step)


class Floor(NamedTuple):
    """The least step that is found in some histories.

    Attributes:
        step_km: the least of FLOORS_KM of which FOUND_SHARE are found, put in at each set that can
            be tested, up and down; NaN if no set can be, or no such share is found.
        tested: the number of these sets.
    """

    step_km: float
    tested: int


def floor(of: Altitudes) -> Floor:
    """Return the least step that is found, which depends on the noise and the time between sets."""
    tested = len(find_steps(of).row)
    for step in FLOORS_KM if tested else ():
        found = [find_steps(of, put).is_step.mean() for put in (step, -step)]
        if sum(found) / 2 >= FOUND_SHARE:
            return Floor(step, tested)
    return Floor(float("nan"), tested)


def altitude_changes(of: Altitudes) -> list[AltitudeChange]:
    """Return the changes of each satellite in order of time."""
    of = _moved(of)
    if len(of.norad_cat_id) < AFTER:
        return []
    steps = find_steps(of)
    step_km = np.zeros(len(of.norad_cat_id))
    step_km[steps.row[steps.is_step]] = steps.step_km[steps.is_step]
    rate = _rates(of)
    starts, span = _spans(of)
    ends = np.append(starts[1:], len(of.norad_cat_id))
    may_change = np.logical_or.reduceat(step_km != 0, starts) | (span >= DRIFT_KM)
    return [
        change
        for start, end in zip(starts[may_change], ends[may_change], strict=True)
        for change in _History(of, step_km, rate, int(start), int(end)).changes()
    ]


def _spans(of: Altitudes) -> tuple[NDArray[np.intp], Array]:
    """Return the first row of each satellite, and the range of its altitudes."""
    starts = np.flatnonzero(np.append(True, np.diff(of.norad_cat_id) != 0))
    low, high = (each.reduceat(of.altitude_km, starts) for each in (np.minimum, np.maximum))
    return starts, np.asarray(high - low)


def _moved(of: Altitudes) -> Altitudes:
    """Return the satellites whose altitude has a range that a change needs."""
    if not len(of.norad_cat_id):
        return of
    starts, span = _spans(of)
    lengths = np.diff(np.append(starts, len(of.norad_cat_id)))
    has_moved = np.repeat(span > STEP_KM, lengths)
    return Altitudes(of.norad_cat_id[has_moved], of.epoch_utc[has_moved], of.altitude_km[has_moved])


def _slopes(days: Array, altitude: Array) -> Array:
    """Return the slopes between all pairs of the sets in each row."""
    i, k = np.triu_indices(days.shape[1], 1)
    apart = np.maximum(days[:, k] - days[:, i], _LEAST_APART_DAYS)
    return np.asarray((altitude[:, k] - altitude[:, i]) / apart)


def _rates(of: Altitudes) -> Array:
    """Return the median slope of each set and the AFTER - 1 after it; NaN if they are far apart."""
    number, days = of.norad_cat_id, of.days
    rate = np.full(len(number), np.nan)
    row = np.arange(len(number) - AFTER + 1)
    last = row + AFTER - 1
    row = row[(number[row] == number[last]) & (days[last] - days[row] <= LONGEST_AFTER_DAYS)]
    sets = row[:, None] + np.arange(AFTER)
    rate[row] = np.median(_slopes(days[sets], of.altitude_km[sets]), axis=1)
    return rate


@dataclass(frozen=True, eq=False)
class _History:
    """The sets of one satellite: rows from start to before end."""

    of: Altitudes
    step_km: Array
    rate: Array
    start: int
    end: int

    def changes(self) -> Iterator[AltitudeChange]:
        """Yield the changes, as each set makes them known."""
        phase, since, begin, drifts = 0, self.start, -1, False
        for row in range(self.start, self.end - AFTER + 1):
            if np.isnan(self.rate[row]):
                begin = -1
                continue
            if begin < 0:  # the first sets, or those after a pause
                phase, since, begin, drifts = self._begun(row), row, row, False
                continue
            known = row + AFTER - 1
            if kind := self._change_at(row, phase, since):
                yield self._change(kind, row - 1, row, known)
                phase, since, drifts = _PHASE[kind], row, False
            elif phase == 0 and not drifts and (onset := self._drift(known, since)):
                drifts = True
                if onset[0] > begin:  # else it sank from the first set on
                    after, until = onset
                    is_lowered = after == since and since > begin
                    yield self._change(Change.DRIFTS, after - is_lowered, until, known)

    def _change_at(self, row: int, phase: int, since: int) -> Change | None:
        """Return what the AFTER sets from a row on make known to have changed before them.

        Args:
            row: the row.
            phase: 1 if the satellite climbed until then, -1 if it sank, 0 if it kept its altitude.
            since: the first row of this phase.
        """
        begun = self._begun(row)
        if phase:
            has_ended = abs(self.rate[row]) <= KEPT_KM_PER_DAY or begun == -phase
            return _OF_RATE[begun] if has_ended else None
        if self.step_km[row] and row - BEFORE >= since:
            of_step = Change.RAISED if self.step_km[row] > 0 else Change.LOWERED
            return _OF_RATE[begun] if begun else of_step
        if begun and row - since >= AFTER - 1 and self._was_missed(row, since):
            return _OF_RATE[begun]
        return None

    def _was_missed(self, row: int, since: int) -> bool:
        """Return whether the satellite has climbed or sunk for some time, faster than at first."""
        moves = {self._begun(each) for each in range(row - AFTER + 1, row + 1)}
        moved = self.of.altitude_km[row + AFTER - 1] - self.of.altitude_km[row - 1]
        is_faster = abs(self.rate[row] - self.rate[since]) > HOLDING_KM_PER_DAY
        return len(moves) == 1 and is_faster and abs(moved) > _MISSED_KM

    def _begun(self, row: int) -> int:
        """Return 1 if it climbs in the AFTER sets from a row on, -1 if it sinks, 0 if neither."""
        moved = self.of.altitude_km[row + AFTER - 1] - self.of.altitude_km[row]
        moves = abs(self.rate[row]) > HOLDING_KM_PER_DAY and abs(moved) > 2 * STEP_KM
        return int(np.sign(moved)) if moves else 0

    def _drift(self, newest: int, since: int) -> tuple[int, int] | None:
        """Return the rows between which a satellite began to sink slowly; None if it does not.

        Args:
            newest: the row of the newest set.
            since: the first row of the phase.
        """
        days, altitude = self.of.days, self.of.altitude_km
        since += int(np.searchsorted(days[since:newest], days[newest] - DRIFT_DAYS))
        span = days[newest] - days[since]
        inside = altitude[since : newest + 1]
        if len(inside) < LEAST_DRIFT_SETS or span < LEAST_DRIFT_DAYS:
            return None
        half = int(np.searchsorted(days[since : newest + 1], days[since] + span / 2))
        is_steady = min(inside[0] - inside[half], inside[half] - inside[-1]) > DRIFT_KM / 4
        if inside[0] - inside[-1] < DRIFT_KM or not is_steady or np.diff(inside).max() > RISE_KM:
            return None
        kept = np.flatnonzero(inside > inside[0] - STEP_KM)[-1]
        return since, since + int(kept) + 1

    def _change(self, kind: Change, after: int, until: int, known: int) -> AltitudeChange:
        epoch, altitude = self.of.epoch_utc, self.of.altitude_km
        before = altitude[max(self.start, until - BEFORE) : until]
        is_level = kind in {Change.HOLDS, Change.DRIFTS}
        level = float(altitude[after] if is_level else np.median(before))
        change = self.step_km[until] if kind in MANOEUVRES else altitude[known] - level
        return AltitudeChange(
            norad_cat_id=int(self.of.norad_cat_id[until]),
            kind=kind,
            after_utc=epoch[after],
            until_utc=epoch[until],
            known_utc=epoch[known],
            altitude_km=level,
            change_km=float(change),
            rate_km_per_day=float(self.rate[known - AFTER + 1]),
        )


_PHASE = {kind: phase for phase, kind in _OF_RATE.items()} | dict.fromkeys(
    (*MANOEUVRES, Change.DRIFTS), 0
)
