"""Where the sources agree with each other, and where they do not: shown, not repaired."""

from pathlib import Path

import pandas as pd

from spacex.analysis.queries import query


def launch_counts(database: Path) -> pd.DataFrame:
    """Launches flown by year, site and source, with how many of them another source has, too.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    return query(database, "SELECT * FROM v_launch_agreement ORDER BY year, launchpad, source")


def unmatched_launches(database: Path) -> pd.DataFrame:
    """Launches flown that one source has and another lacks, within the time the other covers.

    A source covers the time from its first flown launch to its last.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    return query(
        database,
        """WITH span AS (SELECT source, min(date_utc) AS first, max(date_utc) AS last
                         FROM launch_sources WHERE NOT is_upcoming GROUP BY source)
           SELECT s.source, s.name, s.date_utc, p.name AS launchpad, span.source AS lacked_by
           FROM launch_sources s LEFT JOIN launchpads p USING (launchpad_id)
                JOIN span ON span.source <> s.source AND s.date_utc BETWEEN span.first AND span.last
           WHERE NOT s.is_upcoming AND NOT EXISTS (
               SELECT 1 FROM launch_sources o
               WHERE o.launch_id = s.launch_id AND o.source = span.source)
           ORDER BY s.date_utc""",
    )


def contradictions(database: Path) -> pd.DataFrame:
    """What two sources tell otherwise of one launch: its outcome, its day or its site.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    columns = {"success": "success", "day": "substr({}date_utc, 1, 10)", "site": "launchpad_id"}
    parts = []
    for what, expression in columns.items():
        a, b = (_of(expression, side) for side in ("a.", "b."))
        parts.append(
            f"""SELECT a.launch_id, a.name AS name, '{what}' AS what, a.source AS source,
                       CAST({a} AS TEXT) AS told, b.source AS other_source,
                       CAST({b} AS TEXT) AS other_value
                FROM launch_sources a JOIN launch_sources b USING (launch_id)
                WHERE a.source < b.source AND NOT a.is_upcoming AND NOT b.is_upcoming
                  AND {a} <> {b}"""
        )
    return query(database, " UNION ALL ".join(parts) + " ORDER BY what, name")


def designators_without_launch(database: Path) -> pd.DataFrame:
    """Batches of satellites whose designator none of the launches has.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    return query(
        database,
        """SELECT launch_designator, count(*) AS satellites,
                  sum(catalogue_status = 'in orbit') AS in_orbit, min(object_name) AS for_example
           FROM v_starlink WHERE launch_id IS NULL
           GROUP BY launch_designator ORDER BY launch_designator""",
    )


def _of(expression: str, side: str) -> str:
    return expression.format(side) if "{}" in expression else f"{side}{expression}"
