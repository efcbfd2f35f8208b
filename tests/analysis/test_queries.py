"""Queries of a database that was published by three runs."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from spacex.analysis import queries
from spacex.analysis.history import gp_lists
from spacex.analysis.key_figures import key_figures
from spacex.errors import DatabaseError, QueryError, UnusableDatabaseError
from spacex.settings import Settings
from spacex.warehouse.views import VIEWS
from tests.replica import Replica
from tests.stages import publish, value


@pytest.fixture(scope="module")
def database(sample_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish all endpoints, then cores with seven rejects, then valid cores and rockets."""
    with Replica(sample_dir) as replica:
        data_dir = tmp_path_factory.mktemp("published")
        settings = Settings(_env_file=None, data_dir=data_dir, base_url=replica.url)
        publish(settings, "api", "first")
        whole = replica.body("cores")
        replica.serve("cores", whole.replace(b'"serial":', b'"serial":7,"":', 7))
        publish(settings, "api", "second", ["cores"])
        replica.serve("cores", whole)
        publish(settings, "auto", "third", ["cores", "rockets"])
    return settings.database


def test_query_binds_parameters(database):
    frame = queries.query(database, "SELECT ? AS a, ? AS b", ("x'; DROP TABLE cores", None))
    assert frame.to_dict("records") == [{"a": "x'; DROP TABLE cores", "b": None}]


OF_OTHER_SOURCES = {
    "v_upcoming",
    "v_observations",
    "v_launch_altitudes",
    "v_changes",
    "v_never_catalogued",
    "v_other_numbers",
    "v_satellite_contradictions",
    "v_launch_contradictions",
}


def test_rows_that_are_read_once_are_those_of_the_database_of_now(database, tmp_path):
    """A replaced database is read again; a missing one is told, though it was read before."""
    copy = shutil.copy(database, tmp_path / "starlink.db")
    sql = "SELECT run_id FROM _runs ORDER BY 1"
    before = queries.query_once(copy, sql)
    assert queries.query_once(copy, sql) is before
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("DELETE FROM _runs WHERE run_id = 'third'")
    assert queries.query_once(copy, sql)["run_id"].tolist() == ["first", "second"]
    copy.unlink()
    with pytest.raises(DatabaseError, match="There is no database"):
        queries.query_once(copy, sql)


@pytest.mark.parametrize("name", sorted(VIEWS.keys() - OF_OTHER_SOURCES))
def test_view_has_rows(database, name):
    frame = queries.view(database, name)
    assert len(frame) == value(database, f"SELECT count(*) FROM {name}") > 0  # noqa: S608


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("launches", "; did you mean v_launches?"),
        ("v_lanches", "; did you mean v_launches?"),
        ("V_LAUNCHES", "; did you mean v_launches?"),
        ("Launches", "; did you mean v_launches?"),
        ("cores; DROP TABLE cores", ""),
        (None, ""),
        (["v_launches"], "; did you mean v_launches?"),
        ("\ud800", ""),
        ("v_launches\0", "; did you mean v_launches?"),
    ],
)
def test_unknown_view_is_named_with_the_nearest_one(database, name, hint):
    with pytest.raises(QueryError) as caught:
        queries.view(database, name)
    assert caught.value.message == f"There is no view {name!r}{hint or '.'}"
    assert "v_launches, v_launches_by_year" in caught.value.remedy


STATEMENTS = [
    ("SELECT nonsense FROM launches", "no such column: nonsense."),
    ("SELECT l.nme FROM launches l", "no such column: l.nme; did you mean name?"),
    ("SELECT date_utc FROM v_starlink", "no such column: date_utc; did you mean data_utc?"),
    ("SELECT * FROM lauches", "no such table: lauches; did you mean launches?"),
    ("SELECT * FROM launches_by_year", "did you mean v_launches_by_year?"),
    ("SELEC 1", 'near "SELEC": syntax error.'),
    ("SELECT 1; SELECT 2", "one statement at a time"),
    ("", "it returns no rows, as a SELECT does."),
]


@pytest.mark.parametrize(("sql", "message"), STATEMENTS)
def test_wrong_statement_is_not_a_fault_of_the_file(database, sql, message):
    with pytest.raises(QueryError) as caught:
        queries.query(database, sql)
    assert caught.value.message.startswith("The statement cannot be run: ")
    assert message in caught.value.message
    assert caught.value.remedy.startswith("Correct the statement")


def test_a_view_that_another_program_dropped_is_no_fault_of_the_statement(database, tmp_path):
    copy = shutil.copy(database, tmp_path)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("DROP VIEW v_launches")
    with pytest.raises(QueryError, match="The database lacks v_launches: another program"):
        queries.view(copy, "v_launches")


