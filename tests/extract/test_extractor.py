"""Extract against a local server: every mode, outage and invalid response.

The runs are published, so that the tests can compare the bytes of the database.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from spacex.errors import ResponseError, ServiceUnavailableError, SettingsError, SnapshotError
from spacex.extract.run_folder import Manifest
from spacex.extract.snapshots import SnapshotStore
from spacex.settings import Settings
from spacex.sources import SPACEXDATA
from spacex.sources.sample import NOTE
from tests.clock import Clock
from tests.conftest import NOBODY_HOME
from tests.replica import Body, Disconnect, Hang, LargeBody, Redirect, Replica, SlowBody, Status
from tests.stages import at, content, extract, publish, rows, unchanged, value

ENDPOINTS = tuple(SPACEXDATA.endpoints)
DOWN = f"{NOBODY_HOME}/rockets cannot be reached"


@pytest.fixture
def live(settings: Settings, small_replica: Replica) -> Settings:
    """Settings of a service that is up."""
    return at(settings, base_url=small_replica.url)


def origins(manifest: Manifest) -> dict[str, str]:
    return {item.snapshot.endpoint: item.origin for item in manifest.extracted}


def snapshot_counts(settings: Settings) -> dict[str, int]:
    """Return the number of snapshots of each endpoint."""
    store = SnapshotStore(settings.raw_dir)
    return {name: len(store.all("spacexdata", name)) for name in ENDPOINTS}


def stored_files(settings: Settings) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in settings.raw_dir.rglob("2*.*")}


@pytest.mark.parametrize("mode", ["auto", "api"])
def test_each_endpoint_is_fetched_once(live, small_replica, mode):
    manifest = extract(live, mode)
    assert (manifest.source, manifest.mode) == ("spacexdata", mode)
    assert (manifest.is_simulated, manifest.note) == (False, "")
    assert origins(manifest) == dict.fromkeys(ENDPOINTS, "fetched")
    assert [request.endpoint for request in small_replica.requests] == list(ENDPOINTS)
    store = SnapshotStore(live.raw_dir)
    for item in manifest.extracted:
        body = small_replica.body(item.snapshot.endpoint)
        assert store.read(item.snapshot) == body
        assert item.snapshot.url == f"{small_replica.url}/{item.snapshot.endpoint}"
        assert item.snapshot.record_count == len(json.loads(body))
        assert item.checked_utc == item.snapshot.retrieved_utc


def test_a_base_url_may_end_in_a_slash(live, small_replica):
    extract(at(live, base_url=f"{small_replica.url}/"), "api", only=["cores"])
    assert [request.endpoint for request in small_replica.requests] == ["cores"]


def test_unmodified_endpoints_are_not_downloaded_again(live, small_replica):
    first = extract(live, "api")
    with Clock("2040-01-01"):
        second = extract(live, "api", "two")
    assert origins(second) == dict.fromkeys(ENDPOINTS, "not modified")
    assert [i.snapshot for i in second.extracted] == [i.snapshot for i in first.extracted]
    assert {item.checked_utc for item in second.extracted} == {"2040-01-01T12:00:00Z"}
    assert snapshot_counts(live) == dict.fromkeys(ENDPOINTS, 1)
    etags = [request.headers.get("If-None-Match") for request in small_replica.requests]
    assert etags == [None] * len(ENDPOINTS) + [item.snapshot.etag for item in first.extracted]


def test_a_changed_endpoint_is_fetched_and_the_old_snapshot_kept(live, small_replica):
    (first,) = extract(live, "api", only=["cores"]).extracted
    small_replica.serve("cores", small_replica.body("cores") + b"\n")
    (second,) = extract(live, "api", only=["cores"]).extracted
    assert second.origin == "fetched"
    snapshots = SnapshotStore(live.raw_dir).all("spacexdata", "cores")
    assert snapshots == [first.snapshot, second.snapshot]


@pytest.mark.parametrize("suffix", [".json.gz", ".meta.json"])
@pytest.mark.parametrize("damage", ["missing", "altered"])
def test_an_endpoint_with_a_damaged_snapshot_is_fetched_again(live, small_replica, suffix, damage):
    (first,) = extract(live, "api", only=["cores"]).extracted
    data = live.raw_dir / first.snapshot.path
    path = data.with_name(data.name.replace(".json.gz", suffix))
    path.unlink() if damage == "missing" else path.write_bytes(b"altered")
    (second,) = extract(live, "api", only=["cores"]).extracted
    assert second.origin == "fetched"
    assert "If-None-Match" not in small_replica.requests[-1].headers
    assert SnapshotStore(live.raw_dir).read(second.snapshot) == small_replica.body("cores")


def test_a_snapshot_from_another_base_url_is_not_reused(live, small_replica):
    extract(at(live, base_url=small_replica.url.replace("127.0.0.1", "localhost")), "api")
    manifest = extract(live, "api")
    assert origins(manifest) == dict.fromkeys(ENDPOINTS, "fetched")
    assert not any("If-None-Match" in request.headers for request in small_replica.requests)


def test_stored_snapshots_replace_a_service_that_is_down(published):
    manifest = extract(published, "auto", "two")
    assert origins(manifest) == dict.fromkeys(ENDPOINTS, "stored")
    assert (manifest.source, manifest.is_simulated) == ("spacexdata", False)
    oldest = min(item.snapshot.retrieved_utc for item in manifest.extracted)
    assert manifest.note.startswith(DOWN)
    assert manifest.note.endswith(f"Stored snapshots are used instead, checked {oldest}.")


def test_the_first_outage_ends_the_requests_to_a_service(published, small_replica):
    small_replica.script("cores", Status(503))
    manifest = extract(at(published, base_url=small_replica.url), "auto", "two")
    assert [request.endpoint for request in small_replica.requests] == list(ENDPOINTS[:4])
    assert list(origins(manifest).items()) == [
        *((name, "fetched") for name in ENDPOINTS[:3]),
        *((name, "stored") for name in ENDPOINTS[3:]),
    ]
    assert f"{small_replica.url}/cores returned 503" in manifest.note


def test_an_outage_without_snapshots_uses_the_sample_with_a_note(settings):
    manifest = publish(settings, "auto")
    assert (manifest.source, manifest.mode, manifest.is_simulated) == ("sample", "auto", True)
    assert origins(manifest) == dict.fromkeys(ENDPOINTS, "sample")
    assert manifest.note.startswith(f"{NOTE}\n{DOWN}")
    assert rows(settings.database, "SELECT source, is_simulated, note FROM _runs") == [
        ("sample", 1, manifest.note)
    ]


def test_an_outage_with_some_endpoints_stored_raises(settings, small_replica):
    extract(at(settings, base_url=small_replica.url), "api", only=["rockets"])
    with pytest.raises(SnapshotError) as caught:
        extract(settings, "auto")
    assert caught.value.message.startswith(DOWN)
    assert "No snapshot of launchpads is stored" in caught.value.message
    assert "exclude this endpoint with --only" in caught.value.remedy


def test_an_outage_with_published_data_but_no_snapshots_raises(published):
    for path in stored_files(published):
        path.unlink()
    none_stored = "No snapshot of rockets is stored"
    with unchanged(published.database), pytest.raises(SnapshotError, match=none_stored) as caught:
        publish(published, "auto", "two")
    assert caught.value.message.startswith(DOWN)
    assert caught.value.remedy.startswith("The database is unchanged.")


def test_api_mode_raises_in_an_outage(published):
    with unchanged(published.database), pytest.raises(ServiceUnavailableError) as caught:
        publish(published, "api", "two")
    assert caught.value.message.startswith(DOWN)
    assert "--source snapshot" in caught.value.remedy


def test_snapshot_mode_makes_no_request(published, small_replica):
    manifest = extract(at(published, base_url=small_replica.url), "snapshot", "two")
    assert origins(manifest) == dict.fromkeys(ENDPOINTS, "stored")
    assert manifest.note == ""
    assert small_replica.requests == []


@pytest.mark.parametrize(
    ("as_of_utc", "name"),
    [
        ("2030-01-01T00:00:00Z", "Early"),
        ("2030-06-01T00:00:00Z", "Early"),
        ("2031-01-01T00:00:00Z", "Late"),
        ("2031-01-02T23:59:59Z", "Late"),
        ("", "Late"),
    ],
)
def test_snapshots_as_of_an_instant(live, small_replica, as_of_utc, name):
    for year, serial in {2030: "Early", 2031: "Late"}.items():
        small_replica.serve("cores", b'[{"serial": "%b"}]' % serial.encode())
        with Clock(f"{year}-01-01T00:00:00"):
            extract(live, "api", only=["cores"])
    with Clock("2031-01-02T00:00:00"):
        manifest = extract(live, "snapshot", only=["cores"], as_of=as_of_utc)
    (taken,) = manifest.extracted
    assert json.loads(SnapshotStore(live.raw_dir).read(taken.snapshot)) == [{"serial": name}]
    stored_by = min(as_of_utc, "2031-01-02T00:00:00Z")  # nothing is stored in the future
    assert manifest.note == (as_of_utc and f"Built from the snapshots stored by {stored_by}.")


def test_as_of_an_instant_before_the_first_snapshot_raises(published):
    with pytest.raises(SettingsError, match="Nothing was stored by 2000-01-01T00:00:00Z:"):
        extract(published, "snapshot", as_of="2000-01-01T00:00:00Z")


def test_snapshot_mode_without_snapshots_raises(settings):
    with pytest.raises(SnapshotError) as caught:
        extract(settings, "snapshot")
    assert caught.value.message == f"No snapshot of rockets is stored in {settings.raw_dir}."
    assert "Run again once the service is up" in caught.value.remedy


@pytest.mark.parametrize("mode", ["snapshot", "auto"])
def test_a_damaged_snapshot_raises_where_it_is_needed(published, mode):
    (path,) = (published.raw_dir / "spacexdata" / "cores").glob("*.json.gz")
    path.write_bytes(b"altered")
    with unchanged(published.database), unchanged(path), pytest.raises(SnapshotError) as caught:
        publish(published, mode, "two")
    assert str(path) in caught.value.message
    files = path.name.replace(".json.gz", ".*")
    assert caught.value.remedy == f"Restore {files} from a backup or remove them, then run again."


def test_sample_mode_makes_no_request(settings, small_replica):
    manifest = extract(at(settings, base_url=small_replica.url), "sample")
    assert origins(manifest) == dict.fromkeys(ENDPOINTS, "sample")
    assert (manifest.is_simulated, manifest.note) == (True, NOTE)
    assert {item.snapshot.url for item in manifest.extracted} == {f"sample:{n}" for n in ENDPOINTS}
    assert small_replica.requests == []


def test_the_sample_is_stored_once(settings):
    first = extract(settings, "sample")
    assert extract(settings, "sample", "two").extracted == first.extracted


def test_only_selects_endpoints_in_request_order(live, small_replica):
    manifest = extract(live, "auto", only=["starlink", "rockets"])
    assert list(origins(manifest)) == ["rockets", "starlink"]
    assert [request.endpoint for request in small_replica.requests] == ["rockets", "starlink"]


@pytest.mark.parametrize("mode", ["auto", "api", "snapshot", "sample"])
def test_an_unknown_endpoint_is_rejected_before_any_request(live, small_replica, mode):
    with pytest.raises(SettingsError) as caught:
        extract(live, mode, only=["launches", "capsules", "ships"])
    assert caught.value.message == "Unknown endpoint capsules, ships."
    assert caught.value.remedy == f"Choose from: {', '.join(ENDPOINTS)}."
    assert small_replica.requests == []


HTML = Body(b"<!doctype html><title>Moved</title>", {"Content-Type": "text/html"})
INVALID = {
    "HTML": (HTML, "launches returned text/html, not JSON: «<!doctype html>"),
    "HTML declared as JSON": (Body(HTML.body), "malformed JSON, invalid character (byte 0)"),
    "truncated": (Body(b'[{"id": "a"}, {"i'), "truncated JSON"),
    "longer than its Content-Length": (
        Body(b"[{}, {}]", {"Content-Length": "7"}),
        "truncated JSON",
    ),
    "empty array": (Body(b"[]"), "an empty array instead of records"),
    "empty body": (Body(b""), "an empty body instead of records."),
    "object": (Body(b'{"error": "x"}'), "no array of records: Expected `array`, got `object`"),
    "numbers in place of records": (Body(b"[7, 7]"), "a record that is not an object"),
    "NaN": (Body(b'[{"id": NaN}]'), "malformed JSON, invalid character (byte 8)"),
    "Infinity": (Body(b'[{"id": Infinity}]'), "malformed JSON, invalid character (byte 8)"),
    "not UTF-8": (Body(b'[{"id": "\xff"}]'), "text that is not UTF-8"),
    "too large": (LargeBody(200), "launches returned more than 2 MB"),
    "too large when decompressed": (LargeBody(200, gzipped=True), "returned more than 2 MB"),
    "404": (Status(404), "launches returned 404."),
    "redirect loop": (Redirect(), "launches redirects in a loop."),
}
INCOMPLETE = "launches sent an incomplete response (2 attempts)."
OUTAGES = {
    "429": (Status(429), "launches returned 429 (2 attempts)."),
    "long Retry-After": (Status(429, {"Retry-After": "900"}), "asked for a wait of 900 s."),
    "500": (Status(500), "launches returned 500 (2 attempts)."),
    "no response": (Hang(), "launches did not respond in time (2 attempts)."),
    "slow body": (SlowBody(), "launches took more than 0.3 s to respond (2 attempts)."),
    "truncated": (Disconnect(b'[{"id": "a"}]'), INCOMPLETE),
    "connection reset": (Disconnect(b"[", reset=True), INCOMPLETE),
}


@pytest.fixture
def strict(published: Settings, small_replica: Replica) -> Settings:
    """Settings of a published database and a service that is up, with tight limits."""
    limits = {"read_timeout_s": 0.15, "total_timeout_s": 0.3, "attempts": 2, "max_response_mb": 2}
    return at(published, base_url=small_replica.url, **limits)


@contextmanager
def unchanged_data(settings: Settings) -> Iterator[None]:
    """Check that the database is unchanged and no snapshot is lost on exit."""
    files = stored_files(settings)
    with unchanged(settings.database):
        yield
    assert stored_files(settings).items() >= files.items()


@pytest.mark.parametrize(("behaviour", "message"), INVALID.values(), ids=INVALID)
@pytest.mark.parametrize("mode", ["api", "auto"])
def test_an_invalid_response_ends_the_run_and_leaves_the_data(
    strict, small_replica, mode, behaviour, message
):
    """This holds in `auto` too: a service that returns invalid data is not down."""
    small_replica.script("launches", behaviour)
    with unchanged_data(strict), pytest.raises(ResponseError) as caught:
        publish(strict, mode, "two")
    assert message in caught.value.message
    assert caught.value.remedy
    counts = [2, 2, 2, 2, 2, 1, 1]  # the endpoints fetched before launches are stored
    assert snapshot_counts(strict) == dict(zip(ENDPOINTS, counts, strict=True))


@pytest.mark.parametrize(("behaviour", "message"), OUTAGES.values(), ids=OUTAGES)
def test_every_outage_raises_in_api_mode(strict, small_replica, behaviour, message):
    small_replica.script("launches", behaviour)
    with unchanged_data(strict), pytest.raises(ServiceUnavailableError) as caught:
        publish(strict, "api", "two")
    assert message in caught.value.message
    assert "--source snapshot" in caught.value.remedy


@pytest.mark.parametrize(("behaviour", "message"), OUTAGES.values(), ids=OUTAGES)
def test_every_outage_is_replaced_by_snapshots_with_a_note(
    strict, small_replica, behaviour, message
):
    small_replica.script("launches", behaviour)
    before = content(strict.database)
    manifest = publish(strict, "auto", "two", ["rockets", "launches"])
    assert message.rstrip(".") in manifest.note
    assert origins(manifest)["launches"] == "stored"
    assert content(strict.database) == before
    assert value(strict.database, "SELECT note FROM _runs WHERE run_id = 'two'") == manifest.note


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/v4", "file:///etc", "127.0.0.1/v4"])
@pytest.mark.parametrize("mode", ["api", "auto"])
def test_urls_other_than_http_are_rejected(published, mode, url):
    not_http = "is not a valid HTTP URL"
    with unchanged(published.database), pytest.raises(ResponseError, match=not_http) as caught:
        publish(at(published, base_url=url), mode, "two")
    assert caught.value.remedy == "Check --base-url."
