"""The simulated Starlink fleet: invented satellites, with real launches and numbers per launch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spacex.errors import SettingsError
from spacex.orbits.earth import Geodetic, earth_fixed_km, geodetic
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array, Instants
from spacex.orbits.propagation import at_epoch
from spacex.sources.sample import facts
from spacex.sources.sample.elements import REFERENCE, State, simulate
from spacex.sources.sample.walker import Slots, family, slots

MAX_SATELLITES = 400_000
"""More satellites would exhaust the designators of a launch's pieces."""

_RAISING_SHARE = 0.03
_MIN_DAYS_IN_ORBIT = 30
_DECAYED_BY = np.datetime64("2021-10-17", "D")
_DAY_US = 86_400_000_000

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Roster:
    """The satellites of a fleet: the index of their launch, and their index in it."""

    launch: Integers
    piece: Integers
    is_decayed: NDArray[np.bool_]


@dataclass(frozen=True)
class Fleet:
    """A fleet; each array has one item per satellite.

    Attributes:
        roster: the satellites.
        day: date of the elements; for decayed satellites, the decay date.
        elements: mean elements.
        subpoints: positions at the epoch of the elements.
        speed_km_s: inertial speed at that epoch.
    """

    roster: Roster
    day: Instants
    elements: ElementSets
    subpoints: Geodetic
    speed_km_s: Array


def simulated_fleet(satellites: int | None, seed: int) -> Fleet:
    """Return a fleet, which is the same for the same arguments.

    Args:
        satellites: number of satellites; None: the number catalogued by October 2021.
        seed: seed of the random numbers.

    Raises:
        SettingsError: the number is invalid.
    """
    rng = np.random.default_rng(seed)
    roster = _roster(facts.starlink_launches(), satellites, rng)
    day = np.where(roster.is_decayed, _decay_days(roster, rng), REFERENCE.astype("datetime64[D]"))
    epoch = day + rng.integers(_DAY_US, size=day.size).astype("timedelta64[us]")
    elements = simulate(_slots(roster), _states(roster, rng), epoch, rng)
    states = at_epoch(elements)
    subpoints = geodetic(earth_fixed_km(states.position_km, states.instants)[:, 0])
    return Fleet(
        roster, day, elements, subpoints, np.linalg.norm(states.velocity_km_s[:, 0], axis=-1)
    )


def launch_days() -> Instants:
    """Return the date of each Starlink launch."""
    return np.array([launch.date for launch in facts.starlink_launches()], dtype="datetime64[D]")


def _decay_days(roster: Roster, rng: np.random.Generator) -> Instants:
    """Draw a decay date for each satellite, up to the date of the facts."""
    first = launch_days()[roster.launch] + _MIN_DAYS_IN_ORBIT
    span = np.maximum((_DECAYED_BY - first).astype(np.int64), 0)
    return np.asarray(first + rng.integers(span + 1))


def _states(roster: Roster, rng: np.random.Generator) -> NDArray[np.int64]:
    is_raising = rng.random(roster.launch.size) < _RAISING_SHARE
    in_orbit = np.where(is_raising, State.RAISING, State.IN_SHELL)
    return np.where(roster.is_decayed, State.DECAYED, in_orbit)


def _slots(roster: Roster) -> Slots:
    """Return a slot for each satellite, in shells near the inclination of its launch."""
    shells = facts.shells()
    families = [
        family(launch.median_inclination_deg, shells) for launch in facts.starlink_launches()
    ]
    columns = np.empty((len(Slots._fields), roster.launch.size))
    for each in dict.fromkeys(families):
        members = [index for index, other in enumerate(families) if other == each]
        is_member = np.isin(roster.launch, members)
        columns[:, is_member] = slots(each, int(np.count_nonzero(is_member)))
    return Slots(*columns)


def _roster(
    launches: tuple[facts.StarlinkLaunch, ...], satellites: int | None, rng: np.random.Generator
) -> Roster:
    """Return satellites distributed over the launches; None: as many as were catalogued."""
    sizes = np.array([launch.satellites_catalogued for launch in launches])
    counts = _share(sizes, sizes.sum() if satellites is None else satellites)
    share_decayed = np.array([launch.decayed_by_2021_10_17 for launch in launches]) / sizes
    decayed = np.rint(counts * share_decayed).astype(np.int64)
    # Decayed pieces are drawn at random, because pieces fill planes in order.
    draws = [rng.permutation(count) for count in counts]
    return Roster(
        launch=np.repeat(np.arange(len(launches)), counts),
        piece=np.concatenate([np.arange(count) for count in counts]),
        is_decayed=np.concatenate(
            [draw < count for draw, count in zip(draws, decayed, strict=True)]
        ),
    )


def _share(sizes: Integers, total: int) -> Integers:
    """Return integers in proportion to the sizes, with the given sum."""
    if not 1 <= total <= MAX_SATELLITES:
        raise SettingsError(
            f"A fleet of {total:,} satellites cannot be simulated.",
            remedy=f"Choose a number from 1 to {MAX_SATELLITES:,}.",
        )
    bounds = np.rint(np.concatenate([[0], sizes.cumsum()]) * (total / sizes.sum()))
    shares: Integers = np.diff(bounds).astype(np.int64)
    return shares
