"""Magnitudes against the values that Mallama and others published."""

import numpy as np
import pytest

from spacex.orbits.magnitudes import apparent_magnitude, design_difference_mag

OVERHEAD = (np.array([550.0]), np.array([72.0]))
"""A satellite overhead at the end of astronomical twilight: the Sun is 18° below the horizon."""


def difference(version: str | None, launched: str | None = None, status: str = "operational"):
    return design_difference_mag([version], [launched], [status])


@pytest.mark.parametrize(
    ("version", "launched", "magnitude"),
    [
        ("v0.9", "2019-05-24", 4.7),
        ("v1.0", "2020-07-31", 4.7),
        ("v1.0", "2020-08-07", 6.2),
        ("v1.5", "2022-02-03", 5.5),
    ],
)
def test_the_first_generation_has_its_characteristic_magnitude(
    version: str, launched: str, magnitude: float
) -> None:
    """arXiv:2210.17268: original 4.7, VisorSat 6.2, post-VisorSat 5.5."""
    found = apparent_magnitude(difference(version, launched), *OVERHEAD)
    assert found == pytest.approx([magnitude])


@pytest.mark.parametrize(("phase_deg", "magnitude"), [(60, 7.15988), (90, 8.02973), (120, 7.96952)])
def test_a_v2_mini_has_its_phase_function(phase_deg: float, magnitude: float) -> None:
    """arXiv:2306.06657, figure 5, at 1,000 km; its mean there is 7.87."""
    at = (np.array([1000.0]), np.array([phase_deg]))
    assert apparent_magnitude(difference("V2 mini"), *at) == pytest.approx([magnitude])
    assert apparent_magnitude(difference("V2 mini optimized"), *at) == pytest.approx([magnitude])


def test_a_v2_mini_is_brighter_by_a_factor_of_12_while_it_is_raised() -> None:
    brighter = difference("V2 mini") - difference("V2 mini", status="raising")
    assert 10 ** (0.4 * brighter) == pytest.approx([12])


def test_direct_to_cell_is_brighter_by_the_difference_of_the_means() -> None:
    """arXiv:2502.03651: 6.47 at 1,000 km, against 7.87."""
    assert difference("V2 mini direct to cell") == pytest.approx([-1.4])


def test_a_double_distance_is_one_and_a_half_magnitudes() -> None:
    near, far = (
        apparent_magnitude(difference("v1.5"), np.array([km]), np.array([90.0]))
        for km in (500, 1000)
    )
    assert far - near == pytest.approx([1.505], abs=5e-4)


@pytest.mark.parametrize("pair", [(0.0, 30.0), (150.0, 180.0)])
def test_beyond_the_phase_angles_of_the_fit_its_end_counts(pair: tuple[float, float]) -> None:
    found = apparent_magnitude(np.zeros(2), np.full(2, 1000.0), np.array(pair))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("version", "launched", "status"),
    [
        (None, "2022-01-01", "operational"),
        ("unknown", "2022-01-01", "operational"),
        ("prototype", "2018-02-22", "operational"),
        ("v1.0", None, "operational"),
        ("v1.5", "2022-01-01", "raising"),
        ("V2 mini direct to cell", "2025-01-01", "raising"),
        ("V2 mini", "2025-01-01", "lowering"),
        ("V2 mini", "2025-01-01", "stale"),
    ],
)
def test_what_nobody_measured_is_unknown(
    version: str | None, launched: str | None, status: str
) -> None:
    assert np.isnan(difference(version, launched, status))
