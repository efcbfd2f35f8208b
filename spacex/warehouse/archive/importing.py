"""Add imported element sets, which no GP list had, to the database and the archive.

A set of a GP list takes precedence over an imported one of its epoch, and of imported ones the one
that was created last: files may be imported in any order, and again.
"""

from spacex.schema.starlink import STARLINK_ELEMENTS
from spacex.transform.derive import derive
from spacex.warehouse.archive.engine import KEY, STORED, as_texts, instant
from spacex.warehouse.archive.files import Writer, name_files, named_files, parquet, write_files
from spacex.warehouse.insert import values_of

_KEY = ", ".join(KEY)
_NAMES = ", ".join(each.name for each in STORED)
_ORDER = ", ".join(
    [
        "observed_utc IS NULL",
        "observed_utc",
        "creation_utc DESC NULLS LAST",
        *(f"{each.name} DESC NULLS LAST" for each in STORED if each.name not in {*KEY}),
    ]
)
_ONE_EACH = f"QUALIFY row_number() OVER (PARTITION BY {_KEY} ORDER BY {_ORDER}) = 1"
_INSERT = f"""
    INSERT INTO main.starlink_elements VALUES ({", ".join("?" * len(STARLINK_ELEMENTS.columns))})
    ON CONFLICT ({_KEY}) DO UPDATE SET
        {", ".join(f"{n} = excluded.{n}" for n in STARLINK_ELEMENTS.column_names if n not in KEY)}
    WHERE starlink_elements.observed_utc IS NULL
          AND excluded.creation_utc > coalesce(starlink_elements.creation_utc, '')"""


def add_incoming(to: Writer, hot_since: str) -> int:
    """Add the sets of the table `incoming`, and empty it; return how many were new.

    Args:
        to: the archive, with the table.
        hot_since: the first epoch that the database keeps.

    Raises:
        StorageError: a file cannot be written.
        DatabaseError: a file of the archive is missing or damaged.
    """
    to.duck.execute(f"CREATE OR REPLACE TABLE single AS SELECT * FROM incoming {_ONE_EACH}")
    to.duck.execute("DELETE FROM incoming")
    added = _add_hot(to, hot_since)
    months = to.duck.execute(
        f"""SELECT DISTINCT strftime(epoch_utc, '%Y-%m') FROM single
            WHERE epoch_utc < {instant(hot_since)} ORDER BY 1"""
    ).fetchall()
    return added + sum(_add_month(to, month, hot_since) for (month,) in months)


def _add_hot(to: Writer, hot_since: str) -> int:
    """Add the sets of the hot window to the database."""
    frame = to.duck.execute(
        f"SELECT {as_texts()} FROM single WHERE epoch_utc >= {instant(hot_since)} ORDER BY {_KEY}"
    ).df()
    if frame.empty:
        return 0
    (before,) = to.connection.execute("SELECT count(*) FROM main.starlink_elements").fetchone()
    rows = derive(STARLINK_ELEMENTS.name, frame)[[*STARLINK_ELEMENTS.column_names]]
    to.connection.executemany(_INSERT, values_of(rows))
    (after,) = to.connection.execute("SELECT count(*) FROM main.starlink_elements").fetchone()
    return int(after - before)


def _add_month(to: Writer, month: str, hot_since: str) -> int:
    """Write the file of a month again with the sets that it lacks; return their number."""
    held = to.connection.execute(
        f"""SELECT {_KEY} FROM main.starlink_elements
            WHERE epoch_utc >= ? AND epoch_utc < ?""",
        (month, min(f"{month}-99", hot_since)),
    ).fetchall()
    to.duck.execute(
        "CREATE OR REPLACE TABLE held (epoch_utc TIMESTAMP, norad_cat_id BIGINT, source VARCHAR)"
    )
    if held:
        to.duck.executemany("INSERT INTO held VALUES (?, ?, ?)", held)
    files = [each for each in named_files(to.connection) if each.month == month]
    known = f"SELECT {_NAMES} FROM {parquet(to.database, files)}" if files else ""
    new = f"""SELECT {_NAMES} FROM single i
              WHERE strftime(epoch_utc, '%Y-%m') = '{month}' AND epoch_utc < {instant(hot_since)}
                    AND ({_KEY}) NOT IN (SELECT {_KEY} FROM held)"""
    both = f"{known} UNION ALL {new}" if known else new
    to.duck.execute(f"CREATE OR REPLACE TABLE month AS SELECT * FROM ({both}) {_ONE_EACH}")
    (count,) = to.duck.execute("SELECT count(*) FROM month").fetchone() or (0,)
    added = int(count) - sum(each.row_count for each in files)
    is_same = files and not to.duck.execute(f"SELECT 1 FROM (FROM month EXCEPT {known})").fetchone()
    if count and not is_same:
        name_files(to.connection, write_files(to, "SELECT * FROM month"), replaced=files)
    return added
