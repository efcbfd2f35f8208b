"""What the charts of launches show."""

from collections.abc import Sequence

import pandas as pd

from spacex.analysis.articles.words import day
from spacex.analysis.findings.finding_words import in_year, largest
from spacex.analysis.intervals import percent, wilson_text
from spacex.units import counted
from spacex.warehouse.coverage import Span

_NOUNS = ("launch known to have flown", "launches known to have flown")


def busiest_year(flown: pd.DataFrame, spans: Sequence[Span]) -> str:
    """Return the year with the most launches; empty if none is known.

    Args:
        flown: `year` and `launches`, of launches that have flown.
        spans: the spans that sources of launches cover.
    """
    years = flown.groupby("year")["launches"].sum()
    if years.empty:
        return ""
    first, total = years.index.min(), counted(years.sum(), *_NOUNS)
    year, most = max(years.items(), key=lambda item: item[1])
    known = in_year(f"{most:,}", int(str(year)), spans)
    return f"{year} had the most launches: {known}, of {total} since {first}."


def most_flown(flown: pd.DataFrame, by: str) -> str:
    """Return which rocket or pad has the most launches; empty if none is known.

    Args:
        flown: the column and `launches`, of launches that have flown.
        by: the column.
    """
    return largest(flown, by, "launches", *_NOUNS)


def launches_so_far(frame: pd.DataFrame, *, is_least: bool) -> str:
    """Return how many launches have flown up to the newest; empty if none is known.

    Args:
        frame: `date_utc`, `rocket` and `launches`, the number up to then.
        is_least: whether others may have flown in time that no source covers.
    """
    if frame.empty:
        return ""
    last = frame.groupby("rocket")["launches"].max()
    least = "at least " if is_least else ""
    total, rocket = counted(last.sum(), "launch", "launches"), last.idxmax()
    since, until = (day(frame["date_utc"].agg(end)) for end in ("min", "max"))
    return f"From {since} to {until}, {least}{total}; {last.max():,} by {rocket}."


def latest_successes(frame: pd.DataFrame, window: int) -> str:
    """Return how many of the latest launches succeeded; empty if no outcome is known.

    Args:
        frame: `date_utc` and `success`.
        window: how many are the latest.
    """
    latest = frame.sort_values("date_utc").tail(window)
    if latest.empty:
        return ""
    made, tried = int(latest["success"].sum()), len(latest)
    until = day(latest["date_utc"].iloc[-1])
    share = f"{percent(made, tried)}, {wilson_text(made, tried)}"
    of = f"the latest {counted(tried, 'orbital launch', 'orbital launches')}"
    return f"Of {of}, to {until}, {made:,} succeeded: {share}."


def most_mass(frame: pd.DataFrame) -> str:
    """Return the year with the most known payload mass; empty if none is known.

    Args:
        frame: `year` and `mass_t`.
    """
    years = frame.groupby("year")["mass_t"].sum()
    if years.empty:
        return ""
    total = f"{years.sum():,.0f} t since {years.index.min()}"
    return f"{years.idxmax()} has the most known mass: at least {years.max():,.0f} t, of {total}."
