"""Extract against a real server: each mode, each kind of outage, each kind of wrong answer.

Runs go through to the published database, so that "unchanged" is said of its bytes.
"""

import json

import pytest

from spacex.errors import ResponseError, ServiceUnavailableError, SettingsError, SnapshotError
from spacex.extract.extractor import SIMULATED
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import SPACEXDATA
from tests.clock import Clock
from tests.conftest import NOBODY_HOME
from tests.replica import Body, Disconnect, Hang, LargeBody, Redirect, SlowBody, Status
from tests.stages import at, content, digest, extract, publish, rows, value

LISTS = tuple(SPACEXDATA.endpoints)
DOWN = f"{NOBODY_HOME}/rockets cannot be reached"


@pytest.fixture
def live(settings, small_replica):
    """Settings whose service is up."""
    return at(settings, base_url=small_replica.url)


def origins(manifest):
    return {item.snapshot.endpoint: item.origin for item in manifest.extracted}


def stored(settings):
    """Number of stored answers of each list."""
    store = SnapshotStore(settings.raw_dir)
    return {name: len(store.all("spacexdata", name)) for name in LISTS}


def stored_files(settings):
    return {path: path.read_bytes() for path in settings.raw_dir.rglob("*.*")}


@pytest.mark.parametrize("mode", ["auto", "api"])
def test_a_service_that_is_up_is_asked_for_each_list_once(live, small_replica, mode):
    manifest = extract(live, mode)
    assert (manifest.source, manifest.mode, manifest.is_simulated, manifest.note) == (
        "spacexdata",
        mode,
        False,
        "",
    )
    assert origins(manifest) == dict.fromkeys(LISTS, "fetched")
    assert [request.endpoint for request in small_replica.requests] == list(LISTS)
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


def test_what_the_service_confirms_is_not_fetched_again(live, small_replica):
    first = extract(live, "api")
    with Clock("2040-01-01"):
        second = extract(live, "api", "two")
    assert origins(second) == dict.fromkeys(LISTS, "not modified")
    assert [i.snapshot for i in second.extracted] == [i.snapshot for i in first.extracted]
    assert {item.checked_utc for item in second.extracted} == {"2040-01-01T12:00:00Z"}
    assert stored(live) == dict.fromkeys(LISTS, 1)
    etags = [item.snapshot.etag for item in first.extracted]
    assert [request.headers.get("If-None-Match") for request in small_replica.requests] == [
        *[None] * len(LISTS),
        *etags,
    ]


def test_a_list_that_changed_is_fetched_and_the_old_answer_kept(live, small_replica):
    (first,) = extract(live, "api", only=["cores"]).extracted
    small_replica.serve("cores", small_replica.body("cores") + b"\n")
    (second,) = extract(live, "api", only=["cores"]).extracted
    assert second.origin == "fetched"
    assert SnapshotStore(live.raw_dir).all("spacexdata", "cores") == [
        first.snapshot,
        second.snapshot,
    ]


@pytest.mark.parametrize("suffix", [".json.gz", ".meta.json"])
@pytest.mark.parametrize("damage", ["missing", "altered"])
def test_an_answer_whose_stored_copy_is_damaged_is_asked_for_anew(
    live, small_replica, suffix, damage
):
    (first,) = extract(live, "api", only=["cores"]).extracted
    data = live.raw_dir / first.snapshot.path
    path = data.with_name(data.name.replace(".json.gz", suffix))
    path.unlink() if damage == "missing" else path.write_bytes(b"altered")
    (second,) = extract(live, "api", only=["cores"]).extracted
    assert second.origin == "fetched"
    assert "If-None-Match" not in small_replica.requests[-1].headers
    assert SnapshotStore(live.raw_dir).read(second.snapshot) == small_replica.body("cores")


