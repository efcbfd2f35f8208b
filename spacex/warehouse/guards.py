"""Guards: stop a run, or leave out its GP list, if the data are worse than the published data.

Guards take the connection to the database being loaded.
"""

import json
import math
import sqlite3
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Any

from spacex.errors import DataError
from spacex.extract.run_folder import Manifest
from spacex.schema import TABLES
from spacex.schema.catalogue import CATALOGUE_OBJECTS
from spacex.schema.ddl import literals
from spacex.schema.starlink import STARLINK
from spacex.settings import RUN_COMMAND, command
from spacex.sources import SERVICES
from spacex.transform.rows import FEW
from spacex.units import counted, utc_instant, utc_text
from spacex.warehouse.checks import MAX_EXAMPLES, Finding
from spacex.warehouse.connection import reading
from spacex.warehouse.fleet import FLEET_TABLES, LIST_COLUMNS, LIVE, Observation, known_numbers
from spacex.warehouse.renumbering import renumberings

ACCEPTED = "rows_in - rows_rejected - rows_duplicate - rows_out_of_scope"
"""SQL: accepted rows of `_counts`, loaded or superseded."""
LOSS_PCT = 2.0
LOSS_DAYS = 20
DAILY_LOSS_PCT = 0.1
"""Largest plausible loss of satellites between GP lists, and within one day.

In 2025 some 1,000 of 8,000 satellites left the lists, or 0.034 % a day; the worst months, of storms
and retirements, had twice as much. Within `LOSS_DAYS`, where it is larger, the first limit applies,
which a truncated list exceeds; within years the second.
"""

_CHANGED = "The service may have changed its format"

_OBJECT_TABLES = (*FLEET_TABLES, CATALOGUE_OBJECTS.name)
"""The tables with one row per record, whose name several records may have."""
_RECORD = f"""CASE WHEN table_name IN ({literals(_OBJECT_TABLES)})
                        THEN iif(row_key LIKE '?%', reject_number, row_key)
                   WHEN record_name <> '' THEN record_name
                   WHEN row_key LIKE '?%' THEN reject_number
                   ELSE substr(row_key, 1, instr(row_key || '/', '/') - 1) END"""
"""SQL: what distinguishes the records of `_rejects`; one may have many rows in a table."""
_OPTIONAL = literals(name for name, source in SERVICES.items() if source.is_optional)
"""The sources that stop no run, as SQL."""


def guard_real_data(connection: sqlite3.Connection, manifest: Manifest, path: Path) -> None:
    """Stop the sample from replacing the real data of the database at a path.

    Args:
        connection: the database being loaded.
        manifest: the run.
        path: the published database, for the message.

    Raises:
        DataError: the run is the sample, and the database holds real data.
    """
    if manifest.is_simulated and holds_real_data(connection):
        raise DataError(
            f"{path} holds real data, which the bundled sample never replaces.",
            remedy=f"To try the sample, use another folder: SPACEX_DATA_DIR=sample {RUN_COMMAND}.",
        )


def holds_real_data(connection: sqlite3.Connection) -> bool:
    """Return whether the database holds real data."""
    row = connection.execute("SELECT 1 FROM _runs WHERE NOT is_simulated LIMIT 1").fetchone()
    return row is not None


def published_endpoints(database: Path) -> frozenset[tuple[str, str]]:
    """Return the services and endpoints whose data a published database holds; none for the sample.

    Raises:
        DatabaseError: the database is damaged or has another schema version.
    """
    if not database.exists():
        return frozenset()
    with reading(database) as connection:
        rows = connection.execute(
            """SELECT DISTINCT s.source, s.endpoint FROM _snapshots s JOIN _runs r USING (run_id)
               WHERE NOT r.is_simulated"""
        )
        return frozenset((source, endpoint) for source, endpoint in rows)


