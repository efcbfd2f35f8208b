"""The simulated Starlink fleet: no real satellites, though their number and launches are facts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spacex.sources.sample import facts
from spacex.sources.sample.elements import REFERENCE, Elements, Instants, State, simulate
from spacex.sources.sample.roster import Manifest, manifest
from spacex.sources.sample.subpoints import Subpoints, subpoints
from spacex.sources.sample.walker import Slots, family, slots

_RAISING_SHARE = 0.03
_FEWEST_DAYS_IN_ORBIT = 30
_DECAYED_BY = np.datetime64("2021-10-17", "D")
_DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Fleet:
    """All satellites, an array of each thing that is known about them.

    Attributes:
        manifest: which satellites there are.
        day: the day of their elements; of those that decayed, the day they did.
        elements: mean elements.
        subpoints: positions at the epoch of the elements.
    """

    manifest: Manifest
    day: Instants
    elements: Elements
    subpoints: Subpoints


def simulated_fleet(satellites: int | None, seed: int) -> Fleet:
    """A fleet, the same for the same arguments.

    Args:
        satellites: how many; if None, those the catalogue counted in October 2021.
        seed: what the chance in it starts from.

    Raises:
        SettingsError: the number is no possible size of a fleet.
    """
    rng = np.random.default_rng(seed)
    roster = manifest(facts.batches(), satellites, rng)
    day = np.where(roster.is_decayed, _decay_days(roster, rng), REFERENCE.astype("datetime64[D]"))
    epoch = day + rng.integers(_DAY_US, size=day.size).astype("timedelta64[us]")
    elements = simulate(_slots(roster), _states(roster, rng), epoch, rng)
    return Fleet(roster, day, elements, subpoints(elements))


def launch_days() -> Instants:
    """The day each batch was launched."""
    return np.array([batch.date for batch in facts.batches()], dtype="datetime64[D]")


def _decay_days(roster: Manifest, rng: np.random.Generator) -> Instants:
    """A day each satellite might have decayed on, up to the one that losses are counted by."""
    first = launch_days()[roster.batch] + _FEWEST_DAYS_IN_ORBIT
    span = np.maximum((_DECAYED_BY - first).astype(np.int64), 0)
    return np.asarray(first + rng.integers(span + 1))


def _states(roster: Manifest, rng: np.random.Generator) -> NDArray[np.int64]:
    is_raising = rng.random(roster.batch.size) < _RAISING_SHARE
    in_orbit = np.where(is_raising, State.RAISING, State.IN_SHELL)
    return np.where(roster.is_decayed, State.DECAYED, in_orbit)


def _slots(roster: Manifest) -> Slots:
    """A place for each satellite, in the shells of about its batch's inclination."""
    shells = facts.shells()
    families = [family(batch.median_inclination_deg, shells) for batch in facts.batches()]
    places = np.empty((len(Slots._fields), roster.batch.size))
    for each in dict.fromkeys(families):
        batches = [number for number, its in enumerate(families) if its == each]
        member = np.isin(roster.batch, batches)
        places[:, member] = slots(each, int(np.count_nonzero(member)))
    return Slots(*places)