@pytest.mark.parametrize(
    ("statement", "read", "message"),
    [
        ("ALTER TABLE _runs DROP COLUMN note", queries.run, "The database lacks note: another"),
        ("ALTER TABLE _runs DROP COLUMN note", queries.runs, "The database lacks note: another"),
        (
            "DROP VIEW v_starlink; CREATE VIEW v_starlink AS SELECT 1 AS x",
            key_figures,
            "was changed by another program or release: no such column",
        ),
    ],
)
def test_tables_that_another_program_changed_are_named(
    database, tmp_path, statement, read, message
):
    copy = Path(shutil.copy(database, tmp_path))
    with closing(sqlite3.connect(copy)) as connection:
        connection.executescript(statement)
    with pytest.raises(DatabaseError, match=message) as caught:
        read(copy)
    assert caught.value.remedy.startswith("Run `make run`, which restores")


@pytest.mark.attack("create a file by a query", "refused; queries only read")
@pytest.mark.parametrize("sql", ["ATTACH '{}' AS e", "VACUUM INTO '{}'"])
def test_a_query_creates_no_file(database, tmp_path, sql):
    with pytest.raises(QueryError, match="too many attached databases") as caught:
        queries.query(database, sql.format(tmp_path / "new.db"))
    assert caught.value.remedy.startswith("Queries only read this database")
    assert not (tmp_path / "new.db").exists()


@pytest.mark.attack("change the database by a query", "refused; queries only read")
@pytest.mark.parametrize(
    ("sql", "parameters", "ending", "remedy"),
    [
        ("SELECT ?", (), "there are 0 supplied.", "Pass one parameter for each `?`"),
        ("SELECT ?", (1, 2), "there are 2 supplied.", "Pass one parameter for each `?`"),
        (
            "SELECT ?",
            ([],),
            "type 'list' is not supported.",
            "Pass numbers, text, dates, instants or None",
        ),
        ("SELECT ?", {"a": 1}, "(which has only names).", "Name each parameter in the statement"),
        ("SELECT :a", {"b": 1}, "for binding parameter :a.", "Pass a value for each name"),
        (
            "SELECT :a",
            {"a": []},
            "type 'list' is not supported.",
            "Pass numbers, text, dates, instants or None",
        ),
        ("SELECT ?", (2**64,), "to SQLite INTEGER.", "Pass whole numbers of up to 64 bits"),
        ("SELECT ?", ("\ud800",), "surrogates not allowed.", "Pass text without lone surrogates"),
        ("SELECT '\ud800'", (), "surrogates not allowed.", "Pass text without lone surrogates"),
        ("SELECT 1\0", (), "null character.", "Correct the statement"),
        ("UPDATE rockets SET name = 1", (), "readonly database.", "Queries only read"),
        ("PRAGMA user_version = 1", (), "readonly database.", "Queries only read"),
        (
            "SELECT abs(a) FROM (SELECT 1 AS a UNION ALL SELECT -9223372036854775808)",
            (),
            "integer overflow.",
            "Correct the statement",
        ),
        (
            "DELETE FROM launches RETURNING launch_id",
            (),
            "attempt to write a readonly database.",
            "Queries only read",
        ),
    ],
)
def test_remedy_of_a_statement_fits_its_fault(database, sql, parameters, ending, remedy):
    with pytest.raises(QueryError) as caught:
        queries.query(database, sql, parameters)
    assert caught.value.message.endswith(ending)
    assert ".." not in caught.value.message
    assert caught.value.remedy.startswith(remedy)


@pytest.mark.parametrize(
    ("sql", "parameters", "message"),
    [
        (7, (), "The statement is 7."),
        (b"SELECT 1", (), "The statement is b'SELECT 1'."),
        ("SELECT ?", "text", "The parameters are 'text'."),
        ("SELECT ?", None, "The parameters are None."),
        ("SELECT ?", {1}, "The parameters are {1}."),
        ("SELECT ?", (object(),), "The statement cannot be run: "),
    ],
)
def test_wrong_types_of_a_query(database, sql, parameters, message):
    with pytest.raises(QueryError, match=message):
        queries.query(database, sql, parameters)


@pytest.mark.parametrize(
    ("value", "bound"),
    [
        (np.int64(7), 7),
        (pd.NaT, None),
        (pd.NA, None),
        (np.datetime64("2025-11-28T20:00"), "2025-11-28T20:00:00Z"),
        (datetime(2025, 11, 28, 20, microsecond=1, tzinfo=UTC), "2025-11-28T20:00:00.000001Z"),
        (date(2025, 11, 28), "2025-11-28"),
    ],
)
def test_values_of_other_libraries_are_bound(database, value, bound):
    assert queries.query(database, "SELECT ? AS a", (value,))["a"].tolist() == [bound]


