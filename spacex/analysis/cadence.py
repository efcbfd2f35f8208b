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
from spacex.errors import DataError, SettingsError
from spacex.extract.as_of import Date, as_of_utc
from spacex.sources import SOURCES
from spacex.units import counted, utc_instant
from spacex.warehouse.checks import UNRECORDED_LAUNCHES
from spacex.warehouse.launch_dates import period_end

DAYS_PER_YEAR = 365.25
MIN_COVERED_DAYS = 28.0
"""A year with less coverage gets no rate: a single launch would change it too much."""

LONGEST_PAUSE_DAYS = 180.0
"""A launch so long after the one before does not move the end of its source: SpaceX has paused for
178 days at most since 2013."""
ORBITAL = "orbital"
"""The class of the launches that rates count."""

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
            f"{counted(count, 'event')} in {period_years} years have no rate.",
            remedy="Choose a period that ends after it begins.",
        )
    low, high = garwood(count)
    return Rate(count, period_years, count / period_years, low / period_years, high / period_years)


def launch_rate(database: Path | str, since: Date, until: Date) -> Rate:
    """Return the rate of orbital launches in the covered part of a period.

    Args:
        database: the database.
        since: begin of the period, inclusive: a date, or an instant as UTC text.
        until: end of the period, exclusive: a date, or an instant as UTC text.

    Raises:
        SettingsError: a bound is no date, or the period does not end after it begins.
        DataError: no source of launches covers any of it.
        DatabaseError: the database is missing or unreadable.
    """
    for each in (since, until):
        as_of_utc(each)  # checks it
    since, until = (each if isinstance(each, str) else each.isoformat() for each in (since, until))
    spans = list(_clipped(coverage(database), (since, until)))
    if since < until and not spans:
        raise DataError(
            f"No source of launches covers any time from {since} to {until}.",
            remedy="`cadence.coverage` returns the periods that the sources cover.",
        )
    flown = _flown(database)
    is_orbital = flown["launch_class"] == ORBITAL
    count = int((is_orbital & _is_within(flown["date_utc"], spans)).sum())
    return rate(count, sum(map(_days, spans or [(since, until)])) / DAYS_PER_YEAR)


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
    covered = _covered_years(database)
    rows = [_row(year, flown[flown["year"] == year], spans) for year, spans in covered.items()]
    return pd.DataFrame(rows, columns=list(_row(2006, flown[:0], [_year_span(2006)])))


def coverage(database: Path | str) -> list[Span]:
    """Return the disjoint spans in which the sources have every launch, in time order.

    A source covers the time from its first to its last past launch, unless that one is alone,
    LONGEST_PAUSE_DAYS after the one before. A live source that also lists upcoming launches
    covers the time until its last check. No source covers more than the
    time until its earliest overdue launch, which it lists as upcoming although its date had passed
    at the last check: launches after it may be missing. A source with SpaceX's first launch covers
    all of 2006.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    found = source_coverage(database)
    return _union(zip(found["since_utc"], found["until_utc"], strict=True))


def source_coverage(database: Path | str) -> pd.DataFrame:
    """Return the period that each source of launches covers, as `coverage` defines it.

    Returns:
        `source`, `since_utc`, `until_utc`, `newest_launch_utc`, and `overdue`, the number of its
        overdue launches.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    rows = query(
        database,
        f"""SELECT source, is_upcoming, date_utc, {period_end("l")} AS until_utc,
                   iif(date_precision IN ('day', 'hour', 'minute', 'second'), date_utc,
                       {period_end("l")}) AS due_utc
            FROM launch_sources l""",
    )
    checked = rows["source"].map(_last_check(database))
    flown = rows[rows["is_upcoming"].eq(0) & (rows["date_utc"] <= checked)].groupby("source")
    overdue = rows[rows["is_upcoming"].eq(1) & (rows["until_utc"] < checked)].groupby("source")
    found = pd.DataFrame(
        {
            "since_utc": flown["date_utc"].min(),
            "newest_launch_utc": flown["date_utc"].agg(_newest),
            "has_upcoming": rows.groupby("source")["is_upcoming"].max(),
            "checked_utc": checked.groupby(rows["source"]).max(),
            "overdue": overdue.size(),
            "overdue_since_utc": overdue["due_utc"].min(),
        }
    ).dropna(subset=["newest_launch_utc"])
    is_live = pd.Series([SOURCES[name].is_live for name in found.index], found.index)
    is_current = is_live & found["has_upcoming"].eq(1)
    end = found["checked_utc"].where(is_current, found["newest_launch_utc"])
    overdue_since = found["overdue_since_utc"]
    until = end.where(overdue_since.isna() | (end <= overdue_since), overdue_since)
    since = found["since_utc"].where(found["since_utc"] >= _SECOND_FLIGHT, _year_span(2006)[0])
    spans = found.assign(
        since_utc=since, until_utc=until, overdue=found["overdue"].fillna(0).astype("int64")
    )
    columns = ["since_utc", "until_utc", "newest_launch_utc", "overdue"]
    return spans.loc[since <= until, columns].rename_axis("source").reset_index()


