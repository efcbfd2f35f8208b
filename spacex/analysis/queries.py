"""What the notebooks, the command line and the dashboard ask of the database."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from spacex.errors import DatabaseError
from spacex.schema import CONTENT_TABLES
from spacex.warehouse.connection import reading
from spacex.warehouse.guards import ACCEPTED
from spacex.warehouse.views import VIEWS


def query(
    database: Path, sql: str, parameters: Sequence[str | int | float | None] = ()
) -> pd.DataFrame:
    """The rows of a SELECT, read-only; `?` in it stands for the parameters.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    with reading(database) as connection:
        return pd.read_sql_query(sql, connection, params=parameters)


def view(database: Path, name: str) -> pd.DataFrame:
    """All rows of one of the database's views.

    Raises:
        KeyError: there is no such view.
        DatabaseError: there is no database, or it cannot be read.
    """
    if name not in VIEWS:
        raise KeyError(name)
    return query(database, f"SELECT * FROM {name}")


def run(database: Path, run_id: str = "") -> pd.Series:
    """The row of `_runs` of one run; where no id is given, of the run published last.

    Raises:
        DatabaseError: there is no database, it cannot be read, or it has no such run.
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
    """The latest runs, newest first."""
    sql = "SELECT * FROM _runs ORDER BY loaded_utc DESC, run_id DESC LIMIT ?"
    return query(database, sql, (limit,))


def snapshots(database: Path, run_id: str) -> pd.DataFrame:
    """The stored answers a run was built from, with their age in days when it was loaded."""
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
    """The stored answer each list was last loaded from; no row where there is no database yet.

    Where a list has several answers, their records are added up, and the digest is of the last.
    """
    if not database.exists():
        return pd.DataFrame(columns=["source", "endpoint", "record_count", "sha256"])
    return query(
        database,
        """WITH answers AS (
               SELECT s.*, rank() OVER (PARTITION BY s.source, endpoint
                                        ORDER BY loaded_utc DESC, run_id DESC) AS place
               FROM _snapshots s JOIN _runs USING (run_id))
           SELECT source, endpoint, sum(record_count) AS record_count, sha256,
                  max(retrieved_utc) AS retrieved_utc
           FROM answers WHERE place = 1 GROUP BY source, endpoint""",
    ).drop(columns="retrieved_utc")


def counts(database: Path, run_id: str) -> pd.DataFrame:
    """What became of each table's rows in a run, by source, and the change since the run before.

    The change is of the rows that are sound, whichever source's row is loaded in the end.
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
    """Why rows were refused in a run, most frequent reason first."""
    return query(
        database,
        """SELECT table_name, column_name, reason, count(*) AS rejects, min(row_key) AS for_example,
                  min(value) AS value
           FROM _rejects WHERE run_id = ? GROUP BY 1, 2, 3 ORDER BY rejects DESC""",
        (run_id,),
    )


def findings(database: Path, run_id: str) -> pd.DataFrame:
    """What the checks of a run found, gravest first."""
    return query(
        database,
        """SELECT severity, table_name, message, examples FROM _findings WHERE run_id = ?
           ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END,
                    table_name, check_name""",
        (run_id,),
    )


def nulls(database: Path) -> pd.DataFrame:
    """The share of nulls in each column that allows them and has some, in percent of the rows.

    Histories are left out: they would be read in full.
    """
    columns = [
        f"SELECT '{table.name}' AS table_name, '{column.name}' AS column_name, "
        f"count(*) - count({column.name}) AS nulls, count(*) AS row_count FROM {table.name}"
        for table in CONTENT_TABLES
        if not table.keeps_history
        for column in table.columns
        if not column.required
    ]
    return query(
        database,
        f"""SELECT table_name, column_name, nulls, 100.0 * nulls / row_count AS null_pct
            FROM ({" UNION ALL ".join(columns)}) WHERE nulls > 0 ORDER BY null_pct DESC""",
    )
