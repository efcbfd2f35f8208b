"""What the charts of the fleet show."""

import pandas as pd

from spacex.analysis.articles.words import day
from spacex.analysis.findings.finding_words import largest
from spacex.analysis.intervals import percent
from spacex.units import counted


def newest_fleet(growth: pd.DataFrame, *, is_least: bool = False) -> str:
    """Return the newest known number in orbit; empty if no satellite is known.

    Args:
        growth: the result of `spacex.analysis.growth.growth`.
        is_least: whether the number in orbit is the fewest.
    """
    if growth.empty:
        return ""
    known = growth.dropna(subset="in_orbit")
    last = growth.iloc[-1]
    of_last = f"{counted(last['launched'], 'satellite')} launched by {day(str(last['day']))}"
    if known.empty:
        return f"The number in orbit is not known; {of_last}."
    newest = known.iloc[-1]
    up, of = int(newest["in_orbit"]), counted(newest["launched"], "satellite")
    least = "at least " if is_least else ""
    at = f"On {day(str(newest['day']))}, {least}{up:,} of {of} launched were known in orbit"
    if newest["day"] == last["day"]:
        return f"{at}."
    return f"{at}; later, their number is not known. Known are {of_last}."


def most_satellites(frame: pd.DataFrame, by: str) -> str:
    """Return which status or version the most satellites have; empty if there are none.

    Args:
        frame: the column and `satellites`.
        by: the column.
    """
    return largest(frame, by, "satellites", "satellite")


def survivors(counts: pd.DataFrame) -> str:
    """Return how many satellites of how many launches are in orbit; empty if there are none.

    Args:
        counts: `in_orbit`, `unlisted`, `decayed` and `catalogued` of each launch.
    """
    if counts.empty:
        return ""
    up, total = int(counts["in_orbit"].sum()), int(counts["catalogued"].sum())
    launches = counted(len(counts), "launch", "launches")
    are_lost_known = counts[["unlisted", "decayed"]].notna().all(axis=1)
    whole = int((are_lost_known & counts["in_orbit"].eq(counts["catalogued"])).sum())
    gone = int((are_lost_known & counts["in_orbit"].eq(0)).sum())
    of = f"{up:,} of {counted(total, 'catalogued satellite')} ({percent(up, total)})"
    said = f"Of {launches}, {of} are in orbit."
    if not are_lost_known.any():
        return said
    missing = int((~are_lost_known).sum())
    rest = f"; of {missing:,}, not all losses are known" if missing else ""
    return f"{said} {whole:,} have lost none of them, {gone:,} all{rest}."


def largest_shell(shells: pd.DataFrame, satellites: int) -> str:
    """Return how many shells were found, and the largest.

    Args:
        shells: `shell` and `satellites`.
        satellites: how many are in orbit and have elements.
    """
    if not satellites:
        return ""
    of = counted(satellites, "satellite")
    if shells.empty:
        return f"No shell was found among {of} with elements."
    most = shells.sort_values("satellites").iloc[-1]
    number = int(most["satellites"])
    return (
        f"{counted(len(shells), 'shell')} found; the largest, {most['shell']}, has {number:,} of "
        f"{of} with elements ({percent(number, satellites)})."
    )


def planes(shell: str, satellites: int, occupied: int) -> str:
    """Return how many planes of a shell are occupied; empty without a satellite in it.

    Args:
        shell: its name.
        satellites: how many are shown.
        occupied: how many planes are.
    """
    if not satellites:
        return ""
    found = counted(occupied, "occupied plane") if occupied else "no plane that can be told apart"
    return f"{shell}: {counted(satellites, 'satellite')}, {found}."


def most_reentries(months: pd.DataFrame) -> str:
    """Return the month with the most re-entries; empty if none is dated.

    Args:
        months: `month`, its first instant, and `satellites`.
    """
    if months.empty:
        return ""
    most = months.sort_values("satellites").iloc[-1]
    total = counted(months["satellites"].sum(), "dated re-entry", "dated re-entries")
    since, until = (_month(months["month"].agg(end)) for end in ("min", "max"))
    named = _month(most["month"])
    return (
        f"{named} has the most: at least {most['satellites']:,}, of {total} in {since} to {until}."
    )


def reentry_ages(ages: pd.DataFrame) -> str:
    """Return how old satellites were as they re-entered; empty if none is dated.

    Args:
        ages: `age_months` and `satellites`.
    """
    if ages.empty:
        return ""
    each = ages["age_months"].repeat(ages["satellites"].tolist())
    early, total = int(each.lt(12).sum()), len(each)
    of = counted(total, "dated re-entry", "dated re-entries")
    return (
        f"{early:,} of {of} ({percent(early, total)}) came in the first year; the median age was "
        f"{counted(int(each.median()), 'month')}."
    )


def _month(instant: str) -> str:
    return day(f"{instant[:10]}T00:00:00Z").split("\N{NO-BREAK SPACE}", 1)[1]
