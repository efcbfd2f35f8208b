"""The launches around now, and the counts of the time before the newest data."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from spacex.analysis import cadence, queries
from spacex.analysis.articles.week import Week, newest_weeks, week
from spacex.analysis.source_coverage import covered
from spacex.files import Fingerprint, fingerprint
from spacex.warehouse.coverage import LAUNCHES

COMING = 3
"""Planned launches that are shown after the next one."""
MONTH_DAYS = 30

_COMING = "SELECT * FROM v_upcoming LIMIT ?"
_FLOWN = """
    SELECT * FROM v_launches WHERE is_flown AND launch_class = 'orbital'
    ORDER BY date_utc DESC LIMIT 1"""


@dataclass(frozen=True)
class Now:
    """What the newest data say.

    Attributes:
        coming: the next planned launches, as rows of `v_upcoming`.
        flown: the newest orbital launch that flew, as a row of `v_launches`; empty if none did.
        of_launches: what is known of the newest week of launches.
        of_the_fleet: what is known of the newest week of the fleet, often the same.
        landed_in: the MONTH_DAYS up to the end of the week of launches.
        changed_in: the MONTH_DAYS up to the end of the week of the fleet.
        rate: the newest row of `cadence.by_year`; empty if there is none.
        covered_until: the instant until which the sources cover launches; empty if they cover none.
    """

    coming: pd.DataFrame
    flown: pd.DataFrame
    of_launches: Week
    of_the_fleet: Week
    landed_in: Week
    changed_in: Week
    rate: pd.DataFrame
    covered_until: str


def read_now(database: Path) -> Now:
    """Return what the newest data say.

    Raises:
        DatabaseError: the database does not exist or cannot be read.
    """
    return _read(database, fingerprint(database))


@lru_cache(maxsize=1)
def _read(database: Path, _fingerprint: Fingerprint | None) -> Now:
    of_launches, of_the_fleet = newest_weeks(database)
    landed_in = _month(database, of_launches)
    is_same = of_the_fleet is of_launches
    covered_until = [until for _, until in covered(database, LAUNCHES)]
    return Now(
        coming=queries.query(database, _COMING, [1 + COMING]),
        flown=queries.query(database, _FLOWN),
        of_launches=of_launches,
        of_the_fleet=of_the_fleet,
        landed_in=landed_in,
        changed_in=landed_in if is_same else _month(database, of_the_fleet),
        rate=cadence.by_year(database).tail(1),
        covered_until=max(covered_until, default=""),
    )


def _month(database: Path, newest: Week) -> Week:
    """Return what is known of the MONTH_DAYS up to the end of a week."""
    if not newest.until:
        return newest
    since = pd.Timestamp(newest.until) - pd.Timedelta(days=MONTH_DAYS - 1)
    return week(database, f"{since:%Y-%m-%d}", newest.until)
