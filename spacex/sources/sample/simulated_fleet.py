"""The simulated Starlink fleet: invented satellites, with true numbers per launch.

How many satellites a launch had, of which version, and how many of them had decayed by which day,
are facts. A smaller or larger fleet has them in proportion. Which satellites decayed, on which day
between those that are known, and all elements are simulated. The days are as early as these numbers
tell: within days if the launch failed, and within a year if none of its satellites was left.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spacex.errors import SettingsError
from spacex.orbits.earth import Geodetic, earth_fixed_km, geodetic
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array, Instants
from spacex.orbits.propagation import at_epoch
from spacex.sources.launch_facts import StarlinkLaunch
from spacex.sources.sample import facts
from spacex.sources.sample.elements import State, simulate
from spacex.sources.sample.histories import History
from spacex.sources.sample.walker import Family, Slots, family, slots

MAX_SATELLITES = 400_000
"""More satellites would exhaust the designators of a launch's pieces."""

_RAISING_FOR = np.timedelta64(80, "D")
_RAISING_SHARE = 0.03
"""Share of raising satellites where none was launched within that time, as in the archive."""
_MIN_DAYS_IN_ORBIT = 30
_FAILED_DAYS = (3, 9)
"""Ages at which the catalogued satellites of a failed launch decay, as those of Group 9-3."""
_GIVEN_UP_WITHIN_DAYS = 365
"""Time in which the rest of a launch decays of which none is left, as of the first one."""
_SAME_INCLINATION_DEG = 1.0
_DAY_US = 86_400_000_000

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Roster:
    """The catalogued satellites of a fleet.

    Attributes:
        launch: index of each satellite's launch.
        piece: its index in the launch.
        version: its version.
        decay: index of the first known day by which it had decayed; the number of days if it is in
            orbit.
        is_decayed: whether it has decayed.
        lost: launch and version of each satellite that never got a catalogue number, by launch.
    """

    launch: Integers
    piece: Integers
    version: NDArray[np.str_]
    decay: Integers
    is_decayed: NDArray[np.bool_]
    lost: list[tuple[int, str]]


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


def simulated_fleet(history: History, satellites: int | None, seed: int) -> Fleet:
    """Return a fleet, which is the same for the same arguments.

    Args:
        history: the launches and the fates of their satellites.
        satellites: number of catalogued satellites; None: the true one.
        seed: seed of the random numbers.

    Raises:
        SettingsError: the number is invalid.
    """
    rng = np.random.default_rng(seed)
    roster = _roster(history, satellites, rng)
    reference = np.datetime64(history.elements_on, "us")
    decay_days = _decay_days(history, roster, rng)
    day = np.where(roster.is_decayed, decay_days, reference.astype("datetime64[D]"))
    epoch = day + rng.integers(_DAY_US, size=day.size).astype("timedelta64[us]")
    elements = simulate(
        _slots(history, roster), _states(history, roster, rng), epoch, reference, rng
    )
    states = at_epoch(elements)
    subpoints = geodetic(earth_fixed_km(states.position_km, states.instants)[:, 0])
    return Fleet(
        roster, day, elements, subpoints, np.linalg.norm(states.velocity_km_s[:, 0], axis=-1)
    )


def launch_days(history: History) -> Instants:
    """Return the date of each Starlink launch."""
    return np.array([launch.launch_date for launch in history.starlink], dtype="datetime64[D]")


def _decay_days(history: History, roster: Roster, rng: np.random.Generator) -> Instants:
    """Draw a decay date for each satellite, after the last known day before it decayed.

    If most satellites of a launch never got a number, the launch failed, and the others that
    decayed did so within days, too. If none is left on a known day and some were on the one
    before, the launch was given up, and the last ones decayed soon.
    """
    known = np.array(history.decays_known_on, dtype="datetime64[D]")
    last = np.minimum(roster.decay, len(known) - 1)
    launched = launch_days(history)[roster.launch]
    in_orbit = np.concatenate([[np.datetime64("1957-10-04", "D")], known])[last]
    was_launched = launched <= in_orbit
    is_failed = _is_failed(history)[roster.launch] & ~was_launched
    is_given_up = (_given_up(history)[roster.launch] == roster.decay) & was_launched
    soonest, latest = _FAILED_DAYS
    first = np.maximum(launched + np.where(is_failed, soonest, _MIN_DAYS_IN_ORBIT), in_orbit + 1)
    end = np.where(is_failed, np.minimum(known[last], launched + latest), known[last])
    end = np.where(is_given_up, np.minimum(end, in_orbit + _GIVEN_UP_WITHIN_DAYS), end)
    span = np.maximum((end - first).astype(np.int64), 0)
    return np.asarray(first + rng.integers(span + 1))


