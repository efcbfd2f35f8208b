"""Read the published database: its data, its runs, and the snapshots behind them.

Every function raises `DatabaseError` if the database is missing or unreadable.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from spacex.errors import DatabaseError
from spacex.warehouse.connection import reading
from spacex.warehouse.guards import ACCEPTED
from spacex.warehouse.views import VIEWS

# Data


def query(
    database: Path, sql: str, parameters: Sequence[str | int | float | None] = ()
) -> pd.DataFrame:
    """Return the rows of a SELECT statement, run read-only.

    Args:
        database: the database.
        sql: the statement, with `?` for each parameter.
        parameters: the values bound to it.

    Raises:
        DatabaseError: the statement is wrong, or tries to write.
    """
    with reading(database) as connection:
        return pd.read_sql_query(sql, connection, params=parameters)


def view(database: Path, name: str) -> pd.DataFrame:
    """Return all rows of a view.

    Raises:
        KeyError: the database has no such view.
    """
    if name not in VIEWS:
        raise KeyError(name)
    return query(database, f"SELECT * FROM {name}")


# Runs


def run(database: Path, run_id: str = "") -> pd.Series:
    """Return the row of `_runs` of a run; of the last published run if no ID is given.

    Raises:
        DatabaseError: the database has no such run.
    """
    sql = """SELECT * FROM _runs WHERE run_id = ? OR ? = ''
             ORDER BY loaded_utc DESC, run_id DESC LIMIT 1"""
    found = query(database, sql, (run_id, run_id))
    if found.empty:
        raise DatabaseError(
            f"{database} was not published by a run {run_id}.".replace(" .", "."),
            remedy="`spacex status` lists the runs.",
        )
    return found.iloc[0]


def runs(database: Path, limit: int = 10) -> pd.DataFrame:
    """Return the latest rows of `_runs`, newest first."""
    sql = "SELECT * FROM _runs ORDER BY loaded_utc DESC, run_id DESC LIMIT ?"
    return query(database, sql, (limit,))


def row_counts(database: Path, run_id: str) -> pd.DataFrame:
    """Return the fates of a run's rows, by table and source.

    Returns:
        `table_name`, `source`, `endpoint`, `rows_in`, one column per fate, and `change` in the
        number of accepted rows since the source's previous run.
    """
    return query(
        database,
        f"""SELECT c.table_name, c.source, c.endpoint, c.rows_in, c.rows_loaded, c.rows_rejected,
                  c.rows_duplicate, c.rows_superseded, c.rows_out_of_scope,
                  ({ACCEPTED}) - (
                      SELECT {ACCEPTED} FROM _counts p JOIN _runs r USING (run_id)
                      WHERE p.table_name = c.table_name AND p.source = c.source
                            AND (r.loaded_utc, r.run_id) < (now.loaded_utc, now.run_id)
                      ORDER BY r.loaded_utc DESC, r.run_id DESC LIMIT 1) AS change
           FROM _counts c JOIN _runs now USING (run_id) WHERE run_id = ?
           ORDER BY c.endpoint, c.table_name, c.source""",
        (run_id,),
    ).astype({"change": "Int64"})


def rejects(database: Path, run_id: str) -> pd.DataFrame:
    """Return why a run rejected records or values of them, most frequent reason first.

    Returns:
        `table_name`, `column_name`, `reason`, what was `lost` (the row, or only the value), the
        number of `rejects`, and the record and value `for_example`.
    """
    return query(
        database,
        """SELECT table_name, column_name, reason, lost, count(*) AS rejects,
                  min(coalesce(nullif(record_name, ''), row_key)) AS for_example,
                  min(value) AS value
           FROM _rejects WHERE run_id = ? GROUP BY 1, 2, 3, 4 ORDER BY rejects DESC""",
        (run_id,),
    )


def findings(database: Path, run_id: str) -> pd.DataFrame:
    """Return what the checks of a run found, most severe first."""
    return query(
        database,
        """SELECT severity, table_name, message, examples FROM _findings WHERE run_id = ?
           ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END,
                    table_name, check_name""",
        (run_id,),
    )


# Snapshots


def snapshots(database: Path, run_id: str) -> pd.DataFrame:
    """Return the snapshots that a run loaded, with `age_days` at that time."""
    return query(
        database,
        """SELECT s.source, endpoint, origin, record_count, byte_count, retrieved_utc, checked_utc,
                  round(julianday(r.loaded_utc) - julianday(s.checked_utc), 2) AS age_days,
                  s.url, licence
           FROM _snapshots s JOIN _runs r USING (run_id) WHERE run_id = ?
           ORDER BY endpoint, s.source, retrieved_utc""",
        (run_id,),
    )


def published_snapshots(database: Path) -> pd.DataFrame:
    """Return the snapshot last loaded of each endpoint; no rows if there is no database.

    Returns:
        `source`, `endpoint`, `record_count` and `sha256`. If one run loaded several snapshots of
        an endpoint, the count is their sum and the digest that of the newest.
    """
    if not database.exists():
        return pd.DataFrame(columns=["source", "endpoint", "record_count", "sha256"])
    return query(
        database,
        """WITH ranked AS (
               SELECT s.*, rank() OVER (PARTITION BY s.source, endpoint
                                        ORDER BY loaded_utc DESC, run_id DESC) AS age
               FROM _snapshots s JOIN _runs USING (run_id))
           SELECT source, endpoint, sum(record_count) AS record_count, sha256,
                  max(retrieved_utc) AS retrieved_utc
           FROM ranked WHERE age = 1 GROUP BY source, endpoint""",
    ).drop(columns="retrieved_utc")


def freshness(database: Path) -> pd.DataFrame:
    """Return when each source was last retrieved and last known to be current.

    Returns:
        `source`, `checked_utc`, `retrieved_utc`, and `age_days` since the check.
    """
    return query(
        database,
        """SELECT source, checked_utc, retrieved_utc,
                  round(julianday('now') - julianday(checked_utc), 2) AS age_days
           FROM v_sources ORDER BY source""",
    )
