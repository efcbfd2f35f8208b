"""95 % confidence intervals of shares, rates and survival curves."""

from math import exp, fsum, lgamma, log, sqrt

import numpy as np

from spacex.errors import SettingsError
from spacex.orbits.elements import Array

CONFIDENCE = 0.95
Z_95 = 1.959963984540054
"""Quantile of the standard normal distribution at (1 + CONFIDENCE) / 2."""
_NBSP = "\N{NO-BREAK SPACE}"


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return the Wilson score interval of a share; (0, 1) without trials.

    Unlike the normal approximation, it stays within [0, 1] and has a width even if all trials
    succeed. Source: Wilson, Journal of the American Statistical Association 22 (1927), 209.

    >>> [round(bound, 4) for bound in wilson(181, 186)]
    [0.9386, 0.9885]

    Raises:
        SettingsError: there are more successes than trials, or a number is negative.
    """
    if not 0 <= successes <= trials:
        raise SettingsError(
            f"There are {successes} successes in {trials} trials.",
            remedy="Give at most as many successes as trials, and no negative number.",
        )
    if trials == 0:
        return 0.0, 1.0
    share, z = successes / trials, Z_95
    scale = 1 + z * z / trials
    centre = (share + z * z / (2 * trials)) / scale
    half_width = z / scale * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return max(0.0, centre - half_width), min(1.0, centre + half_width)


def garwood(count: int) -> tuple[float, float]:
    """Return the exact interval of the mean of a Poisson variable observed once.

    Each bound is the mean at which a count at least as extreme has probability
    (1 - CONFIDENCE) / 2. Source: Garwood, Biometrika 28 (1936), 437.

    >>> [round(bound, 3) for bound in garwood(10)]
    [4.795, 18.39]

    Raises:
        SettingsError: the count is negative.
    """
    if count < 0:
        raise SettingsError(f"The count is {count}.", remedy="Give a count of 0 or more.")
    tail = (1 - CONFIDENCE) / 2
    return _poisson_mean(count - 1, 1 - tail) if count else 0.0, _poisson_mean(count, tail)


def greenwood(at_risk: Array, lost: Array, survival: Array) -> tuple[Array, Array]:
    """Return the interval of a Kaplan-Meier curve, from Greenwood's variance of log(-log S).

    The log-log scale keeps the interval within [0, 1]. Source: Kalbfleisch and Prentice, The
    Statistical Analysis of Failure Time Data, section 1.4.

    Args:
        at_risk: satellites alive just before each age; shape (k,).
        lost: satellites lost at each age; shape (k,).
        survival: the curve S after each age; shape (k,).

    Returns:
        Lower and upper bounds, each of shape (k,); NaN where S is 0 or 1.

    >>> low, high = greenwood(np.array([21.0]), np.array([3.0]), np.array([18 / 21]))
    >>> round(float(low[0]), 3), round(float(high[0]), 3)
    (0.62, 0.952)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(lost / (at_risk * (at_risk - lost)))
        half_width = Z_95 * np.sqrt(variance) / np.log(survival)
        low, high = survival ** np.exp(-half_width), survival ** np.exp(half_width)
    is_defined = (survival > 0) & (survival < 1)
    return np.where(is_defined, low, np.nan), np.where(is_defined, high, np.nan)


def percent(successes: int, trials: int) -> str:
    r"""Format a share in percent; a dash without trials.

    >>> percent(181, 186)
    '97.3\xa0%'
    """
    return f"{100 * successes / trials:.1f}{_NBSP}%" if trials else "–"


def wilson_text(successes: int, trials: int) -> str:
    r"""Format the Wilson interval of a share in percent.

    >>> wilson_text(181, 186)
    '95\xa0% interval 93.9\xa0to\xa098.8\xa0%'
    """
    low, high = wilson(successes, trials)
    bounds = f"{100 * low:.1f} to {100 * high:.1f} %".replace(" ", _NBSP)
    return f"95{_NBSP}% interval {bounds}"


def _poisson_mean(count: int, probability: float) -> float:
    """Return the Poisson mean at which P(X <= count) is `probability`, by bisection."""
    low, high = 0.0, count + 10.0 * sqrt(count + 1) + 20.0
    while low < (middle := (low + high) / 2) < high:
        if _poisson_cdf(count, middle) > probability:
            low = middle
        else:
            high = middle
    return middle


def _poisson_cdf(count: int, mean: float) -> float:
    """Return P(X <= count) for a positive mean."""
    return fsum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(count + 1))
