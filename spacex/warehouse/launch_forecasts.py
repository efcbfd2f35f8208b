"""Forecast the orbital launches in twelve months, and store the forecast with each run.

The twelve months before, times their growth. The growth from one year to the next is the mean of
that seen in the last three years, and the uncertainty is its scatter. Both begin with two years of
assumed evidence: no growth, within a fifth. The number of launches then has a negative binomial
distribution, the mixture of Poisson distributions whose rates scatter so.

The first run whose sources cover a month entirely stores the forecast of the twelve months after
it, beside the snapshots (`spacex.extract.stored_forecasts`). Later runs load it as it is, whatever
sources have corrected or added since. A changed rule has another name and forecasts of its own.
"""

import math
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.extract.stored_forecasts import (
    Forecast,
    StoredForecasts,
    store_forecasts,
    stored_until,
)
from spacex.schema.forecasts import LAUNCHES_IN_A_YEAR
from spacex.warehouse.checks import Finding
from spacex.warehouse.coverage import LAUNCHES, Span, union
from spacex.warehouse.forecasts import insert_forecasts, undone_if_failed

MODEL = "growth of three years 1"
"""Name of the rule; another rule, or other constants, have another name."""
YEAR = 12
"""Months of a forecast, and of the launches that it starts from."""
LEARNED_MONTHS = 36
"""Months whose growth a forecast continues; their ends must have come to pass."""
SHARE = 0.8
"""Share of the forecasts whose interval should have what happens."""
ASSUMED_YEARS, ASSUMED_SPREAD = 2, 0.2
"""Weight of the assumption that nothing grows, and the scatter of the logarithm of that growth."""
FLOWN = """
    SELECT substr(date_utc, 1, 7) AS month, count(*) AS launches FROM v_launches
    WHERE is_flown AND launch_class = 'orbital' GROUP BY 1"""

_COVERED = f"SELECT from_utc, to_utc FROM v_coverage WHERE subject = '{LAUNCHES}'"


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


def monthly(spans: Sequence[Span], launches: Mapping[str, int]) -> "pd.Series[int]":
    """Return the launches of each whole month of the newest covered period, by month.

    Args:
        spans: the covered periods, in time order.
        launches: month → its launches, if it has any.
    """
    since, until = spans[-1] if spans else ("2006-01-01", "2006-01-01")
    first = pd.Period(since[:10], "M") + int(since[8:10] != "01")
    months = pd.period_range(first, pd.Period(until[:10], "M") - 1, freq="M").astype(str)
    return pd.Series([launches.get(month, 0) for month in months], months, dtype="int64")


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


def record_launch_forecasts(
    connection: sqlite3.Connection, run_id: str, raw_dir: Path
) -> list[Finding]:
    """Load the stored forecasts of launches; make and store the one that the covered months give.

    A failure loads none, and stops nothing.

    Args:
        connection: the database being loaded, with its views and the row of the run.
        run_id: the run.
        raw_dir: the folder of the snapshots.

    Returns:
        A finding if the forecasts failed.
    """
    with undone_if_failed(connection, "The launches to come could not be forecast") as failures:
        counts = _covered_months(connection)
        if len(counts) >= 2 * YEAR:
            made = _made(forecast(counts), run_id)
            known = stored_until(raw_dir, LAUNCHES_IN_A_YEAR, made.made_utc)
            if (made.made_utc, MODEL) not in {(each.made_utc, each.model) for each in known}:
                store_forecasts(raw_dir, made)
                known.append(made)
            insert_forecasts(connection, known)
    return failures


def _covered_months(connection: sqlite3.Connection) -> "pd.Series[int]":
    launches = {str(month): int(number) for month, number in connection.execute(FLOWN)}
    return monthly(union(connection.execute(_COVERED).fetchall()), launches)


def _made(found: LaunchForecast, run_id: str) -> StoredForecasts:
    values = (f"{each:.0f}" for each in (found.expected, found.low, found.high))
    one = Forecast(f"{found.since} to {found.until}", *values)
    return StoredForecasts(f"{found.since}-01T00:00:00Z", LAUNCHES_IN_A_YEAR, MODEL, run_id, (one,))


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
