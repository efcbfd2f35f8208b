"""How the number of satellites in orbit grew: what `v_fleet_growth` has, of any satellites.

The number is not known while a satellite may be lost already, because two lists that are far apart
have it and do not have it, and while no source covers the time.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from spacex.analysis.queries import query
from spacex.analysis.source_coverage import clipped, covered, gaps
from spacex.warehouse.coverage import DECAYS, ELEMENTS, LISTED, LONGEST_GAP_DAYS, Span, union

KNOWN = (LISTED, ELEMENTS, DECAYS)
"""The subjects that tell how many satellites are in orbit."""
NOT_COVERED, NOT_DATED = "not covered", "losses not dated"
"""Why the number in orbit is not known."""
_DAY, _MIDNIGHT = slice(0, 10), "T00:00:00Z"
_ONE_DAY = pd.Timedelta(days=1)


NEWEST_CHANGES = "max(from_date) AS newest_launch, max(until_date) AS newest_loss"
"""SQL: the newest launch and loss of the satellites of `v_starlink`, as columns of a SELECT."""


def fleet_date(database: Path | str) -> str:
    """Return the date of the newest fleet: that of the newest list, orbit, launch or loss.

    Every satellite counts with its newest status, so no change of a satellite is of a later date.

    Returns:
        The date; empty if no satellite is known, or if the sources cover no time.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    spans = covered(database, *KNOWN)
    changes = query(database, f"SELECT {NEWEST_CHANGES} FROM v_starlink").iloc[0].dropna()
    if not spans or changes.empty:
        return ""
    return max(spans[-1][1][_DAY], *map(str, changes))


def known_until(database: Path | str) -> str:
    """Return the date to which the sources cover the fleet; empty if no satellite is known.

    The newest launch or loss ends it, if it is LONGEST_GAP_DAYS later at most. What is known of a
    later day are single changes: of the other satellites, nothing is known.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    newest = fleet_date(database)
    return reaching(covered(database, *KNOWN), newest)[-1][1][_DAY] if newest else ""


def reaching(spans: list[Span], date: str) -> list[Span]:
    """Return spans, the last extended to a date that is LONGEST_GAP_DAYS later at most."""
    if not spans or not spans[-1][1] < date <= _later(spans[-1][1][_DAY], LONGEST_GAP_DAYS):
        return spans
    return [*spans[:-1], (spans[-1][0], f"{date}{_MIDNIGHT}")]


def covers_day(spans: Sequence[Span], day: str) -> bool:
    """Return whether a span covers a whole day: on others, what it tells is the fewest.

    >>> covers_day([("2026-05-01T00:00:00Z", "2026-05-03T12:00:00Z")], "2026-05-02")
    True
    >>> covers_day([("2026-05-01T00:00:00Z", "2026-05-03T12:00:00Z")], "2026-05-03")
    False
    """
    return any(since[_DAY] <= day and f"{day}T23:59:59Z" <= until for since, until in spans)


def growth(satellites: pd.DataFrame, spans: Sequence[Span]) -> pd.DataFrame:
    """Return how many of some satellites were launched and in orbit, by the rules of the view.

    Args:
        satellites: `from_date`, `known_by_date`, `last_known_date`, `until_date` and `unsure_date`
            of `v_starlink`.
        spans: the time that sources cover on the subjects KNOWN.

    Returns:
        `day`, `launched`, `in_orbit` and `at_least`.
    """
    proven_from, proven_until = _proven(satellites)
    covered_until = pd.Series([_later(until[_DAY]) for _, until in spans], dtype=object)
    counts = {
        "launched": satellites["from_date"],
        "lost": satellites["until_date"],
        "proven": proven_from,
        "not_proven": proven_until,
        "begins": pd.Series([since[_DAY] for since, _ in spans], dtype=object),
        "ends": covered_until,
    }
    daily = pd.DataFrame({name: days.value_counts() for name, days in counts.items()})
    daily = daily.astype(float).fillna(0).astype(int).sort_index()
    total = daily.cumsum()
    at_least = total["proven"] - total["not_proven"]
    is_covered = total["begins"] > total["ends"]
    is_known = is_covered & at_least.eq(total["launched"] - total["lost"])
    in_orbit = at_least.astype("Int64").where(is_known)
    has_turned = is_covered.ne(is_covered.shift(fill_value=False))
    is_shown = daily[[*counts][:4]].any(axis=1) | (
        has_turned & (daily.index < max([*covered_until], default=""))
    )
    last = max([*covered_until], default="")
    is_near = daily.index < (_later(last, LONGEST_GAP_DAYS) if last else "")
    at_least = at_least.astype("Int64").where(is_near)
    found = total[["launched"]].assign(in_orbit=in_orbit, at_least=at_least)
    return found[is_shown].rename_axis("day").reset_index()


def unknown(frame: pd.DataFrame, not_covered: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the time in which the number in orbit is not known.

    Args:
        frame: `day` and `in_orbit`, in time order.
        not_covered: `spacex.analysis.source_coverage.gaps`; None if there are none.

    Returns:
        `from_utc`, `to_utc` and `label`, which says why, in time order.
    """
    days = frame["day"].astype("str").str[_DAY] + _MIDNIGHT
    uncovered = [] if not_covered is None else _spans(not_covered)
    is_unknown = frame["in_orbit"].isna()
    pairs = zip(days[is_unknown], days.shift(-1)[is_unknown].fillna(days.max()), strict=True)
    runs = union(pairs)
    undated = [part for each in _spans(gaps(uncovered, days)) for part in clipped(runs, each)]
    rows = [(*span, NOT_COVERED) for span in uncovered]
    rows += [(*span, NOT_DATED) for span in undated]
    return pd.DataFrame(sorted(rows), columns=["from_utc", "to_utc", "label"])


def _proven(satellites: pd.DataFrame) -> tuple["pd.Series[str]", "pd.Series[str]"]:
    """Return from and until when each satellite is proven to be in the fleet."""
    days = pd.to_datetime(satellites["known_by_date"]) - pd.to_datetime(satellites["from_date"])
    is_far = days > pd.Timedelta(days=LONGEST_GAP_DAYS)
    since = satellites["from_date"].mask(is_far, satellites["known_by_date"])
    last_known = satellites["last_known_date"]
    is_unsure = satellites["unsure_date"].eq(1)
    until = satellites["until_date"].mask(is_unsure, last_known.map(_later, na_action="ignore"))
    return since, until.where(until.isna() | (until > since), since)


def _later(day: str, days: int = 1) -> str:
    """Return the day some days after."""
    return f"{pd.Timestamp(day) + days * _ONE_DAY:%Y-%m-%d}"


def _spans(frame: pd.DataFrame) -> list[Span]:
    return list(zip(frame["from_utc"], frame["to_utc"], strict=True))