def _is_failed(history: History) -> NDArray[np.bool_]:
    """Return whether most satellites of each launch never got a catalogue number."""
    return np.array([2 * each.catalogued < each.known for each in history.starlink])


def _given_up(history: History) -> Integers:
    """Return the index of the known day by which no satellite of each launch was left, or -1."""
    days = history.decays_known_on
    gone = (
        [index for index, day in enumerate(days) if each.decayed.get(day, 0) >= each.catalogued]
        for each in history.starlink
    )
    return np.array([next(iter(found), -1) for found in gone])


def _states(history: History, roster: Roster, rng: np.random.Generator) -> NDArray[np.int64]:
    age = np.datetime64(history.elements_on, "D") - launch_days(history)[roster.launch]
    is_raising = age < _RAISING_FOR
    if not is_raising.any():
        is_raising = rng.random(roster.launch.size) < _RAISING_SHARE
    in_orbit = np.where(is_raising, State.RAISING, State.IN_SHELL)
    return np.where(roster.is_decayed, State.DECAYED, in_orbit)


def _slots(history: History, roster: Roster) -> Slots:
    """Return a slot for each satellite, in shells near the inclination of its launch."""
    families = [_family(launch) for launch in history.starlink]
    columns = np.empty((len(Slots._fields), roster.launch.size))
    for each in dict.fromkeys(families):
        members = [index for index, other in enumerate(families) if other == each]
        is_member = np.isin(roster.launch, members)
        columns[:, is_member] = slots(each, int(np.count_nonzero(is_member)))
    return Slots(*columns)


def _family(launch: StarlinkLaunch) -> Family:
    """Return the licensed shells of a launch: those of its generation, if any is near enough."""
    is_second = any(version.startswith("V2") for version in launch.versions)
    generation = "Gen2" if is_second else "Gen1"
    own = tuple(
        shell
        for shell in facts.shells()
        if shell.constellation.startswith(generation)
        and abs(shell.inclination_deg - launch.inclination_deg) < _SAME_INCLINATION_DEG
    )
    return family(launch.inclination_deg, own or facts.shells())


def _roster(history: History, satellites: int | None, rng: np.random.Generator) -> Roster:
    """Return satellites distributed over the launches; None: as many as were catalogued."""
    launches = history.starlink
    sizes = np.array([launch.catalogued for launch in launches])
    counts = _share(sizes, sizes.sum() if satellites is None else satellites)
    every = list(zip(launches, counts.tolist(), strict=True))
    decay = np.concatenate([_decay(history, *each, rng) for each in every])
    return Roster(
        launch=np.repeat(np.arange(len(launches)), counts),
        piece=np.concatenate([np.arange(count) for count in counts]),
        version=np.concatenate([_versions(*each) for each in every]),
        decay=decay,
        is_decayed=decay < len(history.decays_known_on),
        lost=[
            (index, version)
            for index, launch in enumerate(launches)
            for version in _lost(launch, counts.sum() / sizes.sum())
        ],
    )


def _decay(
    history: History, launch: StarlinkLaunch, count: int, rng: np.random.Generator
) -> Integers:
    """Return `Roster.decay` for a number of satellites of a launch.

    Decayed pieces are drawn at random, because pieces fill planes in order.
    """
    decayed = [launch.decayed.get(day, 0) for day in history.decays_known_on]
    by_day = np.maximum.accumulate(decayed)
    return np.searchsorted(by_day, _of_full_size(rng.permutation(count), launch), side="right")


def _versions(launch: StarlinkLaunch, count: int) -> NDArray[np.str_]:
    """Return the versions of a number of catalogued satellites of a launch: the first of all."""
    index = _of_full_size(np.arange(count), launch)
    return _every_version(launch)[index.astype(np.int64)]


def _lost(launch: StarlinkLaunch, share: float) -> list[str]:
    """Return the versions of a share of the satellites that never got a number: the last of all."""
    versions = _every_version(launch)[launch.catalogued :]
    count = round(versions.size * share)
    index = (np.arange(count) + 0.5) * (versions.size / max(count, 1))
    found: list[str] = versions[index.astype(np.int64)].tolist()
    return found


def _every_version(launch: StarlinkLaunch) -> NDArray[np.str_]:
    return np.repeat(list(launch.versions), list(launch.versions.values()))


def _of_full_size(index: Integers, launch: StarlinkLaunch) -> Array:
    """Return the index that each of a number of satellites has among all of its launch."""
    return np.asarray((index + 0.5) * (launch.catalogued / max(index.size, 1)))


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
