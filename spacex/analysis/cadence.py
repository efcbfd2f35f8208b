"""Launch rates with their intervals, per period and per year.

The interval of a rate assumes independent launches at a constant rate (a Poisson process). It is
an interval of the rate, not a forecast: launches are planned, and years differ.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from spacex.analysis.intervals import garwood
from spacex.analysis.queries import query
from spacex.analysis.source_coverage import clipped, covered, days, split_by_year, within, year_span
from spacex.errors import DataError, SettingsError
from spacex.extract.as_of import Date, as_of_utc
from spacex.units import counted
from spacex.warehouse.coverage import LAUNCHES, Span

DAYS_PER_YEAR = 365.25
MIN_COVERED_DAYS = 28.0
"""Less coverage gives no rate: a single launch would change it too much."""

ORBITAL = "orbital"
"""The class of the launches that rates count."""


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
            f"{counted(count, 'event')} in {period_years} years have no rate.",
            remedy="Choose a period that ends after it begins.",
        )
    low, high = garwood(count)
    return Rate(count, period_years, count / period_years, low / period_years, high / period_years)


def launch_rate(database: Path | str, since: Date, until: Date) -> Rate:
    """Return the rate of orbital launches in the covered part of a period.

    Args:
        database: the database.
        since: start of the period, inclusive: a date, or an instant as UTC text.
        until: end of the period, exclusive: a date, or an instant as UTC text.

    Raises:
        SettingsError: a bound is not a date, or the period does not end after it begins.
        DataError: the sources of launches cover nothing of it, or less than MIN_COVERED_DAYS.
        DatabaseError: the database is missing or unreadable.
    """
    for each in (since, until):
        as_of_utc(each)  # checks it
    since, until = (each if isinstance(each, str) else each.isoformat() for each in (since, until))
    spans = list(clipped(covered(database, LAUNCHES), (since, until)))
    if since < until and not spans:
        raise DataError(
            f"No source of launches covers any time from {since} to {until}.",
            remedy="The view v_coverage has the periods that the sources cover.",
        )
    covered_days = sum(map(days, spans or [(since, until)]))
    if 0 < covered_days < MIN_COVERED_DAYS:
        raise DataError(
            f"Sources of launches cover {covered_days:.1f} days from {since} to {until}: too few "
            "for a rate.",
            remedy=f"Choose a period with at least {MIN_COVERED_DAYS:.0f} covered days.",
        )
    flown = _flown(database)
    is_orbital = flown["launch_class"] == ORBITAL
    count = int((is_orbital & within(spans, flown["date_utc"], flown["date_utc"])).sum())
    return rate(count, covered_days / DAYS_PER_YEAR)


def by_year(database: Path | str) -> pd.DataFrame:
    """Return the launches of each covered year, and the rate of orbital ones in its covered part.

    Returns:
        One row per year with any coverage: `year`; `launches`, the orbital ones; `suborbital`,
        `pad_losses` and `of_unknown_class`; `is_partial`, `covered_pct` of the year's days,
        `since_utc` and `until_utc` of the coverage; and `per_year`, `low_per_year` and
        `high_per_year`, NaN below MIN_COVERED_DAYS. Launches outside the coverage are counted,
        but not in the rate.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    flown = _flown(database)
    spans_of: dict[int, list[Span]] = {}
    for year, span in split_by_year(covered(database, LAUNCHES)):
        spans_of.setdefault(year, []).append(span)
    rows = [_row(year, flown[flown["year"] == year], spans) for year, spans in spans_of.items()]
    return pd.DataFrame(rows, columns=list(_row(2006, flown[:0], [year_span(2006)])))


def _flown(database: Path | str) -> pd.DataFrame:
    return query(database, "SELECT year, date_utc, launch_class FROM v_launches WHERE is_flown")


def _row(year: int, flown: pd.DataFrame, spans: list[Span]) -> dict[str, object]:
    covered_days = sum(map(days, spans))
    share = covered_days / days(year_span(year))
    orbital = flown.loc[flown["launch_class"] == ORBITAL, "date_utc"]
    nothing = Rate(len(orbital), share, math.nan, math.nan, math.nan)
    count = int(within(spans, orbital, orbital).sum())
    found = rate(count, share) if covered_days >= MIN_COVERED_DAYS else nothing
    return {
        "year": year,
        "launches": len(orbital),
        "suborbital": int(flown["launch_class"].eq("suborbital").sum()),
        "pad_losses": int(flown["launch_class"].eq("pad loss").sum()),
        "of_unknown_class": int(flown["launch_class"].isna().sum()),
        "is_partial": share < 1,
        "covered_pct": 100 * share,
        "since_utc": spans[0][0],
        "until_utc": spans[-1][1],
        "per_year": found.per_year,
        "low_per_year": found.low_per_year,
        "high_per_year": found.high_per_year,
    }
