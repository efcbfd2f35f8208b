"""A list of launches older than the one before, such as that of a mirror or a cache.

The launches of all sources are merged before they are loaded, so the older list is used, and the
coverage of launches ends where it does. A finding says so. Between two full requests, an older
record of Launch Library replaces no newer one.

Functions take the connection to the database being loaded, with the run's staging database.
"""

import sqlite3
from collections.abc import Iterator

from spacex.extract.sidecar import MANUAL_SCHEME
from spacex.schema.launches import LAUNCH_SOURCES, LAUNCHES
from spacex.sources import short_title
from spacex.units import counted, date_text
from spacex.warehouse.checks import MAX_EXAMPLES, Finding
from spacex.warehouse.fleet import LIVE
from spacex.warehouse.older_data import OLDER_LAUNCHES, rejected_records

_DATES = f"""
    SELECT source, s.newest, m.newest
    FROM (SELECT source, max(date_utc) AS newest FROM staging.launch_sources
          WHERE NOT is_upcoming GROUP BY source) s
         JOIN (SELECT source, max(date_utc) AS newest FROM main.launch_sources
               WHERE NOT is_upcoming GROUP BY source) m USING (source)
    WHERE s.newest < m.newest AND source IN ({LIVE}) AND NOT EXISTS (
        SELECT 1 FROM staging._snapshots f
        WHERE f.source = s.source AND f.endpoint = 'launches'
              AND f.url LIKE '{MANUAL_SCHEME}%')"""
"""SELECT of the sources whose newest flown launch is earlier: both dates."""


def find_older_launches(connection: sqlite3.Connection) -> list[Finding]:
    """Return a finding if a staged list of launches is older than the one that it replaces.

    It is if its newest flown launch is earlier, and it lacks more flown launches than it adds.
    Those of rejected records may be among the ones that it lacks, and do not count.
    """
    parts, missing = [], []
    for source, sent_utc, before_utc in connection.execute(_DATES).fetchall():
        lacks = [*_flown_only_in("main", "staging", connection, source)]
        adds = [*_flown_only_in("staging", "main", connection, source)]
        if len(lacks) > len(adds) + rejected_records(connection, source, LAUNCHES.name):
            missing += lacks
            lost = counted(len(lacks), "flown launch is", "flown launches are")
            parts.append(
                f"{short_title(source)} sent a list of launches to {date_text(sent_utc)}, which is "
                f"older than the one before, to {date_text(before_utc)}: {lost} missing from it"
            )
    if not parts:
        return []
    found = Finding(
        check_name=OLDER_LAUNCHES,
        severity="warning",
        table_name=LAUNCH_SOURCES.name,
        finding_count=len(missing),
        message=". ".join(parts),
        examples=", ".join(missing[:MAX_EXAMPLES]),
    )
    return [found]


def _flown_only_in(
    of: str, against: str, connection: sqlite3.Connection, source: str
) -> Iterator[str]:
    """Yield the names of the flown launches that one database has of a source, the newest first.

    Args:
        of: the one database.
        against: the other one, which lists them as upcoming or not at all.
        connection: the database.
        source: the source.
    """
    rows = connection.execute(
        f"""SELECT o.name FROM {of}.launch_sources o
            WHERE o.source = ?1 AND NOT o.is_upcoming AND o.source_launch_id NOT IN (
                SELECT source_launch_id FROM {against}.launch_sources
                WHERE source = ?1 AND NOT is_upcoming)
            ORDER BY o.date_utc DESC""",
        (source,),
    )
    return (str(name) for (name,) in rows)