def test_an_answer_of_another_address_is_not_reused(live, small_replica):
    extract(at(live, base_url=small_replica.url.replace("127.0.0.1", "localhost")), "api")
    manifest = extract(live, "api")
    assert origins(manifest) == dict.fromkeys(LISTS, "fetched")
    assert not any("If-None-Match" in request.headers for request in small_replica.requests)


def test_a_service_that_is_down_leaves_the_stored_answers_to_stand_in(published):
    manifest = extract(published, "auto", "two")
    assert origins(manifest) == dict.fromkeys(LISTS, "stored")
    assert (manifest.source, manifest.is_simulated) == ("spacexdata", False)
    oldest = min(item.snapshot.retrieved_utc for item in manifest.extracted)
    assert manifest.note.startswith(DOWN)
    assert manifest.note.endswith(f"Stored answers stand in, current as of {oldest}.")


def test_the_first_outage_ends_the_asking(published, small_replica):
    small_replica.script("cores", Status(503))
    manifest = extract(at(published, base_url=small_replica.url), "auto", "two")
    assert [request.endpoint for request in small_replica.requests] == list(LISTS[:4])
    assert origins(manifest) == {
        "rockets": "fetched",
        "launchpads": "fetched",
        "landpads": "fetched",
        "cores": "stored",
        "payloads": "stored",
        "launches": "stored",
        "starlink": "stored",
    }
    assert f"{small_replica.url}/cores answered 503" in manifest.note


def test_an_outage_with_nothing_stored_brings_the_sample_and_says_so(settings):
    manifest = publish(settings, "auto")
    assert (manifest.source, manifest.mode, manifest.is_simulated) == ("sample", "auto", True)
    assert origins(manifest) == dict.fromkeys(LISTS, "sample")
    assert manifest.note.startswith(f"{SIMULATED} {DOWN}")
    assert rows(settings.database, "SELECT source, is_simulated, note FROM _runs") == [
        ("sample", 1, manifest.note)
    ]


def test_an_outage_with_one_list_stored_is_an_error_for_the_others(settings, small_replica):
    extract(at(settings, base_url=small_replica.url), "api", only=["rockets"])
    with pytest.raises(SnapshotError) as caught:
        extract(settings, "auto")
    assert caught.value.message.startswith(DOWN)
    assert "No answer of launchpads is stored" in caught.value.message
    assert "leave this list out with --only" in caught.value.remedy


def test_an_outage_with_real_data_and_no_stored_answers_leaves_the_data(published):
    for path in stored_files(published):
        path.unlink()
    before = digest(published.database)
    with pytest.raises(SnapshotError, match="No answer of rockets is stored") as caught:
        publish(published, "auto", "two")
    assert caught.value.message.startswith(DOWN)
    assert caught.value.remedy.startswith("The database is unchanged.")
    assert digest(published.database) == before


def test_the_service_alone_was_asked_for_and_is_down(published):
    before = digest(published.database)
    with pytest.raises(ServiceUnavailableError) as caught:
        publish(published, "api", "two")
    assert caught.value.message.startswith(DOWN)
    assert "--source snapshot" in caught.value.remedy
    assert digest(published.database) == before


def test_stored_answers_are_taken_without_a_network(published, small_replica):
    manifest = extract(at(published, base_url=small_replica.url), "snapshot", "two")
    assert origins(manifest) == dict.fromkeys(LISTS, "stored")
    assert manifest.note == ""
    assert small_replica.requests == []


@pytest.mark.parametrize(
    ("as_of_utc", "name"),
    [
        ("2030-01-01T00:00:00Z", "Early"),
        ("2030-06-01T00:00:00Z", "Early"),
        ("2031-01-01T00:00:00Z", "Late"),
        ("", "Late"),
    ],
)
def test_stored_answers_can_be_taken_as_of_an_instant(live, small_replica, as_of_utc, name):
    for year, serial in {2030: "Early", 2031: "Late"}.items():
        small_replica.serve("cores", b'[{"serial": "%b"}]' % serial.encode())
        with Clock(f"{year}-01-01T00:00:00"):
            extract(live, "api", only=["cores"])
    manifest = extract(live, "snapshot", only=["cores"], as_of=as_of_utc)
    (taken,) = manifest.extracted
    assert json.loads(SnapshotStore(live.raw_dir).read(taken.snapshot)) == [{"serial": name}]
    assert manifest.note == (as_of_utc and f"Built from the answers stored by {as_of_utc}.")


