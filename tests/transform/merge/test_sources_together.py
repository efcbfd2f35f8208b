"""Extract over several services: each may be up, down, switched off or never reached."""

import pytest

from spacex.errors import ServiceUnavailableError, SettingsError, SnapshotError
from spacex.extract.extractor import SIMULATED
from spacex.settings import Settings
from tests.conftest import NOBODY_HOME
from tests.example_records import launch, omm, omm_json, upcoming
from tests.replica import Replica, Status
from tests.service_replicas import CelesTrak, LaunchLibrary
from tests.stages import at, extract, publish, rows, value

ALL = "spacexdata,celestrak,launchlibrary"


@pytest.fixture
def archive(sample_dir):
    with Replica(sample_dir) as server:
        yield server


@pytest.fixture
def celestrak():
    with CelesTrak() as server:
        server.publish(omm_json(omm(1), omm(2)))
        yield server


@pytest.fixture
def launchlibrary():
    with LaunchLibrary() as server:
        server.launches = [launch("one"), upcoming("two", "2999-01-01T00:00:00Z")]
        yield server


@pytest.fixture
def world(tmp_path, archive, celestrak, launchlibrary):
    return Settings(
        _env_file=None,
        data_dir=tmp_path / "data",
        base_url=archive.url,
        celestrak_url=celestrak.gp_url,
        launchlibrary_url=launchlibrary.url,
        sources=ALL,
        attempts=1,
    )


def lists(manifest):
    """(source, list) of each answer, in order, each once."""
    pairs = ((item.snapshot.source, item.snapshot.endpoint) for item in manifest.extracted)
    return list(dict.fromkeys(pairs))


def test_all_three_are_asked_and_the_run_names_them(world):
    manifest = publish(world, "auto")
    assert (manifest.source, manifest.note) == (ALL, "")
    assert lists(manifest)[-3:] == [
        ("spacexdata", "starlink"),
        ("celestrak", "starlink"),
        ("launchlibrary", "launches"),
    ]
    assert value(world.database, "SELECT source FROM _runs") == ALL
    assert rows(world.database, "SELECT source, count(*) FROM launches GROUP BY 1") == [
        ("launchlibrary", 2),
        ("spacexdata", 205),
    ]


@pytest.mark.parametrize("off", ["spacexdata", "celestrak", "launchlibrary"])
def test_each_can_be_switched_off(world, off):
    used = ",".join(name for name in ALL.split(",") if name != off)
    manifest = publish(at(world, sources=used), "auto")
    assert manifest.source == used
    assert value(world.database, f"SELECT count(*) FROM _snapshots WHERE source = '{off}'") == 0  # noqa: S608


DOWN = {
    "spacexdata": ("base_url", "rockets cannot be reached"),
    "celestrak": ("celestrak_url", "FORMAT=json cannot be reached"),
    "launchlibrary": ("launchlibrary_url", "offset=0 cannot be reached"),
}


@pytest.mark.parametrize("name", DOWN)
def test_one_that_was_never_reached_is_left_out_and_said(world, name):
    setting, message = DOWN[name]
    manifest = publish(at(world, **{setting: NOBODY_HOME}), "auto")
    assert name not in manifest.source
    assert message in manifest.note
    assert manifest.note.endswith("No snapshot of it is stored; the run continues without it.")
    assert not manifest.is_simulated


@pytest.mark.parametrize("name", DOWN)
def test_one_that_is_down_leaves_its_last_data_and_the_others_fresh(world, name):
    publish(world, "auto")
    before = rows(world.database, "SELECT source, count(*) FROM launch_sources GROUP BY 1")
    setting, _ = DOWN[name]
    for path in world.raw_dir.glob("*/ledger.json"):
        path.unlink()  # as if hours had passed
    manifest = publish(at(world, **{setting: NOBODY_HOME}), "auto", "two")
    assert manifest.source == ALL
    assert rows(world.database, "SELECT source, count(*) FROM launch_sources GROUP BY 1") == before
    assert value(world.database, "SELECT count(*) FROM starlink WHERE is_listed") == 2
    if name == "spacexdata":
        assert "Stored snapshots are used instead" in manifest.note


def test_where_nothing_can_be_had_the_sample_stands_in(world):
    away = {setting: NOBODY_HOME for setting, _ in DOWN.values()}
    manifest = publish(at(world, **away), "auto")
    assert (manifest.source, manifest.is_simulated) == ("sample", True)
    assert manifest.note.startswith(SIMULATED)
    assert manifest.note.count("cannot be reached") == 3


def test_the_first_request_without_a_network_is_the_last_to_a_service(world, archive):
    archive.script("rockets", Status(503))
    extract(world, "auto")
    assert len(archive.requests) == 1


def test_what_is_down_and_was_published_but_is_not_stored_stops_the_run(world):
    publish(world, "auto")
    for path in (world.raw_dir / "launchlibrary" / "launches").iterdir():
        path.unlink()
    (world.raw_dir / "launchlibrary" / "ledger.json").unlink()
    with pytest.raises(SnapshotError, match="No snapshot of launches is stored"):
        publish(at(world, launchlibrary_url=NOBODY_HOME), "auto", "two")


def test_topics_are_those_of_all_sources(world):
    manifest = extract(world, "auto", only=["starlink"])
    assert lists(manifest) == [("spacexdata", "starlink"), ("celestrak", "starlink")]
    manifest = extract(world, "auto", "two", only=["launches"])
    assert lists(manifest) == [("spacexdata", "launches"), ("launchlibrary", "launches")]


def test_lists_that_belong_together_come_together_from_the_store(world, archive):
    """A launch of one source stands at a pad of the other's list."""
    publish(world, "auto")
    archive.requests.clear()
    manifest = publish(world, "auto", "two", ["cores"])
    assert {name for _, name in lists(manifest)} == {
        "cores",
        "launches",
        "launchpads",
        "landpads",
        "rockets",
    }
    assert [request.endpoint for request in archive.requests] == ["cores"]
    assert value(world.database, "SELECT count(*) FROM launches") == 207


def test_a_topic_of_a_source_that_is_switched_off_is_unknown(world):
    with pytest.raises(SettingsError, match="Unknown endpoint rockets"):
        extract(at(world, sources="celestrak"), "auto", only=["rockets"])


def test_a_service_there_is_not_is_refused(world):
    with pytest.raises(SettingsError, match="There is no service spacetrack"):
        extract(at(world, sources="spacetrack"), "auto")


def test_the_services_alone_were_asked_for_and_one_is_down(world):
    with pytest.raises(ServiceUnavailableError):
        extract(at(world, celestrak_url=NOBODY_HOME), "api")


def test_stored_answers_alone_give_the_same_tables(world):
    first = publish(world, "auto")
    second = publish(world, "snapshot", "two")
    assert [i.snapshot for i in second.extracted] == [i.snapshot for i in first.extracted]
    assert {item.origin for item in second.extracted} == {"stored"}
    counts = [
        rows(
            world.database,
            """SELECT table_name, source, rows_in, rows_loaded, rows_superseded FROM _counts
               WHERE run_id = ? ORDER BY 1, 2""",
            run,
        )
        for run in ("one", "two")
    ]
    assert counts[0] == counts[1]