def guard_rejects(
    connection: sqlite3.Connection, limit_pct: float, manual: Collection[str] = ()
) -> None:
    """Stop a run with too many rejected records or values: a format has probably changed.

    The lost values of `FEW` records are always accepted, and so are `FEW` rejected records unless
    they are all of a table. A limit of 0 accepts none.

    Args:
        connection: the database being loaded.
        limit_pct: the largest share of rejected records or values, %.
        manual: the sources whose records come from manual files, for the message.

    Raises:
        DataError: more than `limit_pct` percent of a table's records, or of the values of one of
            its columns, were rejected.
    """
    over_limit = _over_limit(connection, limit_pct)
    if not over_limit:
        return
    order = list(TABLES)  # in case of a tie, the parent table comes first
    table, source, column, lost, rejects, total = min(
        over_limit, key=lambda row: (-row[4] / row[5], order.index(row[0]), row[2])
    )
    reason_column, reason, value, record = connection.execute(
        """SELECT column_name, reason, value, coalesce(nullif(record_name, ''), row_key)
           FROM staging._rejects WHERE table_name = ? AND source = ? AND lost = ?
                 AND (column_name = ? OR lost = 'row')
           GROUP BY column_name, reason ORDER BY count(*) DESC LIMIT 1""",
        (table, source, lost, column),
    ).fetchone()
    noun, place = ("record", table) if lost == "row" else ("value", f"{table}.{column}")
    what = f"{counted(total, noun)} of {place} {'was' if rejects == 1 else 'were'}"
    limit = f"over the limit of {limit_pct:g} %" if rejects < total else "that is all of them"
    example = f"{value!r} in {record}" if value else record
    cause = "The file may be damaged or of another kind" if source in manual else _CHANGED
    if reason_column == "epoch_utc":
        cause += ", or the clock of this machine is wrong"
    raise DataError(
        f"{rejects:,} of {what} rejected, {limit}. Most often "
        f"{reason_column or 'the row'}: {reason} (for example {example}).",
        remedy=f"The database is unchanged. {cause}; SPACEX_MAX_REJECT_PCT sets the limit.",
    )


def _over_limit(connection: sqlite3.Connection, limit_pct: float) -> list[tuple[Any, ...]]:
    """Return table, source, column, loss, rejects and total where the rejects are too many."""
    return connection.execute(
        f"""WITH rejected AS (
                SELECT table_name, source, iif(lost = 'row', '', column_name) AS column_name, lost,
                       count(*) AS rejects, count(DISTINCT {_RECORD}) AS records
                FROM staging._rejects GROUP BY 1, 2, 3, 4),
            share AS (
                SELECT r.*, iif(lost = 'row', rows_rejected, rejects) AS rejected,
                       iif(lost = 'row', rows_in, {ACCEPTED}) AS total,
                       {ACCEPTED} + iif(lost = 'row', rows_rejected, 0) AS usable
                FROM rejected r JOIN staging._counts USING (table_name, source))
            SELECT table_name, source, column_name, lost, rejected, total FROM share
            WHERE (rejected >= usable OR 100.0 * rejected > :limit * total)
              AND source NOT IN ({_OPTIONAL})
              AND (records > iif(:limit > 0, {FEW}, 0) OR lost = 'row' AND rejected >= usable)""",
        {"limit": limit_pct},
    ).fetchall()


ADVICE = {
    "truncated GP list": "Run again later: the service may have sent only a part. If the "
    "satellites are really no longer listed, run again with --accept-shrink.",
    "records of unknown satellites": "Look at the rejected records. If they stay, report them to "
    "the source.",
}
"""Finding → what to do about it."""


def find_truncation(
    connection: sqlite3.Connection, observed: Observation, accepted: Collection[str] = ()
) -> Finding | None:
    """Return a finding if the staged GP list may be truncated, None if it is plausible.

    It is compared with the largest list of the last `LOSS_DAYS`, or else with the newest one, so
    that many small losses in a short time are noticed; but with no list before one that a person
    accepted. Older lists count for the numbers that the format of that list cannot hold. Numbers
    that its own format cannot hold are not missing. A list that is already loaded has been
    accepted. One satellite may always be lost.

    Args:
        connection: the database being loaded.
        observed: the staged list.
        accepted: digests of the lists that a person accepted.

    Raises:
        DatabaseError: another program has edited the lists in the database.
    """
    since_utc = _compared_list(connection, observed, accepted)
    if not since_utc:
        return None
    lists = connection.execute(
        f"""SELECT {LIST_COLUMNS} FROM main._observations
            WHERE source = ? AND observed_utc <= ? ORDER BY observed_utc DESC""",
        (observed.source, since_utc),
    )
    before = known_numbers(lists, observed.max_norad_cat_id, renumberings(connection))
    lost = sorted(before - observed.listed)
    allowed = len(before) * allowed_loss(since_utc, observed.observed_utc)
    if len(lost) <= max(1, allowed):
        return None
    listed = counted(len(observed.listed), "satellite")
    return Finding(
        check_name="truncated GP list",
        severity="error",
        table_name=STARLINK.name,
        finding_count=len(lost),
        message=f"The GP list of {observed.observed_utc} has {listed} and lacks "
        f"{len(lost):,} of the {len(before):,} in that of {since_utc} "
        f"({100 * len(lost) / len(before):.1f} %): it may be truncated and is not used.",
        examples=", ".join(map(str, lost[:MAX_EXAMPLES])),
    )


