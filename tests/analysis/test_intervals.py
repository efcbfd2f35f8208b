"""Intervals against the tables of Garwood, Pearson and Hartley, and Kalbfleisch and Prentice."""

import numpy as np
import pytest

from spacex.analysis.intervals import garwood, greenwood, percent, wilson


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


def test_greenwood_matches_the_textbook() -> None:
    """Remission under 6-mercaptopurine (Kalbfleisch and Prentice, section 1.4)."""
    at_risk = np.array([21.0, 17, 15, 12, 11, 7, 6])
    lost = np.array([3.0, 1, 1, 1, 1, 1, 1])
    low, high = greenwood(at_risk, lost, np.cumprod(1 - lost / at_risk))
    assert low == pytest.approx([0.620, 0.563, 0.503, 0.432, 0.368, 0.268, 0.188], abs=6e-4)
    assert high == pytest.approx([0.952, 0.923, 0.889, 0.849, 0.805, 0.747, 0.680], abs=6e-4)


def test_greenwood_is_undefined_before_the_first_loss_and_after_the_last() -> None:
    low, high = greenwood(np.array([2.0, 1.0]), np.array([0.0, 1.0]), np.array([1.0, 0.0]))
    assert np.isnan([low, high]).all()


@pytest.mark.parametrize(("successes", "trials", "text"), [(0, 0, "–"), (1, 3, "33.3\xa0%")])
def test_percent_is_a_dash_without_trials(successes: int, trials: int, text: str) -> None:
    assert percent(successes, trials) == text
