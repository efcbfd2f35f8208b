"""Read the published database: its data, its runs, and the snapshots behind them.

Every function takes the path of the database, also as text, and raises `DatabaseError` if the
database is missing or unreadable.
"""

import os
import re
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from spacex.errors import DatabaseError, QueryError
from spacex.files import Fingerprint, fingerprint
from spacex.schema import TABLES
from spacex.settings import RUN_COMMAND, command
from spacex.settings.values import nearest
from spacex.units import utc_text
from spacex.warehouse import checks, forecasts, guards, list_growth, older_data
from spacex.warehouse.connection import is_not_utf_8
from spacex.warehouse.guards import ACCEPTED
from spacex.warehouse.kept_connection import reading_for
from spacex.warehouse.views import VIEWS

# Data


Value = str | int | float | date | np.generic | None
Parameters = Sequence[Value] | Mapping[str, Value]
"""The values of the parameters of a statement: in order, or by name."""

_STATEMENT_ERRORS = {
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_RANGE,
    sqlite3.SQLITE_TOOBIG,
}
"""SQLite's error codes for a wrong statement; others concern the file."""

_REMEDIES = {
    "number of bindings": "Pass one parameter for each `?` of the statement.",
    "supplied a dictionary": "Name each parameter in the statement, as `:year`, or pass a list.",
    "did not supply a value": "Pass a value for each name in the statement.",
    "error binding": "Pass numbers, text, dates, instants or None as parameters.",
    "too large to convert": "Pass whole numbers of up to 64 bits as parameters.",
    "codec can't encode": "Pass text without lone surrogates, which SQLite does not store.",
    "too many attached": "Queries only read this database; attach others to a copy of it.",
    "readonly database": "Queries only read; write to a copy of the database.",
}
"""Part of SQLite's message, in lower case → what to do."""

_STEPS_BETWEEN_SIGNALS = 1_000_000
"""Instructions of SQLite, some hundredths of a second."""
_FAILURES = (pd.errors.DatabaseError, sqlite3.Error, TypeError, ValueError, OverflowError)
"""What pandas and SQLite raise for a statement and its parameters."""


def query(database: Path | str, sql: str, parameters: Parameters = ()) -> pd.DataFrame:
    """Return the rows of a SELECT statement, run read-only.

    Args:
        database: the database.
        sql: the statement, with `?` or `:name` for each parameter.
        parameters: the values bound to it, as a list, or by name.

    Raises:
        QueryError: the statement is wrong, tries to write, or lacks parameters.
        DatabaseError: the database is missing or unreadable.
    """
    are_values = isinstance(parameters, Sequence | np.ndarray | Mapping) and not isinstance(
        parameters, str | bytes
    )
    if not isinstance(sql, str) or not are_values:
        wrong = (
            f"parameters are {parameters!r}" if isinstance(sql, str) else f"statement is {sql!r}"
        )
        raise QueryError(
            f"The {wrong}.", "Pass SQL as text, and its parameters as a list or by name."
        )
    with reading_for(database) as connection:
        # Python sees Ctrl-C only between two of its own instructions.
        connection.set_progress_handler(lambda: 0, _STEPS_BETWEEN_SIGNALS)
        try:
            return pd.read_sql_query(sql, connection, params=bindable(parameters))
        except _FAILURES as error:
            cause = error.__cause__ or error
            if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise KeyboardInterrupt from None
            code = getattr(cause, "sqlite_errorcode", None)
            is_of_file = code not in {None, *_STATEMENT_ERRORS} or is_not_utf_8(cause)
            if isinstance(cause, sqlite3.Error) and is_of_file:
                raise cause from None  # `reading` translates it
            raise _wrong_statement(connection, str(cause)) from None


def bindable(parameters: Parameters) -> list[Any] | dict[str, Any]:
    """Return parameters in types that SQLite binds, instants and dates as texts of the database.

    >>> bindable([np.int64(3), datetime(2025, 11, 28, 20), date(2025, 11, 28), pd.NaT])
    [3, '2025-11-28T20:00:00Z', '2025-11-28', None]
    """
    if isinstance(parameters, Mapping):
        return dict(zip(parameters, bindable([*parameters.values()]), strict=True))
    return [_bindable(each) for each in parameters]


