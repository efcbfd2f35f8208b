from collections.abc import Iterator
from dataclasses import replace

import pytest

from spacex.errors import DataError
from spacex.extract.run_folder import Run
from spacex.extract.snapshots import SnapshotStore
from spacex.settings import Settings
from spacex.sources import SPACEXDATA
from spacex.transform import TidyTable, transform
from spacex.warehouse.connection import reading
from spacex.warehouse.staging import restage, stage
from tests.stages import content, extract, rows, staged, value


@pytest.fixture
def run(published: Settings) -> Run:
    """Return a transformed run of some of the snapshots."""
    manifest = extract(published, "snapshot", "two", ["rockets", "launches"])
    run, _ = staged(published, manifest)
    return run


def test_staging_database_accounts_for_every_row(run: Run) -> None:
    counts = rows(
        run.staging,
        """SELECT run_id, table_name, rows_in, rows_loaded,
                  rows_rejected + rows_duplicate + rows_superseded
                  + rows_out_of_scope FROM _counts""",
    )
    loaded_together = ("rockets", "launches", *SPACEXDATA.endpoints["launches"].adds_to)
    tables = [n for name in loaded_together for n in SPACEXDATA.endpoints[name].tables]
    assert sorted(name for _, name, *_ in counts) == sorted([*tables, "launch_sources"])
    for run_id, name, rows_in, loaded, left_out in counts:
        assert (run_id, rows_in) == ("two", loaded + left_out)
        assert value(run.staging, f"SELECT count(*) FROM {name}") == loaded  # noqa: S608


def test_staging_database_lists_its_snapshots(published: Settings, run: Run) -> None:
    for path, sha256, origin in rows(run.staging, "SELECT path, sha256, origin FROM _snapshots"):
        assert (published.data_dir / path).is_file()
        assert len(sha256) == 64
        assert origin == "stored"


def test_staging_is_idempotent(published: Settings, run: Run) -> None:
    before = content(run.staging)
    staged(published, run.manifest())
    assert content(run.staging) == before
    assert value(run.staging, "SELECT count(*) FROM _runs") == 0


def test_interrupted_transform_leaves_no_staging_database(published: Settings, run: Run) -> None:
    """Load would mistake the database of an earlier transform for the new one."""
    manifest = run.manifest()
    store = SnapshotStore(published.raw_dir)

    def some_tables() -> Iterator[TidyTable]:
        yield from transform([manifest.extracted[0]], store)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stage(run.staging, manifest, some_tables())
    assert not run.staging.exists()


def test_leftover_files_of_a_killed_transform_are_replaced(published: Settings, run: Run) -> None:
    for name in ("staging.unfinished", "staging.unfinished-journal"):
        (run.folder / name).write_bytes(b"leftover" * 99)
    staged(published, run.manifest())
    with reading(run.staging) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    names = sorted(path.name for path in run.folder.iterdir())
    assert names == ["SHA256SUMS", "manifest.json", "staging.db"]


def test_restaging_copies_the_tables_of_an_earlier_run(published: Settings, run: Run) -> None:
    again = Run(published.runs_dir, "three")
    manifest = extract(published, "snapshot", "three", ["rockets", "launches"])
    restage(again.staging, manifest, run.staging)
    assert content(again.staging) == content(run.staging)
    for name in ("_counts", "_snapshots"):
        sql = f"SELECT * FROM {name} ORDER BY 2"  # noqa: S608
        copied = [("three", *row[1:]) for row in rows(run.staging, sql)]
        assert rows(again.staging, sql) == copied


def test_constraint_violation_is_a_data_error(published: Settings, run: Run) -> None:
    manifest = run.manifest()
    table, *_ = transform([manifest.extracted[0]], SnapshotStore(published.raw_dir))
    wrong = replace(table, frame=table.frame.assign(stage_count=0))
    with pytest.raises(DataError, match="rejected a row: CHECK constraint failed: stage_count"):
        stage(run.staging, manifest, [wrong])
    assert Run(published.runs_dir, "two").manifest() == manifest
