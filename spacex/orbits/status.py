"""What each satellite of a fleet is doing, told from its elements, its shell and the catalogue.

The first line that holds is the status:

1. `decayed`: the catalogue says that it has re-entered.
2. `stale`: its elements are more than 7 days older than the newest of the fleet. Those of a tracked
   satellite are renewed daily, so it is about to re-enter, lost, or gone unnoticed.
3. `decaying`: below 300 km and sinking, where drag takes it within weeks. A launch that has not
   begun to climb looks the same for a few days.
4. `operational`: in a shell of its inclination band and steady, or holding its altitude above all
   of them. Where a band has no shell, holding is enough.
5. `raising`: climbing.
6. `lowering`: sinking faster than shells do in a magnetic storm.
7. What is left holds its altitude below its shell, or sinks slowly. New satellites do so while they
   wait for their plane to drift into place, and old ones once they have left it: `raising` within
   240 days of launch, `lowering` after. If the launch date is not known, `raising` if it holds and
   `lowering` if it sinks.

Altitudes are mean ones; climbing, holding and sinking are told from the rate in the elements. The
240 days are twice what most take: on 2022-11-07 nine in ten of the satellites launched three to
four months before were in their shells, and hardly any of those of the last two.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from spacex.errors import DataError
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Instants
from spacex.orbits.shells import NO_SHELL, STEADY_KM_PER_DAY, Shells

STALE_AFTER_DAYS = 7.0
DECAYING_BELOW_KM = 300.0
HOLDING_KM_PER_DAY = 0.5
"""Rates within it are those of satellites that hold their altitude, or of the noise of fits."""
RAISING_FOR_DAYS = 240.0

_DAY = np.timedelta64(1, "D")


class Status(StrEnum):
    """What a satellite is doing; the rule is that of the module."""

    RAISING = "raising"
    OPERATIONAL = "operational"
    LOWERING = "lowering"
    DECAYING = "decaying"
    DECAYED = "decayed"
    STALE = "stale"


def find_status(
    fleet: ElementSets,
    shells: Shells,
    is_decayed: NDArray[np.bool_] | None = None,
    launch_date: Instants | None = None,
    stale_after_days: float = STALE_AFTER_DAYS,
) -> NDArray[np.str_]:
    """The status of each satellite, by the rule of this module.

    Args:
        fleet: one element set per satellite, n of them.
        shells: the shells of this fleet, from `find_shells`.
        is_decayed: whether the catalogue says that it has re-entered; shape (n,). If None, none
            has.
        launch_date: day of launch, NaT where not known; shape (n,). If None, none is known.
        stale_after_days: how far behind the newest epoch elements may be.

    Returns:
        Values of `Status`; shape (n,).

    Raises:
        DataError: the arguments differ in length.
    """
    decayed = np.zeros(len(fleet), np.bool_) if is_decayed is None else is_decayed
    launch = np.full(len(fleet), "NaT", "datetime64[D]") if launch_date is None else launch_date
    _require_length(len(fleet), shells=shells.label, is_decayed=decayed, launch_date=launch)
    rate = fleet.altitude_rate_km_per_day
    is_sinking = rate < -HOLDING_KM_PER_DAY
    is_new = np.where(np.isnat(launch), ~is_sinking, _is_young(fleet, launch))
    rule: list[tuple[Status, NDArray[np.bool_]]] = [
        (Status.DECAYED, decayed),
        (Status.STALE, _age_days(fleet, fleet.epoch_utc[~decayed]) > stale_after_days),
        (Status.DECAYING, is_sinking & (fleet.altitude_km < DECAYING_BELOW_KM)),
        (Status.OPERATIONAL, _is_in_place(fleet, shells)),
        (Status.RAISING, rate > HOLDING_KM_PER_DAY),
        (Status.LOWERING, rate < -STEADY_KM_PER_DAY),
        (Status.RAISING, is_new),
    ]
    held = np.stack([holds for _, holds in rule])
    found = np.where(held.any(axis=0), held.argmax(axis=0), len(rule))
    return np.array([status for status, _ in rule] + [Status.LOWERING], np.str_)[found]


def _is_in_place(fleet: ElementSets, shells: Shells) -> NDArray[np.bool_]:
    """Whether satellites keep to a shell, or hold where none of their band is higher."""
    speed = np.abs(fleet.altitude_rate_km_per_day)
    in_shell = (shells.label != NO_SHELL) & (speed <= STEADY_KM_PER_DAY)
    is_below = fleet.altitude_km < shells.band_altitude_km  # of no band: never below
    return np.asarray(in_shell | (~is_below & (speed <= HOLDING_KM_PER_DAY)))


def _is_young(fleet: ElementSets, launch_date: Instants) -> NDArray[np.bool_]:
    """Whether satellites were launched so lately that they may still be on their way up."""
    return np.asarray((fleet.epoch_utc - launch_date) / _DAY <= RAISING_FOR_DAYS)


def _age_days(fleet: ElementSets, epochs: Instants) -> NDArray[np.float64]:
    """How far each element set is behind the newest of these epochs, days."""
    newest = epochs.max(initial=fleet.epoch_utc.min())
    return np.asarray((newest - fleet.epoch_utc) / _DAY)


def _require_length(length: int, **arrays: NDArray[np.generic]) -> None:
    lengths = {name: len(array) for name, array in arrays.items() if len(array) != length}
    if lengths:
        raise DataError(
            f"There are {length} element sets, but {lengths}.",
            remedy="Give one value per element set, in the same order.",
        )
