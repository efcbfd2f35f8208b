"""Culminations against a satellite with known passes and a search on a fine grid."""

import numpy as np
import pytest
from numpy.typing import NDArray

from spacex.orbits.culminations import find_culminations
from spacex.orbits.ephemeris import ephemeris
from spacex.orbits.place import Place
from tests.orbits.fleets import EPOCH, element_sets, joined
from tests.orbits.test_propagation import LOST

QUARTER_S = 1500.0
SPAN_S = (QUARTER_S, QUARTER_S + 86400)
PLACE = Place(48.0, 11.0)
FINE_S = 1.0

FLIGHT = ephemeris(element_sets(), EPOCH, SPAN_S[1] + QUARTER_S)


def fine_elevation() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    elapsed_s = np.arange(0, SPAN_S[1] + QUARTER_S, FINE_S)
    position = FLIGHT.position(np.zeros(len(elapsed_s), np.intp), elapsed_s)
    return elapsed_s, PLACE.look(position).elevation_deg


@pytest.mark.parametrize("min_elevation", [0.0, 10.0, 25.0, 60.0])
def test_culminations_match_maxima_on_a_fine_grid(min_elevation):
    elapsed_s, elevation = fine_elevation()
    is_top = (elevation[1:-1] >= elevation[:-2]) & (elevation[1:-1] > elevation[2:])
    is_top &= elevation[1:-1] >= min_elevation
    tops = elapsed_s[1:-1][is_top]
    tops = tops[(tops >= SPAN_S[0]) & (tops <= SPAN_S[1])]
    found = find_culminations(FLIGHT, PLACE, SPAN_S, QUARTER_S, min_elevation)
    assert found.elapsed_s[:, 1] == pytest.approx(tops, abs=FINE_S)


def test_satellite_is_above_only_between_rise_and_set():
    elapsed_s, elevation = fine_elevation()
    found = find_culminations(FLIGHT, PLACE, SPAN_S, QUARTER_S, 10.0)
    assert len(found.row) > 3
    for rise, _, sets in found.elapsed_s:
        inside = (elapsed_s > rise + FINE_S) & (elapsed_s < sets - FINE_S)
        around = (elapsed_s > rise - 600) & (elapsed_s < sets + 600)
        outside = around & ((elapsed_s < rise - FINE_S) | (elapsed_s > sets + FINE_S))
        assert (elevation[inside] >= 10).all()
        assert (elevation[outside] < 10).all()


def test_short_pass_is_found():
    all_found = find_culminations(FLIGHT, PLACE, SPAN_S, QUARTER_S, 0.0)
    tops = PLACE.look(all_found.position_km[:, 1]).elevation_deg
    grazed = tops.max() - 1e-3
    found = find_culminations(FLIGHT, PLACE, SPAN_S, QUARTER_S, float(grazed))
    assert len(found.row) == 1
    assert 0 < np.ptp(found.elapsed_s[0]) < 10


def test_positions_match_the_ephemeris():
    found = find_culminations(FLIGHT, PLACE, SPAN_S, QUARTER_S, 10.0)
    elevation = PLACE.look(found.position_km).elevation_deg
    assert elevation[:, [0, 2]] == pytest.approx(np.full((len(found.row), 2), 10.0), abs=1e-3)
    again = FLIGHT.position(found.row, found.elapsed_s[:, 2])
    assert (again == found.position_km[:, 2]).all()


def test_culmination_outside_the_span_is_excluded():
    found = find_culminations(FLIGHT, PLACE, SPAN_S, QUARTER_S, 10.0)
    first = found.elapsed_s[0, 1]
    before = find_culminations(FLIGHT, PLACE, (SPAN_S[0], first - 1), QUARTER_S, 10.0)
    exact = find_culminations(FLIGHT, PLACE, (SPAN_S[0], first + 1), QUARTER_S, 10.0)
    assert len(before.row) == 0
    assert before.elapsed_s.shape == (0, 3)
    assert before.position_km.shape == (0, 3, 3)
    assert len(exact.row) == 1


def test_pass_ends_at_the_last_position():
    falling = joined(LOST, element_sets(epoch_utc=LOST.epoch_utc[0]))
    flight = ephemeris(falling, LOST.epoch_utc[0], 7200)
    last_s = 3060.0  # it is 7 km up, and SGP4 fails at the step after
    found = find_culminations(flight, Place(-23.5, -113.0), (1500, 5700), QUARTER_S, 0.0)
    ((rise, top, sets),) = found.elapsed_s[found.row == 0]
    assert rise < top
    assert (top, sets) == pytest.approx((last_s, last_s), abs=0.01)
    assert np.isfinite(found.position_km).all()
