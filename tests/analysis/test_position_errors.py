"""Errors of predictions, on element sets made for the purpose and on the recorded ones."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from spacex.analysis import position_errors
from spacex.analysis.error_laws import GROUPS, error_table
from spacex.analysis.position_errors import coverage, fit, measure, successions
from spacex.orbits.elements import Array
from tests.orbits.fleets import EPOCH, element_sets, mean_motion
from tests.recorded_orbits import all_pairs, medians_km

HOUR = np.timedelta64(1, "h")


@pytest.fixture(scope="module")
def pairs(recorded_dir: Path) -> pd.DataFrame:
    return all_pairs(recorded_dir)


def test_the_later_set_of_a_satellite_tells_the_truth() -> None:
    """Pairs sooner than 3.6 h or later than 7.2 d, and those of two satellites, are none."""
    hours = np.array([0, 3, 24, 200, 0])
    sets = element_sets(norad_cat_id=[7, 7, 7, 7, 8], epoch_utc=EPOCH + hours * HOUR)
    order = np.array([3, 4, 1, 0, 2])
    found = successions(sets.select(order))
    ends = zip(hours[order][found.earlier], hours[order][found.later], strict=True)
    assert {(int(first), int(last)) for first, last in ends} == {(0, 24), (3, 24)}
    assert not found.is_disturbed.any()


def test_a_step_of_the_semi_major_axis_disturbs_the_pairs_across_it() -> None:
    altitude = np.array([550, 550.09, 550.2, 550.2])
    sets = element_sets(
        epoch_utc=EPOCH + np.arange(4) * 24 * HOUR, mean_motion_rev_per_day=mean_motion(altitude)
    )
    found = successions(sets)
    disturbed = zip(found.earlier, found.later, found.is_disturbed, strict=True)
    assert {(int(i), int(j)) for i, j, is_disturbed in disturbed if is_disturbed} == {
        (0, 2),
        (0, 3),
        (1, 2),
        (1, 3),
    }


def test_an_angle_along_the_orbit_is_an_error_along_the_track() -> None:
    """0.1° ahead is 12.1 km at a semi-major axis of 6,927 km."""
    later = element_sets(bstar=0.0, eccentricity=0.0001)
    earlier = element_sets(bstar=0.0, eccentricity=0.0001, mean_anomaly_deg=[30.1, 29.9])
    found = measure(earlier, later.select(np.array([0, 0])))
    assert found["error_km"].to_numpy() == pytest.approx([12.09, 12.09], abs=0.01)
    assert found["along_km"].to_numpy() == pytest.approx([12.09, -12.09], abs=0.01)
    assert found["age_days"].tolist() == [0, 0]


def simulated(satellites: int, exponent: float) -> pd.DataFrame:
    """Return pairs of satellites with errors of 2 km · t^exponent, times log-normal noise."""
    random = np.random.default_rng(1)
    age: Array = random.uniform(0.2, 7, satellites * 20)
    error = 2 * age**exponent * np.exp(random.normal(0, 0.5, len(age)))
    number = np.repeat(np.arange(satellites), 20)
    return pd.DataFrame(
        {"norad_cat_id": number, "age_days": age, "error_km": error, "group": len(GROUPS) - 1}
    )


def test_a_power_law_is_found_again() -> None:
    """The 10 % and 90 % quantiles are exp(∓1.2816 · 0.5) times the median."""
    (law,) = fit(simulated(200, 1.4))
    assert (law.pairs, law.satellites) == (4000, 200)
    assert law.median.km == pytest.approx(2, rel=0.05)
    assert law.median.exponent == pytest.approx(1.4, abs=0.05)
    assert law.low.km == pytest.approx(2 * np.exp(-0.6408), rel=0.07)
    assert law.high.km == pytest.approx(2 * np.exp(0.6408), rel=0.07)
    assert law.km_95[0] < 2 < law.km_95[1]
    assert law.exponent_95[0] < 1.4 < law.exponent_95[1]
    others = simulated(200, 1.4)
    assert coverage(others, [law])["is_covered"].mean() == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize("edge_days", [0.4, 0.7, 1.5, 2.5, 3.5, 4.5])
def test_each_span_of_ages_has_the_same_weight(
    edge_days: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the edge are ten times as many pairs as up to it, 70 % of them with larger errors.

    Of both spans together these are 35 % of the weight, but more than half of the pairs.
    """
    monkeypatch.setattr(position_errors, "_RESAMPLES", 2)
    far = 7.0 if edge_days < 2 else 0.2
    age = np.repeat([far, edge_days, edge_days + 0.01], [10, 10, 100])
    error = np.repeat([1.0, 4.0], [50, 70])
    number = np.arange(120)
    (law,) = fit(
        pd.DataFrame({"norad_cat_id": number, "age_days": age, "error_km": error, "group": 0})
    )
    assert law.median.at(np.array([far, edge_days])) == pytest.approx([1, 1], abs=0.01)


def test_too_few_satellites_have_no_law() -> None:
    assert fit(simulated(99, 1)) == []


def test_the_recorded_pairs_have_the_published_medians(recorded_dir: Path) -> None:
    """Published are about 1, 3.5, 12 and 40 km; these are the exact ones of the recorded pairs."""
    found = medians_km(recorded_dir).round(2)
    assert found.to_dict() == {0.25: 0.92, 1.0: 3.39, 3.0: 11.45, 7.0: 38.59}


@pytest.mark.long
def test_bands_cover_four_in_five_of_the_satellites_held_out(pairs: pd.DataFrame) -> None:
    held = pairs[pairs["is_held_out"]]
    covered = coverage(held, error_table().law)
    assert covered["is_covered"].mean() == pytest.approx(0.8105, abs=0.0005)
    assert covered["is_below_median"].mean() == pytest.approx(0.5, abs=0.02)
    spans = pd.cut(covered["age_days"], [0, 0.5, 1.5, 3.5, 7.2])
    for by in (spans, covered["group"]):
        assert covered.groupby(by, observed=True)["is_covered"].mean().between(0.75, 0.85).all()


@pytest.mark.long
def test_the_bundled_laws_are_those_of_the_other_half(
    pairs: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(position_errors, "_RESAMPLES", 2)  # the bounds are of no interest here
    found = fit(pairs[~pairs["is_held_out"]])
    for law, bundled in zip(found, error_table().law, strict=True):
        assert (law.group, law.pairs, law.satellites) == (
            bundled.group,
            bundled.pairs,
            bundled.satellites,
        )
        for name in ("low", "median", "high"):
            ours, theirs = getattr(law, name), getattr(bundled, name)
            assert (ours.km, ours.exponent) == pytest.approx(
                (theirs.km, theirs.exponent), abs=0.001
            )
