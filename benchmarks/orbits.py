"""How fast a fleet is propagated, sorted into shells and planes, and watched from a place.

The satellites are those of the bundled sample, by way of the tables that the pipeline makes.
"""

from collections.abc import Callable
from time import perf_counter

import numpy as np
from sgp4.api import SatrecArray

from spacex.orbits.earth import earth_fixed_km, geodetic
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.instants import julian_date, span
from spacex.orbits.passes import find_passes
from spacex.orbits.place import Place
from spacex.orbits.planes import find_planes
from spacex.orbits.propagation import Propagator, satrecs
from spacex.orbits.shells import Shells, find_shells
from spacex.orbits.status import find_status
from spacex.sources.sample import SAMPLE, sample_answers
from spacex.sources.sample.elements import REFERENCE
from spacex.transform.tables import tidy_tables

FLEET_SIZE = 10_800
START, END = REFERENCE, REFERENCE + np.timedelta64(6, "h")
NEW_YORK = Place(40.71, -74.01)

Measurement = tuple[str, float, str]


def measure() -> list[Measurement]:
    """What was measured: label, value and unit; times are the best of three."""
    fleet = sample_fleet(FLEET_SIZE)
    return [*_propagation(fleet.select(slice(10_000))), *_structure(fleet), *_passes(fleet)]


def sample_fleet(satellites: int) -> ElementSets:
    """The element sets of a simulated fleet; the few satellites that decayed are among them."""
    (endpoint,) = SAMPLE.select(["starlink"])
    tables = tidy_tables(endpoint, SAMPLE.name, sample_answers(satellites)["starlink"])
    (elements,) = (one.frame for one in tables if one.table.name == "starlink_elements")
    return ElementSets.from_frame(elements)


def _propagation(fleet: ElementSets) -> list[Measurement]:
    propagator, when = Propagator(fleet), span(START, END, 300)
    bare = SatrecArray(list(satrecs(fleet)))
    ours_s = _best_s(lambda: propagator.states(when))
    bare_s = _best_s(lambda: bare.sgp4(*julian_date(when)))
    shown_s = _best_s(lambda: geodetic(earth_fixed_km(propagator.states(START).position_km, START)))
    size = f"{len(fleet):,} satellites"
    return [
        (f"SGP4 set up for {size}", 1e3 * _best_s(lambda: Propagator(fleet)), "ms"),
        (f"{size} at one instant, to geodetic", 1e3 * shown_s, "ms"),
        (f"{size} at {len(when)} instants", len(fleet) * len(when) / ours_s / 1e6, "million/s"),
        ("the same, of the rate of a bare SatrecArray", bare_s / ours_s, ""),
    ]


def _structure(fleet: ElementSets) -> list[Measurement]:
    shells = find_shells(fleet)
    size = f"{len(fleet):,} satellites"
    return [
        (f"{len(shells.count)} shells of {size}", 1e3 * _best_s(lambda: find_shells(fleet)), "ms"),
        ("the planes of all shells", 1e3 * _best_s(lambda: _planes(fleet, shells)), "ms"),
        (f"status of {size}", 1e3 * _best_s(lambda: find_status(fleet, shells)), "ms"),
    ]


def _planes(fleet: ElementSets, shells: Shells) -> None:
    for number in range(len(shells.count)):
        find_planes(fleet.select(shells.label == number))


def _passes(fleet: ElementSets) -> list[Measurement]:
    passes = len(find_passes(fleet, NEW_YORK, START, END))
    seconds = _best_s(lambda: find_passes(fleet, NEW_YORK, START, END))
    return [(f"{passes:,} passes of {len(fleet):,} satellites in 6 h", seconds, "s")]


def _best_s(work: Callable[[], object], rounds: int = 3) -> float:
    """Seconds the work takes, undisturbed as far as may be."""
    taken = []
    for _ in range(rounds):
        begin = perf_counter()
        work()
        taken.append(perf_counter() - begin)
    return min(taken)


if __name__ == "__main__":
    for label, value, unit in measure():
        print(f"{label:<60} {value:>8.2f} {unit}")
