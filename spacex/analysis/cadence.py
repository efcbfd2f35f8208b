"""Launch rates with their intervals, per period and per year.

The interval of a rate assumes independent launches at a constant rate (a Poisson process). It is
an interval of the rate, not a forecast: launches are planned, and years differ.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from spacex.analysis.intervals import garwood
from spacex.analysis.queries import query
from spacex.errors import SettingsError
from spacex.sources import SOURCES
from spacex.units import utc_instant

DAYS_PER_YEAR = 365.25
MIN_COVERED_DAYS = 28.0
"""A year with less coverage gets no rate: a single launch would change it too much."""

_SECOND_FLIGHT = "2007-03-21"
"""A source with an earlier launch has SpaceX's first one, and so covers all of 2006."""
Span = tuple[str, str]
"""Begin and end, as UTC text."""


@dataclass(frozen=True)
class Rate:
    """A rate of independent events, with its 95 % interval."""

    count: int
    period_years: float
    per_year: float
    low_per_year: float
    high_per_year: float


def rate(count: int, period_years: float) -> Rate:
    """Return the rate of `count` events in a period.

    Raises:
        SettingsError: the count is negative or the period is not positive.
    """
    if count < 0 or not period_years > 0:
        raise SettingsError(
            f"{count} events in {period_years} years have no rate.",
            remedy="Choose a period that ends after it begins.",
        )
    low, high = garwood(count)
    return Rate(count, period_years, count / period_years, low / period_years, high / period_years)


def launch_rate(database: Path, since: str, until: str) -> Rate:
    """Return the launch rate from one instant (inclusive) to another (exclusive).

    Args:
        database: the database.
        since: begin of the period, as UTC text.
        until: end of the period, as UTC text.

    Raises:
        SettingsError: the period does not end after it begins.
        DatabaseError: the database is missing or unreadable.
    """
    sql = "SELECT date_utc FROM launches WHERE NOT is_upcoming AND date_utc >= ? AND date_utc < ?"
    launches = query(database, sql, (since, until))
    return rate(len(launches), _days((since, until)) / DAYS_PER_YEAR)


def by_year(database: Path) -> pd.DataFrame:
    """Return the launches of each covered year, and their rate over its covered part.

    Returns:
        One row per year with any coverage: `year`, `launches`, `is_partial`, `covered_pct` of the
        year's days, `since_utc` and `until_utc` of the coverage, and `per_year`, `low_per_year`
        and `high_per_year`, NaN below MIN_COVERED_DAYS.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    past = query(database, "SELECT year FROM v_launches WHERE outcome <> 'planned'")
    launches = past["year"].value_counts()
    covered: dict[int, list[Span]] = {}
    for year, span in _split_by_year(coverage(database)):
        covered.setdefault(year, []).append(span)
    rows = [_row(year, int(launches.get(year, 0)), spans) for year, spans in covered.items()]
    return pd.DataFrame(rows, columns=list(_row(2006, 0, [_year_span(2006)])))


def coverage(database: Path) -> list[Span]:
    """Return the disjoint spans in which the sources have every launch, in time order.

    A source covers the time from its first to its last past launch. A live source that also
    lists upcoming launches covers the time until its last check. A source with SpaceX's first
    launch covers all of 2006.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    spans = query(
        database,
        """SELECT source, min(date_utc) FILTER (WHERE NOT is_upcoming) AS since,
                  max(date_utc) FILTER (WHERE NOT is_upcoming) AS until,
                  max(is_upcoming) AS has_upcoming
           FROM launch_sources GROUP BY source""",
    ).dropna(subset=["since"])
    checks = query(
        database,
        """SELECT s.source, s.checked_utc FROM _snapshots s JOIN _runs r USING (run_id)
           WHERE s.endpoint = 'launches' ORDER BY r.loaded_utc, s.checked_utc""",
    )
    last_check = checks.groupby("source")["checked_utc"].last()
    is_live = spans["source"].map(lambda name: SOURCES[name].is_live)
    is_current = is_live & spans["has_upcoming"].eq(1)
    checked = spans["source"].map(last_check).where(is_current, spans["until"])
    begin = spans["since"].where(spans["since"] >= _SECOND_FLIGHT, _year_span(2006)[0])
    return _union(zip(begin, spans["until"].combine(checked, max), strict=True))


def _union(spans: Iterable[Span]) -> list[Span]:
    """Join overlapping spans."""
    union: list[Span] = []
    for since, until in sorted(spans):
        if union and since <= union[-1][1]:
            union[-1] = (union[-1][0], max(until, union[-1][1]))
        else:
            union.append((since, until))
    return union


def _split_by_year(spans: Iterable[Span]) -> Iterator[tuple[int, Span]]:
    for since, until in spans:
        for year in range(int(since[:4]), int(until[:4]) + 1):
            begin, end = _year_span(year)
            yield year, (max(since, begin), min(until, end))


def _row(year: int, launches: int, spans: list[Span]) -> dict[str, object]:
    days = sum(map(_days, spans))
    share = days / _days(_year_span(year))
    nothing = Rate(launches, share, math.nan, math.nan, math.nan)
    found = rate(launches, share) if days >= MIN_COVERED_DAYS else nothing
    return {
        "year": year,
        "launches": launches,
        "is_partial": share < 1,
        "covered_pct": 100 * share,
        "since_utc": spans[0][0],
        "until_utc": spans[-1][1],
        "per_year": found.per_year,
        "low_per_year": found.low_per_year,
        "high_per_year": found.high_per_year,
    }


def _year_span(year: int) -> Span:
    return f"{year}-01-01T00:00:00Z", f"{year + 1}-01-01T00:00:00Z"


def _days(span: Span) -> float:
    since, until = map(utc_instant, span)
    return (until - since).total_seconds() / 86400
