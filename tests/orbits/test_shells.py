"""Shells of the recorded fleets of four days, and of generated fleets."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from spacex.orbits.element_sets import ElementSets
from spacex.orbits.shells import NO_SHELL, Shells, find_shells, modes, nearest
from tests.orbits.fleets import EPOCH, element_sets, joined, mean_motion, shell

DAYS = ("2022-11-07", "2025-05-18", "2025-05-25", "2025-06-01")
OF_2022 = {(53.05, 547): 1457, (53.22, 540): 1140, (70.0, 572): 51, (97.66, 563): 185}
ALTITUDES_2025 = {
    43.0: (357, 444, 483, 559),
    53.05: (547,),
    53.16: (360, 447, 475, 552),
    53.22: (540,),
    70.0: (572,),
    97.66: (563,),
}
OF_2025 = [(inclination, km) for inclination, each in ALTITUDES_2025.items() for km in each]
BAND_DEG = 0.01
MODE_KM = 1.0


def found(shells: Shells) -> NDArray[np.float64]:
    return np.column_stack((shells.inclination_deg, shells.altitude_km))


def test_shells_of_2022(celestrak):
    shells = find_shells(celestrak("2022-11-07"))
    assert (np.abs(found(shells) - list(OF_2022)) < [BAND_DEG, MODE_KM]).all()
    assert shells.count.tolist() == list(OF_2022.values())


@pytest.mark.parametrize("day", DAYS[1:])
def test_shells_are_stable_from_week_to_week(celestrak, day):
    fleet = celestrak(day)
    shells = find_shells(fleet)
    off = np.abs(found(shells) - OF_2025)
    assert (off < [BAND_DEG, MODE_KM]).all()
    assert shells.count.sum() == np.count_nonzero(shells.label != NO_SHELL)
    assert 0.88 < shells.count.sum() / len(fleet) < 0.92


ALTITUDES_2026 = {
    43.0: (356, 483),
    53.04: (368,),
    53.16: (360, 463, 475),
    53.21: (540,),
    70.0: (572,),
    97.28: (466,),
    97.44: (549,),
}


def test_no_shell_is_lost_from_day_to_day(celestrak):
    """Fewer than 100 of 10,000 satellites move between the lists of 2026-05-24 and -27."""
    expected = [(degrees, km) for degrees, each in ALTITUDES_2026.items() for km in each]
    labels = []
    for day in ("2026-05-24", "2026-05-27"):
        fleet = celestrak(day)
        shells = find_shells(fleet)
        assert (np.abs(found(shells) - expected) < [2 * BAND_DEG, 2 * MODE_KM]).all()
        labels.append(dict(zip(fleet.norad_cat_id, shells.label, strict=True)))
    first, last = labels
    both = first.keys() & last.keys()
    assert len(both) > 10_000
    assert sum(first[number] != last[number] for number in both) < 100


@pytest.mark.parametrize("day", DAYS)
def test_satellites_are_in_the_nearest_shell(celestrak, day):
    fleet = celestrak(day)
    shells = find_shells(fleet)
    inside = shells.label != NO_SHELL
    label = shells.label[inside]
    assert np.abs(fleet.altitude_km[inside] - shells.altitude_km[label]).max() < 6
    assert np.abs(fleet.inclination_deg[inside] - shells.inclination_deg[label]).max() < 0.5
    assert (shells.band_altitude_km[inside] >= shells.altitude_km[label] - MODE_KM).all()


def test_order_of_satellites_does_not_matter(celestrak):
    fleet = celestrak("2025-06-01")
    order = np.random.default_rng(1).permutation(len(fleet))
    shells, shuffled = find_shells(fleet), find_shells(fleet.select(order))
    assert shuffled.frame().equals(shells.frame())
    assert (shuffled.label == shells.label[order]).all()


def two_shells() -> ElementSets:
    return joined(
        shell(planes=12, each=10, altitude_km=540.0, inclination_deg=53.22),
        shell(planes=12, each=5, altitude_km=350.0, inclination_deg=43.0),
    )


def test_shells_are_ordered_and_named():
    shells = find_shells(two_shells())
    assert shells.names() == ["43.00° 350 km", "53.22° 540 km"]
    assert shells.label.tolist() == [1] * 120 + [0] * 60
    assert shells.band_altitude_km == pytest.approx([540] * 120 + [350] * 60)
    names = ["shell", "inclination_deg", "altitude_km", "satellites"]
    assert shells.frame().columns.tolist() == names
    assert shells.frame()["satellites"].tolist() == [60, 120]


def test_launch_parked_in_one_plane_is_not_a_shell():
    parked = element_sets(
        mean_motion_rev_per_day=shell(1, 1, altitude_km=350.0).mean_motion_rev_per_day,
        inclination_deg=53.22,
        raan_deg=np.linspace(100, 102, 50),
    )
    shells = find_shells(joined(two_shells(), parked))
    assert shells.names() == ["43.00° 350 km", "53.22° 540 km"]
    assert set(shells.label[-50:]) == {NO_SHELL}
    assert shells.band_altitude_km[-50:] == pytest.approx([540] * 50)


POLAR = shell(planes=36, each=40, altitude_km=549, inclination_deg=97.28)


def polar(sectors: int, each: int, altitude_km: float) -> ElementSets:
    """Return satellites of the polar band in the first planes, one of which is in each sector."""
    motion = mean_motion(altitude_km)
    planes = POLAR.select(np.flatnonzero(POLAR.raan_deg < 10 * sectors))
    chosen = np.flatnonzero(np.arange(len(planes)) % 40 < each)
    return replace(planes.select(chosen), mean_motion_rev_per_day=np.full(len(chosen), motion))


@pytest.mark.parametrize(("upper", "lower"), [((10, 40), (36, 40)), ((36, 40), (10, 40))])
def test_shell_is_not_lost_because_another_occupies_more_planes(upper, lower):
    """As in July 2026: 97.28° at 549 km, in ten sectors, and at 466 km, in more than twice that."""
    shells = find_shells(joined(polar(*upper, 549), polar(*lower, 466)))
    assert shells.names() == ["97.28° 466 km", "97.28° 549 km"]


@pytest.mark.parametrize(
    ("sectors", "each", "is_shell"),
    [(15, 7, True), (14, 14, False), (20, 5, True), (33, 3, False), (10, 20, True)],
    ids=["105 in 15 sectors", "196 in 14", "100 in 20", "99 in 33", "200 in 10"],
)
def test_lower_mode_is_a_shell_if_it_is_wide_or_large(sectors, each, is_shell):
    shells = find_shells(joined(POLAR, polar(sectors, each, 344)))
    assert (len(shells.count) == 2) == is_shell


def test_nodes_of_a_parked_launch_are_moved_to_one_instant():
    """A launch whose nodes drift by 5° a day, with epochs of 18 days, is in one plane."""
    days = np.arange(36) / 2
    parked = element_sets(
        mean_motion_rev_per_day=mean_motion(350.0),
        inclination_deg=53.22,
        epoch_utc=EPOCH - (days * 86400e6).astype("timedelta64[us]"),
    )
    drift = parked.raan_at_deg(EPOCH) - parked.raan_deg
    parked = replace(parked, raan_deg=(100 - drift) % 360)
    assert len(np.unique(parked.raan_deg // 10)) > 8
    assert find_shells(joined(two_shells(), parked)).names() == ["43.00° 350 km", "53.22° 540 km"]


def test_climbing_satellites_do_not_make_a_shell():
    climbing = shell(planes=12, each=10, mean_motion_dot=-0.01)
    shells = find_shells(climbing)
    assert len(shells.count) == 0
    assert set(shells.label) == {NO_SHELL}


def test_satellite_climbing_through_a_shell_is_in_it():
    passing = shell(
        planes=1, each=1, altitude_km=541.0, inclination_deg=53.22, mean_motion_dot=-0.01
    )
    assert find_shells(joined(two_shells(), passing)).label[-1] == 1


@pytest.mark.parametrize(("size", "expected"), [(19, 0), (20, 1)])
def test_twenty_satellites_make_a_shell(size, expected):
    shells = find_shells(shell(planes=20, each=1).select(slice(size)))
    assert len(shells.count) == expected
    assert len(shells.frame()) == expected


def test_fleet_without_shells():
    shells = find_shells(element_sets())
    assert shells.frame().empty
    assert shells.names() == []
    assert shells.label.tolist() == [NO_SHELL]
    assert np.isnan(shells.band_altitude_km).tolist() == [True]


def test_modes_are_the_densest_windows():
    values = np.concatenate((np.full(30, 1.0), np.full(25, 2.0), np.full(19, 3.0), [1.5, 7.0]))
    assert modes(values, width=0.1, separation=0.5).tolist() == [1.0, 2.0]
    assert modes(np.array([]), width=0.1, separation=0.5).tolist() == []


@given(st.lists(st.floats(0, 100), max_size=200))
def test_modes_keep_their_separation(values):
    middles = modes(np.array(values), width=2, separation=5)
    assert (np.diff(middles) > 5 - 2).all()


def test_nearest_centre_is_within_reach():
    centres = np.array([1.0, 2.0])
    assert nearest(np.array([0.4, 1.4, 1.6, 2.5, 2.6]), centres, 0.5).tolist() == [-1, 0, 1, 1, -1]
    assert nearest(np.array([1.0]), np.array([]), 0.5).tolist() == [NO_SHELL]
