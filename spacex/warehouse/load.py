"""Load the staging databases of runs into the published database, atomically."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from spacex import __version__
from spacex.errors import ImplausibleListError, SnapshotError
from spacex.extract.accepted_lists import accept, accepted
from spacex.extract.run_folder import Manifest, Run
from spacex.schema import CONTENT_TABLES, TABLES, Table
from spacex.schema.bookkeeping import COLUMNS, COUNTS, FINDINGS, REJECTS, RUNS, SNAPSHOTS
from spacex.schema.catalogue import CATALOGUE_OBJECTS
from spacex.schema.ddl import create_indexes, literals
from spacex.schema.starlink import STARLINK
from spacex.settings import RUN_COMMAND, Settings
from spacex.sources import SERVICES
from spacex.units import utc_now, utc_text
from spacex.warehouse.archive.moving import (
    move_old_sets,
    release_space,
    renumber_archived,
    take_out_staged,
)
from spacex.warehouse.authorities import (
    merge_catalogues,
    remove_catalogued,
)
from spacex.warehouse.changes import (
    compare_launches,
    record_fleet_changes,
    record_launch_changes,
)
from spacex.warehouse.checks import Finding, run_checks
from spacex.warehouse.connection import translate_errors
from spacex.warehouse.coverage import ARCHIVED_ELEMENTS_INDEX
from spacex.warehouse.dictionary import column_records
from spacex.warehouse.fleet import (
    FLEET_TABLES,
    Observation,
    link_launches,
    load_fleet,
    record_observation,
    save_previous_fleet,
    staged_observation,
)
from spacex.warehouse.forecasts import record_forecasts
from spacex.warehouse.guards import (
    find_truncation,
    find_unknown,
    guard_real_data,
    guard_rejects,
    guard_shrink,
)
from spacex.warehouse.insert import insert_records
from spacex.warehouse.launch_forecasts import record_launch_forecasts
from spacex.warehouse.list_growth import find_growth
from spacex.warehouse.older_catalogue import find_older, find_older_catalogues
from spacex.warehouse.older_launches import find_older_launches
from spacex.warehouse.older_list import OlderList, find_older_list, record_older_list
from spacex.warehouse.publish import publishing
from spacex.warehouse.renumbering import forget_changed_numbers
from spacex.warehouse.views import apply_views

SAMPLE_REPLACED = (
    "The bundled sample, with its launches, was replaced by real data; real launches come with the "
    "next run that reaches a service."
)
"""The note of a run that replaces the sample and loads no launches."""

_ACCEPT_LOSS = "If these satellites are really no longer listed, run again with --accept-shrink."
_ACCEPT_GROWTH = "If these satellites are really in orbit, run again with --accept-shrink."


def load(
    run: Run,
    settings: Settings,
    *,
    accept_shrink: bool = False,
    tables_may_shrink: bool = False,
    findings: Sequence[Finding] = (),
) -> None:
    """Publish a run.

    Args:
        run: the run, extracted and transformed.
        settings: path of the database and limits of the guards.
        accept_shrink: whether to skip the guards against shrinking tables and implausible GP lists.
            Later loads and rebuilds also accept the same snapshots.
        tables_may_shrink: whether to skip the guard against shrinking tables alone.
        findings: what was found before, to be recorded with what the checks find.

    Raises:
        SnapshotError: the run has not been transformed.
        ImplausibleListError: the GP list is implausible.
        DataError: a guard stops the run.
        DatabaseError: the database is locked, damaged, or has another schema version.
    """
    _check_staging(run)
    with publishing(settings.database, lock_timeout_s=settings.lock_timeout_s) as connection:
        load_into(
            connection,
            run,
            settings,
            tables_may_shrink=accept_shrink or tables_may_shrink,
            accept_list=accept_shrink,
            findings=findings,
        )
        release_space(connection)
        if accept_shrink:
            loaded = (item.snapshot for item in run.manifest().extracted)
            accept(settings.raw_dir, *(each for each in loaded if each.source in SERVICES))


def load_into(
    connection: sqlite3.Connection,
    run: Run,
    settings: Settings,
    *,
    tables_may_shrink: bool = False,
    accept_list: bool = False,
    findings: Sequence[Finding] = (),
) -> None:
    """Load a run into a private copy of the database, in one transaction.

    Replace the tables of the run's endpoints, append to tables with history, and leave the other
    tables unchanged.

    Args:
        connection: the private copy, as of `publishing`. After an error it is as it was before.
        run: the run, extracted and transformed.
        settings: path of the database, for messages, and limits of the guards.
        tables_may_shrink: whether to skip the guard against shrinking tables.
        accept_list: whether to skip the guards against implausible GP lists.
        findings: what was found before, to be recorded with what the checks find.

    Raises:
        SnapshotError: the run has not been transformed.
        ImplausibleListError: the GP list lacks more satellites, or has more new ones, than is
            plausible.
        DataError: a guard stops the run, or a row violates a constraint of its table.
        DatabaseError: a file cannot be read or written.
    """
    manifest = run.manifest()
    _check_staging(run)
    with translate_errors(settings.database), _transaction(connection, run.staging):
        guard_rejects(connection, settings.max_reject_pct, _manual_sources(manifest))
        guard_real_data(connection, manifest, settings.database)
        replaces_sample = not manifest.is_simulated and _drop_simulated(connection)
        forget_changed_numbers(connection)
        take_out_staged(connection, settings.database, manifest.run_id)
        known = accepted(settings.raw_dir)
        if not tables_may_shrink:
            guard_shrink(connection, settings.max_shrink_pct, known)
        older = find_older_list(connection, settings.data_dir)
        observed = None if older else staged_observation(connection, settings.data_dir)
        is_accepted = observed is not None and (accept_list or observed.sha256 in known)
        if observed and not is_accepted:
            _guard_list(connection, observed, known)
        catalogues = find_older_catalogues(connection)
        kept = frozenset(each.source for each in catalogues)
        of_older = [older.finding] if older else []
        of_older += [*find_older(catalogues), *find_older_launches(connection)]
        _merge(connection, manifest, observed, older=older, accepted=known, kept=kept)
        unforecast = observed and record_forecasts(
            connection, observed, manifest.run_id, settings.raw_dir
        )
        renumber_archived(connection, settings.database, manifest.run_id)
        move_old_sets(connection, settings.database, settings.hot_days, manifest.run_id)
        if replaces_sample and not _has_launches(connection):
            manifest = _with_note(manifest, SAMPLE_REPLACED)
        for each in of_older:
            manifest = _with_note(manifest, f"{each.message}.")
        of_list = [unforecast, observed and find_unknown(observed)]
        found = [*findings, *of_older, *(each for each in of_list if each)]
        _record_run(connection, manifest, found, settings.raw_dir)
        if observed and is_accepted:
            connection.execute(
                "UPDATE main._snapshots SET is_accepted = 1 WHERE run_id = ? AND sha256 = ?",
                (manifest.run_id, observed.sha256),
            )


def _guard_list(
    connection: sqlite3.Connection, observed: Observation, accepted: Collection[str]
) -> None:
    """Raise ImplausibleListError, with what to do if it is right, for an implausible GP list."""
    if loss := find_truncation(connection, observed, accepted):
        raise ImplausibleListError(loss.message, _ACCEPT_LOSS, loss)
    if growth := find_growth(connection, observed, accepted):
        raise ImplausibleListError(growth.message, _ACCEPT_GROWTH, growth)


def _manual_sources(manifest: Manifest) -> set[str]:
    """Return the sources of which a run has manual files only."""
    snapshots = [each.snapshot for each in manifest.extracted]
    fetched = {each.source for each in snapshots if not each.manual_name}
    return {each.source for each in snapshots} - fetched


def _check_staging(run: Run) -> None:
    if not run.staging.exists():
        raise SnapshotError(
            f"The run {run.run_id} has no staging database.",
            remedy=f"Run 20_transform for this run first, or `{RUN_COMMAND}`.",
        )


@contextmanager
def _transaction(connection: sqlite3.Connection, staging: Path) -> Iterator[None]:
    """Attach a staging database as `staging`, and commit what the block does if it succeeds."""
    connection.execute("ATTACH ? AS staging", (f"{staging.absolute()}",))
    try:
        connection.execute("BEGIN")
        connection.execute("PRAGMA defer_foreign_keys = ON")  # rows are replaced table by table
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.execute("DETACH staging")


def _drop_simulated(connection: sqlite3.Connection) -> bool:
    """Empty a database that holds the sample; real and simulated rows are never mixed.

    Returns:
        Whether it held the sample.
    """
    (simulated,) = connection.execute("SELECT count(*) FROM _runs WHERE is_simulated").fetchone()
    if simulated:
        for name in reversed(TABLES):
            connection.execute(f"DELETE FROM main.{name}")
    return bool(simulated)


def _has_launches(connection: sqlite3.Connection) -> bool:
    (found,) = connection.execute("SELECT EXISTS (SELECT 1 FROM main.launches)").fetchone()
    return bool(found)


def _with_note(manifest: Manifest, note: str) -> Manifest:
    return msgspec.structs.replace(manifest, note=f"{manifest.note}\n{note}".strip())


def _merge(
    connection: sqlite3.Connection,
    manifest: Manifest,
    observed: Observation | None,
    *,
    older: OlderList | None,
    accepted: Collection[str],
    kept: Collection[str],
) -> None:
    """Load the staged tables of the manifest's endpoints, and record what changed.

    Args:
        connection: the private copy.
        manifest: the run.
        observed: its GP list; None if it has none, or an older one than that in use.
        older: its GP list if that is older, which leaves the fleet as it is.
        accepted: digests of the lists that a person accepted.
        kept: the sources whose catalogue stays, as the staged one is older.
    """
    save_previous_fleet(connection)
    for name in (name for name, source in SERVICES.items() if source.is_live):
        if comparison := compare_launches(connection, name):
            record_launch_changes(connection, comparison, manifest.run_id)
    endpoints = {item.snapshot.endpoint for item in manifest.extracted}
    counts = connection.execute("SELECT table_name, endpoint FROM staging._counts").fetchall()
    staged = {table for table, endpoint in counts if endpoint in endpoints}
    tables = [table for table in CONTENT_TABLES if table.name in staged - {STARLINK.name}]
    if older:  # its elements belong to the history, and nothing else of it to the fleet
        tables = [each for each in tables if each.keeps_history or each.name not in FLEET_TABLES]
    _replace(connection, tables, kept)
    if STARLINK.name in staged:
        if CATALOGUE_OBJECTS.name not in staged:  # the run uses no catalogue
            connection.execute(f"DELETE FROM main.{CATALOGUE_OBJECTS.name}")
        remove_catalogued(connection)
        if older:
            record_older_list(connection, older, manifest.run_id, accepted)
        else:
            load_fleet(connection, observed)
    link_launches(connection)
    if observed:
        record_observation(connection, observed, manifest.run_id)
    merge_catalogues(connection)
    if observed:
        record_fleet_changes(connection, observed, manifest.run_id)


def _replace(
    connection: sqlite3.Connection, tables: list[Table], kept: Collection[str] = ()
) -> None:
    """Replace the rows of the tables by the staged rows; append to tables with history.

    Rows of other tables whose parent is gone go as well, as those of a source no longer used.

    Args:
        connection: the private copy.
        tables: the tables.
        kept: the sources whose catalogue stays.
    """
    for table in reversed(tables):  # children before parents
        if not table.keeps_history:
            connection.execute(f"DELETE FROM main.{table.name} {_where(table, kept)}")
    for table in tables:
        connection.execute(
            f"INSERT INTO main.{table.name} SELECT * FROM staging.{table.name} "
            f"{_on_conflict(table) if table.keeps_history else _where(table, kept)}"
        )
    replaced = {table.name for table in tables}
    for table in CONTENT_TABLES:
        if table.parent in replaced and table.name not in replaced:
            key = ", ".join(TABLES[table.parent].key)
            connection.execute(
                f"DELETE FROM main.{table.name} "
                f"WHERE ({key}) NOT IN (SELECT {key} FROM main.{table.parent})"
            )


def _where(table: Table, kept: Collection[str]) -> str:
    """Return SQL that leaves out the catalogues that stay."""
    is_catalogue = table is CATALOGUE_OBJECTS and kept
    return f"WHERE source NOT IN ({literals(kept)})" if is_catalogue else ""


def _on_conflict(table: Table) -> str:
    """Return SQL that keeps known rows of a table with history, but for those created later.

    A row that was only created again keeps the instant at which its values were first observed.
    Of a table that is revised, a row is replaced by a later one that says something else.
    """
    on_conflict = f"WHERE true ON CONFLICT ({', '.join(table.key)}) DO"
    if table.is_revised:
        said = [n for n in table.column_names if n not in {*table.key, "observed_utc"}]
        known, new = (
            f"({', '.join(f'{of}.{name}' for name in said)})" for of in (table.name, "excluded")
        )
        revised = ", ".join(f"{name} = excluded.{name}" for name in ("observed_utc", *said))
        return (
            f"{on_conflict} UPDATE SET {revised} "
            f"WHERE excluded.observed_utc > {table.name}.observed_utc AND {known} IS NOT {new}"
        )
    if "creation_utc" not in table.column_names:
        return f"{on_conflict} NOTHING"
    values = [
        n for n in table.column_names if n not in {*table.key, "observed_utc", "creation_utc"}
    ]
    known, new = (
        f"({', '.join(f'{of}.{name}' for name in values)})" for of in (table.name, "excluded")
    )
    observed = f"iif({known} IS {new}, {table.name}.observed_utc, excluded.observed_utc)"
    changes = [f"{name} = excluded.{name}" for name in ("creation_utc", *values)]
    return (
        f"{on_conflict} UPDATE SET observed_utc = {observed}, {', '.join(changes)} "
        f"WHERE excluded.creation_utc > coalesce({table.name}.creation_utc, '')"
    )


def _record_run(
    connection: sqlite3.Connection,
    manifest: Manifest,
    findings: Iterable[Finding],
    raw_dir: Path,
) -> None:
    """Write the bookkeeping rows of the run, the views, `_columns` and the launches to come.

    Args:
        connection: the private copy.
        manifest: the run.
        findings: what was found in its GP list.
        raw_dir: the folder of the snapshots.
    """
    for table in (SNAPSHOTS, COUNTS, REJECTS, FINDINGS, RUNS):
        connection.execute(f"DELETE FROM main.{table.name} WHERE run_id = ?", (manifest.run_id,))
    endpoints = json.dumps(sorted({item.snapshot.endpoint for item in manifest.extracted}))
    for table in (SNAPSHOTS, COUNTS):
        connection.execute(
            f"""INSERT INTO main.{table.name} SELECT * FROM staging.{table.name}
                WHERE endpoint IN (SELECT value FROM json_each(?))""",
            (endpoints,),
        )
    # What a clock that was ahead dated in the future tells nothing of the time until then.
    connection.execute(
        "UPDATE main._snapshots SET checked_utc = :now WHERE checked_utc > :now",
        {"now": utc_text(utc_now())},
    )
    connection.execute(
        """INSERT INTO main._rejects SELECT * FROM staging._rejects WHERE table_name IN (
               SELECT table_name FROM main._counts WHERE run_id = ?)""",
        (manifest.run_id,),
    )
    apply_views(connection)
    for statement in (*create_indexes(), ARCHIVED_ELEMENTS_INDEX):
        connection.execute(statement)
    connection.execute("DELETE FROM _columns")
    insert_records(connection, COLUMNS, column_records())
    run: dict[str, Any] = {"run_id": manifest.run_id}
    insert_records(connection, RUNS, [_run(connection, manifest)])  # tells the checks the date
    found = [*findings, *run_checks(connection)]
    if not manifest.is_simulated:
        found += record_launch_forecasts(connection, manifest.run_id, raw_dir)
    insert_records(connection, FINDINGS, [run | vars(each) for each in found])


def _run(connection: sqlite3.Connection, manifest: Manifest) -> dict[str, Any]:
    loaded, rejected = connection.execute(
        """SELECT coalesce(sum(rows_loaded), 0), coalesce(sum(rows_rejected), 0) FROM main._counts
           WHERE run_id = ?""",
        (manifest.run_id,),
    ).fetchone()
    return {
        "run_id": manifest.run_id,
        "source": manifest.source,
        "mode": manifest.mode,
        "as_of_utc": manifest.as_of_utc or None,
        "is_simulated": manifest.is_simulated,
        "loaded_utc": utc_text(utc_now()),
        "row_count": loaded,
        "reject_count": rejected,
        "note": manifest.note,
        "software_version": __version__,
    }
