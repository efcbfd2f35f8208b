"""The periods that the sources cover, from `v_coverage`, and the gaps between them.

`spacex.warehouse.coverage` defines the subjects and the rules. A figure is claimed inside the
coverage of its subject only: outside, nothing is known.

Every function raises `DatabaseError` if the database is missing or unreadable.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from spacex.analysis.queries import query_once
from spacex.units import utc_instant
from spacex.warehouse.coverage import (
    DECAYS,
    LAUNCHES,
    LISTED,
    LONGEST_GAP_DAYS,
    UNRECORDED_LAUNCHES,
    Span,
    union,
)

FLEET = (LISTED, DECAYS)
"""The subjects that tell which satellites come and go."""
IN_PART = "part of the year"
FIRST_YEAR = 2006
"""The year of SpaceX's first launch."""
_LAST_FLOWN = """
    SELECT CAST(max(substr(date_utc, 1, 4)) AS INTEGER) AS year
    FROM launches WHERE NOT is_upcoming"""


def coverage(database: Path | str, *subjects: str) -> pd.DataFrame:
    """Return the rows of `v_coverage` on these subjects; on all if none is named."""
    rows = query_once(database, "SELECT * FROM v_coverage ORDER BY subject, source, from_utc")
    is_wanted = rows["subject"].isin(subjects) if subjects else rows["subject"].notna()
    return rows[is_wanted].reset_index(drop=True)


def covered(database: Path | str, *subjects: str) -> list[Span]:
    """Return the disjoint spans in which any source covers any of the subjects, in time order."""
    found = coverage(database, *subjects)
    return union(zip(found["from_utc"], found["to_utc"], strict=True))


def gaps(spans: Iterable[Span], instants: "pd.Series[Any]") -> pd.DataFrame:
    """Return the gaps between disjoint spans, from the first to the last of some instants.

    Args:
        spans: the covered spans, in time order.
        instants: dates or instants, UTC.

    Returns:
        `from_utc` and `to_utc` of each gap, in time order.
    """
    known = instants.dropna()
    if known.empty:
        return pd.DataFrame(columns=["from_utc", "to_utc"])
    limits = (_utc(str(known.min())), _utc(str(known.max())))
    begins, ends = [limits[0]], []
    for since, until in clipped(spans, limits):
        ends.append(since)
        begins.append(until)
    pairs = zip(begins, [*ends, limits[1]], strict=True)
    return pd.DataFrame([p for p in pairs if p[0] < p[1]], columns=["from_utc", "to_utc"])


def gap_of(spans: Iterable[Span], instant: str) -> tuple[str, str] | None:
    """Return the gap between disjoint spans that has an instant; None if a span has it.

    Returns:
        Start and end; empty where no span is before or after.

    >>> spans = [("2006-01-01", "2022-10-05"), ("2026-08-22", "2026-08-23")]
    >>> gap_of(spans, "2024-07-12"), gap_of(spans, "2026-11-28"), gap_of(spans, "2020-01-01")
    (('2022-10-05', '2026-08-22'), ('2026-08-23', ''), None)
    """
    known = list(spans)
    if any(since <= instant <= until for since, until in known):
        return None
    before = max((until for _, until in known if until < instant), default="")
    return before, min((since for since, _ in known if since > instant), default="")


def pauses(instants: "pd.Series[str]") -> pd.DataFrame:
    """Return the gaps of more than LONGEST_GAP_DAYS between successive instants, as `gaps` does."""
    known = pd.Series(sorted(set(instants.dropna())), dtype=object)
    before = known.shift()
    at = pd.to_datetime(known, utc=True, format="ISO8601")
    is_long = at.diff() > pd.Timedelta(days=LONGEST_GAP_DAYS)
    return pd.DataFrame({"from_utc": before[is_long], "to_utc": known[is_long]})


def fleet_gaps(database: Path | str, days: "pd.Series[Any]") -> pd.DataFrame:
    """Return the time between these days in which satellites may have come and gone unseen."""
    return gaps(covered(database, *FLEET), days)


