"""What the charts of boosters show."""

from collections.abc import Sequence

import pandas as pd

from spacex.analysis.articles.words import day, listed
from spacex.analysis.booster_flights import LANDING_LABELS
from spacex.analysis.findings.finding_words import in_year, year_known
from spacex.analysis.intervals import percent, wilson_text
from spacex.units import counted
from spacex.warehouse.coverage import Span


def most_landings(frame: pd.DataFrame, spans: Sequence[Span]) -> str:
    """Return the year with the most landings; empty if none is known.

    Args:
        frame: `year`, `attempts` and `landings`.
        spans: the spans that sources of landings cover.
    """
    years = frame.groupby("year")[["landings", "attempts"]].sum().astype(int)
    if years.empty:
        return ""
    year, made, tried = max(
        zip(years.index.astype(int), years["landings"], years["attempts"], strict=True),
        key=lambda each: each[1],
    )
    total = f"{years['landings'].sum():,} of {years['attempts'].sum():,} in all"
    known = in_year(f"{made:,} of {tried:,} tried", year, spans)
    return f"{year} had the most landings: {known}; {total}."


def newest_landings(frame: pd.DataFrame, spans: Sequence[Span]) -> str:
    """Return the success of the landings of the newest year; empty if none is known.

    Args:
        frame: `year`, `made` and `tried`.
        spans: the spans that sources of landings cover.
    """
    if frame.empty:
        return ""
    newest = frame.sort_values("year").iloc[-1]
    year, made, tried = (int(newest[name]) for name in ("year", "made", "tried"))
    share = f"{percent(made, tried)}, {wilson_text(made, tried)}"
    landings = f"{made:,} of {counted(tried, 'landing')}"
    return f"In {year_known(year, spans)}, boosters made {landings}: {share}."


def landings_by_type(frame: pd.DataFrame) -> str:
    """Return the success of each type of landing, the most tried first; empty if none is known.

    Args:
        frame: `landing`, `made` and `tried`.
    """
    ordered = frame.sort_values("tried", ascending=False)
    columns = (ordered[name].tolist() for name in ("landing", "made", "tried"))
    parts = [
        f"{LANDING_LABELS.get(landing, landing)} {int(made):,} of {int(tried):,} "
        f"({percent(int(made), int(tried))})"
        for landing, made, tried in zip(*columns, strict=True)
    ]
    return f"Landings made, by where: {listed(parts)}." if parts else ""


def most_flights(frame: pd.DataFrame) -> str:
    """Return how many boosters flew once, and the most flights; empty if none is known.

    Args:
        frame: `flights` and `boosters`.
    """
    if frame.empty:
        return ""
    total, most = int(frame["boosters"].sum()), int(frame["flights"].max())
    once, often = (int(frame.loc[frame["flights"].eq(n), "boosters"].sum()) for n in (1, most))
    of = f"Of {counted(total, 'booster')}, {once:,} have one recorded flight"
    return f"{of}; the most is {most:,}, of {counted(often, 'booster')}."


def newest_reuse(frame: pd.DataFrame, spans: Sequence[Span]) -> str:
    """Return the share of flights on used boosters in the newest year; empty if none is known.

    Args:
        frame: `year`, `flights` and `reused`.
        spans: the spans that sources of launches cover.
    """
    if frame.empty:
        return ""
    newest = frame.sort_values("year").iloc[-1]
    year, reused, flights = (int(newest[name]) for name in ("year", "reused", "flights"))
    of = f"{reused:,} of {counted(flights, 'known flight')}"
    return f"In {year_known(year, spans)}, {of} used a booster again: {percent(reused, flights)}."


def turnaround(frame: pd.DataFrame) -> str:
    """Return half of the turnarounds, and the quickest; empty if none is known.

    Args:
        frame: `date_utc`, `booster` and `turnaround_d`.
    """
    if frame.empty:
        return ""
    quickest = frame.sort_values("turnaround_d").iloc[0]
    since, until = (day(frame["date_utc"].agg(end)) for end in ("min", "max"))
    return (
        f"Half of {counted(len(frame), 'known turnaround')}, {since} to {until}, took "
        f"{frame['turnaround_d'].median():.0f} days or less; the quickest took "
        f"{quickest['turnaround_d']:.0f}: {quickest['booster']}, {day(quickest['date_utc'])}."
    )
