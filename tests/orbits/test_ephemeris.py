"""Interpolation against SGP4 at instants between the steps."""

import numpy as np
import pytest

from spacex.orbits.earth import earth_fixed_km
from spacex.orbits.ephemeris import STEP_S, ephemeris
from spacex.orbits.instants import after
from spacex.orbits.propagation import propagate
from tests.orbits.fleets import EPOCH, element_sets, joined
from tests.orbits.test_propagation import LOST

BOUND_KM = 0.04

LOW_ORBITS = element_sets(
    mean_motion_rev_per_day=[16.4, 15.06, 15.3, 15.06, 11.3],
    eccentricity=[0.0005, 0.00015, 0.02, 0.0001, 0.001],
    inclination_deg=[33.0, 53.05, 70.0, 97.66, 142.0],
)


def test_interpolation_error_is_within_its_bound():
    elapsed_s = np.arange(0, 5400, 10.0)
    when = after(EPOCH, elapsed_s)
    truth = earth_fixed_km(propagate(LOW_ORBITS, when).position_km, when)
    flight = ephemeris(LOW_ORBITS, EPOCH, 5400)
    for row in range(len(LOW_ORBITS)):
        rows = np.full(len(elapsed_s), row)
        off = np.linalg.norm(flight.position(rows, elapsed_s) - truth[row], axis=1)
        assert off.max() < BOUND_KM
        assert off[elapsed_s % STEP_S == 0].max() < 1e-9


def test_velocity_is_the_derivative_of_position():
    elapsed_s = np.arange(1, 5399, 7.0)
    rows = np.zeros(len(elapsed_s), np.intp)
    flight = ephemeris(LOW_ORBITS, EPOCH, 5400)
    ahead, behind = flight.position(rows, elapsed_s + 0.01), flight.position(rows, elapsed_s - 0.01)
    assert flight.velocity(rows, elapsed_s) == pytest.approx((ahead - behind) / 0.02, abs=1e-6)


def test_each_row_has_its_own_instant():
    flight = ephemeris(LOW_ORBITS, EPOCH, 600)
    both = flight.position(np.array([3, 1]), np.array([100.0, 500.0]))
    assert both[0].tolist() == flight.position(np.array([3]), np.array([100.0]))[0].tolist()
    assert both[1].tolist() == flight.position(np.array([1]), np.array([500.0]))[0].tolist()


@pytest.mark.parametrize(("duration_s", "steps"), [(1, 2), (180, 2), (181, 3), (3600, 21)])
def test_ephemeris_covers_the_duration(duration_s, steps):
    flight = ephemeris(LOW_ORBITS, EPOCH, duration_s)
    assert flight.position_km.shape == (5, steps, 3)
    last = flight.position(np.array([0]), np.array([float(duration_s)]))
    assert np.isfinite(last).all()


def test_decaying_satellite_is_reported_and_has_no_position():
    flight = ephemeris(joined(LOST, element_sets()), LOST.epoch_utc[0], 7200)
    assert [sentence[:11] for sentence in flight.failures] == ["NORAD 28872"]
    fallen = flight.position(np.array([0, 1]), np.array([3300.0, 3300.0]))
    assert np.isnan(fallen).all(axis=1).tolist() == [True, False]
