"""The guard against a GP list with more new satellites than can have been launched."""

import sqlite3
from collections.abc import Collection
from datetime import timedelta
from itertools import takewhile

from spacex.schema.starlink import STARLINK
from spacex.units import counted, utc_instant, utc_text
from spacex.warehouse.checks import MAX_EXAMPLES, Finding
from spacex.warehouse.fleet import Observation

GROWTH_DAYS = 20
"""Within these days, the satellites of a GP list are compared with those of the lists before."""
DAILY_LAUNCHED = 60
BACKLOG = 300
"""Largest plausible number of new satellites within one day, and besides.

In the best months, two launches a day would carry 60. The satellites of several launches may get
their numbers on one day.
"""

ADVICE = {
    "impossible growth of the GP list": "Run again later: the service may have sent a wrong list. "
    "If the satellites are really in orbit, run again with --accept-shrink.",
}
"""Finding → what to do about it."""


def find_growth(
    connection: sqlite3.Connection, observed: Observation, accepted: Collection[str] = ()
) -> Finding | None:
    """Return a finding if the staged GP list has more new satellites than can have been launched.

    A satellite is new if no list up to the compared one has it; numbers that this cannot hold are
    not judged. Every list of the last `GROWTH_DAYS` is compared, so that many small steps in a
    short time are noticed; but none before one that a person accepted. A list that is already
    loaded has been accepted.

    Args:
        connection: the database being loaded.
        observed: the staged list.
        accepted: digests of the lists that a person accepted.
    """
    known = dict(
        connection.execute(
            "SELECT norad_cat_id, first_listed_utc FROM main.starlink "
            "WHERE first_listed_utc IS NOT NULL"
        ).fetchall()
    )
    listed = {number: known.get(number, observed.observed_utc) for number in observed.listed}
    for since_utc, largest in _compared_lists(connection, observed, accepted):
        new = sorted(n for n, first in listed.items() if first > since_utc and n <= largest)
        allowed = allowed_growth(since_utc, observed.observed_utc)
        if len(new) > allowed:
            return _finding(observed, since_utc, new, allowed)
    return None


def allowed_growth(since_utc: str, observed_utc: str) -> int:
    """Return the number of satellites that may be new between two instants.

    >>> allowed_growth("2026-11-01T00:00:00Z", "2026-11-08T00:00:00Z")
    720
    """
    days = (utc_instant(observed_utc) - utc_instant(since_utc)) / timedelta(days=1)
    return int(DAILY_LAUNCHED * days) + BACKLOG


def _compared_lists(
    connection: sqlite3.Connection, observed: Observation, accepted: Collection[str]
) -> list[tuple[str, int]]:
    """Return the instants of the lists compared, newest first, and the largest number of each."""
    first_utc = utc_text(utc_instant(observed.observed_utc) - timedelta(days=GROWTH_DAYS))
    lists = connection.execute(
        """SELECT observed_utc, max_norad_cat_id, sha256
           FROM main._observations o LEFT JOIN main._snapshots s
                ON s.run_id = o.run_id AND s.source = o.source
                   AND s.retrieved_utc = o.retrieved_utc
           WHERE o.source = ? AND observed_utc BETWEEN ? AND ? ORDER BY observed_utc DESC""",
        (observed.source, first_utc, observed.observed_utc),
    ).fetchall()
    if any(instant == observed.observed_utc for instant, _, _ in lists):
        return []
    later = len(list(takewhile(lambda each: each[2] not in accepted, lists)))
    return [(instant, largest) for instant, largest, _ in lists[: later + 1]]


def _finding(observed: Observation, since_utc: str, new: list[int], allowed: int) -> Finding:
    listed = counted(len(observed.listed), "satellite")
    return Finding(
        check_name="impossible growth of the GP list",
        severity="error",
        table_name=STARLINK.name,
        finding_count=len(new),
        message=f"The GP list of {observed.observed_utc} has {listed}, of which "
        f"{len(new):,} are new since that of {since_utc}; at most {allowed:,} can have been "
        "launched: it may be wrong and is not used.",
        examples=", ".join(map(str, new[:MAX_EXAMPLES])),
    )