def _bindable(value: Any) -> Any:
    if value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if isinstance(value, datetime):
        return utc_text(value, "microseconds" if value.microsecond else "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value.item() if isinstance(value, np.generic) else value


def query_once(database: Path | str, sql: str) -> pd.DataFrame:
    """Return the rows of a SELECT statement, read once until the database changes.

    A page or a report needs some of them a dozen times. The frame is shared: change copies only.

    Raises:
        QueryError, DatabaseError: as `query`.
    """
    version = fingerprint(database)
    return query(database, sql) if version is None else _query_of(database, version, sql)


@lru_cache(maxsize=32)
def _query_of(database: Path | str, _version: Fingerprint, sql: str) -> pd.DataFrame:
    return query(database, sql)


def view(database: Path | str, name: str) -> pd.DataFrame:
    """Return all rows of a view.

    Raises:
        QueryError: the database has no such view.
    """
    if not isinstance(name, str) or name not in VIEWS:
        near = nearest(f"v_{name}".replace("v_v_", "v_"), list(VIEWS))
        raise QueryError(
            f"There is no view {name!r}{near or '.'}",
            remedy=f"The views are {', '.join(VIEWS)}; use `query` for a table.",
        )
    return query(database, f"SELECT * FROM {name}")


def _wrong_statement(connection: sqlite3.Connection, reason: str) -> QueryError:
    """Return the error of a statement, with the name nearest to an unknown one."""
    if "NoneType" in reason:
        reason = "it returns no rows, as a SELECT does"
    found = re.fullmatch(r"no such (table|column): (?:\w+\.)?(\w+)", reason)
    remedy = "Correct the statement; the table _columns describes every column."
    if found is None:
        reason = reason.rstrip(".")
        remedy = next((it for text, it in _REMEDIES.items() if text in reason.lower()), remedy)
        return QueryError(f"The statement cannot be run: {reason}.", remedy)
    sql = {
        "table": "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')",
        "column": "SELECT DISTINCT c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c",
    }[found[1]]
    known = [name for (name,) in connection.execute(sql)]
    columns = {name for table in TABLES.values() for name in table.column_names}
    if found[2] in {"table": {*VIEWS, *TABLES}, "column": columns}[found[1]].difference(known):
        return QueryError(
            f"The database lacks {found[2]}: another program or release has changed it.",
            remedy=f"Run `{RUN_COMMAND}`, which restores it.",
        )
    others = [name for name in known if name != found[2]]  # another table may have the column
    hint = nearest(found[2], others) or nearest(f"v_{found[2]}", others)
    return QueryError(f"The statement cannot be run: {reason}{hint or '.'}", remedy)


# Runs

TITLES = {
    "rows_in": "in",
    "rows_loaded": "loaded",
    "rows_rejected": "rejected",
    "rows_duplicate": "duplicate",
    "rows_superseded": "superseded",
    "rows_out_of_scope": "out of scope",
    "table_name": "table",
    "row_count": "rows",
    "reject_count": "rejected",
    "loaded_utc": "loaded",
    "run_id": "run",
    "check_name": "check",
    "what_to_do": "what to do",
}
"""Column of what the following functions return → its title for people, where it differs."""


_RUN = ", ".join(TABLES["_runs"].column_names)


def run(database: Path | str, run_id: str = "") -> pd.Series:
    """Return the row of `_runs` of a run; of the last published run if no ID is given.

    Raises:
        DatabaseError: the database has no such run.
    """
    sql = f"""SELECT {_RUN} FROM _runs WHERE run_id = ? OR ? = ''
             ORDER BY loaded_utc DESC, run_id DESC LIMIT 1"""
    found = query(database, sql, (run_id, run_id))
    if found.empty:
        raise DatabaseError(
            f"{database} was not published by a run {run_id}.".replace(" .", "."),
            remedy=f"`{command('status')}` lists the runs.",
        )
    return found.iloc[0]


def runs(database: Path | str, limit: int = 10) -> pd.DataFrame:
    """Return the latest rows of `_runs`, newest first."""
    sql = f"SELECT {_RUN} FROM _runs ORDER BY loaded_utc DESC, run_id DESC LIMIT ?"
    return query(database, sql, (limit,))


def row_counts(database: Path | str, run_id: str) -> pd.DataFrame:
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


def rejects(database: Path | str, run_id: str) -> pd.DataFrame:
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


def finding_records(database: Path | str, run_id: str) -> list[tuple[str, str, str]]:
    """Return severity, check and message of what the checks of a run found, by check."""
    sql = """SELECT severity, check_name, message FROM _findings WHERE run_id = ?
             ORDER BY check_name"""
    return list(query(database, sql, (run_id,)).itertuples(index=False, name=None))


def findings(database: Path | str, run_id: str) -> pd.DataFrame:
    """Return what the checks of a run found, most severe first.

    Returns:
        `severity`, `table_name`, `message`, `examples`, `check_name`, and `what_to_do`, which is
        empty for what is only to be known.
    """
    found = query(
        database,
        """SELECT severity, table_name, message, examples, check_name FROM _findings
           WHERE run_id = ?
           ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END,
                    table_name, check_name""",
        (run_id,),
    )
    known = checks.advice() | guards.ADVICE | list_growth.ADVICE | older_data.ADVICE
    known |= forecasts.ADVICE
    advice = [known.get(name, "") for name in found["check_name"]]
    return found.assign(what_to_do=advice)


# Snapshots


def snapshots(database: Path | str, run_id: str) -> pd.DataFrame:
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


def raw_files(database: Path | str, run_id: str) -> pd.DataFrame:
    """Return the files of the snapshots that a run loaded, with the digests of their contents."""
    return query(
        database,
        """SELECT source, endpoint, path, sha256, retrieved_utc, url
           FROM _snapshots WHERE run_id = ? ORDER BY source, endpoint, retrieved_utc, path""",
        (run_id,),
    )


def published_snapshots(database: Path | str) -> pd.DataFrame:
    """Return the snapshot last loaded of each endpoint; no rows if there is no database.

    Returns:
        `source`, `endpoint`, `record_count` and `sha256`. If one run loaded several snapshots of
        an endpoint, the count is their sum and the digest that of the newest.
    """
    if isinstance(database, str | os.PathLike) and not os.path.exists(database):  # noqa: PTH110 - never raises
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
