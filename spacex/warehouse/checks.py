"""What the checks look for in the data: each a query for the rows concerned.

A check asks the whole new database, before it is published. What it finds is shown, not repaired:
the services' oddities are facts about the services.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from spacex.schema import CONTENT_TABLES

_EXAMPLES = 5
AGREEMENT_KM = 0.01
"""How far derived and published orbits may differ: the source prints three decimals."""
IN_FLIGHT_DAYS = 3
"""How long a launch may be in flight: to the farthest deployments it takes hours."""

_NEWEST_ELEMENTS = "starlink CROSS JOIN starlink_elements USING (norad_cat_id, epoch_utc, source)"
"""In this order: the history is only looked into, not read through."""
_GIVES_POSITIONS = "source IN (SELECT source FROM starlink WHERE height_km IS NOT NULL)"
"""Whether a row's source tells positions at all."""


@dataclass(frozen=True)
class Check:
    """One thing to look for.

    Attributes:
        name: short, unique.
        table: name of the table looked at.
        severity: info for an oddity to know, warning for something to look into.
        message: what was found, with `{count}` for the number of rows.
        query: SELECT of a text that names each row concerned.
    """

    name: str
    table: str
    severity: str
    message: str
    query: str


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes:
        check: the check.
        count: rows concerned.
        examples: names of some of them.
    """

    check: Check
    count: int
    examples: tuple[str, ...]

    @property
    def message(self) -> str:
        """What was found, in words."""
        return self.check.message.format(count=f"{self.count:,}")


def run_checks(connection: sqlite3.Connection) -> list[Finding]:
    """What each check finds; checks that find nothing are left out."""
    findings = [_run(connection, check) for check in (*CHECKS, *_orphan_checks())]
    return [finding for finding in findings if finding.count]


def _run(connection: sqlite3.Connection, check: Check) -> Finding:
    (count,) = connection.execute(f"SELECT count(*) FROM ({check.query})").fetchone()
    examples = connection.execute(f"SELECT DISTINCT * FROM ({check.query}) LIMIT {_EXAMPLES}")
    return Finding(check, count, tuple(str(row[0]) for row in examples))


def _orphan_checks() -> Iterator[Check]:
    """A check for each column that names a row of another table, where that table has rows."""
    for table in CONTENT_TABLES:
        for column in table.columns:
            target, _, key = (column.references or "").partition(".")
            if target and target != table.name and not table.keeps_history:
                yield Check(
                    f"orphans {table.name}.{column.name}",
                    table.name,
                    "warning",
                    f"Rows of {table.name} with a {column.name} that {target} lacks: {{count}}. "
                    "They are kept, with the id",
                    f"SELECT {column.name} FROM {table.name} "
                    f"WHERE {column.name} IS NOT NULL AND EXISTS (SELECT 1 FROM {target}) "
                    f"AND {column.name} NOT IN (SELECT {key} FROM {target})",
                )


CHECKS: tuple[Check, ...] = (
    Check(
        "flight numbers twice",
        "launches",
        "info",
        "Flight numbers that stand for more than one launch: {count}",
        "SELECT flight_number FROM launches WHERE flight_number IS NOT NULL "
        "GROUP BY source, flight_number HAVING count(*) > 1",
    ),
    Check(
        "outcome unknown",
        "launches",
        "warning",
        "Past launches without a recorded outcome: {count}. They are neither success nor failure",
        "SELECT name FROM launches WHERE NOT is_upcoming AND success IS NULL",
    ),
    Check(
        "upcoming in the past",
        "launches",
        "info",
        "Launches still called upcoming though their date is past: {count}. "
        "The source stopped before they flew",
        "SELECT name FROM launches WHERE is_upcoming AND date_utc < strftime('%Y-%m-%dT%H:%M:%SZ')",
    ),
    Check(
        "in flight too long",
        "launches",
        "warning",
        f"Launches that the source has called in flight for over {IN_FLIGHT_DAYS} days: {{count}}. "
        "It was not told how they ended",
        "SELECT name FROM launches WHERE status = 'In Flight' "
        f"AND date_utc < strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-{IN_FLIGHT_DAYS} days')",
    ),
    Check(
        "lost before liftoff",
        "launch_failures",
        "info",
        "Launches counted as failed that never lifted off: {count}",
        "SELECT name FROM launch_failures JOIN launches USING (launch_id) WHERE time_s < 0",
    ),
    Check(
        "suborbital tests",
        "payloads",
        "info",
        "Suborbital tests counted as launches: {count}",
        "SELECT l.name FROM payloads p JOIN launches l USING (launch_id) WHERE p.orbit = 'SO'",
    ),
    Check(
        "no fairings",
        "launches",
        "info",
        "Launches without fairings on record: {count}. A capsule flew, or nothing is known",
        "SELECT name FROM launches WHERE NOT has_fairings",
    ),
    Check(
        "booster not named",
        "launch_cores",
        "info",
        "Boosters of launches that the source does not name: {count}",
        "SELECT l.name FROM launch_cores JOIN launches l USING (launch_id) WHERE core_id IS NULL",
    ),
    Check(
        "three boosters",
        "launch_cores",
        "info",
        "Launches on three boosters: {count}",
        "SELECT l.name FROM launch_cores JOIN launches l USING (launch_id) "
        "GROUP BY launch_id HAVING count(*) = 3",
    ),
    Check(
        "mass unknown",
        "payloads",
        "info",
        "Payloads of unknown mass: {count}. Sums leave them out",
        "SELECT name FROM payloads WHERE mass_kg IS NULL",
    ),
    Check(
        "no position",
        "starlink",
        "info",
        "Satellites without a position: {count}",
        f"SELECT object_name FROM starlink WHERE height_km IS NULL AND {_GIVES_POSITIONS}",
    ),
    Check(
        "position of decayed",
        "starlink",
        "warning",
        "Satellites with a position though decayed, or none though in orbit: {count}",
        f"SELECT object_name FROM starlink WHERE is_decayed <> (height_km IS NULL) "
        f"AND {_GIVES_POSITIONS}",
    ),
    Check(
        "unlisted",
        "starlink",
        "info",
        "Satellites no longer in the list of what is in orbit: {count}. They are presumed to have "
        "re-entered",
        "SELECT object_name FROM starlink WHERE is_listed = 0 AND NOT is_decayed",
    ),
    Check(
        "listed though decayed",
        "starlink",
        "warning",
        "Satellites that one source lists in orbit and another calls re-entered: {count}",
        "SELECT object_name FROM starlink WHERE is_listed AND is_decayed",
    ),
    Check(
        "launch unknown",
        "starlink",
        "info",
        "Satellites without a launch: {count}. None of the launches has their designator",
        "SELECT object_name FROM starlink WHERE launch_id IS NULL",
    ),
    Check(
        "no drag sign",
        "starlink_elements",
        "info",
        "Element sets with a drag term of zero or below: {count}. A manoeuvre, or a poor fit",
        f"SELECT norad_cat_id FROM {_NEWEST_ELEMENTS} WHERE bstar <= 0",
    ),
    Check(
        "orbit disagrees",
        "starlink_elements",
        "warning",
        f"Orbits that differ from the published ones by over {AGREEMENT_KM} km: {{count}}",
        f"SELECT norad_cat_id FROM {_NEWEST_ELEMENTS} WHERE max("
        "abs(semi_major_axis_km - published_semi_major_axis_km), "
        "abs(perigee_altitude_km - published_perigee_altitude_km), "
        f"abs(apogee_altitude_km - published_apogee_altitude_km)) > {AGREEMENT_KM}",
    ),
)