def _newest(dates: "pd.Series[str]") -> str:
    """Return the newest date, without one that is far later than all others."""
    latest = dates.sort_values().tail(2).tolist()
    is_alone = len(latest) == 2 and _days((latest[0], latest[1])) > LONGEST_PAUSE_DAYS
    return latest[0] if is_alone else latest[-1]


def _last_check(database: Path | str) -> "pd.Series[str]":
    """Return source → the instant at which its launches were last known to be current."""
    checks = query(
        database,
        """SELECT s.source, s.checked_utc FROM _snapshots s JOIN _runs r USING (run_id)
           WHERE s.endpoint = 'launches' ORDER BY r.loaded_utc, s.checked_utc""",
    )
    return checks.groupby("source")["checked_utc"].last()


def gaps(database: Path | str) -> pd.DataFrame:
    """Return the years that no source of launches covers entirely, up to the last one known of.

    Returns:
        `year`; `coverage`, `none` or `part of the year`; and `seen_in_orbit`, the number of its
        launches that are known by their satellites alone.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    shares = {year: _share(year, spans) for year, spans in _covered_years(database).items()}
    seen = unrecorded_launches(database).set_index("year")["launches"]
    last = max([*shares, *seen.index], default=0)
    missing = [year for year in range(2006, last + 1) if shares.get(year, 0) < 1]
    return pd.DataFrame(
        {
            "year": pd.Series(missing, dtype="int64"),
            "coverage": ["part of the year" if year in shares else "none" for year in missing],
            "seen_in_orbit": [int(seen.get(year, 0)) for year in missing],
        }
    )


def unrecorded_launches(database: Path | str) -> pd.DataFrame:
    """Count the launches seen in orbit, by the designators of satellites, that no source lists.

    Returns:
        `year` and `launches`. A source that gives no designators makes its launches count.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    return query(
        database,
        f"""SELECT CAST(substr(launch_designator, 1, 4) AS INTEGER) AS year,
                   count(*) AS launches
            FROM ({UNRECORDED_LAUNCHES}) GROUP BY 1 ORDER BY 1""",
    )


def _flown(database: Path | str) -> pd.DataFrame:
    return query(database, "SELECT year, date_utc, launch_class FROM v_launches WHERE is_flown")


def _is_within(instants: "pd.Series[str]", spans: Iterable[Span]) -> "pd.Series[bool]":
    """Return which instants are in the spans, both ends included."""
    inside = pd.Series(data=False, index=instants.index)
    for since, until in spans:
        inside |= instants.between(since, until)
    return inside


def _clipped(spans: Iterable[Span], limits: Span) -> Iterator[Span]:
    for since, until in spans:
        begin, end = max(since, limits[0]), min(until, limits[1])
        if begin < end:
            yield begin, end


def _union(spans: Iterable[Span]) -> list[Span]:
    """Join overlapping spans."""
    union: list[Span] = []
    for since, until in sorted(spans):
        if union and since <= union[-1][1]:
            union[-1] = (union[-1][0], max(until, union[-1][1]))
        else:
            union.append((since, until))
    return union


def _covered_years(database: Path | str) -> dict[int, list[Span]]:
    """Return the coverage by year, for the years with any."""
    covered: dict[int, list[Span]] = {}
    for since, until in coverage(database):
        for year in range(int(since[:4]), int(until[:4]) + 1):
            begin, end = _year_span(year)
            covered.setdefault(year, []).append((max(since, begin), min(until, end)))
    return covered


def _share(year: int, spans: list[Span]) -> float:
    return sum(map(_days, spans)) / _days(_year_span(year))


def _row(year: int, flown: pd.DataFrame, spans: list[Span]) -> dict[str, object]:
    share = _share(year, spans)
    orbital = flown.loc[flown["launch_class"] == ORBITAL, "date_utc"]
    nothing = Rate(len(orbital), share, math.nan, math.nan, math.nan)
    covered = int(_is_within(orbital, spans).sum())
    found = rate(covered, share) if sum(map(_days, spans)) >= MIN_COVERED_DAYS else nothing
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


def _year_span(year: int) -> Span:
    return f"{year}-01-01T00:00:00Z", f"{year + 1}-01-01T00:00:00Z"


def _days(span: Span) -> float:
    since, until = map(utc_instant, span)
    return (until - since).total_seconds() / 86400
