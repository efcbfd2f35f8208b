"""A catalogue older than the one in use: it says less, and replaces nothing.

A mirror or a cache may send a catalogue of days before. By its response, it would be the newest
one. A manual file is used as a person provided it.

Functions take the connection to the database being loaded, with the run's staging database.
"""

import sqlite3
from typing import NamedTuple

from spacex.extract.sidecar import MANUAL_SCHEME
from spacex.schema.catalogue import CATALOGUE_OBJECTS
from spacex.sources import short_title
from spacex.units import date_text
from spacex.warehouse.checks import Finding
from spacex.warehouse.older_data import OLDER_CATALOGUE, rejected_records

_DATES = f"""
    SELECT source, max(s.observed_utc), max(m.observed_utc)
    FROM (SELECT source, max(observed_utc) AS observed_utc FROM staging.catalogue_objects
          GROUP BY source) s
         JOIN (SELECT source, max(observed_utc) AS observed_utc FROM main.catalogue_objects
               GROUP BY source) m USING (source)
    WHERE s.observed_utc < m.observed_utc AND NOT EXISTS (
        SELECT 1 FROM staging._snapshots f
        WHERE f.source = s.source AND f.url LIKE '{MANUAL_SCHEME}%')
    GROUP BY source"""
"""SELECT of the catalogues of an earlier date: source, its date, and that of the one in use."""


class OlderCatalogue(NamedTuple):
    """A staged catalogue that is older than the one in use.

    Attributes:
        source: its source.
        sent_utc: its date.
        used_utc: that of the one in use.
        lacks: how many objects, or decays of objects, it lacks.
    """

    source: str
    sent_utc: str
    used_utc: str
    lacks: int


def find_older_catalogues(connection: sqlite3.Connection) -> list[OlderCatalogue]:
    """Return the staged catalogues that are older than those in use.

    A catalogue is if its date is earlier, and it lacks more objects and decays than it adds. Those
    of rejected records may be among the ones that it lacks, and do not count.
    """
    found = []
    for source, sent_utc, used_utc in connection.execute(_DATES).fetchall():
        lacks = _news(connection, source, "main", "staging")
        rejected = rejected_records(connection, source, CATALOGUE_OBJECTS.name)
        if lacks > _news(connection, source, "staging", "main") + rejected:
            found.append(OlderCatalogue(source, sent_utc, used_utc, lacks))
    return found


def find_older(catalogues: list[OlderCatalogue]) -> list[Finding]:
    """Return a finding with both dates of each older catalogue; nothing if there is none."""
    if not catalogues:
        return []
    parts = [
        f"{short_title(each.source)} sent a catalogue of {date_text(each.sent_utc)}, which is "
        f"older than the one in use, of {date_text(each.used_utc)}, and is not used"
        for each in catalogues
    ]
    found = Finding(
        check_name=OLDER_CATALOGUE,
        severity="warning",
        table_name=CATALOGUE_OBJECTS.name,
        finding_count=sum(each.lacks for each in catalogues),
        message=". ".join(parts),
        examples=", ".join(each.source for each in catalogues),
    )
    return [found]


def _news(connection: sqlite3.Connection, source: str, of: str, against: str) -> int:
    """Return how many objects and decays the catalogue of one database has and another has not.

    Args:
        connection: the database.
        source: the source.
        of: the one database.
        against: the other one.
    """
    (count,) = connection.execute(
        f"""SELECT count(*) FROM {of}.catalogue_objects o
                   LEFT JOIN {against}.catalogue_objects a USING (source, catalogue_id)
            WHERE source = ? AND (a.catalogue_id IS NULL OR o.is_decayed > a.is_decayed)""",
        (source,),
    ).fetchone()
    return int(count)
