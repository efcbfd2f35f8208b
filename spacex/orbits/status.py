"""Classify each satellite's orbit from its elements, its shell and the catalogue.

`RULES` gives the rule of each status in the order of evaluation; the first match applies. Altitudes
are mean altitudes; climbing and sinking follow from the altitude rate in the elements.

- `decaying`: a launch that has not begun to climb matches for a few days.
- `operational`: in an inclination band without shells, holding the altitude is enough.
- `lowering`: also a new satellite that sinks faster than shells do in a magnetic storm.
- The rest hold their altitude below their shell, or sink slowly. New satellites do so while their
  plane drifts into place, old ones after leaving the shell. If the launch date is unknown, holding
  counts as `raising` and sinking as `lowering`.
- The age limit of `raising` is twice what most satellites take: on 2022-11-07, nine in ten of
  those launched three to four months before were in their shells.
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
"""Rates within it mean that the altitude is held; they include the noise of the fits."""
RAISING_FOR_DAYS = 240.0

_DAY = np.timedelta64(1, "D")


class Status(StrEnum):
    """What a satellite is doing, by `RULES`."""

    RAISING = "raising"
    OPERATIONAL = "operational"
    LOWERING = "lowering"
    DECAYING = "decaying"
    DECAYED = "decayed"
    STALE = "stale"


RULES: dict[str, str] = {
    Status.DECAYED: "The catalogue records its re-entry.",
    Status.STALE: f"Its elements are more than {STALE_AFTER_DAYS:.0f} days older than the newest "
    "of the fleet: it is about to re-enter, lost, or has re-entered unnoticed.",
    Status.DECAYING: f"Below {DECAYING_BELOW_KM:.0f} km and sinking: drag ends its orbit within "
    "weeks.",
    Status.OPERATIONAL: "Steady in a shell, or holding its altitude above all shells of its "
    "inclination.",
    Status.RAISING: "Climbing, or holding its altitude below its shell within "
    f"{RAISING_FOR_DAYS:.0f} days of launch.",
    Status.LOWERING: "Sinking, or still below its shell after that time.",
}
"""The rule of each status, in the order of evaluation; the first match applies."""


def find_status(
    fleet: ElementSets,
    shells: Shells,
    is_decayed: NDArray[np.bool_] | None = None,
    launch_date: Instants | None = None,
) -> NDArray[np.str_]:
    """Return the status of each satellite, by `RULES`.

    Args:
        fleet: one element set per satellite; n of them.
        shells: the shells of this fleet, from `find_shells`.
        is_decayed: whether the catalogue records a re-entry; shape (n,); by default for none.
        launch_date: launch dates, NaT if unknown; shape (n,); by default all unknown.

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
        (Status.STALE, _age_days(fleet, fleet.epoch_utc[~decayed]) > STALE_AFTER_DAYS),
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
    """Return whether satellites are steady in a shell, or hold above all shells of their band."""
    speed = np.abs(fleet.altitude_rate_km_per_day)
    in_shell = (shells.label != NO_SHELL) & (speed <= STEADY_KM_PER_DAY)
    is_below = fleet.altitude_km < shells.band_altitude_km  # False without a band
    return np.asarray(in_shell | (~is_below & (speed <= HOLDING_KM_PER_DAY)))


def _is_young(fleet: ElementSets, launch_date: Instants) -> NDArray[np.bool_]:
    """Return whether satellites are within RAISING_FOR_DAYS of launch."""
    return np.asarray((fleet.epoch_utc - launch_date) / _DAY <= RAISING_FOR_DAYS)


def _age_days(fleet: ElementSets, epochs: Instants) -> NDArray[np.float64]:
    """Return the age of each element set relative to the newest of some epochs, d."""
    newest = epochs.max(initial=fleet.epoch_utc.min())
    return np.asarray((newest - fleet.epoch_utc) / _DAY)


def _require_length(length: int, **arrays: NDArray[np.generic]) -> None:
    lengths = {name: len(array) for name, array in arrays.items() if len(array) != length}
    if lengths:
        raise DataError(
            f"There are {length} element sets, but {lengths}.",
            remedy="Give one value per element set, in the same order.",
        )
