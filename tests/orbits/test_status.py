"""Each status rule with one satellite, and the recorded fleets."""

from typing import Any

import numpy as np
import pytest

from spacex.errors import DataError
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.shells import find_shells
from spacex.orbits.status import Status, find_status
from tests.orbits.fleets import EPOCH, joined, mean_motion, shell

SHELL_KM = 547.0
DAY = np.timedelta64(1, "D")
FLEET = shell(planes=36, each=5, altitude_km=SHELL_KM)


def one(
    altitude_km: float, rate_km_per_day: float = 0.0, epoch: np.datetime64 = EPOCH
) -> ElementSets:
    """Return a satellite at the inclination of the shell, with its own altitude and rate."""
    axis = 6378.137 + altitude_km
    dot = -0.75 * mean_motion(altitude_km) * rate_km_per_day / axis
    return shell(1, 1, altitude_km=altitude_km, mean_motion_dot=dot, epoch_utc=epoch)


def status(
    satellite: ElementSets,
    *,
    is_decayed: bool = False,
    launched: np.datetime64 | None = None,
    **options: Any,
) -> str:
    """Return the status of one satellite beside 180 in their shell."""
    fleet = joined(FLEET, satellite)
    decayed = np.zeros(len(fleet), np.bool_)
    decayed[-1] = is_decayed
    dates = np.full(len(fleet), launched or "NaT", "datetime64[D]")
    found = find_status(fleet, find_shells(fleet), decayed, dates, **options)
    assert set(found[:-1]) == {Status.OPERATIONAL}
    return found[-1]


NEW, OLD = EPOCH - 60 * DAY, EPOCH - 900 * DAY


@pytest.mark.parametrize(
    ("altitude_km", "rate", "launched", "expected"),
    [
        (SHELL_KM, 0.0, None, Status.OPERATIONAL),
        (SHELL_KM + 4, -1.9, OLD, Status.OPERATIONAL),  # in a magnetic storm
        (SHELL_KM - 4, 2.1, None, Status.RAISING),
        (SHELL_KM + 4, -2.1, None, Status.LOWERING),
        (SHELL_KM + 20, 0.1, OLD, Status.OPERATIONAL),
        (SHELL_KM + 20, -0.6, OLD, Status.LOWERING),
        (450, 5.0, None, Status.RAISING),
        (450, 5.0, OLD, Status.RAISING),
        (450, -3.0, None, Status.LOWERING),
        (450, -3.0, NEW, Status.LOWERING),
        (350, 0.0, None, Status.RAISING),
        (350, -1.0, None, Status.LOWERING),
        (350, -1.0, NEW, Status.RAISING),  # waits for its plane
        (350, 0.0, OLD, Status.LOWERING),
        (530, -0.2, OLD, Status.LOWERING),
        (299, -1.0, None, Status.DECAYING),
        (299, -1.0, OLD, Status.DECAYING),
        (299, 3.0, NEW, Status.RAISING),
        (301, -20.0, None, Status.LOWERING),
    ],
)
def test_status_follows_the_rules(altitude_km, rate, launched, expected):
    assert status(one(altitude_km, rate), launched=launched) == expected


def test_decay_in_the_catalogue_takes_precedence():
    assert status(one(160, -50.0, EPOCH - 900 * DAY), is_decayed=True) == Status.DECAYED


@pytest.mark.parametrize(("days", "expected"), [(6.9, "operational"), (7.1, "stale")])
def test_old_elements_are_stale(days, expected):
    old = one(SHELL_KM, epoch=EPOCH - np.timedelta64(int(days * 24), "h"))
    assert status(old) == expected


def test_decayed_satellites_do_not_make_others_stale():
    assert status(one(160, epoch=EPOCH + 30 * DAY), is_decayed=True) == Status.DECAYED


def test_holding_without_a_shell_is_operational():
    fleet = joined(one(SHELL_KM), one(350), one(350, 3.0), one(350, -0.7))
    expected = ["operational", "operational", "raising", "lowering"]
    assert find_status(fleet, find_shells(fleet)).tolist() == expected


def test_fully_decayed_fleet_has_a_status():
    fleet = joined(one(160), one(150))
    found = find_status(fleet, find_shells(fleet), np.array([True, True]))
    assert found.tolist() == ["decayed", "decayed"]


@pytest.mark.parametrize(
    "arguments", [{"is_decayed": np.array([True])}, {"launch_date": np.array([NEW])}]
)
def test_arguments_of_different_lengths_raise(arguments):
    with pytest.raises(DataError, match=r"There are 180 element sets, but .* in the same order"):
        find_status(FLEET, find_shells(FLEET), **arguments)


def test_shells_of_another_fleet_raise():
    with pytest.raises(DataError, match=r"There are 180 element sets, but \{'shells': 1\}"):
        find_status(FLEET, find_shells(one(SHELL_KM)))


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        ("2022-11-07", {"operational": 2831, "raising": 410, "lowering": 30, "decaying": 4}),
        (
            "2025-05-18",
            {"operational": 6692, "raising": 535, "lowering": 173, "decaying": 26, "stale": 8},
        ),
    ],
)
def test_recorded_fleets_are_mostly_operational(celestrak, day, counts):
    fleet = celestrak(day)
    values, numbers = np.unique(find_status(fleet, find_shells(fleet)), return_counts=True)
    assert dict(zip(values.tolist(), numbers.tolist(), strict=True)) == counts
