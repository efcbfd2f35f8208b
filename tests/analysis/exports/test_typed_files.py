"""Parquet and DuckDB: every row, with the declared types, units, descriptions and origin."""

import json
import shutil
import sqlite3
from contextlib import closing

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from spacex.analysis.api.typed_frames import typed
from spacex.analysis.exports import export_tables
from spacex.analysis.queries import query
from spacex.schema import CONTENT_TABLES, TABLES
from spacex.warehouse.views import VIEWS

INSTANT = pa.timestamp("us", "UTC")
NAMES = [*(table.name for table in CONTENT_TABLES), *VIEWS]
CATEGORY = pa.dictionary(pa.int8(), pa.string(), ordered=True)


@pytest.fixture(scope="module")
def as_parquet(sampled, tmp_path_factory):
    folder = tmp_path_factory.mktemp("parquet")
    export_tables(sampled.database, folder, form="parquet")
    return folder


@pytest.fixture(scope="module")
def as_duckdb(sampled, tmp_path_factory):
    folder = tmp_path_factory.mktemp("duckdb")
    export_tables(sampled.database, folder, form="duckdb")
    with duckdb.connect(folder / "spacex.duckdb", read_only=True) as database:
        yield database


@pytest.mark.parametrize("name", NAMES)
def test_parquet_gives_the_frame_of_the_door(name, sampled, as_parquet):
    """Days, which Parquet has a type for, are objects in pandas; empty categories have no values.

    A table has its own categories, also if another one has a column of that name.
    """
    found = pd.read_parquet(as_parquet / f"{name}.parquet")
    expected = typed(query(sampled.database, f"SELECT * FROM {name}"))  # noqa: S608
    assert list(found.columns) == list(expected.columns)
    for column, wanted in expected.items():
        values = found[column]
        if wanted.dtype == np.dtype("datetime64[s]"):
            values = pd.to_datetime(values).dt.as_unit("s")
        if wanted.dtype == "str" or expected.empty:
            assert values.astype(object).fillna("").tolist() == wanted.fillna("").tolist()
        else:
            pd.testing.assert_series_equal(values, wanted)


def test_parquet_has_the_declared_types(as_parquet):
    schema = parquet.read_schema(as_parquet / "launches.parquet")
    kinds = {
        "launch_id": pa.string(),
        "date_utc": INSTANT,
        "success": pa.bool_(),
        "flight_number": pa.int64(),
        "date_precision": CATEGORY,
    }
    assert {name: schema.field(name).type for name in kinds} == kinds
    assert not schema.field("launch_id").nullable
    assert schema.field("success").nullable
    elements = parquet.read_schema(as_parquet / "starlink_elements.parquet")
    assert elements.field("epoch_utc").type == INSTANT
    assert elements.field("inclination_deg").type == pa.float64()
    starlink = parquet.read_schema(as_parquet / "starlink.parquet")
    assert starlink.field("launch_date").type == pa.date32()


def test_a_category_has_all_its_values_in_their_order(as_parquet, as_duckdb):
    column = TABLES["starlink"].column("orbit_status")
    frame = pd.read_parquet(as_parquet / "starlink.parquet")
    assert frame["orbit_status"].cat.categories.tolist() == [*column.values]  # noqa: PD011
    assert frame["orbit_status"].cat.ordered
    sql = "SELECT enum_range(any_value(orbit_status)) FROM starlink"
    assert as_duckdb.execute(sql).fetchone() == ([*column.values],)  # noqa: PD011


def test_a_view_with_other_values_has_plain_text(sampled, as_parquet, tmp_path):
    schema = parquet.read_schema(as_parquet / "v_fleet_by_status.parquet")
    assert schema.field("catalogue_status").type == CATEGORY
    other = shutil.copy(sampled.database, tmp_path / "other.db")
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("DROP VIEW v_fleet_by_status")
        connection.execute("CREATE VIEW v_fleet_by_status AS SELECT 'lost' AS catalogue_status")
        connection.commit()
    export_tables(other, tmp_path, ["v_fleet_by_status"], "parquet")
    found = parquet.read_table(tmp_path / "v_fleet_by_status.parquet")
    assert found.to_pydict() == {"catalogue_status": ["lost"]}


def test_parquet_has_units_descriptions_and_origin(as_parquet):
    schema = parquet.read_schema(as_parquet / "starlink_elements.parquet")
    column = TABLES["starlink_elements"].column("inclination_deg")
    about = schema.field("inclination_deg").metadata
    assert (about[b"unit"], about[b"description"].decode()) == (b"deg", column.description)
    origin = {name.decode(): text.decode() for name, text in schema.metadata.items()}
    assert origin["description"] == TABLES["starlink_elements"].description
    assert origin["primary_key"] == "epoch_utc, norad_cat_id, source"
    assert (origin["run_id"], origin["is_simulated"]) == ("first", "true")
    assert json.loads(origin["sources"])["sample"].startswith("2026-")
    assert "satellites" in " ".join(json.loads(origin["coverage"]))
    assert "database" not in origin


def test_duckdb_has_the_rows_and_types(sampled, as_duckdb):
    for name in NAMES:
        sql = f"SELECT count(*) AS rows FROM {name}"  # noqa: S608
        assert as_duckdb.execute(sql).fetchone() == tuple(query(sampled.database, sql)["rows"]), (
            name
        )
    sql = """SELECT column_name, data_type, is_nullable FROM duckdb_columns()
             WHERE table_name = 'launches'"""
    kinds = {name: rest for name, *rest in as_duckdb.execute(sql).fetchall()}
    assert kinds["launch_id"] == ["VARCHAR", False]
    assert kinds["date_utc"] == ["TIMESTAMP WITH TIME ZONE", False]
    assert kinds["success"] == ["BOOLEAN", True]
    assert kinds["date_precision"][0].startswith("ENUM('decade', 'year', ")
    sql = "SELECT launch_id, success, date_utc FROM launches ORDER BY launch_id"
    expected = query(sampled.database, sql)
    found = as_duckdb.execute(sql).df()
    assert found["launch_id"].tolist() == expected["launch_id"].tolist()
    assert found["date_utc"].dt.strftime("%Y-%m-%dT%H:%M:%SZ").equals(expected["date_utc"])
    assert found["success"].astype(float).equals(expected["success"].astype(float))


def test_duckdb_has_units_descriptions_and_origin_as_comments(as_duckdb):
    sql = """SELECT comment FROM duckdb_columns()
             WHERE table_name = 'starlink_elements' AND column_name = 'inclination_deg'"""
    assert as_duckdb.execute(sql).fetchone() == ("Inclination [deg]",)
    sql = "SELECT comment FROM duckdb_tables() WHERE table_name = 'v_boosters'"
    (comment,) = as_duckdb.execute(sql).fetchone()
    first, *rest = comment.splitlines()
    assert first.startswith("One booster with its flights")
    assert {"run_id: first", "is_simulated: true"} <= {*rest}
