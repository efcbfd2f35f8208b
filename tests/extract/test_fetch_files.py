"""The rules of GCAT (several files, each once a week) and of SATCAT (once a day, host shared)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spacex.errors import ResponseError, ServiceUnavailableError
from spacex.extract.fetch import FetchContext, fetch, stored
from spacex.extract.http_client import Client
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import GCAT, SATCAT, SPACEWEATHER
from tests.conftest import NOBODY_HOME
from tests.example_records import omm, omm_json
from tests.replica import Body, Normal, Replica, Status
from tests.sources.test_gcat import SATELLITE, tsv
from tests.sources.test_satcat import ROW, satcat_csv
from tests.sources.test_spaceweather import KNOWN, weather_csv

FILES = ["tsv/cat/satcat.tsv", "tsv/cat/satcat100k.tsv", "tsv/cat/auxcat.tsv"]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Replica]:
    with Replica(tmp_path / "none") as server:
        for number, name in enumerate(FILES):
            server.serve(name, tsv(SATELLITE | {"JCAT": f"S{number}"}))
        yield server


@pytest.fixture
def objects(tmp_path: Path, client: Client, service: Replica) -> FetchContext:
    store = SnapshotStore(tmp_path / "raw")
    return FetchContext(GCAT, GCAT.endpoints["objects"], service.url, store, client)


def origins(context: FetchContext) -> list[str]:
    return [item.origin for item in fetch(context)]


def requested(service: Replica) -> list[str]:
    return [request.endpoint for request in service.requests]


def test_each_file_is_requested_once_a_week(objects, service, clock):
    items = fetch(objects)
    assert [item.snapshot.part for item in items] == ["satcat", "satcat100k", "auxcat"]
    assert [item.origin for item in items] == ["fetched"] * 3
    assert requested(service) == FILES
    clock.advance(days=6, hours=23)
    assert origins(objects) == ["stored"] * 3
    assert requested(service) == FILES
    clock.advance(hours=2)
    service.serve(FILES[2], tsv(SATELLITE))
    assert origins(objects) == ["not modified", "not modified", "fetched"]
    assert requested(service) == FILES * 2
    clock.advance(days=1)
    assert origins(objects) == ["stored"] * 3  # though two snapshots are older than a week


def test_an_error_pauses_the_file_for_a_day_and_the_host_for_two_hours(objects, service, clock):
    service.script(FILES[1], Status(500), Normal())
    with pytest.raises(ServiceUnavailableError, match="returned 500"):
        fetch(objects)
    assert requested(service) == FILES[:2]
    assert stored(objects) == []  # never without all files
    clock.advance(hours=3)
    with pytest.raises(ServiceUnavailableError, match="returned 500"):
        fetch(objects)
    assert requested(service) == FILES[:2]
    clock.advance(hours=22)
    assert origins(objects) == ["stored", "fetched", "fetched"]


def test_a_changed_header_is_an_error(objects, service):
    service.serve(FILES[0], tsv(SATELLITE).replace(b"Bus", b"Frame"))
    with pytest.raises(ResponseError, match="a changed header"):
        fetch(objects)


def test_a_page_is_no_table(objects, service):
    service.script(FILES[0], Body(b"<html>", {"Content-Type": "text/html"}))
    with pytest.raises(ResponseError, match="not a table"):
        fetch(objects)


def test_an_unreachable_service_pauses_nothing(objects, client):
    nobody = FetchContext(GCAT, objects.endpoint, NOBODY_HOME, objects.store, client)
    with pytest.raises(ServiceUnavailableError, match="cannot be reached"):
        fetch(nobody)
    assert origins(objects) == ["fetched"] * 3


def test_stored_files_as_of_an_instant(objects, service, clock):
    fetch(objects)
    clock.advance(days=8)
    service.serve(FILES[0], tsv(SATELLITE))
    fetch(objects)
    then = stored(objects, "2026-11-30T00:00:00Z")
    assert [item.snapshot.retrieved_utc[:10] for item in then] == ["2026-11-25"] * 3
    now = stored(objects)
    assert [item.snapshot.retrieved_utc[:10] for item in now] == ["2026-12-03"] + ["2026-11-25"] * 2


@pytest.fixture
def catalogue(orbits: FetchContext, client: Client, service: Replica) -> FetchContext:
    """SATCAT, which shares the request ledger of the GP list."""
    service.serve("satcat.csv", satcat_csv(ROW))
    url = f"{service.url}/satcat.csv"
    return FetchContext(SATCAT, SATCAT.endpoints["objects"], url, orbits.store, client)


def test_satcat_is_requested_once_a_day_beside_the_gp_list(
    catalogue, orbits, celestrak, service, clock
):
    celestrak.publish(omm_json(omm()))
    assert origins(orbits) + origins(catalogue) == ["fetched"] * 2
    assert catalogue.ledger.path == orbits.ledger.path
    clock.advance(hours=23)
    celestrak.publish(omm_json(omm(2)))
    assert origins(orbits) + origins(catalogue) == ["fetched", "stored"]
    clock.advance(hours=1, seconds=1)
    assert origins(orbits) + origins(catalogue) == ["stored", "not modified"]
    assert requested(service) == ["satcat.csv"] * 2


@pytest.mark.parametrize("status", [403, 429, 503])
def test_an_error_of_satcat_pauses_the_gp_list_too(
    catalogue, orbits, celestrak, service, clock, status
):
    service.script("satcat.csv", Status(status), Normal())
    with pytest.raises(ServiceUnavailableError, match=f"returned {status}"):
        fetch(catalogue)
    with pytest.raises(ServiceUnavailableError, match="paused until 2026-11-25T14:00:00Z"):
        fetch(orbits)
    clock.advance(hours=2, seconds=1)
    celestrak.publish(omm_json(omm()))
    assert origins(orbits) == ["fetched"]
    with pytest.raises(ServiceUnavailableError, match="paused until 2026-11-26T12:00:00Z"):
        fetch(catalogue)
    assert requested(service) == ["satcat.csv"]


def test_an_error_of_the_gp_list_pauses_satcat_too(catalogue, orbits, celestrak, service):
    celestrak.script("", Status(500))
    with pytest.raises(ServiceUnavailableError, match="returned 500"):
        fetch(orbits)
    with pytest.raises(ServiceUnavailableError, match="returned 500"):
        fetch(catalogue)
    assert requested(service) == []


@pytest.fixture
def weather(orbits: FetchContext, client: Client, service: Replica) -> FetchContext:
    """Space weather, which shares the request ledger of the GP list."""
    service.serve("weather.csv", weather_csv(*KNOWN))
    url, endpoint = f"{service.url}/weather.csv", SPACEWEATHER.endpoints["space_weather"]
    return FetchContext(SPACEWEATHER, endpoint, url, orbits.store, client)


def test_space_weather_is_requested_once_a_day_with_its_etag(weather, orbits, service, clock):
    assert weather.ledger.path == orbits.ledger.path
    assert origins(weather) == ["fetched"]
    clock.advance(hours=23)
    assert origins(weather) == ["stored"]
    clock.advance(hours=1, seconds=1)
    assert origins(weather) == ["not modified"]
    assert requested(service) == ["weather.csv"] * 2
