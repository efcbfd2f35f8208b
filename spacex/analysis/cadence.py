"""How often rockets fly: launches in a period, as a rate with its interval.

If launches came independently at a steady rate, their number in a period would be a Poisson
variable. The interval is the exact one of Garwood (Biometrika 28, 1936): the rates at which as many
launches or more, and as many or fewer, would have a probability of half of what is left out. It is
about the rate, not about the future: launches are planned, and years differ.

A year has a rate over the part of it that the sources cover, and a year that none covers has none.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from spacex.analysis.queries import query
from spacex.errors import SettingsError
from spacex.sources import SOURCES
from spacex.units import utc_instant

DAYS_PER_YEAR = 365.25
FEWEST_DAYS = 28.0
"""A year of which less is covered has no rate: a launch more or less would change it too much."""

_SECOND_FLIGHT = "2007-03-21"
"""A source that has launches from before it has SpaceX's first, and there was none before that."""
Span = tuple[str, str]


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
    return rate(int(found["n"].iloc[0]), _days((since, until)) / DAYS_PER_YEAR)


def by_year(database: Path) -> pd.DataFrame:
    """The launches of each year, and the rate behind them over what the sources cover of the year.

    Returns:
        `year`, `launches`, `is_partial`, `covered_pct` of the year's days, `since_utc` and
        `until_utc`, between which these lie, and `per_year`, `low_per_year` and `high_per_year`,
        which are NaN where less than FEWEST_DAYS are covered. A year that no source covers has
        no row.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    flown = query(database, "SELECT year FROM v_launches WHERE outcome <> 'planned'")
    launches = flown["year"].value_counts()
    covered: dict[int, list[Span]] = {}
    for year, span in _by_year(coverage(database)):
        covered.setdefault(year, []).append(span)
    found = [_row(year, int(launches.get(year, 0)), spans) for year, spans in covered.items()]
    return pd.DataFrame(found, columns=list(_row(2006, 0, [_year(2006)])))


def coverage(database: Path) -> list[Span]:
    """The spans of time in which the sources have every launch, in order, apart from each other.

    A source covers the time from its first flown launch to its last. One that is living, and that
    tells of launches to come, covers it until it was last asked; one that has SpaceX's first
    launch, from the beginning of that year.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    spans = query(
        database,
        """SELECT source, min(date_utc) FILTER (WHERE NOT is_upcoming) AS since,
                  max(date_utc) FILTER (WHERE NOT is_upcoming) AS until,
                  max(is_upcoming) AS looks_ahead
           FROM launch_sources GROUP BY source""",
    ).dropna(subset=["since"])
    asked = query(
        database,
        """SELECT s.source, s.checked_utc FROM _snapshots s JOIN _runs r USING (run_id)
           WHERE s.endpoint = 'launches' ORDER BY r.loaded_utc, s.checked_utc""",
    )
    checked = asked.groupby("source")["checked_utc"].last()
    is_open = spans["source"].map(lambda name: SOURCES[name].is_live) & spans["looks_ahead"].eq(1)
    last_asked = spans["source"].map(checked).where(is_open, spans["until"])
    begin = spans["since"].where(spans["since"] >= _SECOND_FLIGHT, _year(2006)[0])
    return _merged(zip(begin, spans["until"].combine(last_asked, max), strict=True))


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The spans as one where they overlap."""
    found: list[Span] = []
    for since, until in sorted(spans):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(until, found[-1][1]))
        else:
            found.append((since, until))
    return found


def _by_year(spans: Iterable[Span]) -> Iterator[tuple[int, Span]]:
    """The spans, cut at the turns of years."""
    for since, until in spans:
        for year in range(int(since[:4]), int(until[:4]) + 1):
            begin, end = _year(year)
            yield year, (max(since, begin), min(until, end))


def _row(year: int, launches: int, spans: list[Span]) -> dict[str, object]:
    days = sum(map(_days, spans))
    share = days / _days(_year(year))
    found = rate(launches, share) if days >= FEWEST_DAYS else None
    return {
        "year": year,
        "launches": launches,
        "is_partial": share < 1,
        "covered_pct": 100 * share,
        "since_utc": spans[0][0],
        "until_utc": spans[-1][1],
        "per_year": found.per_year if found else math.nan,
        "low_per_year": found.low_per_year if found else math.nan,
        "high_per_year": found.high_per_year if found else math.nan,
    }


def _year(year: int) -> Span:
    return f"{year}-01-01T00:00:00Z", f"{year + 1}-01-01T00:00:00Z"


def _days(span: Span) -> float:
    since, until = map(utc_instant, span)
    return (until - since).total_seconds() / 86400


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
