"""The staging database: the tables of one run, for load and for inspection.

It has the same tables as the published database, so load is a plain `INSERT … SELECT`, and any
SQLite tool can inspect a failed run.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from spacex.extract.run_folder import Manifest
from spacex.files import copy_file
from spacex.schema.bookkeeping import COUNTS, REJECTS, SNAPSHOTS
from spacex.transform import TidyTable
from spacex.warehouse.connection import translate_errors, writing
from spacex.warehouse.insert import insert_frame, insert_records


def stage(path: Path, manifest: Manifest, tables: Iterable[TidyTable]) -> None:
    """Write a run's tables, counts, rejects and snapshots to a new staging database, atomically.

    Args:
        path: the staging database; an existing file is replaced.
        manifest: the run.
        tables: the merged tables, parents before children.

    Raises:
        DataError: a row violates a constraint of its table.
        DatabaseError: the file cannot be written.
    """
    unfinished = path.with_suffix(".unfinished")
    for earlier in (path, unfinished):
        earlier.unlink(missing_ok=True)
    run: dict[str, Any] = {"run_id": manifest.run_id}
    rejects: list[dict[str, Any]] = []
    with writing(unfinished) as connection:
        connection.execute("BEGIN")
        for tidy in tables:
            insert_frame(connection, tidy.table, tidy.frame)
            insert_records(connection, COUNTS, [run | tidy.counts])
            rejects += (run | {"source": tidy.source} | vars(reject) for reject in tidy.rejects)
        rows = ({"reject_number": number} | row for number, row in enumerate(rejects, start=1))
        insert_records(connection, REJECTS, rows)
        insert_records(connection, SNAPSHOTS, _snapshots(manifest))
        connection.execute("COMMIT")
    unfinished.replace(path)


def restage(path: Path, manifest: Manifest, earlier: Path) -> None:
    """Write a run's staging database from that of an earlier run of the same snapshots.

    Copy the tables, counts and rejects. Write the run's own rows of `_snapshots`.

    Args:
        path: the staging database to write.
        manifest: the run.
        earlier: staging database of the earlier run.

    Raises:
        DatabaseError: a file cannot be read or written.
    """
    unfinished = path.with_suffix(".unfinished")
    with translate_errors(earlier):
        copy_file(earlier, unfinished)
    with writing(unfinished) as connection:
        connection.execute("BEGIN")
        for table in (COUNTS, REJECTS):
            connection.execute(f"UPDATE {table.name} SET run_id = ?", (manifest.run_id,))
        connection.execute(f"DELETE FROM {SNAPSHOTS.name}")
        insert_records(connection, SNAPSHOTS, _snapshots(manifest))
        connection.execute("COMMIT")
    unfinished.replace(path)


def _snapshots(manifest: Manifest) -> Iterator[dict[str, Any]]:
    for item in manifest.extracted:
        yield {
            **msgspec.structs.asdict(item.snapshot),
            "run_id": manifest.run_id,
            "path": f"raw/{item.snapshot.path}",
            "origin": item.origin,
            "is_accepted": False,
            "checked_utc": item.checked_utc,
        }