def year_gaps(database: Path | str, subject: str = LAUNCHES) -> pd.DataFrame:
    """Return the years that no source covers entirely, up to the last one with a known launch.

    Args:
        database: the database.
        subject: the subject.

    Returns:
        `year`; `coverage`, `none` or `part of the year`; and `seen_in_orbit`, the number of its
        launches that are known by their satellites alone.
    """
    shares = year_shares(covered(database, subject))
    launched = split_by_year(covered(database, LAUNCHES))
    flown = query_once(database, _LAST_FLOWN)["year"].dropna().astype(int)
    seen = unrecorded_launches(database).set_index("year")["launches"]
    last = max([*(year for year, _ in launched), *shares, *seen.index, *flown], default=0)
    missing = [y for y in range(FIRST_YEAR, last + 1) if shares.get(y, 0) < 1]
    return pd.DataFrame(
        {
            "year": pd.Series(missing, dtype="int64"),
            "coverage": [IN_PART if year in shares else "none" for year in missing],
            "seen_in_orbit": [int(seen.get(year, 0)) for year in missing],
        }
    )


def month_after(months: "pd.Series[str]") -> "pd.Series[str]":
    """Return the end of the last of some months: what is shown by month lasts until then.

    Args:
        months: instants, UTC.

    >>> month_after(pd.Series(["2025-12-01", "2025-06-01"])).tolist()
    ['2026-01-01']
    """
    last = months.dropna().sort_values().tail(1).str[:7]
    return last.map(lambda month: f"{pd.Period(month, 'M') + 1}-01")


def year_shares(spans: Iterable[Span]) -> dict[int, float]:
    """Return which share of each year disjoint spans cover; years without any are missing."""
    shares: dict[int, float] = {}
    for year, span in split_by_year(spans):
        shares[year] = shares.get(year, 0) + days(span) / days(year_span(year))
    return shares


def unrecorded_launches(database: Path | str) -> pd.DataFrame:
    """Count the launches seen in orbit, by the designators of satellites, that no source lists.

    Returns:
        `year` and `launches`.
    """
    return query_once(
        database,
        f"""SELECT CAST(substr(launch_designator, 1, 4) AS INTEGER) AS year,
                   count(*) AS launches
            FROM ({UNRECORDED_LAUNCHES}) GROUP BY 1 ORDER BY 1""",
    )


def _utc(text: str) -> str:
    """Return a date or an instant as UTC text."""
    return f"{text[:10]}T{text[11:19] or '00:00:00'}Z"


def within(
    spans: Iterable[Span], since: "pd.Series[Any]", until: "pd.Series[Any]"
) -> "pd.Series[bool]":
    """Return which periods a span covers entirely.

    Args:
        spans: the spans.
        since: the starts of the periods, UTC; a missing one is in no span.
        until: their ends.
    """
    inside = pd.Series(data=False, index=until.index)
    for begin, end in spans:
        inside |= since.ge(begin) & until.le(end)
    return inside


def clipped(spans: Iterable[Span], limits: Span) -> Iterator[Span]:
    """Yield the parts of spans that are within limits."""
    for since, until in spans:
        begin, end = max(since, limits[0]), min(until, limits[1])
        if begin < end:
            yield begin, end


def split_by_year(spans: Iterable[Span]) -> Iterator[tuple[int, Span]]:
    """Yield the part of each span in each year."""
    for since, until in spans:
        for year in range(int(since[:4]), int(until[:4]) + 1):
            begin, end = year_span(year)
            yield year, (max(since, begin), min(until, end))


def year_span(year: int) -> Span:
    """Return the start of a year and of the next one."""
    return f"{year}-01-01T00:00:00Z", f"{year + 1}-01-01T00:00:00Z"


def days(span: Span) -> float:
    """Return the length of a span in days."""
    since, until = map(utc_instant, span)
    return (until - since).total_seconds() / 86400
