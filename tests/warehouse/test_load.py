"""Load: what a run changes, what it keeps, and what stops it."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from spacex.errors import DatabaseError, DataError, SnapshotError
from spacex.extract.run_folder import Run
from spacex.pipeline.upgrade import upgrade
from spacex.schema import CONTENT_TABLES, TABLES
from spacex.settings import Settings
from spacex.sources import SPACEXDATA
from spacex.warehouse.connection import integrity, reading
from spacex.warehouse.load import load
from tests.example_records import launch
from tests.replica import Replica
from tests.service_replicas import LaunchLibrary
from tests.stages import at, content, extract, publish, rows, staged, unchanged, value

Records = list[dict[str, Any]]
Publish = Callable[..., None]
Edit = Callable[[Records], Records | None]
ENDPOINTS = tuple(SPACEXDATA.endpoints)


@pytest.fixture
def live(published: Settings, small_replica: Replica) -> Settings:
    """Return settings with a published database and a service that is up."""
    return at(published, base_url=small_replica.url)


def change(replica: Replica, endpoint: str, edit: Edit) -> None:
    """Edit the records that a replica serves, in place or by a function that returns new ones."""
    records = json.loads(replica.body(endpoint))
    edited = edit(records)
    replica.serve(endpoint, json.dumps(records if edited is None else edited).encode())


@pytest.fixture
def publish_edited(live: Settings, small_replica: Replica) -> Publish:
    """Return a function that edits the records of an endpoint and publishes them in run `two`."""

    def publish_edited(endpoint: str, edit: Edit, **options: Any) -> None:
        change(small_replica, endpoint, edit)
        publish(live, "api", "two", [endpoint], **options)

    return publish_edited


def simulated_rows(database: Path) -> dict[str, Any]:
    """Return the number of rows of other sources than the archive."""
    return {
        name: value(database, f"SELECT count(*) FROM {name} WHERE source <> 'spacexdata'")  # noqa: S608
        for name in ("launches", "starlink", "starlink_elements")
    }


def test_same_snapshots_change_only_the_bookkeeping(published: Settings) -> None:
    before = content(published.database)
    publish(published, "snapshot", "two")
    assert content(published.database) == before
    runs = rows(published.database, "SELECT run_id, row_count FROM _runs ORDER BY run_id")
    assert [run_id for run_id, _ in runs] == ["first", "two"]
    assert runs[0][1] == runs[1][1]


def test_run_loaded_twice_is_recorded_once(published: Settings) -> None:
    publish(published, "snapshot", "two", ["launches"])
    before = {name: rows(published.database, f"SELECT * FROM {name}") for name in TABLES}  # noqa: S608
    load(Run(published.runs_dir, "two"), published)
    after = {name: rows(published.database, f"SELECT * FROM {name}") for name in TABLES}  # noqa: S608
    del before["_runs"], after["_runs"]  # loaded_utc differs
    assert after == before
    assert value(published.database, "SELECT count(*) FROM _runs") == 2


def test_published_database_is_intact_and_counted(published: Settings) -> None:
    with reading(published.database) as connection:
        assert integrity(connection) == []
    counts = dict(rows(published.database, "SELECT table_name, rows_loaded FROM _counts"))
    found = {name: len(each) for name, each in content(published.database).items()}
    assert found.pop("space_weather") == 0  # which the archive does not have
    assert found.pop("forecasts") == 1  # that of launches
    assert counts == found


def test_changed_rows_replace_the_old_rows(published: Settings, publish_edited: Publish) -> None:
    def rename(launches: Records) -> None:
        launches[0]["name"] = "Renamed"
        launches.append({**launches[0], "id": "new", "name": "Added"})

    publish_edited("launches", rename)
    names = [name for (name,) in rows(published.database, "SELECT name FROM launches")]
    assert names.count("Renamed") == names.count("Added") == 1
    assert len(names) == 206


def test_load_only_adds_element_sets(published: Settings, publish_edited: Publish) -> None:
    database = published.database
    before = content(database)["starlink_elements"]
    moved = "2026-01-01T00:00:00.000000"

    def move(satellites: Records) -> None:
        for satellite in satellites[:3]:
            satellite["spaceTrack"].update(EPOCH=moved, MEAN_MOTION=15.5)
        for satellite in satellites[3:]:
            satellite["spaceTrack"].update(MEAN_MOTION=15.6)  # already known by its epoch

    publish_edited("starlink", move)
    after = content(database)["starlink_elements"]
    assert set(before) < set(after)
    assert [row[0] for row in set(after) - set(before)] == [f"{moved}Z"] * 3
    assert value(database, "SELECT count(*) FROM starlink") == 60
    newest = (
        "SELECT count(*) FROM v_starlink WHERE (epoch_utc, mean_motion_rev_per_day) = (?, 15.5)"
    )
    assert rows(database, newest, f"{moved}Z") == [(3,)]


def test_dropped_satellite_keeps_its_element_sets(
    published: Settings, publish_edited: Publish
) -> None:
    publish_edited("starlink", lambda satellites: satellites[2:])
    assert value(published.database, "SELECT count(*) FROM starlink") == 58
    assert value(published.database, "SELECT count(*) FROM starlink_elements") == 60


@pytest.mark.parametrize(
    ("only", "related"),
    [
        (["launches"], ["cores", "payloads"]),
        (["starlink"], []),
        (["rockets", "cores"], ["launches", "payloads"]),
    ],
)
def test_run_of_some_endpoints_keeps_the_other_tables(
    live: Settings, small_replica: Replica, only: Sequence[str], related: Sequence[str]
) -> None:
    """Launches need payloads, which tell their class, and cores, which tell their boosters."""
    for name in ENDPOINTS:
        change(small_replica, name, lambda records: records[:-1])
    before = content(live.database)
    publish(live, "api", "two", only, accept_shrink=True)
    after = content(live.database)
    touched = {name for each in only for name in SPACEXDATA.endpoints[each].tables}
    touched |= {table.name for table in CONTENT_TABLES if table.is_derived}
    for table in CONTENT_TABLES:
        if table.name not in touched:
            assert after[table.name] == before[table.name]
    for each in only:
        assert len(after[each]) == len(before[each]) - 1
    with reading(live.database) as connection:
        assert integrity(connection) == []
    loaded = rows(live.database, "SELECT endpoint FROM _snapshots WHERE run_id = 'two'")
    assert sorted(loaded) == sorted((each,) for each in (*only, *related))


def test_first_run_of_some_endpoints_leaves_the_other_tables_empty(
    settings: Settings, small_replica: Replica
) -> None:
    publish(at(settings, base_url=small_replica.url), "api", only=["starlink"])
    filled = {name for name, found in content(settings.database).items() if found}
    assert filled == {
        *("starlink", "starlink_elements", "starlink_shells"),
        "catalogue_objects",
    }


def test_sample_never_replaces_real_data(published: Settings) -> None:
    with unchanged(published.database), pytest.raises(DataError) as caught:
        publish(published, "sample", "two", ["cores"])
    assert caught.value.message == (
        f"{published.database} holds real data, which the bundled sample never replaces."
    )
    assert "SPACEX_DATA_DIR=sample make run" in caught.value.remedy


@pytest.mark.parametrize("only", [(), ("launches",)])
def test_real_data_replace_all_simulated_rows(
    settings: Settings, small_replica: Replica, only: Sequence[str]
) -> None:
    publish(settings, "auto", "simulated")
    assert min(simulated_rows(settings.database).values()) > 0
    publish(at(settings, base_url=small_replica.url), "auto", "real", only)
    assert set(simulated_rows(settings.database).values()) == {0}
    wanted = {name for each in only or ENDPOINTS for name in SPACEXDATA.endpoints[each].tables}
    filled = {name for name, found in content(settings.database).items() if found}
    derived = {"launch_sources", "forecasts"} | ({"starlink_shells"} if not only else set())
    empty = {"payload_parties", "payload_norad_ids"}  # the replica has no such rows
    assert filled == (wanted | derived) - empty
    for name in ("_runs", "_counts", "_snapshots", "_findings"):
        runs = rows(settings.database, f"SELECT DISTINCT run_id FROM {name}")  # noqa: S608
        assert runs == [("real",)]


def test_sample_may_replace_the_sample(settings: Settings) -> None:
    publish(settings, "sample")
    before = content(settings.database)
    publish(settings, "sample", "two")
    assert content(settings.database) == before


@pytest.mark.parametrize("kept", [53, 1])
def test_shrinking_table_stops_the_run(
    published: Settings, publish_edited: Publish, kept: int
) -> None:
    with unchanged(published.database), pytest.raises(DataError) as caught:
        publish_edited("starlink", lambda satellites: satellites[:kept])
    assert caught.value.message == (
        f"starlink would shrink from 60 rows (run first) to {kept}, by more than 10 %."
    ) or caught.value.message.startswith("starlink_elements would shrink from 60 rows")
    assert caught.value.remedy.endswith('run `make run ARGS="--accept-shrink"`.')


def test_shrinking_table_is_published_if_accepted(live: Settings, publish_edited: Publish) -> None:
    publish_edited("starlink", lambda satellites: satellites[:10], accept_shrink=True)
    assert value(live.database, "SELECT count(*) FROM starlink") == 10
    publish(live, "api", "two", ["starlink"])  # the accepted size is the new reference
    with closing(sqlite3.connect(live.database)) as connection:
        connection.execute("PRAGMA user_version = 1")
    assert "It was rebuilt" in upgrade(live)
    assert value(live.database, "SELECT count(*) FROM starlink") == 10


@pytest.mark.parametrize(("limit_pct", "kept"), [(10, 54), (50, 30)])
def test_table_may_shrink_up_to_the_limit(
    live: Settings, small_replica: Replica, limit_pct: int, kept: int
) -> None:
    change(small_replica, "starlink", lambda satellites: satellites[:kept])
    publish(at(live, max_shrink_pct=limit_pct), "api", "two", ["starlink"])
    assert value(live.database, "SELECT count(*) FROM starlink") == kept


NOT_ALLOWED = "is null, which the column does not allow"


def invalidate(records: Records, count: int) -> None:
    for record in records[:count]:
        record["serial"] = None


def test_rejected_rows_are_counted_and_the_rest_published(
    published: Settings, publish_edited: Publish
) -> None:
    publish_edited("cores", lambda records: invalidate(records, 7))
    counts = """SELECT rows_in, rows_loaded, rows_rejected FROM _counts
                WHERE run_id = 'two' AND table_name = 'cores'"""
    assert rows(published.database, counts) == [(73, 66, 7)]
    assert (
        rows(published.database, "SELECT table_name, column_name, value, reason FROM _rejects")
        == [("cores", "serial", "null", NOT_ALLOWED)] * 7
    )
    assert value(published.database, "SELECT reject_count FROM _runs WHERE run_id = 'two'") == 7


def test_too_many_rejected_rows_stop_the_run(published: Settings, publish_edited: Publish) -> None:
    with unchanged(published.database), pytest.raises(DataError) as caught:
        publish_edited("cores", lambda records: invalidate(records, 8))
    assert caught.value.message.startswith(
        "8 of 73 records of cores were rejected, over the limit of 10 %. "
        f"Most often serial: {NOT_ALLOWED} (for example 'null' in "
    )
    assert "SPACEX_MAX_REJECT_PCT sets the limit" in caught.value.remedy


def remove(field: str, count: int) -> Edit:
    """Return an edit that removes a field of some records."""

    def edit(records: Records) -> None:
        for record in records[:count]:
            del record[field]

    return edit


LOST = [("name", "row", 3), ("locality", "value", 6)]
"""Field of a launch site, what its absence costs, and the rows left if three of six lack it."""


@pytest.mark.parametrize(("field", "lost", "left"), LOST)
def test_a_small_table_may_reject_three_records(
    live: Settings, publish_edited: Publish, field: str, lost: str, left: int
) -> None:
    publish_edited("launchpads", remove(field, 3))
    found = rows(live.database, "SELECT column_name, lost FROM _rejects")
    assert found == [(field, lost)] * 3
    assert value(live.database, "SELECT count(*) FROM launchpads") == left


@pytest.mark.parametrize(("field", "lost"), [("name", "records"), ("locality", "values")])
@pytest.mark.parametrize(("count", "limit_pct"), [(4, 10), (1, 0), (6, 100)])
def test_more_rejects_or_all_stop_the_run(
    live: Settings, small_replica: Replica, count: int, limit_pct: float, field: str, lost: str
) -> None:
    change(small_replica, "launchpads", remove(field, count))
    with (
        unchanged(live.database),
        pytest.raises(DataError, match=rf"{count} of 6 {lost} of launchpads(\.locality)? w"),
    ):
        publish(at(live, max_reject_pct=limit_pct), "api", "two", ["launchpads"])


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_renamed_field_stops_the_run(
    published: Settings, publish_edited: Publish, endpoint: str
) -> None:
    def rename(records: Records) -> None:
        for record in records:
            record["identifier"] = record.pop("id")

    no_id = "the record has no field id"
    with unchanged(published.database), pytest.raises(DataError, match=no_id) as caught:
        publish_edited(endpoint, rename)
    assert f" of {endpoint}" in caught.value.message


def test_run_without_a_staging_database_is_an_error(published: Settings) -> None:
    extract(published, "snapshot", "two")
    with pytest.raises(SnapshotError) as caught:
        load(Run(published.runs_dir, "two"), published)
    assert caught.value.message == "The run two has no staging database."
    assert caught.value.remedy == "Run 20_transform for this run first, or `make run`."


@pytest.mark.parametrize("damage", [b"", b"no database at all, but long enough to be one" * 99])
def test_damaged_staging_database_is_not_published(published: Settings, damage: bytes) -> None:
    run, _ = staged(published, extract(published, "snapshot", "two", ["cores"]))
    run.staging.write_bytes(damage)
    with unchanged(published.database), pytest.raises(DatabaseError):
        load(run, published)


def test_findings_describe_the_published_data(published: Settings, publish_edited: Publish) -> None:
    publish_edited("launches", lambda launches: launches[0].update(success=None))
    sql = "SELECT run_id, finding_count FROM _findings WHERE check_name = 'outcome unknown'"
    assert sorted(rows(published.database, sql)) == [("first", 1), ("two", 2)]


def test_database_describes_its_columns(published: Settings) -> None:
    described = rows(published.database, "SELECT table_name, column_name FROM _columns")
    assert sorted(described) == sorted(
        (table.name, name) for table in TABLES.values() for name in table.column_names
    )


def test_bookkeeping_of_older_runs_is_kept(published: Settings) -> None:
    for run_id in ("two", "three"):
        publish(published, "snapshot", run_id, ["cores"])
    for name in ("_runs", "_counts", "_snapshots", "_findings"):
        found = rows(published.database, f"SELECT DISTINCT run_id FROM {name} ORDER BY 1")  # noqa: S608
        assert found == [("first",), ("three",), ("two",)]


def test_modified_view_is_replaced(published: Settings) -> None:
    with closing(sqlite3.connect(published.database)) as connection:
        connection.execute("DROP VIEW v_landings")
        connection.execute("CREATE VIEW v_landings AS SELECT 1 AS nonsense")
    publish(published, "snapshot", "two", ["cores"])
    assert value(published.database, "SELECT count(*) FROM v_landings WHERE landing_attempt") == 162


def test_a_database_without_the_index_gets_it_with_the_next_load(published: Settings) -> None:
    index = "SELECT sql FROM sqlite_master WHERE name = 'starlink_elements_index'"
    declared = value(published.database, index)
    with closing(sqlite3.connect(published.database)) as connection:
        connection.execute("DROP INDEX starlink_elements_index")
    publish(published, "snapshot", "two", ["cores"])
    assert value(published.database, index) == declared is not None


def test_a_launch_of_an_unknown_rocket_and_site_is_published_and_counts(
    settings: Settings, launchlibrary: LaunchLibrary
) -> None:
    bad, good = launch("bad"), launch("good", "2026-10-01T00:00:00Z")
    bad["rocket"]["configuration"] = bad["pad"] = None
    launchlibrary.launches = [good, bad]
    used = at(settings, sources="launchlibrary", launchlibrary_url=launchlibrary.url)
    publish(used, "auto")
    sql = "SELECT name, rocket, launchpad, outcome FROM v_launches ORDER BY date_utc DESC LIMIT 1"
    assert rows(used.database, sql) == [("Falcon 9 Block 5 | bad", None, None, "success")]
    for table in ("v_launches", "v_landings", "launch_sources"):
        assert value(used.database, f"SELECT count(*) FROM {table}") == 2  # noqa: S608
    for view in ("v_launches_by_year", "v_launch_agreement"):
        assert value(used.database, f"SELECT sum(launches) FROM {view}") == 2  # noqa: S608
