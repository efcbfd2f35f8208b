"""Checks: queries for anomalies in the new database, run before it is published.

Findings are reported, not repaired: they describe the services' data.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from spacex.extract.list_dates import DATE_TOLERANCE
from spacex.schema import CONTENT_TABLES
from spacex.warehouse.coverage import UNRECORDED_LAUNCHES
from spacex.warehouse.decay_days import follows
from spacex.warehouse.launch_dates import OVERDUE, dates_differ
from spacex.warehouse.simulated_launches import told_launch

MAX_EXAMPLES = 5
AGREEMENT_KM = 0.01
"""Tolerance between derived and published orbits; the source publishes three decimals."""
IN_FLIGHT_DAYS = 3
"""Longest plausible time in flight; even the farthest deployments take only hours."""

_NEWEST_ELEMENTS = "starlink CROSS JOIN starlink_elements USING (norad_cat_id, epoch_utc, source)"
"""CROSS JOIN fixes the join order, so the history is looked up by key and not scanned."""
_GIVES_POSITIONS = "source IN (SELECT source FROM starlink WHERE height_km IS NOT NULL)"
"""SQL condition: the row's source provides positions."""


@dataclass(frozen=True)
class Check:
    """One check of the data.

    Attributes:
        message: the finding in words, with `{count}` for the number of rows.
        query: SELECT of one column that names each row found.
        severity: `info` for a known oddity, `warning` for something to investigate.
        advice: what to do about a warning, in words.
    """

    name: str
    table: str
    message: str
    query: str
    severity: str = "info"
    advice: str = ""


@dataclass(frozen=True)
class Finding:
    """The result of one check; the columns of `_findings`."""

    check_name: str
    severity: str
    table_name: str
    finding_count: int
    message: str
    examples: str


def run_checks(connection: sqlite3.Connection) -> list[Finding]:
    """Run all checks; return the findings of those that find anything."""
    findings = (_run(connection, check) for check in (*CHECKS, *_orphan_checks()))
    return [finding for finding in findings if finding]


def _run(connection: sqlite3.Connection, check: Check) -> Finding | None:
    (count,) = connection.execute(f"SELECT count(*) FROM ({check.query})").fetchone()
    if not count:
        return None
    rows = connection.execute(f"SELECT DISTINCT * FROM ({check.query}) LIMIT {MAX_EXAMPLES}")
    examples = ", ".join(str(name) for (name,) in rows)
    message = check.message.format(count=f"{count:,}")
    return Finding(check.name, check.severity, check.table, count, message, examples)


_ORPHANS = (
    "Run with all endpoints, without --only. If it stays, report the rows to their source: it "
    "refers to something that it does not list."
)


def advice() -> dict[str, str]:
    """Return check → what to do about what it finds, for the checks that warn."""
    return {each.name: each.advice for each in (*CHECKS, *_orphan_checks()) if each.advice}


def _words(name: str) -> str:
    return name.replace("_", " ")


def _orphan_checks() -> Iterator[Check]:
    """Return a check for each column that references another table, if that table has rows."""
    for table in CONTENT_TABLES:
        for column in table.columns:
            target, _, key = (column.references or "").partition(".")
            if target and target != table.name and not table.keeps_history:
                yield Check(
                    f"orphans {table.name}.{column.name}",
                    table.name,
                    f"Rows of {_words(table.name)} whose {_words(column.name.removesuffix('_id'))} "
                    f"is not in {_words(target)}: {{count}}. "
                    "They are kept",
                    f"SELECT {column.name} FROM {table.name} "
                    f"WHERE {column.name} IS NOT NULL AND EXISTS (SELECT 1 FROM {target}) "
                    f"AND {column.name} NOT IN (SELECT {key} FROM {target})",
                    severity="warning",
                    advice=_ORPHANS,
                )


