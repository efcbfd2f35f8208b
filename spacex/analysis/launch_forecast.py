"""Forecasts of the orbital launches in twelve months, and how good they were.

The twelve months before, times their growth. The growth from one year to the next is the mean of
that seen in the last three years, and the uncertainty is its scatter. Both begin with two years of
assumed evidence: no growth, within a fifth. The number of launches then has a negative binomial
distribution, the mixture of Poisson distributions whose rates scatter so.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.analysis.cadence import ORBITAL
from spacex.analysis.queries import query
from spacex.analysis.source_coverage import covered
from spacex.units import counted
from spacex.warehouse.coverage import LAUNCHES

YEAR = 12
"""Months of a forecast, and of the launches that it starts from."""
LEARNED_MONTHS = 36
"""Months whose growth a forecast continues; their ends must have come to pass."""
SHARE = 0.8
"""Share of the forecasts whose interval should have what happens."""
ASSUMED_YEARS, ASSUMED_SPREAD = 2, 0.2
"""Weight of the assumption that nothing grows, and the scatter of the logarithm of that growth."""

_NBSP = "\N{NO-BREAK SPACE}"
_FLOWN = f"""
    SELECT substr(date_utc, 1, 7) AS month, count(*) AS launches FROM v_launches
    WHERE is_flown AND launch_class = '{ORBITAL}' GROUP BY 1"""


@dataclass(frozen=True)
class LaunchForecast:
    """A forecast of the orbital launches in twelve months.

    Attributes:
        since: the first month, such as 2025-11.
        until: the last month.
        expected: the mean of the distribution.
        low: the lower end of the interval that should have the number with probability SHARE.
        high: its upper end.
        before: the launches in the twelve months before.
        learned_from: the number of months whose growth it continues.
        spread: the scatter of the logarithm of the growth.
    """

    since: str
    until: str
    expected: float
    low: int
    high: int
    before: int
    learned_from: int
    spread: float

    def log_probability(self, launches: int) -> float:
        """Return the natural logarithm of the probability of a number of launches."""
        return float(_log_probabilities(self.expected, self.spread)[launches])


def launch_forecasts(database: Path | str) -> pd.DataFrame:
    """Return the forecast that each covered month gives, beside what happened.

    The last one is that for the months to come. Each uses the launches of before it alone, so it is
    what would have been said then, but for launches that sources have corrected or added since.

    Returns:
        A row for each month with 24 covered months before it, in order: `since` and `until`, the
        first and the last month; `expected`, `low` and `high`; `before`, the launches in the twelve
        months before; `happened`, the launches in the twelve months, missing until they are over;
        `is_covered`, whether the interval has them; `log_score`; and `log_score_of_last_year`, that
        of a Poisson distribution with the rate of the twelve months before. Both scores are natural
        logarithms of probabilities: the higher, the better. No row if too few months are covered.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    counts = covered_months(database)
    rows = [_row(counts, made) for made in range(2 * YEAR, len(counts) + 1)]
    return pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)


@dataclass(frozen=True)
class Score:
    """How forecasts did whose months are over.

    Attributes:
        count: their number.
        covered: how many had an interval with what happened.
        log_score: their mean logarithmic score.
        log_score_of_last_year: that of the rate of the twelve months before.
    """

    count: int
    covered: int
    log_score: float
    log_score_of_last_year: float


def score(forecasts: pd.DataFrame) -> Score:
    """Return how forecasts did, of those of `launch_forecasts` that are over."""
    over = forecasts.dropna(subset="happened")
    return Score(
        count=len(over),
        covered=int(over["is_covered"].sum()),
        log_score=float(over["log_score"].mean()),
        log_score_of_last_year=float(over["log_score_of_last_year"].mean()),
    )


NOTHING = (
    "No source covers launches for two years without a gap, so there is no forecast of launches."
)


def outlook(forecasts: pd.DataFrame) -> str:
    """Return the newest of `launch_forecasts`, of which there is one at least, in a sentence."""
    newest = forecasts.iloc[-1]
    return (
        f"From {_month(newest['since'])} to {_month(newest['until'])}: {newest['low']} to "
        f"{newest['high']} orbital launches, with a probability of {100 * SHARE:.0f}{_NBSP}%; "
        f"{newest['expected']:.0f} are expected. The twelve months before had {newest['before']}."
    )


