"""95 % confidence intervals of shares, rates and slopes."""

from collections.abc import Callable
from functools import cache
from math import atan, cos, exp, fsum, lgamma, log, log1p, nan, pi, sin, sqrt

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
    _require_share(successes, trials)
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


@cache
def clopper_pearson(successes: int, trials: int) -> tuple[float, float]:
    """Return the exact interval of a share; (0, 1) without trials.

    It covers with a probability of at least CONFIDENCE, also where the share is near 0 or 1.
    Source: Clopper and Pearson, Biometrika 26 (1934), 404.

    >>> [round(bound, 4) for bound in clopper_pearson(4, 20)]
    [0.0573, 0.4366]

    Raises:
        SettingsError: as `wilson`.
    """
    _require_share(successes, trials)
    tail = (1 - CONFIDENCE) / 2
    low = _binomial_share(successes - 1, trials, 1 - tail) if successes else 0.0
    return low, _binomial_share(successes, trials, tail) if successes < trials else 1.0


def slope(x: Array, y: Array) -> tuple[float, float, float]:
    """Return the least-squares slope of points and its interval by Student's t.

    Args:
        x: ascending; shape (n,).
        y: shape (n,).

    Returns:
        Three numbers; NaN for fewer than 3 points, which have no interval.
    """
    if len(x) < 3:
        return nan, nan, nan
    centred = x - x.mean()
    spread = float(centred @ centred)
    rate = float(centred @ y) / spread
    residual = y - y.mean() - rate * centred
    freedom = len(x) - 2
    error = sqrt(float(residual @ residual) / freedom / spread)
    half_width = student_t(freedom) * error
    return rate, rate - half_width, rate + half_width


@cache
def student_t(freedom: int) -> float:
    """Return the t that |T| exceeds with probability 1 - CONFIDENCE, for degrees of freedom.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.

    >>> [round(student_t(freedom), 3) for freedom in (1, 2, 5, 30)]
    [12.706, 4.303, 2.571, 2.042]
    """

    def exceeded(t: float) -> float:
        angle = atan(t / sqrt(freedom))
        is_odd = freedom % 2
        term = total = cos(angle) if is_odd else 1.0
        for k in range(2 + is_odd, freedom, 2):
            term *= cos(angle) ** 2 * (k - 1) / k
            total += term
        total *= sin(angle)
        if freedom == 1:
            total = 0.0
        return 1 - (2 / pi * (angle + total) if is_odd else total)

    return _solve(exceeded, 1 - CONFIDENCE, 100.0)


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


def _require_share(successes: int, trials: int) -> None:
    if not 0 <= successes <= trials:
        raise SettingsError(
            f"There are {successes} successes in {trials} trials.",
            remedy="Give at most as many successes as trials, and no negative number.",
        )


def _poisson_mean(count: int, probability: float) -> float:
    """Return the Poisson mean at which P(X <= count) is `probability`."""
    orders = [lgamma(k + 1) for k in range(count + 1)]

    def cdf(mean: float) -> float:
        log_mean = log(mean)
        return fsum([exp(k * log_mean - mean - order) for k, order in enumerate(orders)])

    return _solve(cdf, probability, count + 10.0 * sqrt(count + 1) + 20.0)


def _binomial_share(count: int, trials: int, probability: float) -> float:
    """Return the share of successes at which P(X <= count) is `probability`."""
    ways = [lgamma(trials + 1) - lgamma(k + 1) - lgamma(trials - k + 1) for k in range(count + 1)]

    def cdf(share: float) -> float:
        yes, no = log(share), log1p(-share)
        return fsum(exp(way + k * yes + (trials - k) * no) for k, way in enumerate(ways))

    return _solve(cdf, probability, 1.0)


def _solve(decreasing: Callable[[float], float], value: float, high: float) -> float:
    """Return where a decreasing function has a value, between 0 and a limit, by bisection."""
    low = 0.0
    while low < (middle := (low + high) / 2) < high:
        if decreasing(middle) > value:
            low = middle
        else:
            high = middle
    return middle