def test_every_function_takes_the_path_as_text(database):
    path = str(database)
    assert len(queries.view(path, "v_launches")) == len(queries.view(database, "v_launches"))
    assert queries.run(path)["run_id"] == "third"
    assert len(queries.published_snapshots(path)) == 7
    assert key_figures(path)
    assert gp_lists(path).empty


def test_damaged_database_raises(database, tmp_path):
    content = database.read_bytes()
    damaged = tmp_path / "starlink.db"
    damaged.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(DatabaseError, match="malformed"):
        queries.query(damaged, "SELECT * FROM starlink")


def test_text_that_is_not_utf_8_is_damage_and_no_wrong_statement(database, tmp_path):
    damaged = tmp_path / "starlink.db"
    damaged.write_bytes(database.read_bytes().replace(b"B1058", b"\xc21058"))
    with pytest.raises(UnusableDatabaseError, match="is damaged: Could not decode to UTF-8"):
        queries.query(damaged, "SELECT * FROM cores")


def test_runs_are_newest_first(database):
    assert queries.run(database)["run_id"] == "third"
    assert queries.run(database, "first")["row_count"] > 800
    assert queries.runs(database)["run_id"].tolist() == ["third", "second", "first"]
    assert queries.runs(database, 1)["run_id"].tolist() == ["third"]


def test_unknown_run_raises(database):
    with pytest.raises(DatabaseError, match="was not published by a run fourth") as caught:
        queries.run(database, "fourth")
    assert caught.value.remedy == "`make status` lists the runs."


def test_snapshots_of_a_run_have_their_age(database):
    frame = queries.snapshots(database, "third")
    found = frame[["endpoint", "origin", "record_count"]].to_numpy().tolist()
    assert found == [
        ["cores", "fetched", 73],
        ["launches", "stored", 205],
        ["payloads", "stored", 205],
        ["rockets", "not modified", 4],
    ]
    assert (frame["age_days"] == 0).all()
    assert frame["url"].str.startswith("http://127.0.0.1").all()


def test_published_snapshots_are_the_last_loaded(database):
    frame = queries.published_snapshots(database).set_index("endpoint")
    sql = "SELECT sha256 FROM _snapshots WHERE run_id = 'third' AND endpoint = 'cores'"
    assert frame.loc["cores", "sha256"] == value(database, sql)
    assert len(frame) == 7
    assert frame.loc["starlink", "record_count"] == 60


def test_published_snapshots_without_a_database(tmp_path):
    frame = queries.published_snapshots(tmp_path / "starlink.db")
    assert (len(frame), list(frame)) == (0, ["source", "endpoint", "record_count", "sha256"])


@pytest.mark.parametrize(
    ("run_id", "counted"),
    [
        ("first", [("cores", 73, 73, 0, None)]),
        ("second", [("cores", 73, 66, 7, -7)]),
        ("third", [("cores", 73, 73, 0, 7), ("rockets", 4, 4, 0, 0)]),
    ],
)
def test_row_counts_have_the_change_since_the_previous_run(database, run_id, counted):
    frame = queries.row_counts(database, run_id)
    assert set(frame["source"]) == {"spacexdata"}
    columns = ["table_name", "rows_in", "rows_loaded", "rows_rejected", "change"]
    frame = frame.loc[frame["endpoint"] == frame["table_name"], columns]
    found = frame.astype(object).where(frame.notna(), None)
    assert set(found.itertuples(index=False, name=None)) >= set(counted)


def test_rejects_are_counted_by_reason(database):
    (row,) = queries.rejects(database, "second").itertuples(index=False)
    found = (row.table_name, row.column_name, row.rejects, row.value)
    assert found == ("cores", "serial", 7, "7")
    assert (row.reason, row.lost) == ("expected text, found a number", "row")
    assert queries.rejects(database, "third").empty


def test_findings_are_most_severe_first(database):
    severities = queries.findings(database, "third")["severity"].tolist()
    assert severities == sorted(severities, key=["error", "warning", "info"].index)
    assert set(severities) == {"warning", "info"}


@pytest.mark.parametrize("function", [queries.run, queries.runs, key_figures])
def test_missing_database_raises(tmp_path, function):
    with pytest.raises(DatabaseError, match="There is no database"):
        function(tmp_path / "starlink.db")
