"""The staging database: one run's tables, checked by the database itself before it is published.

It has the very tables of the published one, so the hand-over from transform to load is a plain
`INSERT … SELECT`, and a run that failed can be looked into with any SQLite tool.
"""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from spacex.extract.run_folder import Manifest
from spacex.schema.bookkeeping import COUNTS, REJECTS, SNAPSHOTS
from spacex.transform import Reject, TidyTable
from spacex.warehouse.connection import explained, writing
from spacex.warehouse.insert import insert_frame, insert_records


def stage(path: Path, manifest: Manifest, tables: Iterable[TidyTable]) -> None:
    """Write a run's tables, counts and rejects to a new staging database: all of them or no file.

    Raises:
        DataError: a row that passed validation breaks a rule of its table.
        DatabaseError: the file cannot be written.
    """
    unfinished = path.with_suffix(".unfinished")
    for earlier in (path, unfinished):
        earlier.unlink(missing_ok=True)
    rejects: list[Reject] = []
    with writing(unfinished) as connection:
        connection.execute("BEGIN")
        for tidy in tables:
            insert_frame(connection, tidy.table, tidy.frame)
            insert_records(connection, COUNTS, [_count(manifest.run_id, tidy)])
            rejects += tidy.rejects
        insert_records(connection, REJECTS, _rejects(manifest.run_id, rejects))
        insert_records(connection, SNAPSHOTS, _snapshots(manifest))
        connection.execute("COMMIT")
    unfinished.replace(path)


def restage(path: Path, manifest: Manifest, earlier: Path) -> None:
    """Write a run's staging database from that of an earlier run of the very same answers.

    The tables, counts and rejects are taken over; how this run came by its answers is its own.

    Raises:
        DatabaseError: a file cannot be read or written.
    """
    unfinished = path.with_suffix(".unfinished")
    with explained(earlier):
        shutil.copyfile(earlier, unfinished)
    with writing(unfinished) as connection:
        connection.execute("BEGIN")
        for table in (COUNTS, REJECTS):
            connection.execute(f"UPDATE {table.name} SET run_id = ?", (manifest.run_id,))
        connection.execute(f"DELETE FROM {SNAPSHOTS.name}")
        insert_records(connection, SNAPSHOTS, _snapshots(manifest))
        connection.execute("COMMIT")
    unfinished.replace(path)


def _count(run_id: str, tidy: TidyTable) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "table_name": tidy.table.name,
        "source": tidy.source,
        "endpoint": tidy.endpoint,
        "rows_in": tidy.rows_in,
        "rows_loaded": len(tidy.frame),
        "rows_rejected": tidy.rows_rejected,
        "rows_duplicate": tidy.rows_duplicate,
        "rows_superseded": tidy.rows_superseded,
        "rows_out_of_scope": tidy.rows_out_of_scope,
    }


def _rejects(run_id: str, rejects: list[Reject]) -> Iterator[dict[str, Any]]:
    for number, reject in enumerate(rejects, start=1):
        yield {
            "run_id": run_id,
            "reject_number": number,
            "table_name": reject.table,
            "row_key": reject.row_key,
            "column_name": reject.column,
            "value": reject.value,
            "reason": reject.reason,
        }


def _snapshots(manifest: Manifest) -> Iterator[dict[str, Any]]:
    for item in manifest.extracted:
        snapshot = item.snapshot
        yield {
            "run_id": manifest.run_id,
            "endpoint": snapshot.endpoint,
            "source": snapshot.source,
            "url": snapshot.url,
            "origin": item.origin,
            "retrieved_utc": snapshot.retrieved_utc,
            "checked_utc": item.checked_utc,
            "sha256": snapshot.sha256,
            "byte_count": snapshot.byte_count,
            "record_count": snapshot.record_count,
            "etag": snapshot.etag,
            "licence": snapshot.licence,
            "path": f"raw/{snapshot.path}",
        }
