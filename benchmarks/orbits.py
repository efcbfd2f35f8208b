"""Propagation, shells, planes and passes of a fleet simulated like the bundled sample."""

from collections.abc import Iterator

import numpy as np
from sgp4.api import SatrecArray

from benchmarks.measurement import Measurement, best_s
from spacex.orbits.earth import earth_fixed_km, geodetic
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.instants import julian_date, span
from spacex.orbits.passes import find_passes
from spacex.orbits.place import Place
from spacex.orbits.planes import find_planes
from spacex.orbits.propagation import Propagator, satrecs
from spacex.orbits.shells import Shells, find_shells
from spacex.orbits.status import find_status
from spacex.sources.launch_facts import FLEET_DATE
from spacex.sources.sample import SAMPLE, sample_responses
from spacex.transform.tables import tidy_tables

FLEET_SIZE = 10_800
START = np.datetime64(FLEET_DATE, "us")
END = START + np.timedelta64(6, "h")
NEW_YORK = Place(40.71, -74.01)


def measure() -> Iterator[Measurement]:
    """Measure propagation, the structure of the fleet, and passes over a place."""
    fleet = sample_fleet(FLEET_SIZE)
    yield from _propagation(fleet.select(slice(10_000)))
    yield from _structure(fleet)
    yield from _passes(fleet)


def sample_fleet(satellites: int) -> ElementSets:
    """Return the element sets of a simulated fleet, its decayed satellites included."""
    (endpoint,) = SAMPLE.select(["starlink"])
    tables = tidy_tables(endpoint, SAMPLE.name, sample_responses(satellites)["starlink"])
    (elements,) = (one.frame for one in tables if one.table.name == "starlink_elements")
    return ElementSets.from_frame(elements)


def _propagation(fleet: ElementSets) -> Iterator[Measurement]:
    propagator, when = Propagator(fleet), span(START, END, 300)
    bare = SatrecArray(list(satrecs(fleet)))
    ours_s = best_s(lambda: propagator.states(when), 3)
    bare_s = best_s(lambda: bare.sgp4(*julian_date(when)), 3)
    shown_s = best_s(lambda: geodetic(earth_fixed_km(propagator.states(START).position_km, START)))
    size = f"{len(fleet):,} satellites"
    rate = len(fleet) * len(when) / ours_s / 1e6
    yield Measurement(f"SGP4 set up for {size}", 1e3 * best_s(lambda: Propagator(fleet), 3), "ms")
    yield Measurement(f"{size} at one instant, to geodetic", 1e3 * shown_s, "ms", "< 50")
    yield Measurement(f"{size} at {len(when)} instants", rate, "million/s")
    yield Measurement("rate relative to a bare SatrecArray", bare_s / ours_s, "", "> 0.7")


def _structure(fleet: ElementSets) -> Iterator[Measurement]:
    shells = find_shells(fleet)
    for name, work in {
        f"{len(shells.count)} shells of {len(fleet):,} satellites": lambda: find_shells(fleet),
        "the planes of all shells": lambda: _planes(fleet, shells),
        "status of all": lambda: find_status(fleet, shells),
    }.items():
        yield Measurement(name, 1e3 * best_s(work, 3), "ms")


def _planes(fleet: ElementSets, shells: Shells) -> None:
    for number in range(len(shells.count)):
        find_planes(fleet.select(shells.label == number))


def _passes(fleet: ElementSets) -> Iterator[Measurement]:
    passes = len(find_passes(fleet, NEW_YORK, START, END))
    seconds = best_s(lambda: find_passes(fleet, NEW_YORK, START, END), 3)
    yield Measurement(f"{passes:,} passes of {len(fleet):,} satellites in 6 h", seconds, "s")
