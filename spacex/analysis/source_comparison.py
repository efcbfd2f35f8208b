"""Where the sources of launches agree and disagree; shown, not repaired.

Every function raises `DatabaseError` if the database is missing or unreadable.
"""

from pathlib import Path

import pandas as pd

from spacex.analysis.queries import query

_COMPARED = {
    "success": ("a.success", "b.success"),
    "day": ("substr(a.date_utc, 1, 10)", "substr(b.date_utc, 1, 10)"),
    "site": ("a.launchpad_id", "b.launchpad_id"),
}


def launch_counts(database: Path) -> pd.DataFrame:
    """Count past launches by year, site and source, and those that another source has too."""
    return query(database, "SELECT * FROM v_launch_agreement ORDER BY year, launchpad, source")


def unmatched_launches(database: Path) -> pd.DataFrame:
    """Return the past launches that another source covering their date lacks.

    A source covers the time from its first to its last past launch.

    Returns:
        `source`, `name`, `date_utc`, `launchpad`, and the other source, `missing_from`.
    """
    return query(
        database,
        """WITH span AS (SELECT source, min(date_utc) AS first, max(date_utc) AS last
                         FROM launch_sources WHERE NOT is_upcoming GROUP BY source)
           SELECT s.source, s.name, s.date_utc, p.name AS launchpad, span.source AS missing_from
           FROM launch_sources s LEFT JOIN launchpads p USING (launchpad_id)
                JOIN span ON span.source <> s.source AND s.date_utc BETWEEN span.first AND span.last
           WHERE NOT s.is_upcoming AND NOT EXISTS (
               SELECT 1 FROM launch_sources o
               WHERE o.launch_id = s.launch_id AND o.source = span.source)
           ORDER BY s.date_utc""",
    )


def contradictions(database: Path) -> pd.DataFrame:
    """Return the outcomes, days and sites of past launches on which two sources disagree.

    Returns:
        `launch_id`, `name`, `attribute` (success, day or site), `source` and its `value`,
        `other_source` and its `other_value`.
    """
    parts = (
        f"""SELECT a.launch_id, a.name AS name, '{attribute}' AS attribute, a.source AS source,
                   CAST({a} AS TEXT) AS value, b.source AS other_source,
                   CAST({b} AS TEXT) AS other_value
            FROM launch_sources a JOIN launch_sources b USING (launch_id)
            WHERE a.source < b.source AND NOT a.is_upcoming AND NOT b.is_upcoming AND {a} <> {b}"""
        for attribute, (a, b) in _COMPARED.items()
    )
    return query(database, " UNION ALL ".join(parts) + " ORDER BY attribute, name")
