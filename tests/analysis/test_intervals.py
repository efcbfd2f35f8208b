"""Intervals of shares, rates and survival."""

import pytest

from spacex.analysis.intervals import percent, wilson


def test_wilson_stays_within_0_and_1() -> None:
    assert wilson(0, 0) == (0, 1)
    assert wilson(5, 5)[1] == 1


@pytest.mark.parametrize(("successes", "trials", "text"), [(0, 0, "–"), (1, 3, "33.3\xa0%")])
def test_percent_is_a_dash_without_trials(successes: int, trials: int, text: str) -> None:
    assert percent(successes, trials) == text