def find_unknown(observed: Observation) -> Finding | None:
    """Return a finding if satellites are listed only because rejected records may be of them."""
    if not observed.assumed:
        return None
    return Finding(
        check_name="records of unknown satellites",
        severity="warning",
        table_name=STARLINK.name,
        finding_count=observed.unknown,
        message=f"Rejected records of the GP list of {observed.observed_utc} whose satellite is "
        f"not known: {observed.unknown:,}. They may be of absent satellites; as many of these stay "
        "listed, the highest first",
        examples=", ".join(map(str, observed.assumed[:MAX_EXAMPLES])),
    )


def _compared_list(
    connection: sqlite3.Connection, observed: Observation, accepted: Collection[str]
) -> str:
    """Return the instant of the list with which a list is compared; empty if there is none."""
    first = utc_instant(observed.observed_utc) - timedelta(days=LOSS_DAYS)
    compared, largest = "", -1
    for instant, count, sha256 in connection.execute(
        """SELECT observed_utc, satellite_count, sha256
           FROM main._observations o LEFT JOIN main._snapshots s
                ON s.run_id = o.run_id AND s.source = o.source
                   AND s.retrieved_utc = o.retrieved_utc
           WHERE o.source = ? AND observed_utc <= ? ORDER BY observed_utc DESC""",
        (observed.source, observed.observed_utc),
    ):
        if instant == observed.observed_utc:
            return ""
        if compared and instant < utc_text(first):
            break
        if count > largest:
            compared, largest = instant, count
        if sha256 in accepted:
            break
    return compared


def allowed_loss(since_utc: str, observed_utc: str) -> float:
    """Return the share of satellites that may be lost between two instants.

    >>> allowed_loss("2026-11-01T00:00:00Z", "2026-11-08T00:00:00Z")
    0.02
    >>> round(allowed_loss("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"), 2)
    0.31
    """
    days = (utc_instant(observed_utc) - utc_instant(since_utc)) / timedelta(days=1)
    kept = math.pow(1 - DAILY_LOSS_PCT / 100, days)
    return max(LOSS_PCT / 100, 1 - kept)


def guard_shrink(
    connection: sqlite3.Connection, limit_pct: float, accepted: Collection[str]
) -> None:
    """Stop a run that would lose much of a table: a response may be truncated.

    GP lists are judged by `find_truncation` instead. Tables that are revised lose no rows.

    Args:
        connection: a copy of the published database, with the staged run attached.
        limit_pct: how much of a table may be lost, %.
        accepted: digests of the snapshots that a person accepted.

    Raises:
        DataError: a source has over `limit_pct` percent, and more than `FEW`, fewer rows of a table
            than were accepted in its last run with that table. Rejected rows are not missing:
            they have a guard of their own.
    """
    other = literals(t.name for t in TABLES.values() if t.is_derived or t.is_revised)
    fleet = literals(FLEET_TABLES)
    shrunk = connection.execute(
        f"""WITH before AS (
                SELECT c.table_name, c.source, {ACCEPTED} AS accepted, r.run_id,
                       row_number() OVER (PARTITION BY c.table_name, c.source
                                          ORDER BY r.loaded_utc DESC, r.run_id DESC) AS rank
                FROM main._counts c JOIN main._runs r USING (run_id)),
            now AS (SELECT table_name, source, endpoint, {ACCEPTED} + rows_rejected AS found
                    FROM staging._counts)
            SELECT now.table_name, before.accepted, now.found, before.run_id
            FROM now JOIN before USING (table_name, source)
            WHERE rank = 1 AND now.table_name NOT IN ({other})
              AND NOT (source IN ({LIVE}) AND table_name IN ({fleet}))
              AND EXISTS (SELECT 1 FROM staging._snapshots s
                          WHERE s.source = now.source AND s.endpoint = now.endpoint
                          AND s.sha256 NOT IN (SELECT value FROM json_each(?)))
              AND found < accepted * (1 - ? / 100.0)
              AND (found < accepted - iif(? > 0, {FEW}, 0) OR found = 0)
            ORDER BY 1.0 * found / accepted, now.table_name = 'catalogue_objects',
                     now.table_name""",
        (json.dumps([*accepted]), limit_pct, limit_pct),
    ).fetchone()
    if shrunk:
        table, before, after, run_id = shrunk
        rows = counted(before, "row")
        raise DataError(
            f"{table} would shrink from {rows} (run {run_id}) to {after:,}, by more than "
            f"{limit_pct:g} %.",
            remedy="The database is unchanged. If the source has really dropped these rows, "
            f"run `{command('run', '--accept-shrink')}`.",
        )