def track_record(found: Score) -> str:
    """Return how the forecasts did whose months are over, in a sentence."""
    if not found.count:
        return "No forecast of launches is over yet."
    share = f"{100 * found.covered / found.count:.0f}{_NBSP}%"
    times = math.exp(found.log_score - found.log_score_of_last_year)
    return (
        f"Of {counted(found.count, 'earlier forecast')}, {found.covered} ({share}) had what "
        f"happened in their interval. What happened was {times:.1f} times as probable by the "
        "forecasts as by the rate of the twelve months before (geometric mean)."
    )


def _month(text: str) -> str:
    """Return a month in words.

    >>> _month("2025-11")
    'November 2025'
    """
    return f"{pd.Period(text, 'M').strftime('%B %Y')}"


_TYPES = (
    {"since": "str", "until": "str", "expected": "float"}
    | dict.fromkeys(("low", "high", "before"), "int64")
    | {"happened": "Int64", "is_covered": "boolean"}
    | dict.fromkeys(("log_score", "log_score_of_last_year"), "float")
)


def covered_months(database: Path | str) -> "pd.Series[int]":
    """Return the orbital launches of each whole month of the newest covered period, by month."""
    spans = covered(database, LAUNCHES)
    since, until = spans[-1] if spans else ("2006-01-01", "2006-01-01")
    first = pd.Period(since[:10], "M") + int(since[8:10] != "01")
    months = pd.period_range(first, pd.Period(until[:10], "M") - 1, freq="M").astype(str)
    flown = query(database, _FLOWN).set_index("month")["launches"]
    return flown.reindex(months, fill_value=0).astype(int)


def forecast(counts: "pd.Series[int]") -> LaunchForecast:
    """Return the forecast for the twelve months after those with a number of launches.

    Args:
        counts: the launches of at least 24 successive months, by month.
    """
    year = np.convolve(counts.to_numpy(), np.ones(YEAR, np.int64), "valid")
    growth = np.log((year[YEAR:] + 0.5) / (year[:-YEAR] + 0.5))[-LEARNED_MONTHS:]
    weight = len(growth) / YEAR
    mean = weight * growth.mean() / (weight + ASSUMED_YEARS)
    scatter = weight * ((growth - mean) ** 2).mean() + ASSUMED_YEARS * ASSUMED_SPREAD**2
    spread = math.sqrt(scatter / (weight + ASSUMED_YEARS))
    expected = float((year[-1] + 0.5) * np.exp(mean))
    below = np.cumsum(np.exp(_log_probabilities(expected, spread)))
    tail = (1 - SHARE) / 2
    first = pd.Period(counts.index[-1], "M") + 1
    return LaunchForecast(
        since=str(first),
        until=str(first + YEAR - 1),
        expected=expected,
        low=int(np.searchsorted(below, tail)),
        high=int(np.searchsorted(below, 1 - tail)),
        before=int(year[-1]),
        learned_from=len(growth),
        spread=spread,
    )


@lru_cache(maxsize=1)  # a forecast that is scored asks again
def _log_probabilities(mean: float, spread: float) -> NDArray[np.float64]:
    """Return the logarithms of the probabilities of 0, 1, 2 … launches."""
    size = 1 / math.expm1(spread**2)
    highest = int(mean * math.exp(6 * spread) + 10 * math.sqrt(mean) + 50)
    ways = [math.lgamma(k + size) - math.lgamma(k + 1) for k in range(highest)]
    share = mean / (size + mean)
    return np.asarray(
        np.array(ways)
        - math.lgamma(size)
        + size * math.log1p(-share)
        + np.arange(highest) * math.log(share)
    )


def _row(counts: "pd.Series[int]", made: int) -> tuple[object, ...]:
    """Return a row of `launch_forecasts`.

    Args:
        counts: the launches by month.
        made: the number of months that the forecast knows.
    """
    found = forecast(counts[:made])
    said = (found.since, found.until, found.expected, found.low, found.high, found.before)
    if made + YEAR > len(counts):
        return (*said, None, None, None, None)
    happened, rate = int(counts[made : made + YEAR].sum()), max(found.before, 0.5)
    return (
        *(*said, happened, found.low <= happened <= found.high),
        found.log_probability(happened),
        happened * math.log(rate) - rate - math.lgamma(happened + 1),
    )
