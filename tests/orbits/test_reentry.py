"""Forecasts of re-entries: their formula, and their error on satellites that were held out."""

import numpy as np
import pytest

from benchmarks.reentries import deviations, errors, held_out, quantile, share_below
from spacex.orbits import reentry
from spacex.orbits.elements import Array
from spacex.orbits.reentry import USUAL_WEATHER, Histories, Law, Weather
from spacex.units import EARTH_MU_KM3_S2, EARTH_RADIUS_KM, SECONDS_PER_DAY
from tests.orbits.fleets import element_sets, mean_motion
from tests.recorded_reentries import recorded_sinkings

OWN_ALONE = Law(
    usual_m2_per_kg=1.0, own_weight=1.0, own_weight_of_one=1.0, spread=0.4, spread_of_one=0.6
)
EPOCH = np.datetime64("2026-05-24T06:00:00", "us")


def fallen(altitude_km: float, days: float, term: float, weather: Weather) -> float:
    """Return the altitude after some days of drag, by small steps."""
    step = days / 20_000
    for _ in range(20_000):
        density = float(reentry.density_kg_m3(np.array([altitude_km]), weather)[0])
        speed = np.sqrt(EARTH_MU_KM3_S2 * (EARTH_RADIUS_KM + altitude_km))
        altitude_km -= density * term * speed * 1000 * SECONDS_PER_DAY * step
    return altitude_km


def history(
    altitude_km: float = 280, rate: float = -3.0, span_days: float = 0, first_km: float = 280
) -> Histories:
    """Return the history of one satellite."""
    one = {"altitude_km": altitude_km, "altitude_rate_km_per_day": rate}
    one |= {"span_days": span_days, "first_altitude_km": first_km}
    numbers: dict[str, Array] = {name: np.array([float(each)]) for name, each in one.items()}
    return Histories(np.array([44713]), np.array([EPOCH]), **numbers)


@pytest.mark.parametrize("weather", [USUAL_WEATHER, Weather(80, 5), Weather(250, 60)])
def test_a_coasting_satellite_re_enters_when_forecast(weather):
    first, term = 300.0, 0.015
    now = fallen(first, 6, term, weather)
    lives = reentry.remaining_lives(history(now, -2, 6, first), weather, OWN_ALONE)
    end = fallen(now, float(lives.expected_days[0]) - 0.02, term, weather)
    assert lives.expected_days[0] > 5
    assert 110 < end < 160


def test_one_element_set_tells_by_its_rate():
    lives = reentry.remaining_lives(history(rate=-3.0), law=OWN_ALONE)
    speed = np.sqrt(EARTH_MU_KM3_S2 * (EARTH_RADIUS_KM + 280))
    term = 3 / (reentry.density_kg_m3(np.array([280.0]))[0] * speed * 1000 * SECONDS_PER_DAY)
    at_twice = reentry.remaining_lives(history(rate=-6.0), law=OWN_ALONE)
    assert reentry.own_terms(history(rate=-3.0), USUAL_WEATHER)[0] == pytest.approx(term)
    assert lives.expected_days == pytest.approx(2 * at_twice.expected_days)
    assert np.log(lives.high_days / lives.low_days) == pytest.approx(2 * 0.6)


@pytest.mark.parametrize(("span", "first_km"), [(1.9, 290), (5, 280), (5, 279)])
def test_altitudes_that_are_near_in_time_or_do_not_fall_are_not_used(span, first_km):
    _, is_measured = reentry.own_terms(history(280, -3, span, first_km), USUAL_WEATHER)
    assert not is_measured
    assert reentry.own_terms(history(280, -3, 2, 281), USUAL_WEATHER)[1]


def test_a_quick_satellite_is_expected_to_become_more_like_the_others():
    law = reentry.LAW
    both = [
        reentry.remaining_lives(history(280, -3, 6, 300), law=each).expected_days[0]
        for each in (OWN_ALONE, law)
    ]
    assert reentry.own_terms(history(280, -3, 6, 300), USUAL_WEATHER)[0] > law.usual_m2_per_kg
    assert both[1] > both[0]


def test_density_is_that_of_the_table_and_rises_with_activity():
    altitudes = np.array([150.0, 200, 250, 300, 350])
    usual, active = (
        reentry.density_kg_m3(altitudes, each) for each in (USUAL_WEATHER, Weather(250, 60))
    )
    assert usual[[1, 3]] == pytest.approx([2.789e-10, 2.418e-11])
    assert active[0] == usual[0]
    assert (np.diff(active / usual) > 0).all()


@pytest.mark.parametrize(
    ("altitude", "rate", "is_forecast"),
    [(350, -0.6, True), (351, -9, False), (300, -0.5, False), (120, -90, False), (121, -90, True)],
)
def test_only_low_satellites_that_sink_are_forecast(altitude, rate, is_forecast):
    assert history(altitude, rate).can_be_forecast == [is_forecast]


def test_histories_begin_with_the_first_set_of_the_window():
    days = [0, -10, -11, 3]
    sets = element_sets(
        norad_cat_id=[7, 7, 7, 5],
        epoch_utc=EPOCH + np.array(days) * np.timedelta64(1, "D"),
        mean_motion_rev_per_day=mean_motion([280, 300, 305, 330]),
    )
    found = reentry.histories(sets)
    assert found.norad_cat_id.tolist() == [5, 7]
    assert found.span_days.tolist() == [0, 10]
    assert found.altitude_km == pytest.approx([330, 280])
    assert found.first_altitude_km == pytest.approx([330, 300])


def test_satellites_that_were_held_out_re_entered_as_forecast(recorded_dir):
    """Each fifth of the satellites has a law of the others; those still in orbit are censored."""
    found = held_out(recorded_sinkings(recorded_dir), folds=5)
    error, naive = (quantile(*errors(found, each), 0.5) for each in (found.expected, found.naive))
    assert len(np.unique(found.number[found.has_ended])) >= 45
    assert error < 0.18 < naive
    assert 0.75 <= share_below(*deviations(found), found.spread) <= 0.85
    known = found.select(found.is_known)
    middle = (known.earliest + known.latest) / 2
    shares = [np.median(np.abs(each / middle - 1)) for each in (known.expected, known.naive)]
    assert len(middle) >= 50
    assert shares[0] < 0.12
    assert shares[1] > 0.23
