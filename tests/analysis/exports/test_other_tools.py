"""DuckDB and Polars read frames, the database and exports as docs/exploring.md says."""

import sqlite3
from contextlib import closing

import duckdb
import polars as pl
import pytest

import spacex
from spacex.analysis.exports import export_tables
from spacex.schema.view_columns import declared

pytestmark = [
    pytest.mark.usefixtures("door"),
    pytest.mark.filterwarnings("ignore::spacex.errors.DataWarning"),
]
OUTCOMES = [*declared()["outcome"].values]


def test_duckdb_keeps_the_types_of_a_frame():
    launches = spacex.launches()  # noqa: F841 - DuckDB finds it by its name
    names = "outcome", "date_utc", "is_flown", "year"
    sql = f"SELECT {', '.join(f'typeof({name})' for name in names)} FROM launches LIMIT 1"  # noqa: S608
    outcome, *others = duckdb.sql(sql).fetchall()[0]
    assert outcome == f"ENUM({', '.join(map(repr, OUTCOMES))})"
    assert others == ["TIMESTAMP WITH TIME ZONE", "BOOLEAN", "BIGINT"]


def test_polars_keeps_the_types_of_a_frame_and_of_parquet(sampled, tmp_path):
    export_tables(sampled.database, tmp_path, ["v_launches"], "parquet")
    written = pl.read_parquet(tmp_path / "v_launches.parquet")
    for found in (pl.from_pandas(spacex.launches()), written):
        kinds = dict(found.schema)
        assert kinds["outcome"] == pl.Categorical
        assert kinds["date_utc"] == pl.Datetime("us", "UTC")
        assert (kinds["is_flown"], kinds["year"]) == (pl.Boolean, pl.Int64)


def test_polars_reads_the_database_with_instants_as_text(sampled):
    with closing(sqlite3.connect(sampled.database)) as connection:
        found = pl.read_database("SELECT * FROM v_launches", connection)
    assert (
        found["date_utc"].to_list()
        == spacex.sql("SELECT * FROM v_launches")["date_utc"]
        .dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        .tolist()
    )
    assert found["is_flown"].dtype == pl.Int64
