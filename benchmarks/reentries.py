"""Fit the law of `spacex.orbits.reentry` anew: `python -m benchmarks.reentries`.

Forecasts of a satellite are made with a law that was fitted on the others, in FOLDS parts. What is
measured counts every forecast: a re-entry that is known to lie between two instants has an error
between two values, and one that has not happened an error from one value on. The distribution of
the errors is Turnbull's, as of `spacex.analysis.survival`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from benchmarks.measurement import leave_out_pyarrow
from spacex.analysis.survival import turnbull
from spacex.orbits.elements import Array
from spacex.orbits.reentry import (
    LAW,
    LONGEST_DAYS,
    Law,
    decay_integral,
    own_terms,
    remaining_lives,
)
from tests.conftest import RECORDED
from tests.recorded_reentries import Sinking, recorded_sinkings

SEED, FOLDS = 21, 20
SHARE = 0.8
LEAST_DAYS, WIDEST = 2.0, 0.35
"""Laws are fitted on lives of at least so many days, known within this share of them."""
_WEIGHTS = tuple(np.arange(0.3, 1.01, 0.1))
_USUAL_M2_PER_KG = np.geomspace(0.003, 0.1, 60)


@dataclass(frozen=True, eq=False)
class Forecasts:
    """Forecasts of remaining lives beside the truth, all in days; shapes (n,).

    Attributes:
        number: catalogue numbers.
        expected: the forecasts.
        naive: those of the baseline: a constant scale height, fitted likewise.
        spread: half the width of the interval of the logarithm.
        is_measured: whether the ballistic term is from the altitudes of several days.
        earliest: the shortest life that is possible.
        latest: the longest one, or infinity.
    """

    number: NDArray[np.int64]
    expected: Array
    naive: Array
    spread: Array
    is_measured: NDArray[np.bool_]
    earliest: Array
    latest: Array

    def select(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> "Forecasts":
        """Return some of the forecasts."""
        return Forecasts(**{name: value[chosen] for name, value in vars(self).items()})

    @property
    def has_ended(self) -> NDArray[np.bool_]:
        """Whether each satellite is known to have re-entered."""
        return np.isfinite(self.latest)

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """Whether the life is known well enough to fit a law."""
        middle = (self.earliest + self.latest) / 2
        width = np.where(self.has_ended, self.latest - self.earliest, np.inf)
        is_narrow = self.has_ended & (width <= np.maximum(WIDEST * middle, 1.01))
        return np.asarray((middle >= LEAST_DAYS) & is_narrow)


def forecast(sinkings: Sequence[Sinking], law: Law, scale_km: float = 1.0) -> Forecasts:
    """Return the forecasts by a law of the satellites that remain for LONGEST_DAYS at most.

    Args:
        sinkings: the satellites.
        law: the law.
        scale_km: the scale height of the baseline.
    """
    parts = []
    for each in sinkings:
        lives = remaining_lives(each.of, each.weather, law)
        _, is_measured = own_terms(each.of, each.weather)
        parts.append(
            Forecasts(
                each.of.norad_cat_id,
                lives.expected_days,
                scale_km / -each.of.altitude_rate_km_per_day,
                np.log(lives.high_days / lives.expected_days),
                is_measured,
                np.maximum(each.earliest_days, 0.01),
                each.latest_days,
            ).select(lives.expected_days <= LONGEST_DAYS)
        )
    return joined(parts)


def joined(parts: Sequence[Forecasts]) -> Forecasts:
    """Return the forecasts of several."""
    names = vars(parts[0])
    return Forecasts(**{name: np.concatenate([vars(p)[name] for p in parts]) for name in names})


def fit(sinkings: Sequence[Sinking]) -> tuple[Law, float]:
    """Return the law, and the scale height of the baseline, with the least absolute errors.

    Every satellite has the same weight, whatever the number of its forecasts.
    """
    lasts, own, several, life, numbers, scale = ([] for _ in range(6))
    for each in sinkings:
        here = forecast([each], LAW)
        chosen = each.select(np.isin(each.of.norad_cat_id, here.number[here.is_known]))
        term, is_measured = own_terms(chosen.of, chosen.weather)
        lasts.append(decay_integral(chosen.of.altitude_km, chosen.weather))
        own.append(term)
        several.append(is_measured)
        life.append((chosen.earliest_days + chosen.latest_days) / 2)
        numbers.append(chosen.of.norad_cat_id)
        scale.append(-chosen.of.altitude_rate_km_per_day)
    needed = np.log(np.concatenate(lasts) / np.concatenate(life))
    logs, of_many = np.log(np.concatenate(own)), np.concatenate(several)
    _, of, count = np.unique(np.concatenate(numbers), return_inverse=True, return_counts=True)
    weight = 1 / count[of]

    def error(candidate: tuple[float, float, float]) -> float:
        usual, of_several, of_one = candidate
        share = np.where(of_many, of_several, of_one)
        return float(weight @ np.abs(needed - share * logs - (1 - share) * np.log(usual)))

    usual, of_several, of_one = min(product(_USUAL_M2_PER_KG, _WEIGHTS, _WEIGHTS), key=error)
    law = Law(float(usual), float(of_several), float(of_one), 1.0, 1.0)
    found = forecast(sinkings, law)
    spreads = [
        quantile(*deviations(found.select(found.is_measured == each)), SHARE)
        for each in (True, False)
    ]
    law = Law(law.usual_m2_per_kg, law.own_weight, law.own_weight_of_one, *spreads)
    return law, float(np.median(np.concatenate(life) * np.concatenate(scale)))


def deviations(of: Forecasts) -> tuple[Array, Array]:
    """Return between which values the logarithm of truth over forecast lies, without its sign."""
    with np.errstate(divide="ignore"):
        low, high = np.log(of.earliest / of.expected), np.log(of.latest / of.expected)
    nearest = np.where((low <= 0) & (high >= 0), 0, np.minimum(np.abs(low), np.abs(high)))
    return nearest, np.maximum(np.abs(low), np.abs(high))


def errors(of: Forecasts, expected: Array) -> tuple[Array, Array]:
    """Return between which values the error lies, as a share of the remaining life."""
    ends = [np.abs(expected / end - 1) for end in (of.earliest, of.latest)]
    inside = (of.earliest <= expected) & (expected <= of.latest)
    return np.where(inside, 0, np.minimum(*ends)), np.maximum(*ends)


def quantile(low: Array, high: Array, share: float) -> float:
    """Return a quantile of values that lie between two values each."""
    _, right, mass = turnbull(low - 1e-9, high)
    return float(right[np.searchsorted(np.cumsum(mass), share - 1e-9)])


def share_below(low: Array, high: Array, limit: Array) -> float:
    """Return the share of values that are at most their limit, between two values each."""
    _, right, mass = turnbull(low / limit - 1e-9, high / limit)
    return float(mass[right <= 1 + 1e-9].sum())


def held_out(sinkings: Sequence[Sinking], folds: int = FOLDS) -> Forecasts:
    """Return the forecasts of every satellite by laws that were fitted on the others.

    Args:
        sinkings: the satellites.
        folds: number of parts, each of which is held out once.
    """
    numbers = np.unique(np.concatenate([each.of.norad_cat_id for each in sinkings]))
    parts = []
    for fold in np.array_split(np.random.default_rng(SEED).permutation(numbers), folds):
        is_held = [np.isin(each.of.norad_cat_id, fold) for each in sinkings]
        law, scale = fit([s.select(~held) for s, held in zip(sinkings, is_held, strict=True)])
        tested = [s.select(held) for s, held in zip(sinkings, is_held, strict=True)]
        parts.append(forecast(tested, law, scale))
    return joined(parts)


if __name__ == "__main__":
    leave_out_pyarrow()
    found, height_km = fit(recorded_sinkings(RECORDED))
    print(found)
    print(f"Scale height of the baseline: {height_km:.1f} km")
