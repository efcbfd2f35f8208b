"""An optional source, space weather, stops no run: its newest snapshot or nothing is used."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spacex.errors import ServiceUnavailableError
from spacex.extract.run_folder import Manifest
from spacex.extract.snapshots import SnapshotStore
from spacex.settings import Settings
from tests.replica import Body, Hang, Replica, Status
from tests.sources.test_spaceweather import KNOWN, day, weather_csv
from tests.stages import at, extract, publish, rows

FILE = "weather.csv"
DAYS = "SELECT utc_date, kind, ap, observed_utc FROM space_weather ORDER BY 1"


@pytest.fixture
def weather(tmp_path: Path) -> Iterator[Replica]:
    with Replica(tmp_path / "none") as server:
        server.serve(FILE, weather_csv(*KNOWN))
        yield server


@pytest.fixture
def both(settings: Settings, small_replica: Replica, weather: Replica) -> Settings:
    """Settings with the archive and space weather."""
    return at(
        settings,
        base_url=small_replica.url,
        spaceweather_url=f"{weather.url}/{FILE}",
        sources="spacexdata,spaceweather",
    )


def from_weather(manifest: Manifest) -> list[str]:
    return [i.origin for i in manifest.extracted if i.snapshot.source == "spaceweather"]


def test_days_are_published(both):
    publish(both, "auto")
    instant = "2026-11-25T12:00:00Z"
    assert rows(both.database, DAYS) == [
        (f"2026-11-{number}", "observed", 6, instant) for number in (21, 22, 23)
    ]
    assert rows(
        both.database,
        "SELECT from_utc, to_utc, ends_at FROM v_coverage WHERE subject = 'space weather'",
    ) == [("2026-11-21T00:00:00Z", "2026-11-23T23:59:59Z", "newest observed day")]


FAULTS = {
    "returned 500": Status(500),
    "returned 404": Status(404),
    "did not respond in time": Hang(),
    "returned text/html": Body(b"<html>", {"Content-Type": "text/html"}),
    "no table of space weather": Body(b"", {"Content-Type": "text/csv"}),
    "a changed header, which lacks KP_SUM": Body(
        weather_csv(*KNOWN).replace(b"KP_SUM", b"SUM"), {"Content-Type": "text/csv"}
    ),
    "3 days, of which 3 cannot be read": Body(
        weather_csv(*KNOWN).replace(b"OBS,", b"NEW,").replace(b"F10.7_NEW", b"F10.7_OBS"),
        {"Content-Type": "text/csv"},
    ),
}


@pytest.mark.parametrize("words", FAULTS)
def test_a_response_that_cannot_be_used_stops_no_run(both, weather, words):
    weather.script(FILE, FAULTS[words])
    manifest = publish(both, "auto")
    assert words in manifest.note
    assert "No snapshot of it is stored; the run continues without it." in manifest.note
    assert (manifest.source, rows(both.database, DAYS)) == ("spacexdata", [])


@pytest.mark.parametrize("words", FAULTS)
def test_the_newest_snapshot_is_used_instead(both, weather, clock, words):
    publish(both, "auto")
    clock.advance(days=2)
    weather.script(FILE, FAULTS[words])
    manifest = publish(both, "auto", "two")
    assert words in manifest.note
    assert "Stored snapshots are used instead, checked 2026-11-25T12:00:00Z." in manifest.note
    assert from_weather(manifest) == ["stored"]
    assert len(rows(both.database, DAYS)) == 3


def test_a_damaged_snapshot_stops_no_run(both):
    publish(both, "auto")
    (stored,) = SnapshotStore(both.raw_dir).all("spaceweather", "space_weather")
    (both.raw_dir / stored.path).write_bytes(b"altered")
    nowhere = at(both, spaceweather_url="http://127.0.0.1:1/w.csv")
    for run_id, mode in (("two", "auto"), ("three", "snapshot")):
        manifest = publish(nowhere, mode, run_id)
        assert from_weather(manifest) == []
        assert len(rows(both.database, DAYS)) == 3


def test_a_run_that_asks_for_the_services_alone_tells_an_outage(both, weather):
    weather.script(FILE, Status(500))
    with pytest.raises(ServiceUnavailableError, match="returned 500"):
        extract(both, "api")


def test_space_weather_alone_is_no_reason_against_the_sample(both, small_replica):
    small_replica.stop()
    manifest = publish(both, "auto")
    assert manifest.source == "sample"
    assert rows(both.database, DAYS) == []


def test_space_weather_may_be_asked_for_alone(both):
    manifest = publish(both, "auto", only=["space_weather"])
    assert manifest.source == "spaceweather"
    assert len(rows(both.database, DAYS)) == 3


def test_later_files_revise_days_and_lose_none(both, weather, clock):
    weather.serve(FILE, weather_csv(*KNOWN, day("2026-11-24", "PRD", ap="5")))
    publish(both, "auto")
    clock.advance(days=1, minutes=1)
    revised = day("2026-11-23", ap="7")
    weather.serve(FILE, weather_csv(KNOWN[1], revised, day("2026-11-24", ap="40")))
    publish(both, "auto", "two")
    first, second = "2026-11-25T12:00:00Z", "2026-11-26T12:01:00Z"
    assert rows(both.database, DAYS) == [
        ("2026-11-21", "observed", 6, first),  # no longer in the file
        ("2026-11-22", "observed", 6, first),
        ("2026-11-23", "observed", 7, second),
        ("2026-11-24", "observed", 40, second),
    ]


def test_rejected_days_stop_no_run_and_replace_nothing(both, weather, clock):
    publish(both, "auto")
    clock.advance(days=1, minutes=1)
    odd = [day(f"2026-11-{number}", ap="many") for number in (23, 24)]
    good = [day("2026-11-20"), *KNOWN[:2], day("2026-11-25", ap="")]
    weather.serve(FILE, weather_csv(*good, *odd))
    publish(at(both, max_reject_pct=0.0), "auto", "two")
    assert [(date, ap) for date, _, ap, _ in rows(both.database, DAYS)] == [
        ("2026-11-20", 6),
        ("2026-11-21", 6),
        ("2026-11-22", 6),
        ("2026-11-23", 6),
        ("2026-11-25", None),
    ]
    reason = "'many' cannot be read (field AP_AVG)"
    rejects = "SELECT row_key, lost, reason FROM _rejects WHERE table_name = 'space_weather'"
    assert rows(both.database, rejects) == [
        ("2026-11-23", "row", reason),
        ("2026-11-24", "row", reason),
    ]
