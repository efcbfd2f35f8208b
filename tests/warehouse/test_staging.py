import pytest

from spacex.errors import DataError
from spacex.extract.run_folder import Run
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import SPACEXDATA
from spacex.transform import transform
from spacex.warehouse.connection import reading
from spacex.warehouse.staging import restage, stage
from tests.stages import content, extract, rows, staged, value


@pytest.fixture
def run(published):
    """A run of some of the stored answers, transformed."""
    manifest = extract(published, "snapshot", "two", ["rockets", "launches"])
    run, _ = staged(published, manifest)
    return run


def test_a_staging_database_accounts_for_every_row(run):
    counts = rows(
        run.staging,
        """SELECT run_id, table_name, rows_in, rows_loaded,
                  rows_rejected + rows_duplicate + rows_superseded
                  + rows_out_of_scope FROM _counts""",
    )
    tables = [n for name in ("rockets", "launches") for n in SPACEXDATA.endpoints[name].tables]
    assert sorted(name for _, name, *_ in counts) == sorted([*tables, "launch_sources"])
    for run_id, name, rows_in, loaded, left_out in counts:
        assert (run_id, rows_in) == ("two", loaded + left_out)
        assert value(run.staging, f"SELECT count(*) FROM {name}") == loaded  # noqa: S608


def test_a_staging_database_names_its_answers_and_where_they_are(published, run):
    for path, sha256, origin in rows(run.staging, "SELECT path, sha256, origin FROM _snapshots"):
        assert (published.data_dir / path).is_file()
        assert len(sha256) == 64
        assert origin == "stored"


def test_a_run_that_is_transformed_again_is_staged_again(published, run):
    before = content(run.staging)
    staged(published, run.manifest())
    assert content(run.staging) == before
    assert value(run.staging, "SELECT count(*) FROM _runs") == 0


class KilledError(Exception):
    """Stands for a kill: nothing catches it."""


def test_a_transform_that_does_not_end_leaves_no_staging_database(published, run):
    """Not even that of an earlier one, which load would take for the new one."""
    manifest = run.manifest()
    store = SnapshotStore(published.raw_dir)

    def some_tables():
        yield from transform([manifest.extracted[0]], store)
        raise KilledError

    with pytest.raises(KilledError):
        stage(run.staging, manifest, some_tables())
    assert not run.staging.exists()


def test_what_a_killed_transform_left_is_replaced(published, run):
    for name in ("staging.unfinished", "staging.unfinished-journal"):
        (run.folder / name).write_bytes(b"left behind" * 99)
    staged(published, run.manifest())
    with reading(run.staging) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert sorted(path.name for path in run.folder.iterdir()) == ["manifest.json", "staging.db"]


def test_a_run_of_the_same_answers_takes_over_the_tables_and_keeps_its_own_record(published, run):
    again = Run(published.runs_dir, "three")
    manifest = extract(published, "snapshot", "three", ["rockets", "launches"])
    restage(again.staging, manifest, run.staging)
    assert content(again.staging) == content(run.staging)
    for name in ("_counts", "_snapshots"):
        sql = f"SELECT * FROM {name} ORDER BY 2"  # noqa: S608
        assert [row[0] for row in rows(again.staging, sql)] == ["three"] * len(
            rows(run.staging, sql)
        )
        assert [row[1:] for row in rows(again.staging, sql)] == [
            row[1:] for row in rows(run.staging, sql)
        ]


def test_a_row_the_database_refuses_is_an_error(published, run):
    manifest = run.manifest()
    table, *_ = transform([manifest.extracted[0]], SnapshotStore(published.raw_dir))
    table.frame["stage_count"] = 0
    with pytest.raises(DataError, match="rejected a row: CHECK constraint failed: stage_count"):
        stage(run.staging, manifest, [table])
    assert Run(published.runs_dir, "two").manifest() == manifest
