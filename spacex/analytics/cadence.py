"""How often rockets fly: launches in a period, as a rate with its interval.

If launches came independently at a steady rate, their number in a period would be a Poisson
variable. The interval is the exact one of Garwood (Biometrika 28, 1936): the rates at which as many
launches or more, and as many or fewer, would have a probability of half of what is left out. It is
about the rate, not about the future: launches are planned, and years differ.
"""

import math
from dataclasses import dataclass
from pathlib import Path

from spacex.errors import SettingsError
from spacex.queries import query
from spacex.units import utc_instant

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Rate:
    """A rate of independent events.

    Attributes:
        count: events seen.
        period_years: how long was looked, a.
        per_year: events a year.
        low_per_year: lower end of the interval.
        high_per_year: upper end of the interval.
    """

    count: int
    period_years: float
    per_year: float
    low_per_year: float
    high_per_year: float


def rate(count: int, period_years: float, confidence: float = 0.95) -> Rate:
    """The rate of events that were counted over a period.

    Raises:
        SettingsError: the count is negative, or there is no period.
    """
    if count < 0 or not period_years > 0:
        raise SettingsError(
            f"{count} events in {period_years} years have no rate.", remedy="Choose a period."
        )
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else _mean_where(count - 1, 1 - tail)
    high = _mean_where(count, tail)
    ends = (count / period_years, low / period_years, high / period_years)
    return Rate(count, period_years, *ends)


def launch_rate(database: Path, since: str, until: str) -> Rate:
    """How many launches a year took place from one instant up to another.

    Raises:
        SettingsError: the period is none.
        DatabaseError: there is no database, or it cannot be read.
    """
    found = query(
        database,
        """SELECT count(*) AS n FROM launches
           WHERE NOT is_upcoming AND date_utc >= ? AND date_utc < ?""",
        (since, until),
    )
    days = (utc_instant(until) - utc_instant(since)).total_seconds() / 86400
    return rate(int(found["n"].iloc[0]), days / DAYS_PER_YEAR)


def _mean_where(count: int, probability: float) -> float:
    """The Poisson mean at which `count` events or fewer have that probability, by bisection."""
    low, high = 0.0, count + 10.0 * math.sqrt(count + 1) + 20.0
    for _ in range(200):
        middle = (low + high) / 2
        if _at_most(count, middle) > probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _at_most(count: int, mean: float) -> float:
    if mean == 0:
        return 1.0
    logs = (k * math.log(mean) - mean - math.lgamma(k + 1) for k in range(count + 1))
    return math.fsum(map(math.exp, logs))