def test_stored_answers_of_before_there_were_any_are_an_error(published):
    with pytest.raises(SnapshotError, match=r"is stored in .* by 2000-01-01T00:00:00Z\."):
        extract(published, "snapshot", as_of="2000-01-01T00:00:00Z")


def test_stored_answers_that_are_not_there_are_an_error(settings):
    with pytest.raises(SnapshotError) as caught:
        extract(settings, "snapshot")
    assert caught.value.message == f"No answer of rockets is stored in {settings.raw_dir}."
    assert "Run again once the service is up" in caught.value.remedy


@pytest.mark.parametrize("mode", ["snapshot", "auto"])
def test_a_damaged_stored_answer_is_an_error_where_it_is_needed(published, mode):
    (path,) = (published.raw_dir / "spacexdata" / "cores").glob("*.json.gz")
    path.write_bytes(b"altered")
    before = digest(published.database)
    with pytest.raises(SnapshotError) as caught:
        publish(published, mode, "two")
    assert str(path) in caught.value.message
    assert caught.value.remedy == f"Remove {path.name} and its companion, then run again."
    assert (digest(published.database), path.read_bytes()) == (before, b"altered")


def test_the_sample_is_taken_without_a_network(settings, small_replica):
    manifest = extract(at(settings, base_url=small_replica.url), "sample")
    assert origins(manifest) == dict.fromkeys(LISTS, "sample")
    assert (manifest.is_simulated, manifest.note) == (True, SIMULATED)
    assert {item.snapshot.url for item in manifest.extracted} == {f"sample:{n}" for n in LISTS}
    assert small_replica.requests == []


def test_the_sample_is_stored_once(settings):
    first = extract(settings, "sample")
    assert extract(settings, "sample", "two").extracted == first.extracted


def test_only_the_lists_asked_for_are_fetched_in_their_order(live, small_replica):
    manifest = extract(live, "auto", only=["starlink", "rockets"])
    assert list(origins(manifest)) == ["rockets", "starlink"]
    assert [request.endpoint for request in small_replica.requests] == ["rockets", "starlink"]


@pytest.mark.parametrize("mode", ["auto", "api", "snapshot", "sample"])
def test_an_unknown_list_is_refused_before_anything_is_asked(live, small_replica, mode):
    with pytest.raises(SettingsError) as caught:
        extract(live, mode, only=["launches", "capsules", "ships"])
    assert caught.value.message == "Unknown endpoint capsules, ships."
    assert caught.value.remedy == f"Choose from: {', '.join(LISTS)}."
    assert small_replica.requests == []


