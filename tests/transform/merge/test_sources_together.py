"""Runs with several services: each may be up, down, disabled or never reached."""

import pytest

from spacex.errors import ServiceUnavailableError, SettingsError, SnapshotError
from spacex.extract.run_folder import Manifest
from spacex.settings import Settings
from spacex.sources.sample import NOTE
from tests.conftest import NOBODY_HOME
from tests.example_records import launch, omm, omm_json, upcoming
from tests.replica import Replica, Status
from tests.service_replicas import CelesTrak, LaunchLibrary
from tests.stages import at, extract, publish, rows, value

ALL = "spacexdata,celestrak,launchlibrary"


@pytest.fixture
def config(
    three_services: Settings, celestrak: CelesTrak, launchlibrary: LaunchLibrary
) -> Settings:
    """Return settings with three services that have data."""
    celestrak.publish(omm_json(omm(1), omm(2)))
    launchlibrary.launches = [launch("one"), upcoming("two", "2999-01-01T00:00:00Z")]
    return three_services


def endpoints(manifest: Manifest) -> list[tuple[str, str]]:
    """Return source and endpoint of the snapshots, in order, without duplicates."""
    pairs = ((item.snapshot.source, item.snapshot.endpoint) for item in manifest.extracted)
    return list(dict.fromkeys(pairs))


def test_run_uses_all_services(config: Settings) -> None:
    manifest = publish(config, "auto")
    assert (manifest.source, manifest.note) == (ALL, "")
    assert endpoints(manifest)[-3:] == [
        ("spacexdata", "starlink"),
        ("celestrak", "starlink"),
        ("launchlibrary", "launches"),
    ]
    assert value(config.database, "SELECT source FROM _runs") == ALL
    assert rows(config.database, "SELECT source, count(*) FROM launches GROUP BY 1") == [
        ("launchlibrary", 2),
        ("spacexdata", 205),
    ]


@pytest.mark.parametrize("off", ["spacexdata", "celestrak", "launchlibrary"])
def test_each_service_can_be_disabled(config: Settings, off: str) -> None:
    used = ",".join(name for name in ALL.split(",") if name != off)
    manifest = publish(at(config, sources=used), "auto")
    assert manifest.source == used
    assert value(config.database, f"SELECT count(*) FROM _snapshots WHERE source = '{off}'") == 0  # noqa: S608


DOWN = {
    "spacexdata": ("base_url", "rockets cannot be reached"),
    "celestrak": ("celestrak_url", "FORMAT=json cannot be reached"),
    "launchlibrary": ("launchlibrary_url", "offset=0 cannot be reached"),
}


@pytest.mark.parametrize("name", DOWN)
def test_service_never_reached_is_skipped_with_a_note(config: Settings, name: str) -> None:
    setting, message = DOWN[name]
    manifest = publish(at(config, **{setting: NOBODY_HOME}), "auto")
    assert name not in manifest.source
    assert message in manifest.note
    assert manifest.note.endswith("No snapshot of it is stored; the run continues without it.")
    assert not manifest.is_simulated


@pytest.mark.parametrize("name", DOWN)
def test_outage_keeps_the_last_data_of_one_service(config: Settings, name: str) -> None:
    publish(config, "auto")
    before = rows(config.database, "SELECT source, count(*) FROM launch_sources GROUP BY 1")
    setting, _ = DOWN[name]
    for path in config.raw_dir.glob("*/ledger.json"):
        path.unlink()  # as if the rate limits had expired
    manifest = publish(at(config, **{setting: NOBODY_HOME}), "auto", "two")
    assert manifest.source == ALL
    assert rows(config.database, "SELECT source, count(*) FROM launch_sources GROUP BY 1") == before
    assert value(config.database, "SELECT count(*) FROM starlink WHERE is_listed") == 2
    if name == "spacexdata":
        assert "Stored snapshots are used instead" in manifest.note


def test_sample_is_used_if_no_service_was_ever_reached(config: Settings) -> None:
    down = {setting: NOBODY_HOME for setting, _ in DOWN.values()}
    manifest = publish(at(config, **down), "auto")
    assert (manifest.source, manifest.is_simulated) == ("sample", True)
    assert manifest.note.startswith(NOTE)
    assert manifest.note.count("cannot be reached") == 3


def test_service_is_not_asked_again_after_a_failed_request(
    config: Settings, small_replica: Replica
) -> None:
    small_replica.script("rockets", Status(503))
    extract(config, "auto")
    assert len(small_replica.requests) == 1


def test_outage_without_snapshots_of_published_data_stops_the_run(config: Settings) -> None:
    publish(config, "auto")
    for path in (config.raw_dir / "launchlibrary" / "launches").iterdir():
        path.unlink()
    (config.raw_dir / "launchlibrary" / "ledger.json").unlink()
    with pytest.raises(SnapshotError, match="No snapshot of launches is stored"):
        publish(at(config, launchlibrary_url=NOBODY_HOME), "auto", "two")


def test_endpoint_name_selects_all_sources(config: Settings) -> None:
    manifest = extract(config, "auto", only=["starlink"])
    assert endpoints(manifest) == [("spacexdata", "starlink"), ("celestrak", "starlink")]
    manifest = extract(config, "auto", "two", only=["launches"])
    assert endpoints(manifest) == [("spacexdata", "launches"), ("launchlibrary", "launches")]


def test_dependent_endpoints_are_read_from_the_store(
    config: Settings, small_replica: Replica
) -> None:
    """Launches of one source refer to launch sites of the other."""
    publish(config, "auto")
    small_replica.requests.clear()
    manifest = publish(config, "auto", "two", ["cores"])
    assert {name for _, name in endpoints(manifest)} == {
        "cores",
        "launches",
        "launchpads",
        "landpads",
        "payloads",  # they say which launches are suborbital
        "rockets",
    }
    assert [request.endpoint for request in small_replica.requests] == ["cores"]
    assert value(config.database, "SELECT count(*) FROM launches") == 207


def test_endpoint_of_a_disabled_source_is_unknown(config: Settings) -> None:
    with pytest.raises(SettingsError, match="Unknown endpoint rockets"):
        extract(at(config, sources="celestrak"), "auto", only=["rockets"])


def test_unknown_service_is_rejected(config: Settings) -> None:
    with pytest.raises(SettingsError, match="There is no service spacetrack"):
        extract(at(config, sources="spacetrack"), "auto")


def test_api_mode_fails_if_one_service_is_down(config: Settings) -> None:
    with pytest.raises(ServiceUnavailableError):
        extract(at(config, celestrak_url=NOBODY_HOME), "api")


def test_replay_gives_the_same_tables(config: Settings) -> None:
    first = publish(config, "auto")
    second = publish(config, "snapshot", "two")
    assert [i.snapshot for i in second.extracted] == [i.snapshot for i in first.extracted]
    assert {item.origin for item in second.extracted} == {"stored"}
    counts = """SELECT table_name, source, rows_in, rows_loaded, rows_superseded FROM _counts
                WHERE run_id = ? ORDER BY 1, 2"""
    assert rows(config.database, counts, "one") == rows(config.database, counts, "two")
