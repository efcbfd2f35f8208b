"""Intervals against published tables."""

import numpy as np
import pytest

from spacex.analysis.intervals import (
    clopper_pearson,
    garwood,
    percent,
    slope,
    student_t,
    wilson,
)


def test_wilson_stays_within_0_and_1() -> None:
    assert wilson(0, 0) == (0, 1)
    assert wilson(5, 5)[1] == 1


@pytest.mark.parametrize(
    ("count", "bounds"),
    {
        0: (0, 3.689),
        1: (0.0253, 5.572),
        5: (1.623, 11.668),
        10: (4.795, 18.390),
        100: (81.36, 121.63),
    }.items(),
)
def test_garwood_matches_the_published_table(count: int, bounds: tuple[float, float]) -> None:
    assert garwood(count) == pytest.approx(bounds, abs=6e-3)


@pytest.mark.parametrize(
    ("successes", "trials", "bounds"),
    [
        (0, 10, (0, 0.3085)),
        (1, 10, (0.0025, 0.4450)),
        (5, 10, (0.1871, 0.8129)),
        (10, 10, (0.6915, 1)),
        (0, 0, (0, 1)),
    ],
)
def test_clopper_pearson_matches_the_published_table(
    successes: int, trials: int, bounds: tuple[float, float]
) -> None:
    assert clopper_pearson(successes, trials) == pytest.approx(bounds, abs=6e-5)


def test_student_matches_the_published_table() -> None:
    found = [student_t(freedom) for freedom in (1, 2, 3, 4, 5, 10, 30)]
    published = [12.706, 4.303, 3.182, 2.776, 2.571, 2.228, 2.042]
    assert found == pytest.approx(published, abs=6e-4)


def test_slope_has_an_interval_from_three_points() -> None:
    """The residuals of 0, 1, 3 are 1/6, -1/3, 1/6: their standard error is sqrt(1/6 / 2)."""
    rate, low, high = slope(np.arange(3.0), np.array([0.0, 1, 3]))
    assert (rate, high - rate, rate - low) == pytest.approx(
        (1.5, *2 * [12.706 / 12**0.5]), rel=1e-4
    )
    assert np.isnan(slope(np.arange(2.0), np.arange(2.0))).all()


@pytest.mark.parametrize(("successes", "trials", "text"), [(0, 0, "–"), (1, 3, "33.3\xa0%")])
def test_percent_is_a_dash_without_trials(successes: int, trials: int, text: str) -> None:
    assert percent(successes, trials) == text
