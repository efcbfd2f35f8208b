"""Forecasts of the orbital launches in twelve months, and how good they were.

`spacex.warehouse.launch_forecasts` has the rule, and stores the forecast of each month. Here, the
rule is applied to each covered month (`launch_forecasts`), and what is stored is compared with what
happened (`stored_launch_forecasts`).
"""

import math
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from spacex.analysis.intervals import percent, wilson_text
from spacex.analysis.queries import query
from spacex.analysis.source_coverage import covered
from spacex.schema.forecasts import LAUNCHES_IN_A_YEAR
from spacex.units import counted
from spacex.warehouse.coverage import LAUNCHES
from spacex.warehouse.launch_forecasts import FLOWN, SHARE, YEAR, forecast, monthly

_NBSP = "\N{NO-BREAK SPACE}"
_STORED = f"""
    SELECT made_utc, substr(subject, 1, 7) AS since, substr(subject, -7) AS until,
           CAST(value AS INTEGER) AS expected, CAST(low AS INTEGER) AS low,
           CAST(high AS INTEGER) AS high, model, run
    FROM forecasts WHERE kind = '{LAUNCHES_IN_A_YEAR}' ORDER BY made_utc, model"""


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
    flown = query(database, FLOWN).itertuples(index=False, name=None)
    return monthly(covered(database, LAUNCHES), dict(flown))


def stored_launch_forecasts(database: Path | str) -> pd.DataFrame:
    """Return every stored forecast of launches beside what happened, oldest first.

    Returns:
        `made_utc`, the end of the months that it was made from; `since` and `until`, the first and
        the last month; `expected`, `low` and `high`; `model` and `run`; `happened`, the launches in
        these months, missing unless the sources cover them all; and `is_covered`, whether the
        interval has them.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    found = query(database, _STORED)
    counts = covered_months(database)
    pairs = zip(found["since"], found["until"], strict=True)
    spans = [counts[(counts.index >= since) & (counts.index <= until)] for since, until in pairs]
    happened = [int(each.sum()) if len(each) == YEAR else None for each in spans]
    found["happened"] = pd.Series(happened, found.index, dtype="Int64")
    is_covered = found["happened"].between(found["low"], found["high"]).astype("boolean")
    return found.assign(is_covered=is_covered.where(found["happened"].notna()))


def stored_record(found: pd.DataFrame) -> str:
    """Return how the stored forecasts of launches turned out, in a sentence.

    Args:
        found: from `stored_launch_forecasts`.
    """
    if found.empty:
        return "No forecast of launches is stored yet: the first run with new launches stores one."
    period = f"{_month(found['since'].min())} to {_month(found['since'].max())}"
    stored = f"{counted(len(found), 'forecast')} of launches stored, of twelve months from {period}"
    over = found.dropna(subset="happened")
    if over.empty:
        return f"{stored}: none is over yet."
    hits = int(over["is_covered"].sum())
    return (
        f"{stored}: {len(over)} over, and {percent(hits, len(over))} of these intervals "
        f"({wilson_text(hits, len(over))}) had what happened, where 80{_NBSP}% should."
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
