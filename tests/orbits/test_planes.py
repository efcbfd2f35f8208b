"""Planes of the 53.05° shell on 2022-11-07, which has 72, and of generated patterns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacex.errors import SettingsError
from spacex.orbits.planes import MOST_PLANES, NO_PLANE, concentrations, find_planes
from spacex.orbits.shells import find_shells
from tests.orbits.fleets import EPOCH, element_sets, shell

PRINTED = 5e-4


def test_first_shell_has_72_planes(celestrak):
    fleet = celestrak("2022-11-07")
    shells = find_shells(fleet)
    planes = find_planes(fleet.select(shells.label == shells.names().index("53.05° 547 km")))
    assert planes.count == 72
    assert planes.raw_concentration == pytest.approx(0.193, abs=PRINTED)
    assert planes.concentration == pytest.approx(0.996, abs=PRINTED)
    assert (planes.satellites > 10).all()
    assert np.percentile(np.abs(planes.offset_deg), 99) < 0.5  # they are 5 deg apart


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        ("2022-11-07", {"53.05°": 72, "53.22°": 72, "97.66°": 6}),
        ("2025-06-01", {"53.05°": 72, "53.22°": 72, "70.00°": 36, "97.66°": 6}),
    ],
)
def test_planes_match_the_filing(celestrak, day, counts):
    fleet = celestrak(day)
    shells = find_shells(fleet)
    found = {
        name[:6]: find_planes(fleet.select(shells.label == number))
        for number, name in enumerate(shells.names())
    }
    assert {name: found[name].count for name in counts} == counts
    assert all(found[name].is_certain for name in counts)


@given(st.integers(2, 72), st.floats(0, 360))
def test_evenly_spaced_planes_are_counted(count, first):
    planes = find_planes(shell(planes=count, each=10, first_raan_deg=first))
    assert planes.count == count
    assert planes.concentration == pytest.approx(1)
    assert planes.satellites.tolist() == [10] * count
    assert np.abs(planes.offset_deg).max() < 1e-6


def test_planes_are_found_with_different_epochs():
    rng = np.random.default_rng(1)
    epochs = EPOCH - (rng.random(720) * 2 * 86400e6).astype("timedelta64[us]")
    together = shell(planes=36, each=20)
    spread = shell(planes=36, each=20, epoch_utc=epochs)
    late = element_sets(
        mean_motion_rev_per_day=spread.mean_motion_rev_per_day,
        epoch_utc=spread.epoch_utc,
        norad_cat_id=spread.norad_cat_id,
        raan_deg=[together.raan_at_deg(epoch)[row] for row, epoch in enumerate(epochs)],
    )
    planes = find_planes(late, EPOCH)
    assert planes.raw_concentration < 0.3
    assert planes.concentration == pytest.approx(1)
    assert planes.label.tolist() == find_planes(together).label.tolist()


def test_planes_are_numbered_eastward_from_zero():
    planes = find_planes(shell(planes=4, each=5, first_raan_deg=350))
    assert planes.plane_raan_deg == pytest.approx([80, 170, 260, 350])
    assert planes.label.tolist() == [3] * 5 + [0] * 5 + [1] * 5 + [2] * 5


def test_offset_of_a_satellite_from_its_plane():
    raan = np.repeat(np.arange(0, 360, 5.0), 20)
    raan[0] = 1.5
    raan[-1] = 354.0
    planes = find_planes(element_sets(raan_deg=raan, norad_cat_id=np.arange(len(raan))))
    assert planes.count == 72
    assert planes.offset_deg[[0, -1]] == pytest.approx([1.5, -1.0], abs=0.01)


def test_empty_planes_are_counted():
    full = shell(planes=18, each=20)
    planes = find_planes(full.select(np.flatnonzero(full.raan_deg < 170)))
    assert planes.count == 18
    assert np.count_nonzero(planes.satellites) == 9
    columns = ["plane", "raan_deg", "satellites", "is_occupied"]
    assert planes.frame().columns.tolist() == columns
    assert planes.frame()["satellites"].sum() == 180


@pytest.mark.parametrize(("satellites", "occupied"), [(2, 17), (3, 18)])
def test_plane_is_occupied_from_three_satellites(satellites, occupied):
    full = shell(planes=18, each=20)
    planes = find_planes(full.select(np.arange(17 * 20 + satellites)))
    assert planes.count == 18
    assert planes.is_occupied.sum() == planes.frame()["is_occupied"].sum() == occupied


@pytest.mark.parametrize(("filled", "is_certain"), [(9, True), (8, False)])
def test_number_of_planes_is_certain_if_half_are_occupied(filled, is_certain):
    full = shell(planes=18, each=20)
    planes = find_planes(full.select(np.arange(filled * 20)))
    assert (planes.count, planes.is_certain) == (18, is_certain)


@pytest.mark.parametrize(
    ("day", "shell_name", "count"),
    [("2022-11-07", "70.00° 572 km", 18), ("2025-06-01", "53.16° 475 km", 140)],
)
def test_planes_of_a_shell_that_is_being_filled_are_uncertain(celestrak, day, shell_name, count):
    """The shell at 70° has 36 planes by its filing, of which 3 were occupied in 2022."""
    fleet = celestrak(day)
    shells = find_shells(fleet)
    planes = find_planes(fleet.select(shells.label == shells.names().index(shell_name)))
    assert planes.count == count
    assert not planes.is_certain


@pytest.mark.parametrize("size", [19, 2, 1])
def test_too_few_satellites_have_no_planes(size):
    planes = find_planes(element_sets(raan_deg=np.arange(size) * 5.0))
    assert planes.count == 0
    assert not planes.is_certain
    assert planes.frame().empty


def test_random_nodes_have_no_planes():
    raan = np.random.default_rng(2).random(500) * 360
    planes = find_planes(element_sets(raan_deg=raan))
    assert planes.count == 0
    assert planes.concentration < 0.2
    assert set(planes.label) == {NO_PLANE}
    assert np.isnan(planes.offset_deg).all()


def test_default_instant_is_the_newest_epoch():
    fleet = shell(planes=4, each=5, epoch_utc=EPOCH - np.arange(20) * np.timedelta64(1, "h"))
    assert find_planes(fleet).at_utc == EPOCH
    assert find_planes(fleet, "2022-11-01").at_utc == np.datetime64("2022-11-01")


def test_several_instants_raise():
    with pytest.raises(SettingsError, match="An instant is missing"):
        find_planes(shell(), np.datetime64("NaT"))


@given(st.lists(st.floats(0, 360), min_size=1, max_size=50))
def test_concentrations_are_from_0_to_1(raan):
    found = concentrations(np.array(raan))
    assert found.shape == (MOST_PLANES,)
    assert ((found >= 0) & (found <= 1 + 1e-9)).all()
