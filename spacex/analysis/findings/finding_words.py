"""Words that the findings share."""

from collections.abc import Iterable

import pandas as pd

from spacex.analysis.articles.words import day
from spacex.analysis.intervals import percent
from spacex.analysis.source_coverage import clipped, year_span
from spacex.units import counted
from spacex.warehouse.coverage import Span

UNKNOWN = "unknown"


def in_year(count: str, year: int, spans: Iterable[Span]) -> str:
    r"""Return a count in a year, and how far it is known.

    Args:
        count: the count, formatted.
        year: the year.
        spans: the disjoint spans that sources cover, in time order.

    >>> spans = [("2006-01-01T00:00:00Z", "2025-11-28T18:43:00Z")]
    >>> in_year("132", 2024, spans), in_year("152", 2025, spans), in_year("3", 2026, spans)
    ('132', '152 to 28\xa0November', 'at least 3')
    """
    end = _known_to(year, spans)
    if end is None:
        return f"at least {count}"
    return f"{count} to {end}" if end else count


def year_known(year: int, spans: Iterable[Span]) -> str:
    r"""Return a year, and how far it is known.

    Args:
        year: the year.
        spans: the disjoint spans that sources cover, in time order.

    >>> spans = [("2006-01-01T00:00:00Z", "2025-11-28T18:43:00Z")]
    >>> year_known(2024, spans), year_known(2025, spans), year_known(2026, spans)
    ('2024', '2025 (to 28\xa0November)', '2026 (not all of it known)')
    """
    end = _known_to(year, spans)
    if end is None:
        return f"{year} (not all of it known)"
    return f"{year} (to {end})" if end else f"{year}"


def _known_to(year: int, spans: Iterable[Span]) -> str | None:
    """Return the day to which a year is covered from its start on.

    Returns:
        The day; empty if all of the year is covered, None if it is covered otherwise or not at all.
    """
    first, last = year_span(year)
    (since, until), *others = [*clipped(spans, (first, last))] or [("", "")]
    if since != first or others:
        return None
    return "" if until == last else day(until).removesuffix(f"{year}").strip()


def largest(frame: pd.DataFrame, by: str, count: str, *nouns: str) -> str:
    r"""Return which group has the most, and its share; empty if no group is known.

    Args:
        frame: the rows.
        by: the column of the groups.
        count: the column of their counts.
        nouns: what is counted, one and several.

    >>> rows = pd.DataFrame({"pad": ["A", "B", "unknown"], "n": [3, 1, 4]})
    >>> largest(rows, "pad", "n", "launch", "launches")
    'A has the most: 3 of 8 launches (37.5\xa0%); of 4, it is not known.'
    """
    totals = frame.groupby(by)[count].sum()
    known = totals.drop(UNKNOWN, errors="ignore").loc[lambda each: each > 0]
    if known.empty:
        return ""
    total, most = int(totals.sum()), int(known.max())
    missing = int(totals.get(UNKNOWN, 0))
    of = f"{most:,} of {counted(total, *nouns)} ({percent(most, total)})"
    rest = f"; of {missing:,}, it is not known" if missing else ""
    names = known[known.eq(most)].index
    if len(names) > 1:
        return f"{len(names):,} have the most: {of.replace(' of', ' each of', 1)}{rest}."
    return f"{_capital(str(names[0]))} has the most: {of}{rest}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
