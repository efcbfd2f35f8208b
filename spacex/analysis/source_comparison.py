"""Where sources agree and disagree on launches and satellites; shown, not repaired.

Every function raises `DatabaseError` if the database is missing or unreadable.
"""

from pathlib import Path

import pandas as pd

from spacex.analysis.queries import query
from spacex.warehouse.authorities import PRECEDENCE
from spacex.warehouse.coverage import LAUNCHES, coverage_of


def launch_counts(database: Path | str) -> pd.DataFrame:
    """Count past launches by year, site and source, and those that another source also has."""
    return query(database, "SELECT * FROM v_launch_agreement ORDER BY year, launchpad, source")


def unmatched_launches(database: Path | str) -> pd.DataFrame:
    """Return the past launches that another source covering their date lacks.

    Returns:
        `source`, `name`, `date_utc`, `launchpad`, and the other source, `missing_from`.
    """
    return query(
        database,
        f"""WITH span AS (SELECT source, from_utc, to_utc FROM ({coverage_of(LAUNCHES)}))
           SELECT s.source, s.name, s.date_utc, p.name AS launchpad, span.source AS missing_from
           FROM launch_sources s LEFT JOIN launchpads p USING (launchpad_id)
                JOIN span ON span.source <> s.source
                             AND s.date_utc BETWEEN span.from_utc AND span.to_utc
           WHERE NOT s.is_upcoming AND NOT EXISTS (
               SELECT 1 FROM launch_sources o
               WHERE o.launch_id = s.launch_id AND o.source = span.source)
           ORDER BY s.date_utc""",
    )


def contradictions(database: Path | str) -> pd.DataFrame:
    """Return what two sources say differently of one past launch: `v_launch_contradictions`.

    Returns:
        `launch_id`, `name`, `attribute` (success, date, site, class, designator or boosters),
        `source` and its `value`, `other_source` and its `other_value`, `used`, the value that
        stands, the `rule` that decides, and `stands`, the source of the value used.
    """
    return query(database, "SELECT * FROM v_launch_contradictions ORDER BY attribute, name, source")


def satellite_contradictions(database: Path | str) -> pd.DataFrame:
    """Return what two sources say differently of one satellite: `v_satellite_contradictions`.

    Returns:
        `norad_cat_id`, `object_name`, `attribute` (decay date, decayed, in orbit, launch date,
        designator, version, or whether it is a Starlink), `source` and its `value`,
        `other_source` and its `other_value`, `used`, the value in `starlink`, the `reason` of the
        difference, `stands`, the source of the value used, if any is, and `is_outdated`, whether a
        source is only too old to know a decay; these come last. `PRECEDENCE_RULES` decides.
    """
    return query(
        database,
        """SELECT * FROM v_satellite_contradictions
           ORDER BY is_outdated, attribute, norad_cat_id, source""",
    )


def satellite_agreement(database: Path | str) -> pd.DataFrame:
    """Count what two sources say differently of satellites.

    Returns:
        `attribute`, `source`, `other_source`, `reason`, `stands`, `satellites` and `for_example`,
        the name of one; most first, but last those of which a source is only too old to know.
    """
    return query(
        database,
        """SELECT attribute, source, other_source, reason, stands,
                  count(DISTINCT norad_cat_id) AS satellites, min(object_name) AS for_example
           FROM v_satellite_contradictions GROUP BY 1, 2, 3, 4, 5
           ORDER BY is_outdated, satellites DESC, 1""",
    )


_COMPARED = ("decay_date", "launch_date", "object_id", "version")
PRECEDENCE_RULES = "; ".join(
    f"{name.replace('_', ' ')}: {' before '.join(PRECEDENCE[name])}" for name in _COMPARED
)
"""Whose value stands, by attribute of a satellite, in words."""
