"""What stops a run from being published: data that would be worse than those in place."""

import sqlite3
from pathlib import Path

from spacex.errors import DataError
from spacex.runs import Manifest


def guard_real_data(connection: sqlite3.Connection, manifest: Manifest, path: Path) -> None:
    """Refuse to put the sample over real data.

    Raises:
        DataError: the run is the sample and the database holds real data.
    """
    if manifest.is_simulated and holds_real_data(connection):
        raise DataError(
            f"{path} holds real data, which the bundled sample never replaces.",
            remedy="To try the sample, choose another folder: SPACEX_DATA_DIR=sample make run.",
        )


def holds_real_data(connection: sqlite3.Connection) -> bool:
    """Whether a completed run brought real data into the database."""
    row = connection.execute("SELECT 1 FROM _runs WHERE NOT is_simulated LIMIT 1").fetchone()
    return row is not None


def guard_rejects(connection: sqlite3.Connection, limit_pct: float) -> None:
    """Refuse a run that had to leave out too much: the service has changed, not a row.

    Raises:
        DataError: more than `limit_pct` percent of a table's rows were refused.
    """
    worst = connection.execute(
        """SELECT table_name, rows_rejected, rows_in FROM staging._counts
           WHERE 100.0 * rows_rejected > ? * rows_in ORDER BY 1.0 * rows_rejected / rows_in DESC""",
        (limit_pct,),
    ).fetchone()
    if worst:
        table, rejected, rows_in = worst
        column, reason, value = connection.execute(
            """SELECT column_name, reason, value FROM staging._rejects WHERE table_name = ?
               GROUP BY column_name, reason ORDER BY count(*) DESC LIMIT 1""",
            (table,),
        ).fetchone()
        raise DataError(
            f"{rejected:,} of {rows_in:,} rows of {table} are refused, over the limit of "
            f"{limit_pct:g} %. Most often {column or 'the row'}: {reason} (for example {value!r}).",
            remedy="The database is unchanged. The service may have changed its answers; "
            "SPACEX_MAX_REJECT_PCT raises the limit.",
        )


def guard_shrink(connection: sqlite3.Connection, source: str, limit_pct: float) -> None:
    """Refuse a run that would lose much of a table: an answer cut short looks like this.

    Raises:
        DataError: a table has over `limit_pct` percent fewer rows than in the last run of its
            source that had it.
    """
    shrunk = connection.execute(
        """WITH last AS (
               SELECT c.table_name, c.rows_loaded, r.run_id, max(r.loaded_utc)
               FROM main._counts c JOIN main._runs r USING (run_id)
               WHERE r.source = ? GROUP BY c.table_name)
           SELECT now.table_name, last.rows_loaded, now.rows_loaded, last.run_id
           FROM staging._counts now JOIN last USING (table_name)
           WHERE now.rows_loaded < last.rows_loaded * (1 - ? / 100.0)
           ORDER BY 1.0 * now.rows_loaded / last.rows_loaded""",
        (source, limit_pct),
    ).fetchone()
    if shrunk:
        table, before, after, run_id = shrunk
        raise DataError(
            f"{table} would shrink from {before:,} rows (run {run_id}) to {after:,}, by more than "
            f"{limit_pct:g} %.",
            remedy="The database is unchanged. If the source really has lost them, "
            "run again with --accept-shrink.",
        )
