"""The Wilson score interval: what a share observed in few trials says about the true one."""

from math import sqrt

_NBSP = "\N{NO-BREAK SPACE}"
Z_95 = 1.959963984540054
"""The normal deviate that 95 % of all lie within."""


def wilson(successes: int, trials: int, z: float = Z_95) -> tuple[float, float]:
    """The interval that holds the true share with 95 % confidence; (0, 1) without trials.

    Unlike the usual ± it stays within 0 and 1 and says something when no trial failed.

    >>> [round(end, 4) for end in wilson(181, 186)]
    [0.9386, 0.9885]
    """
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    spread = 1 + z * z / trials
    middle = (share + z * z / (2 * trials)) / spread
    half = z / spread * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return max(0.0, middle - half), min(1.0, middle + half)


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
    ends = f"{100 * low:.1f} to {100 * high:.1f} %".replace(" ", _NBSP)
    return f"95{_NBSP}% interval {ends}"
