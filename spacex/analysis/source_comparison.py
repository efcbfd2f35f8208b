"""Where sources agree and disagree on launches and satellites; shown, not repaired.

Every function raises `DatabaseError` if the database is missing or unreadable.
"""

from pathlib import Path

import pandas as pd

from spacex.analysis.queries import query
from spacex.warehouse.launch_dates import dates_differ

_COMPARED = {
    "success": ("success", "a.success <> b.success"),
    "date": ("date_utc", dates_differ("a", "b")),
    "site": ("launchpad_id", "a.launchpad_id <> b.launchpad_id"),
    "class": ("launch_class", "a.launch_class <> b.launch_class"),
    "designator": ("launch_designator", "a.launch_designator <> b.launch_designator"),
    "boosters": ("boosters", "a.boosters <> b.boosters"),
}
"""Attribute → its column, and the condition of a contradiction between launches `a` and `b`."""


def launch_counts(database: Path | str) -> pd.DataFrame:
    """Count past launches by year, site and source, and those that another source has too."""
    return query(database, "SELECT * FROM v_launch_agreement ORDER BY year, launchpad, source")


def unmatched_launches(database: Path | str) -> pd.DataFrame:
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


def contradictions(database: Path | str) -> pd.DataFrame:
    """Return what two sources say differently of one past launch.

    Dates differ if they exclude each other: by more than 15 minutes beyond their precision.

    Returns:
        `launch_id`, `name`, `attribute` (success, date, site, class, designator or boosters),
        `source` and its `value`, `other_source` and its `other_value`, and `used`, the value in
        `launches`; the boosters used are in `launch_cores`.
    """
    parts = (_contradictions(attribute, *each) for attribute, each in _COMPARED.items())
    return query(database, " UNION ALL ".join(parts) + " ORDER BY attribute, name")


def _contradictions(attribute: str, column: str, condition: str) -> str:
    def shown(launch: str) -> str:
        if attribute == "site":
            site = f"SELECT name FROM launchpads WHERE launchpad_id = {launch}.launchpad_id"
            return f"({site})"
        return f"CAST({launch}.{column} AS TEXT)"

    used = "NULL" if attribute == "boosters" else shown("l")
    return f"""
        SELECT a.launch_id, l.name AS name, '{attribute}' AS attribute, a.source AS source,
               {shown("a")} AS value, b.source AS other_source, {shown("b")} AS other_value,
               {used} AS used
        FROM launch_sources a JOIN launch_sources b USING (launch_id)
             JOIN launches l USING (launch_id)
        WHERE a.source < b.source AND NOT a.is_upcoming AND NOT b.is_upcoming AND {condition}"""


def satellite_contradictions(database: Path | str) -> pd.DataFrame:
    """Return what two sources say differently of one satellite: `v_satellite_contradictions`.

    Returns:
        `norad_cat_id`, `object_name`, `attribute` (decay date, decayed, launch date, designator,
        version, or whether it is a Starlink), `source` and its `value`, `other_source` and its
        `other_value`, `used`, the value in `starlink`, and `reason`.
    """
    return query(
        database,
        "SELECT * FROM v_satellite_contradictions ORDER BY attribute, norad_cat_id, source",
    )