PAGE = Body(b"<!doctype html><title>Moved</title>", {"Content-Type": "text/html"})
WRONG = {
    "a page": (PAGE, "launches answered with text/html, not JSON: «<!doctype html>"),
    "a page called JSON": (Body(PAGE.body), "malformed JSON, invalid character (byte 0)"),
    "cut short": (Body(b'[{"id": "a"}, {"i'), "JSON that is cut short"),
    "shorter than the service says": (
        Body(b'[{"id": "a"}]', {"Content-Length": "7"}),
        "JSON that is cut short",
    ),
    "empty list": (Body(b"[]"), "an empty list, where records were expected"),
    "empty": (Body(b""), "nothing, where records were expected."),
    "an object": (Body(b'{"error": "x"}'), "no list of records: Expected `array`, got `object`"),
    "a number among records": (Body(b"[{}, 7]"), "a record that is no object"),
    "NaN": (Body(b'[{"id": NaN}]'), "malformed JSON, invalid character (byte 8)"),
    "Infinity": (Body(b'[{"id": Infinity}]'), "malformed JSON, invalid character (byte 8)"),
    "no UTF-8": (Body(b'[{"id": "\xff"}]'), "text that is not UTF-8 (byte 8)"),
    "too large": (LargeBody(200), "launches answered with more than 2 MB"),
    "too large once unpacked": (LargeBody(200, gzipped=True), "answered with more than 2 MB"),
    "404": (Status(404), "launches answered 404."),
    "a redirect loop": (Redirect(), "launches redirects in a loop."),
}
PASSING = {
    "429": (Status(429), "launches answered 429 (2 attempts)."),
    "a long wait": (Status(429, {"Retry-After": "900"}), "asks to come back in 900 s."),
    "500": (Status(500), "launches answered 500 (2 attempts)."),
    "silence": (Hang(), "launches does not answer in time (2 attempts)."),
    "dripping": (SlowBody(), "launches took more than 0.3 s to answer (2 attempts)."),
    "cut off": (Disconnect(b'[{"id": "a"}]'), "launches broke off its answer (2 attempts)."),
    "reset": (Disconnect(b"[", reset=True), "launches broke off its answer (2 attempts)."),
}


@pytest.fixture
def strict(published, small_replica):
    """A published database, whose service is up again and is asked with little patience."""
    return at(
        published,
        base_url=small_replica.url,
        read_timeout_s=0.15,
        total_timeout_s=0.3,
        attempts=2,
        max_response_mb=2,
    )


@pytest.mark.parametrize(("behaviour", "message"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("mode", ["api", "auto"])
def test_a_wrong_answer_stops_the_run_and_leaves_what_was_there(
    strict, small_replica, mode, behaviour, message
):
    """Also in `auto`: a service that answers with something else is not down."""
    small_replica.script("launches", behaviour)
    before, files = digest(strict.database), stored_files(strict)
    with pytest.raises(ResponseError) as caught:
        publish(strict, mode, "two")
    assert message in caught.value.message
    assert caught.value.remedy
    assert digest(strict.database) == before
    assert stored(strict) == {
        **dict.fromkeys(LISTS, 2),  # those that came before it are kept, beside the old ones
        "launches": 1,
        "starlink": 1,
    }
    assert stored_files(strict).items() >= files.items()


@pytest.mark.parametrize(("behaviour", "message"), PASSING.values(), ids=PASSING)
def test_an_outage_stops_a_run_that_wants_the_service_alone(
    strict, small_replica, behaviour, message
):
    small_replica.script("launches", behaviour)
    before, files = digest(strict.database), stored_files(strict)
    with pytest.raises(ServiceUnavailableError) as caught:
        publish(strict, "api", "two")
    assert message in caught.value.message
    assert "--source snapshot" in caught.value.remedy
    assert digest(strict.database) == before
    assert stored_files(strict).items() >= files.items()


@pytest.mark.parametrize(("behaviour", "message"), PASSING.values(), ids=PASSING)
def test_an_outage_is_bridged_by_stored_answers_and_said(strict, small_replica, behaviour, message):
    small_replica.script("launches", behaviour)
    before = content(strict.database)
    manifest = publish(strict, "auto", "two", ["rockets", "launches"])
    assert message.rstrip(".") in manifest.note
    assert origins(manifest)["launches"] == "stored"
    assert content(strict.database) == before
    assert value(strict.database, "SELECT note FROM _runs WHERE run_id = 'two'") == manifest.note


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/v4", "file:///etc", "127.0.0.1/v4"])
@pytest.mark.parametrize("mode", ["api", "auto"])
def test_an_address_that_is_not_of_the_web_is_refused(published, mode, url):
    before = digest(published.database)
    with pytest.raises(ResponseError, match="is no address that can be asked") as caught:
        publish(at(published, base_url=url), mode, "two")
    assert caught.value.remedy == "Check --base-url."
    assert digest(published.database) == before