CHECKS: tuple[Check, ...] = (
    Check(
        "duplicate flight numbers",
        "launches",
        "Flight numbers shared by several launches: {count}",
        "SELECT flight_number FROM launches WHERE flight_number IS NOT NULL "
        "GROUP BY source, flight_number HAVING count(*) > 1",
    ),
    Check(
        "outcome unknown",
        "launches",
        "Past launches without a recorded outcome: {count}. They count neither as success nor as "
        "failure",
        "SELECT name FROM launches WHERE NOT is_upcoming AND success IS NULL",
        severity="warning",
        advice="Wait for the source to record them, or add one that covers their dates to "
        "SPACEX_SOURCES.",
    ),
    Check(
        "upcoming in the past",
        "launches",
        "Launches listed as upcoming although their date has passed: {count}. They are shown as "
        "overdue, or as superseded if another source covers the date, and their source covers no "
        "time after the earliest of them",
        f"SELECT name FROM launches l WHERE {OVERDUE}",
    ),
    Check(
        "in flight too long",
        "launches",
        f"Launches listed as in flight for more than {IN_FLIGHT_DAYS} days: {{count}}. "
        "The source has not recorded their outcome",
        "SELECT name FROM launches WHERE status = 'In Flight' "
        f"AND date_utc < strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-{IN_FLIGHT_DAYS} days')",
        severity="warning",
        advice="Wait for the source to record the outcome. Look it up elsewhere before you "
        "rely on it.",
    ),
    Check(
        "lost before liftoff",
        "launches",
        "Launches lost before liftoff: {count}. They do not count as orbital launches",
        "SELECT name FROM launches WHERE launch_class = 'pad loss'",
    ),
    Check(
        "suborbital launches",
        "launches",
        "Suborbital launches: {count}. They do not count as orbital launches",
        "SELECT name FROM launches WHERE launch_class = 'suborbital' AND NOT is_upcoming",
    ),
    Check(
        "launches not recorded",
        "launches",
        "Launches seen in orbit, by the designators of satellites, that no source of launches "
        "lists: {count}. Launches per year are not known where they are missing",
        f"SELECT {told_launch('launch_designator')} FROM ({UNRECORDED_LAUNCHES})",
        severity="warning",
        advice="Add a source of launches that covers the time to SPACEX_SOURCES: "
        "launchlibrary or gcat.",
    ),
    Check(
        "dates differ",
        "launch_sources",
        "Launches whose sources give dates that exclude each other: {count}. The most precise one "
        "counts",
        "SELECT DISTINCT a.name FROM launch_sources a JOIN launch_sources b USING (launch_id) "
        f"WHERE a.source < b.source AND NOT a.is_upcoming AND NOT b.is_upcoming "
        f"AND {dates_differ('a', 'b')}",
    ),
    Check(
        "flight counted twice",
        "launch_cores",
        "Flights of a booster that several launches claim: {count}. One of their numbers is wrong",
        "SELECT k.serial || ' flight ' || c.flight || ': ' || group_concat(l.name, ', ') "
        "FROM launch_cores c JOIN launches l USING (launch_id) LEFT JOIN cores k USING (core_id) "
        "WHERE NOT l.is_upcoming AND c.core_id IS NOT NULL AND c.flight IS NOT NULL "
        "GROUP BY c.core_id, c.flight HAVING count(*) > 1",
        severity="warning",
        advice="Do not rely on the flight numbers of these boosters. Report them to the source.",
    ),
    Check(
        "no fairings",
        "launches",
        "Launches without recorded fairings: {count}. They carried a capsule, or nothing is known",
        "SELECT name FROM launches WHERE NOT has_fairings",
    ),
    Check(
        "booster unknown",
        "launch_cores",
        "Boosters of launches that the source does not identify: {count}",
        "SELECT l.name FROM launch_cores JOIN launches l USING (launch_id) WHERE core_id IS NULL",
    ),
    Check(
        "three boosters",
        "launch_cores",
        "Launches with three boosters: {count}",
        "SELECT l.name FROM launch_cores JOIN launches l USING (launch_id) "
        "GROUP BY launch_id HAVING count(*) = 3",
    ),
    Check(
        "mass unknown",
        "payloads",
        "Payloads of unknown mass: {count}. Sums exclude them",
        "SELECT name FROM payloads WHERE mass_kg IS NULL",
    ),
    Check(
        "no position",
        "starlink",
        "Satellites without a position: {count}",
        f"SELECT object_name FROM starlink WHERE height_km IS NULL AND {_GIVES_POSITIONS}",
    ),
    Check(
        "position of decayed",
        "starlink",
        "Satellites that are decayed but have a position, or are in orbit but have none: {count}",
        f"SELECT object_name FROM starlink WHERE is_decayed <> (height_km IS NULL) "
        f"AND {_GIVES_POSITIONS}",
        severity="warning",
        advice="Position or status is wrong: look the satellites up in SATCAT, and report "
        "them to the source.",
    ),
    Check(
        "GP list out of date",
        "starlink",
        f"GP lists of over {DATE_TOLERANCE.days} days before their response: {{count}}. They count "
        "on the date of their orbits",
        f"""SELECT retrieved_utc FROM (
                SELECT data_utc, max(retrieved_utc) AS retrieved_utc FROM _observations
                WHERE (source, data_utc) IN (
                    SELECT source, max(data_utc) FROM _observations GROUP BY source)
                GROUP BY source)
            WHERE julianday(retrieved_utc) - julianday(data_utc) > {DATE_TOLERANCE.days}""",
        severity="warning",
        advice="`spacex doctor` tells whether the service can be reached. Run again when it "
        "has newer orbits.",
    ),
    Check(
        "unlisted",
        "starlink",
        "Satellites that are not in the newest GP list, without a decay date: {count}",
        "SELECT object_name FROM starlink "
        "WHERE is_listed = 0 AND NOT is_decayed AND unlisted_since_utc IS NOT NULL",
    ),
    Check(
        "listed though decayed",
        "starlink",
        "Satellites that a GP list has in orbit after the decay that another source reports: "
        "{count}",
        "SELECT object_name FROM starlink WHERE is_listed AND is_decayed "
        "AND coalesce(decay_date, '') < substr(last_listed_utc, 1, 10)",
        severity="warning",
        advice="List or decay date is wrong. They count as decayed until the sources agree: "
        "wait some days.",
    ),
    Check(
        "decay in the future",
        "catalogue_objects",
        "Decay dates after the day of the catalogue that gives them: {count}. They are "
        "predictions, and do not count; the clock of this machine may have been wrong",
        "SELECT object_name FROM catalogue_objects "
        "WHERE is_starlink AND decay_date > substr(observed_utc, 1, 10)",
        severity="warning",
        advice="Check the clock of this machine. A prediction settles when the decay is reported.",
    ),
    Check(
        "launch in the future",
        "catalogue_objects",
        "Launch dates after the day of the catalogue that gives them: {count}. They count as "
        "launched; the clock of this machine may have been wrong",
        "SELECT object_name FROM catalogue_objects "
        "WHERE is_starlink AND launch_date > substr(observed_utc, 1, 10)",
        severity="warning",
        advice="Check the clock of this machine, and run again.",
    ),
    Check(
        "decay before launch",
        "starlink",
        "Decay dates before the launch: {count}. They count as decayed on the day of the launch",
        "SELECT object_name FROM starlink s WHERE " + follows("launch_date", "s", lead_days=0),
        severity="warning",
        advice="One of the two dates is wrong. Report them to the source of the decay.",
    ),
    Check(
        "sources disagree",
        "catalogue_objects",
        "Statements of two sources that contradict each other on one object: {count}. "
        "v_satellite_contradictions lists them with their reasons",
        "SELECT norad_cat_id FROM v_satellite_contradictions WHERE NOT is_outdated",
    ),
    Check(
        "decay not known yet",
        "catalogue_objects",
        "Decays that another source does not have because its data are older, or of some days "
        "later: {count}",
        "SELECT norad_cat_id FROM v_satellite_contradictions WHERE is_outdated",
    ),
    Check(
        "shared names",
        "starlink",
        "Names that several catalogue numbers share: {count}. They stand for a name not yet given, "
        "or are wrong",
        "SELECT object_name FROM starlink GROUP BY object_name HAVING count(*) > 1",
        severity="warning",
        advice="Use the catalogue number of these satellites in place of the name.",
    ),
    Check(
        "shared designators",
        "starlink",
        "International designators that several catalogue numbers share: {count}. One of their "
        "numbers or designators is wrong",
        "SELECT object_id FROM starlink WHERE object_id IS NOT NULL "
        "GROUP BY object_id HAVING count(*) > 1",
        severity="warning",
        advice="Use the catalogue number of these satellites. Report them to the source.",
    ),
    Check(
        "designators of the future",
        "starlink",
        "Satellites whose international designator has a year after that of the GP list or "
        "catalogue that gives it: {count}. The designator is wrong",
        """SELECT object_name FROM (
                SELECT norad_cat_id, object_name, object_id, last_listed_utc AS said_utc
                FROM starlink
                UNION SELECT norad_cat_id, object_name, object_id, observed_utc
                      FROM catalogue_objects WHERE is_starlink)
            WHERE object_id GLOB '[0-9][0-9][0-9][0-9]-*'
                  AND substr(object_id, 1, 4) > substr(said_utc, 1, 4)
            GROUP BY coalesce(norad_cat_id, object_name)""",
        severity="warning",
        advice="Use the catalogue number of these satellites. Report them to the source.",
    ),
    Check(
        "launch unknown",
        "starlink",
        "Satellites without a launch: {count}. No launch has their designator",
        "SELECT object_name FROM starlink WHERE launch_id IS NULL",
    ),
    Check(
        "drag not positive",
        "starlink_elements",
        "Newest element sets with a drag term of zero or less: {count}. The cause is a manoeuvre "
        "or a poor fit",
        f"SELECT norad_cat_id FROM {_NEWEST_ELEMENTS} WHERE bstar <= 0",
    ),
    Check(
        "orbit disagrees",
        "starlink_elements",
        f"Orbits that differ from the published ones by more than {AGREEMENT_KM} km: {{count}}",
        f"SELECT norad_cat_id FROM {_NEWEST_ELEMENTS} WHERE max("
        "abs(semi_major_axis_km - published_semi_major_axis_km), "
        "abs(perigee_altitude_km - published_perigee_altitude_km), "
        f"abs(apogee_altitude_km - published_apogee_altitude_km)) > {AGREEMENT_KM}",
        severity="warning",
        advice="The orbits computed from the elements are used. If there are many, report "
        "them to the source.",
    ),
)
