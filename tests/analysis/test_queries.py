"""Queries of a database that was published by three runs."""

from pathlib import Path

import pytest

from spacex.analysis import queries
from spacex.analysis.key_figures import key_figures
from spacex.errors import DatabaseError
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


OF_LIVE_SOURCES = {"v_upcoming", "v_observations", "v_launch_altitudes", "v_changes"}


@pytest.mark.parametrize("name", sorted(VIEWS.keys() - OF_LIVE_SOURCES))
def test_view_has_rows(database, name):
    frame = queries.view(database, name)
    assert len(frame) == value(database, f"SELECT count(*) FROM {name}") > 0  # noqa: S608


def test_unknown_view_raises(database):
    with pytest.raises(KeyError, match="cores; DROP TABLE cores"):
        queries.view(database, "cores; DROP TABLE cores")


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT nonsense FROM launches", "no such column: nonsense"),
        ("DELETE FROM launches RETURNING launch_id", "attempt to write a readonly database"),
    ],
)
def test_wrong_or_writing_query_raises(database, sql, message):
    with pytest.raises(DatabaseError, match=message):
        queries.query(database, sql)


def test_damaged_database_raises(database, tmp_path):
    content = database.read_bytes()
    damaged = tmp_path / "starlink.db"
    damaged.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(DatabaseError, match="malformed"):
        queries.query(damaged, "SELECT * FROM starlink")


def test_runs_are_newest_first(database):
    assert queries.run(database)["run_id"] == "third"
    assert queries.run(database, "first")["row_count"] > 800
    assert queries.runs(database)["run_id"].tolist() == ["third", "second", "first"]
    assert queries.runs(database, 1)["run_id"].tolist() == ["third"]


def test_unknown_run_raises(database):
    with pytest.raises(DatabaseError, match="was not published by a run fourth") as caught:
        queries.run(database, "fourth")
    assert caught.value.remedy == "`spacex status` lists the runs."


def test_snapshots_of_a_run_have_their_age(database):
    frame = queries.snapshots(database, "third")
    found = frame[["endpoint", "origin", "record_count"]].to_numpy().tolist()
    assert found == [["cores", "fetched", 73], ["rockets", "not modified", 4]]
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
