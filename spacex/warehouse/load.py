"""Load: one run's staging database into the published one, or not at all."""

import sqlite3
from typing import Any

from spacex import __version__
from spacex.errors import SnapshotError
from spacex.extract.run_folder import Manifest, Run
from spacex.schema import CONTENT_TABLES, TABLES, Table
from spacex.schema.bookkeeping import COLUMNS, COUNTS, FINDINGS, REJECTS, RUNS, SNAPSHOTS
from spacex.schema.starlink import STARLINK
from spacex.settings import RUN_COMMAND, Settings
from spacex.sources import SERVICES
from spacex.units import utc_now, utc_text
from spacex.warehouse.changes import (
    launches_compared,
    record_fleet_changes,
    record_launch_changes,
)
from spacex.warehouse.checks import Finding, run_checks
from spacex.warehouse.dictionary import column_records
from spacex.warehouse.fleet import (
    join_launches,
    merge_fleet,
    observation,
    record_observation,
    remember,
)
from spacex.warehouse.guards import guard_real_data, guard_rejects, guard_shrink
from spacex.warehouse.insert import insert_records
from spacex.warehouse.publish import publishing
from spacex.warehouse.views import apply_views


def load(run: Run, settings: Settings, *, accept_shrink: bool = False) -> None:
    """Publish a run.

    Tables of the lists the run has are replaced, those that keep history only grow, the others
    stay as they are. The run's own record is written last.

    Args:
        run: the run, extracted and transformed.
        settings: where the database is, and the limits of what is accepted.
        accept_shrink: publish even if a table has lost more rows than the limit.

    Raises:
        SnapshotError: the run has not been transformed.
        DataError: the data are not fit to replace the published ones.
        DatabaseError: the database is in use, damaged, or of another schema version.
    """
    manifest = run.manifest()
    if not run.staging.exists():
        raise SnapshotError(
            f"The run {run.run_id} has no staging database.",
            remedy=f"Run 20_transform for this run first, or `{RUN_COMMAND}`.",
        )
    with publishing(
        settings.database, run.staging, lock_timeout_s=settings.lock_timeout_s
    ) as connection:
        guard_rejects(connection, settings.max_reject_pct)
        guard_real_data(connection, manifest, settings.database)
        if not manifest.is_simulated:
            _drop_simulated(connection)
        if not accept_shrink:
            guard_shrink(connection, settings.max_shrink_pct)
        _merge(connection, manifest)


def _drop_simulated(connection: sqlite3.Connection) -> None:
    """Empty a database that holds the sample: not a row of it may stand beside real ones."""
    (simulated,) = connection.execute("SELECT count(*) FROM _runs WHERE is_simulated").fetchone()
    if simulated:
        for name in reversed(TABLES):
            connection.execute(f"DELETE FROM main.{name}")


def _merge(connection: sqlite3.Connection, manifest: Manifest) -> None:
    """Put what is staged in place, with what changed by it, and the run's own record."""
    observed = observation(connection)
    remember(connection)
    for name in (name for name, source in SERVICES.items() if source.is_live):
        if compared := launches_compared(connection, name):
            record_launch_changes(connection, compared, manifest.run_id)
    staged = {row[0] for row in connection.execute("SELECT table_name FROM staging._counts")}
    tables = [table for table in CONTENT_TABLES if table.name in staged - {STARLINK.name}]
    _replace(connection, tables)
    if STARLINK.name in staged:
        merge_fleet(connection, observed)
    join_launches(connection)
    if observed:
        record_observation(connection, observed, manifest.run_id)
        record_fleet_changes(connection, observed, manifest.run_id)
    _record(connection, manifest)


def _replace(connection: sqlite3.Connection, tables: list[Table]) -> None:
    """Put the staged rows in place of the present ones; a history only grows."""
    for table in reversed(tables):  # children before the parents they belong to
        if not table.keeps_history:
            connection.execute(f"DELETE FROM main.{table.name}")
    for table in tables:
        known = f"WHERE true ON CONFLICT ({', '.join(table.key)}) DO NOTHING"
        only_new = known if table.keeps_history else ""
        connection.execute(
            f"INSERT INTO main.{table.name} SELECT * FROM staging.{table.name} {only_new}"
        )


def _record(connection: sqlite3.Connection, manifest: Manifest) -> None:
    """Enter the run, its findings, and what the views and columns mean; the run itself last."""
    for table in (SNAPSHOTS, COUNTS, REJECTS):
        _merge_record(connection, table, manifest.run_id)
    apply_views(connection)
    connection.execute("DELETE FROM _columns")
    insert_records(connection, COLUMNS, column_records())
    _replace_record(connection, FINDINGS, manifest.run_id, _findings(connection, manifest.run_id))
    _replace_record(connection, RUNS, manifest.run_id, [_run(connection, manifest)])


def _merge_record(connection: sqlite3.Connection, table: Table, run_id: str) -> None:
    connection.execute(f"DELETE FROM main.{table.name} WHERE run_id = ?", (run_id,))
    connection.execute(f"INSERT INTO main.{table.name} SELECT * FROM staging.{table.name}")


def _replace_record(
    connection: sqlite3.Connection, table: Table, run_id: str, rows: list[dict[str, Any]]
) -> None:
    connection.execute(f"DELETE FROM main.{table.name} WHERE run_id = ?", (run_id,))
    insert_records(connection, table, rows)


def _findings(connection: sqlite3.Connection, run_id: str) -> list[dict[str, Any]]:
    return [_finding(run_id, finding) for finding in run_checks(connection)]


def _finding(run_id: str, finding: Finding) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "check_name": finding.check.name,
        "severity": finding.check.severity,
        "table_name": finding.check.table,
        "finding_count": finding.count,
        "message": finding.message,
        "examples": ", ".join(finding.examples),
    }


def _run(connection: sqlite3.Connection, manifest: Manifest) -> dict[str, Any]:
    loaded, rejected = connection.execute(
        "SELECT coalesce(sum(rows_loaded), 0), coalesce(sum(rows_rejected), 0) FROM staging._counts"
    ).fetchone()
    return {
        "run_id": manifest.run_id,
        "source": manifest.source,
        "mode": manifest.mode,
        "is_simulated": manifest.is_simulated,
        "data_utc": min(item.checked_utc for item in manifest.extracted),
        "loaded_utc": utc_text(utc_now()),
        "row_count": loaded,
        "reject_count": rejected,
        "note": manifest.note,
        "software_version": __version__,
    }
